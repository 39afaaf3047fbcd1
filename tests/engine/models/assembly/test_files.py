"""Separate files in other number formats and layouts, their tokenizers, and what is said where something is missing."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import gguf
import numpy as np
import pytest
import torch
from gguf.constants import GGMLQuantizationType as Kind
from safetensors.torch import load_file, save_file

from engine import Library
from engine.errors import ModelIncomplete, UnsupportedModel
from engine.models.architectures import architectures
from engine.models.assembly import converting, tokenizers
from engine.models.assembly.encoders import recognise
from engine.models.assembly.record import CLIP, QWEN3, QWEN3_VL, QWEN25_VL, T5, UMT5
from engine.models.assembly.tokenizers import Sources
from engine.models.memory_ways import sizes_of
from engine.text.clip_vocabulary import shipped_merges
from engine.text.word_kinds import CLIP_WORDS_PADDED, QWEN_WORDS
from tests import separate_files as files
from tests.engine.weights.test_gguf_file import write_gguf
from tests.tiny_separate import CASES, Case

FLUX, Z_IMAGE, WAN = (next(case for case in CASES if case.name == name) for name in ("flux", "z-image", "wan"))


@pytest.fixture(autouse=True)
def _home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("WORDBRUSH_HOME", str(tmp_path / "home"))


@pytest.fixture(scope="module")
def saved(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    """The diffusers folders of some families."""
    root = tmp_path_factory.mktemp("models")
    return {case.name: case.save(root / case.name) for case in (FLUX, Z_IMAGE, WAN)}


def put(case: Case, saved: dict[str, Path], root: Path) -> Path:
    """The parts of a folder as files below `root`; returns the transformer's."""
    return files.write(root, saved[case.name], case.parts)["transformer"]


def library(saved: dict[str, Path]) -> Library:
    return Library(saved["flux"].parent)


def weights(network: torch.nn.Module) -> dict[str, torch.Tensor]:
    return dict(network.state_dict())


def test_fp8_weights_with_scales_and_plain_ones_are_read(saved, tmp_path):
    file = put(FLUX, saved, tmp_path)
    stored = load_file(file)
    scaled = {"scaled_fp8": torch.zeros(2, dtype=torch.float8_e4m3fn)}
    for name, tensor in stored.items():
        if tensor.ndim == 2 and "blocks" in name:
            scale = tensor.abs().max() / 448
            scaled[name] = (tensor / scale).to(torch.float8_e4m3fn)
            scaled[name.replace(".weight", ".scale_weight")] = scale
        else:
            scaled[name] = tensor.bfloat16()
    save_file(scaled, file)
    t5 = tmp_path / "text_encoders/t5xxl_fp16.safetensors"
    save_file({name: tensor.to(torch.float8_e4m3fn) for name, tensor in load_file(t5).items()}, t5)
    family = library(saved).load(file, "cpu")
    whole = library(saved).load(saved["flux"], "cpu")
    for name, tensor in weights(whole.denoiser.network).items():
        found = weights(family.denoiser.network)[name]
        assert found.dtype == torch.float32 and (found - tensor).abs().max() <= 0.07 * tensor.abs().max(), name
    assert next(family.reader.t5.encoder.parameters()).dtype == torch.float32


def gguf_of(tensors: files.Tensors, path: Path, architecture: str, kind: Kind = Kind.Q8_0) -> Path:
    """The tensors as a GGUF file, those of whole blocks packed."""
    packed = {
        name: (tensor.float().numpy(), kind if tensor.ndim == 2 and tensor.shape[-1] % 32 == 0 else Kind.F32)
        for name, tensor in tensors.items()
    }
    return write_gguf(path, packed, architecture=architecture)


