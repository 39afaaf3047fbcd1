"""Random scenes for property-style tests: emoji, accents, lost words, soft and empty and full masks, styles."""

from __future__ import annotations

import numpy as np

from canvas.files.image_io import style_picture
from canvas.model import colour_edits, edits
from canvas.model.colors import PALETTE
from canvas.model.scene import Scene, Settings, Word
from canvas.model.style import Style
from canvas.model.tiled_mask import TiledMask
from canvas.model.words import word_spans

NOUNS = [
    "cat",
    "Cat",
    "🐱",
    "👩🏽‍🚀 astronaut",
    "žluťoučký kůň",
    "cafe\u0301",
    "山",
    "old oak",
    "x",
    "Straße",
    'a "b" <c> & d',
    "cat#2",
]


def random_mask(rng: np.random.Generator, size: tuple[int, int]) -> TiledMask:
    """Empty, full, one soft blob, or noise."""
    kind = rng.integers(4)
    if kind == 0:
        return TiledMask(size)
    if kind == 1:
        return TiledMask.filled(size)
    width, height = size
    if kind == 2:
        y, x = np.mgrid[:height, :width]
        radius = rng.uniform(1, max(size))
        distance = np.hypot(x - rng.uniform(0, width), y - rng.uniform(0, height))
        return TiledMask.from_array((np.clip(1.5 - distance / radius, 0, 1) * 255).astype(np.uint8))
    return TiledMask.from_array(rng.integers(0, 256, (height, width), dtype=np.uint8))


def random_scene(seed: int) -> Scene:
    """A scene with up to 6 words over any part of a prompt of any letters, and up to 3 styles."""
    rng = np.random.default_rng(seed)
    size = (int(rng.integers(1, 200)), int(rng.integers(1, 200)))
    prompt = " and\n".join(rng.permutation(NOUNS)[: rng.integers(1, 8)])
    spans = list(word_spans(prompt))
    rng.shuffle(spans)
    words, masks = [], {}
    for index, (start, end) in enumerate(spans[: rng.integers(0, 7)]):
        word_id = f"w{index + 1}"
        lost = bool(rng.random() < 0.2)
        first, second = sorted(rng.random(2).tolist())
        words.append(
            Word(
                word_id,
                "gone 🌊" if lost else prompt[start:end],
                None if lost else (int(start), int(end)),
                strength=float(rng.uniform(-2, 2)),
                window=(first, second),
                color=PALETTE[index],
                visible=bool(rng.random() < 0.7),
                muted=bool(rng.random() < 0.2),
                solo=bool(rng.random() < 0.1),
                pattern=int(rng.integers(16)),
                anchor=int(rng.integers(len(prompt))) if lost else 0,
            )
        )
        masks[word_id] = random_mask(rng, size)
    settings = Settings(
        steps=int(rng.integers(1, 50)),
        guidance=None if rng.random() < 0.5 else float(rng.uniform(1, 20)),
        paint_weight=None if rng.random() < 0.5 else float(rng.uniform(0, 2)),
        seed=int(rng.integers(0, 2**63 - 1)),
    )
    styles = tuple(random_style(rng, f"s{index}") for index in range(rng.integers(0, 4)))
    masks |= {style.id: random_mask(rng, size) for style in styles if style.area}
    scene = Scene(prompt, "blurry, 🚫", size, tuple(words), masks, settings, styles)
    if rng.random() < 0.5:
        rgba = rng.integers(0, 256, (size[1], size[0], 4), dtype=np.uint8)
        rgba[..., 3] *= rng.random(rgba.shape[:2]) < 0.5
        scene = colour_edits.set_strength(colour_edits.set_colours(scene, rgba), float(rng.random()))
    return scene


def random_style(rng: np.random.Generator, style_id: str) -> Style:
    """A style of any picture, small or the largest that is kept; half of them painted."""
    side = 512 if rng.random() < 0.1 else int(rng.integers(1, 40))
    return Style(
        style_id,
        str(rng.choice(["dusk #3", 'a "b" <c> & d.png', "Übermalung 🎨"])),
        style_picture(rng.integers(0, 256, (side, int(rng.integers(1, 60)), 3), dtype=np.uint8)),
        strength=float(rng.uniform(0, 2)),
        semantic=float(rng.uniform(-1, 1)),
        area=bool(rng.random() < 0.5),
        color=PALETTE[int(rng.integers(len(PALETTE)))],
        visible=bool(rng.random() < 0.7),
        pattern=int(rng.integers(16)),
    )


def scene_of(count: int, size: tuple[int, int] = (150, 140), seed: int = 0) -> Scene:
    """Some words, each with a random mask."""
    scene = Scene(" ".join(f"word{i}" for i in range(count)), size=size)
    rng = np.random.default_rng(seed)
    for index in range(count):
        scene, word_id = edits.add_word(scene, (6 * index, 6 * index + 5))
        scene = scene.with_mask(word_id, random_mask(rng, size))
    return scene
