"""The life of a run of painted attention: what it computes once, what it forgets, and what is refused."""

from __future__ import annotations

import pytest
import torch
from diffusers.models.attention_processor import AttnProcessor2_0

from engine.attention.control import AttentionControl, install
from engine.errors import BadRequest, InternalError, UnsupportedModel
from tests.engine.attention.painted_unet import call, noise, painted, random_paint, text


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
    with pytest.raises(InternalError, match="a different text"):
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
