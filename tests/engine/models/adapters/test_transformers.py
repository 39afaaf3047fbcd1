"""LoRA files on transformers: every key layout, merged and live, against diffusers' own loading and conversions."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from functools import cache
from pathlib import Path
from typing import Any

import diffusers
import numpy as np
import pytest
import torch
from safetensors.torch import save_file
from torch import Tensor, nn

from engine import Library
from engine.errors import UnsupportedModel
from engine.facts import ManifestExpert
from engine.models import expert_loading
from engine.models.adapters.choosing import ChosenAdapter
from engine.models.adapters.reading import AdapterFile, read_adapter
from engine.models.architectures import architectures
from engine.models.assembly import converting
from engine.models.families.base import RunConfig
from engine.models.families.packing import packed
from engine.models.families.transformer import TransformerFamily
from engine.text.conditioning import Conditioning
from engine.text.learnt_words import LearntWord
from tests import separate_files as files
from tests.tiny_cross_transformers import save_anima, save_pixart, save_sd3, save_wan
from tests.tiny_flux2 import save_klein
from tests.tiny_qwen_image import save_krea2, save_qwen_image
from tests.tiny_qwen_image21 import save_qwen_image21
from tests.tiny_transformers import save_flux, save_z_image

SAVE: dict[str, Callable[[Path], Path]] = {
    "flux": save_flux, "flux2_klein": save_klein, "z_image": save_z_image, "qwen_image": save_qwen_image,
    "qwen_image21": save_qwen_image21, "krea2": save_krea2, "sd3": save_sd3, "wan": save_wan, "anima": save_anima,
    "pixart": save_pixart,
}  # fmt: skip
ORIGINAL: dict[str, Callable[[files.Tensors], files.Tensors]] = {
    "flux": files.flux, "flux2_klein": files.flux, "z_image": files.z_image, "krea2": files.krea, "sd3": files.sd3,
    "wan": files.wan, "anima": files.anima, "qwen_image": files.qwen, "qwen_image21": files.qwen21,
    "pixart": files.pixart,
}  # fmt: skip
PROMPT = "a cat by a lake and sky"
LAKE = (PROMPT.index("lake"), PROMPT.index("lake") + 4)
SIZE = (128, 64)


@pytest.fixture(scope="module")
def models(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Callable[[str], Any]]:
    """The loaded tiny model of each family, without the previews that are fitted to its decoder."""
    root, once = tmp_path_factory.mktemp("transformers"), pytest.MonkeyPatch()
    once.setattr(TransformerFamily, "_make_preview", lambda family: None)

    @cache
    def model(name: str) -> Any:
        SAVE[name](root / name)
        return Library(root / "none").load(root / name, "cpu")

    yield model
    once.undo()


def write(file: Path, layers: dict[str, tuple[int, ...]], layout: str, *, alpha: float = 1.0) -> AdapterFile:
    """A file of rank 2 that changes these layers (name -> shape of its weight), in one of the layouts of keys."""
    generator, tensors = torch.Generator().manual_seed(3), {}
    for path, (outputs, *inner) in layers.items():
        down = torch.randn(2, *inner, generator=generator) * 0.3
        up = torch.randn(outputs, 2, *[1] * (len(inner) - 1), generator=generator) * 0.3
        if layout == "kohya":
            name = f"lora_unet_{path.replace('.', '_')}"
            tensors |= {f"{name}.lora_down.weight": down, f"{name}.lora_up.weight": up}
            tensors[f"{name}.alpha"] = torch.tensor(alpha)
        else:
            name = {"diffusers": "transformer", "comfy": "diffusion_model"}[layout] + f".{path}"
            tensors |= {f"{name}.lora_A.weight": down * alpha / 2, f"{name}.lora_B.weight": up}
    save_file(tensors, file)
    return read_adapter(file)


def layers_of(network: nn.Module, skip: Callable[[str], bool] = lambda path: False) -> dict[str, tuple[int, ...]]:
    kinds = nn.Linear | nn.Conv2d | nn.Conv3d
    found = {path: each for path, each in network.named_modules() if isinstance(each, kinds) and not skip(path)}
    return {path: tuple(each.weight.shape) for path, each in found.items()}


def differences(source: AdapterFile, layers: dict[str, tuple[int, ...]]) -> dict[str, Tensor]:
    """W's change at strength 1, by the names of the file's layers without what stands before them."""
    by_name = {re.sub(r"^(diffusion_model\.|lora_unet_)", "", name).replace(".", "_"): each
               for name, each in source.changes.items()}  # fmt: skip
    return {
        f"{path}.weight": by_name[path.replace(".", "_")].difference(torch.zeros(shape))
        for path, shape in layers.items()
    }


@pytest.mark.parametrize(("name", "layout"), [(name, ("comfy", "kohya")[n % 2]) for n, name in enumerate(ORIGINAL)])
def test_layers_of_the_original_code_become_what_the_single_file_loader_makes_of_them(models, name, layout, tmp_path):
    family, architecture = models(name), architectures()[name]
    network, original = family.denoiser.network, ORIGINAL[name]
    before = {key: each.clone() for key, each in network.state_dict().items()}
    own = {key.removeprefix("net."): each for key, each in original(dict(before)).items()}
    paths = [key.removesuffix(".weight") for key, each in own.items() if key.endswith(".weight") and each.ndim > 1]
    layers = {path: tuple(own[f"{path}.weight"].shape) for path in paths}
    source = write(tmp_path / "changed.safetensors", layers, layout)
    changed = {key: each + source_change for key, each, source_change in _changed(own, differences(source, layers))}
    # What the file says about the names of the original code, converted as a file of the whole model is.
    prefix = "net." if name == "anima" else ""
    assert architecture.file is not None
    wanted = converting.denoiser({f"{prefix}{key}": each for key, each in changed.items()}, architecture.file.converter)
    family.adapt((ChosenAdapter(source, 1.0),), PROMPT)
    for key, each in network.state_dict().items():
        torch.testing.assert_close(each, wanted[key].reshape(each.shape), atol=1e-5, rtol=0, msg=key)
    family.adapt((), PROMPT)
    assert all(torch.equal(each, before[key]) for key, each in network.state_dict().items())


def _changed(own: dict[str, Tensor], by: dict[str, Tensor]) -> Iterator[tuple[str, Tensor, Tensor]]:
    for key, each in own.items():
        yield key, each, by[key] if key in by else torch.zeros_like(each)


# --- diffusers' own loading -------------------------------------------------------------------------------------------

STOCK = {
    "flux": ("FluxPipeline", {"comfy": r"", "diffusers": r".*", "kohya": r"(double_blocks|single_blocks.*linear2).*"}),
    "qwen_image": ("QwenImagePipeline", {"diffusers": r".*", "kohya": r"transformer_blocks.*", "comfy": r".*"}),
    "sd3": ("StableDiffusion3Pipeline", {"diffusers": r".*"}),
    "z_image": ("ZImagePipeline", {"diffusers": r".*", "kohya": r"layers.*attention.*"}),
}
"""Layouts that the stock pipelines read, and which of the tiny networks' layers: some sizes are fixed in there."""