def test_a_gguf_transformer_with_a_gguf_encoder_and_the_words_in_it(saved, tmp_path):
    """city96's transformers have the original names; language models have llama.cpp's, with their tokenizers."""
    folder = saved["z-image"]
    put(Z_IMAGE, saved, tmp_path)
    original = load_file(tmp_path / "diffusion_models/z_image_turbo_bf16.safetensors")
    shutil.rmtree(tmp_path / "diffusion_models")
    (tmp_path / "unet").mkdir()
    file = gguf_of(original, tmp_path / "unet/z_image_turbo-Q8_0.gguf", "lumina2")
    names = {"embed_tokens": "token_embd", "norm": "output_norm", "input_layernorm": "attn_norm",
             "post_attention_layernorm": "ffn_norm", "o_proj": "attn_output"}  # fmt: skip
    names |= {f"{each}_proj": f"attn_{each}" for each in "qkv"} | {f"{each}_norm": f"attn_{each}_norm" for each in "qk"}
    names |= {f"{each}_proj": f"ffn_{each}" for each in ("gate", "up", "down")}
    encoder = {}
    for name, tensor in files.load(folder, "text_encoder").items():
        *_, layer, leaf = name.removeprefix("model.").split(".")
        block = f"blk.{name.split('layers.')[1].split('.')[0]}." if "layers." in name else ""
        encoder[f"{block}{names[layer]}.{leaf}"] = tensor
    (tmp_path / "text_encoders/qwen.safetensors").unlink()
    words = Library(folder.parent).load(folder, "cpu").reader.tokenizer
    qwen = _with_words(encoder, words, tmp_path / "text_encoders/Qwen3-4B-Q8_0.gguf")
    alone = Library(tmp_path / "none")
    facts = alone.inspect(file)
    assert facts.files["text_encoder"] == qwen
    reader = alone.load(file, "cpu").reader
    for text in ("a lake and sky", "<|im_start|>user\nzwölf Häuser, 12 cats!<|im_end|>\n"):
        assert reader.tokenizer(text)["input_ids"] == words(text)["input_ids"]
    wanted = Library(folder.parent).load(folder, "cpu").reader.read("a cat by a lake").states
    assert (reader.read("a cat by a lake").states - wanted).abs().max() < 0.05 * wanted.abs().max()


def _with_words(tensors: files.Tensors, words, path: Path) -> Path:
    writer = gguf.GGUFWriter(path, "qwen3")
    ordinary = words.backend_tokenizer.get_vocab(with_added_tokens=False)
    every = sorted(words.get_vocab().items(), key=lambda item: item[1])
    writer.add_tokenizer_model("gpt2")
    writer.add_token_list([word for word, _ in every])
    writer.add_token_types([1 if word in ordinary else 3 for word, _ in every])
    import json

    merges = json.loads(words.backend_tokenizer.to_str())["model"]["merges"]
    writer.add_token_merges([each if isinstance(each, str) else " ".join(each) for each in merges])
    for name, tensor in tensors.items():
        packed = tensor.ndim == 2 and tensor.shape[-1] % 32 == 0
        values = tensor.float().numpy()
        if packed:
            writer.add_tensor(name, gguf.quants.quantize(values, Kind.Q8_0), raw_dtype=Kind.Q8_0)
        else:
            writer.add_tensor(name, values.astype(np.float32))
    writer.write_header_to_file()
    writer.write_kv_data_to_file()
    writer.write_tensors_to_file()
    writer.close()
    return path


def test_umt5_brings_its_words_in_its_file(saved, tmp_path):
    """ComfyUI's umt5 has a SentencePiece vocabulary as a tensor of bytes."""
    file = put(WAN, saved, tmp_path)
    encoder = tmp_path / "text_encoders/umt5_xxl.safetensors"
    words = Library(saved["wan"].parent).load(saved["wan"], "cpu").reader.tokenizer
    import json

    from engine.models.assembly.embedded_words import _pieces

    pieces = json.loads(words.backend_tokenizer.to_str())["model"]["vocab"]
    vocabulary = torch.frombuffer(bytearray(_pieces(pieces, b"")), dtype=torch.uint8)
    save_file(load_file(encoder) | {"spiece_model": vocabulary}, encoder)
    reader = Library(tmp_path / "none").load(file, "cpu").reader
    for text in ("a lake and sky", "12 cats & a house"):
        assert reader.tokenizer(text)["input_ids"] == words(text)["input_ids"]


