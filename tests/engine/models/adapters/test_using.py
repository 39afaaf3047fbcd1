"""LoRA files in a run: merged exactly and put back to the bit, or heard in one word's area alone."""

from __future__ import annotations

import numpy as np
import pytest
import torch
from safetensors.torch import save_file

from engine import Library, PaintedWord, find_span, generate
from engine.errors import ModelNotFound, UnsupportedModel
from engine.models.adapters.reading import read_adapter
from engine.models.adapters.word_adapter import Hooks, WordAdapter, hear_in_cells
from engine.protocol import Failed, ImageReady, Lora
from tests.tiny import tiny_unet

PROMPT = "a lake and sky"
TO_Q = "down_blocks.0.attentions.0.transformer_blocks.0.attn1.to_q"
TO_K = "down_blocks.0.attentions.0.transformer_blocks.0.attn2.to_k"
TEXT = "encoder.layers.0.self_attn.q_proj"


def save_lora(file, unet, paths, *, encoder=None):
    """A kohya file of rank 2 and alpha 1 that changes these layers, and one of the encoder's."""
    generator, tensors = torch.Generator().manual_seed(3), {}
    layers = [(f"lora_unet_{path}", unet.get_submodule(path)) for path in paths]
    if encoder is not None:
        layers.append((f"lora_te_text_model.{TEXT}", encoder.get_submodule(TEXT)))
    for name, layer in layers:
        shape = layer.weight.shape
        name = name.replace(".", "_")
        tensors[f"{name}.lora_down.weight"] = torch.randn(2, *shape[1:], generator=generator)
        tensors[f"{name}.lora_up.weight"] = torch.randn(shape[0], 2, *[1] * (len(shape) - 2), generator=generator)
        tensors[f"{name}.alpha"] = torch.tensor(1.0)
    save_file(tensors, file)
    return tensors


def product(tensors, name):
    up, down = tensors[f"{name}.lora_up.weight"], tensors[f"{name}.lora_down.weight"]
    return 0.5 * (up.flatten(1) @ down.flatten(1)).reshape(up.shape[0], *down.shape[1:])


def picture(events):
    failed = [event.error for event in events if isinstance(event, Failed)]
    assert not failed, failed
    return next(event.rgb for event in events if isinstance(event, ImageReady))


@pytest.fixture
def seen(library, tiny_sd_folder, monkeypatch):
    """The family's own weights, and a copy of them as they are when the picture is decoded."""
    family = library.load(str(tiny_sd_folder), "cpu")
    parts = {"unet": family.unet, "text": family.readers[0].encoder}
    during = {}
    original = family.decode

    def decode(latents):
        during.update({part: {n: t.clone() for n, t in net.state_dict().items()} for part, net in parts.items()})
        return original(latents)

    monkeypatch.setattr(family, "decode", decode)
    before = {part: {n: t.clone() for n, t in net.state_dict().items()} for part, net in parts.items()}
    return parts, before, during


def test_a_whole_picture_s_lora_is_w_plus_wba_and_the_weights_come_back_to_the_bit(tmp_path, ask, library, seen):
    parts, before, during = seen
    file = tmp_path / "hat.safetensors"
    tensors = save_lora(file, parts["unet"], [TO_K, "conv_in"], encoder=parts["text"])
    plain = picture(list(generate(ask(), library=library)))
    other = picture(list(generate(ask(loras=(Lora(str(file), 0.8),)), library=library)))
    assert not np.array_equal(plain, other)
    for part, path, name in (
        ("unet", TO_K, "lora_unet_" + TO_K.replace(".", "_")),
        ("unet", "conv_in", "lora_unet_conv_in"),
        ("text", TEXT, "lora_te_text_model_" + TEXT.replace(".", "_")),
    ):
        expected = before[part][f"{path}.weight"] + 0.8 * product(tensors, name)
        torch.testing.assert_close(during[part][f"{path}.weight"], expected, atol=1e-5, rtol=0)
    assert np.array_equal(picture(list(generate(ask(), library=library))), plain)
    for part, network in parts.items():
        assert all(torch.equal(tensor, before[part][name]) for name, tensor in network.state_dict().items())
    # half of it twice is the same as all of it
    twice = picture(list(generate(ask(loras=(Lora(str(file), 0.4), Lora(str(file), 0.4))), library=library)))
    assert np.abs(twice.astype(int) - other).max() <= 1


def test_a_lora_is_found_by_name_beside_the_models(tmp_path, ask, seen):
    parts, _, _ = seen
    library = Library(tmp_path / "models")
    library.adapters_folder.mkdir()
    save_lora(library.adapters_folder / "Hat.safetensors", parts["unet"], [TO_K])
    picture(list(generate(ask(loras=(Lora("hat"),)), library=library)))


def test_a_lora_that_is_not_there_is_said_by_its_name(ask, library):
    last = list(generate(ask(loras=(Lora("nobody's hat"),)), library=library))[-1]
    assert isinstance(last, Failed) and isinstance(last.error, ModelNotFound)
    assert last.error.message == 'There is no LoRA "nobody\'s hat".' and "loras" in last.error.hint


