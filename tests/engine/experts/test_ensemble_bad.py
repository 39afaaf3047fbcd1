"""Experts that cannot work are refused by name, with a way out; nothing is lost and the worker is ready again."""

from __future__ import annotations

import json
import math
import queue
import shutil

import pytest
import torch
from safetensors.torch import load_file, save_file

from engine import ExpertChoice, Library, LocalExecutor, generate
from engine.errors import BadRequest, ModelIncomplete, ModelNotFound, UnsupportedModel
from engine.protocol import FINAL_EVENTS, Failed, Finished, Loading
from tests.engine.experts.test_ensemble import split
from tests.tiny import DELTA_LAYERS, save_deltas, save_tiny, tiny_unet


def choice(**fields) -> ExpertChoice:
    return ExpertChoice(**{"name": "a", **fields})


BAD_REQUESTS = {
    "gap": ((choice(high=1.0), choice(name="b", low=2.0)), BadRequest, 'between "a" and "b"'),
    "overlap": ((choice(high=2.0), choice(name="b", low=1.0)), BadRequest, "overlap from 1 to 2"),
    "dragged to nothing": (
        (choice(high=1.0), choice(name="b", low=1.0, high=1.0), choice(name="c", low=1.0)),
        BadRequest,
        '"b" is left with nothing',
    ),
    "NaN": ((choice(low=math.nan),), BadRequest, '"a"'),
    "guidance": ((choice(guidance=0.2),), BadRequest, 'guidance of the expert "a"'),
    "guidance NaN": ((choice(guidance=math.nan),), BadRequest, 'guidance of the expert "a"'),
    "no such model": ((choice(model="nothing like that"),), ModelNotFound, "nothing like that"),
    "no such part": ((choice(part="high"),), BadRequest, 'has no expert "high"'),
}


@pytest.mark.parametrize("case", BAD_REQUESTS)
def test_a_request_that_makes_no_sense_is_refused_before_anything_is_loaded(ask, tmp_path, case):
    experts, kind, named = BAD_REQUESTS[case]
    events = list(generate(ask(experts=experts), library=Library(tmp_path)))
    assert [event for event in events if isinstance(event, Loading) and event.what != "libraries"] == []
    error = events[-1].error
    assert type(error) is kind and named in error.message and error.hint


@pytest.mark.parametrize("fields", [{"model": "nothing like that"}, {"part": "high"}])
def test_what_an_expert_lacks_is_told_with_its_name(ask, tmp_path, fields):
    experts = (choice(low=1.0), choice(name="detail", high=1.0, **fields))
    error = list(generate(ask(experts=experts), library=Library(tmp_path)))[-1].error
    assert 'The expert "detail" cannot work' in error.message


def test_the_hint_names_the_experts_that_there_are(ask, tiny_ensemble_folder, tmp_path):
    request = ask(model=str(tiny_ensemble_folder), experts=(choice(part="hihg"),))
    error = list(generate(request, library=Library(tmp_path)))[-1].error
    assert "high, base, low" in error.hint


@pytest.mark.parametrize("other", [{"factor": 16}, {"kl": True}])
def test_models_whose_latents_differ_are_both_named(ask, tmp_path, other):
    save_tiny(tmp_path / "other", **other)
    events = list(generate(ask(experts=(choice(model="other"),)), library=Library(tmp_path)))
    error = events[-1].error
    assert type(error) is UnsupportedModel and '"tiny" and "other"' in error.message and "latents" in error.message
    assert [event for event in events if isinstance(event, Loading) and event.what != "libraries"] == []


def drop(name):
    return lambda folder: (folder / "experts" / name).rename(folder / "elsewhere")


def cut_short(path, share=0.5):
    data = path.read_bytes()
    path.write_bytes(data[: int(len(data) * share)])


def misshapen(folder):
    file = folder / "experts" / "high" / "pytorch_lora_weights.safetensors"
    tensors = load_file(file)
    tensors[f"unet.{DELTA_LAYERS[1]}.lora_A.weight"] = torch.ones(2, 5, 1, 1)
    save_file(tensors, file)


