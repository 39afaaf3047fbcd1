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
from engine.lab.compositions import Composition, load
from engine.lab.page_measures import found_anywhere, named_right
from engine.lab.segmentation_eval import load_judge, load_recogniser
from engine.lab.style import make_scale
from engine.models.families import inspect
from engine.placing.table import table_of
from engine.protocol import InstructedPicture, Lora, StyleReference
from engine.training.picture_book.export import own_facts
from engine.training.picture_book.vocabulary import names, synonyms
from engine.world.looks import WITHHELD, Look
from engine.world.scenes import HELD_OUT, render_scene

FOLDER = resources.path("starter")
SIDE = 256
"""Small pictures for what does not need large ones: a quarter of the time."""


def picture(request: GenerateRequest) -> np.ndarray:
    ready = [event for event in generate(request) if isinstance(event, ImageReady)]
    assert len(ready) == 1
    return ready[0].rgb


def test_stock_diffusers_loads_and_samples_it() -> None:
    pipeline = StableDiffusionPipeline.from_pretrained(FOLDER, local_files_only=True)
    pipeline.set_progress_bar_config(disable=True)
    image = pipeline("a red house by a lake", num_inference_steps=4, output_type="np").images[0]
    assert image.shape == (512, 512, 3)
    assert image.std() > 0.05


def test_it_is_small_and_holds_safetensors_only() -> None:
    files = [path for path in FOLDER.rglob("*") if path.is_file()]
    assert sum(path.stat().st_size for path in files) <= 52_000_000
    assert {path.suffix for path in files} <= {".json", ".safetensors", ".md", ".webp", ".txt"}
    assert max(path.stat().st_size for path in files) <= 15_000_000
    assert json.loads((FOLDER / "wordbrush.json").read_text())["size"] == [512, 512]


def test_its_files_name_no_folder_of_whoever_trained_it() -> None:
    for file in FOLDER.rglob("*.json"):
        assert "_name_or_path" not in file.read_text(), file


def test_it_says_which_words_it_has_learnt() -> None:
    own = json.loads((FOLDER / "wordbrush.json").read_text())
    assert {key: own[key] for key in ("names", "words", "groups")} == {
        key: own_facts()[key] for key in ("names", "words", "groups")
    }
    assert own["names"] == names() and len(names()) > 400 and {"red", "the", "under"} <= set(own["words"])


def test_it_knows_of_every_name_where_it_stands() -> None:
    table = table_of(FOLDER)
    assert table is not None and set(table.known) == set(names()) and inspect(FOLDER).places
    assert all(table.words[word.casefold()] == name for word, name in synonyms().items())


def test_words_without_paint_are_placed_unless_that_is_switched_off() -> None:
    request = GenerateRequest.of(
        id="x", prompt="a house on grass, blue sky", seed=1, steps=4, width=SIDE, height=SIDE,
        watched=((2, 7),), words=(PaintedWord(span=(18, 26), mask=_upper()),), obedience=True,
    )  # fmt: skip
    placed, *_ = (event for event in generate(request) if isinstance(event, ImageReady))
    free, *_ = (event for event in generate(request.replace(place_words=False)) if isinstance(event, ImageReady))
    assert not np.array_equal(placed.rgb, free.rgb)
    for event in (placed, free):
        assert len(event.obedience) == 1 and len(event.heatmaps) == 1, "nothing is told of what the program placed"
    stock, off = (picture(request.replace(paint_weight=0.0, place_words=each)) for each in (True, False))
    assert np.array_equal(stock, off)


def patch(x: float, y: float, size: float) -> np.ndarray:
    """A round patch on a page of 512x512, of so many pixels."""
    rows, columns = np.mgrid[0:512, 0:512]
    return (((columns - x) ** 2 + (rows - y) ** 2) <= (size / 2) ** 2) * np.uint8(255)


def test_round_paint_becomes_the_thing_and_its_colour_is_its_own() -> None:
    prompt, painted = "a red house on grass under blue sky", patch(256, 270, 170)
    words = (PaintedWord(span=(2, 11), mask=painted),)
    request = GenerateRequest.of(id="1", prompt=prompt, words=words, seed=5)
    fitted, filled = (picture(request.replace(place_words=each)) for each in (True, False))
    (seen,) = load_recogniser().recognise(fitted, painted[None], ["house"])
    assert seen is not None and seen.name == "house" and seen.probability > 0.8
    red, less = (red_share(rgb[200:330, 180:330]) for rgb in (fitted, filled))
    assert red > 0.55 > 0.5 > less, "a house has its own colours unless it is told its colour once more"


def red_share(rgb: np.ndarray) -> float:
    """The share of pixels uint8 `[H, W, 3]` that are rather red."""
    red, green, blue = (rgb[..., channel].astype(int) for channel in range(3))
    return float(((red > green + 50) & (red > blue + 50)).mean())


def test_each_picture_of_a_series_has_its_own_places_as_if_it_were_made_alone() -> None:
    small = {"steps": 2, "width": SIDE, "height": SIDE, "prompt": "a cat on grass, blue sky"}
    series = GenerateRequest.of(id="x", seed=1, count=2, batch=2, **small)
    made = [event.rgb for event in generate(series) if isinstance(event, ImageReady)]
    alone = [picture(GenerateRequest.of(id="x", seed=seed, **small)) for seed in (1, 2)]
    assert all(map(np.array_equal, made, alone)) and len(made) == 2


