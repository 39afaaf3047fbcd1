"""Edits of a scene as pure functions: each takes a scene and returns another."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np

from canvas.model import guides
from canvas.model.control import Control
from canvas.model.errors import SceneError
from canvas.model.retarget import Edit, retarget, without_carriage_returns
from canvas.model.scene import Scene, Word
from canvas.model.style import Style
from canvas.model.tiled_mask import Size, TiledMask, united
from canvas.model.words import Span, next_id, next_style
from resources.limits import MAX_STYLES

Place = tuple[float, float, float, float]
"""Left, top, width and height on a canvas, as shares of it: scaling the canvas changes none of them."""

WHOLE: Place = (0.0, 0.0, 1.0, 1.0)


def set_prompt(scene: Scene, text: str, *, edit: Edit | None = None) -> Scene:
    """Another prompt; words keep their paint by the rules of `retarget.retarget`."""
    if text == scene.prompt:
        return scene
    return scene.replace(prompt=text, words=retarget(scene.prompt, text, scene.words, edit))


def with_plain_ends(scene: Scene) -> Scene:
    """The scene with a prompt whose lines end as the window's text fields end them; its words stay on their text."""
    if "\r\n" not in scene.prompt:
        return scene
    prompt, words = without_carriage_returns(scene.prompt, scene.words)
    return scene.replace(prompt=prompt, words=words)


def rewrite(scene: Scene, span: Span, text: str) -> Scene:
    """Write `text` where the prompt has `span`, as another form of the same word: what is painted with it stays so."""
    start, end = span
    prompt = scene.prompt[:start] + text + scene.prompt[end:]
    edit = Edit(start, end - start, len(text))
    return scene.replace(prompt=prompt, words=retarget(scene.prompt, prompt, scene.words, edit, rewritten=span))


def set_negative(scene: Scene, text: str) -> Scene:
    """Another negative prompt."""
    return scene.replace(negative=text)


def add_word(scene: Scene, span: Span) -> tuple[Scene, str]:
    """Make a span of the prompt paintable; returns the scene and the word's id (the old one where it has one already).

    Blanks at either end are left out. Raises SceneError for an empty span or one outside of the prompt.
    """
    start, end = span
    if not 0 <= start < end <= len(scene.prompt) or not scene.prompt[start:end].strip():
        raise SceneError(
            f"There is no word at {list(span)} in the prompt.", hint="Select one or more characters in the prompt."
        )
    text = scene.prompt[start:end]
    start += len(text) - len(text.lstrip())
    end -= len(text) - len(text.rstrip())
    for word in scene.words:
        if word.span == (start, end):
            return scene, word.id
    color, pattern = next_style(scene.paintables, text)
    word_id = next_id(scene.words, scene.styles)
    word = Word(word_id, scene.prompt[start:end], (start, end), color=color, pattern=pattern)
    return scene.replace(words=(*scene.words, word)), word_id


def attach_word(scene: Scene, word_id: str, span: Span) -> Scene:
    """Give a word and its paint to another span of the prompt; a word without paint that has that span makes room.

    Raises SceneError where a painted word has it.
    """
    holder = next((word for word in scene.words if word.span == tuple(span) and word.id != word_id), None)
    if holder is not None:
        if not scene.masks[holder.id].is_empty:
            raise SceneError(
                f"“{holder.phrase}” already has paint.",
                hint="Select other text in the prompt, or remove that word from the list first.",
            )
        scene = remove_word(scene, holder.id)
    word = replace(scene.word(word_id), span=(span[0], span[1]), phrase=scene.prompt[slice(*span)])
    return scene.with_word(word)


def give_paint(scene: Scene, word_id: str, span: Span) -> tuple[Scene, str]:
    """Move a word's paint to the word at another span, on top of what that has; returns the scene and that word's id.

    The span becomes a word where it is none yet; a giver whose text is gone from the prompt goes too, as it would be
    empty and of no use.
    """
    giver = scene.word(word_id)
    scene, taker = add_word(scene, span)
    if taker == word_id:
        return scene, taker
    scene = scene.with_mask(taker, united(scene.masks[taker], scene.masks[word_id]))
    if giver.span is None:
        return remove_word(scene, word_id), taker
    return scene.with_mask(word_id, TiledMask(scene.size)), taker


def copy_paint(scene: Scene, word_id: str, span: Span) -> tuple[Scene, str]:
    """Lay a word's paint on the word at another span, too; returns the scene and that word's id."""
    paint = scene.masks[word_id]
    scene, taker = add_word(scene, span)
    return scene.with_mask(taker, united(scene.masks[taker], paint)), taker


