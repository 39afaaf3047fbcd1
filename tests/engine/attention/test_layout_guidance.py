"""A steered latent draws more of the words' own attention into their paint; odd gradients move nothing."""

from __future__ import annotations

from contextlib import nullcontext, suppress

import numpy as np
import pytest
import torch

from engine.attention.control import install
from engine.attention.layout_guidance import (
    STRIDE,
    EnergyRecorder,
    EnergyTargets,
    GradientScale,
    SeenEnough,
    descend,
    move,
)
from engine.attention.masks import Paint
from engine.models.families.layout_energy import checkpointed
from engine.protocol import PaintedWord
from tests.tiny import tiny_unet

LEFT = np.zeros((64, 64), np.uint8)
LEFT[:, :24] = 255


def paint_of(strength: float = 1.0) -> Paint:
    words = [PaintedWord(span=(0, 1), mask=LEFT, strength=strength)]
    return Paint(words, [(2, 3)], latent_size=(8, 8), levels=3, tokens=9)


def targets_of(paint: Paint) -> EnergyTargets:
    return EnergyTargets(paint, (0,), torch.device("cpu"))


def energy_of(unet, control, paint, x) -> torch.Tensor:
    targets = targets_of(paint)
    tap = EnergyRecorder(targets, stop_after=targets.counted(control.layers))
    with control.alone(tap) as context, suppress(SeenEnough):
        unet(x, 500, encoder_hidden_states=context, return_dict=False)
    return tap.energy()


@pytest.mark.parametrize("strength", [1.0, -1.0])
def test_a_few_moves_lower_the_energy_on_a_real_unet(strength):
    unet = tiny_unet().eval().requires_grad_(False)
    context = 3 * torch.randn(2, 9, 32, generator=torch.Generator().manual_seed(0))
    x = torch.randn(1, 4, 8, 8, generator=torch.Generator().manual_seed(1))
    paint, control = paint_of(strength), install(unet)
    control.begin(context=context, conditional_rows=(1,), paint=paint, paint_weight=1.0)
    control.set_step(sigma=4.0)
    energies = []
    for _ in range(5):
        x = x.detach().requires_grad_()
        energy = energy_of(unet, control, paint, x)
        energies.append(energy.item())
        x = x + move(torch.autograd.grad(energy, x)[0], 1.0)
    assert energies[-1] < 0.98 * energies[0]


def test_a_run_goes_on_as_it_was_after_the_rows_were_alone():
    unet = tiny_unet().eval().requires_grad_(False)
    context = torch.randn(2, 9, 32, generator=torch.Generator().manual_seed(0))
    x = torch.randn(2, 4, 8, 8, generator=torch.Generator().manual_seed(1))
    paint, control = paint_of(), install(unet)
    control.begin(context=context, conditional_rows=(1,), paint=paint, paint_weight=1.0)
    control.set_step(sigma=4.0)
    before = unet(x, 500, encoder_hidden_states=context, return_dict=False)[0]
    energy_of(unet, control, paint, x[:1])
    assert torch.equal(before, unet(x, 500, encoder_hidden_states=context, return_dict=False)[0])


def test_attention_inside_the_paint_has_no_energy_and_outside_all_of_it():
    tap = EnergyRecorder(targets_of(paint_of()))
    inside = torch.zeros(1, 2, 8, 8, 9)
    inside[:, :, :, :3, 2] = 0.7
    tap.add(0, inside.flatten(2, 3))
    assert float(tap.energy()) == pytest.approx(0, abs=1e-6)
    tap = EnergyRecorder(targets_of(paint_of()))
    tap.add(0, inside.flip(3).flatten(2, 3))
    assert float(tap.energy()) == pytest.approx(1, abs=1e-6)
    assert EnergyRecorder(targets_of(paint_of())).energy() is None


def test_a_move_is_as_long_as_it_says_and_nothing_where_there_is_no_gradient():
    gradient = torch.randn(2, 4, 8, 8)
    gradient[1] = 0
    moved = move(gradient, 3.0)
    assert moved[0].square().mean().sqrt() == pytest.approx(3.0 * STRIDE, rel=1e-4)
    assert not moved[1].any(), "the other sample has no gradient"
    assert not move(gradient * torch.inf, 3.0).isnan().any()


@pytest.mark.parametrize("size", [1e-12, 1e-5, 1.0, 1e5, 1e9])
def test_after_a_gradient_that_half_precision_loses_the_next_ones_are_taken_at_another_scale(size, caplog):
    """Its way back leads through float16 numbers, which end at 6e-8 and at 65504."""
    start = torch.randn(1, 4, 8, 8, generator=torch.Generator().manual_seed(0))

    def energy():
        x = start.clone().requires_grad_()
        return nullcontext((x.half().float().square().sum() * size, x))

    scale = GradientScale()
    moves = [descend(energy, 2.0, scale, exact=False) for _ in range(6)]
    lost = not moves[0].any()
    assert lost == (size in (1e-12, 1e5, 1e9))
    for moved in moves[-2:]:  # the scale stays
        assert moved.square().mean().sqrt() == pytest.approx(2.0 * STRIDE, rel=1e-2)
        assert (moved * start).sum() < 0, "downhill"
    scale.report()
    assert ("gradient steps were lost" in caplog.text) == lost


@pytest.mark.parametrize("exact", [True, False])
def test_a_gradient_that_stays_lost_moves_nothing_and_is_said(caplog, exact):
    def vanished():
        x = torch.randn(1, 4, 8, 8).requires_grad_()
        return nullcontext(((x * 0).sum(), x))

    def overflowed():
        x = torch.zeros(1, 4, 8, 8).requires_grad_()
        return nullcontext((x.sqrt().sum(), x))

    for energy in (vanished, overflowed):
        scale = GradientScale()
        assert not descend(energy, 2.0, scale, exact=exact).any()
        caplog.clear()
        scale.report()
        assert "1 gradient steps were lost" in caplog.text


def test_the_denoiser_is_left_after_the_last_layer_that_counts_with_the_same_gradient():
    unet = tiny_unet().eval().requires_grad_(False)
    context = 3 * torch.randn(2, 9, 32, generator=torch.Generator().manual_seed(0))
    x = torch.randn(1, 4, 8, 8, generator=torch.Generator().manual_seed(1)).requires_grad_()
    paint, control = paint_of(), install(unet)
    control.begin(context=context, conditional_rows=(1,), paint=paint, paint_weight=1.0)
    control.set_step(sigma=4.0)
    targets = targets_of(paint)
    targets.members[0] = None  # as on a picture whose finest level is too large to count
    ended, gradients = [], []
    unet.conv_out.register_forward_hook(lambda *_: ended.append(True))
    for stop_after, way in (
        (targets.counted(control.layers), nullcontext()),
        (0, nullcontext()),
        (7, checkpointed(unet)),
    ):
        assert not stop_after or stop_after == targets.counted(control.layers)
        tap = EnergyRecorder(targets, stop_after=stop_after)
        with control.alone(tap) as alone, way:
            with suppress(SeenEnough):
                unet(x, 500, encoder_hidden_states=alone, return_dict=False)
            gradients.append(torch.autograd.grad(tap.energy(), x)[0])
    assert ended == [True], "only the run that was not told when to stop went to the end"
    assert torch.equal(gradients[0], gradients[1])
    assert torch.equal(gradients[0], gradients[2]), "blocks that are computed again give the same"
