"""The hook on real UNets: stock where nothing is painted, the paper's formula where something is."""

from __future__ import annotations

import math

import numpy as np
import pytest
import torch
from diffusers.models.attention_processor import AttnProcessor2_0
from torch import Tensor

import engine.attention.control
import engine.attention.processor
from engine.attention.control import AttentionControl, install
from engine.attention.laws import LAWS, SIGMA_CEILING
from engine.attention.masks import Paint, level_sizes
from engine.attention.processor import PaintAttention
from engine.errors import BadRequest, InternalError, UnsupportedModel
from engine.protocol import PaintedWord
from tests.tiny import tiny_unet

TOKENS = 11
SIZE = (10, 7)
TIMESTEP = 400


@pytest.fixture(params=["together", "apart", "mask"])
def path(request, monkeypatch) -> str:
    """The ways through a biased layer: all rows beside each other, conditional rows by themselves, and as a mask."""
    return take(request.param, monkeypatch)


@pytest.fixture(params=["together", "apart"])
def materialised(request, monkeypatch) -> str:
    """The ways on which attention can be seen."""
    return take(request.param, monkeypatch)


def take(way: str, monkeypatch) -> str:
    monkeypatch.setattr(engine.attention.processor, "_SMALL", 0 if way == "apart" else 1 << 40)
    monkeypatch.setattr(engine.attention.control, "prefers_mask", lambda device: way == "mask")
    return way


@pytest.fixture(scope="module")
def shared_unet():
    return tiny_unet().eval().requires_grad_(False)


@pytest.fixture
def unet(shared_unet):
    """A real UNet with stock processors, before and after."""
    yield shared_unet
    shared_unet.set_attn_processor(AttnProcessor2_0())


def noise(rows: int, size=SIZE, seed: int = 0) -> Tensor:
    return torch.randn(rows, 4, *size, generator=torch.Generator().manual_seed(seed))


def text(rows: int, tokens: int = TOKENS, seed: int = 1) -> Tensor:
    # Larger than unit variance, so that scores spread and a bias matters.
    return 3 * torch.randn(rows, tokens, 32, generator=torch.Generator().manual_seed(seed))


def random_paint(levels: int, *, samples: int | None = None, size=SIZE, tokens: int = TOKENS, seed=2) -> list[Tensor]:
    """A for each level with two painted columns; `[N, T]`, or `[samples, N, T]`."""
    generator = torch.Generator().manual_seed(seed)
    matrices = []
    for height, width in level_sizes(*size, levels):
        shape = (height * width, tokens) if samples is None else (samples, height * width, tokens)
        matrix = torch.zeros(shape)
        matrix[..., [3, 5]] = torch.rand((*shape[:-1], 2), generator=generator)
        matrices.append(matrix)
    return matrices


def word(mask: np.ndarray, **fields) -> PaintedWord:
    return PaintedWord(span=(0, 1), mask=mask, revision=id(mask), **fields)


def top_half(size=SIZE) -> np.ndarray:
    mask = np.zeros((size[0] * 8, size[1] * 8), np.uint8)
    mask[: size[0] * 4] = 255
    return mask


@torch.no_grad()
def call(unet, latents: Tensor, context: Tensor) -> Tensor:
    return unet(latents, TIMESTEP, encoder_hidden_states=context, return_dict=False)[0]


def painted(unet, latents: Tensor, context: Tensor, *, sigma: float = 5.0, fraction: float = 0.5, **run) -> Tensor:
    """One call with paint, installed and uninstalled around it."""
    control = install(unet)
    control.begin(context=context, **run)
    control.set_step(sigma=sigma, fraction=fraction)
    out = call(unet, latents, context)
    control.uninstall()
    return out


class Recorder:
    """Stands in for a tap: keeps each layer's shares in the order of the calls."""

    def __init__(self) -> None:
        self.shares: list[tuple[int, Tensor]] = []

    def add(self, level: int, shares: Tensor) -> None:
        self.shares.append((level, shares))


