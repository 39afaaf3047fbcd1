"""The document: the current scene, its undo roots, and one event that says what changed and where."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from canvas.model import edits
from canvas.model.colour_layer import COLOURS, changed_colours
from canvas.model.guides import Guides
from canvas.model.retarget import Edit
from canvas.model.scene import Scene
from canvas.model.scene_diff import Change, LiveMask, compare, unshared_bytes
from canvas.model.tiled_mask import Rect, Size, changed_tiles, rect_of_tiles, unite
from canvas.model.words import Span

UNDO_BYTES = 256 * 2**20
MERGE_SECONDS = 1.5
__all__ = ["MERGE_SECONDS", "UNDO_BYTES", "Beside", "Change", "Document", "LiveMask"]


@dataclass(frozen=True, eq=False)
class Beside:
    """What changes together with the scene in a step and is not part of it, such as the picture that is shown.

    The step and its redo tell `after` in their change, undo `before`; `cost` is how many bytes keeping both takes.
    """

    before: object
    after: object
    cost: int = 0


@dataclass(eq=False)
class _Step:
    scene: Scene
    label: str
    merge_key: str | None
    when: float
    cost: int
    beside: Beside | None = None


class Document:
    """Holds one scene at a time; every change goes through `apply`, and can be undone.

    `undo_limit` caps the bytes of undo and redo together; the oldest steps go first, the newest always stays.
    `clock` gives seconds; edits with one merge key that follow each other within MERGE_SECONDS are one step.
    """

    def __init__(
        self, scene: Scene | None = None, *, undo_limit: int = UNDO_BYTES, clock: Callable[[], float] = time.monotonic
    ) -> None:
        self._scene = scene if scene is not None else Scene()
        self._saved: Scene | None = self._scene
        self._path: Path | None = None
        self._undo: list[_Step] = []
        self._redo: list[_Step] = []
        self._bytes = 0
        self._limit = undo_limit
        self._clock = clock
        self._live: LiveMask | None = None
        self._listeners: list[Callable[[Change], None]] = []

    # -- what it holds

    @property
    def scene(self) -> Scene:
        """The current scene, without the paint of a running stroke."""
        return self._scene

    @property
    def live(self) -> LiveMask | None:
        """The mask of a running stroke, which the view shows in place of the scene's."""
        return self._live

    @property
    def shown_scene(self) -> Scene:
        """The scene as it is seen: with the paint of a running stroke."""
        return self._scene if self._live is None else self._live.on(self._scene)

    @property
    def path(self) -> Path | None:
        """The file it was loaded from or last saved to."""
        return self._path

    @property
    def dirty(self) -> bool:
        """Whether there is something to save."""
        return self._scene is not self._saved and (self._saved is None or self._scene != self._saved)

    def subscribe(self, callback: Callable[[Change], None]) -> Callable[[], None]:
        """Call `callback` after each change, in the order of subscription; returns what ends it."""
        self._listeners.append(callback)

        def unsubscribe() -> None:
            if callback in self._listeners:
                self._listeners.remove(callback)

        return unsubscribe

    def _tell(self, change: Change) -> None:
        for listener in tuple(self._listeners):
            listener(change)

    # -- files

    def load(self, scene: Scene, path: Path | str | None = None, *, saved: bool = True) -> None:
        """Take another scene and forget all undo; `saved=False` for one that is in no file yet (recovered, dropped)."""
        self._scene, self._saved = scene, scene if saved else None
        self._path = Path(path) if path is not None else None
        self._undo, self._redo, self._bytes, self._live = [], [], 0, None
        self._tell(Change(frozenset({"all"}), frozenset(scene.masks), (0, 0, *scene.size)))

    def mark_saved(self, path: Path | str | None = None, *, scene: Scene | None = None) -> None:
        """The scene (or the older `scene` that was really written) is now in the file at `path`."""
        self._saved = scene if scene is not None else self._scene
        if path is not None:
            self._path = Path(path)
        self.end_merge()
        self._tell(Change(frozenset({"state"})))

    # -- undo

    def apply(
        self,
        scene: Scene,
        label: str,
        *,
        dirty: Rect | None = None,
        merge_key: str | None = None,
        beside: Beside | None = None,
    ) -> None:
        """Make `scene` the current one, as one undo step named `label`; nothing happens where it is the same.

        `dirty` widens the rect of the change; steps of one `merge_key` in a row become one. `beside` goes with the
        step through undo and redo.
        """
        if scene is self._scene:
            return
        change = compare(self._scene, scene)
        if not change.kinds:
            return
        now = self._clock()
        self._bytes -= sum(step.cost for step in self._redo)
        self._redo = []
        last = self._undo[-1] if self._undo else None
        if (
            last is not None
            and merge_key is not None
            and last.merge_key == merge_key
            and now - last.when <= MERGE_SECONDS
        ):
            last.when, last.label = now, label
            self._bytes -= last.cost
            last.cost = unshared_bytes(last.scene, scene)
            self._bytes += last.cost
        else:
            cost = unshared_bytes(self._scene, scene) + (beside.cost if beside is not None else 0)
            self._undo.append(_Step(self._scene, label, merge_key, now, cost, beside))
            self._bytes += cost
        self._scene = scene
        self._trim()
        after = beside.after if beside is not None else None
        self._tell(Change(change.kinds, change.word_ids, unite(change.rect, dirty), after))

    def amend(self, scene: Scene) -> None:
        """Make `scene` the current one without a step of its own (a seed that Generate drew): undo goes past it.

        Settings that it changes stay as they are when the steps around it are undone or done again, up to a step that
        changed them itself.
        """
        change = compare(self._scene, scene)
        if not change.kinds:
            return
        old, new = vars(self._scene.settings), vars(scene.settings)
        amended = {name: new[name] for name in new if new[name] != old[name]}
        for steps in (self._undo, self._redo) if amended else ():
            for step in reversed(steps):
                if any(getattr(step.scene.settings, name) != old[name] for name in amended):
                    break
                step.scene = edits.set_settings(step.scene, **amended)
        self._scene = scene
        self.end_merge()
        self._tell(change)

    def end_merge(self) -> None:
        """Let the next edit be a step of its own (a slider was let go, the prompt lost the focus)."""
        if self._undo:
            self._undo[-1].merge_key = None

    def _trim(self) -> None:
        drop = 0
        while self._bytes > self._limit and drop < len(self._undo) - 1:
            self._bytes -= self._undo[drop].cost
            drop += 1
        del self._undo[:drop]

    def _travel(self, source: list[_Step], target: list[_Step]) -> None:
        self.set_live(None)
        if not source:
            return
        step = source.pop()
        self.end_merge()
        self._bytes -= step.cost
        old, self._scene = self._scene, step.scene
        cost = unshared_bytes(old, self._scene) + (step.beside.cost if step.beside is not None else 0)
        target.append(_Step(old, step.label, None, self._clock(), cost, step.beside))
        self._bytes += cost
        change = compare(old, self._scene)
        if step.beside is not None:
            change = replace(change, beside=step.beside.before if source is self._undo else step.beside.after)
        self._tell(change)

    def undo(self) -> None:
        """Go one step back; a running stroke is given up first. Nothing happens where there is no step."""
        self._travel(self._undo, self._redo)

    def redo(self) -> None:
        """Go one step forward again."""
        self._travel(self._redo, self._undo)

    @property
    def can_undo(self) -> bool:
        """Whether there is a step back."""
        return bool(self._undo)

    @property
    def can_redo(self) -> bool:
        """Whether there is a step forward."""
        return bool(self._redo)

    @property
    def undo_label(self) -> str:
        """What `undo` would undo; empty for nothing."""
        return self._undo[-1].label if self._undo else ""

    @property
    def redo_label(self) -> str:
        """What `redo` would do again; empty for nothing."""
        return self._redo[-1].label if self._redo else ""

    def undo_bytes(self) -> int:
        """Memory that undo and redo hold beside the current scene."""
        return self._bytes

    def set_undo_limit(self, limit: int) -> None:
        """Cap the bytes of undo and redo together from now on; what is too much goes at once, the oldest first."""
        self._limit = limit
        self._trim()

    # -- the running stroke

    def set_live(self, live: LiveMask | None, *, rect: Rect | None = None) -> None:
        """Show the mask of a running stroke, or none; `rect` is where it changed since the last call."""
        if live is None and self._live is None:
            return
        before, self._live = self._live, live
        owner = live or before
        assert owner is not None
        if rect is None and self._scene.can_paint(owner.word_id):
            rect = self._live_rect(owner.word_id, before, live)
        self._tell(Change(frozenset({"live"}), frozenset({owner.word_id}), rect))

    def _live_rect(self, any_id: str, before: LiveMask | None, after: LiveMask | None) -> Rect | None:
        """Where what is shown differs between two states of a stroke; None is no stroke."""
        if any_id == COLOURS:
            layer = self._scene.colours
            old = (before.colours if before is not None else None) or layer
            new = (after.colours if after is not None else None) or layer
            return rect_of_tiles(changed_colours(old, new), old.size) if old.size == new.size else None
        mask = self._scene.masks[any_id]
        known = (before.of(any_id) if before is not None else None) or mask
        shown = (after.of(any_id) if after is not None else None) or mask
        return rect_of_tiles(changed_tiles(known, shown), known.size) if known.size == shown.size else None

    def commit_live(self, scene: Scene, label: str) -> None:
        """End the running stroke with `scene`, which holds its paint: one undo step, one change, no flicker between."""
        self._live = None
        self.apply(scene, label)

    # -- edits by name

    def set_prompt(self, text: str, *, edit: Edit | None = None) -> None:
        """Another prompt; `edit`, where the editor knows it, keeps equal words apart exactly. Typing is one step."""
        self.apply(edits.set_prompt(self._scene, text, edit=edit), "Edit prompt", merge_key="prompt")

    def set_negative(self, text: str) -> None:
        """Another negative prompt."""
        self.apply(edits.set_negative(self._scene, text), "Edit negative prompt", merge_key="negative")

    def add_word(self, span: Span) -> str:
        """Make a span of the prompt paintable; returns the word's id. Raises SceneError for an empty span."""
        scene, word_id = edits.add_word(self._scene, span)
        self.apply(scene, f"Pick “{scene.word(word_id).phrase}”")
        return word_id

    def attach_word(self, word_id: str, span: Span) -> None:
        """Give a word and its paint to another span of the prompt."""
        self.apply(edits.attach_word(self._scene, word_id, span), f"Attach “{self._phrase(word_id)}”")

    def remove_word(self, word_id: str) -> None:
        """Drop a word, or a style with an area, and its paint."""
        remove = edits.remove_word if self._scene.has_word(word_id) else edits.remove_style
        self.apply(remove(self._scene, word_id), f"Drop “{self._phrase(word_id)}”")

    def set_strength(self, word_id: str, strength: float) -> None:
        """Another strength. Raises SceneError where it is not a number or out of range."""
        scene = edits.change_word(self._scene, word_id, strength=strength)
        self.apply(scene, f"Strength of “{self._phrase(word_id)}”", merge_key=f"strength:{word_id}")

    def set_window(self, word_id: str, window: tuple[float, float]) -> None:
        """Another part of the schedule."""
        scene = edits.change_word(self._scene, word_id, window=window)
        self.apply(scene, f"Window of “{self._phrase(word_id)}”", merge_key=f"window:{word_id}")

    def set_color(self, word_id: str, color: str) -> None:
        """Another colour, "#rrggbb"."""
        self.apply(edits.change_word(self._scene, word_id, color=color), f"Colour of “{self._phrase(word_id)}”")

    def set_visible(self, word_id: str, visible: bool) -> None:
        """Show or hide a word's overlay."""
        label = f"{'Show' if visible else 'Hide'} “{self._phrase(word_id)}”"
        self.apply(edits.change_word(self._scene, word_id, visible=visible), label)

    def set_muted(self, word_id: str, muted: bool) -> None:
        """Leave a word's paint out of the picture, or let it act again."""
        label = f"{'Mute' if muted else 'Unmute'} “{self._phrase(word_id)}”"
        self.apply(edits.change_word(self._scene, word_id, muted=muted), label)

    def set_solo(self, word_id: str, solo: bool) -> None:
        """Let only this word, and others that are solo, act; or all again."""
        label = f"{'Solo' if solo else 'End solo of'} “{self._phrase(word_id)}”"
        self.apply(edits.change_word(self._scene, word_id, solo=solo), label)

    def give_paint(self, word_id: str, span: Span) -> str:
        """Move a word's paint to the word at another span of the prompt; returns that word's id."""
        scene, taker = edits.give_paint(self._scene, word_id, span)
        self.apply(scene, f"Give paint to “{scene.word(taker).phrase}”")
        return taker

    def copy_paint(self, word_id: str, span: Span) -> str:
        """Lay a word's paint on the word at another span, too; returns that word's id."""
        scene, taker = edits.copy_paint(self._scene, word_id, span)
        self.apply(scene, f"Copy paint to “{scene.word(taker).phrase}”")
        return taker

    def swap_paint(self, word_id: str, span: Span) -> str:
        """Change a word's paint for that of the word at another span; returns that word's id."""
        scene, other = edits.swap_paint(self._scene, word_id, span)
        self.apply(scene, f"Swap paint with “{scene.word(other).phrase}”")
        return other

    def move_word(self, word_id: str, index: int) -> None:
        """Put a word at another place of the list, and its paint under or over that of others."""
        self.apply(edits.move_word(self._scene, word_id, index), f"Move “{self._phrase(word_id)}” in the list")

    def fill_rest(self, word_id: str) -> None:
        """Paint a word wherever no other has paint."""
        self.apply(edits.fill_rest(self._scene, word_id), f"Fill the rest with “{self._phrase(word_id)}”")

    def fill_word(self, word_id: str) -> None:
        """Paint the whole canvas with a word or a style."""
        self.apply(edits.fill_word(self._scene, word_id), f"Fill everything with “{self._phrase(word_id)}”")

    def mirror_word(self, word_id: str, *, upright: bool = False) -> None:
        """Mirror a word's paint within its own bounds, left to right or upside down."""
        self.apply(edits.mirror_word(self._scene, word_id, upright=upright), f"Mirror “{self._phrase(word_id)}”")

    def set_exclusive(self, word_id: str, exclusive: bool | None) -> None:
        """Let a word keep its area to itself, or share it; None goes by what it names."""
        label = f"{'Share' if exclusive is False else 'Keep'} the area of “{self._phrase(word_id)}”"
        self.apply(edits.change_word(self._scene, word_id, exclusive=exclusive), label)

    def set_locked(self, word_id: str, locked: bool) -> None:
        """Let a word's paint stay as it is, or be painted again."""
        label = f"{'Lock' if locked else 'Unlock'} “{self._phrase(word_id)}”"
        self.apply(edits.change_word(self._scene, word_id, locked=locked), label)

    def set_of_word(self, word_id: str, name: str, value: object) -> None:
        """Another feather, fidelity, overlap or pattern of a word; changes of the same one in a row are one step."""
        scene, phrase = edits.change_word(self._scene, word_id, **{name: value}), self._phrase(word_id)
        labels = {
            "feather": f"Soft edge of “{phrase}”",
            "fidelity": f"Fidelity of “{phrase}”",
            "overlap": f"Overlaps of “{phrase}”",
            "pattern": f"Pattern of “{phrase}”",
        }
        self.apply(scene, labels[name], merge_key=f"{name}:{word_id}")

    def clear_word(self, word_id: str) -> None:
        """Take all paint of a word or a style away."""
        self.apply(edits.clear_word(self._scene, word_id), f"Clear “{self._phrase(word_id)}”")

    def set_guides(self, guides: Guides) -> None:
        """Other guides."""
        self.apply(self._scene.replace(guides=guides), "Guides")

    def set_settings(self, **changes: Any) -> None:
        """Other settings; changes of the same ones in a row are one step."""
        scene = edits.set_settings(self._scene, **changes)
        self.apply(scene, "Change settings", merge_key="settings:" + ",".join(sorted(changes)))

    def set_size(self, size: Size, *, anchor: tuple[float, float] | None = None, beside: Beside | None = None) -> None:
        """Another canvas size; the paint is scaled with it, or with an `anchor` cut and extended (`edits.set_size`).

        Sizes that follow each other (a number that is being typed) are one step, and each scales the paint as it was
        before the first, so that a small size on the way takes no detail away. `beside` goes with a crop.
        """
        last = self._undo[-1] if self._undo else None
        running = last is not None and last.merge_key == "size"
        if last is not None and running:
            last.when = self._clock()
        origin = last.scene if last is not None and running else self._scene
        if anchor is not None:
            self.end_merge()
            self.apply(
                edits.set_size(self._scene, size, anchor=anchor), f"Crop to {size[0]} × {size[1]}", beside=beside
            )
            return
        label = f"Resize to {size[0]} × {size[1]}"
        self.apply(edits.set_size(origin, size), label, merge_key="size")

    def _phrase(self, word_id: str) -> str:
        return self._scene.paintable(word_id).title
