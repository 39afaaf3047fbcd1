"""The front of obedience against quality: who is ahead of whom, and the sentences that say it."""

from __future__ import annotations

import numpy as np
import pytest

from engine.lab.pareto import AHEAD, BEHIND, EVEN, TRADE, Point, against, on_front, survey

RNG = np.random.default_rng(0)
SHARED = RNG.normal(0, 0.2, (2, 2000))
"""What all points of a set have in common, much wider than what tells them apart."""


def point(
    law: str, miou: float, kid: float, place: str = "weight 1", *, dial: bool = False, noise: float = 0.01
) -> Point:
    own = np.random.default_rng(sum(map(ord, law + place))).normal(0, noise, (2, 2000))
    return Point(
        law=law,
        title="our dial" if dial else law,
        place=place,
        main=dial or place == "weight 1",
        dial=dial,
        miou=miou,
        kid=kid,
        miou_samples=miou + SHARED[0] + own[0],
        kid_samples=kid + SHARED[1] + own[1],
    )


@pytest.mark.parametrize(
    ("miou", "kid", "verdict"),
    [
        (0.1, -0.1, AHEAD),
        (0.1, 0.0, AHEAD),
        (0.0, -0.1, AHEAD),
        (-0.1, 0.1, BEHIND),
        (-0.1, 0.0, BEHIND),
        (0.0, 0.1, BEHIND),
        (0.1, 0.1, TRADE),
        (-0.1, -0.1, TRADE),
        (0.0, 0.0, EVEN),
    ],
)
def test_verdicts_follow_the_paired_differences(miou: float, kid: float, verdict: str) -> None:
    found = against(point("one", 0.5 + miou, 0.2 + kid), point("other", 0.5, 0.2))
    assert found["verdict"] == verdict
    for name, value in (("miou", miou), ("kid", kid)):
        low, high = found[f"{name}_delta_ci"]
        assert low < value < high and high - low < 0.1, "what both share does not widen the interval"
        assert found[f"{name}_delta"] == pytest.approx(value)


def test_a_difference_within_the_interval_does_not_count() -> None:
    one, other = point("one", 0.51, 0.2, noise=0.1), point("other", 0.5, 0.2, noise=0.1)
    assert against(one, other)["verdict"] == EVEN


def test_the_front_is_who_has_nobody_ahead() -> None:
    points = [point("a", 0.9, 0.5), point("b", 0.5, 0.1), point("c", 0.5, 0.5), point("d", 0.4, 0.6)]
    assert on_front(points) == [True, True, False, False]


def test_ours_ahead_and_on_the_front_is_said() -> None:
    found = survey([point("ediffi", 0.5, 0.3), point("default", 0.7, 0.2)], ours="default", published="ediffi")
    assert found["front"] == ["default, weight 1"] and found["ours_on_front"] is True and found["ours_ahead"] is True
    first, second = found["sentences"]
    assert first == "Our default lies on the measured front of obedience against quality."
    assert second.startswith("Our default is ahead of eDiff-I's law as published: mIoU +0.200 [")
    assert [(each["name"], each["verdict"]) for each in found["rivals"]] == [("ediffi, weight 1", BEHIND)]


def test_where_a_rival_is_ahead_or_better_in_one_respect_the_sentences_say_so() -> None:
    points = [
        point("none", 0.2, 0.3, ""),
        point("default", 0.7, 0.2),
        point("ediffi", 0.7, 0.1),
        point("ediffi", 0.9, 0.3, "weight 2"),
        point("ediffi", 0.95, 0.4, "weight 4"),
        point("hard", 0.9, 0.1),
        point("multidiffusion", 0.4, 0.1),
        point("densediffusion", 0.4, 0.4),
        point("densediffusion", 0.4, 0.5, "weight 2"),
        point("default", 0.8, 0.1, "at 1", dial=True),
        point("default", 0.6, 0.1, "at 0", dial=True),
    ]
    found = survey(points, ours="default", published="ediffi")
    assert found["ours_on_front"] is False and found["ours_ahead"] is False
    said = found["sentences"]
    assert said[0] == "Our default does not lie on the measured front of obedience against quality."
    assert said[1].startswith("Our default is behind eDiff-I's law as published: mIoU ")
    (sentence,) = [each for each in said if each.startswith("ediffi ")]
    assert sentence.startswith("ediffi obeys better than our default but looks worse: weight 2 (mIoU +0.200 [")
    assert "; weight 4 (mIoU +0.250 [" in sentence and "weight 1" not in sentence, "that has a sentence of its own"
    assert any(each.startswith("hard is ahead of our default: weight 1 (mIoU +0.200 [") for each in said)
    assert any(each.startswith("multidiffusion looks better than our default but obeys worse: ") for each in said)
    assert "Not better in either respect, within the intervals: none; densediffusion, weight 1, weight 2." in said
    assert said[-1] == "These settings of our own dial are ahead of the default: at 1."


def test_without_ours_or_the_published_law_nothing_is_claimed() -> None:
    found = survey([point("hard", 0.9, 0.1)], ours="default", published="ediffi")
    assert (found["front"], found["ours_on_front"], found["ours_ahead"]) == (["hard, weight 1"], None, None)
    assert found["sentences"] == []
    found = survey([point("default", 0.9, 0.1)], ours="default", published="ediffi")
    assert found["ours_on_front"] is True and found["ours_ahead"] is None and len(found["sentences"]) == 1