def another_architecture(folder):
    shutil.rmtree(folder / "experts" / "low")
    tiny_unet(width=16).save_pretrained(folder / "experts" / "low", safe_serialization=True)


def rewrite_experts(folder, **changes):
    own = json.loads((folder / "wordbrush.json").read_text())
    own["experts"][1] |= changes
    (folder / "wordbrush.json").write_text(json.dumps(own))


BAD_FOLDERS = {
    "gap": (lambda folder: rewrite_experts(folder, low=0.9), ModelIncomplete, 'between "low" and "base"'),
    "overlap": (lambda folder: rewrite_experts(folder, high=5.0), ModelIncomplete, '"base" and "high" overlap'),
    "dragged to nothing": (lambda folder: rewrite_experts(folder, low=3.2), ModelIncomplete, '"base" is left with'),
    "NaN": (lambda folder: rewrite_experts(folder, high=math.nan), ModelIncomplete, '"base"'),
    "no folder": (drop("low"), ModelIncomplete, 'expert "low"'),
    "half of the deltas": (
        lambda folder: cut_short(folder / "experts" / "high" / "pytorch_lora_weights.safetensors"),
        ModelIncomplete,
        'expert "high"',
    ),
    "deltas of another shape": (misshapen, UnsupportedModel, f"unet.{DELTA_LAYERS[1]}.lora_A.weight"),
    "half of a UNet": (
        lambda folder: cut_short(folder / "experts" / "low" / "diffusion_pytorch_model.safetensors"),
        ModelIncomplete,
        'expert "low"',
    ),
    "a UNet of another text": (another_architecture, UnsupportedModel, "cross_attention_dim is 16, the base's 32"),
    "a UNet without its config": (
        lambda folder: (folder / "experts" / "low" / "config.json").unlink(),
        ModelIncomplete,
        "experts/low",
    ),
}


@pytest.mark.parametrize("case", BAD_FOLDERS)
def test_a_damaged_expert_fails_in_words_and_the_worker_goes_on(ask, tiny_ensemble_folder, tmp_path, case):
    damage, kind, named = BAD_FOLDERS[case]
    folder = shutil.copytree(tiny_ensemble_folder, tmp_path / "trio")
    damage(folder)
    events: queue.Queue = queue.Queue()
    engine = LocalExecutor(library=Library(tmp_path))
    engine.start(events.put)
    try:
        engine.submit(ask(model="trio", steps=6, previews=False))
        engine.submit(ask(id="next"))
        finals = []
        while len(finals) < 2:
            event = events.get(timeout=120)
            if isinstance(event, FINAL_EVENTS):
                finals.append(event)
    finally:
        engine.close()
    failed, finished = finals
    assert isinstance(failed, Failed) and type(failed.error) is kind
    assert named in failed.error.message and failed.error.hint
    assert isinstance(finished, Finished) and finished.request_id == "next"


def test_a_damaged_expert_leaves_the_base_usable(ask, tiny_ensemble_folder, tmp_path):
    folder = shutil.copytree(tiny_ensemble_folder, tmp_path / "trio")
    cut_short(folder / "experts" / "high" / "pytorch_lora_weights.safetensors")
    assert isinstance(list(generate(ask(model="trio", experts=()), library=Library(tmp_path)))[-1], Finished)


def test_an_expert_that_failed_works_once_it_is_mended(ask, tiny_ensemble_folder, tmp_path):
    folder = shutil.copytree(tiny_ensemble_folder, tmp_path / "trio")
    library, request = Library(tmp_path), ask(model="trio", steps=6)
    misshapen(folder)
    assert isinstance(list(generate(request, library=library))[-1], Failed)
    save_deltas(folder / "experts" / "high")
    assert isinstance(list(generate(request, library=library))[-1], Finished)


def test_no_experts_at_all_is_the_base_and_a_sound_split_passes(run):
    for experts in ((), split(1.0)):
        assert isinstance(run(experts=experts)[-1], Finished)
