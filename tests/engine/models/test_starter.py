"""The shipped model is an ordinary Stable Diffusion folder, and what it makes shows what the prompt says."""

from __future__ import annotations

import functools
import json

import numpy as np
import pytest
from diffusers import StableDiffusionPipeline

import resources
from engine import GenerateRequest, ImageReady, PaintedWord, Step, generate
from engine.lab import instruct, instructed
from engine.lab.color_stats import statistics
from engine.lab.segmentation_eval import compare
from engine.lab.style import make_scale
from engine.models.families import inspect
from engine.protocol import InstructedPicture, Lora, StyleReference
from engine.scoring import segmenter
from engine.training.vocabulary import learnt_words
from engine.world.looks import WITHHELD, Look
from engine.world.scenes import HELD_OUT, NAMES, render_scene

FOLDER = resources.path("starter")


def picture(request: GenerateRequest) -> np.ndarray:
    ready = [event for event in generate(request) if isinstance(event, ImageReady)]
    assert len(ready) == 1
    return ready[0].rgb


def test_stock_diffusers_loads_and_samples_it() -> None:
    pipeline = StableDiffusionPipeline.from_pretrained(FOLDER, local_files_only=True)
    pipeline.set_progress_bar_config(disable=True)
    image = pipeline("a red house by a lake", num_inference_steps=4, output_type="np").images[0]
    assert image.shape == (256, 256, 3)
    assert image.std() > 0.05


def test_it_is_small_and_holds_safetensors_only() -> None:
    files = [path for path in FOLDER.rglob("*") if path.is_file()]
    assert sum(path.stat().st_size for path in files) <= 38_000_000
    assert {path.suffix for path in files} <= {".json", ".safetensors", ".md", ".webp", ".txt"}
    assert max(path.stat().st_size for path in files) <= 15_000_000
    assert json.loads((FOLDER / "wordbrush.json").read_text())["size"] == [256, 256]


def test_its_files_name_no_folder_of_whoever_trained_it() -> None:
    for file in FOLDER.rglob("*.json"):
        assert "_name_or_path" not in file.read_text(), file


def test_it_says_which_words_it_has_learnt() -> None:
    own = json.loads((FOLDER / "wordbrush.json").read_text())
    assert {key: own[key] for key in ("names", "words")} == learnt_words()
    assert own["names"] == list(NAMES) and {"red", "the", "under"} <= set(own["words"])


def test_it_brings_three_experts_two_readers_and_takes_styles() -> None:
    facts = inspect(FOLDER)
    assert [expert.name for expert in facts.experts] == ["high", "middle", "low"]
    assert all(expert.is_delta for expert in facts.experts)
    assert facts.encoders == ("clip", "t5")
    assert facts.takes_styles
    request = GenerateRequest.of(id="x", prompt="a lake", steps=20, seed=1)
    owners = [event.expert for event in generate(request) if isinstance(event, Step)]
    assert list(dict.fromkeys(owners)) == ["high", "middle", "low"]
    assert min(owners.count(name) for name in set(owners)) >= 3


@pytest.mark.parametrize("encoders", [(("clip", 1.0),), (("t5", 1.0),)], ids=["clip", "t5"])
def test_either_reader_alone_paints_what_the_prompt_says_where_it_is_painted(
    encoders: tuple[tuple[str, float], ...],
) -> None:
    judge = segmenter.load()
    upper = np.zeros((256, 256), np.uint8)
    upper[:128] = 255
    words = (
        PaintedWord(span=(0, 8), mask=255 - upper, revision="lavender"),
        PaintedWord(span=(13, 19), mask=upper, revision="sunset"),
    )
    request = GenerateRequest.of(id="x", prompt="lavender and sunset", seed=2, words=words, encoders=encoders)
    labels = judge.predict(picture(request)[None])[0]
    assert (labels[:118] == NAMES.index("sunset")).mean() > 0.6
    assert (labels[138:] == NAMES.index("lavender")).mean() > 0.6


@functools.cache
def unseen_layout(seed: int) -> tuple[GenerateRequest, np.ndarray]:
    """A request for a painted layout that the model never saw, and its picture: the same for every look."""
    layout = render_scene(HELD_OUT + 8000 + seed)
    words = tuple(PaintedWord(span=span, mask=mask) for _, span, mask in layout.words())
    request = GenerateRequest.of(id="x", prompt=layout.caption, seed=seed, words=words, steps=12)
    return request, picture(request)


