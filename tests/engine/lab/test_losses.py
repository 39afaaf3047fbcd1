"""The losses of base and experts: whose noise, which pictures, and the number that stock diffusers comes to."""

from __future__ import annotations

import math
from itertools import pairwise
from pathlib import Path

import numpy as np
import pytest
import torch

from engine.facts import ManifestExpert
from engine.lab import losses
from engine.lab.denoiser_access import errors
from engine.lab.losses import Bin, compare, draw_levels, make_bins, measure, show, whole_interval
from engine.models.families.components import load_noise
from engine.models.library import Library
from engine.world.looks import WITHHELD
from tests.tiny import save_tiny_ensemble, tiny_pipeline

EXPERTS = (ManifestExpert("high", 3.2, math.inf), ManifestExpert("base", 0.6, 3.2), ManifestExpert("low", 0.0, 0.6))


@pytest.fixture(scope="module")
def table() -> np.ndarray:
    from engine.sampling.schedule import NoiseSchedule

    return NoiseSchedule(dict(tiny_pipeline().scheduler.config)).table


def losses_of(folder: Path, pictures: int, bins: list[Bin]) -> tuple[np.ndarray, np.ndarray]:
    library = Library(folder.parent)
    facts = library.inspect(folder)
    return measure(
        pictures,
        bins,
        model=str(folder),
        facts=facts,
        table=load_noise(facts).table,
        device="cpu",
        library=library,
        tick=lambda text: None,
    )


def test_bins_cover_the_table_and_none_is_of_two_experts(table: np.ndarray) -> None:
    bins = make_bins(table, EXPERTS)
    assert 8 <= len(bins) <= 10
    assert bins[0].first == 0 and bins[-1].last == len(table)
    assert (bins[0].low, bins[-1].high) == (table[0], table[-1])
    for one, other in pairwise(bins):
        assert one.last == other.first and one.high == other.low
    for each in bins:
        owners = [expert.name for expert in EXPERTS if expert.low <= each.low and each.high <= expert.high]
        assert owners == [each.expert]
        assert each.low <= table[each.first] and (table[each.last - 1] < each.high or each is bins[-1])
        assert each.high / each.low > 1.3, "no slivers beside a bound"
    assert {3.2, 0.6} <= {each.low for each in bins}


def test_an_expert_without_any_of_the_models_levels_has_no_bin(table: np.ndarray) -> None:
    bins = make_bins(table, (ManifestExpert("far", 100.0, math.inf), ManifestExpert("near", 0.0, 100.0)))
    assert {each.expert for each in bins} == {"near"}
    assert whole_interval(np.ones((2, len(bins))), bins, "far") is None


def test_levels_are_even_over_each_bin_and_fall(table: np.ndarray) -> None:
    bins = [Bin(expert="a", low=0.1, high=1, first=100, last=140), Bin(expert="a", low=1, high=2, first=140, last=150)]
    levels = draw_levels(bins, 10)
    assert levels.shape == (10, 2, losses.LEVELS_PER_BIN)
    assert np.all(np.diff(levels, axis=2) <= 0)
    assert sorted(levels[:, 0].ravel()) == list(range(100, 140)), "as many levels as timesteps: each comes once"
    assert sorted(levels[:, 1].ravel()) == sorted([*range(140, 150)] * 4)


def test_a_whole_interval_counts_each_timestep_alike() -> None:
    bins = [
        Bin(expert="low", low=0.1, high=1, first=0, last=30),
        Bin(expert="low", low=1, high=2, first=30, last=40),
        Bin(expert="high", low=2, high=9, first=40, last=90),
    ]
    found = whole_interval(np.array([[1.0, 5.0, 99.0], [2.0, 2.0, 7.0]]), bins, "low")
    assert found is not None and found.tolist() == [2.0, 2.0]


def test_pictures_are_half_painted_half_plain_and_the_others_hear_their_look_of_another_scene() -> None:
    shown = [show(index, styles=True) for index in range(8)]
    assert [bool(each.words) for each in shown] == [False, True] * 4
    assert [len(each.styles) for each in shown] == [0, 0, 1, 1] * 2
    for index, each in enumerate(shown):
        plain = show(index, styles=False)
        assert not plain.styles and plain.caption == each.caption
        assert np.array_equal(plain.rgb, each.rgb) == (not each.styles)
        for word in each.words:
            assert word.mask.any() and each.caption[slice(*word.span)]
        if each.styles:
            reference = each.styles[0].rgb
            assert reference.shape == each.rgb.shape and np.mean(reference == each.rgb) < 0.5
    # The trained looks differ from picture to picture.
    assert len({each.rgb[:8].tobytes() for each in shown}) == 8


def test_no_picture_is_in_a_withheld_look(monkeypatch: pytest.MonkeyPatch) -> None:
    seen = []

    class Plain:
        caption = "a lake"

        def in_look(self, look, seed=0):
            seen.append((look.medium, look.light))
            return np.zeros((256, 256, 3), np.uint8)

        def words(self):
            return []

    monkeypatch.setattr(losses, "SETS", {"world": lambda seed: Plain(), "free": lambda seed: Plain()})
    for index in range(400):
        show(index, styles=True)
    assert len(set(seen)) == 42 and not set(seen) & WITHHELD