def swap_paint(scene: Scene, word_id: str, span: Span) -> tuple[Scene, str]:
    """Change the paint of a word for that of the word at another span; returns the scene and that word's id."""
    scene, other = add_word(scene, span)
    masks = {word_id: scene.masks[other], other: scene.masks[word_id]}
    return scene.replace(masks={**scene.masks, **masks}), other


def move_word(scene: Scene, word_id: str, index: int) -> Scene:
    """Put a word at another place of the list, which is the order of the overlays; places outside of it are its ends.

    The last word lies on top.
    """
    moved = scene.word(word_id)
    words = [word for word in scene.words if word.id != word_id]
    words.insert(min(max(index, 0), len(words)), moved)
    return scene if tuple(words) == scene.words else scene.replace(words=tuple(words))


def remove_word(scene: Scene, word_id: str) -> Scene:
    """Drop a word and its paint; the prompt stays."""
    words = tuple(word for word in scene.words if word.id != word_id)
    return scene.replace(words=words, masks={key: mask for key, mask in scene.masks.items() if key != word_id})


def remove_gone(scene: Scene) -> Scene:
    """Drop all words whose text is gone from the prompt, and their paint."""
    gone = {word.id for word in scene.words if word.span is None}
    words = tuple(word for word in scene.words if word.id not in gone)
    return scene.replace(words=words, masks={key: mask for key, mask in scene.masks.items() if key not in gone})


def change_word(scene: Scene, word_id: str, **changes: Any) -> Scene:
    """Another strength, window, color, visible, ... of a word."""
    return scene.with_word(replace(scene.word(word_id), **changes))


def fill_word(scene: Scene, word_id: str) -> Scene:
    """Paint the whole canvas with a word or a style's area."""
    return scene.with_mask(scene.paintable(word_id).id, TiledMask.filled(scene.size))


def fill_rest(scene: Scene, word_id: str) -> Scene:
    """Paint a word wherever no other word of the prompt has paint; soft edges of others are filled up softly.

    A style's area, which lies under the words and takes nothing from them, is filled where no other style has one.
    """
    thing = scene.paintable(word_id)
    if isinstance(thing, Word):
        others = [word.id for word in scene.words if word.span is not None and word.id != word_id]
    else:
        others = [style.id for style in scene.styles if style.area and style.id != word_id]
    taken = TiledMask(scene.size)
    for other in others:
        taken = united(taken, scene.masks[other])
    full = TiledMask.filled(scene.size)
    left = {key: full.tiles[key] - tile for key, tile in taken.tiles.items()}
    return scene.with_mask(word_id, united(scene.masks[word_id], full.with_tiles(left)))


def mirror_word(scene: Scene, word_id: str, *, upright: bool = False) -> Scene:
    """Mirror a word's paint within its own bounds, left to right or (`upright`) upside down."""
    mask = scene.masks[scene.paintable(word_id).id]
    bounds = mask.bounds()
    if bounds is None:
        return scene
    x, y, w, h = bounds
    values = np.zeros((scene.size[1], scene.size[0]), np.uint8)
    values[y : y + h, x : x + w] = mask.read(bounds)[(slice(None, None, -1), slice(None))[:: 1 if upright else -1]]
    return scene.with_mask(word_id, TiledMask.from_array(values))


def clear_word(scene: Scene, word_id: str) -> Scene:
    """Take all paint of a word or a style away; the word or style stays."""
    return scene.with_mask(scene.paintable(word_id).id, TiledMask(scene.size))


def set_mask(scene: Scene, word_id: str, mask: TiledMask) -> Scene:
    """Another mask for a word or a style's area."""
    return scene.with_mask(scene.paintable(word_id).id, mask)


def add_style(scene: Scene, name: str, picture: bytes, **values: Any) -> tuple[Scene, str]:
    """Take the look of a picture (see `pictures.style_picture`); returns the scene and the style's id.

    `values` are a Style's own: strength, semantic. Raises SceneError where there are 8 already, or for a value out of
    range.
    """
    if len(scene.styles) >= MAX_STYLES:
        raise SceneError(f"A scene holds at most {MAX_STYLES} styles.", hint="Remove one first.")
    color, pattern = next_style((*scene.words, *scene.styles))
    style_id = next_id(scene.words, scene.styles, letter="s")
    style = Style(style_id, name, picture, color=color, pattern=pattern, **values)
    return scene.replace(styles=(*scene.styles, style)), style_id


