"""The lab's measures against values worked out by hand and by slow, literal formulas."""

from __future__ import annotations

import numpy as np
import pytest

from engine.lab.metrics import bootstrap_interval, found, ious, kernel_distance, ratio_interval, standardised


def test_iou_is_the_shared_area_over_the_joint_area() -> None:
    true = np.array([[0, 0, 1, 1], [0, 0, 1, 1]])
    predicted = np.array([[0, 1, 1, 1], [0, 1, 2, 2]])
    assert ious(predicted, true, [0, 1, 2]) == pytest.approx([2 / 4, 2 / 6, 0.0])


def test_iou_of_what_is_nowhere_finds_no_fault() -> None:
    assert ious(np.zeros((2, 2)), np.zeros((2, 2)), [5]) == pytest.approx([1.0])


def test_a_name_is_found_wherever_it_is_once_it_has_a_hundredth_of_the_picture() -> None:
    true = np.zeros((20, 20), np.uint8)
    true[:10] = 3
    predicted = np.zeros_like(true)
    predicted[19, :3] = 3
    assert not found(predicted, true, [3])[0]
    predicted[19, :4] = 3
    assert found(predicted, true, [3])[0]


def test_a_small_name_is_found_at_a_quarter_of_its_true_area() -> None:
    true = np.zeros((40, 40), np.uint8)
    true[0, :12] = 3
    predicted = np.zeros_like(true)
    predicted[30, :2] = 3
    assert not found(predicted, true, [3])[0]
    predicted[30, :3] = 3
    assert found(predicted, true, [3])[0]


def test_a_name_without_a_single_pixel_is_never_found() -> None:
    assert not found(np.zeros((4, 4)), np.zeros((4, 4)), [3])[0]


def test_the_interval_covers_the_truth_about_as_often_as_it_says() -> None:
    rng = np.random.default_rng(3)
    hits = 0
    for trial in range(200):
        low, high = bootstrap_interval(rng.normal(2.0, 1.0, 64), seed=trial)
        hits += low <= 2.0 <= high
    assert 0.88 <= hits / 200 <= 0.99


def test_the_interval_is_of_the_statistic_asked_for_and_repeats() -> None:
    values = np.array([1.0] * 20 + [100.0])
    low, high = bootstrap_interval(values, statistic=np.median)
    assert (low, high) == (1.0, 1.0)
    assert bootstrap_interval(values) == bootstrap_interval(values)
    assert bootstrap_interval(values)[1] > 5.0


def test_a_ratio_of_pairs_is_sure_where_each_alone_is_not() -> None:
    rng = np.random.default_rng(0)
    below = rng.uniform(0.01, 100, 50)
    assert ratio_interval(0.9 * below, below) == pytest.approx((0.9, 0.9))
    low, high = ratio_interval(below * rng.normal(0.9, 0.1, 50), below)
    assert 0.8 < low < 0.9 < high < 1.0
    low, high = ratio_interval(rng.permutation(below), below)
    assert low < 0.9 < 1.1 < high, "pairs that have nothing to do with each other"


def test_a_ratio_counts_large_pairs_more() -> None:
    low, high = ratio_interval(np.array([1.0] * 9 + [90.0]), np.array([2.0] * 9 + [90.0]))
    assert low == 0.5 and 0.9 < high < 1


def test_the_interval_of_a_ratio_covers_the_truth_about_as_often_as_it_says() -> None:
    rng = np.random.default_rng(3)
    hits = 0
    for trial in range(200):
        below = rng.uniform(1, 3, 64)
        low, high = ratio_interval(below * rng.normal(0.7, 0.2, 64), below, seed=trial)
        hits += low <= 0.7 <= high
    assert 0.88 <= hits / 200 <= 0.99


def test_kernel_distance_equals_the_literal_double_sums() -> None:
    rng = np.random.default_rng(0)
    a, b = rng.normal(0, 1, (7, 5)), rng.normal(0.5, 1, (9, 5))

    def kernel(x: np.ndarray, y: np.ndarray) -> float:
        return float((x @ y / 5 + 1) ** 3)

    same_a = np.mean([kernel(a[i], a[j]) for i in range(7) for j in range(7) if i != j])
    same_b = np.mean([kernel(b[i], b[j]) for i in range(9) for j in range(9) if i != j])
    cross = np.mean([kernel(x, y) for x in a for y in b])
    assert kernel_distance(a, b) == pytest.approx(same_a + same_b - 2 * cross)


def test_kernel_distance_is_unbiased_and_grows_with_the_difference() -> None:
    rng = np.random.default_rng(1)
    same = [kernel_distance(rng.normal(0, 1, (32, 8)), rng.normal(0, 1, (32, 8))) for _ in range(200)]
    spread = np.std(same) / np.sqrt(len(same))
    assert abs(np.mean(same)) < 4 * spread
    near = kernel_distance(rng.normal(0.3, 1, (64, 8)), rng.normal(0, 1, (64, 8)))
    far = kernel_distance(rng.normal(1.0, 1, (64, 8)), rng.normal(0, 1, (64, 8)))
    assert near is not None and far is not None and far > 2 * near > 0


def test_kernel_distance_does_not_exist_for_one_picture() -> None:
    assert kernel_distance(np.zeros((1, 4)), np.zeros((9, 4))) is None


def test_standardised_features_count_alike_whatever_their_scale() -> None:
    rng = np.random.default_rng(2)
    reference = rng.normal([5.0, -3.0, 2.0], [1.0, 100.0, 0.0], (500, 3))
    own = standardised(reference, reference)
    assert own.mean(0) == pytest.approx([0, 0, 0], abs=1e-9)
    assert own.std(0) == pytest.approx([1, 1, 0])
    assert standardised(np.array([[6.0, 97.0, 2.5]]), reference)[0] == pytest.approx([1, 1, 0.5], abs=0.2)
