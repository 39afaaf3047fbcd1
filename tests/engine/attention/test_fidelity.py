"""The dial switches its pieces on in order; what a request asks for is checked, and each piece does its part."""

from __future__ import annotations

import dataclasses
import math

import numpy as np
import pytest
import torch

from engine import find_span
from engine.attention.fidelity import NONE, acting, at_dial, resolve, steered, with_words
from engine.attention.laws import LAWS
from engine.attention.masks import Paint
from engine.errors import BadRequest
from engine.protocol import Failed, Fidelity, Finished, ImageReady, PaintedWord
from engine.validation import check_fidelity
from tests.engine.test_pipeline import PROMPT, of, painted


def test_the_dial_runs_from_nothing_to_everything():
    assert at_dial(0.0) == NONE
    end = at_dial(1.0)
    assert end.containment == end.separation == 1.0 and end.gradient_steps == 5


def test_no_piece_falls_as_the_dial_is_turned_up():
    places = [at_dial(x / 50) for x in range(51)]
    for piece in ("containment", "separation", "gradient_steps"):
        values = [getattr(place, piece) for place in places]
        assert values == sorted(values)
    assert len(set(places)) > 30


def test_only_the_houses_own_law_has_a_default():
    assert resolve(None, law="default", default=0.5) == at_dial(0.5)
    assert resolve(None, law="ediffi", default=0.5) == NONE
    assert resolve(0.25, law="ediffi", default=0.5) == at_dial(0.25)
    pieces = Fidelity(separation=0.3)
    assert resolve(pieces, law="default", default=0.5) is pieces


@pytest.mark.parametrize(
    "asked",
    [
        -0.1,
        1.1,
        math.nan,
        "loose",
        True,
        Fidelity(containment=2.0),
        Fidelity(separation=math.nan),
        Fidelity(gradient_steps=11),
        Fidelity(gradient_steps=1.5),  # type: ignore[arg-type]
    ],
)
def test_what_is_out_of_range_is_told(asked):
    with pytest.raises(BadRequest) as caught:
        check_fidelity(asked)
    assert "number" in caught.value.hint


@pytest.mark.parametrize("asked", [None, 0, 1, 0.5, Fidelity(), Fidelity(gradient_steps=10)])
def test_what_is_in_range_passes(asked):
    check_fidelity(asked)


WORDS = (painted(), painted("sky", revision=2, strength=0.7))


@pytest.mark.parametrize(
    "piece", [Fidelity(containment=1.0), Fidelity(separation=1.0), Fidelity(gradient_steps=2), 0.9], ids=str
)
def test_each_piece_alone_changes_the_picture_and_the_models_layers_stay_their_own(run, piece):
    lower = np.zeros((64, 64), np.uint8)
    lower[40:] = 255
    words = (painted(), PaintedWord(span=find_span(PROMPT, "sky"), mask=lower, revision=3))
    plain = of(run(words=words, paint_weight=1.0, fidelity=0.0), ImageReady)[0].rgb
    other = {"words": words, "fidelity": piece}
    if isinstance(piece, float):  # of one word alone
        other = {"words": (dataclasses.replace(words[0], fidelity=piece), words[1]), "fidelity": 0.0}
    assert not np.array_equal(plain, of(run(paint_weight=1.0, **other), ImageReady)[0].rgb)
    assert np.array_equal(plain, of(run(words=words, paint_weight=1.0, fidelity=0.0), ImageReady)[0].rgb)


def test_without_paint_the_dial_does_nothing(run):
    plain = of(run(fidelity=0.0), ImageReady)[0].rgb
    assert np.array_equal(plain, of(run(fidelity=1.0), ImageReady)[0].rgb)


def test_containment_keeps_a_words_attention_in_its_paint():
    scores = torch.randn(1, 2, 64, 4, generator=torch.Generator().manual_seed(0))
    shares = []
    for amount in (0.0, 0.5, 1.0):
        paint = Paint([painted()], [(2,)], latent_size=(8, 8), levels=1, tokens=4, containment=amount)
        (matrix,) = paint.matrices((0,))
        bias = LAWS["ediffi"](scores, torch.from_numpy(matrix), 1.0, 5.0)
        drawn = torch.softmax(scores + bias, dim=-1)[..., 2].mean(dim=(0, 1)).reshape(8, 8)
        inside = torch.from_numpy(paint.coverage(0, 0) > 0)
        shares.append(float(drawn[inside].sum() / drawn.sum()))
    assert shares == sorted(shares) and shares[2] > shares[0] + 0.02


