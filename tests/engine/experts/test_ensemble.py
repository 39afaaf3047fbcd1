"""Experts in a generation: routed by sigma, each with its own text and guidance; one model split changes nothing."""

from __future__ import annotations

import math
import shutil
import threading
from itertools import pairwise

import numpy as np
import pytest
import torch
from safetensors.torch import save_file

from engine import ExpertChoice, Library, generate
from engine.models.adapters import merging
from engine.pipeline import warm_up
from engine.protocol import Cancelled, Failed, Finished, ImageReady, Loading, Lora, Preview, Started, Step
from engine.weights import memory_plan as memory_module
from engine.weights.offload import OffloadedWeights, bytes_inside
from resources.limits import SAMPLERS
from tests.engine.test_pipeline import of, painted
from tests.tiny import save_tiny, save_tiny_ensemble, tiny_unet

PAINTED = {"words": (painted(),), "paint_weight": 3.0}


@pytest.fixture
def trio(run, tiny_ensemble_folder):
    """The events of a small request of the model with three experts."""
    return lambda **fields: run(**{"model": str(tiny_ensemble_folder), "steps": 6, **fields})


def picture(events) -> np.ndarray:
    assert isinstance(events[-1], Finished), events[-1]
    return events[-1].images[0].rgb


def workers(events) -> list[str]:
    return [event.expert for event in of(events, Step)]


def split(*bounds: float, **fields) -> tuple[ExpertChoice, ...]:
    """Experts from low noise to high, cut at `bounds`."""
    edges = [0.0, *bounds, math.inf]
    return tuple(
        ExpertChoice(name=f"e{n}", low=low, high=high, **fields) for n, (low, high) in enumerate(pairwise(edges))
    )


def test_a_models_own_ensemble_is_the_default(trio):
    events = trio()
    sigmas = [event.sigma for event in of(events, Step)]
    assert workers(events) == ["high" if s >= 3.2 else "base" if s >= 0.6 else "low" for s in sigmas]
    assert set(workers(events)) == {"high", "base", "low"}
    alone = trio(experts=())
    assert set(workers(alone)) == {"base"}
    assert not np.array_equal(picture(events), picture(alone))


def test_each_expert_does_its_own_part(trio, run, tiny_ensemble_folder):
    """Until the last switch the picture is the same whatever the expert after it; each one matters."""
    whole = picture(trio())
    for name in ("high", "low"):
        experts = (
            ExpertChoice(name="high", part="base" if name == "high" else "high", low=3.2),
            ExpertChoice(name="middle", part="base", low=0.6, high=3.2),
            ExpertChoice(name="low", part="base" if name == "low" else "low", high=0.6),
        )
        assert not np.array_equal(picture(trio(experts=experts)), whole)
    same = tuple(
        ExpertChoice(name=part, part=part, low=low, high=high)
        for part, low, high in (("low", 0.0, 0.6), ("base", 0.6, 3.2), ("high", 3.2, math.inf))
    )
    assert np.array_equal(picture(trio(experts=same)), whole)


@pytest.fixture(scope="module")
def copies(tmp_path_factory):
    """A model whose experts are its own base: by deltas of nothing, and as a whole UNet of the same weights."""
    return save_tiny_ensemble(tmp_path_factory.mktemp("copies") / "copies", size=0.0, low_seed=0)


@pytest.mark.parametrize("sampler", SAMPLERS)
def test_one_model_split_in_three_changes_no_bit(run, ask, copies, tmp_path_factory, sampler):
    fields = {"model": str(copies), "sampler": sampler, "steps": 6, "seed": 3, **PAINTED}
    alone = picture(run(experts=(), **fields))
    events = run(**fields)
    assert len(set(workers(events))) == 3
    assert np.array_equal(picture(events), alone)
    assert np.array_equal(picture(run(experts=split(0.7, 3.0), **fields)), alone)


def test_three_copies_on_the_shelf_change_no_bit(ask, tiny_sd_folder, tmp_path):
    for name in ("one", "two"):
        shutil.copytree(tiny_sd_folder, tmp_path / name)
    library = Library(tmp_path)
    fields = {"steps": 5, "sampler": "dpmpp_2m_karras", **PAINTED}
    alone = picture(list(generate(ask(experts=(), **fields), library=library)))
    low, middle, high = split(0.5, 3.0)
    experts = (
        ExpertChoice(name="low", model="one", high=low.high),
        ExpertChoice(name="middle", model="two", low=middle.low, high=middle.high),
        ExpertChoice(name="high", low=high.low),
    )
    events = list(generate(ask(experts=experts, **fields), library=library))
    assert set(workers(events)) == {"low", "middle", "high"}
    assert np.array_equal(picture(events), alone)
    # More models than the library keeps: those in use stayed, and none is loaded again.
    again = list(generate(ask(experts=experts, **fields), library=library))
    assert of(again, Loading) == [] and np.array_equal(picture(again), alone)


