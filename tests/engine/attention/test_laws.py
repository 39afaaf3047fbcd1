"""Every law against the paper's own formula, in float64, written out without tricks."""

from __future__ import annotations

import math

import pytest
import torch
from torch import Tensor

from engine.attention.laws import LAWS, SIGMA_CEILING, find_law
from engine.errors import BadRequest
from engine.sampling.schedule import NoiseSchedule

BATCH, HEADS, PIXELS, TOKENS, WIDTH = 3, 4, 12, 9, 8


def draw(*, dtype=torch.float32, shift: float = 0.0) -> tuple[Tensor, Tensor, Tensor, Tensor]:
    """Q, K, V `[B, heads, ., d]` and A `[N, T]` with paint on tokens 2, 3 and 7 only."""
    generator = torch.Generator().manual_seed(7)
    q = torch.randn(BATCH, HEADS, PIXELS, WIDTH, generator=generator, dtype=torch.float64) * 2
    k = torch.randn(BATCH, HEADS, TOKENS, WIDTH, generator=generator, dtype=torch.float64) * 2
    v = torch.randn(BATCH, HEADS, TOKENS, WIDTH, generator=generator, dtype=torch.float64)
    q[..., 0], k[..., 0] = (1.0, shift) if shift else (q[..., 0], k[..., 0])
    paint = torch.zeros(PIXELS, TOKENS, dtype=torch.float64)
    paint[:5, 2] = 1.0
    paint[:5, 3] = 1.0
    paint[3:9, 7] = -0.7
    return tuple(tensor.to(dtype) for tensor in (q, k, v, paint))


def paper(q: Tensor, k: Tensor, v: Tensor, paint: Tensor, weight: float, sigma: float, variant: str) -> Tensor:
    """eDiff-I, section 5: softmax((QK' + w A)/sqrt(d)) V with w = w' log(1 + sigma) max(QK'), sample by sample."""
    out = torch.zeros(q.shape[0], q.shape[1], q.shape[2], v.shape[3], dtype=torch.float64)
    for sample in range(q.shape[0]):
        for head in range(q.shape[1]):
            products = q[sample].double() @ k[sample].double().transpose(1, 2)
            if variant == "ediffi":
                m = max(products.max().item(), 0.0)
            elif variant == "ediffi-head":
                m = max(products[head].max().item(), 0.0)
            else:
                values = products.flatten()
                m = math.sqrt(((values - values.mean()) ** 2).sum().item() / (len(values) - 1))
            w = weight * math.log(1 + sigma) * m
            logits = (products[head] + w * paint.double()) / math.sqrt(q.shape[3])
            shares = torch.exp(logits - logits.max(dim=1, keepdim=True).values)
            out[sample, head] = shares / shares.sum(dim=1, keepdim=True) @ v[sample, head].double()
    return out


def attend(q: Tensor, k: Tensor, v: Tensor, paint: Tensor, weight: float, sigma: float, name: str) -> Tensor:
    """The same through the law, in scaled space."""
    scores = q @ k.transpose(-1, -2) / math.sqrt(q.shape[-1])
    return torch.softmax(scores.float() + LAWS[name](scores, paint.float(), weight, sigma), dim=-1) @ v.float()


@pytest.mark.parametrize("name", ["ediffi", "ediffi-head", "ediffi-std"])
@pytest.mark.parametrize(("weight", "sigma"), [(0.4, 14.0), (1.0, 3.0), (2.0, 0.1), (0.0, 5.0)])
def test_a_law_is_the_papers_formula(name, weight, sigma):
    tensors = draw()
    expected = paper(*tensors, weight, sigma, name)
    torch.testing.assert_close(attend(*tensors, weight, sigma, name).double(), expected, atol=2e-5, rtol=1e-4)


@pytest.mark.parametrize("name", ["ediffi", "ediffi-head"])
def test_a_negative_maximum_counts_as_zero(name):
    q, k, _, paint = draw(shift=-500.0)
    assert (q @ k.transpose(-1, -2)).max() < 0
    assert not LAWS[name](q @ k.transpose(-1, -2), paint, 1.0, 5.0).any()


@pytest.mark.parametrize("name", ["ediffi", "ediffi-head", "ediffi-std", "hard"])
def test_the_logits_of_unpainted_words_stay_and_no_argument_is_written_to(name):
    q, k, _, paint = draw()
    scores = q @ k.transpose(-1, -2)
    kept = scores.clone(), paint.clone()
    bias = LAWS[name](scores, paint, 1.0, 5.0)
    unpainted = [0, 1, 4, 5, 6, 8]
    assert not bias.expand_as(scores)[..., unpainted].any() and bias.any()
    assert torch.equal(scores, kept[0]) and torch.equal(paint, kept[1])


