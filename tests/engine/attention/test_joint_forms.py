"""The exact forms of joint attention, against the formula in float64."""

from __future__ import annotations

import pytest
import torch
from torch import Tensor

from engine.attention.joint_forms import by_low_rank, by_mask, by_split

FORMS = {"split": by_split, "mask": by_mask, "low rank": by_low_rank}
TOKENS, CELLS, HEADS, WIDTH = 12, 48, 2, 16


def case(*, first: bool, rows: int = 2) -> tuple[Tensor, Tensor, Tensor, slice, Tensor, Tensor]:
    generator = torch.Generator().manual_seed(5)
    query, key, value = (
        torch.randn(rows, HEADS, count, WIDTH, generator=generator) * size
        for count, size in ((CELLS, 2.0), (TOKENS + CELLS, 1.5), (TOKENS + CELLS, 1.0))
    )
    paint = torch.zeros(1, 1, CELLS, TOKENS)
    paint[..., :20, 2], paint[..., 10:30, 3:5], paint[..., 40:, 7] = 1.0, 0.4, -1.5
    paint[..., 30:33, :] = 0.25  # all tokens at once: against the rest of the sequence
    text = slice(0, TOKENS) if first else slice(CELLS, CELLS + TOKENS)
    return query, key, value, text, paint, torch.tensor([0.0, 7.0]).view(2, 1, 1, 1)[:rows]


def wanted(query: Tensor, key: Tensor, value: Tensor, text: slice, paint: Tensor, number: Tensor, scale: float):
    scores = query.double() @ key.double().transpose(-1, -2) * scale
    scores[..., text] += paint.double() * number.double()
    return scores.softmax(-1) @ value.double()


@pytest.mark.parametrize("scale", [None, 0.1])
@pytest.mark.parametrize("first", [True, False], ids=["text first", "image first"])
@pytest.mark.parametrize("form", FORMS)
def test_a_form_is_the_formula(form: str, first: bool, scale: float | None) -> None:
    given = case(first=first)
    found = FORMS[form](*given, scale)
    assert (found - wanted(*given, scale or WIDTH**-0.5)).abs().max() < 3e-5


@pytest.mark.parametrize("form", ["split", "mask"])
def test_half_precision_is_as_exact_as_it_can_be(form: str) -> None:
    """A strong bias in half precision: each cell's largest is subtracted, and nothing that counts is rounded."""
    query, key, value, text, paint, number = case(first=True)
    half = [each.to(torch.bfloat16) for each in (query, key, value)]
    number = number * 40.0
    found = FORMS[form](*half, text, paint, number)
    exact = wanted(*half, text, paint, number, WIDTH**-0.5)
    assert found.dtype == torch.bfloat16 and (found.double() - exact).abs().max() < 5e-2


def test_text_alone_can_be_all_there_is() -> None:
    query, key, value, _, paint, number = case(first=True)
    alone = (query, key[:, :, :TOKENS], value[:, :, :TOKENS], slice(0, TOKENS), paint, number)
    for form in FORMS.values():
        assert (form(*alone, None) - wanted(*alone, WIDTH**-0.5)).abs().max() < 3e-5
