"""Painted attention word by word: unpainted words, style tokens, strengths and windows."""

from __future__ import annotations

import math

import pytest
import torch

from engine.attention.control import install
from engine.attention.masks import Paint
from tests.engine.attention.painted_unet import SIZE, TOKENS, call, noise, painted, random_paint, text, top_half, word


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
