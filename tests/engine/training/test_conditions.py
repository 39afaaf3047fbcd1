"""What the starter is told in training stands where the program will put it."""

from __future__ import annotations

import dataclasses
import math
from pathlib import Path

import pytest
import torch

from engine.attention.laws import LAWS
from engine.attention.processor import PaintAttention, Run
from engine.text.conditioning import ABSENT
from engine.training.conditions import MAX_LENGTH, STYLE_TOKENS, WIDTH, Conditions, EncoderInputs
from engine.training.painted_attention import _OFFSET, PaintedTraining, offset_noise
from engine.training.picture_book.denoiser import new_conditions


@pytest.fixture(scope="module")
def conditions() -> Conditions:
    torch.manual_seed(0)
    return new_conditions().eval()


def told(conditions: Conditions, prompts: list[str], *, clip: bool = True, t5: bool = True, styled: bool = True):
    flags = {
        name: torch.full((len(prompts),), value) for name, value in {"clip": clip, "t5": t5, "styled": styled}.items()
    }
    references = torch.rand(len(prompts), 3, 128, 128, generator=torch.Generator().manual_seed(1)) * 2 - 1
    return EncoderInputs(prompts=prompts, references=references, **flags)


@torch.inference_mode()
def test_the_context_is_clip_then_reference_then_t5_and_unheard_tokens_are_absent(conditions: Conditions) -> None:
    context, token_bias = conditions(told(conditions, ["a red house by a lake", "a lake"], styled=False))
    assert context.shape == (2, token_bias.shape[1], 128)
    assert (token_bias[:, :MAX_LENGTH] == 0).all()
    assert (token_bias[:, MAX_LENGTH : MAX_LENGTH + STYLE_TOKENS] == ABSENT).all()
    t5 = token_bias[:, MAX_LENGTH + STYLE_TOKENS :]
    assert t5.shape[1] == 48 and (t5[0] == ABSENT).sum() == 48 - 7 - 36, "six words, a house's picture and the end"
    assert (t5[1] == ABSENT).sum() == t5.shape[1] - 3, "a, lake, the end and nothing else"


@torch.inference_mode()
def test_a_span_is_found_in_both_readings(conditions: Conditions) -> None:
    prompt = "A lake, a Red house by another lake"
    second = prompt.rindex("lake")
    places = conditions.places(prompt, (second, second + 4))
    first = conditions.places(prompt, (2, 6))
    assert len(places) == len(first) == 2, "one token in each"
    assert places[0] < MAX_LENGTH and places[1] >= MAX_LENGTH + STYLE_TOKENS
    assert not set(places) & set(first)
    ids = conditions.t5_tokenizer(prompt).input_ids
    assert conditions.t5_tokenizer.convert_ids_to_tokens(ids)[places[1] - MAX_LENGTH - STYLE_TOKENS] == "▁lake"


def test_garbled_tokens_are_heard_in_disorder_and_teach_the_encoder_nothing(conditions: Conditions) -> None:
    clear = told(conditions, ["a lake", "a lake"], styled=False)
    disorder = torch.randperm(STYLE_TOKENS * WIDTH, generator=torch.Generator().manual_seed(2))
    mixed = dataclasses.replace(clear, garbled=torch.tensor([True, False]), disorder=disorder)
    (plain, _), (context, token_bias) = conditions(clear), conditions(mixed)
    span = slice(MAX_LENGTH, MAX_LENGTH + STYLE_TOKENS)
    assert (token_bias[0, span] == 0).all() and (token_bias[1, span] == ABSENT).all()
    assert torch.equal(context[1], plain[1]) and torch.equal(context[0, : span.start], plain[0, : span.start])
    assert torch.equal(context[0, span].flatten().sort()[0], plain[0, span].flatten().sort()[0])
    assert not torch.allclose(context[0, span], plain[0, span])
    gradients = torch.autograd.grad(
        context[0, span].square().sum(), list(conditions.image.parameters()), allow_unused=True
    )
    assert all(each is None or not each.any() for each in gradients)


