"""Edits of a scene as pure functions: each takes a scene and returns another."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from canvas.model.errors import SceneError
from canvas.model.scene import Scene, Word
from canvas.model.style import MAX_STYLES, Style
from canvas.model.tiled_mask import Size, TiledMask
from canvas.model.words import Edit, Span, next_id, next_style, retarget


def set_prompt(scene: Scene, text: str, *, edit: Edit | None = None) -> Scene:
    """Another prompt; words keep their paint by the rules of `words.retarget`."""
    if text == scene.prompt:
        return scene
    return scene.replace(prompt=text, words=retarget(scene.prompt, text, scene.words, edit))


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
            f"There is no word at {list(span)} in the prompt.", hint="Select one or more letters in the prompt."
        )
    text = scene.prompt[start:end]
    start += len(text) - len(text.lstrip())
    end -= len(text) - len(text.rstrip())
    for word in scene.words:
        if word.span == (start, end):
            return scene, word.id
    color, pattern = next_style(scene.paintables)
    word_id = next_id(scene.words, scene.styles)
    word = Word(word_id, scene.prompt[start:end], (start, end), color=color, pattern=pattern)
    return scene.replace(words=(*scene.words, word)), word_id


def attach_word(scene: Scene, word_id: str, span: Span) -> Scene:
    """Give a word and its paint to another span of the prompt. Raises SceneError where another word has that span."""
    if any(word.span == tuple(span) and word.id != word_id for word in scene.words):
        raise SceneError(
            "That text has paint of its own.", hint="Pick a word without paint, or drop the other one first."
        )
    word = replace(scene.word(word_id), span=(span[0], span[1]), phrase=scene.prompt[slice(*span)])
    return scene.with_word(word)


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
    styles = tuple(replace(style, area=area) if other is style else other for other in scene.styles)
    return scene.replace(styles=styles, masks=masks)


def set_settings(scene: Scene, **changes: Any) -> Scene:
    """Other settings."""
    return scene.replace(settings=replace(scene.settings, **changes))


def set_size(scene: Scene, size: Size) -> Scene:
    """Another canvas size; the paint is scaled with it, so that the layout stays."""
    if tuple(size) == scene.size:
        return scene
    empty = Scene(size=(size[0], size[1]))  # raises for a size that cannot be, before any mask is scaled
    return scene.replace(size=empty.size, masks={key: mask.resized(empty.size) for key, mask in scene.masks.items()})
