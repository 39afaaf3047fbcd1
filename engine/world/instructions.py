"""Instructions for pictures of the world: what is said, what the caption becomes, and where the picture changes."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from engine.world.looks import Look
from engine.world.objects import LAND_THINGS, SKY_THINGS, THINGS, draw_thing
from engine.world.scenes import Item, Render
from engine.world.textures import GROUNDS, STUFF

KINDS: tuple[str, ...] = ("night", "winter", "drawing", "turn", "colour")
"""Make it night, make it winter, make it a drawing, turn the X into a Y, make the X red."""

_DAY = ("blue sky", "sunset", "cloudy sky")
_GREEN = tuple(name for name in GROUNDS if name not in ("snow", "lake", "rocks"))


@dataclass(frozen=True, kw_only=True, eq=False)
class Instruction:
    """An instruction for a picture of a layout.

    Attributes:
        kind: one of `KINDS`. text: the instruction. layout: of the picture that it is for.
        span: of the text, the word that names what is to be seen; half-open code-point offsets.
        caption: what the layout's caption becomes. spans: in it, of the layout's items.
        changed: the layout's items that become something else, with the name and colour of that.
    """

    kind: str
    text: str
    span: tuple[int, int]
    layout: Render
    caption: str
    spans: tuple[tuple[int, int], ...]
    changed: tuple[tuple[Item, str, str | None], ...]

    @property
    def area(self) -> np.ndarray:
        """Where the picture is to change: bool `[size, size]`; everywhere for a drawing."""
        areas = [item.area for item, _, _ in self.changed]
        return np.any(areas, axis=0) if areas else np.ones(self.layout.labels.shape, bool)


def instruction_for(layout: Render, kind: str, rng: np.random.Generator) -> Instruction | None:
    """An instruction of a kind that fits a layout; None where none does."""
    names = [item.name for item in layout.items]
    changed: list[tuple[Item, str, str | None]] = []
    if kind == "drawing":
        text, word = "make it a drawing", "drawing"
    elif kind == "night":
        text, word = "make it night", "night"
        if "night sky" in names or not any(name in _DAY for name in names):
            return None
        for item in layout.items:
            if item.name in _DAY:
                changed.append((item, "night sky", None))
            elif item.name == "sun" and "moon" not in names:
                changed.append((item, "moon", None))
    elif kind == "winter":
        text, word = "make it winter", "winter"
        changed = [(item, "snow", None) for item in layout.items if item.name in _GREEN]
        if not changed:
            return None
    else:
        things = [item for item in layout.items if names.count(item.name) == 1 and item.name in THINGS]
        if kind == "colour":
            things = [item for item in things if len(THINGS[item.name].colours) > 1]
        if not things:
            return None
        item = things[int(rng.integers(len(things)))]
        if kind == "colour":
            word = str(rng.choice([each for each in THINGS[item.name].colours if each != item.colour]))
            text = f"make the {item.name} {word}"
            changed = [(item, item.name, word)]
        else:
            kin = SKY_THINGS if item.name in SKY_THINGS else LAND_THINGS
            others = [name for name in kin if name not in names]
            if not others:
                return None
            word = str(rng.choice(others))
            text = f"turn the {item.name} into a {word}"
            changed = [(item, word, None)]
    caption, spans = _edited(layout, changed)
    return Instruction(
        kind=kind,
        text=text,
        span=(len(text) - len(word), len(text)),
        layout=layout,
        caption=caption,
        spans=spans,
        changed=tuple(changed),
    )


def _edited(layout: Render, changed: list[tuple[Item, str, str | None]]) -> tuple[str, tuple[tuple[int, int], ...]]:
    """The caption with other phrases in place of some, and where each item's phrase is in it."""
    phrases = {id(item): f"{colour} {name}" if colour else name for item, name, colour in changed}
    order = sorted(range(len(layout.items)), key=lambda index: layout.spans[index])
    text, read = "", 0
    found: dict[int, tuple[int, int]] = {}
    for index in order:
        start, end = layout.spans[index]
        phrase = phrases.get(id(layout.items[index]), layout.caption[start:end])
        text += layout.caption[read:start]
        found[index] = (len(text), len(text) + len(phrase))
        text, read = text + phrase, end
    text += layout.caption[read:]
    return text, tuple(found[index] for index in range(len(layout.items)))


@dataclass(frozen=True, kw_only=True, eq=False)
class DrawnPair:
    """A picture of the world, drawn before and after an instruction.

    Attributes:
        text, span, kind: as of an `Instruction`. before, after: uint8 `[size, size, 3]`.
        area: where they differ, bool `[size, size]`.
    """

    kind: str
    text: str
    span: tuple[int, int]
    before: np.ndarray
    after: np.ndarray
    area: np.ndarray


def drawn_pair(layout: Render, kind: str, rng: np.random.Generator) -> DrawnPair | None:
    """A layout drawn before and after an instruction of a kind; None where it does not fit.

    Skies and grounds are drawn again in their areas; a thing is drawn on the layout, and then another one, or the same
    one in another colour, in its place.
    """
    size = layout.rgb.shape[0]
    if kind not in ("turn", "colour"):
        asked = instruction_for(layout, kind, rng)
        if asked is None or any(name == "moon" for _, name, _ in asked.changed):
            return None
        after = layout.rgb.copy()
        if kind == "drawing":
            after = layout.in_look(Look("ink", "day", int(rng.integers(1 << 30))), int(rng.integers(1 << 30)))
        for item, name, _ in asked.changed:
            texture = np.clip(np.round(STUFF[name](rng, size)), 0, 255).astype(np.uint8)
            after[item.area] = texture[item.area]
        return DrawnPair(kind=kind, text=asked.text, span=asked.span, before=layout.rgb, after=after, area=asked.area)
    high = bool(rng.random() < 0.35)
    kin = [name for name in (SKY_THINGS if high else LAND_THINGS) if name not in layout.names]
    if kind == "colour":
        kin = [name for name in kin if THINGS[name].colours]
    if len(kin) < 1 + (kind == "turn"):
        return None
    one = str(rng.choice(kin))
    other = str(rng.choice([name for name in kin if name != one])) if kind == "turn" else one
    colours: list[str | None] = [
        str(rng.choice(THINGS[name].colours)) if THINGS[name].colours else None for name in (one, other)
    ]
    text = f"turn the {one} into a {other}"
    if kind == "colour":
        colours[1] = str(rng.choice([each for each in THINGS[one].colours if each != colours[0]]))
        text = f"make the {one} {colours[1]}"
    heights = [rng.uniform(*THINGS[one].heights)]
    heights.append(heights[0] if kind == "colour" else rng.uniform(*THINGS[other].heights))
    x, y = rng.uniform(0.2, 0.8), rng.uniform(0.15, 0.35) if high else rng.uniform(0.55, 0.75)
    seed = int(rng.integers(1 << 30))
    made, areas = [], []
    for name, colour, height in zip((one, other), colours, heights, strict=True):
        pixels, coverage = draw_thing(
            name, np.random.default_rng(seed), size=size, centre=(x, y), height=height, colour=colour
        )
        made.append(np.round(layout.rgb + (pixels - layout.rgb) * coverage[..., None]).astype(np.uint8))
        areas.append(coverage > 0)
    word = text.rpartition(" ")[2]
    span = len(text) - len(word), len(text)
    return DrawnPair(kind=kind, text=text, span=span, before=made[0], after=made[1], area=areas[0] | areas[1])
