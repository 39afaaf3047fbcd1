"""What the starter is told in training stands where the program will put it."""

from __future__ import annotations

import dataclasses
import math
from pathlib import Path

import numpy as np
import pytest
import torch

from engine.attention.laws import LAWS
from engine.attention.processor import PaintAttention, Run
from engine.text.conditioning import ABSENT
from engine.training.batches import Batches, rough
from engine.training.conditions import STYLE_TOKENS, WIDTH, Conditions, EncoderInputs
from engine.training.data import load_or_draw, training_look
from engine.training.painted_attention import _OFFSET, PaintedTraining, offset_noise
from engine.training.vocabulary import MAX_LENGTH, new_tokenizer
from engine.world.looks import MEDIA


@pytest.fixture(scope="module")
def conditions() -> Conditions:
    torch.manual_seed(0)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(new_tokenizer, "__defaults__", (40, 900))  # captions, each of a picture that is drawn for it
        return Conditions.new().eval()


@pytest.fixture(scope="module")
def batches(tmp_path_factory: pytest.TempPathFactory, conditions: Conditions) -> Batches:
    data = load_or_draw(tmp_path_factory.mktemp("world"), 50, workers=1, progress=lambda text: None)
    # The number of the picture is its latent, the mirrored ones negative.
    numbers = torch.cat([torch.arange(1, 51.0), -torch.arange(1, 51.0)])
    return Batches(data, numbers.reshape(-1, 1, 1, 1).expand(-1, 8, 16, 16), conditions, np.random.default_rng(0))


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
    assert t5.shape[1] == 16 and (t5[0] == ABSENT).sum() == 16 - 7, "six words, the end and nothing else"
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


def test_truth_and_paint_stand_at_heard_tokens_only(batches: Batches) -> None:
    batch = batches(48)
    for row in range(48):
        places = batch.truth[row].sum(0).nonzero()[:, 0]
        for place in places.tolist():
            assert batch.inputs.clip[row] if place < MAX_LENGTH else batch.inputs.t5[row]
            assert not MAX_LENGTH <= place < MAX_LENGTH + STYLE_TOKENS
        if not batch.inputs.prompts[row]:
            assert len(places) == 0
    assert (batch.paint.sum((1, 2)) > 0).any() and (batch.weight == 0).any()


def test_mirrored_pictures_have_mirrored_areas(batches: Batches) -> None:
    seen = set()
    for _ in range(6):
        batch = batches(32)
        for row in range(32):
            number = int(batch.latents[row, 0, 0, 0])
            prompt = batch.inputs.prompts[row]
            areas = batches.data.areas[abs(number) - 1].astype(np.float32)
            if not prompt:
                continue
            wanted = areas[:, :, ::-1] if number < 0 else areas
            columns = batch.truth[row].T[batch.truth[row].sum(0) > 0].reshape(-1, 16, 16).numpy()
            assert all(min(np.abs(column - area).max() for area in wanted) < 1e-6 for column in columns)
            seen.add(number < 0)
    assert seen == {True, False}


def test_references_are_of_the_pictures_look_and_another_picture(batches: Batches) -> None:
    batch = batches(64)
    for row in range(64):
        look = training_look(abs(int(batch.latents[row, 0, 0, 0])) - 1)
        assert MEDIA[int(batch.media[row])] == look.medium
    assert batch.inputs.references.abs().max() <= 1
    styled = batch.inputs.styled & (batch.media > 0)
    assert styled.sum() / (batch.media > 0).sum() > 0.8, "a picture in a look is told it"


def test_all_encoders_are_dropped_at_times_and_never_both_texts(batches: Batches) -> None:
    rows = [batches(64).inputs for _ in range(4)]
    clip, t5, styled = (torch.cat([getattr(told, name) for told in rows]) for name in ("clip", "t5", "styled"))
    assert (clip | t5).all()
    for flags in (clip, t5, styled):
        assert 0 < flags.float().mean() < 1
    assert any(not prompt for told in rows for prompt in told.prompts)


def test_rows_without_a_reference_hear_tokens_that_say_nothing_at_times(batches: Batches) -> None:
    rows = [batches(64).inputs for _ in range(4)]
    styled, garbled = (torch.cat([getattr(told, name) for told in rows]) for name in ("styled", "garbled"))
    assert not (styled & garbled).any()
    assert 0.1 < garbled.sum() / (~styled).sum() < 0.4
    assert all(sorted(told.disorder.tolist()) == list(range(STYLE_TOKENS * WIDTH)) for told in rows)
    assert not torch.equal(rows[0].disorder, rows[1].disorder), "another order each time: none is learnt by heart"


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


def test_an_area_is_painted_roughly_but_in_place() -> None:
    rng = np.random.default_rng(0)
    area = np.zeros((16, 16), np.float32)
    area[3:8, 8:14] = 1
    kinds = set()
    for _ in range(60):
        painted = rough(area, rng)
        assert painted.shape == (16, 16) and painted.min() >= 0 and painted.max() <= 1
        assert painted[4, 10] > 0.5 and painted[12, 2] == 0
        kinds.add(painted.tobytes())
    assert len(kinds) == 4, "as it is (or as a box), grown, blurred, an oval"


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


def test_an_earlier_starter_keeps_its_text_encoder_and_gets_new_others(tmp_path: Path, conditions: Conditions) -> None:
    conditions.text.save_pretrained(tmp_path / "text_encoder")
    conditions.tokenizer.save_pretrained(tmp_path / "tokenizer")
    warm = Conditions.load(tmp_path)
    weights, kept = conditions.text.state_dict(), warm.text.state_dict()
    assert all(torch.equal(kept[name], value) for name, value in weights.items())
    assert warm.image.config.patch_size == 32 and len(warm.t5_tokenizer) > 100
