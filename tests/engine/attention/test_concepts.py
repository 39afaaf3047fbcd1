"""Concept heatmaps against the paper's formula in float64, in a real transformer whose picture they leave as it is."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import torch

from engine.attention.concepts import ConceptReader, later_layers
from engine.errors import BadRequest, UnsupportedModel
from engine.lab.concept_maps import by_attention, by_concepts, check_joint, share_in_paint
from engine.models.families.base import RunConfig
from engine.models.library import Library
from tests.engine.families.harness import PROMPT, half_mask, painted
from tests.tiny_cross_transformers import save_sd3
from tests.tiny_qwen_image import save_qwen_image
from tests.tiny_qwen_image21 import save_qwen_image21
from tests.tiny_transformers import save_flux, save_z_image

SIGMA, SIZE = 1.5, (96, 64)
JOINT = {"flux": save_flux, "qwen_image": save_qwen_image, "z_image": save_z_image, "sd3": save_sd3}


@pytest.fixture(scope="module")
def loaded(tmp_path_factory) -> Callable[[Callable[[Path], Any]], Any]:
    kept: dict[Any, Any] = {}

    def load(save: Callable[[Path], Any]) -> Any:
        if save not in kept:
            folder = tmp_path_factory.mktemp("joint") / save.__name__
            save(folder)
            kept[save] = Library(folder.parent / "none").load(folder, "cpu")
        return kept[save]

    return load


def brief_of(family: Any) -> RunConfig:
    words = (painted("lake", 1, half_mask(SIZE)), painted("sky", 1, half_mask(SIZE, left=False)))
    return RunConfig(context=family.encode(PROMPT, ""), words=words, size=SIZE, guidance=1.0, heatmaps=True)


def latents_of(family: Any) -> torch.Tensor:
    torch.manual_seed(5)
    return torch.randn(1, family.channels, *family.latent_size(*SIZE)) * SIGMA


@pytest.mark.parametrize("kind", JOINT)
def test_the_maps_are_the_papers_and_the_picture_is_not_touched(kind: str, loaded, monkeypatch) -> None:
    family = loaded(JOINT[kind])
    seen, outputs = [], []
    call, predict = ConceptReader.__call__, family.denoiser.predict
    readers: list[ConceptReader] = []

    def noted(reader: ConceptReader, path: str, stock: Any, query, key, value, **rest) -> torch.Tensor:
        out = call(reader, path, stock, query, key, value, **rest)
        readers.append(reader)
        seen.append((path, query, key, value, rest.get("scale") or query.shape[-1] ** -0.5, out))
        return out

    def kept(*arguments: Any) -> torch.Tensor:
        outputs.append((arguments, predict(*arguments)))
        return outputs[-1][1]

    monkeypatch.setattr(ConceptReader, "__call__", noted)
    monkeypatch.setattr(family.denoiser, "predict", kept)
    x = latents_of(family)
    found = by_concepts(family, brief_of(family), PROMPT, x, SIGMA)
    layout, members = readers[0]._layout, readers[0]._members.double()
    image, first, count = slice(*layout.image), layout.text[0], members.shape[1]
    shares = []
    for path, query, key, value, scale, out in seen:
        q, k, v = (each.double() for each in (query, key, value))
        groups = q.shape[2] // k.shape[2]
        k, v = k.repeat_interleave(groups, dim=2), v.repeat_interleave(groups, dim=2)
        keys, values = (torch.cat([each[0, image], each[1, first : first + count]]) for each in (k, v))
        scores = torch.einsum("khd,shd->hks", q[1, first : first + count], keys) * scale
        gathered = torch.einsum("hks,shd->khd", scores.softmax(-1), values)
        assert (out[1, first : first + count].double() - gathered).abs().max() < 1e-4 * max(1, gathered.abs().max())
        assert torch.equal(out[0, image], out[1, image]), "the same picture in both rows"
        if path in later_layers(family.control.paths):
            concepts = members @ gathered.flatten(1)
            shares.append((out[0, image].double().flatten(1) @ concepts.T).softmax(-1))
    wanted = torch.stack(shares).mean(0).T.unflatten(-1, layout.grid)
    assert len(shares) == readers[0].looks > 0 and found.maps.shape == (2, *layout.grid)
    assert (found.maps.double() - wanted[:2]).abs().max() < 1e-3
    # The concepts ask, and nobody asks them: the picture's prediction is that of the prompt alone.
    (rows, moment, text, guidance), both = outputs[0]
    alone = predict(rows[:1], moment, text.part(0, 1), guidance)
    assert torch.allclose(both[:1], alone, atol=1e-4) and torch.allclose(both[1:], alone, atol=1e-4)


def test_both_ways_are_scored_alike_in_one_run(loaded) -> None:
    family = check_joint(loaded(save_flux))
    brief, x = brief_of(family), latents_of(family)
    family.begin(brief)
    ways = by_attention(family, brief, x, SIGMA), by_concepts(family, brief, PROMPT, x, SIGMA)
    for looked in ways:
        shares = share_in_paint(family, looked)
        halves = [
            looked.maps[0][:, :3].sum() / looked.maps[0].sum(),
            looked.maps[1][:, 3:].sum() / looked.maps[1].sum(),
        ]
        assert shares == pytest.approx([float(half) for half in halves], abs=1e-5)
    again = by_attention(family, brief, x, SIGMA)
    family.end()
    assert again.maps.shape == (2, 4, 6) and torch.isfinite(ways[1].maps).all()


def test_a_concept_need_not_be_in_the_prompt_and_too_many_are_refused(loaded) -> None:
    family = loaded(save_qwen_image)
    brief, x = brief_of(family), latents_of(family)
    found = by_concepts(family, brief, PROMPT, x, SIGMA, others=("grass", "dog"))
    other = by_concepts(family, brief, PROMPT, x, SIGMA, others=("grass",))
    assert found.maps.shape[0] == 2 and (found.maps - other.maps).abs().max() > 1e-5
    with pytest.raises(BadRequest, match="tokens") as caught:
        by_concepts(family, brief, PROMPT, x, SIGMA, others=("a house and a dog by the lake",) * 20)
    assert caught.value.hint


def test_text_that_never_sees_the_picture_has_no_concepts(loaded) -> None:
    with pytest.raises(UnsupportedModel, match="joint attention"):
        check_joint(loaded(save_qwen_image21))
    with pytest.raises(UnsupportedModel, match="joint attention"):
        check_joint(object())


def test_the_layers_that_count_are_the_later_half_of_those_with_weights_for_text() -> None:
    flux = [f"transformer_blocks.{n}.attn" for n in range(19)] + [
        f"single_transformer_blocks.{n}.attn" for n in range(38)
    ]
    assert later_layers(flux) == tuple(flux[9:19])
    assert later_layers(flux[19:23]) == tuple(flux[21:23])