def test_the_error_is_that_of_v_whatever_the_noise() -> None:
    generator = torch.Generator().manual_seed(0)
    clean, noise = torch.randn(1, 4, 8, 8, generator=generator), torch.randn(3, 4, 8, 8, generator=generator)
    wrong = torch.randn(1, 4, 8, 8, generator=generator)

    class Off:
        """Predicts v = a * noise - b * x0, and is off by `wrong`."""

        def activate(self, sigma, *, last):
            self.sigma = sigma

        def denoise(self, x, sigma, *, fraction):
            a = 1 / math.sqrt(1 + sigma**2)
            b = sigma * a
            v = a * (x - clean) / sigma - b * clean + wrong
            return a * (x * a) - b * v

    found = errors(Off(), clean, noise, [12.0, 1.0, 0.05], device=torch.device("cpu"))  # type: ignore[arg-type]
    assert found == pytest.approx([float(wrong.square().mean())] * 3, rel=1e-3)


@torch.inference_mode()
def test_the_base_loss_is_what_stock_diffusers_comes_to(tmp_path: Path) -> None:
    pipeline = tiny_pipeline(factor=16, prediction="v_prediction")
    folder = save_tiny_ensemble(tmp_path / "trio")
    pipeline.save_pretrained(folder)
    bins = make_bins(load_noise(Library(tmp_path).inspect(folder)).table, EXPERTS, count=3)
    base, _ = losses_of(folder, 1, bins)

    shown = show(0, styles=False)
    assert not shown.words
    picture = torch.from_numpy(shown.rgb).permute(2, 0, 1)[None] / 127.5 - 1
    clean = pipeline.vae.encode(picture).latents * pipeline.vae.config.scaling_factor
    times = draw_levels(bins, 1)[0, ::-1].ravel()
    noise = torch.randn((len(times), *clean.shape[1:]), generator=torch.Generator().manual_seed(losses._PICTURE_SEEDS))
    ids = pipeline.tokenizer(shown.caption, padding="max_length", truncation=True, return_tensors="pt").input_ids
    assert ids.shape[1] == 77 and len(pipeline.tokenizer(shown.caption).input_ids) <= 77
    context = pipeline.text_encoder(ids)[0]
    expected = []
    for time, unit in zip(torch.from_numpy(times.copy()), noise, strict=True):
        noisy = pipeline.scheduler.add_noise(clean, unit[None], time[None])
        wanted = pipeline.scheduler.get_velocity(clean, unit[None], time[None])
        expected.append(float((pipeline.unet(noisy, time, context).sample - wanted).square().mean()))
    assert base[0] == pytest.approx(np.reshape(expected, (len(bins), -1)).mean(axis=1)[::-1], rel=1e-3)


def test_each_expert_changes_the_losses_of_its_own_noise_alone(
    whole_model: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(losses, "LEVELS_PER_BIN", 1)
    bins = make_bins(load_noise(Library().inspect(whole_model)).table, EXPERTS, count=3)
    base, ours = losses_of(whole_model, 4, bins)
    assert base.shape == ours.shape == (4, len(bins))
    same = [each.expert == "base" for each in bins]
    assert np.array_equal(np.all(base == ours, axis=0), same) and not np.any((base == ours)[:, np.invert(same)])
    again, _ = losses_of(whole_model, 2, bins)
    assert not np.array_equal(again[0], again[1])


def test_paint_and_references_are_heard(whole_model: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(losses, "LEVELS_PER_BIN", 1)
    bins = make_bins(load_noise(Library().inspect(whole_model)).table, EXPERTS, count=3)
    base, _ = losses_of(whole_model, 4, bins)
    told = losses.show

    def deaf(index: int, *, styles: bool) -> losses.Shown:
        shown = told(index, styles=styles)
        return losses.Shown(rgb=shown.rgb, caption=shown.caption, words=(), styles=())

    monkeypatch.setattr(losses, "show", deaf)
    without, _ = losses_of(whole_model, 4, bins)
    assert np.array_equal(base[0], without[0])
    for index in (1, 2, 3):
        assert not np.array_equal(base[index], without[index])


def test_a_gain_that_all_pictures_share_is_sure_however_they_differ() -> None:
    rng = np.random.default_rng(0)
    base = rng.uniform(0.1, 10, 64)
    found = compare(base, base * rng.normal(0.98, 0.01, 64))
    low, high = found["delta_ci"]
    assert found["delta"] == pytest.approx(-0.02, abs=0.005) and low < found["delta"] < high < -0.01
    assert found["expert_loss"] / found["base_loss"] - 1 == pytest.approx(found["delta"])
    assert compare(base, base)["delta_ci"] == [0.0, 0.0]