def test_a_whole_checkpoint_has_all_parts_in_it(saved, tmp_path):
    """ComfyUI's checkpoints of the newer families: everything in one file, each part with a prefix."""
    put(FLUX, saved, tmp_path)
    whole = {}
    for name, prefix in (
        ("diffusion_models/flux1-dev", "model.diffusion_model."),
        ("text_encoders/clip_l", "text_encoders.clip_l.transformer."),
        ("text_encoders/t5xxl_fp16", "text_encoders.t5xxl.transformer."),
        ("vae/ae", "vae."),
    ):
        stored = load_file(tmp_path / f"{name}.safetensors")
        whole |= {f"{prefix}{key}": tensor for key, tensor in stored.items()}
    file = files.save(tmp_path / "alone/flux1-dev-all.safetensors", whole)
    facts = library(saved).inspect(file)
    assert set(facts.files.values()) == {file}
    family, wanted = (library(saved).load(each, "cpu") for each in (file, saved["flux"]))
    text = "a lake and sky"
    assert torch.equal(family.reader.read(text).states, wanted.reader.read(text).states)
    assert torch.equal(family.reader.read(text).pooled, wanted.reader.read(text).pooled)
    pairs = zip(weights(family.coder.vae).values(), weights(wanted.coder.vae).values(), strict=True)
    assert all(torch.equal(*pair) for pair in pairs)


def test_what_is_missing_is_named_with_where_to_put_it(saved, tmp_path):
    file = put(FLUX, saved, tmp_path)
    (tmp_path / "vae/ae.safetensors").rename(tmp_path / "vae/sd3_vae.safetensors")
    (tmp_path / "text_encoders/t5xxl_fp16.safetensors").unlink()
    with pytest.raises(ModelIncomplete, match=r"text encoder T5 \(width 32\) and its autoencoder") as caught:
        library(saved).inspect(file)
    assert 'into "text_encoders"' in caught.value.hint and 'ae.safetensors into "vae"' in caught.value.hint


def test_without_a_tokenizer_the_command_that_brings_it_is_named(saved, tmp_path):
    file = put(Z_IMAGE, saved, tmp_path)
    with pytest.raises(ModelIncomplete, match="a tokenizer") as caught:
        Library(tmp_path / "none").inspect(file)
    assert "wordbrush models download tokenizer:qwen" in caught.value.hint


def test_one_half_of_two_experts_is_named(saved, tmp_path):
    file = put(WAN, saved, tmp_path)
    low = tmp_path / "diffusion_models/wan2.2_t2v_low_noise_14B.safetensors"
    high, other = library(saved).inspect(file).experts
    assert (high.folder, other.folder, other.low) == (None, low, 0.0)
    with pytest.raises(UnsupportedModel, match="little noise"):
        library(saved).inspect(low)
    low.rename(tmp_path / "diffusion_models/wan2.2_t2v_low_noise_14B_fp8_scaled.safetensors")
    assert library(saved).inspect(file).experts[1].folder.name.endswith("fp8_scaled.safetensors")
    (tmp_path / "diffusion_models/wan2.2_t2v_low_noise_14B_fp8_scaled.safetensors").unlink()
    with pytest.raises(ModelIncomplete, match="the other half"):
        library(saved).inspect(file)


def test_animas_conditioner_may_be_a_file_of_its_own_and_is_named_where_it_is_missing(tmp_path):
    """In diffusers' names both are apart; what the transformer was made from has the same names, and no conditioner."""
    names = ("patch_embed.proj.weight", "transformer_blocks.0.norm1.linear_1.weight")
    for name, told in (("anima", ModelIncomplete), ("cosmos_predict2_2b", UnsupportedModel)):
        file = files.save(tmp_path / f"{name}.safetensors", {each: torch.zeros(8, 68) for each in names})
        with pytest.raises(told) as caught:
            Library(tmp_path / "none").inspect(file)
        assert ("text conditioner was not found" in caught.value.message) == (name == "anima")