@pytest.mark.parametrize("name", STOCK)
def test_it_is_what_the_stock_pipeline_makes_of_the_same_file(models, name, tmp_path):
    family = models(name)
    kind, layouts = STOCK[name]
    network = family.denoiser.network
    unused = dict.fromkeys(["vae", *(f"{each}{n}" for each in ("tokenizer", "text_encoder") for n in ("", "_2", "_3"))])
    parts = {part: None for part in unused if (family.facts.path / part).is_dir()}
    pipeline = getattr(diffusers, kind).from_pretrained(family.facts.path, local_files_only=True, **parts)
    for layout, wanted in layouts.items():
        if not wanted:
            continue
        own = dict(network.state_dict())
        weights = ORIGINAL[name](own) if layout != "diffusers" else own
        layers = {
            key.removesuffix(".weight"): tuple(each.shape)
            for key, each in weights.items()
            if key.endswith(".weight") and each.ndim > 1 and re.fullmatch(wanted, key)
        }
        source = write(tmp_path / f"{layout}.safetensors", layers, layout)
        pipeline.load_lora_weights(tmp_path / f"{layout}.safetensors", adapter_name=layout)
        pipeline.set_adapters([layout], [0.7])
        text = family.encode(PROMPT, "")
        latents = torch.randn(
            1, family.channels, *family.latent_size(*SIZE), generator=torch.Generator().manual_seed(1)
        )
        plain = family.denoiser.predict(latents, 0.5, family.positive(text), 1.0)
        family.adapt((ChosenAdapter(source, 0.7),), PROMPT)
        ours = family.denoiser.predict(latents, 0.5, family.positive(text), 1.0)
        family.adapt((), PROMPT)
        family.denoiser.network, stock = pipeline.transformer, family.denoiser.network
        try:
            theirs = family.denoiser.predict(latents, 0.5, family.positive(text), 1.0)
        finally:
            family.denoiser.network = stock
        pipeline.unload_lora_weights()
        assert (ours - theirs).abs().max() < 1e-4 and (ours - plain).abs().max() > 1e-2


