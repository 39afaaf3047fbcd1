"""The log holds what a report needs, nothing private, stays small, and never gets in the way."""

from __future__ import annotations

import logging
import stat
import threading
from pathlib import Path

import pytest

from app import log
from app.paths import Paths


@pytest.fixture
def file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("WORDBRUSH_HOME", str(tmp_path / "home"))
    return Paths.of_user().log


def test_it_lies_in_the_data_folder_and_is_its_owners_alone(file, tmp_path, monkeypatch):
    with log.to_file("a test"):
        logging.getLogger("app").info("news")
    assert file == tmp_path / "home" / "wordbrush.log"
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    monkeypatch.delenv("WORDBRUSH_HOME")
    assert Paths.of_user().log.parent == Paths.of_user().autosave.parent


def test_it_takes_our_news_and_what_is_serious_of_others(file):
    with log.to_file("a test"):
        logging.getLogger("engine.pipeline").info("loaded")
        logging.getLogger("somebody").info("chatter")
        logging.getLogger("somebody").warning("a problem")
    text = file.read_text("utf-8")
    times = [line[:23] for line in text.splitlines()]
    assert times == sorted(times)
    assert "Started a test: Wordbrush" in text and "Ended a test." in text
    assert "engine.pipeline: loaded" in text and "somebody: a problem" in text and "chatter" not in text
    logging.getLogger("engine.pipeline").warning("afterwards")
    assert "afterwards" not in file.read_text("utf-8")


@pytest.mark.parametrize(
    ("said", "secret"),
    [
        ("using hf_abcdefghijklmnop now", "abcdefghijklmnop"),
        ("Authorization: Bearer abc.def-123456", "abc.def"),
        ("{'token': 'qwertz123'}", "qwertz123"),
        ("api_key=qwertz123&x=1", "qwertz123"),
        ("GET https://ann:pass@host/x", "ann:pass"),
    ],
)
def test_tokens_and_passwords_never_get_in(file, said, secret):
    with log.to_file("a test"):
        logging.getLogger("app").info(said)
        try:
            raise ValueError(said)
        except ValueError as error:
            log.error("caught", error)
    text = file.read_text("utf-8")
    assert secret not in text and text.count("hidden") >= 2 and "ValueError" in text


def test_the_users_home_is_not_named(file, monkeypatch, tmp_path):
    monkeypatch.setenv("HOME", "/home/ann")
    with log.to_file("a test"):
        logging.getLogger("app").info("opened %s", "/home/ann/scenes/a.ora")
    assert "~/scenes/a.ora" in file.read_text("utf-8")


def test_it_turns_over_and_keeps_three_files_at_most(file, monkeypatch):
    monkeypatch.setattr(log, "LARGEST_FILE", 5_000)
    with log.to_file("a test"):
        for number in range(600):
            logging.getLogger("app").info("line %d", number)
    files = sorted(path.name for path in file.parent.iterdir())
    assert files == ["wordbrush.log", "wordbrush.log.1", "wordbrush.log.2"]
    assert all(path.stat().st_size <= 5_000 for path in file.parent.iterdir())
    assert "line 599" in log.tail()


def test_a_record_without_end_is_cut_in_the_middle(file):
    with log.to_file("a test"):
        logging.getLogger("app").info("begin" + "x" * 500_000 + "end")
    text = file.read_text("utf-8")
    assert "begin" in text and "xend" in text and len(text) < 2 * log.LONGEST_RECORD


def test_the_tail_begins_with_a_whole_line(file, monkeypatch):
    monkeypatch.setattr(log, "TAIL", 1_000)
    with log.to_file("a test"):
        for number in range(100):
            logging.getLogger("app").info("line %d é", number)
    tail = log.tail()
    assert len(tail) <= 1_000 and tail.splitlines()[0].endswith("é") and tail[:2] == "20"


def test_without_news_there_is_no_file(file):
    with log.to_file("a test"):
        logging.getLogger("somebody").info("chatter")
    assert not file.exists()


def test_without_a_log_there_is_no_tail(file):
    assert log.tail() == ""


def test_a_disk_that_takes_nothing_stops_nobody(file, capsys):
    file.parent.mkdir()
    file.mkdir()
    with log.to_file("a test"):
        logging.getLogger("app").error("nobody hears this")
    said = capsys.readouterr()
    assert said.err == "" and said.out == ""


def test_what_a_thread_does_not_catch_is_in_it_and_not_on_stderr(file, capsys):
    def fail() -> None:
        raise RuntimeError("on a thread")

    with log.to_file("a test"), log.uncaught():
        thread = threading.Thread(target=fail, name="worker")
        thread.start()
        thread.join()
    text = file.read_text("utf-8")
    assert "the thread worker" in text and "RuntimeError: on a thread" in text and "in fail" in text
    assert capsys.readouterr().err == ""
