"""The speed bench: the same weights on both sides, paint really on, and the contract's object."""

from __future__ import annotations

import json
import threading
from pathlib import Path

import numpy as np
import pytest
import torch
from diffusers.models.attention_processor import AttnProcessor2_0
from diffusers.models.unets.unet_2d_condition import UNet2DConditionModel

from engine.bench import speed
from engine.bench.speed import discs, run, twin
from engine.errors import BadRequest
from engine.lab.progress import RunCancelled
from engine.models.compiling import choosing


@pytest.fixture(autouse=True)
def quick(monkeypatch: pytest.MonkeyPatch) -> None:
    """Pairs of a few steps: these tests ask what is timed, not how long it takes."""
    monkeypatch.setattr(speed, "_PAIR_SECONDS", 0.0)


@pytest.fixture
def unet() -> UNet2DConditionModel:
    torch.manual_seed(0)
    return UNet2DConditionModel(
        sample_size=16,
        block_out_channels=(8, 16),
        layers_per_block=1,
        cross_attention_dim=32,
        attention_head_dim=2,
        norm_num_groups=4,
        down_block_types=("CrossAttnDownBlock2D", "DownBlock2D"),
        up_block_types=("UpBlock2D", "CrossAttnUpBlock2D"),
    ).eval()


def test_a_twin_has_the_same_weights_in_the_same_memory_and_stock_attention(unet: UNet2DConditionModel) -> None:
    unet.to(memory_format=torch.channels_last)
    other = twin(unet)
    mine, theirs = unet.state_dict(keep_vars=False), other.state_dict(keep_vars=False)
    assert mine.keys() == theirs.keys()
    for name, value in mine.items():
        assert theirs[name].data_ptr() == value.data_ptr()
        assert theirs[name].stride() == value.stride()
    assert {type(processor) for processor in other.attn_processors.values()} == {AttnProcessor2_0}
    assert not any(value.is_meta for value in [*other.parameters(), *other.buffers()])


@torch.inference_mode()
def test_painted_variants_paint_and_the_unpainted_one_equals_stock(unet: UNet2DConditionModel) -> None:
    variants = speed._variants(unet, 128, 8, [0, 1, 8])
    seen = {name: variant.step() for name, variant in variants.items()}
    assert torch.allclose(seen["0"], seen["stock"], atol=1e-5)
    assert not torch.allclose(seen["1"], seen["stock"], atol=1e-5)
    assert not torch.allclose(seen["8"], seen["1"], atol=1e-5)
    assert torch.allclose(seen["plain"], seen["8"], atol=1e-5) and torch.allclose(
        seen["heatmaps"], seen["8"], atol=1e-5
    )
    assert not torch.allclose(seen["dial"], seen["8"], atol=1e-5)


def test_a_run_gives_the_contracts_object(tiny_sd_folder: Path) -> None:
    told: list[float] = []
    result = run(family=str(tiny_sd_folder), size=128, device="cpu", progress=lambda text, done: told.append(done))
    assert result == json.loads(json.dumps(result, allow_nan=False))
    assert (result["schema"], result["device"], result["dtype"]) == (1, "cpu", "float32")
    assert (result["threads"], result["size"], result["pairs"]) == (torch.get_num_threads(), 128, 12)
    assert [row["words"] for row in result["rows"]] == [0, 1, 8, 32]
    for row in result["rows"]:
        low, high = row["ratio_ci"]
        assert 0 < low <= row["ratio"] <= high
        assert row["stock_ms"] > 0 and row["ours_ms"] > 0
    for name in ("heatmaps", "dial"):
        low, high = result[f"{name}_ratio_ci"]
        assert 0 < low <= result[f"{name}_ratio"] <= high
    low, high = result["growth_1_32_ci"]
    assert low <= result["growth_1_32"] <= high
    assert told == sorted(told) and told[-1] == pytest.approx(1.0)


def test_growth_does_not_exist_without_its_two_rows(tiny_sd_folder: Path) -> None:
    result = run(family=str(tiny_sd_folder), words=(8,), size=128, device="cpu")
    assert [row["words"] for row in result["rows"]] == [8]
    assert result["growth_1_32"] is None


def test_compiled_steps_are_timed_where_they_are_asked_for(
    tiny_sd_folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked: list[dict[str, object]] = []
    monkeypatch.setattr(torch, "compile", lambda network, **how: (asked.append(how), network)[1])
    monkeypatch.setattr(choosing, "BACKEND", "eager")
    found = run(family=str(tiny_sd_folder), words=(8,), size=64, device="cpu", compile=True)["compiled"]
    assert asked == [{"backend": "eager", "fullgraph": True, "dynamic": False}] * 2, "stock and ours"
    assert found["words"] == 8 and found["ratio"] == pytest.approx(found["ours_ms"] / found["stock_ms"], rel=0.5)
    assert found["ratio_ci"][0] <= found["ratio"] <= found["ratio_ci"][1] and found["compile_s"] > 0


def test_ratios_are_paired_so_that_a_slow_spell_of_the_machine_cancels() -> None:
    spell = np.array([1.0] * 6 + [5.0] * 6)
    stock = speed.Variant(step=lambda: None, pairs=list(10.0 * spell))
    ours = speed.Variant(step=lambda: None, pairs=list(10.5 * spell))
    ratio, interval = speed.compare(ours, stock)
    assert ratio == pytest.approx(1.05)
    assert interval == pytest.approx([1.05, 1.05])


def test_each_pair_runs_every_variant_forth_and_back() -> None:
    calls: list[str] = []
    variants = {name: speed.Variant(step=lambda name=name: calls.append(name)) for name in "abc"}
    speed.measure(variants, 12, torch.device("cpu"), speed.Clock(13.0, None, None), "test")
    timed = calls[3 * speed._WARM_UP :]
    assert len(timed) == 12 * 6
    orders = {tuple(timed[start : start + 6]) for start in range(0, len(timed), 6)}
    assert all(order == order[::-1] and set(order) == set("abc") for order in orders)
    assert len(orders) > 1
    assert all(len(variant.pairs) == 12 for variant in variants.values())


def test_discs_are_soft_masks_of_the_asked_number_and_size() -> None:
    words = discs(8, 128)
    assert len(words) == 8
    assert all(word.mask.shape == (128, 128) and word.mask.max() == 255 and word.mask.min() == 0 for word in words)
    assert len({word.mask.tobytes() for word in words}) == 8


def test_a_run_can_be_stopped(tiny_sd_folder: Path) -> None:
    cancel = threading.Event()
    cancel.set()
    with pytest.raises(RunCancelled):
        run(family=str(tiny_sd_folder), size=128, device="cpu", cancel=cancel)


@pytest.mark.parametrize("values", [{"pairs": 3}, {"words": (76,)}, {"words": ()}, {"words": (-1,)}, {"size": 100}])
def test_values_out_of_range_are_bad_requests(values: dict[str, object], tiny_sd_folder: Path) -> None:
    with pytest.raises(BadRequest):
        run(family=str(tiny_sd_folder), device="cpu", **values)