@pytest.mark.parametrize("look", [("dots", "neon"), ("ink", "mint"), ("plain", "sepia")], ids=" ".join)
def test_pictures_come_nearer_to_a_reference_in_a_look_that_was_never_trained_on(look: tuple[str, str]) -> None:
    assert look in WITHHELD
    scale = make_scale(1)
    distances: dict[bool, list[float]] = {True: [], False: []}
    for seed in range(3):
        request, plain = unseen_layout(seed)
        reference = render_scene(HELD_OUT + 8100 + seed).in_look(Look(*look, seed))
        styled = picture(request.replace(styles=(StyleReference(rgb=reference),)))
        for kind, rgb in ((True, styled), (False, plain)):
            distances[kind].append(scale.distances(statistics(rgb), statistics(reference))[0])
    assert np.mean(distances[True]) < 0.95 * np.mean(distances[False])


def test_its_own_weights_for_few_steps_do_what_guidance_does() -> None:
    fast = inspect(FOLDER).fast
    assert fast is not None and fast.few.settings == {"steps": 4, "sampler": "dpmpp_2m", "guidance": 1.0}
    layouts = [render_scene(HELD_OUT + 8000 + seed) for seed in range(4)]
    obeyed = {}
    for chosen in ((), (Lora(fast.lora),)):
        made = []
        for seed, layout in enumerate(layouts):
            words = tuple(PaintedWord(span=span, mask=mask) for _, span, mask in layout.words())
            request = GenerateRequest.of(id="x", prompt=layout.caption, seed=seed, words=words, **fast.few.settings)
            made.append(picture(request.replace(loras=chosen)))
        obeyed[bool(chosen)] = compare(layouts, segmenter.load().predict(np.stack(made))).miou
    assert obeyed[True] > 0.6 and obeyed[True] > obeyed[False] + 0.08


def test_it_follows_instructions() -> None:
    facts = inspect(FOLDER)
    assert facts.instructs and not facts.needs_picture and facts.defaults.guidance_for(instruction=True) == 6
    judge, followed = segmenter.load(), []
    for index in (0, 1, 5, 6):  # make it night, make it winter, and again
        each = instruct.case(index)
        request = GenerateRequest.of(id="x", prompt=each.asked.layout.caption, words=each.before, seed=index, steps=8)
        before = picture(request)
        told = GenerateRequest.of(
            id="x", prompt=each.asked.text, seed=index, steps=12, instruct=InstructedPicture(rgb=before)
        )
        after = picture(told)
        followed.append(instructed.followed(each.asked, before, after, judge.predict(after[None])[0]))
    assert sum(followed) >= 3, followed


def test_paint_moves_a_word_to_where_it_was_painted() -> None:
    judge, lake = segmenter.load(), NAMES.index("lake")
    shares = []
    for above in (True, False):
        mask = np.zeros((256, 256), np.uint8)
        mask[slice(128) if above else slice(128, None)] = 255
        other = 255 - mask
        words = (
            PaintedWord(span=(2, 6), mask=mask, revision=("lake", above)),
            PaintedWord(span=(13, 19), mask=other, revision=("desert", above)),
        )
        rgb = picture(GenerateRequest.of(id="x", prompt="a lake and a desert", seed=4, words=words))
        found = judge.predict(rgb[None])[0] == lake
        shares.append((found[:128].mean(), found[128:].mean()))
    assert shares[0][0] > 0.6 > 0.2 > shares[0][1], "the lake is above"
    assert shares[1][1] > 0.6 > 0.2 > shares[1][0], "the lake is below"


def test_most_names_of_unseen_captions_are_in_the_pictures() -> None:
    judge = segmenter.load()
    found = total = 0
    for index in range(6):
        render = render_scene(HELD_OUT + 900 + index)
        labels = judge.predict(picture(GenerateRequest.of(id="x", prompt=render.caption, seed=index))[None])[0]
        for name in render.names:
            found += (labels == NAMES.index(name)).mean() >= 0.005
            total += 1
    assert found / total >= 0.75