def test_pixarts_that_cannot_be_used_are_told_from_sigma():
    refuses = architectures()["pixart"].file.refuses
    for sizes, name in (
        ({"y_embedder.y_embedding": (120, 4096)}, "pixart"),
        ({"csize_embedder.mlp.0.weight": (384, 256)}, "pixart"),
        ({}, "pixart-alpha-512"),
        ({"blocks.14.attn.sr.weight": (1152, 1, 2, 2)}, "sigma-4k"),
    ):
        assert refuses(sizes, name)
    assert not refuses({"y_embedder.y_embedding": (300, 4096)}, "pixart-sigma-xl-2-1024-ms")


def test_the_tokenizers_of_comfyui_and_forge_are_used(tmp_path):
    model = tmp_path / "ComfyUI/models/diffusion_models/x.safetensors"
    own = tmp_path / "ComfyUI/comfy/text_encoders/qwen25_tokenizer"
    own.mkdir(parents=True)
    for name in ("vocab.json", "merges.txt"):
        (own / name).write_text("{}")
    (own / "tokenizer_config.json").write_text('{"chat_template": "other", "added": "<think>"}')
    found = tokenizers.find(QWEN_WORDS, 151_936, None, model, Sources())
    assert found is not None and found["vocab.json"] == own / "vocab.json"
    assert b"other" not in found["tokenizer_config.json"] and b"enable_thinking" in found["chat_template.jinja"]
    (own / "tokenizer_config.json").write_text("{}")  # Qwen2.5's own, without the sign for thought
    assert tokenizers.find(QWEN_WORDS, 151_936, None, model, Sources()) is None
    padded = tokenizers.find(CLIP_WORDS_PADDED, 49_408, None, model, Sources())
    assert padded is not None and b'"pad_token": "!"' in padded["tokenizer_config.json"]
    assert padded["merges.txt"] == shipped_merges().encode()
    assert len(json.loads(padded["vocab.json"])) == 49_408


def test_the_tokenizers_in_forges_own_folders_are_used(saved, tmp_path):
    """Forge ships configs and tokenizers by repository, two folders deep, with a model of Forge's beside them."""
    forge = tmp_path / "stable-diffusion-webui-forge"
    own = forge / "backend/huggingface/Tongyi-MAI/Z-Image-Turbo"
    for part in ("tokenizer", "text_encoder"):
        shutil.copytree(saved["z-image"] / part, own / part, ignore=shutil.ignore_patterns("*.safetensors"))
    (forge / "backend/huggingface/black-forest-labs").mkdir()
    written = files.write(forge / "models", saved["z-image"], {
        **Z_IMAGE.parts, "transformer": ("Stable-diffusion/z_image_turbo.safetensors", files.z_image),
        "text_encoder": ("text_encoder/qwen_3_4b.safetensors", files.language), "vae": ("VAE/ae.safetensors",
        files.picture_vae)})  # fmt: skip
    facts = Library(tmp_path / "none").inspect(written["transformer"])
    assert facts.family == "z_image" and facts.files["vae"] == written["vae"]
    kept = facts.config / "tokenizer"
    assert (kept / "tokenizer.json").read_bytes() == (own / "tokenizer/tokenizer.json").read_bytes()


