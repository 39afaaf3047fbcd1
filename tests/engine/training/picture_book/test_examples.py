"""What the denoiser is told of a scene: who reads the caption, where its words are, and which reference is shown."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
import torch

from engine.training.conditions import MAX_LENGTH, STYLE_TOKENS, WIDTH
from engine.training.picture_book.denoiser import new_conditions
from engine.training.picture_book.examples import Examples
from engine.training.picture_book.shards import ShardStore
from engine.training.picture_book.styles import style_of
from resources.picture_tokens import COUNT


@pytest.fixture(scope="module")
def examples(made: Path) -> Examples:
    return Examples(ShardStore(made / "shards"), new_conditions(), np.random.default_rng(0), 32)


def test_truth_and_paint_stand_at_heard_tokens_only(examples: Examples) -> None:
    batch = examples(48)
    for row in range(48):
        places = batch.truth[row].sum(0).nonzero()[:, 0]
        for place in places.tolist():
            assert batch.inputs.clip[row] if place < MAX_LENGTH else batch.inputs.t5[row]
            assert not MAX_LENGTH <= place < MAX_LENGTH + STYLE_TOKENS
        if not batch.inputs.prompts[row]:
            assert len(places) == 0
    assert (batch.paint.sum((1, 2)) > 0).any() and (batch.weight == 0).any()


def test_all_encoders_are_dropped_at_times_and_never_both_texts(examples: Examples) -> None:
    rows = [examples(64).inputs for _ in range(4)]
    clip, t5, styled = (torch.cat([getattr(told, name) for told in rows]) for name in ("clip", "t5", "styled"))
    assert (clip | t5).all()
    for flags in (clip, t5, styled):
        assert 0 < flags.float().mean() < 1
    assert any(not prompt for told in rows for prompt in told.prompts)


def test_rows_without_a_reference_hear_tokens_that_say_nothing_at_times(examples: Examples) -> None:
    rows = [examples(64).inputs for _ in range(4)]
    styled, garbled = (torch.cat([getattr(told, name) for told in rows]) for name in ("styled", "garbled"))
    assert not (styled & garbled).any()
    assert 0.1 < garbled.sum() / (~styled).sum() < 0.4
    assert all(sorted(told.disorder.tolist()) == list(range(STYLE_TOKENS * WIDTH)) for told in rows)
    assert not torch.equal(rows[0].disorder, rows[1].disorder), "another order each time: none is learnt by heart"


def test_in_windows_nearly_all_are_told_and_painted(made: Path) -> None:
    store, conditions = ShardStore(made / "shards"), new_conditions()
    shares = []
    for side in (8, 32):
        batch = Examples(store, conditions, np.random.default_rng(0), side)(200)
        shares.append((batch.weight == 0).float().mean())
    assert all(0.05 < share < 0.22 for share in shares)


def test_without_paint_no_word_of_any_example_has_any(made: Path) -> None:
    batch = Examples(ShardStore(made / "shards"), new_conditions(), np.random.default_rng(0), 16, painted=False)(64)
    assert any(batch.inputs.prompts) and not batch.paint.any() and not batch.weight.any()


def test_other_styles_have_the_share_that_is_asked_for(made: Path) -> None:
    store, conditions = ShardStore(made / "shards"), new_conditions()
    names = {part.name for number in range(len(store)) for part in store[number].parts}
    shares = []
    for styled in (0.0, 0.3):
        examples = Examples(store, conditions, np.random.default_rng(0), 32, names, styled)
        shown = {number for number in range(len(store)) if style_of(store.seed(number)).shows}
        drawn = [number for scenes in (examples._scenes() for _ in range(400)) for number in scenes[:1]]
        shares.append(np.mean([number in shown for number in drawn]))
    assert shares[0] == 0 and 0.2 < shares[1] < 0.4


def test_picture_tokens_have_their_part_of_the_truth_and_of_the_paint(examples: Examples) -> None:
    batch, seen = examples(64), 0
    for row, prompt in enumerate(batch.inputs.prompts):
        if not batch.inputs.t5[row]:
            continue
        truth, paint = (planes[row].unflatten(0, (32, 32)) for planes in (batch.truth, batch.paint))
        pictures = [(place, part) for place, part in examples.conditions.pictures(prompt).items()]
        for (first, _), (last, _) in zip(pictures[::COUNT], pictures[COUNT - 1 :: COUNT], strict=True):
            word = truth[..., first - 1]
            if not word.any():
                continue
            assert torch.equal(truth[..., first : last + 1].sum(-1) > 0, word > 0)
            # The upper left part is higher than the lower right one, in the truth and in the paint.
            for planes in (truth, paint):
                rows = [planes[..., place].nonzero()[:, 0].float() for place in (first, last)]
                if all(map(len, rows)):
                    assert rows[0].min() <= rows[1].min()
            seen += 1
    assert seen > 20