def test_a_model_of_the_same_noise_levels_is_told_the_samplers_own_timesteps(ask, tiny_sd_folder, tmp_path):
    """Karras' walk rounds them; what is worked out from sigma would lie beside."""
    shutil.copytree(tiny_sd_folder, tmp_path / "copy")
    library = Library(tmp_path)
    told = []
    for name in ("copy", tiny_sd_folder):
        unet = library.load(name, "cpu").unet
        unet.register_forward_pre_hook(lambda module, args: told.append(float(args[1])))
    fields = {"steps": 5, "sampler": "dpmpp_2m_karras"}
    experts = (ExpertChoice(name="low", model="copy", high=2.0), ExpertChoice(name="high", low=2.0))
    list(generate(ask(experts=experts, **fields), library=library))
    walk = library.load("copy", "cpu").noise.walk("dpmpp_2m_karras", 5)
    assert told == list(walk.timesteps) and len(told) == 5


def test_a_boundary_on_a_sigma_belongs_to_the_expert_above(run):
    sigmas = [event.sigma for event in of(run(steps=5), Step)]
    names = workers(run(steps=5, experts=split(sigmas[3], sigmas[1])))
    assert names == ["e2", "e2", "e1", "e1", "e0"]


def test_who_has_no_step_is_not_loaded(ask, tiny_ensemble_folder, tmp_path):
    library = Library(tmp_path)
    request = ask(model=str(tiny_ensemble_folder), steps=1)
    events = list(generate(request, library=library))
    assert workers(events) == ["high"]
    assert [event.what for event in of(events, Loading) if "expert" in event.what] == ['expert "high"']
    fractions = [event.fraction for event in of(events, Loading)]
    assert fractions == sorted(fractions) and fractions[-1] == 1.0
    assert picture(events).shape == (64, 64, 3)


def test_guidance_is_each_experts_own(run):
    sigmas = [event.sigma for event in of(run(steps=4), Step)]
    cut = sigmas[2]

    def guided(low, high):
        experts = (
            ExpertChoice(name="low", high=cut, guidance=low),
            ExpertChoice(name="high", low=cut, guidance=high),
        )
        return picture(run(steps=4, guidance=5.0, experts=experts))

    assert np.array_equal(guided(None, None), picture(run(steps=4, guidance=5.0)))
    assert np.array_equal(guided(5.0, 5.0), guided(None, None))
    assert not np.array_equal(guided(9.0, 5.0), guided(5.0, 9.0))
    # Guidance 1 in one half only: the other half still gets both prompts.
    assert np.abs(guided(1.0, 1.0).astype(int) - picture(run(steps=4, guidance=1.0)).astype(int)).max() <= 1
    assert not np.array_equal(guided(1.0, 9.0), guided(1.0, 1.0))


def test_models_that_predict_differently_can_share_a_run(ask, tiny_sd_folder, tmp_path):
    """A velocity model that means the same x0 as the noise model makes the same picture, in any mixture."""
    velocity = save_tiny(tmp_path / "velocity", prediction="v_prediction")
    library = Library(tmp_path)
    family = library.load(velocity, "cpu")
    forward = family.unet.forward

    def as_velocity(sample, timestep, *args, **kwargs):
        sigma = family.noise.sigma(float(timestep))
        a = 1 / math.sqrt(1 + sigma**2)
        b = sigma * a
        noise = forward(sample, timestep, *args, **kwargs)[0]
        x0 = (sample - b * noise) / a
        return ((a * sample - x0) / b,)

    family.unet.forward = as_velocity
    request = {"steps": 6, "sampler": "dpmpp_2m"}
    events = list(generate(ask(experts=(), **request), library=library))
    seen = {}
    for name, experts in {
        "high": (ExpertChoice(name="v", model="velocity", low=2.0), ExpertChoice(name="e", high=2.0)),
        "low": (ExpertChoice(name="e", low=2.0), ExpertChoice(name="v", model="velocity", high=2.0)),
    }.items():
        mixed = list(generate(ask(experts=experts, **request), library=library))
        assert set(workers(mixed)) == {"v", "e"}
        seen[name] = np.abs(picture(mixed).astype(int) - picture(events).astype(int)).max()
    assert max(seen.values()) <= 1, seen