@pytest.fixture
def acting(monkeypatch) -> list[Tensor]:
    """The attention that acts in each layer whose scores are materialised, paint and all; painted rows come last."""
    kept: list[Tensor] = []
    gather = PaintAttention._gather
    monkeypatch.setattr(
        PaintAttention, "_gather", lambda self, shares, values: kept.append(shares) or gather(self, shares, values)
    )
    return kept


# Stock where nothing is painted


@pytest.mark.parametrize("size", [(16, 16), (10, 7), (9, 13)])
@pytest.mark.parametrize("kind", ["no paint", "zero paint", "weight 0", "law none", "no noise"])
def test_zero_paint_is_stock(unet, kind, size):
    latents, context = noise(2, size), text(2)
    stock = call(unet, latents, context)
    paint = random_paint(3, size=size)
    run = {
        "no paint": {"paint": None, "paint_weight": 1.0},
        "zero paint": {"paint": [matrix * 0 for matrix in paint], "paint_weight": 1.0},
        "weight 0": {"paint": paint, "paint_weight": 0.0},
        "law none": {"paint": paint, "paint_weight": 1.0, "law": "none"},
        "no noise": {"paint": paint, "paint_weight": 1.0, "sigma": 0.0},
    }[kind]
    out = painted(unet, latents, context, conditional_rows=(1,), **run)
    torch.testing.assert_close(out, stock, atol=1e-5, rtol=0)


@pytest.mark.parametrize("law", ["ediffi", "ediffi-head", "ediffi-std"])
def test_the_biased_path_with_a_vanishing_weight_is_stock(unet, path, law):
    latents, context = noise(2), text(2)
    stock = call(unet, latents, context)
    run = {"conditional_rows": (1,), "paint": random_paint(3), "law": law, "force": True}
    out = painted(unet, latents, context, paint_weight=1e-8, **run)
    torch.testing.assert_close(out, stock, atol=1e-5, rtol=0)


@pytest.mark.parametrize("law", ["ediffi", "ediffi-head", "ediffi-std"])
def test_a_bias_constant_over_all_keys_is_stock(unet, path, law):
    latents, context = noise(2), text(2)
    stock = call(unet, latents, context)
    pixels = [height * width for height, width in level_sizes(*SIZE, 3)]
    paint = [torch.rand(count, 1, generator=torch.Generator().manual_seed(0)).expand(-1, TOKENS) for count in pixels]
    out = painted(unet, latents, context, conditional_rows=(1,), paint=paint, paint_weight=1.0, law=law)
    torch.testing.assert_close(out, stock, atol=1e-5, rtol=0)


def test_where_no_bias_acts_no_scores_are_materialised(unet, monkeypatch):
    def fail(*args):
        raise AssertionError("the biased path ran")

    monkeypatch.setattr(PaintAttention, "_biased", fail)
    latents, context = noise(2), text(2)
    for run in ({"paint": random_paint(3), "paint_weight": 0.0}, {"paint": None, "paint_weight": 1.0}):
        painted(unet, latents, context, conditional_rows=(1,), **run)
    with pytest.raises(AssertionError):
        painted(unet, latents, context, conditional_rows=(1,), paint=random_paint(3), paint_weight=1.0)


def test_installed_but_idle_and_after_a_run_the_unet_is_stock(unet):
    latents, context = noise(2), text(2)
    stock = call(unet, latents, context)
    control = install(unet)
    torch.testing.assert_close(call(unet, latents, context), stock, atol=1e-6, rtol=0)
    control.begin(context=context, conditional_rows=(1,), paint=random_paint(3), paint_weight=1.0)
    control.set_step(sigma=5.0)
    assert (call(unet, latents, context) - stock).abs().max() > 1e-3
    control.end()
    torch.testing.assert_close(call(unet, latents, context), stock, atol=1e-6, rtol=0)


