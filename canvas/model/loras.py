"""The LoRA files of a scene: those of its list and those that its prompt calls, and edits of them as pure functions."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

from canvas.model import edits
from canvas.model.lora_tags import LoraTag, cuts_of, find_tags, take_out, write_tag
from canvas.model.retarget import Edit
from canvas.model.scene import Scene, Word
from resources.settings import LoraChoice


@dataclass(frozen=True)
class LoraEntry:
    """A LoRA file of a scene: one of its list, or with `tag` one that the prompt calls."""

    choice: LoraChoice
    tag: LoraTag | None = None


def entries(scene: Scene) -> tuple[LoraEntry, ...]:
    """Return all of them: first the list, then the tags from the left. Other functions count them so, from 0."""
    listed = (LoraEntry(choice) for choice in scene.settings.loras)
    return (*listed, *(LoraEntry(tag.choice, tag) for tag in find_tags(scene.prompt)))


def add(scene: Scene, file: str, weight: float = 1.0) -> Scene:
    """Add a file, a path or a name, to the list. Raises SceneError where there are 32 already."""
    return edits.set_settings(scene, loras=(*scene.settings.loras, LoraChoice(file, weight)))


def change(scene: Scene, index: int, **values: Any) -> Scene:
    """Another weight, word or `on` of an entry.

    A tag says another weight itself; what a tag cannot say moves it from the prompt into the list.

    Raises:
        SceneError: a value is out of its range.
    """
    entry = entries(scene)[index]
    choice = replace(entry.choice, **values)
    if entry.tag is None:
        listed = list(scene.settings.loras)
        listed[index] = choice
        return edits.set_settings(scene, loras=tuple(listed))
    if values.keys() == {"weight"}:
        written = write_tag(entry.choice.file, choice.weight)
        return _written(scene, entry.tag.span, written)
    return edits.set_settings(_without_tag(scene, entry.tag), loras=(*scene.settings.loras, choice))


def remove(scene: Scene, index: int) -> Scene:
    """Drop an entry, from the list or from the prompt."""
    entry = entries(scene)[index]
    if entry.tag is not None:
        return _without_tag(scene, entry.tag)
    listed = tuple(each for place, each in enumerate(scene.settings.loras) if place != index)
    return edits.set_settings(scene, loras=listed)


def bind(scene: Scene, index: int, span: tuple[int, int]) -> tuple[Scene, str]:
    """Let an entry act for one word of the prompt alone, which becomes paintable; returns the scene and the word's id.

    Raises:
        SceneError: the span is not in the prompt.
    """
    scene, word_id = edits.add_word(scene, span)
    return change(scene, index, word=word_id), word_id


def call(scene: Scene, words: str) -> Scene:
    """Write a LoRA's trigger words at the end of the prompt, after a comma."""
    prompt = scene.prompt.rstrip()
    joint = "" if not prompt else " " if prompt.endswith(",") else ", "
    return _written(scene, (len(prompt), len(scene.prompt)), joint + words)


def as_read(scene: Scene) -> Scene:
    """The scene as a model reads it: tags are out of the prompt and in the list, and words stand where they stood.

    Other marks (`canvas.model.prompt_marks`) are out of it, too.

    A word that lies in a tag has no place any more.
    """
    cuts = cuts_of(scene.prompt)
    if cuts:
        prompt, called = take_out(scene.prompt)
        words = tuple(_shifted(word, prompt, cuts) for word in scene.words)
        settings = replace(scene.settings, loras=(*scene.settings.loras, *called))
        scene = scene.replace(prompt=prompt, words=words, settings=settings)
    if any(sign in scene.prompt for sign in "{#("):
        from canvas.model import prompt_marks  # few prompts have marks, and this one is on the way to every picture

        return prompt_marks.as_read(scene)
    return scene


def _written(scene: Scene, span: tuple[int, int], text: str) -> Scene:
    start, end = span
    prompt = scene.prompt[:start] + text + scene.prompt[end:]
    return edits.set_prompt(scene, prompt, edit=Edit(start, end - start, len(text)))


def _without_tag(scene: Scene, tag: LoraTag) -> Scene:
    start, end = tag.cut
    if not scene.prompt[:start].strip():  # the comma behind it parted it from the rest
        end += len(scene.prompt[end:]) - len(scene.prompt[end:].lstrip(" ,"))
    return _written(scene, (start, end), "")


def _shifted(word: Word, prompt: str, cuts: Sequence[tuple[int, int]]) -> Word:
    if word.span is None:
        return word
    start, end = (place - sum(min(place, b) - a for a, b in cuts if a < place) for place in word.span)
    if start >= end:
        return replace(word, span=None, anchor=start)
    return replace(word, span=(start, end), phrase=prompt[start:end])