PUBLISHED = {
    "clip_l": ((CLIP, 768), {"text_model.embeddings.token_embedding.weight": (49408, 768),
               "text_model.embeddings.position_embedding.weight": (77, 768),
               "text_model.encoder.layers.11.mlp.fc1.weight": (3072, 768),
               "text_model.encoder.layers.0.mlp.fc1.weight": (3072, 768)}),
    "t5xxl": ((T5, 4096), {"shared.weight": (32128, 4096),
              "encoder.block.0.layer.0.SelfAttention.q.weight": (4096, 4096),
              "encoder.block.0.layer.0.SelfAttention.relative_attention_bias.weight": (32, 64),
              "encoder.block.0.layer.1.DenseReluDense.wi_0.weight": (10240, 4096)}),
    "umt5 as GGUF": ((UMT5, 4096), {"token_embd.weight": (256384, 4096), "enc.blk.0.attn_q.weight": (4096, 4096),
                     "enc.blk.0.attn_rel_b.weight": (32, 64), "enc.blk.1.attn_rel_b.weight": (32, 64),
                     "enc.blk.0.ffn_gate.weight": (10240, 4096)}),
    "qwen_3_4b": ((QWEN3, 2560), {"model.embed_tokens.weight": (151936, 2560),
                  "model.layers.0.self_attn.q_proj.weight": (4096, 2560),
                  "model.layers.0.self_attn.k_proj.weight": (1024, 2560),
                  "model.layers.0.self_attn.q_norm.weight": (128,),
                  "model.layers.0.mlp.up_proj.weight": (9728, 2560)}),
    "qwen_2.5_vl_7b": ((QWEN25_VL, 3584), {"model.embed_tokens.weight": (152064, 3584),
                       "visual.blocks.0.norm1.weight": (1280,), "model.layers.0.self_attn.q_proj.bias": (3584,),
                       "model.layers.0.self_attn.q_proj.weight": (3584, 3584),
                       "model.layers.0.self_attn.k_proj.weight": (512, 3584),
                       "model.layers.0.mlp.up_proj.weight": (18944, 3584)}),
    "qwen3vl_4b": ((QWEN3_VL, 2560), {"model.embed_tokens.weight": (151936, 2560),
                   "visual.blocks.0.norm1.weight": (1024,), "model.layers.0.self_attn.q_proj.weight": (4096, 2560),
                   "model.layers.0.self_attn.k_proj.weight": (1024, 2560),
                   "model.layers.0.self_attn.q_norm.weight": (128,),
                   "model.layers.0.mlp.up_proj.weight": (9728, 2560)}),
}  # fmt: skip


@pytest.mark.parametrize("name", PUBLISHED)
def test_the_published_encoders_are_known(name):
    (kind, width), sizes = PUBLISHED[name]
    found = recognise(sizes)
    assert found is not None and (found.kind, found.width) == (kind, width)
    if kind == QWEN3_VL:
        assert found.config["rope_parameters"]["mrope_section"] == [24, 20, 20]
    if kind in (QWEN3, QWEN25_VL):
        heads = {QWEN3: (32, 8), QWEN25_VL: (28, 4)}[kind]
        assert (found.config["num_attention_heads"], found.config["num_key_value_heads"]) == heads
    if kind == CLIP:
        assert (found.config["num_attention_heads"], found.config["num_hidden_layers"]) == (12, 12)


def test_flux_names_are_those_of_diffusers_own_function():
    """That function knows the published width only; here it is asked at that width, without numbers."""
    from diffusers import FluxTransformer2DModel
    from diffusers.loaders.single_file_utils import convert_flux_transformer_checkpoint_to_diffusers

    with torch.device("meta"):
        own = FluxTransformer2DModel(num_layers=1, num_single_layers=1, guidance_embeds=True).state_dict()
    original = files.flux(dict(own))
    config = architectures()["flux"].file.config({name: tuple(each.shape) for name, each in original.items()}, "")
    assert (config["num_attention_heads"], config["attention_head_dim"], config["axes_dims_rope"]) == (
        24, 128, [16, 56, 56],
    )  # fmt: skip
    ours, theirs = converting.flux_names(dict(original)), convert_flux_transformer_checkpoint_to_diffusers(original)
    assert {name: tensor.shape for name, tensor in ours.items()} == {n: t.shape for n, t in theirs.items()}


@pytest.mark.parametrize("name", ["flux", "z-image", "wan"])
def test_memory_is_planned_with_the_folders_sizes(saved, tmp_path, name):
    case = next(case for case in CASES if case.name == name)
    file = put(case, saved, tmp_path)
    cpu = torch.device("cpu")
    ours, wanted = (sizes_of(library(saved).inspect(each), cpu) for each in (file, saved[name]))
    for part in ("denoiser", "autoencoder", "step", "decode"):
        assert getattr(ours, part) == getattr(wanted, part), part
    assert ours.encoders == pytest.approx(wanted.encoders, rel=0.02)