# The formula, layer by layer


def paper(attn, hidden: Tensor, context: Tensor, matrices: list[Tensor], rows, weight, sigma, law) -> Tensor:
    """One cross-attention layer in float64 by the paper's formula, A chosen by the number of pixels."""
    weights = {name: parameter.double() for name, parameter in attn.named_parameters()}
    hidden, context, heads = hidden.double(), context.double(), attn.heads
    out = torch.zeros_like(hidden)
    width = hidden.shape[2] // heads
    for row in range(hidden.shape[0]):
        q, k, v = hidden[row] @ weights["to_q.weight"].T, *(context[row] @ weights[f"to_{n}.weight"].T for n in "kv")
        products = torch.stack([(q @ k.T) * 0] * heads)
        for head in range(heads):
            part = slice(head * width, (head + 1) * width)
            products[head] = q[:, part] @ k[:, part].T
        for head in range(heads):
            part = slice(head * width, (head + 1) * width)
            m = {
                "ediffi": products.max().clamp(min=0),
                "ediffi-head": products[head].max().clamp(min=0),
                "ediffi-std": products.std(),
            }[law]
            paint = next(matrix for matrix in matrices if matrix.shape[-2] == hidden.shape[1]).double()
            if row in rows:
                w = weight * math.log(1 + sigma) * m
                paint = paint[list(rows).index(row)] if paint.ndim == 3 else paint
                products_here = products[head] + w * paint
            else:
                products_here = products[head]
            out[row, :, part] = torch.softmax(products_here / math.sqrt(width), dim=-1) @ v[:, part]
    return out @ weights["to_out.0.weight"].T + weights["to_out.0.bias"]


@pytest.mark.parametrize("law", ["ediffi", "ediffi-head", "ediffi-std"])
@pytest.mark.parametrize("rows", [(1,), (0, 1), (2, 0), (1, 2, 3)])
def test_every_layer_is_the_papers_formula(unet, path, law, rows):
    latents, context = noise(4, (9, 5)), text(4)
    matrices = random_paint(3, samples=len(rows), size=(9, 5))
    matrices = [matrix - 0.3 * (matrix > 0) for matrix in matrices]
    seen = []
    layers = {name: module for name, module in unet.named_modules() if name.endswith(".attn2")}
    hooks = [
        layer.register_forward_hook(lambda layer, args, out: seen.append((layer, args[0], out)))
        for layer in layers.values()
    ]
    painted(unet, latents, context, conditional_rows=rows, paint=matrices, paint_weight=0.7, sigma=3.0, law=law)
    for hook in hooks:
        hook.remove()
    assert len(seen) == len(layers) == 10
    for layer, hidden, out in seen:
        expected = paper(layer, hidden, context, matrices, rows, 0.7, 3.0, law)
        torch.testing.assert_close(out.double(), expected, atol=2e-5, rtol=1e-4)


@pytest.mark.parametrize("size", [(63, 97), (1, 3), (8, 8), (5, 17)])
def test_levels_are_the_true_ones_at_any_size(unet, path, size):
    latents, context = noise(2, size), text(2)
    recorder = Recorder()
    run = {"conditional_rows": (1,), "paint": random_paint(3, size=size), "paint_weight": 1.0, "tap": recorder}
    out = painted(unet, latents, context, **run)
    assert out.shape == latents.shape and out.isfinite().all()
    sizes = level_sizes(*size, 3)
    assert [level for level, _ in recorder.shares] == [0, 1, 2, 2, 2, 2, 1, 1, 0, 0]
    assert all(shares.shape[2] == math.prod(sizes[level]) for level, shares in recorder.shares)


