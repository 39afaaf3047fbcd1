"""Separated areas do not look at each other; pixels without paint see everything; the layers get their own back."""

from __future__ import annotations

import numpy as np
import pytest
import torch
from diffusers.models.attention_processor import AttnProcessor

from engine.attention.laws import LAWS
from engine.attention.masks import Paint
from engine.attention.self_attention import SeparationControl, apart, strictness
from engine.errors import UnsupportedModel
from engine.protocol import PaintedWord
from tests.tiny import tiny_unet

HALVES = np.zeros((2, 64, 64), np.uint8)
HALVES[0, :, :24] = 255
HALVES[1, :, 40:] = 255


def paint(*masks: np.ndarray, strengths=(1.0, 1.0), windows=((0.0, 1.0), (0.0, 1.0))) -> Paint:
    words = [
        PaintedWord(span=(0, 1), mask=mask, strength=strength, window=window)
        for mask, strength, window in zip(masks, strengths, windows, strict=True)
    ]
    return Paint(words, [(1,), (2,)], latent_size=(8, 8), levels=3, tokens=4)


def test_apart_is_1_between_areas_and_0_within_them_and_for_the_unpainted():
    left, right = np.zeros((1, 4), np.float32), np.zeros((1, 4), np.float32)
    left[0, :2], right[0, 2] = 1, 1
    expected = np.zeros((4, 4))
    expected[:2, 2] = expected[2, :2] = 1
    np.testing.assert_array_equal(apart([left, right]), expected)


def test_where_areas_overlap_both_are_seen():
    left, right = np.array([[1, 1, 0]], np.float32), np.array([[0, 1, 1]], np.float32)
    np.testing.assert_array_equal(apart([left, right]), [[0, 0, 1], [0, 0, 0], [1, 0, 0]])
    np.testing.assert_array_equal(apart([left, left]), np.zeros((3, 3)))


def test_soft_paint_is_apart_as_far_as_it_reaches():
    left, right = np.array([[0.6, 0.0]], np.float32), np.array([[0.0, 0.4]], np.float32)
    np.testing.assert_allclose(apart([left, right])[0, 1], 0.4)


def control_of(unet, amount, *, rows=2, **fields) -> SeparationControl:
    control = SeparationControl(unet)
    control.begin(paint(*HALVES, **fields), amount, rows=rows, conditional=slice(1, 2), device=torch.device("cpu"))
    control.set_step(sigma=5.0, fraction=0.1)
    return control


def first_layer(unet):
    return unet.down_blocks[0].attentions[0].transformer_blocks[0].attn1


def outputs(unet, disturbed: slice) -> tuple[torch.Tensor, torch.Tensor]:
    """The first layer's output `[2, 8, 8, C]` before and after some columns of its input are disturbed."""
    layer = first_layer(unet)
    hidden = torch.randn(2, 8, 8, layer.to_q.in_features, generator=torch.Generator().manual_seed(0))
    other = hidden.clone()
    other[:, :, disturbed] += 3.0
    with torch.no_grad():
        first, second = (layer(each.flatten(1, 2)).unflatten(1, (8, 8)) for each in (hidden, other))
    return first, second


def test_an_area_does_not_see_the_other_in_the_conditional_rows_only():
    unet = tiny_unet().eval()
    control_of(unet, 1.0)
    before, after = outputs(unet, slice(5, 8))  # the right area
    torch.testing.assert_close(before[1, :, :3], after[1, :, :3])
    assert (before[1, :, 3:5] - after[1, :, 3:5]).abs().min() > 1e-4, "what is unpainted sees it"
    assert (before[0, :, :3] - after[0, :, :3]).abs().min() > 1e-4, "the unconditional row sees it"


def test_half_the_amount_leaves_half_the_weight():
    unet = tiny_unet().eval()
    control = control_of(unet, 0.5)
    bias = first_layer(unet).processor.run.biases[0]
    assert bias.shape == (2, 1, 64, 64) and not bias[0].any()
    assert bias[1, 0, 0, 7] == pytest.approx(np.log(0.5)) and bias[1, 0, 0, 1] == 0
    control.set_step(sigma=0.5, fraction=0.8)  # fades where layout is settled
    assert first_layer(unet).processor.run.biases[0][1, 0, 0, 7] == pytest.approx(np.log(0.75))


def test_words_act_within_their_windows_and_pushed_out_words_have_no_area():
    unet = tiny_unet().eval()
    control = control_of(unet, 1.0, windows=((0.0, 1.0), (0.5, 1.0)))
    assert first_layer(unet).processor.run.biases == {}
    control.set_step(sigma=3.0, fraction=0.6)
    assert 0 in first_layer(unet).processor.run.biases
    control.end()
    control_of(unet, 1.0, strengths=(1.0, -1.0))
    assert first_layer(unet).processor.run.biases == {}


