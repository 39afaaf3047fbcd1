"""Three kinds of conditions: what is on changes the picture, what is off or absent does not."""

from __future__ import annotations

import dataclasses
import json
import math
import shutil

import numpy as np
import pytest
import torch
from diffusers.models.attention_processor import AttnProcessor2_0

from engine import Finished, PaintedWord, StyleReference
from engine.attention.control import install
from engine.attention.masks import Paint, level_sizes
from engine.errors import BadReference, BadRequest, ModelIncomplete, UnsupportedModel
from engine.models.families.base import RunConfig
from engine.protocol import Failed
from engine.text.conditioning import ABSENT
from engine.text.encoders import shift_semantics
from engine.text.token_bias import key_bias
from tests.tiny import tiny_unet

PROMPT = "a lake and sky"


@pytest.fixture
def model(conditioned_folder, library):
    family = library.load(str(conditioned_folder), "cpu")
    yield family
    family.end()


def picture(seed: int = 0, side: int = 48) -> np.ndarray:
    return np.random.default_rng(seed).integers(0, 256, (side, side, 3)).astype(np.uint8)


def denoised(model, context, *, words=(), weight=0.0, guidance=3.0, law="default", batch=1):
    model.begin(
        RunConfig(
            context=context, words=words, size=(64, 64), guidance=guidance, paint_weight=weight, law=law, batch=batch
        )
    )
    x = torch.randn(1, 4, 8, 8, generator=torch.Generator().manual_seed(3)).repeat(batch, 1, 1, 1) * 5
    result = model.denoise(x, 5.0, timestep=700.0, fraction=0.1)
    model.end()
    return result


def half(left: bool = True) -> np.ndarray:
    mask = np.zeros((64, 64), np.uint8)
    mask[:, :32] = 255 if left else 0
    mask[:, 32:] = 0 if left else 255
    return mask


def test_the_files_say_what_a_model_hears(model, tiny_sd_folder, library):
    assert model.facts.encoders == ("clip", "t5") and model.facts.takes_styles
    plain = library.inspect(tiny_sd_folder)
    assert plain.encoders == ("clip",) and not plain.takes_styles


def test_clip_alone_is_the_model_without_the_others(model, tiny_sd_folder, library):
    alone = denoised(model, model.encode(PROMPT, "", encoders=[("clip", 1.0), ("t5", 0.0)]))
    plain = library.load(str(tiny_sd_folder), "cpu")
    assert torch.equal(alone, denoised(plain, plain.encode(PROMPT, "")))


def test_every_encoder_counts(model):
    contexts = [model.encode(PROMPT, "", encoders=chosen) for chosen in (None, [("clip", 1)], [("t5", 1)])]
    contexts.append(model.encode(PROMPT, "", styles=[StyleReference(rgb=picture())]))
    made = [denoised(model, context) for context in contexts]
    for index, first in enumerate(made):
        for second in made[:index]:
            assert not torch.allclose(first, second, atol=1e-5)


def test_a_fainter_encoder_lies_between_off_and_full(model):
    made = [denoised(model, model.encode(PROMPT, "", encoders=[("clip", 1), ("t5", w)])) for w in (0, 1e-9, 0.5, 1)]
    rounding = 2e-6 * float(made[0].abs().max())  # of float32, in sums of another order
    torch.testing.assert_close(made[0], made[1], rtol=0, atol=rounding)
    assert (made[2] - made[0]).norm() < (made[3] - made[0]).norm()
    assert (made[2] - made[3]).norm() < (made[3] - made[0]).norm()


def test_a_longer_negative_prompt_only_fills_the_prompts_row_up(model):
    context = model.encode(PROMPT, "house " * 20)
    assert context.present is not None and context.present < context.rows.shape[1]
    # Guidance 1 leaves the negative prompt out, so only its filling could be heard.
    assert torch.allclose(
        denoised(model, context, guidance=1.0), denoised(model, model.encode(PROMPT, ""), guidance=1.0), atol=1e-5
    )
    word = PaintedWord(span=(2, 6), mask=half())
    for law in ("ediffi", "ediffi-head", "ediffi-std"):
        settings = {"words": (word,), "weight": 2.0, "guidance": 1.0, "law": law}
        assert torch.allclose(
            denoised(model, context, **settings), denoised(model, model.encode(PROMPT, ""), **settings), atol=1e-5
        )