def test_levels_follow_the_halvings_of_an_sd15_shaped_unet():
    from diffusers import UNet2DConditionModel

    torch.manual_seed(0)
    model = UNet2DConditionModel(
        block_out_channels=(8, 8, 8, 8),
        layers_per_block=1,
        cross_attention_dim=32,
        attention_head_dim=2,
        norm_num_groups=4,
    ).eval()
    control = install(model)
    recorder = Recorder()
    context = text(2)
    control.begin(
        context=context, conditional_rows=(1,), paint=random_paint(4, size=(11, 20)), paint_weight=1, tap=recorder
    )
    control.set_step(sigma=1.0)
    call(model, noise(2, (11, 20)), context)
    assert control.levels == 4
    assert [level for level, _ in recorder.shares] == [0, 1, 2, 3, 2, 2, 1, 1, 0, 0]


def test_sigma_is_clamped(unet):
    latents, context = noise(2), text(2)
    run = {"conditional_rows": (1,), "paint": random_paint(3), "paint_weight": 0.5}
    assert torch.equal(
        painted(unet, latents, context, sigma=4096.0, **run),
        painted(unet, latents, context, sigma=SIGMA_CEILING, **run),
    )


def test_a_run_over_several_chunks_of_text(unet, path):
    latents, context = noise(2), text(2, tokens=154)
    run = {"conditional_rows": (1,), "paint": random_paint(3, tokens=154), "paint_weight": 1.0}
    recorder = Recorder()
    out = painted(unet, latents, context, tap=recorder, **run)
    assert recorder.shares[0][1].shape == (1, 4, 70, 154)
    assert (out[1] - call(unet, latents, context)[1]).abs().max() > 1e-3


# Rows and words that must not feel the paint


def test_unconditional_rows_stay_stock(unet, path):
    latents, context = noise(4), text(4)
    stock = call(unet, latents, context)
    out = painted(unet, latents, context, conditional_rows=(2, 3), paint=random_paint(3), paint_weight=1.0)
    torch.testing.assert_close(out[:2], stock[:2], atol=1e-5, rtol=0)
    assert (out[2:] - stock[2:]).abs().amax(dim=(1, 2, 3)).min() > 1e-3


@pytest.mark.parametrize("law", sorted(set(LAWS) - {"none"}))
@pytest.mark.parametrize("rows", [(3, 4, 5), (0, 2, 5)])
def test_a_batch_gives_what_its_members_give_alone(unet, path, law, rows):
    latents, context = noise(6), text(6)
    latents[rows[1]] *= 4
    others = [row for row in range(6) if row not in rows]
    paint = random_paint(3, samples=3)
    together = painted(unet, latents, context, conditional_rows=rows, paint=paint, paint_weight=0.6, law=law)
    for index, row in enumerate(rows):
        pair = [others[index], row]
        alone = painted(
            unet,
            latents[pair],
            context[pair],
            conditional_rows=(1,),
            paint=[matrix[index] for matrix in paint],
            paint_weight=0.6,
            law=law,
        )
        torch.testing.assert_close(together[pair], alone, atol=1e-5, rtol=0)


def test_the_logits_of_unpainted_words_do_not_change(unet, materialised, acting):
    latents, context = noise(2), text(2)
    first = []
    for weight in (0.0, 1.0):
        acting.clear()
        run = {"conditional_rows": (1,), "paint": random_paint(3), "paint_weight": weight, "force": True}
        painted(unet, latents, context, **run)
        first.append(acting[0][-1:].double().log())
    plain, biased = first
    unpainted = [token for token in range(TOKENS) if token not in (3, 5)]
    differences = [logs[..., unpainted] - logs[..., unpainted[:1]] for logs in (plain, biased)]
    torch.testing.assert_close(*differences, atol=1e-4, rtol=0)
    assert ((biased - biased[..., :1]) - (plain - plain[..., :1]))[..., [3, 5]].max() > 0.5


