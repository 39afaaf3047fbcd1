"""The few-steps lab: which pictures it compares, and what its rows say of them."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest
from safetensors.torch import save_file

from engine.errors import BadRequest, ModelNotFound
from engine.lab import few_steps
from engine.lab.few_steps import CONDITIONS, DISTILLED, PLAIN, UNGUIDED, WHOLE, overall, run, set_row
from engine.lab.image_store import Picture
from engine.lab.requests import SETS
from engine.lab.tables import table
from tests.engine.lab.test_layout import ColourJudge


def test_a_row_says_what_few_steps_keep_of_all() -> None:
    layouts = [SETS["world"](index) for index in range(3)]
    right = [Picture(rgb=each.rgb, step_ms=2.0) for each in layouts]
    wrong = [Picture(rgb=np.zeros_like(each.rgb), step_ms=3.0) for each in layouts]
    judge = ColourJudge()
    real = judge.features(np.stack([each.rgb for each in layouts]))
    pictures = {WHOLE: right, PLAIN: wrong}
    same = set_row("world", WHOLE, layouts, pictures, judge, real, 20)
    assert (same["obedience"], same["obedience_ci"], same["picture_ms"]) == (1.0, [1.0, 1.0], 40.0)
    less = set_row("world", PLAIN, layouts, pictures, judge, real, 4)
    assert less["obedience"] < 0.9 and less["picture_ms"] == 12.0 and less["kid"] > same["kid"]


def test_the_gain_is_over_as_many_passes_without_the_lora() -> None:
    flat = {WHOLE: 0.8, PLAIN: 0.8, UNGUIDED: 0.4, DISTILLED: 0.6}
    found = overall({condition: np.full(4, value) for condition, value in flat.items()})
    assert found[DISTILLED]["obedience"] == pytest.approx(0.75) and found["gain"] == pytest.approx(0.2)
    assert found["gain_ci"] == pytest.approx([0.2, 0.2])
    del flat[DISTILLED]
    assert "gain" not in overall({condition: np.full(4, value) for condition, value in flat.items()})


def test_a_run_compares_all_and_takes_the_models_own_lora(
    whole_model: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    import torch

    layer = "unet.mid_block.attentions.0.transformer_blocks.0.attn1.to_q"
    width = 32
    file = tmp_path / "quick-lcm-2-steps.safetensors"
    save_file({f"{layer}.lora_A.weight": torch.ones(1, width), f"{layer}.lora_B.weight": torch.ones(width, 1)}, file)
    asked = []
    real = few_steps.make

    def make(request, **named):
        asked.append((request.sampling.steps, request.sampling.sampler, len(request.adapters.loras)))
        return real(request.replace(steps=1), **named)

    monkeypatch.setattr(few_steps, "make", make)
    told: list[float] = []
    result = run(
        n=1,
        model=str(whole_model),
        lora=str(file),
        device="cpu",
        work=tmp_path / "work",
        judge=ColourJudge(),
        progress=lambda text, fraction: told.append(fraction),
    )
    assert [row["condition"] for row in result["rows"]] == list(CONDITIONS)
    assert asked == [(6, asked[0][1], 0), (2, asked[0][1], 0), (2, "lcm", 0), (2, "lcm", 1)]
    assert result == json.loads(json.dumps(result, allow_nan=False))
    assert told == sorted(told) and told[-1] == pytest.approx(1.0)
    assert DISTILLED in table(result)


def test_what_cannot_be_is_told(whole_model: Path, tmp_path: Path) -> None:
    with pytest.raises(BadRequest, match="number of layouts"):
        run(n=0)
    with pytest.raises(ModelNotFound, match="no LoRA"):
        run(n=1, model=str(whole_model), lora="none-such", work=tmp_path, judge=ColourJudge())