def test_without_a_bias_the_layer_is_stock_and_in_the_end_its_own():
    unet = tiny_unet().eval()
    stock = {name: id(each) for name, each in unet.attn_processors.items()}
    plain = outputs(unet, slice(0, 0))[0]
    control = control_of(unet, 1.0, strengths=(1.0, -1.0))
    torch.testing.assert_close(outputs(unet, slice(0, 0))[0], plain)
    control.end()
    assert {name: id(each) for name, each in unet.attn_processors.items()} == stock


def test_a_layer_of_another_kind_is_refused_and_nothing_is_changed():
    class Other(AttnProcessor):
        pass

    unet = tiny_unet().eval()
    unet.mid_block.attentions[0].transformer_blocks[0].attn1.set_processor(Other())
    before = {name: id(each) for name, each in unet.attn_processors.items()}
    with pytest.raises(UnsupportedModel) as caught:
        control_of(unet, 1.0)
    assert "separation" in caught.value.hint
    assert {name: id(each) for name, each in unet.attn_processors.items()} == before


def test_large_levels_stay_as_they_are():
    unet = tiny_unet().eval()
    words = [PaintedWord(span=(0, 1), mask=np.kron(mask, np.ones((5, 5), np.uint8))) for mask in HALVES]
    control = SeparationControl(unet)
    large = Paint(words, [(1,), (2,)], latent_size=(40, 40), levels=3, tokens=4)
    control.begin(large, 1.0, rows=2, conditional=slice(1, 2), device=torch.device("cpu"))
    control.set_step(sigma=5.0, fraction=0.1)
    assert sorted(first_layer(unet).processor.run.biases) == [1, 2]


def test_levels_too_large_for_a_bias_are_left_alone_and_said(caplog):
    unet = tiny_unet().eval()
    words = [PaintedWord(span=(0, 1), mask=np.kron(mask, np.ones((11, 11), np.uint8))) for mask in HALVES]
    control = SeparationControl(unet)
    huge = Paint(words, [(1,), (2,)], latent_size=(88, 88), levels=3, tokens=4, layout_from=0)
    for law in (None, LAWS["densediffusion"]):
        control.begin(huge, 1.0, rows=2, conditional=slice(1, 2), device=torch.device("cpu"), law=law, paint_weight=1.0)
        control.set_step(sigma=5.0, fraction=0.1)
        run = first_layer(unet).processor.run
        assert sorted(run.biases if law is None else run.together) == [1, 2]
        assert "level 0" in caplog.text
        caplog.clear()


def test_scores_beyond_half_precision_neither_overflow_nor_turn_into_nan():
    unet = tiny_unet().eval().half()
    words = [PaintedWord(span=(0, 1), mask=mask) for mask in HALVES]
    paint = Paint(words, [(1,), (2,)], latent_size=(8, 8), levels=3, tokens=4)
    control = SeparationControl(unet)
    law = LAWS["densediffusion"]
    control.begin(paint, 0.0, rows=1, conditional=slice(0, 1), device=torch.device("cpu"), law=law, paint_weight=1.0)
    control.set_step(sigma=5.0, fraction=0.1)
    layer = first_layer(unet)
    hidden = torch.randn(1, 64, 16, generator=torch.Generator().manual_seed(0)) + 2
    wanted = 100_000 / hidden.unflatten(-1, (4, 4)).square().sum(dim=-1).max()
    with torch.no_grad():
        for project in (layer.to_q, layer.to_k):
            project.weight.copy_(torch.eye(16) * wanted.sqrt())
    assert 65504 < 100_000 < 65504 * 4**0.5, "the product alone overflows, and scaled it does not"
    assert torch.isfinite(layer(hidden.half())).all()


def test_a_word_of_its_own_fidelity_is_kept_apart_as_far_as_that_says():
    left, right = (np.array([[value, 1.0 - value]], np.float32) for value in (1.0, 0.0))
    assert np.allclose(strictness([left, right], [1.0, 0.5]), [[1.0, 0.75], [0.75, 0.5]])
    found = []
    for own in ((None, None), (0.6, 0.6), (0.0, 0.0), (0.0, None)):
        words = [PaintedWord(span=(i, i + 1), mask=HALVES[i], fidelity=own[i]) for i in range(2)]
        paint = Paint(words, [(1,), (2,)], latent_size=(8, 8), levels=2, tokens=4)
        control = SeparationControl(tiny_unet())
        control.begin(paint, 0.6, rows=2, conditional=slice(1, 2), device=torch.device("cpu"))
        control.set_step(sigma=5.0, fraction=0.5)
        found.append({level: bias[1].clone() for level, bias in control._run.biases.items()})
        control.end()
    plain, same, loose, mixed = found
    assert plain.keys() == same.keys() and plain
    for level, bias in plain.items():
        assert torch.allclose(bias, same[level], atol=1e-5) and bias.min() == pytest.approx(np.log(0.4), abs=1e-4)
        assert not loose or loose[level].abs().max() < 1e-6
        assert mixed[level].min() == pytest.approx(np.log(0.7), abs=1e-4)
