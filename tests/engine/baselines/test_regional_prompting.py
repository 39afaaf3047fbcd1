"""Rivals' laws do what their papers say: each is held against its formula, or against a case whose answer is known."""

from __future__ import annotations

import numpy as np
import pytest
import torch
import torch.nn.functional as F

from engine.attention.control import install
from engine.attention.laws import LAWS, fifth_power_gain, modulated
from engine.attention.masks import Paint, sample_mask
from engine.attention.processor import Region
from engine.attention.self_attention import SeparationControl, segments
from engine.protocol import Finished, ImageReady, PaintedWord
from tests.engine.test_pipeline import PROMPT, of, painted
from tests.tiny import tiny_unet

CONTRACT = (
    "none",
    "ediffi",
    "ediffi-head",
    "ediffi-std",
    "cloneofsimo",
    "densediffusion",
    "densediffusion-code",
    "hard",
    "couple",
    "multidiffusion",
    "default",
)


def scores_of(seed: int = 0) -> torch.Tensor:
    return torch.randn(2, 3, 12, 5, generator=torch.Generator().manual_seed(seed))


def test_every_law_of_the_contract_is_there():
    assert set(LAWS) == set(CONTRACT)


@pytest.mark.parametrize("size", [(8, 8), (5, 9), (1, 3)])
def test_cloneofsimo_samples_masks_as_interpolate_does(size):
    mask = np.random.default_rng(0).integers(0, 256, (64, 96)).astype(np.uint8)
    expected = F.interpolate(
        torch.from_numpy(mask)[None, None].float() / 255, size, mode="bilinear", align_corners=True
    )
    np.testing.assert_allclose(sample_mask(mask, size), expected[0, 0].numpy(), atol=1e-5)


def test_a_small_area_is_lost_when_it_is_sampled_and_kept_by_area():
    mask = np.zeros((64, 64), np.uint8)
    mask[19:24, 19:24] = 255
    words = [PaintedWord(span=(0, 1), mask=mask)]
    sampled, reduced = (
        Paint(words, [(1,)], latent_size=(8, 8), levels=3, tokens=4, bilinear=bilinear) for bilinear in (True, False)
    )
    assert not sampled.coverage(0, 2).any() and reduced.coverage(0, 2).any()


def test_densediffusion_lifts_a_token_in_its_area_and_lowers_all_others_by_the_share_of_the_area():
    scores, paint = scores_of(), torch.zeros(1, 1, 12, 5)
    paint[..., :3, 1] = 0.8  # a quarter of the pixels
    bias = LAWS["densediffusion"](scores, paint, 1.0, 3.0, 0.0)
    highest, lowest = scores.amax(-1), scores.amin(-1)
    torch.testing.assert_close(bias[:, :, :3, 1], 0.75 * (highest - scores[..., 1])[:, :, :3])
    torch.testing.assert_close(bias[:, :, 3:, 1], -0.75 * (scores[..., 1] - lowest)[:, :, 3:])
    torch.testing.assert_close(bias[..., 0], lowest - scores[..., 0])
    assert fifth_power_gain(2.0, 9.0, 0.5) == 2.0 * 0.5**5 and fifth_power_gain(1.0, 9.0, 1.0) == 0


def test_densediffusions_code_weighs_by_the_area_that_a_pixel_lies_in_and_stops_early():
    scores, paint = scores_of(), torch.zeros(1, 1, 12, 5)
    paint[..., :3, 1] = 0.8  # a quarter of the pixels
    paint[..., 3:9, 2] = 0.5  # half of them
    bias = LAWS["densediffusion-code"](scores, paint, 1.0, 3.0, 0.0)
    highest, lowest = scores.amax(-1), scores.amin(-1)
    torch.testing.assert_close(bias[:, :, :3, 1], 0.75 * (highest - scores[..., 1])[:, :, :3])
    torch.testing.assert_close(bias[:, :, :3, 2], -0.75 * (scores[..., 2] - lowest)[:, :, :3])
    torch.testing.assert_close(bias[:, :, 3:9, 1], -0.5 * (scores[..., 1] - lowest)[:, :, 3:9])
    torch.testing.assert_close(bias[:, :, 9:, 2], -0.75 * (scores[..., 2] - lowest)[:, :, 9:])
    law = LAWS["densediffusion-code"]
    assert law.gain(1.0, 3.0, 0.29) == pytest.approx(0.71**5) and law.gain(1.0, 3.0, 0.3) == 0


def test_densediffusions_code_takes_the_size_of_a_pixels_own_segment():
    together = torch.tensor([[1.0, 1, 0, 0], [1, 1, 0, 0], [0, 0, 1, 0], [0, 0, 0, 1]])
    scores = torch.zeros(1, 1, 4, 4)
    scores[..., 0] = 1.0
    bias = modulated(scores, together, 1.0, by_query=True)
    assert bias[0, 0, :, 0].tolist() == [0.0, 0.0, -0.75, -0.75]
    assert bias[0, 0, :, 1].tolist() == [0.5, 0.5, 0.0, 0.0]


def test_densediffusion_divides_the_picture_into_segments_and_the_rest():
    left, right = np.array([[1, 0.6, 0.2, 0]], np.float32), np.array([[0, 0.5, 0, 0]], np.float32)
    expected = [[1, 1, 0, 0], [1, 1, 0, 0], [0, 0, 1, 1], [0, 0, 1, 1]]
    np.testing.assert_array_equal(segments([left, right]), expected)