@pytest.mark.parametrize("name", ["ediffi", "ediffi-head", "ediffi-std", "hard"])
def test_a_sample_does_not_feel_its_batch_mates(name):
    q, k, _, paint = draw()
    scores = q @ k.transpose(-1, -2)
    scores[1] *= 50
    together = LAWS[name](scores, paint, 1.0, 5.0).expand_as(scores)
    for sample in range(BATCH):
        alone = LAWS[name](scores[sample : sample + 1], paint, 1.0, 5.0).expand(1, *scores.shape[1:])
        assert torch.equal(together[sample], alone[0])


def test_variants_differ_where_heads_differ():
    q, k, _, paint = draw()
    scores = q @ k.transpose(-1, -2)
    scores[:, 0] *= 10
    whole, head, spread = (LAWS[name](scores, paint, 1.0, 5.0) for name in ("ediffi", "ediffi-head", "ediffi-std"))
    assert whole.shape[1] == spread.shape[1] == 1 and head.shape[1] == HEADS
    assert torch.equal(whole[:, 0], head[:, 0]) and (head[:, 1].abs().amax() < whole.abs().amax())


def test_half_precision_scores_give_a_float32_bias():
    q, k, _, paint = draw()
    scores = (q @ k.transpose(-1, -2)).half()
    assert all(LAWS[name](scores, paint, 1.0, 5.0).dtype == torch.float32 for name in LAWS)


def test_each_sample_may_have_paint_of_its_own():
    q, k, _, paint = draw()
    scores = q @ k.transpose(-1, -2)
    each = torch.stack([paint, paint * 2, paint * 0])
    bias, shared = LAWS["ediffi"](scores, each, 1.0, 5.0), LAWS["ediffi"](scores, paint, 1.0, 5.0)
    torch.testing.assert_close(bias, torch.stack([shared[0], shared[1] * 2, shared[2] * 0]))


def test_sigma_is_held_below_the_noisiest_real_step():
    gain = LAWS["ediffi"].gain
    assert gain(1.0, 4096.0) == gain(1.0, SIGMA_CEILING) == pytest.approx(math.log(15.615))
    assert gain(1.0, float("inf")) == gain(1.0, SIGMA_CEILING)
    config = {"beta_schedule": "scaled_linear", "beta_start": 0.00085, "beta_end": 0.012}
    noisiest = float(NoiseSchedule(config).table[-1])
    assert 14.61 < noisiest < SIGMA_CEILING and gain(1.0, noisiest) == math.log1p(noisiest), "no step of SD's is cut"
    assert gain(0.5, 3.0) == pytest.approx(0.5 * math.log(4.0)) and gain(1.0, 0.0) == gain(1.0, -1e-9) == 0.0


def test_hard_masks_hide_a_word_outside_its_paint_and_inside_negative_paint():
    tensors = draw()
    shares = attend(*tensors[:2], torch.eye(TOKENS).expand(BATCH, HEADS, TOKENS, TOKENS), tensors[3], 1.0, 5.0, "hard")
    assert shares[:, :, 5:, [2, 3]].max() == 0 and shares[:, :, :5, [2, 3]].min() > 0
    assert shares[:, :, 3:9, 7].max() == 0 and shares[:, :, :3, 7].min() > 0
    torch.testing.assert_close(shares.sum(-1), torch.ones(BATCH, HEADS, PIXELS))


def test_a_weight_of_zero_and_the_law_none_bias_nothing():
    assert all(law.gain(0.0, 14.0) == 0.0 for law in LAWS.values())
    q, k, _, paint = draw()
    assert LAWS["none"].gain(5.0, 14.0) == 0.0 and not LAWS["none"](q @ k.transpose(-1, -2), paint, 5.0, 14.0).any()


def test_the_default_is_one_of_the_laws():
    assert find_law("default") in [find_law(name) for name in LAWS if name != "default"]


@pytest.mark.parametrize("name", ["boxdiff", "Default", "ediffi-max", ""])
def test_an_unknown_law_names_those_that_exist(name):
    with pytest.raises(BadRequest) as caught:
        find_law(name)
    assert all(known in caught.value.hint for known in LAWS)