def test_absent_tokens_are_as_if_they_were_not_there():
    unet = tiny_unet().eval().requires_grad_(False)
    x, context = torch.randn(2, 4, 8, 8), 3 * torch.randn(2, 9, 32)
    wanted = torch.cat([unet(x[:1], 400, context[:1, :5]).sample, unet(x[1:], 400, context[1:]).sample])
    control = install(unet)
    token_bias = torch.zeros(2, 1, 9)
    token_bias[0, :, 5:] = ABSENT
    levels = [token_bias] * control.levels
    for force in (False, True):
        matrices = [torch.zeros(h * w, 9) for h, w in level_sizes(8, 8, control.levels)]
        control.begin(context=context, conditional_rows=[1], paint=matrices, paint_weight=1.0, keys=levels, force=force)
        control.set_step(sigma=5.0)
        assert torch.allclose(unet(x, 400, encoder_hidden_states=context).sample, wanted, atol=1e-5)
        control.end()
    unet.set_attn_processor(AttnProcessor2_0())


def test_a_word_is_painted_in_both_encoders(model):
    context = model.encode("a Lake and sky, house", "")
    places = context.positions((2, 6))
    (_, clip), (first, t5) = context.texts
    assert [p for p in places if p < first] and [p for p in places if p >= first]
    for start, text in context.texts:
        for place in places:
            if start <= place < start + len(text.offsets):
                a, b = text.offsets[place - start]
                assert (a, b) == (2, 6) or text.prompt[a:b] in "Lake"
    assert len(clip.offsets) == 77 and t5.offsets[-1] is None


def test_paint_acts_through_t5_alone(model):
    context = model.encode(PROMPT, "", encoders=[("t5", 1)])
    bare = denoised(model, context, weight=4.0)
    assert not torch.allclose(
        denoised(model, context, words=(PaintedWord(span=(2, 6), mask=half()),), weight=4.0), bare, atol=1e-4
    )


def test_only_the_prompt_hears_the_reference(model):
    style = StyleReference(rgb=picture())
    context = model.encode(PROMPT, "", styles=[style])
    assert context.token_bias is not None
    (tokens,) = context.styles
    assert (context.token_bias[0, tokens.first : tokens.last] == ABSENT).all()
    assert (context.token_bias[1, tokens.first : tokens.last] == 0).all()


def test_a_painted_style_acts_in_its_area(model):
    bare = denoised(model, model.encode(PROMPT, ""))
    masks = [half(True), half(False), np.full((64, 64), 255, np.uint8), np.zeros((64, 64), np.uint8)]
    left, right, everywhere, nowhere = (
        denoised(model, model.encode(PROMPT, "", styles=[StyleReference(rgb=picture(), mask=mask)])) - bare
        for mask in masks
    )
    plain = denoised(model, model.encode(PROMPT, "", styles=[StyleReference(rgb=picture())])) - bare
    assert torch.allclose(everywhere, plain, atol=1e-5) and nowhere.abs().max() < 1e-4
    assert left[..., :4].norm() > left[..., 4:].norm() and right[..., 4:].norm() > right[..., :4].norm()


def test_areas_fall_off_by_their_coverage(model):
    mask = np.zeros((64, 64), np.uint8)
    mask[:, :4] = 255  # half of the first of eight cells
    context = model.encode(PROMPT, "", styles=[StyleReference(rgb=picture(), strength=2.0, mask=mask)])
    (tokens,) = context.styles
    bias = key_bias(context, [0, 1], batch=2, sizes=[(8, 8), (4, 4)])
    assert bias is not None and [tuple(level.shape[:2]) for level in bias] == [(4, 64), (4, 16)]
    styled = bias[0][2:, :, tokens.first : tokens.last]
    assert styled[:, ::8] == pytest.approx(math.log(2) + math.log(0.5), abs=1e-5)
    assert (styled[:, 1::8] == ABSENT).all() and (bias[0][:2, :, tokens.first : tokens.last] == ABSENT).all()
    assert (bias[0][:, :, : tokens.first] == 0).all()


def test_strength_nothing_is_no_style(model):
    context = model.encode(PROMPT, "", styles=[StyleReference(rgb=picture(), strength=0.0)])
    assert not context.styles
    assert torch.equal(denoised(model, context), denoised(model, model.encode(PROMPT, "")))


def test_a_batch_is_what_its_members_are(model):
    context = model.encode(PROMPT, "dull house " * 5, styles=[StyleReference(rgb=picture(), mask=half())])
    word = PaintedWord(span=(2, 6), mask=half())
    three = denoised(model, context, words=(word,), weight=1.0, batch=3)
    one = denoised(model, context, words=(word,), weight=1.0)
    # Untrained weights magnify rounding: unpainted, through stock attention, three differ from one by as much.
    stock = denoised(model, context, batch=3) - denoised(model, context)
    assert (three - one).abs().max() <= 3 * stock.abs().max().clamp_min(1e-5) and stock.abs().max() < 1e-2


def test_the_semantic_slider_takes_components_away():
    tokens = torch.randn(1, 17, 32) + 2 * torch.randn(1, 1, 32)
    assert shift_semantics(tokens, 0.0) is tokens
    for amount, kept in ((-1.0, slice(1, None)), (1.0, slice(0, 5))):
        left, values, right = torch.linalg.svd(tokens[0], full_matrices=False)
        wanted = (left[:, kept] * values[kept]) @ right[kept]
        wanted = wanted * (tokens.std() / wanted.std())
        assert torch.allclose(shift_semantics(tokens, amount)[0], wanted, atol=1e-4)
    assert shift_semantics(tokens, 0.5).std() == pytest.approx(float(tokens.std()), rel=1e-3)


