"""Variants of where paint acts in joint attention: each is exactly its formula on what the layers were asked."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
import torch

from engine.attention import joint_parts, transformer_control
from engine.attention.laws import noise_gain
from engine.attention.placement import PLACEMENTS, placed
from tests.engine.families.harness import FamilyCase, FamilyTests, Look, Watched, half_mask, painted
from tests.tiny_cross_transformers import save_sd3
from tests.tiny_qwen_image import save_qwen_image
from tests.tiny_transformers import save_flux, save_z_image

SIGMA, WEIGHT = 1.5, 2.0
CASES = {
    "flux": FamilyCase(name="placed-flux", save=save_flux, stock=print, guidance=3.5),
    "qwen_image": FamilyCase(name="placed-qwen", save=save_qwen_image, stock=print, guidance=2.5),
    "z_image": FamilyCase(name="placed-z", save=save_z_image, stock=print, guidance=1.0),
    "sd3": FamilyCase(name="placed-sd3", save=save_sd3, stock=print, guidance=2.5),
}


def wanted(look: Look, layout, paint, seen, *, rows: bool, both: bool) -> torch.Tensor:
    """The output of a layer in float64, `[rows, length, heads, d]`, with the bias on image rows and on text rows."""
    query, key, value = (each.double().transpose(1, 2) for each in (look.query, look.key, look.value))
    groups = query.shape[1] // key.shape[1]
    key, value = key.repeat_interleave(groups, dim=1), value.repeat_interleave(groups, dim=1)
    scores = query @ key.transpose(-1, -2) * look.scale
    image, text = range(*layout.image), torch.tensor(seen) + layout.text[0]
    gain = noise_gain(WEIGHT, SIGMA)
    stock = scores.clone()
    for on, asked, answers, matrix in ((rows, image, text, paint), (both, text, image, paint.T)):
        if on:
            at = (slice(None), slice(None), torch.as_tensor(asked)[:, None], torch.as_tensor(answers)[None])
            block = stock[at]
            scores[at] = block + gain * block.amax(dim=(1, 2, 3), keepdim=True).clamp_min(0) * matrix
    if look.mask is not None:
        mask = look.mask
        while mask.ndim < 4:
            mask = mask.unsqueeze(1)
        scores = scores.masked_fill(~mask, -torch.inf) if mask.dtype == torch.bool else scores + mask.double()
    return (torch.softmax(scores, dim=-1) @ value).transpose(1, 2)


@pytest.mark.parametrize(
    ("kind", "name", "fused"),
    [(kind, name, False) for kind in CASES for name in PLACEMENTS] + [("flux", name, True) for name in PLACEMENTS],
)
def test_each_variant_is_its_formula(
    kind: str, name: str, fused: bool, family_folder: Callable[[FamilyCase], Path], monkeypatch
) -> None:
    monkeypatch.setattr(joint_parts, "prefers_mask", lambda device: fused)
    helper = FamilyTests()
    FamilyTests.case = case = CASES[kind]
    watched = Watched(family_folder(case), monkeypatch)
    family = watched.family
    words = (
        painted("lake", 1, half_mask(case.size)),
        painted("sky", 1, half_mask(case.size, left=False), strength=0.5),
    )
    brief = helper.brief(family, words, paint_weight=WEIGHT)
    torch.manual_seed(1)
    x = torch.randn(1, family.channels, *family.latent_size(*case.size)) * SIGMA
    with placed(PLACEMENTS[name]):
        family.begin(brief)
    family.denoise(x, SIGMA, timestep=family.noise.timestep(SIGMA), fraction=0.3)
    layout = family.control._run.layout
    seen = list(brief.context.seen or range(layout.tokens))
    paint = torch.from_numpy(family._paint.matrices((0, 1))[0]).double()[:, seen]
    family.end()
    paths, chosen = family.control.paths, PLACEMENTS[name].layers(family.control.paths)
    assert len(watched.looks) == len(paths) and chosen
    for path, look in zip(paths, watched.looks, strict=True):
        on = path in chosen
        expected = wanted(look, layout, paint, seen, rows=on, both=on and PLACEMENTS[name].both)
        text, cells = slice(*layout.text), slice(*layout.image)
        for part in (cells, text):
            assert (look.out[:, part].double() - expected[:, part]).abs().max() < 1e-4 * max(
                1.0, float(expected.abs().max())
            )
    assert transformer_control.PLACEMENT.get() is None


def test_the_layers_that_are_chosen():
    paths = ("transformer_blocks.0.attn", "transformer_blocks.1.attn", "single_transformer_blocks.0.attn")
    assert PLACEMENTS["image"].layers(paths) == frozenset(paths)
    assert PLACEMENTS["double"].layers(paths) == frozenset(paths[:2])
    assert PLACEMENTS["second"].layers(paths) == {paths[0], paths[2]}
