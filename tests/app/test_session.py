"""The session owns what is worked on: setters say what changed and nothing else, and another scene comes as a whole."""

from __future__ import annotations

import dataclasses

import numpy as np
import pytest

from app.image_info.displayed_image import PAPER, DisplayedImage
from app.session import Session
from app.storage.opened import Opened
from canvas.model.scene import Scene, Settings
from tests.fake_executor import TINY, FakeExecutor


def image(value: int = 1) -> DisplayedImage:
    return DisplayedImage(np.full((8, 8, 3), value, np.uint8))


@pytest.fixture
def session(qapp) -> Session:
    return Session(FakeExecutor(dataclasses.replace(TINY, name="other")))


def heard(signal) -> list:
    said: list = []
    signal.connect(lambda *values: said.append(values[0] if values else None))
    return said


def test_what_did_not_change_is_no_news(session):
    words, brushes, pictures = (
        heard(signal) for signal in (session.word_changed, session.brush_changed, session.picture_changed)
    )
    for _ in range(2):
        session.choose_word("word-1")
        session.set_brush(dataclasses.replace(session.brush, diameter=7.0))
        session.show(PAPER)
    assert words == ["word-1"] and len(brushes) == 1 and not pictures
    session.choose_word(None)
    assert session.word is None and words == ["word-1", ""]


def test_a_look_leaves_the_own_picture_to_go_back_to(session):
    own, other = image(1), image(2)
    seen = heard(session.picture_changed)
    session.show(own)
    session.look(other)
    assert session.looking and session.own is own and session.displayed is other
    session.end_look()
    assert not session.looking and session.displayed is own
    session.look(other)
    session.keep_look()
    assert session.own is other and not session.looking
    assert seen == [own, other, own, other]


def test_facts_follow_the_scenes_model_and_are_read_once(session, monkeypatch):
    read: list[str] = []
    facts = session._executor.facts
    monkeypatch.setattr(session._executor, "facts", lambda model: read.append(model) or facts(model))
    told = heard(session.facts_changed)
    session.document.set_settings(model="tiny")
    session.document.set_settings(steps=7)
    assert session.facts is TINY and session.facts_of("tiny") is TINY
    assert told == [TINY] and read == ["tiny"]
    session.document.set_settings(model="no such model")
    assert session.facts is None and told == [TINY, None]


def test_the_models_are_listed_anew_and_what_was_read_of_them_is_read_again(session, tmp_path):
    session.document.set_settings(model="tiny")
    told = heard(session.models_changed)
    session.list_models([tmp_path])
    assert {"starter": "Starter", "tiny": "Tiny", "other": "Other", str(tmp_path): tmp_path.name}.items() <= dict(
        session.models
    ).items()
    assert told == [session.models]
    session._executor.known["tiny"] = changed = dataclasses.replace(TINY, takes_styles=True)
    assert session.facts is TINY
    session.list_models([])
    assert session.facts is changed


def test_another_scene_and_its_picture_come_together(session):
    session.show(image(1))
    session.seed_used = 5
    scene, picture = Scene("a lake", settings=Settings(model="tiny")), image(2)
    found: list[tuple] = []
    session.document.subscribe(
        lambda _change: found.append((session.scene.prompt, session.displayed, session.facts, session.seed_used))
    )
    opened = heard(session.opened)
    whole = Opened(scene, picture)
    session.open(whole, None)
    assert found == [("a lake", picture, TINY, None)] and opened == [whole]
    assert session.own is picture and session.stamp is None