def test_the_same_request_gives_the_same_picture_at_the_dials_end(run):
    first, second = (of(run(words=(painted(),), fidelity=1.0, seed=5), ImageReady)[0].rgb for _ in range(2))
    assert np.array_equal(first, second)


def areas(kind: str) -> list[np.ndarray]:
    blank = np.zeros((64, 64), np.uint8)
    dot = blank.copy()
    dot[20, 20] = 255
    full = np.full_like(blank, 255)
    return {"dots": [dot, dot.T.copy()], "everything": [full, full], "same": [dot, dot], "nothing": [blank, blank]}[
        kind
    ]


@pytest.mark.parametrize("strength", [-10.0, -2.0, 2.0, 10.0])
@pytest.mark.parametrize("kind", ["dots", "everything", "same", "nothing"])
def test_odd_areas_with_strengths_at_their_limits_at_the_dials_end_make_a_picture(run, kind, strength):
    spans = (find_span(PROMPT, "lake"), find_span(PROMPT, "sky"))
    words = tuple(
        PaintedWord(span=span, mask=mask, strength=strength) for span, mask in zip(spans, areas(kind), strict=True)
    )
    with np.errstate(all="raise"):
        events = run(words=words, paint_weight=10.0, fidelity=1.0, obedience=True, watched=spans)
    assert isinstance(events[-1], Finished), events[-1]
    image = events[-1].images[0]
    assert image.rgb.std() > 0 and np.isfinite(image.heatmaps).all()
    assert all(score is None or 0 <= score <= 1 for score in image.obedience)


def test_sixty_four_words_at_the_dials_end_make_a_picture(run):
    prompt = " ".join(["lake", "sky"] * 32)
    words = []
    for number in range(64):
        start = sum(len(word) + 1 for word in prompt.split()[:number])
        mask = np.zeros((64, 64), np.uint8)
        mask[number // 8 * 8 : number // 8 * 8 + 8, number % 8 * 8 : number % 8 * 8 + 8] = 255
        words.append(PaintedWord(span=(start, start + len(prompt.split()[number])), mask=mask))
    events = run(prompt=prompt, words=tuple(words), fidelity=1.0, obedience=True, steps=2)
    assert isinstance(events[-1], Finished), events[-1]
    assert len(events[-1].images[0].obedience) == 64


def test_a_dial_out_of_range_fails_the_request(run):
    failed = run(fidelity=2.0)[-1]
    assert isinstance(failed, Failed) and "fidelity" in failed.error.message


def test_a_words_own_fidelity_takes_the_place_of_the_requests():
    scene = at_dial(0.4)
    mask = np.zeros((64, 64), np.uint8)
    mask[:, :32] = 255
    words = [PaintedWord(span=(i, i + 1), mask=mask, fidelity=own) for i, own in enumerate((None, 1.0, 0.0))]
    assert with_words(scene, words[:1]) is scene and acting(scene, words, 1.0) == (scene, tuple(words))
    whole = with_words(scene, words)
    assert whole.separation == 1.0 and whole.gradient_steps == 5 and whole.containment == scene.containment
    assert with_words(at_dial(1.0), words[2:]).gradient_steps == 0, "a word alone is as loose as it says"
    assert [steered(words, (0, 1, 2), at_dial(0.7), step) for step in (0, 2, 4, 5)] == [(0, 1), (1,), (1,), ()]
    off, without = acting(scene, words, 0.0)
    assert off == NONE and all(word.fidelity is None for word in without)
    (matrix,) = Paint(words, [(0,), (1,), (2,)], latent_size=(8, 8), levels=1, tokens=3, containment=0.4).matrices(
        (0, 1, 2)
    )
    assert np.allclose(matrix.reshape(8, 8, 3)[0, 7], [-0.4, -1.0, 0.0])
    assert np.allclose(matrix.reshape(8, 8, 3)[0, 0], 1.0)


@pytest.mark.parametrize("own", [-0.1, 1.1, math.nan, "loose"])
def test_a_words_fidelity_out_of_range_is_told(own):
    word = PaintedWord(span=(0, 1), mask=np.full((64, 64), 255, np.uint8), fidelity=own)
    with pytest.raises(BadRequest, match="fidelity"):
        Paint([word], [(0,)], latent_size=(8, 8), levels=1, tokens=1)