def test_text_is_projected_once_for_all_pictures_of_a_request(ask, library, tiny_ensemble_folder, monkeypatch):
    from engine.attention.control import PaintAttention

    calls: list[int] = []
    project = PaintAttention.project
    monkeypatch.setattr(
        PaintAttention,
        "project",
        lambda self, attn, context: calls.append(len(context)) or project(self, attn, context),
    )
    family = library.load(ask().model, "cpu")
    layers = sum(name.endswith(".attn2") for name, _ in family.unet.named_modules())
    list(generate(ask(count=3), library=library))
    assert calls == [2] * layers
    calls.clear()
    list(generate(ask(count=5, batch=2), library=library))
    assert calls == [4] * layers + [2] * layers  # two of two, and one alone
    calls.clear()
    list(generate(ask(count=3, steps=6, model=str(tiny_ensemble_folder)), library=library))
    assert calls == [2] * layers * 3  # once for each of three experts


def test_the_prompt_is_read_once_for_experts_that_share_their_readers(ask, tiny_ensemble_folder, tmp_path):
    library = Library(tmp_path)
    family = library.load(tiny_ensemble_folder, "cpu")
    reader, read = family.readers[0], []
    original = reader.read
    reader.read = lambda tokenized: read.append(tokenized.prompt) or original(tokenized)
    list(generate(ask(model=str(tiny_ensemble_folder), steps=6, negative="sky", count=2), library=library))
    assert sorted(read) == sorted(["sky", ask().text.prompt])


def test_heatmaps_are_those_of_all_experts_together(trio, run, copies):
    fields = {"watched": (painted().span,), "steps": 6}
    alone = of(run(model=str(copies), experts=(), **fields), ImageReady)[0].heatmaps
    together = of(run(model=str(copies), **fields), ImageReady)[0].heatmaps
    np.testing.assert_allclose(together, alone, atol=1e-4)
    shown = of(trio(**fields), Preview)
    assert len(shown) == 6 and all(event.heatmaps.shape == (1, 8, 8) for event in shown)


def test_obedience_is_that_of_all_experts_together(run, trio, copies):
    fields = {"words": (painted(),), "obedience": True, "paint_weight": 4.0, "steps": 6}
    alone = of(run(model=str(copies), experts=(), **fields), ImageReady)[0].obedience
    together = of(run(model=str(copies), **fields), ImageReady)[0].obedience
    assert together == pytest.approx(alone, abs=1e-6)
    several = of(run(model=str(copies), count=2, **fields), ImageReady)
    second = of(run(model=str(copies), seed=1, **fields), ImageReady)[0]
    assert several[0].obedience == together and several[1].obedience == second.obedience != together


def test_what_a_lora_made_of_the_experts_is_there_in_the_next_run(trio, tmp_path, monkeypatch):
    layer = "down_blocks.0.attentions.0.transformer_blocks.0.attn2.to_v"
    out, into = tiny_unet().get_submodule(layer).weight.shape
    factors = {"A": torch.arange(float(into))[None], "B": torch.ones(out, 1)}
    file = tmp_path / "hat.safetensors"
    save_file({f"unet.{layer}.lora_{name}.weight": factor for name, factor in factors.items()}, file)
    merged = []
    real = merging.MergedWeights._merge
    monkeypatch.setattr(merging.MergedWeights, "_merge", lambda self, *how: merged.append(1) or real(self, *how))
    first = trio(loras=(Lora(str(file)),))
    assert len(merged) == 3, "each expert once"
    assert np.array_equal(picture(trio(loras=(Lora(str(file)),))), picture(first)) and len(merged) == 3
    assert not np.array_equal(picture(trio()), picture(first))