@pytest.mark.parametrize("token_bias", [False, True])
def test_a_references_tokens_keep_their_share_under_paint(unet, materialised, acting, token_bias):
    latents, context = noise(2), text(2)
    styles, fields = (7, 8), {}
    if token_bias:
        # The reference is half as strong, and one text token is not token_bias at all.
        keys = torch.zeros(2, 1, TOKENS)
        keys[1, :, 7:9], keys[1, :, 10] = math.log(0.5), -1e4
        fields["keys"] = [keys] * 3
    shares = []
    for weight in (0.0, 3.0):
        acting.clear()
        run = {"conditional_rows": (1,), "paint": random_paint(3), "paint_weight": weight, "force": True}
        painted(unet, latents, context, styles=styles, **run, **fields)
        shares.append(acting[0][-1:])
    plain, biased = shares
    torch.testing.assert_close(plain[..., list(styles)], biased[..., list(styles)], atol=1e-5, rtol=1e-4)
    assert (biased[..., 3] - plain[..., 3]).max() > 0.1
    torch.testing.assert_close(biased.sum(-1), torch.ones_like(biased[..., 0]), atol=1e-5, rtol=0)


@pytest.mark.parametrize(("strength", "sign"), [(1.0, 1), (2.0, 1), (-1.0, -1)])
def test_strength_draws_a_word_in_or_pushes_it_out(unet, acting, strength, sign):
    latents, context = noise(2), text(2)
    shares = []
    for value in (0.0, strength):
        control = install(unet)
        paint = Paint([word(top_half(), strength=value)], [(3, 4)], latent_size=SIZE, levels=3, tokens=TOKENS)
        acting.clear()
        control.begin(context=context, conditional_rows=(1,), paint=paint, paint_weight=1.0, force=True)
        control.set_step(sigma=3.0)
        call(unet, latents, context)
        control.uninstall()
        shares.append(acting[0][-1, :, : SIZE[1] * 5][..., [3, 4]].mean())
    assert (shares[1] - shares[0]) * sign > 0.01


# Windows, caches, order


def test_a_word_acts_inside_its_window_only(unet):
    latents, context = noise(2), text(2)
    stock = call(unet, latents, context)
    paint = Paint([word(top_half(), window=(0.25, 0.5))], [(3,)], latent_size=SIZE, levels=3, tokens=TOKENS)
    run = {"conditional_rows": (1,), "paint": paint, "paint_weight": 1.0}
    moved = [
        float((painted(unet, latents, context, fraction=(index + 0.5) / 8, **run) - stock).abs().max()) > 1e-3
        for index in range(8)
    ]
    assert moved == [False, False, True, True, False, False, False, False]


def test_paint_is_rebuilt_only_when_other_words_act(unet):
    class Counting(Paint):
        asked = 0

        def matrices(self, active):
            self.asked += 1
            return super().matrices(active)

    words = [word(top_half()), word(top_half(), window=(0.0, 0.5))]
    paint = Counting(words, [(3,), (5,)], latent_size=SIZE, levels=3, tokens=TOKENS)
    control = install(unet)
    control.begin(context=text(2), conditional_rows=(1,), paint=paint, paint_weight=1.0)
    for index in range(20):
        control.set_step(sigma=20.0 - index, fraction=(index + 0.5) / 20)
    assert paint.asked == 2
    control.uninstall()


def test_text_is_projected_once_for_a_run(unet):
    calls = []
    hooks = [
        module.to_k.register_forward_hook(lambda *args: calls.append(1))
        for name, module in unet.named_modules()
        if name.endswith(".attn2")
    ]
    control, context = install(unet), text(2)
    control.begin(context=context, conditional_rows=(1,), paint=random_paint(3), paint_weight=1.0)
    for sigma in (9.0, 3.0, 0.0):
        control.set_step(sigma=sigma)
        call(unet, noise(2), context)
    assert len(calls) == len(hooks) == 10
    control.uninstall()
    for hook in hooks:
        hook.remove()