def test_a_lora_that_does_not_fit_fails_by_name_and_leaves_the_weights(tmp_path, ask, library, seen):
    parts, before, _ = seen
    file = tmp_path / "xl.safetensors"
    layer = "lora_unet_" + TO_K.replace(".", "_")
    save_file({f"{layer}.lora_down.weight": torch.ones(2, 99), f"{layer}.lora_up.weight": torch.ones(16, 2)}, file)
    last = list(generate(ask(loras=(Lora(str(file)),)), library=library))[-1]
    assert isinstance(last, Failed) and isinstance(last.error, UnsupportedModel) and '"xl"' in last.error.message
    assert all(torch.equal(tensor, before["unet"][name]) for name, tensor in parts["unet"].state_dict().items())


def heard(unet, adapter, x, context, path):
    """The UNet's output and that of one of its layers, with an adapter heard at tokens 2 and 3 of the second row."""
    hooks, found = Hooks(), []
    if adapter is not None:
        hear_in_cells(hooks, unet, adapter, latent=(8, 8), context=context, rows=slice(1, 2), positions=(2, 3))
    handle = unet.get_submodule(path).register_forward_hook(lambda module, args, out: found.append(out))
    try:
        with torch.no_grad():
            return unet(x, 10.0, encoder_hidden_states=context).sample, found[0]
    finally:
        handle.remove()
        hooks.end()


def test_one_word_s_lora_is_heard_in_its_cells_alone(tmp_path):
    unet = tiny_unet().eval()
    paths = ["conv_in", TO_Q, "down_blocks.1.resnets.0.conv1", "down_blocks.0.downsamplers.0.conv"]
    tensors = save_lora(tmp_path / "hat.safetensors", unet, paths)
    x, context = torch.randn(2, 4, 8, 8), torch.randn(2, 7, 32)
    mask = np.zeros((64, 64), np.uint8)
    mask[:, :32] = 255
    file = read_adapter(tmp_path / "hat.safetensors")
    changes = file.of({"unet": unet})
    left = WordAdapter(file, changes, 0.7, (0, 1), mask)
    everywhere = WordAdapter(file, changes, 0.7, (0, 1), np.full_like(mask, 255))
    _, stock = heard(unet, None, x, context, "conv_in")
    _, first = heard(unet, left, x, context, "conv_in")
    assert torch.equal(first[..., 4:], stock[..., 4:])
    whole, _ = heard(unet, everywhere, x, context, "conv_in")
    merged = tiny_unet().eval()
    with torch.no_grad():
        for path in paths:
            name = "lora_unet_" + path.replace(".", "_")
            merged.get_submodule(path).weight += 0.7 * product(tensors, name)
    expected, all_of_it = heard(merged, None, x, context, "conv_in")
    torch.testing.assert_close(first[..., :4], all_of_it[..., :4], atol=1e-5, rtol=1e-5)
    torch.testing.assert_close(whole, expected, atol=1e-4, rtol=1e-4)


def test_keys_of_cross_attention_change_for_the_word_s_tokens_of_the_prompt_alone(tmp_path):
    unet = tiny_unet().eval()
    tensors = save_lora(tmp_path / "hat.safetensors", unet, [TO_K])
    x, context = torch.randn(2, 4, 8, 8), torch.randn(2, 7, 32)
    file = read_adapter(tmp_path / "hat.safetensors")
    adapter = WordAdapter(file, file.of({"unet": unet}), 1.0, (0, 1), np.full((64, 64), 255, np.uint8))
    _, stock = heard(unet, None, x, context, TO_K)
    _, keys = heard(unet, adapter, x, context, TO_K)
    expected = stock.clone()
    expected[1, 2:4] += context[1, 2:4] @ product(tensors, "lora_unet_" + TO_K.replace(".", "_")).T
    torch.testing.assert_close(keys, expected, atol=1e-5, rtol=1e-5)
    assert torch.equal(keys[0], stock[0])


def test_a_request_binds_a_lora_to_a_word_also_in_the_text_encoder(tmp_path, ask, library, seen):
    parts, before, _ = seen
    file = tmp_path / "hat.safetensors"
    save_lora(file, parts["unet"], ["conv_in"], encoder=parts["text"])
    mask = np.zeros((64, 64), np.uint8)
    mask[:32] = 255
    words = (PaintedWord(span=find_span(PROMPT, "lake"), mask=mask),)
    layer = parts["text"].get_submodule(TEXT)
    plain = picture(list(generate(ask(words=words), library=library)))
    family = library.load(ask().model, "cpu")
    reader = family.readers[0]
    stock = reader.read(reader.tokenize(PROMPT))[0].clone()
    heard_text = []
    original = family.begin

    def begin(brief):
        heard_text.append(brief.context.rows.clone())
        original(brief)

    family.begin = begin
    try:
        other = picture(list(generate(ask(words=words, loras=(Lora(str(file), 1.0, 0),)), library=library)))
    finally:
        del family.begin
    (rows,) = heard_text
    place = family.encode(PROMPT, "").positions(words[0].span)[0]
    # The encoder is causal: what stands before the word reads as ever, the word itself does not.
    assert torch.equal(rows[1, :place], stock[0, :place]) and not torch.equal(rows[1, place], stock[0, place])
    assert not np.array_equal(plain, other)
    assert not layer._forward_hooks and not parts["unet"].conv_in._forward_hooks
    assert all(torch.equal(tensor, before["unet"][name]) for name, tensor in parts["unet"].state_dict().items())
    assert np.array_equal(picture(list(generate(ask(words=words), library=library))), plain)