def change_style(scene: Scene, style_id: str, **changes: Any) -> Scene:
    """Another strength, semantic, name, visible, ... of a style; its area is changed by `set_style_area`."""
    return scene.with_style(replace(scene.style(style_id), **changes))


def remove_style(scene: Scene, style_id: str) -> Scene:
    """Drop a style and its area."""
    styles = tuple(style for style in scene.styles if style.id != style_id)
    return scene.replace(styles=styles, masks={key: mask for key, mask in scene.masks.items() if key != style_id})


def move_style(scene: Scene, style_id: str, index: int) -> Scene:
    """Put a style at another place among the styles; places outside of the list are its ends."""
    moved = scene.style(style_id)
    others = [style for style in scene.styles if style.id != style_id]
    others.insert(min(max(index, 0), len(others)), moved)
    return scene.replace(styles=tuple(others))


def set_style_area(scene: Scene, style_id: str, area: bool, mask: TiledMask | None = None) -> Scene:
    """Let a style act only where it is painted, first with `mask` (None is no paint), or everywhere again."""
    style = scene.style(style_id)
    if style.area == area:
        return scene
    masks = {key: other for key, other in scene.masks.items() if key != style_id}
    if area:
        masks[style_id] = mask or TiledMask(scene.size)
    word = None if area else style.word
    styles = tuple(replace(style, area=area, word=word) if other is style else other for other in scene.styles)
    return scene.replace(styles=styles, masks=masks)


def bind_style(scene: Scene, style_id: str, word_id: str | None) -> Scene:
    """Let a style act only in the paint of a word, which it follows, or (None) everywhere; paint of its own goes."""
    return change_style(set_style_area(scene, style_id, False), style_id, word=word_id)


def add_control(scene: Scene, control: Control) -> Scene:
    """Keep to the shapes of one more picture. Raises SceneError where there are 4 already."""
    return scene.replace(controls=(*scene.controls, control))


def change_control(scene: Scene, index: int, **changes: Any) -> Scene:
    """Another strength, kind, model, ... of the control picture at a place of the list."""
    changed = replace(scene.controls[index], **changes)
    return scene.replace(controls=(*scene.controls[:index], changed, *scene.controls[index + 1 :]))


def remove_control(scene: Scene, index: int) -> Scene:
    """Drop the control picture at a place of the list."""
    return scene.replace(controls=(*scene.controls[:index], *scene.controls[index + 1 :]))


def set_settings(scene: Scene, **changes: Any) -> Scene:
    """Other settings."""
    return scene.replace(settings=replace(scene.settings, **changes))


def set_size(scene: Scene, size: Size, *, anchor: tuple[float, float] | None = None) -> Scene:
    """Another canvas size.

    The paint is scaled with it, so that the layout stays. With an `anchor` (0..1 across and down; 0.5, 0.5 is the
    middle) it keeps its scale instead: what lies beyond the new edges is cut off, and new room is unpainted.
    """
    if tuple(size) == scene.size:
        return scene
    empty = Scene(size=(size[0], size[1]))  # raises for a size that cannot be, before any mask is scaled
    if anchor is None:
        masks = {key: mask.resized(empty.size) for key, mask in scene.masks.items()}
        colours = scene.colours.resized(empty.size)
        pictures = tuple(layer.resized(empty.size) for layer in scene.pictures)
        lines = guides.resized(scene.guides, scene.size, empty.size)
        selection = scene.selection and scene.selection.resized(empty.size)
    else:
        corner = crop_corner(scene.size, empty.size, anchor)
        masks = {key: mask.cropped((*corner, *empty.size)) for key, mask in scene.masks.items()}
        colours = scene.colours.cropped((*corner, *empty.size))
        pictures = tuple(layer.cropped((*corner, *empty.size)) for layer in scene.pictures)
        lines = guides.cropped(scene.guides, corner, empty.size)
        selection = scene.selection and scene.selection.cropped((*corner, *empty.size))
    if selection is not None and selection.is_empty:
        selection = None
    return scene.replace(
        size=empty.size, masks=masks, colours=colours, pictures=pictures, guides=lines, selection=selection
    )


def crop_corner(old: Size, new: Size, anchor: tuple[float, float]) -> tuple[int, int]:
    """Where the upper left corner of a canvas of the `new` size lies on the old one, which stays put at `anchor`."""
    return round((old[0] - new[0]) * anchor[0]), round((old[1] - new[1]) * anchor[1])