# --- one word ---------------------------------------------------------------------------------------------------------


def step(family: Any, chosen: tuple[ChosenAdapter, ...], *, guidance: float = 1.0) -> Tensor:
    """x0 of one step."""
    family.adapt(chosen, PROMPT)
    context = family.encode(PROMPT, "grass")
    size = family.latent_size(*SIZE)
    x = torch.randn(1, family.channels, *size, generator=torch.Generator().manual_seed(1))
    family.begin(RunConfig(context=context, size=SIZE, guidance=guidance))
    out = family.denoise(x, 1.0, timestep=500.0, fraction=0.5)
    family.end()
    family.rest()
    return out


@pytest.mark.parametrize("name", SAVE)
def test_a_word_that_is_everywhere_hears_what_the_whole_picture_would_and_one_that_is_nowhere_nothing(
    models, name, tmp_path, monkeypatch
):
    family = models(name)
    network, sides = family.denoiser.network, family.denoiser.sides
    timed = {path for path in layers_of(network) if sides.of(path) == "neither"}
    assert all(re.search(r"time|^t_|norm|mod|adaln|adaLN", path) for path in timed)
    source = write(tmp_path / "all.safetensors", layers_of(network, timed.__contains__), "diffusers")
    everywhere = np.full((SIZE[1], SIZE[0]), 255, np.uint8)
    stock, merged = step(family, ()), step(family, (ChosenAdapter(source, 0.7),))
    monkeypatch.setattr(Conditioning, "positions", lambda own, span: range(_tokens(name, own)))
    live = step(family, (ChosenAdapter(source, 0.7, (LAKE, everywhere)),))
    assert (merged - stock).abs().max() > 1e-2 and (live - merged).abs().max() < 1e-5
    monkeypatch.setattr(Conditioning, "positions", lambda own, span: range(0))
    assert torch.equal(step(family, (ChosenAdapter(source, 0.7, (LAKE, everywhere * 0)),)), stock)
    monkeypatch.undo()
    # Each half of guidance in a call of its own hears the same as both in one.
    half = everywhere.copy()
    half[:, SIZE[0] // 2 :] = 0
    word = (ChosenAdapter(source, 0.7, (LAKE, half)),)
    if family.facts.takes_negative and not family.denoiser.takes_guidance:
        together = step(family, word, guidance=3.0)
        monkeypatch.setattr(type(family.denoiser), "own_lengths", True, raising=False)
        assert (step(family, word, guidance=3.0) - together).abs().max() < 1e-3


def _tokens(name: str, context: Conditioning) -> int:
    """All tokens of the prompt's row; Z-Image's filling works like text."""
    count = context.rows.shape[1] if context.mask is None else int(context.mask[1].sum())
    return -(-count // 32) * 32 if name == "z_image" else count


@pytest.mark.parametrize("name", ["flux", "z_image", "sd3"])
def test_only_the_word_s_cells_and_tokens_hear_it_at_a_layer(models, name, tmp_path):
    family = models(name)
    path = {"flux": "single_transformer_blocks.0.proj_mlp", "z_image": "layers.0.feed_forward.w1",
            "sd3": "transformer_blocks.0.attn.add_k_proj"}[name]  # fmt: skip
    layer = family.denoiser.network.get_submodule(path)
    source = write(tmp_path / "one.safetensors", {path: tuple(layer.weight.shape)}, "diffusers")
    mask = np.zeros((SIZE[1], SIZE[0]), np.uint8)
    mask[:, : SIZE[0] // 2] = 255
    outs: list[Tensor] = []
    handle = layer.register_forward_hook(lambda module, args, out: outs.append(out))
    try:
        step(family, ())
        family.adapt((ChosenAdapter(source, 1.0, (LAKE, mask)),), PROMPT)
        handle.remove()  # to see what comes behind the file's own hook
        context = family.encode(PROMPT, "grass")
        size = family.latent_size(*SIZE)
        x = torch.randn(1, family.channels, *size, generator=torch.Generator().manual_seed(1))
        family.begin(RunConfig(context=context, size=SIZE))
        handle = layer.register_forward_hook(lambda module, args, out: outs.append(out))
        family.denoise(x, 1.0, timestep=500.0, fraction=0.5)
    finally:
        handle.remove()
        family.end()
        family.rest()
    changed = (outs[1] - outs[0]).abs().amax(dim=-1)[0] > 1e-6
    positions, cells = context.positions(LAKE), (size[0] // 2, size[1] // 2)
    places = set(changed.nonzero().flatten().tolist())
    left = packed(torch.arange(size[1]).expand(1, 1, *size).float())[0, :, 0] < size[1] // 2
    image = set(left.nonzero().flatten().tolist()) if name != "sd3" else set()
    first = {"flux": context.rows.shape[1], "z_image": 0, "sd3": 0}[name]
    text = {"flux": 0, "z_image": cells[0] * cells[1], "sd3": 0}[name]
    assert places == {first + place for place in image} | {text + place for place in positions}


@pytest.mark.parametrize(("name", "called"), [(name, architectures()[name].loras) for name in SAVE])
def test_a_file_says_which_family_it_is_for(models, name, called, tmp_path):
    network = models(name).denoiser.network
    assert write(tmp_path / "a.safetensors", layers_of(network), "diffusers").made_for == called
    own = {key.removeprefix("net."): each for key, each in ORIGINAL[name](dict(network.state_dict())).items()}
    layers = {key.removesuffix(".weight"): tuple(each.shape) for key, each in own.items()
              if key.endswith(".weight") and each.ndim > 1}  # fmt: skip
    assert write(tmp_path / "b.safetensors", layers, "kohya").made_for == called
    assert write(tmp_path / "c.safetensors", layers, "comfy").made_for == called


# --- what does not fit ------------------------------------------------------------------------------------------------


def test_a_file_for_another_family_is_refused_by_name_and_leaves_the_weights(models, tmp_path):
    flux, qwen = models("flux"), models("qwen_image")
    source = write(tmp_path / "flux.safetensors", layers_of(flux.denoiser.network), "kohya")
    before = {key: each.clone() for key, each in qwen.denoiser.network.state_dict().items()}
    with pytest.raises(UnsupportedModel, match=r"it was made for Flux\.1"):
        qwen.adapt((ChosenAdapter(source, 1.0),), PROMPT)
    assert all(torch.equal(each, before[key]) for key, each in qwen.denoiser.network.state_dict().items())


def test_a_word_cannot_hear_a_change_of_a_language_model(models, tmp_path):
    family = models("qwen_image")
    path = "layers.0.self_attn.q_proj"
    shape = family.reader.encoder.get_submodule(path).weight.shape
    tensors = {f"text_encoder.{path}.lora_A.weight": torch.ones(1, shape[1])}
    tensors[f"text_encoder.{path}.lora_B.weight"] = torch.ones(shape[0], 1)
    save_file(tensors, tmp_path / "text.safetensors")
    source = read_adapter(tmp_path / "text.safetensors")
    plain = family.encode(PROMPT, "").rows
    family.adapt((ChosenAdapter(source, 1.0),), PROMPT)
    assert not torch.equal(family.encode(PROMPT, "").rows, plain)
    family.adapt((), PROMPT)
    assert torch.equal(family.encode(PROMPT, "").rows, plain)
    with pytest.raises(UnsupportedModel, match="text encoder") as caught:
        family.adapt((ChosenAdapter(source, 1.0, (LAKE, np.zeros((64, 128), np.uint8))),), PROMPT)
    assert "whole picture" in caught.value.hint


# --- experts, weights in 8 bits, learnt words -------------------------------------------------------------------------


def loaded(own: ManifestExpert, base: Any) -> Any:
    """The expert of a base."""
    loading = expert_loading.load(own, base, outside=False)
    try:
        while True:
            next(loading)
    except StopIteration as done:
        return done.value


def test_of_two_experts_each_takes_its_own_part_of_a_file_or_the_file_of_its_name(models, tmp_path):
    high = models("wan")
    low = loaded(high.facts.experts[1], high)
    path = "blocks.0.attn2.to_q"
    layers = {part: high.denoiser.network.get_submodule(path).weight.shape for part in ("transformer", "transformer_2")}
    tensors = {f"{part}.{path}.diff": torch.full(shape, 1.0 + n) for n, (part, shape) in enumerate(layers.items())}
    second = {name: each for name, each in tensors.items() if "_2" in name}
    first = {"diffusion_model.blocks.0.cross_attn.q.diff": tensors[f"transformer.{path}.diff"]}
    cases = {"both": (tensors, (1, 2)), "second": (second, (0, 2)), "a_low_noise": (first, (0, 1)),
             "a_high_noise": (first, (1, 0)), "plain": (first, (1, 1))}  # fmt: skip
    for name, (inside, added) in cases.items():
        save_file(inside, tmp_path / f"{name}.safetensors")
        source = read_adapter(tmp_path / f"{name}.safetensors")
        assert source.made_for == "Wan"
        for family, wanted in zip((high, low), added, strict=True):
            layer = family.denoiser.network.get_submodule(path)
            before = layer.weight.clone()
            family.adapt((ChosenAdapter(source, 1.0),), PROMPT)
            torch.testing.assert_close(layer.weight, before + wanted, msg=name)
            family.adapt((), PROMPT)
            assert torch.equal(layer.weight, before)


@pytest.mark.parametrize("name", ["flux", "anima", "pixart"])
def test_an_expert_that_is_a_low_rank_change_is_the_base_with_it_merged(models, name, tmp_path):
    base = models(name)
    network = base.denoiser.network
    layers = layers_of(network, lambda path: "attn" not in path)
    source = write(tmp_path / "pytorch_lora_weights.safetensors", layers, "diffusers")
    before = step(base, ())
    base.adapt((ChosenAdapter(source, 1.0),), PROMPT)
    wanted = step(base, (ChosenAdapter(source, 1.0),))
    base.adapt((), PROMPT)
    expert = loaded(ManifestExpert("low", 0.0, None, tmp_path), base)
    assert (step(expert, ()) - wanted).abs().max() < 1e-5 and (wanted - before).abs().max() > 1e-3
    assert torch.equal(step(base, ()), before)
    again = expert.offloaded.fetch()
    assert all(torch.equal(each, again[key]) for key, each in expert.denoiser.network.state_dict().items())


def test_weights_that_are_stored_in_8_bits_hear_a_file_beside_them(models, tmp_path):
    family = Library(tmp_path / "none").load(models("qwen_image").facts.path, "cpu")
    network = family.denoiser.network
    source = write(tmp_path / "all.safetensors", layers_of(network, lambda path: "attn" not in path), "diffusers")
    network.enable_layerwise_casting(storage_dtype=torch.float8_e4m3fn, compute_dtype=torch.float32)
    stored = {key: each.clone() for key, each in network.state_dict().items()}
    plain, changed = step(family, ()), step(family, (ChosenAdapter(source, 1.0),))
    assert all(torch.equal(each, stored[key]) for key, each in network.state_dict().items())
    assert torch.equal(step(family, ()), plain)
    wide = models("qwen_image")
    exact = {key: each.clone() for key, each in wide.denoiser.network.state_dict().items()}
    try:
        wide.denoiser.network.load_state_dict({key: each.float() for key, each in stored.items()})
        wanted = step(wide, (ChosenAdapter(source, 1.0),)) - step(wide, ())
    finally:
        wide.adapt((), PROMPT)
        wide.denoiser.network.load_state_dict(exact)
    assert ((changed - plain) - wanted).abs().max() < 0.02 * wanted.abs().max()


@pytest.mark.parametrize("name", ["pixart", "wan"])
def test_learnt_words_are_read_by_a_t5_that_reads_alone(models, name):
    """The words' own tokens are looked up as vectors of theirs: nothing changes, but for the places."""
    family, prompt = models(name), "  A cat by a  lake"
    reader, span = family.reader, (prompt.index("cat"), prompt.index("cat") + 3)
    plain = family.encode(prompt, "")
    (cat,) = plain.positions(span)
    token = int(plain.texts[0][1].input_ids[0, cat])
    vector = reader.encoder.get_input_embeddings().weight[token].detach()
    family.learn((LearntWord("cat", {"": vector[None]}),))
    torch.testing.assert_close(family.encode(prompt, "").rows, plain.rows)
    family.learn((LearntWord("cat", {"": torch.stack([vector, -vector, vector * 2])}),))
    learnt = family.encode(prompt, "")
    assert learnt.positions(span) == (cat, cat + 1, cat + 2)
    assert [each + 2 for each in plain.positions((prompt.index("lake"), len(prompt)))] == list(
        learnt.positions((prompt.index("lake"), len(prompt)))
    )
    long = family.encode("cat " * 400, "")
    assert long.rows.shape[1] == reader._length and long.texts[0][1].input_ids[0, -1] == reader.tokenizer.eos_token_id
    with pytest.raises(UnsupportedModel, match="its vectors have 8 numbers, where the model's text encoder takes 32"):
        family.learn((LearntWord("cat", {"": torch.ones(1, 8)}),))
    assert torch.equal(family.encode(prompt, "").rows, plain.rows)


def test_learnt_words_are_read_by_clip_and_all_their_vectors_take_the_paint(models, caplog):
    prompt = "a zork by a lake"
    for name, parts in (("sd3", ("text_encoder", "text_encoder_2")), ("flux", ("text_encoder",))):
        family = models(name)
        vectors = {part: torch.ones(3, family.reader.parts[part].width) for part in parts}
        plain = family.encode(prompt, "")
        family.learn((LearntWord("zork", vectors),))
        learnt = family.encode(prompt, "")
        family.learn(())
        assert not torch.equal(plain.pooled, learnt.pooled)
        assert torch.equal(family.encode(prompt, "").pooled, plain.pooled)
        if name == "sd3":
            clip = [place for place in learnt.positions((2, 6)) if place < 77]
            assert len(clip) == 3
    models("z_image").learn((LearntWord("zork", {"": torch.ones(1, 32)}),))
    assert "takes no embeddings: a language model reads for it" in caplog.text