def test_requests_carry_all_of_it(run, conditioned_folder):
    fields = {
        "model": str(conditioned_folder),
        "encoders": (("clip", 0.5), ("t5", 1.0)),
        "styles": (StyleReference(rgb=picture(), strength=1.5, semantic=-0.5, mask=half()),),
        "words": (PaintedWord(span=(2, 6), mask=half()),),
        "obedience": True,
    }
    events = run(**fields)
    assert isinstance(events[-1], Finished)
    assert events[-1].images[0].obedience[0] is not None
    again = run(**fields)
    assert np.array_equal(events[-1].images[0].rgb, again[-1].images[0].rgb)


@pytest.mark.parametrize(
    ("fields", "kind", "said"),
    [
        ({"encoders": ()}, BadRequest, "off"),
        ({"encoders": (("clip", 0.0),)}, BadRequest, "off"),
        ({"encoders": (("bert", 1.0),)}, BadRequest, "bert"),
        ({"encoders": (("clip", math.nan),)}, BadRequest, "weight"),
        ({"encoders": (("clip", 2.0),)}, BadRequest, "weight"),
        ({"encoders": (("t5", 1.0),), "model": "tiny"}, UnsupportedModel, "t5"),
        ({"styles": (StyleReference(rgb=picture()),), "model": "tiny"}, UnsupportedModel, "style"),
        ({"styles": (StyleReference(rgb=picture()[..., 0]),)}, BadReference, "picture"),
        ({"styles": (StyleReference(rgb=picture().astype(np.float32)),)}, BadReference, "picture"),
        ({"styles": (StyleReference(rgb=picture(), strength=math.nan),)}, BadReference, "strength"),
        ({"styles": (StyleReference(rgb=picture(), strength=-1),)}, BadReference, "strength"),
        ({"styles": (StyleReference(rgb=picture(), semantic=3),)}, BadReference, "semantic"),
        ({"styles": (StyleReference(rgb=picture(), mask=np.zeros((8, 8), np.uint8)),)}, BadReference, "area"),
    ],
)
def test_bad_conditions_are_told(run, conditioned_folder, tiny_sd_folder, fields, kind, said):
    model = tiny_sd_folder if fields.get("model") == "tiny" else conditioned_folder
    event = run(**{**fields, "model": str(model)})[-1]
    assert isinstance(event, Failed) and isinstance(event.error, kind)
    assert said in str(event.error) and event.error.hint
    assert isinstance(run(model=str(model))[-1], Finished)


@pytest.mark.parametrize(
    "part", ["tokenizer_2/tokenizer.json", "text_encoder_2/model.safetensors", "image_encoder/model.safetensors"]
)
def test_a_missing_part_is_named(run, conditioned_folder, tmp_path, part):
    broken = tmp_path / "broken"
    shutil.copytree(conditioned_folder, broken)
    (broken / part).unlink()
    event = run(model=str(broken))[-1]
    assert isinstance(event, Failed) and isinstance(event.error, ModelIncomplete)
    assert part.split("/")[0] in str(event.error)


@pytest.mark.parametrize(
    "values", [{}, {"image_mean": [0.5], "image_std": [0.5]}, {"image_mean": [0, 0, 0], "image_std": [1, 1, 0]}]
)
def test_a_senseless_normalisation_is_told(run, conditioned_folder, tmp_path, values):
    broken = tmp_path / "broken"
    shutil.copytree(conditioned_folder, broken)
    (broken / "image_encoder" / "preprocessor_config.json").write_text(json.dumps(values))
    event = run(model=str(broken))[-1]
    assert isinstance(event, Failed) and isinstance(event.error, ModelIncomplete)


def test_paint_reaches_past_a_style(model):
    """Positions of T5's tokens count the reference's tokens before them."""
    bare = model.encode(PROMPT, "")
    styled = model.encode(PROMPT, "", styles=[StyleReference(rgb=picture())])
    (tokens,) = styled.styles
    moved = tokens.last - tokens.first
    before, after = bare.positions((2, 6)), styled.positions((2, 6))
    assert after == tuple(p if p < tokens.first else p + moved for p in before)
    paint = Paint(
        (PaintedWord(span=(2, 6), mask=half()),), [after], latent_size=(8, 8), levels=1, tokens=styled.rows.shape[1]
    )
    (matrix,) = paint.matrices(paint.active(0.5))
    assert set(np.flatnonzero(matrix.any(0))) == set(after)
    assert dataclasses.replace(bare).present == bare.rows.shape[1]