def test_a_second_run_forgets_the_first(unet):
    latents, first, second = noise(2), text(2, seed=1), text(2, seed=9)
    run = {"conditional_rows": (1,), "paint": random_paint(3), "paint_weight": 1.0}
    expected = painted(unet, latents, second, **run)
    control = install(unet)
    for context in (first, second):
        control.begin(context=context, **run)
        control.set_step(sigma=5.0)
        out = call(unet, latents, context)
    assert torch.equal(out, expected)
    control.uninstall()


def test_inference_mode_and_half_precision_work(unet, path):
    import copy

    latents, context = noise(2), text(2)
    run = {"conditional_rows": (1,), "paint": random_paint(3), "paint_weight": 3.0}
    full = painted(unet, latents, context, sigma=14.0, **run)
    half = copy.deepcopy(unet).to(torch.bfloat16)
    with torch.inference_mode():
        out = painted(half, latents.bfloat16(), context.bfloat16(), sigma=14.0, **run)
    assert out.dtype == torch.bfloat16 and out.isfinite().all()
    torch.testing.assert_close(out.float(), full, atol=0.1, rtol=0.1)


# The bias as a mask of the fused attention


@pytest.fixture
def masked(monkeypatch) -> list[Tensor]:
    """Lets paint go as a mask, and gathers the masks that layers gave to the fused attention."""
    take("mask", monkeypatch)
    seen: list[Tensor] = []
    fused = torch.nn.functional.scaled_dot_product_attention

    def look(query, keys, values, attn_mask=None, **options):
        if attn_mask is not None:
            seen.append(attn_mask)
        return fused(query, keys, values, attn_mask=attn_mask, **options)

    monkeypatch.setattr(torch.nn.functional, "scaled_dot_product_attention", look)
    return seen


def test_a_mask_is_aligned_and_each_pixels_largest_bias_is_nothing(unet, masked):
    run = {"conditional_rows": (1,), "paint": [2 * each for each in random_paint(3)], "paint_weight": 1.0}
    painted(unet, noise(2), text(2), **run)
    assert len(masked) == 10
    for mask in masked:
        assert mask.shape[-1] == TOKENS and mask.stride(-2) % 8 == 0 and mask.stride(-1) == 1
        assert torch.equal(mask[1].amax(dim=-1), torch.zeros_like(mask[1, ..., 0]))
        assert mask.min() < 0


@pytest.mark.parametrize("dtype", [torch.float16, torch.bfloat16])
def test_in_half_precision_the_mask_is_as_near_as_materialised_scores_are(unet, monkeypatch, dtype):
    import copy

    latents, context = noise(2), text(2)
    run = {"conditional_rows": (1,), "paint": random_paint(3), "paint_weight": 1.0, "sigma": 14.0}
    true = painted(unet, latents, context, **run)
    half, errors = copy.deepcopy(unet).to(dtype), []
    for way in ("apart", "mask"):
        take(way, monkeypatch)
        out = painted(half, latents.to(dtype), context.to(dtype), **run)
        errors.append(float((out.float() - true)[1].square().mean().sqrt()))
    assert errors[1] < 1.5 * errors[0] + 1e-4


@pytest.mark.parametrize("pixelwise", [False, True])
def test_a_mask_and_materialised_scores_agree_with_token_biases_present_tokens_and_heatmaps(
    unet, monkeypatch, pixelwise
):
    latents, context = noise(4), text(4)
    keys = [torch.zeros(4, height * width if pixelwise else 1, TOKENS) for height, width in level_sizes(*SIZE, 3)]
    for level in keys:
        level[..., 8:], level[1, ..., 2] = -1e4, math.log(0.5)
    run = {"conditional_rows": (2, 3), "paint": random_paint(3), "paint_weight": 0.8, "keys": keys, "present": 8}
    found = []
    for way in ("apart", "mask"):
        take(way, monkeypatch)
        recorder = Recorder()
        found.append((painted(unet, latents, context, tap=recorder, **run), recorder.shares))
    torch.testing.assert_close(found[1][0], found[0][0], atol=2e-5, rtol=0)
    for (level, shares), (other, expected) in zip(found[1][1], found[0][1], strict=True):
        assert level == other
        torch.testing.assert_close(shares, expected, atol=1e-6, rtol=1e-4)