@pytest.mark.parametrize("slots", [1, 2])
@pytest.mark.parametrize("copies", [False, True], ids=["from disk", "from the machine's memory"])
def test_experts_that_do_not_fit_take_turns_and_make_the_same_pictures(
    ask, tiny_ensemble_folder, tmp_path, monkeypatch, slots, copies
):
    # A device of its own gets its weights from copies in the machine's memory.
    monkeypatch.setattr(OffloadedWeights, "has_copies", copies)
    request = {"model": str(tiny_ensemble_folder), "steps": 6, "count": 2, **PAINTED}
    expected = list(generate(ask(**request), library=Library(tmp_path)))[-1].images
    library = Library(tmp_path)
    plain = picture(list(generate(ask(model=str(tiny_ensemble_folder), experts=()), library=library)))
    list(generate(ask(**request), library=library))
    assert inside(library) == 3
    size = bytes_inside([library.load(tiny_ensemble_folder, "cpu").offloaded])
    # From now on the machine's memory holds so many UNets: what is free is that less what is in.
    monkeypatch.setattr(
        memory_module, "free_bytes", lambda device, **_: slots * size - bytes_inside(residences(library))
    )
    for _ in range(2):
        most = 0
        for event in generate(ask(**request), library=library):
            if isinstance(event, Step):
                most = max(most, inside(library))
            last = event
        assert isinstance(last, Finished) and most <= slots
        assert all(np.array_equal(a.rgb, b.rgb) for a, b in zip(last.images, expected, strict=True))
    # The base, wherever it was left, is back when it is asked for.
    family = library.load(tiny_ensemble_folder, "cpu")
    assert family.offloaded.inside
    assert np.array_equal(
        picture(list(generate(ask(model=str(tiny_ensemble_folder), experts=()), library=library))), plain
    )


def residences(library: Library) -> list[OffloadedWeights]:
    return [family.offloaded for model in library._loaded.values() for family in model.parts.values()]


def inside(library: Library) -> int:
    return sum(each.inside for each in residences(library))


def test_files_are_measured_once_until_they_are_written_anew(tiny_sd_folder, tmp_path, monkeypatch):
    from engine.models import memory_ways as experts

    shutil.copytree(tiny_sd_folder, tmp_path / "other")
    facts = Library(tmp_path).inspect("other")
    reads = []
    read = experts.read_any_header
    monkeypatch.setattr(experts, "read_any_header", lambda file, part: reads.append(file) or read(file, part=part))
    whole = experts.need(facts, None, itemsize=4).whole
    assert experts.need(facts, None, itemsize=4).whole == whole and len(reads) == 1
    (file,) = reads
    file.write_bytes(file.read_bytes())
    assert experts.need(facts, None, itemsize=4).whole == whole and len(reads) == 2


def test_what_a_model_brings_beside_its_denoiser_counts(ask, tiny_sd_folder, tmp_path, monkeypatch):
    from engine.models import memory_ways as experts

    shutil.copytree(tiny_sd_folder, tmp_path / "other")
    facts = Library(tmp_path).inspect("other")
    files = [*(tmp_path / "other").glob("text_encoder/*.safetensors"), *(tmp_path / "other").glob("vae/*.safetensors")]
    stored = sum(file.stat().st_size for file in files)
    brought = experts.beside(facts, itemsize=4)
    assert 0.9 * stored < brought < stored  # the files have headers too
    unet = experts.need(facts, None, itemsize=4).whole
    request = ask(steps=4, experts=(ExpertChoice(name="a", model="other", high=2.0), ExpertChoice(name="b", low=2.0)))
    for spare, at_once in ((unet + brought, 2), (unet + brought - 1, 1)):
        library = Library(tmp_path)
        library.load(tiny_sd_folder, "cpu")
        monkeypatch.setattr(memory_module, "free_bytes", lambda device, spare=spare, **_: spare)
        assert isinstance(list(generate(request, library=library))[-1], Finished)
        assert inside(library) == at_once


def test_idle_models_make_room_before_experts_take_turns(
    ask, tiny_sd_folder, tiny_ensemble_folder, tmp_path, monkeypatch
):
    library = Library(tmp_path)
    size = bytes_inside([library.load(tiny_sd_folder, "cpu").offloaded])
    monkeypatch.setattr(memory_module, "free_bytes", lambda device, **_: int(2.9 * size) - inside(library) * size)
    events = list(generate(ask(model=str(tiny_ensemble_folder), steps=6), library=library))
    assert isinstance(events[-1], Finished)
    assert list(library._loaded) == [(tiny_ensemble_folder, "cpu")] and inside(library) == 3


