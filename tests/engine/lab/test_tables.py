"""The table that people read says what the JSON says."""

from __future__ import annotations

from engine.lab.tables import table

LAYOUT = {
    "schema": 1,
    "segmenter_accuracy": 0.97123,
    "n_world": 64,
    "kid_real_by_set": {"world": 0.00012, "free": None},
    "rows": [
        {
            "set": "world",
            "law": "none",
            "paint_weight": 0.0,
            "default": False,
            "miou": 0.251,
            "miou_ci": [0.2, 0.3],
            "kid": 0.01234,
            "recall": 0.9,
            "step_ms": 51.26,
            "miou_over_none": 1.0,
        },
        {
            "set": "world",
            "law": "default",
            "paint_weight": 0.6,
            "default": True,
            "miou": 0.751,
            "miou_ci": [0.7, 0.8],
            "kid": None,
            "recall": 0.95,
            "step_ms": 52.0,
            "miou_over_none": 2.992,
        },
    ],
}


def test_columns_line_up_and_hold_every_row() -> None:
    lines = table(LAYOUT).splitlines()
    head, rule, none, painted = lines[:4]
    assert head.split() == ["set", "law", "weight", "mIoU", "KID", "recall", "ms/step", "x", "none"]
    assert set(rule) == {"-", " "}
    assert "0.251 [0.200, 0.300]" in none and "0.0123" in none and "51.3" in none
    assert head.index("KID") + 3 == none.index("0.0123") + 6 == painted.index(" - ") + 2


def test_the_models_own_weight_is_starred_and_what_does_not_exist_is_a_dash() -> None:
    text = table(LAYOUT)
    assert "0.6*" in text and "0*" not in text.replace("0.6*", "")
    assert "kid real by set     world 0, free -" in text
    assert "segmenter accuracy  0.971" in text
    assert "schema" not in text


def test_a_speed_result_is_shown_with_its_interval() -> None:
    text = table(
        {
            "schema": 1,
            "family": "starter",
            "rows": [
                {
                    "words": 8,
                    "stock_ms": 40.04,
                    "ours_ms": 41.0,
                    "ratio": 1.024,
                    "ratio_ci": [1.01, 1.03],
                    "begin_ms": 2.0,
                }
            ],
            "growth_1_32": 0.004,
            "growth_1_32_ci": [0.0, 0.01],
        }
    )
    assert "words  stock ms  painted ms                 ratio  prepare ms" in text
    assert "    8      40.0        41.0  1.024 [1.010, 1.030]         2.0" in text
    assert "growth 1 32  0.004 [0.000, 0.010]" in text


def test_experts_are_two_tables_and_what_has_parts_gets_a_line_for_each() -> None:
    losses = {"base_loss": 0.51234, "expert_loss": 0.5, "delta": -0.0241, "delta_ci": [-0.03, -0.018]}
    nothing = dict.fromkeys(losses)
    text = table(
        {
            "schema": 1,
            "rows": [{"expert": "low", "sigma": [0.029, 0.6], **losses}],
            "experts": [
                {"expert": "low", "sigma": [0.0, 0.6], **losses},
                {"expert": "high", "sigma": [60, None], **nothing},
            ],
            "pictures": {
                "base": {"miou": 0.5, "miou_ci": [0.4, 0.6], "step_ms": 40.04},
                "miou_delta": 0.01,
                "miou_delta_ci": [0, 0.02],
            },
            "step_ratio": 1.02,
            "step_ratio_ci": [1.01, 1.03],
        }
    )
    lines = text.splitlines()
    assert lines[0].split() == ["expert", "sigma", "base", "loss", "expert", "loss", "delta"]
    assert lines[2].split() == ["low", "0.029", "..", "0.6", "0.5123", "0.5000", "-0.024", "[-0.030,", "-0.018]"]
    assert lines[4] == "experts:" and lines[5].split() == lines[0].split()
    assert lines[8].split() == ["high", "60", "..", "inf", "-", "-", "-"]
    assert lines[10:] == [
        "pictures: base        miou 0.5 [0.400, 0.600], step_ms 40.0",
        "pictures: miou delta  0.01 [0.000, 0.020]",
        "step ratio            1.02 [1.010, 1.030]",
    ]


def test_a_result_without_rows_still_shows_its_facts() -> None:
    assert table({"schema": 1, "rows": [], "n_world": 3}).split() == ["n", "world", "3"]
