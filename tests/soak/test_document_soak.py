"""A document under thousands of edits: undo and redo give back what was, within their memory."""

from __future__ import annotations

import random

import pytest

from canvas.model.document import Document
from canvas.model.errors import SceneError
from canvas.model.scene import Scene
from canvas.paint.brush import Brush
from canvas.paint.stroke import Stroke

pytestmark = [pytest.mark.soak, pytest.mark.timeout(1800)]

NOUNS = ["lake", "sky", "house", "hill", "Brücke", "山", "old oak", "moon"]
ROUNDS = 1500
LIMIT = 48 * 2**20


class Clock:
    """Time that passes slowly enough for no two edits to merge."""

    def __init__(self) -> None:
        self.now = 0.0

    def __call__(self) -> float:
        self.now += 60.0
        return self.now


def edit(document: Document, rng: random.Random) -> None:
    """One edit of any kind, by the calls that the window makes."""
    scene = document.scene
    words = [word.id for word in scene.words]
    chance = rng.random()
    if chance < 0.15 or not scene.prompt.strip():
        document.set_prompt(" and ".join(rng.sample(NOUNS, rng.randint(2, 6))))
    elif chance < 0.3 or not words:
        start = rng.randrange(len(scene.prompt))
        end = min(len(scene.prompt), start + rng.randint(1, 8))
        if scene.prompt[start:end].strip():
            document.add_word((start, end))
    elif chance < 0.6:
        width, height = scene.size
        stroke = Stroke(document, rng.choice(words), Brush(diameter=rng.choice([1, 24, 300]), erase=rng.random() < 0.3))
        stroke.begin(rng.uniform(-50, width + 50), rng.uniform(-50, height + 50), 1.0)
        for _ in range(rng.randint(0, 5)):
            stroke.extend(rng.uniform(0, width), rng.uniform(0, height), rng.random())
        if rng.random() < 0.9:
            stroke.commit()
        else:
            stroke.abort()
    elif chance < 0.7:
        document.set_strength(rng.choice(words), rng.uniform(-2, 2))
    elif chance < 0.78:
        rng.choice([document.fill_word, document.clear_word])(rng.choice(words))
    elif chance < 0.84:
        document.remove_word(rng.choice(words))
    elif chance < 0.9:
        document.set_visible(rng.choice(words), rng.random() < 0.5)
    elif chance < 0.95:
        document.set_settings(steps=rng.randint(1, 50), seed=rng.randrange(1000))
    else:
        document.set_size(rng.choice([(256, 256), (320, 192), (512, 512)]))


def test_undo_and_redo_walk_the_same_road_within_their_memory() -> None:
    rng = random.Random(5)
    document = Document(Scene(prompt="a lake and a sky", size=(256, 256)), undo_limit=LIMIT, clock=Clock())
    road: list[Scene] = [document.scene]
    for _ in range(ROUNDS):
        before = document.scene
        try:
            edit(document, rng)
        except SceneError as error:
            assert error.hint, error
            assert document.scene is before
        if document.scene is not before:
            road.append(document.scene)
        if rng.random() < 0.05:
            steps = rng.randint(1, 5)
            for _ in range(steps):
                document.undo()
            assert document.scene is road[max(0, len(road) - 1 - steps)] or not document.can_undo
            for _ in range(steps):
                document.redo()
            assert document.scene is road[-1]
            assert not document.can_redo
        assert document.undo_bytes() <= LIMIT

    back = 1
    while document.can_undo:
        document.undo()
        back += 1
        assert document.scene is road[-back]
    assert back > 50
    while document.can_redo:
        document.redo()
    assert document.scene is road[-1]
    assert document.live is None