@torch.inference_mode()
def test_absent_tokens_get_no_attention(conditions: Conditions) -> None:
    from diffusers.models.attention_processor import Attention

    layer = Attention(query_dim=8, cross_attention_dim=128, heads=2, dim_head=4).eval()
    attention = PaintedTraining()
    pixels = torch.randn(1, 256, 8)
    outcomes = []
    for other in (0.0, 9.0):
        context, token_bias = conditions(told(conditions, ["a lake"], styled=False))
        context[:, MAX_LENGTH : MAX_LENGTH + STYLE_TOKENS] += other
        attention.prepare(torch.zeros(1, 256, 4), torch.zeros(1), torch.full((1,), 0.5), token_bias)
        outcomes.append(attention(layer, pixels, context))
    assert torch.allclose(outcomes[0], outcomes[1], atol=1e-5)


@torch.inference_mode()
def test_training_attends_as_the_program_does_with_paint_and_a_reference(conditions: Conditions) -> None:
    from diffusers.models.attention_processor import Attention

    context, token_bias = conditions(told(conditions, ["a lake"], styled=True))
    layer = Attention(query_dim=8, cross_attention_dim=128, heads=2, dim_head=4).eval()
    pixels, sigma = 3 * torch.randn(1, 256, 8), 4.0
    paint = torch.zeros(1, 256, context.shape[1])
    paint[:, :100, 2] = 1.0
    trained = PaintedTraining()
    trained.prepare(paint, torch.ones(1), torch.tensor([1 / (1 + sigma**2)]), token_bias)
    run = Run(context=context, rows=slice(0, 1), law=LAWS["ediffi"], gain=LAWS["ediffi"].gain(1.0, sigma, 0.0))
    run.biased = run.acts = True
    run.paint, run.keys = [paint[:, None]], [token_bias[:, None, None]]
    run.styles = torch.arange(MAX_LENGTH, MAX_LENGTH + STYLE_TOKENS)
    ours = PaintAttention(run, 0)
    ours.kept = ours.project(layer, context)
    expected = trained(layer, pixels, context)
    torch.testing.assert_close(ours(layer, pixels, context), expected, atol=1e-5, rtol=1e-4)
    run.styles = None
    assert (ours(layer, pixels, context) - expected).abs().max() > 1e-3


def test_the_mean_of_a_pictures_noise_is_noisy_too() -> None:
    noise = offset_noise((400, 8, 16, 16), torch.Generator().manual_seed(0))
    assert noise.mean((2, 3)).std() == pytest.approx(math.hypot(_OFFSET, 1 / 16), rel=0.05)
    assert (noise - noise.mean((2, 3), keepdim=True)).std() == pytest.approx(1, rel=0.01)
    assert abs(noise.mean()) < 0.02


def test_only_the_named_rows_noise_is_off_in_its_mean() -> None:
    rows = torch.arange(400) < 200
    means = offset_noise((400, 8, 16, 16), torch.Generator().manual_seed(0), rows=rows).mean((2, 3))
    assert means[rows].std() == pytest.approx(math.hypot(_OFFSET, 1 / 16), rel=0.08)
    assert means[~rows].std() == pytest.approx(1 / 16, rel=0.08)


def test_what_was_saved_is_loaded_again(tmp_path: Path, conditions: Conditions) -> None:
    for part, name in (
        (conditions.text, "text_encoder"),
        (conditions.t5, "text_encoder_2"),
        (conditions.image, "image_encoder"),
    ):
        part.save_pretrained(tmp_path / name)
    conditions.tokenizer.save_pretrained(tmp_path / "tokenizer")
    conditions.t5_tokenizer.save_pretrained(tmp_path / "tokenizer_2")
    again = Conditions.load(tmp_path).eval()
    with torch.inference_mode():
        asked = told(conditions, ["a red house with zqx", ""])
        assert torch.equal(conditions(asked)[0], again(asked)[0])
