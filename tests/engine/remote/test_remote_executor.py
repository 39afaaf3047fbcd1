"""The executor of another machine does what this machine's own does: pictures, events, questions, live, cancel."""

from __future__ import annotations

import threading
from dataclasses import replace

import numpy as np
import pytest

from engine import LocalExecutor
from engine.errors import BadRequest, DeviceUnavailable, ModelNotFound
from engine.protocol import (
    Cancelled,
    Description,
    Failed,
    Finished,
    GenerateRequest,
    ImageReady,
    PictureQuestion,
    Preview,
    Step,
    Told,
    WordSearch,
)
from tests.engine.remote.conftest import Heard, ask, until
from tests.fake_executor import FakeExecutor, heatmaps, picture


def test_the_same_pictures_and_events_as_here(serve, connect):
    request = ask(count=2, obedience=True, deep=True, watched=((2, 6),))
    here, mine = FakeExecutor(), Heard()
    here.loaded = True
    here.start(mine)
    here.submit(request)
    mine.final("1")
    there = FakeExecutor()
    there.loaded = True
    _, port = serve(there)
    client, heard = connect(port)
    client.submit(request)
    final = heard.final("1")
    assert isinstance(final, Finished)
    assert [each for each in heard.of("1") if each != "Preview"] == [each for each in mine.of("1") if each != "Preview"]
    for index, image in enumerate(final.images):
        assert np.array_equal(image.rgb, picture(request, request.picture.seed + index))
        assert np.array_equal(image.deep, image.rgb.astype(np.uint16) * 257)
        assert np.array_equal(image.heatmaps, heatmaps(request))
        assert (image.image, image.seed, image.obedience) == (index, request.picture.seed + index, (0.5,))
    here.close()


def test_the_starter_paints_the_same_bits(serve, connect):
    request = GenerateRequest.of(id="1", prompt="a house by a lake", width=64, height=64, steps=2, obedience=True)
    mask = np.zeros((64, 64), np.uint8)
    mask[40:] = 255
    request = request.replace(words=(replace(ask().text.words[0], span=(13, 17), mask=mask),), watched=((13, 17),))
    executor, mine = LocalExecutor(), Heard()
    _, port = serve(executor)
    client, heard = connect(port)
    client.submit(request)
    far = heard.final("1", 120)
    own = LocalExecutor()
    own.start(mine)
    own.submit(request)
    near = mine.final("1", 120)
    own.close()
    assert isinstance(far, Finished) and isinstance(near, Finished)
    assert np.array_equal(far.images[0].rgb, near.images[0].rgb)
    assert np.array_equal(far.images[0].heatmaps, near.images[0].heatmaps)
    assert far.images[0].obedience == near.images[0].obedience and far.images[0].seen == near.images[0].seen
    assert client.facts("starter") == own.facts("starter")
    assert client.sigmas("starter", "dpmpp_2m", 5) == own.sigmas("starter", "dpmpp_2m", 5)


@pytest.mark.parametrize("previews", ["jpeg", "webp", "exact"])
def test_previews_are_sent_as_is_wished_and_pictures_exactly(serve, connect, previews):
    far = FakeExecutor()
    far.step_seconds = 0.01
    _, port = serve(far)
    client, heard = connect(port, previews=previews)
    client.submit(ask())
    final = heard.final("1")
    seen = heard.wait(lambda event: isinstance(event, Preview))
    true = picture(ask(), 0)[::8, ::8]
    assert seen.rgb.shape == true.shape and np.array_equal(seen.rgb, true) == (previews == "exact")
    assert np.array_equal(final.images[0].rgb, picture(ask(), 0))


def test_questions_are_answered_by_the_other_machine(serve, connect):
    far = FakeExecutor()
    far.loaded = True
    _, port = serve(far)
    client, _ = connect(port)
    assert [each.name for each in client.models()] == [each.name for each in far.models()]
    assert client.facts("trio") == far.facts("trio")
    assert client.facts("/home/me/models/trio") == far.facts("trio")  # of a path the name alone is told
    assert client.sigmas("tiny", "ddim", 7) == far.sigmas("tiny", "ddim", 7)
    client.check("tiny")
    for asked in (client.facts, client.check):
        with pytest.raises(ModelNotFound, match="nothing"):
            asked("nothing")
    assert client.catalogue() is None


