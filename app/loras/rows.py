"""What the list of LoRA files shows of a scene: one row for each file; no widgets."""

from __future__ import annotations

import os
from collections.abc import Mapping
from dataclasses import dataclass

from app.language import sentence, tr
from app.vocabulary import called, names_something
from canvas.model.loras import LoraEntry, entries
from canvas.model.scene import Scene
from canvas.model.words import Span, find_phrase, word_spans, word_title
from engine.facts import FewSteps, LoraFile, ModelFacts

WHOLE = "the whole picture"
GONE = "a word that is gone"


@dataclass(frozen=True)
class LoraRow:
    """A file as it is shown.

    Attributes:
        name: without folders. tagged: whether the prompt calls it. word: the span of the word that alone it is for;
            None for the whole picture, (-1, -1) for a word that is gone. triggers: its own words, each with whether
            the prompt has it. note: what keeps it from acting, "" if nothing does. few_steps: settings that it asks for
            and the scene has not.
    """

    name: str
    weight: float
    on: bool
    tagged: bool
    word: Span | None
    triggers: tuple[tuple[str, bool], ...] = ()
    tip: str = ""
    note: str = ""
    few_steps: FewSteps | None = None


def rows_of(scene: Scene, known: Mapping[str, LoraFile], facts: ModelFacts | None) -> tuple[LoraRow, ...]:
    """The rows of a scene, in the order of `canvas.model.loras.entries`.

    Args:
        known: what is known of files, by what the scene calls them.
    """
    return tuple(_row(scene, entry, known.get(entry.choice.file), facts) for entry in entries(scene))


def choices_of(scene: Scene) -> tuple[tuple[Span, str], ...]:
    """The words that a file can be for: those that are painted by their titles, then the others of the prompt."""
    picked = {word.span: word_title(scene.prompt, word) for word in scene.words if word.span is not None}
    plain = [span for span in word_spans(scene.prompt) if names_something(scene.prompt[slice(*span)])]
    return tuple((picked | {span: scene.prompt[slice(*span)] for span in plain if span not in picked}).items())


def short(file: str) -> str:
    """A file's name without folders and ending."""
    name = os.path.basename(file.replace("\\", "/"))
    return name.removesuffix(".safetensors")


def _row(scene: Scene, entry: LoraEntry, file: LoraFile | None, facts: ModelFacts | None) -> LoraRow:
    choice = entry.choice
    span: Span | None = None
    if choice.word is not None:
        span = (scene.word(choice.word).span if scene.has_word(choice.word) else None) or (-1, -1)
    triggers = () if file is None else file.triggers
    note = _note(scene, entry, file, facts) if choice.on else ""
    few = file.few_steps if file is not None and choice.on and span is None and not note else None
    tip = choice.file if file is None else "\n".join(filter(None, (str(file.path), file.base)))
    return LoraRow(
        name=short(choice.file),
        weight=choice.weight,
        on=choice.on,
        tagged=entry.tag is not None,
        word=span,
        triggers=tuple((each, find_phrase(scene.prompt, each) is not None) for each in triggers),
        tip=tip,
        note=note,
        few_steps=None if few is None or few.settings.items() <= vars(scene.settings).items() else few,
    )


def _note(scene: Scene, entry: LoraEntry, file: LoraFile | None, facts: ModelFacts | None) -> str:
    if file is not None and file.problem:
        return sentence(file.problem)
    if facts is not None:
        if not facts.loras:
            return tr("{called} takes no LoRA files.", called=sentence(called(facts)))
        if file is not None and file.made_for and file.made_for != facts.loras:
            return tr(
                "It was made for {made_for} and does not fit {model}.",
                made_for=file.made_for,
                model=sentence(called(facts, within=True)),
            )
    word = entry.choice.word
    if word is not None and not scene.has_word(word):
        return tr("Its word is gone, so it does nothing. Choose another, or the whole picture.")
    if word is not None and scene.masks[word].is_empty:
        return tr("Paint “{phrase}” on the canvas: it acts there alone.", phrase=scene.word(word).phrase)
    return ""
