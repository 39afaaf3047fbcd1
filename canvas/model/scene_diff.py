"""What differs between two scenes, and what keeping both costs."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property

from canvas.model.colour_layer import ColourLayer, changed_colours
from canvas.model.making_room import Room, Step
from canvas.model.scene import Scene
from canvas.model.tiled_mask import Key, Rect, TiledMask, changed_tiles, rect_of_tiles, tile_bytes, unite

# What an undo step costs beside its tiles: the scene's own fields and its words, roughly.
_STEP_BYTES = 2048


@dataclass(frozen=True)
class Change:
    """What changed in a document.

    Attributes:
        kinds: of "prompt", "words", "styles", "controls", "masks", "settings", "selection", "guides", "colours",
            "pictures", "size", "all", "live" (the paint of a running stroke), "state" (only path, dirty flag or undo
            roots).
        word_ids: the words and styles whose values or masks changed.
        rect: where paint changed; None where none did.
        beside: what goes with the scene now, of what was given to `Document.apply` for this step; else None.
    """

    kinds: frozenset[str]
    word_ids: frozenset[str] = frozenset()
    rect: Rect | None = None
    beside: object = None


@dataclass(frozen=True, eq=False)
class LiveMask:
    """What a running stroke paints: the mask of the word under the brush, or the colour layer; and what it takes from
    the words that make room for it.

    `step` says, where it is known, how the mask came from the one shown before: a canvas has thousands of tiles, and a
    move of the brush changes a few of them.
    """

    word_id: str
    mask: TiledMask | ColourLayer
    room: Room | None = None
    step: Step | None = None

    def changed(self, shown: TiledMask) -> set[Key]:
        """The tiles of its mask that are others than in a version of that mask."""
        assert isinstance(self.mask, TiledMask)
        if self.step is not None and self.step.since == shown.revision:
            return set(self.step.keys)
        return changed_tiles(shown, self.mask)

    @cached_property
    def others(self) -> Mapping[str, TiledMask]:
        """The masks of the words that have made room; worked out when somebody asks, which takes milliseconds."""
        return {} if self.room is None else self.room.made()

    def of(self, any_id: str) -> TiledMask | None:
        """The mask of a word in the running stroke; None where the stroke does not touch it."""
        if isinstance(self.mask, ColourLayer):
            return None
        return self.mask if any_id == self.word_id else self.others.get(any_id)

    @property
    def masks(self) -> Mapping[str, TiledMask]:
        """All masks that the stroke touches, that of the word under the brush first."""
        return self.others if isinstance(self.mask, ColourLayer) else {self.word_id: self.mask, **self.others}

    @property
    def colours(self) -> ColourLayer | None:
        """The colour layer in the running stroke; None where the stroke does not touch it."""
        return self.mask if isinstance(self.mask, ColourLayer) else None

    def on(self, scene: Scene) -> Scene:
        """The scene with the stroke."""
        if isinstance(self.mask, ColourLayer):
            return scene.replace(colours=self.mask)
        return scene.replace(masks={**scene.masks, **self.others, self.word_id: self.mask})


def compare(old: Scene, new: Scene) -> Change:
    """What differs between two scenes."""
    if old.size != new.size:
        return Change(frozenset({"all", "size", "masks"}), frozenset(new.masks), (0, 0, *new.size))
    kinds, ids, rect = set(), set(), None
    if old.prompt != new.prompt or old.negative != new.negative:
        kinds.add("prompt")
    if old.settings != new.settings:
        kinds.add("settings")
    if old.words != new.words:
        kinds.add("words")
        ids |= {word.id for word in set(old.words) ^ set(new.words)}
    if old.styles != new.styles:
        kinds.add("styles")
        ids |= {style.id for style in set(old.styles) ^ set(new.styles)}
    if old.selection is not new.selection:
        kinds.add("selection")
    if old.guides != new.guides:
        kinds.add("guides")
    if old.controls != new.controls:
        kinds.add("controls")
    if old.colours is not new.colours and old.colours != new.colours:
        kinds.add("colours")
        rect = rect_of_tiles(changed_colours(old.colours, new.colours), new.size)
    if old.pictures is not new.pictures and old.pictures != new.pictures:
        kinds.add("pictures")
        rect = (0, 0, *new.size)
    empty = TiledMask(new.size)
    for word_id in old.masks.keys() | new.masks.keys():
        before, after = old.masks.get(word_id, empty), new.masks.get(word_id, empty)
        if before is after:
            continue
        changed = changed_tiles(before, after)
        if changed:
            kinds.add("masks")
            ids.add(word_id)
            rect = unite(rect, rect_of_tiles(changed, new.size))
    return Change(frozenset(kinds), frozenset(ids), rect)


def unshared_bytes(scene: Scene, neighbour: Scene) -> int:
    """Bytes that keeping `scene` beside `neighbour` costs: its tiles that the other does not hold, and a little."""
    cost = _STEP_BYTES
    if scene.prompt is not neighbour.prompt:
        cost += 4 * len(scene.prompt)
    if scene.negative is not neighbour.negative:
        cost += 4 * len(scene.negative)
    held_pictures = {id(picture) for picture in _pictures(neighbour)}
    cost += sum(len(picture) for picture in _pictures(scene) if id(picture) not in held_pictures)
    for word_id, mask in (*scene.masks.items(), ("", scene.selection)):
        other = neighbour.masks.get(word_id) if word_id else neighbour.selection
        if other is mask or mask is None:
            continue
        held = other.tiles if other is not None else {}
        cost += sum(tile_bytes(tile) for key, tile in mask.tiles.items() if held.get(key) is not tile)
    held = neighbour.colours.tiles
    cost += sum(tile.nbytes for key, tile in scene.colours.tiles.items() if held.get(key) is not tile)
    beside = {id(tile) for layer in neighbour.pictures for tile in layer.pixels.tiles.values()}
    for layer in scene.pictures:
        cost += sum(tile.nbytes for tile in layer.pixels.tiles.values() if id(tile) not in beside)
    return cost


def _pictures(scene: Scene) -> list[bytes]:
    return [*(style.picture for style in scene.styles), *(control.picture for control in scene.controls)]
