"""CLIP guidance: nearer looks, in the area alone, at a stated cost, and nothing where it is 0 or cannot be."""

from __future__ import annotations

import numpy as np
import pytest
import torch

from engine.errors import BadRequest, UnsupportedModel
from engine.protocol import GenerateRequest, StyleReference
from engine.taste.pulling import looks_of, pull_of
from tests.engine.taste.test_mood import kept, library, looks, picture  # noqa: F401  (fixtures among them)

LEFT = np.zeros((64, 64), np.uint8)
LEFT[:, :32] = 255


def request(model, **more):
    asked = {"id": "1", "prompt": "a lake", "width": 64, "height": 64, "model": str(model), "clip_guidance": 1.0}
    return GenerateRequest.of(**{**asked, **more})


def likeness(family, latents, box, rgb):
    left, top, right, bottom = box
    shown = family.coder.decode_along(latents)[..., top:bottom, left:right]
    return float(looks_of(family.image.states(shown))[0] @ looks_of(family.image.read(rgb))[0])


@pytest.mark.parametrize("mask", [None, LEFT], ids=["everywhere", "left"])
def test_looks_come_nearer_and_outside_of_the_area_nothing_moves(conditioned_folder, library, looks, mask):  # noqa: F811
    family = library.load(str(conditioned_folder), "cpu")
    style = StyleReference(rgb=looks[0], strength=0.0, mask=mask)
    pull = pull_of(request(conditioned_folder, styles=(style,), clip_guidance=0.2), family, library)
    x0 = torch.randn(2, 4, *family.latent_size(64, 64), generator=torch.Generator().manual_seed(1))
    box = (0, 0, 64 if mask is None else 32, 64)
    with torch.inference_mode():
        moved = x0
        for _ in range(4):
            moved = pull(moved)
        before, after = (likeness(family, each[:1], box, looks[0]) for each in (x0, moved))
    assert after > before + 1e-4 and pull.counts == [8, 8]
    half = x0.shape[-1] // 2
    assert torch.equal(moved[..., half:], x0[..., half:]) == (mask is not None)
    assert not torch.equal(moved[..., :half], x0[..., :half])


def test_a_request_is_led_to_its_styles_and_its_mood(conditioned_folder, library, looks):  # noqa: F811
    kept("pulled", looks[:2], looks[2:4], library, conditioned_folder)
    far = {"mood": "pulled", "mood_weight": 0.0}
    plain = picture(library, conditioned_folder)
    assert np.array_equal(picture(library, conditioned_folder, **far, clip_guidance=0.0), plain)
    led = picture(library, conditioned_folder, **far, clip_guidance=2.0)
    assert not np.array_equal(led, plain)
    both = (StyleReference(rgb=looks[0], strength=0.0, mask=LEFT),)
    assert not np.array_equal(picture(library, conditioned_folder, **far, styles=both, clip_guidance=2.0), led)


def test_it_is_said_where_it_cannot_be(conditioned_folder, tiny_sd_folder, library, looks):  # noqa: F811
    with pytest.raises(BadRequest, match="nothing to lead to"):
        picture(library, conditioned_folder, clip_guidance=1.0)
    with pytest.raises(UnsupportedModel, match="no image encoder of its own"):
        picture(library, tiny_sd_folder, clip_guidance=1.0)
    with pytest.raises(BadRequest, match="CLIP guidance"):
        picture(library, conditioned_folder, styles=(StyleReference(rgb=looks[0]),), clip_guidance=11.0)


def test_a_small_area_is_seen_with_what_lies_around_it(conditioned_folder, library, looks):  # noqa: F811
    family = library.load(str(conditioned_folder), "cpu")
    dot = np.zeros((64, 64), np.uint8)
    dot[60:62, 30:32] = 90
    pull = pull_of(request(conditioned_folder, styles=(StyleReference(rgb=looks[0], mask=dot),)), family, library)
    (target,) = pull._targets
    left, top, right, bottom = target.box
    assert (right - left, bottom - top) == (32, 32) and bottom == 64 and left <= 30 and target.share.max() > 0