def _upper() -> np.ndarray:
    mask = np.zeros((SIDE, SIDE), np.uint8)
    mask[: SIDE // 2] = 255
    return mask


def test_it_brings_three_experts_two_readers_and_takes_styles() -> None:
    facts = inspect(FOLDER)
    assert [expert.name for expert in facts.experts] == ["high", "middle", "low"]
    assert all(expert.is_delta for expert in facts.experts)
    assert facts.encoders == ("clip", "t5")
    assert facts.takes_styles
    request = GenerateRequest.of(id="x", prompt="a lake", steps=20, seed=1, width=SIDE, height=SIDE)
    owners = [event.expert for event in generate(request) if isinstance(event, Step)]
    assert list(dict.fromkeys(owners)) == ["high", "middle", "low"]
    assert min(owners.count(name) for name in set(owners)) >= 3


def halves(first: str, second: str, *, above: bool, **fields: object) -> np.ndarray:
    """The labels of a picture with one stuff in its upper half and another in its lower half, or the other way."""
    upper = np.zeros((SIDE, SIDE), np.uint8)
    upper[slice(SIDE // 2) if above else slice(SIDE // 2, None)] = 255
    prompt = f"{first} and {second}"
    words = (
        PaintedWord(span=(0, len(first)), mask=upper, revision=(first, above)),
        PaintedWord(span=(len(first) + 5, len(prompt)), mask=255 - upper, revision=(second, above)),
    )
    request = GenerateRequest.of(id="x", prompt=prompt, seed=2, words=words, width=SIDE, height=SIDE, **fields)
    return load_recogniser().predict(picture(request)[None])[0]


def shares(labels: np.ndarray, name: str) -> tuple[float, float]:
    """How much of the upper and of the lower half, without what lies at the border, has a name."""
    there = labels == load_recogniser().names.index(name)
    return float(there[: SIDE // 2 - 10].mean()), float(there[SIDE // 2 + 10 :].mean())


@pytest.mark.parametrize("encoders", [(("clip", 1.0),), (("t5", 1.0),)], ids=["clip", "t5"])
def test_either_reader_alone_paints_what_the_prompt_says_where_it_is_painted(
    encoders: tuple[tuple[str, float], ...],
) -> None:
    labels = halves("sunset", "lavender", above=True, encoders=encoders)
    assert shares(labels, "sunset")[0] > 0.6 and shares(labels, "lavender")[1] > 0.6


def test_paint_moves_a_word_to_where_it_was_painted() -> None:
    for above in (True, False):
        inside, outside = shares(halves("lake", "desert", above=above), "lake")[:: 1 if above else -1]
        assert inside > 0.6 > 0.2 > outside, "above" if above else "below"


@functools.cache
def page(number: int, *, painted: bool, few: bool = False) -> tuple[Composition, np.ndarray]:
    """A page that no training saw, and its picture."""
    asked = load().compositions[number]
    words = asked.words(number, 512) if painted else ()
    request = GenerateRequest.of(id="x", prompt=asked.caption, seed=number, words=words, steps=12)
    if few:
        fast = inspect(FOLDER).fast
        assert fast is not None
        request = GenerateRequest.of(id="x", prompt=asked.caption, seed=number, words=words, **fast.few.settings)
        request = request.replace(loras=(Lora(fast.lora),))
    return asked, picture(request)


def test_painted_things_and_stuff_are_what_their_words_say() -> None:
    right = np.concatenate([named_right(*page(number, painted=True), load_recogniser()) for number in range(3)])
    assert right.mean() > 0.6


def test_its_own_weights_for_few_steps_do_what_guidance_does() -> None:
    fast = inspect(FOLDER).fast
    assert fast is not None and fast.few.settings == {"steps": 4, "sampler": "dpmpp_2m", "guidance": 1.0}
    few, all_steps = (
        np.concatenate([named_right(*page(number, painted=True, few=each), load_recogniser()) for number in range(3)])
        for each in (True, False)
    )
    assert few.mean() > 0.75 * all_steps.mean()


def test_most_names_of_unseen_captions_are_in_the_pictures() -> None:
    judge, found = load_recogniser(), []
    for number in range(3):
        asked, rgb = page(number, painted=False)
        found += found_anywhere(asked, judge.predict(rgb[None])[0], judge).values()
    assert np.mean(found) >= 0.6


@functools.cache
def unseen_layout(seed: int) -> tuple[GenerateRequest, np.ndarray]:
    """A request for a painted layout that the model never saw, and its picture: the same for every look."""
    layout = render_scene(HELD_OUT + 8000 + seed)
    words = tuple(PaintedWord(span=span, mask=mask) for _, span, mask in layout.words())
    request = GenerateRequest.of(
        id="x", prompt=layout.caption, seed=seed, words=words, steps=12, width=SIDE, height=SIDE
    )
    return request, picture(request)


_NOT_NEARER = pytest.mark.xfail(strict=True, reason="it takes the dots, but its colours go away from the neon's")


@pytest.mark.parametrize(
    "look", [pytest.param(("dots", "neon"), marks=_NOT_NEARER), ("ink", "mint"), ("plain", "sepia")], ids=" ".join
)
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


@pytest.mark.xfail(reason="its weights for instructions follow three of four at best, which another machine may miss")
def test_it_follows_instructions() -> None:
    facts = inspect(FOLDER)
    assert facts.instructs and not facts.needs_picture and facts.defaults.guidance_for(instruction=True) == 6
    judge, followed = load_judge(), []
    for index in (0, 1, 5, 6):  # make it night, make it winter, and again
        each = instruct.case(index)
        small = {"width": SIDE, "height": SIDE, "seed": index}
        before = picture(
            GenerateRequest.of(id="x", prompt=each.asked.layout.caption, words=each.before, steps=8, **small)
        )
        told = GenerateRequest.of(
            id="x", prompt=each.asked.text, steps=12, instruct=InstructedPicture(rgb=before), **small
        )
        after = picture(told)
        followed.append(instructed.followed(each.asked, before, after, judge.predict(after[None])[0]))
    assert sum(followed) >= 3, followed
