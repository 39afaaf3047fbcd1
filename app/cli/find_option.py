"""The command line's `--find DIR`: pictures of a folder as styles of the words that the model does not know."""

from __future__ import annotations

import threading
from pathlib import Path

from app import paths
from app.cli.model_facts import facts_of
from app.cli.output import CommandError, say
from app.vocabulary import unknown_words
from canvas.model.scene import Scene


def take_found(scene: Scene, folder: Path) -> Scene:
    """The scene with the nearest picture of the folder as style of each word that its model does not know.

    A painted word's style follows its paint; that of another word acts everywhere. The folder's index is brought up to
    date first. What is taken, and for which words there is nothing, is said on stderr.

    Raises:
        CommandError: the model takes no styles. BadRequest and others: see `engine.retrieval.finder.Finder.refresh`.
    """
    facts = facts_of(scene.settings.model)
    if facts is None:
        return scene
    words = unknown_words(scene.prompt, facts)
    if not words:
        say(f"The model {facts.name} knows all words, so no picture is taken from {folder}.")
        return scene
    if not facts.takes_styles:
        raise CommandError(
            f'--find takes pictures as styles, and the model "{facts.name}" cannot use them.',
            hint="Leave --find out, or choose a model with an image encoder.",
        )
    from app.find.taking import pictures_for, with_pictures
    from engine.models.library import Library
    from engine.retrieval.finder import Finder

    finder = Finder(Library(), paths.Paths.of_user().picture_index, device=scene.settings.device)
    finder.refresh(folder, scene.settings.model, cancel=threading.Event())
    taken = pictures_for(scene, facts, finder, folder)
    for each in taken:
        say(f'"{each.word}" takes its look from {each.path}.')
    for word in words:
        if word.casefold() not in {each.word.casefold() for each in taken}:
            say(f'No picture in {folder} was found for "{word}".')
    return with_pictures(scene, taken)
