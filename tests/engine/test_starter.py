"""The shipped model is an ordinary Stable Diffusion folder, and what it makes shows what the prompt says."""

from __future__ import annotations

import json

import numpy as np
from diffusers import StableDiffusionPipeline

import resources
from engine import GenerateRequest, ImageReady, PaintedWord, generate
from engine.training.vocabulary import learnt_words
from engine.world import segmenter
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
    assert sum(path.stat().st_size for path in files) <= 28_000_000
    assert {path.suffix for path in files} <= {".json", ".safetensors", ".md", ".png", ".txt"}
    assert max(path.stat().st_size for path in files) <= 15_000_000
    assert json.loads((FOLDER / "wordbrush.json").read_text())["size"] == [256, 256]


def test_it_says_which_words_it_has_learnt() -> None:
    own = json.loads((FOLDER / "wordbrush.json").read_text())
    assert {key: own[key] for key in ("names", "words")} == learnt_words()
    assert own["names"] == list(NAMES) and {"red", "the", "under"} <= set(own["words"])


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
        rgb = picture(GenerateRequest(id="x", prompt="a lake and a desert", seed=4, words=words))
        found = judge.predict(rgb[None])[0] == lake
        shares.append((found[:128].mean(), found[128:].mean()))
    assert shares[0][0] > 0.6 > 0.2 > shares[0][1], "the lake is above"
    assert shares[1][1] > 0.6 > 0.2 > shares[1][0], "the lake is below"


def test_most_names_of_unseen_captions_are_in_the_pictures() -> None:
    judge = segmenter.load()
    found = total = 0
    for index in range(6):
        render = render_scene(HELD_OUT + 900 + index)
        labels = judge.predict(picture(GenerateRequest(id="x", prompt=render.caption, seed=index))[None])[0]
        for name in render.names:
            found += (labels == NAMES.index(name)).mean() >= 0.005
            total += 1
    assert found / total >= 0.75
