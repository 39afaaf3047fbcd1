"""`wordbrush teach`: a word on a tiny model, its files and its object; stopping, continuing, and what is wrong."""

from __future__ import annotations

import io
import json
import os
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from engine.teaching import command


@pytest.fixture
def taught(wordbrush, tmp_path: Path, tiny_sd_folder: Path, monkeypatch):
    """Runs the command in a home of its own, with three pictures."""
    monkeypatch.setenv("WORDBRUSH_MODELS", str(tmp_path / "models"))
    (tmp_path / "models").mkdir()
    os.symlink(tiny_sd_folder, tmp_path / "models" / "tiny")
    (tmp_path / "pictures").mkdir()
    for number in range(3):
        Image.fromarray(np.full((64, 64, 3), 80 * number, np.uint8)).save(tmp_path / "pictures" / f"{number}.png")

    def run(*arguments: str):
        common = ["--model", "tiny", "--steps", "2", "--batch", "1", "--size", "64x64", "--device", "cpu"]
        return wordbrush("teach", *arguments, *([] if {"--resume", "--forget"} & {*arguments} else common))

    return run


def test_a_word_is_taught_and_forgotten(taught, tmp_path):
    ended = taught("wug", str(tmp_path / "pictures"), "--method", "kv", "--json", "--out", str(tmp_path / "out"))
    assert ended.code == 0, ended.err
    said = json.loads(ended.out)
    assert (said["schema"], said["word"], said["method"], said["steps"]) == (1, "wug", "custom", 2)
    assert [Path(file).parent.name for file in said["files"]] == ["embeddings", "loras", "out", "out"]
    assert {file.name for file in (tmp_path / "out").iterdir()} == {"wug.safetensors", "wug-lora.safetensors"}
    assert all(Path(file).is_file() for file in (*said["files"], *said["samples"])) and said["samples"]
    again = taught("wug", str(tmp_path / "pictures"))
    assert again.code == 2 and "already a word" in again.err
    ended = taught("wug", "--forget")
    assert ended.code == 0 and "forgotten" in ended.out and not Path(said["files"][0]).exists()


def test_copies_go_into_a_folder_or_to_a_file_that_is_named(tmp_path):
    files = [tmp_path / kind / "wug.safetensors" for kind in ("embeddings", "loras")]
    for file in files:
        file.parent.mkdir()
        file.write_text(file.parent.name)
    made = command._copied(files, tmp_path / "new" / "mine.safetensors")
    assert [file.name for file in made] == ["mine.safetensors", "mine-lora.safetensors"]
    assert [file.read_text() for file in made] == ["embeddings", "loras"]
    folder = tmp_path / "old.safetensors"
    folder.mkdir()
    assert [file.parent for file in command._copied(files, folder)] == [folder, folder]
    assert [file.name for file in command._copied(files[:1], tmp_path / "to")] == ["wug.safetensors"]
    assert command._copied(files, None) == []


def test_the_talk_of_a_window_pauses_and_resumes(taught, tmp_path, monkeypatch):
    monkeypatch.setattr(command, "_give_way", lambda: None)
    monkeypatch.setattr(command.sys, "stdin", io.StringIO("wait\n"))  # and its end: whoever asked is gone
    ended = taught("wug", str(tmp_path / "pictures"), "--events", "--json")
    events = [json.loads(line) for line in ended.out.splitlines()]
    assert ended.code == 0 and events[-2]["event"] == "paused" and events[-1]["paused_at"] == events[-2]["step"]
    ended = taught("wug", "--resume", "--json")
    assert ended.code == 0 and json.loads(ended.out)["files"]
    assert taught("other", "--resume").code == 2


@pytest.mark.parametrize(
    "arguments, said",
    [
        (["wug"], "no pictures"),
        (["wug", "PICTURES", "--method", "magic"], "no method"),
        (["wug", "PICTURES", "--steps", "-1"], '"steps" is -1'),
        (["wug", "PICTURES", "--size", "big"], "not a size"),
        (["wug", "PICTURES", "--model", "nobody"], "nobody"),
        (["w/g", "PICTURES"], "cannot be the name"),
        (["wug", "--forget"], "No word"),
    ],
)
def test_what_is_wrong_is_said_in_one_sentence_with_a_hint(wordbrush, tmp_path, monkeypatch, arguments, said):
    monkeypatch.setenv("WORDBRUSH_MODELS", str(tmp_path / "models"))
    for number in range(3):
        Image.new("RGB", (16, 16)).save(tmp_path / f"{number}.png")
    ended = wordbrush("teach", *(str(tmp_path) if each == "PICTURES" else each for each in arguments))
    assert ended.code in (1, 2) and said in ended.err and "Traceback" not in ended.err and not ended.out