def test_buffers_stay_where_they_are_from_run_to_run(unet, path):
    control = install(unet)
    places = []
    for seed, weight in ((0, 1.0), (1, 0.5), (2, 2.0)):
        paint = random_paint(3, seed=seed)
        control.begin(context=text(2, seed=seed), conditional_rows=(1,), paint=paint, paint_weight=weight)
        for sigma in (9.0, 0.5):
            control.set_step(sigma=sigma)
        places.append([tensor.data_ptr() for tensor in control.buffers if tensor.numel()])
        control.end()
    assert places[0] == places[1] == places[2]
    control.uninstall()


# Installing, and what is refused


def test_uninstall_restores_the_very_processors_and_the_state_dict_never_changes(unet):
    before, keys = dict(unet.attn_processors), set(unet.state_dict())
    stock = call(unet, noise(2), text(2))
    control = install(unet)
    during = unet.attn_processors
    changed = {name for name in before if during[name] is not before[name]}
    assert changed == {name for name in before if ".attn2." in name} and len(changed) == 10
    assert set(unet.state_dict()) == keys
    control.uninstall()
    assert all(unet.attn_processors[name] is before[name] for name in before)
    assert torch.equal(call(unet, noise(2), text(2)), stock)


def test_processors_replaced_behind_our_back_are_noticed(unet):
    control = install(unet)
    unet.set_attn_processor(AttnProcessor2_0())
    with pytest.raises(InternalError, match="no effect"):
        control.begin(context=text(2), conditional_rows=(1,))


def test_another_text_than_the_runs_is_refused(unet):
    control, context = install(unet), text(2)
    control.begin(context=context, conditional_rows=(1,), paint=random_paint(3), paint_weight=1.0)
    control.set_step(sigma=5.0)
    with pytest.raises(InternalError, match="another text"):
        call(unet, noise(2), context.clone())


@pytest.mark.parametrize("rows", [(), (2,), (-1,), (1, 1)])
def test_rows_outside_the_batch_are_refused(unet, rows):
    control = install(unet)
    with pytest.raises(InternalError, match="rows"):
        control.begin(context=text(2), conditional_rows=rows)


@pytest.mark.parametrize("paint", [random_paint(2), random_paint(3, tokens=7)], ids=["a level short", "tokens short"])
def test_paint_that_does_not_fit_the_prompt_is_refused(unet, paint):
    control = install(unet)
    with pytest.raises(InternalError, match="fit the prompt"):
        control.begin(context=text(2), conditional_rows=(1,), paint=paint, paint_weight=1.0)


def test_paint_of_another_size_is_refused(unet):
    context = text(2)
    with pytest.raises(InternalError, match="does not fit the model"):
        painted(unet, noise(2), context, conditional_rows=(1,), paint=random_paint(3, size=(8, 8)), paint_weight=1.0)


def test_an_unknown_law_is_refused(unet):
    control = install(unet)
    with pytest.raises(BadRequest):
        control.begin(context=text(2), conditional_rows=(1,), law="boxdiff")


def test_a_unet_with_foreign_processors_is_refused_and_left_alone(unet):
    class Foreign(AttnProcessor2_0):
        pass

    unet.set_attn_processor(Foreign())
    before = dict(unet.attn_processors)
    with pytest.raises(UnsupportedModel, match="cannot be painted"):
        install(unet)
    assert unet.attn_processors == before


def test_a_model_without_cross_attention_is_refused():
    with pytest.raises(UnsupportedModel, match="no cross-attention"):
        AttentionControl(torch.nn.Linear(2, 2))