def test_errors_keep_their_kind(serve, connect):
    _, port = serve()
    client, heard = connect(port)
    client.submit(ask("1", device="cuda:7"))
    client.submit(ask("2", width=63))
    first, second = heard.final("1"), heard.final("2")
    assert isinstance(first, Failed) and isinstance(first.error, DeviceUnavailable) and "cuda" in first.error.message
    assert isinstance(second, Failed) and isinstance(second.error, BadRequest)


def test_cancel_stops_what_runs_and_what_waits(serve, connect):
    far = FakeExecutor()
    far.step_seconds = 30
    _, port = serve(far)
    client, heard = connect(port)
    other, others = connect(port)
    client.submit(ask("1"))
    client.submit(ask("2"))
    heard.wait(lambda event: event.request_id == "1")
    other.submit(ask("1"))
    far.step_seconds = 0
    client.cancel("2")
    client.cancel("1")
    assert isinstance(heard.final("1"), Cancelled) and isinstance(heard.final("2"), Cancelled)
    assert isinstance(others.final("1"), Finished), "another client's request of the same id goes on"
    far.step_seconds = 30
    for name in "345":
        client.submit(ask(name))
    heard.wait(lambda event: event.request_id == "3")
    client.cancel()
    assert all(isinstance(heard.final(name), Cancelled) for name in "345")


def test_a_live_request_replaces_the_last_and_painters_take_turns(serve, connect):
    far = FakeExecutor()
    far.step_seconds = 0.05
    _, port = serve(far)
    client, heard = connect(port)
    for number in range(4):
        client.submit(ask(f"live-{number}", live=True))
    assert isinstance(heard.final("live-3"), Finished)
    assert [type(heard.final(f"live-{number}")) for number in range(3)] == [Cancelled] * 3
    other, others = connect(port)
    for number in range(4, 8):
        client.submit(ask(f"live-{number}", live=True))
        other.submit(ask(f"live-{number}", live=True))
    assert isinstance(heard.final("live-7"), Finished) and isinstance(others.final("live-7"), Finished)
    assert all(heard.final(f"live-{number}") and others.final(f"live-{number}") for number in range(4, 8))


def test_loading_in_advance_is_told_to_who_asked(serve, connect):
    _, port = serve()
    client, heard = connect(port)
    _, others = connect(port)
    client.warm_up("tiny", "cpu")
    heard.wait(lambda event: event.request_id == "")
    assert not others.events


def test_seeking_and_measuring_are_done_there(serve, connect):
    far = FakeExecutor()
    far.measurement = {"obedience": 0.5, "rows": [1, 2]}
    _, port = serve(far)
    client, _ = connect(port)
    search = WordSearch(rgb=np.zeros((32, 48, 3), np.uint8), prompt="a lake", words=((2, 6),), model="tiny")
    came: list = []
    said: list = []
    client.seek(search, progress=lambda *news: said.append(news), done=came.append, cancel=threading.Event())
    until(lambda: came)
    assert np.array_equal(came[0].masks, far.found(search).masks) and said == [("Looking at the picture", 0.5)]
    client.measure("tiny", "cpu", progress=lambda *news: said.append(news), done=came.append, cancel=threading.Event())
    until(lambda: len(came) == 2)
    assert came[1] == far.measurement and far.measured == ["tiny"]
    mask = np.eye(32, 48, dtype=np.uint8) * 255
    far.answer = Description("a lake", (Told("lake", (2, 6), 0.5, mask),), (True,))
    question = PictureQuestion(rgb=search.rgb, phrases=("lake",), model="tiny")
    client.describe(question, progress=lambda *news: said.append(news), done=came.append, cancel=threading.Event())
    until(lambda: len(came) == 3)
    assert far.questions[0].phrases == ("lake",) and came[2].missing == (True,)
    assert np.array_equal(came[2].words[0].mask, mask) and came[2].words[0].span == (2, 6)


def test_closed_it_ends_what_it_has(serve, connect):
    far = FakeExecutor()
    far.step_seconds = 30
    server, port = serve(far)
    client, heard = connect(port)
    client.submit(ask())
    heard.wait(lambda event: isinstance(event, Step) or event.request_id == "1")
    assert client.close()
    assert isinstance(heard.final("1"), Cancelled)
    until(lambda: not server._sessions)  # it took its leave: nobody waits for it
    with pytest.raises(RuntimeError):
        client.submit(ask("2"))
    assert not [each for each in heard.events if isinstance(each, ImageReady)]
