"""The lab's measures against values worked out by hand and by slow, literal formulas."""

from __future__ import annotations

import numpy as np
import pytest

from engine.lab.statistics import (
    bootstrap_interval,
    found,
    interval,
    ious,
    kernel_distance,
    kernel_distance_samples,
    mean_samples,
    ratio_interval,
    ratio_samples,
    standardised,
)


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


def test_resamples_of_a_mean_and_a_ratio_give_the_intervals_of_these() -> None:
    rng = np.random.default_rng(0)
    above, below = rng.uniform(0, 1, 40), rng.uniform(1, 2, 40)
    assert interval(mean_samples(above)) == pytest.approx(bootstrap_interval(above))
    assert interval(ratio_samples(above, below)) == pytest.approx(ratio_interval(above, below))


def test_a_resample_in_which_nothing_was_counted_is_left_out() -> None:
    samples = ratio_samples(np.array([1.0, 0.0]), np.array([2, 0]))
    assert np.isnan(samples).any() and set(samples[~np.isnan(samples)]) == {0.5}
    assert interval(samples) == [0.5, 0.5]


def test_resamples_of_two_measures_take_the_same_layouts() -> None:
    rng = np.random.default_rng(1)
    hard = rng.normal(0, 5, 64)
    difference = mean_samples(hard + rng.normal(1, 0.1, 64)) - mean_samples(hard)
    assert 0.9 < interval(difference)[0] < interval(difference)[1] < 1.1


def test_resamples_of_the_kernel_distance_lie_about_it_whatever_is_taken_twice() -> None:
    rng = np.random.default_rng(2)
    a, b = rng.normal(0.4, 1, (24, 8)), rng.normal(0, 1, (60, 8))
    whole = kernel_distance(a, b)
    samples = kernel_distance_samples(a, b)
    assert whole is not None and samples.shape == (2000,)
    assert samples.mean() == pytest.approx(whole, abs=3 * samples.std() / np.sqrt(2000) + 0.02)


def test_a_resample_of_the_kernel_distance_equals_its_literal_sums() -> None:
    rng = np.random.default_rng(3)
    a, b = rng.normal(0.4, 1, (4, 5)), rng.normal(0, 1, (6, 5))
    picks = [np.random.default_rng(side).integers(0, n, (2000, n))[7] for side, n in enumerate((4, 6))]

    def kernel(x: np.ndarray, y: np.ndarray) -> float:
        return float((x @ y / 5 + 1) ** 3)

    within = [
        np.mean([kernel(rows[i], rows[j]) for i in pick for j in pick if i != j])
        for rows, pick in zip((a, b), picks, strict=True)
    ]
    cross = np.mean([kernel(a[i], b[j]) for i in picks[0] for j in picks[1]])
    assert kernel_distance_samples(a, b)[7] == pytest.approx(within[0] + within[1] - 2 * cross)


def test_the_interval_of_the_kernel_distance_covers_the_truth_about_as_often_as_it_says() -> None:
    rng = np.random.default_rng(4)
    truth = kernel_distance(rng.normal(0.5, 1, (4000, 4)), rng.normal(0, 1, (4000, 4)))
    assert truth is not None
    hits = 0
    for trial in range(60):
        a, b = rng.normal(0.5, 1, (32, 4)), rng.normal(0, 1, (96, 4))
        low, high = interval(kernel_distance_samples(a, b, seed=trial))
        hits += low <= truth <= high
    assert hits / 60 >= 0.85


def test_a_resample_of_one_row_alone_does_not_exist() -> None:
    samples = kernel_distance_samples(np.array([[0.0], [1.0]]), np.arange(8.0)[:, None])
    assert 0.4 < np.isnan(samples).mean() < 0.6
    assert all(np.isfinite(interval(samples)))