def test_an_expert_that_is_gone_when_its_turn_comes_is_a_typed_error(ask, tiny_ensemble_folder, tmp_path, monkeypatch):
    folder = shutil.copytree(tiny_ensemble_folder, tmp_path / "trio")
    library = Library(tmp_path)
    library.load("trio", "cpu")
    monkeypatch.setattr(memory_module, "free_bytes", lambda device, **_: 1)
    events = []
    for event in generate(ask(model="trio", steps=6), library=library):
        events.append(event)
        if isinstance(event, Started):
            (folder / "experts" / "low" / "diffusion_pytorch_model.safetensors").unlink()
    assert isinstance(events[-1], Failed) and "experts/low" in events[-1].error.message
    assert workers(events)[-1] == "base"
    after = list(generate(ask(model="trio", experts=()), library=library))
    assert isinstance(after[-1], Finished)


def test_cancel_while_an_expert_is_brought_in_is_read_before_it_works(ask, tiny_ensemble_folder, tmp_path, monkeypatch):
    library, cancel = Library(tmp_path), threading.Event()
    monkeypatch.setattr(memory_module, "free_bytes", lambda device, **_: 1)
    fetch = OffloadedWeights.fetch
    for event in generate(ask(model=str(tiny_ensemble_folder), steps=6), library=library, cancel=cancel):
        if isinstance(event, Step) and event.expert == "high":
            monkeypatch.setattr(OffloadedWeights, "fetch", lambda self: cancel.set() or fetch(self))
        last = event
        assert not (isinstance(event, Step) and event.expert != "high")
    assert isinstance(last, Cancelled)


def test_warming_up_brings_the_experts_too(ask, tiny_ensemble_folder, tmp_path):
    library = Library(tmp_path)
    loading = list(warm_up(str(tiny_ensemble_folder), "cpu", library=library, cancel=threading.Event()))
    assert {event.request_id for event in loading} == {""} and loading[-1].fraction == 1.0
    events = list(generate(ask(model=str(tiny_ensemble_folder), steps=6), library=library))
    assert of(events, Loading) == [] and isinstance(events[-1], Finished)


@pytest.mark.parametrize("at", ['expert "low"', 'expert "high"'])
def test_cancel_while_an_expert_loads(ask, tiny_ensemble_folder, tmp_path, at):
    library, cancel, events = Library(tmp_path), threading.Event(), []
    request = ask(model=str(tiny_ensemble_folder), steps=6)
    for event in generate(request, library=library, cancel=cancel):
        events.append(event)
        if isinstance(event, Loading) and event.what == at:
            cancel.set()
    assert isinstance(events[-1], Cancelled) and of(events, Started) == []
    assert isinstance(list(generate(request, library=library))[-1], Finished)


def test_a_run_of_an_expert_that_another_request_takes_over_fails_in_words(ask, library, tiny_ensemble_folder):
    request = {"model": str(tiny_ensemble_folder), "steps": 6}
    earlier = generate(ask(id="earlier", **request), library=library)
    next(event for event in earlier if isinstance(event, Step))
    alone = list(generate(ask(seed=5, **request), library=library))
    rest = list(earlier)
    assert isinstance(rest[-1], Failed) and "Library" in rest[-1].error.hint
    assert np.array_equal(picture(alone), picture(list(generate(ask(seed=5, **request), library=library))))


def test_an_expert_may_bring_its_own_noise_levels(ask, tmp_path):
    import json

    folder = save_tiny_ensemble(tmp_path / "trio", size=0.0, low_seed=0)
    library = Library(tmp_path)
    before = picture(list(generate(ask(model="trio", steps=6), library=library)))
    config = json.loads((folder / "scheduler" / "scheduler_config.json").read_text())
    config["prediction_type"] = "v_prediction"
    (folder / "experts" / "low" / "scheduler_config.json").write_text(json.dumps(config))
    after = picture(list(generate(ask(model="trio", steps=6), library=Library(tmp_path))))
    assert not np.array_equal(before, after)
    config["beta_schedule"] = "nothing like that"
    (folder / "experts" / "low" / "scheduler_config.json").write_text(json.dumps(config))
    events = list(generate(ask(model="trio", steps=6), library=Library(tmp_path)))
    assert isinstance(events[-1], Failed) and '"low"' in events[-1].error.message


def test_a_unet_of_its_own_is_what_works(ask, tiny_ensemble_folder, tmp_path):
    library = Library(tmp_path)
    list(generate(ask(model=str(tiny_ensemble_folder), steps=6), library=library))
    low = library.load(tiny_ensemble_folder, "cpu")
    experts = library._loaded[tiny_ensemble_folder, "cpu"].parts
    assert torch.equal(experts["low"].unet.conv_in.weight, tiny_unet(seed=5).conv_in.weight)
    assert experts["low"].readers is low.readers and experts["low"].vae is low.vae