def test_densediffusion_modulates_self_attention_in_the_conditional_rows_only():
    unet = tiny_unet().eval()
    mask = np.zeros((64, 64), np.uint8)
    mask[:, :32] = 255
    paint = Paint([PaintedWord(span=(0, 1), mask=mask)], [(1,)], latent_size=(8, 8), levels=3, tokens=4)
    control = SeparationControl(unet)
    control.begin(
        paint,
        0.0,
        rows=2,
        conditional=slice(1, 2),
        device=torch.device("cpu"),
        law=LAWS["densediffusion"],
        paint_weight=2,
    )
    control.set_step(sigma=9.0, fraction=0.25)
    layer = unet.down_blocks[0].attentions[0].transformer_blocks[0].attn1
    assert float(layer.processor.run.gain) == pytest.approx(0.3 * 2 * 0.75**5)
    hidden = torch.randn(2, 64, layer.to_q.in_features, generator=torch.Generator().manual_seed(0))
    with torch.no_grad():
        ours = layer(hidden)
        query, keys, values = (
            project(hidden).unflatten(-1, (layer.heads, -1)).transpose(1, 2)
            for project in (layer.to_q, layer.to_k, layer.to_v)
        )
        scores = query @ keys.transpose(-1, -2) * query.shape[-1] ** -0.5
        columns = torch.arange(64) % 8 < 4
        together = (columns[:, None] == columns[None]).float()
        scores[1] += modulated(scores[1:], together, layer.processor.run.gain)[0]
        expected = layer.to_out[0]((scores.softmax(-1) @ values).transpose(1, 2).flatten(2))
    torch.testing.assert_close(ours, expected, atol=1e-5, rtol=1e-4)


def test_couple_with_the_whole_prompt_in_every_area_is_the_whole_prompt():
    unet = tiny_unet().eval()
    context = torch.randn(2, 9, 32, generator=torch.Generator().manual_seed(0))
    x = torch.randn(2, 4, 8, 8, generator=torch.Generator().manual_seed(1))
    control = install(unet)
    halves = [torch.arange(n * n) % n < n // 2 for n in (8, 4, 2)]

    def out(other: torch.Tensor | None) -> torch.Tensor:
        shares = [half.float() for half in halves]
        regions = [] if other is None else [Region(context=other, token_bias=None, shares=shares)]
        control.begin(context=context, conditional_rows=(1,), law="couple", regions=regions)
        control.set_step(sigma=3.0)
        with torch.no_grad():
            return unet(x, 500, encoder_hidden_states=context, return_dict=False)[0]

    plain, same, other = out(None), out(context[1:]), out(torch.randn(1, 5, 32))
    torch.testing.assert_close(plain, same, atol=1e-5, rtol=1e-4)
    torch.testing.assert_close(plain[0], other[0], atol=1e-5, rtol=1e-4)
    assert (plain[1] - other[1]).abs().max() > 1e-3


def test_couple_hears_only_the_tokens_that_a_region_has():
    unet = tiny_unet().eval()
    context = torch.randn(2, 9, 32, generator=torch.Generator().manual_seed(0))
    x = torch.randn(2, 4, 8, 8, generator=torch.Generator().manual_seed(1))
    control, region = install(unet), torch.randn(1, 4, 32, generator=torch.Generator().manual_seed(2))
    filled = torch.cat([region, torch.randn(1, 3, 32)], dim=1)
    token_bias = torch.tensor([0.0] * 4 + [-1e4] * 3)
    pictures = []
    for tokens, mask in ((region, None), (filled, token_bias)):
        regions = [Region(context=tokens, token_bias=mask, shares=[torch.full((n * n,), 0.5) for n in (8, 4, 2)])]
        control.begin(context=context, conditional_rows=(1,), law="couple", regions=regions)
        control.set_step(sigma=3.0)
        with torch.no_grad():
            pictures.append(unet(x, 500, encoder_hidden_states=context, return_dict=False)[0])
    torch.testing.assert_close(*pictures, atol=1e-5, rtol=1e-4)


@pytest.mark.parametrize("law", ["couple", "multidiffusion"])
def test_one_area_of_the_whole_prompt_over_all_of_the_picture_changes_nothing(run, law):
    whole = PaintedWord(span=(0, len(PROMPT)), mask=np.full((64, 64), 255, np.uint8))
    plain = of(run(law="none"), ImageReady)[0].rgb.astype(int)
    assert np.abs(plain - of(run(words=(whole,), law=law), ImageReady)[0].rgb).max() <= 2


@pytest.mark.parametrize("law", CONTRACT)
def test_every_law_makes_a_picture_whatever_is_asked_besides(run, law):
    words = (painted(), painted("sky", revision=2, strength=-1.0))
    events = run(words=words, law=law, obedience=True, watched=(words[0].span,), count=2, paint_weight=1.0)
    assert isinstance(events[-1], Finished), events[-1]
    first = events[-1].images[0]
    seen_nothing = LAWS[law].regional
    assert (first.heatmaps is None) == bool(seen_nothing) and len(first.obedience) == (0 if seen_nothing else 2)


@pytest.mark.parametrize("law", sorted(set(CONTRACT) - {"none"}))
def test_paint_matters_to_every_law(run, law):
    plain = of(run(law="none"), ImageReady)[0].rgb
    assert not np.array_equal(plain, of(run(words=(painted(),), law=law, paint_weight=1.0), ImageReady)[0].rgb)


def test_multidiffusion_calls_the_denoiser_once_for_each_area_and_once_for_the_rest(run, library, ask):
    unet = library.load(ask().model, "cpu").unet
    calls = []
    handle = unet.register_forward_pre_hook(lambda *_: calls.append(1))
    try:
        run(words=(painted(),), law="multidiffusion", steps=3)
    finally:
        handle.remove()
    assert len(calls) == 6
