"""wordbrush models: one command for what is installed, for people and for programs."""

from __future__ import annotations

import shutil

import pytest

from app.cli import models_command


@pytest.fixture
def own(tiny_sd_folder, tmp_path):
    return shutil.copytree(tiny_sd_folder, tmp_path / "elsewhere" / "lake")


def test_only_the_starter_says_how_to_get_more(wordbrush):
    ended = wordbrush("models", "list")
    assert ended.code == 0 and "starter" in ended.out and "Apache-2.0" in ended.out
    assert ended.out.splitlines()[-2:] == [*models_command.MORE]
    assert all(len(line) < 130 for line in models_command.MORE)


def test_add_list_and_remove(wordbrush, own):
    added = wordbrush("models", "add", own, "--json").result["model"]
    assert added["name"] == "lake" and added["place"] == "added" and added["usable"]
    listed = wordbrush("models", "list", "--json").result
    assert listed["schema"] == 1 and [model["name"] for model in listed["models"]] == ["starter", "lake"]
    assert listed["models"][1] == added
    assert added.keys() >= {"path", "family", "size_bytes", "precision", "licence", "missing", "source", "paint_weight"}
    assert "how" not in wordbrush("models", "list").out
    refused = wordbrush("models", "remove", "lake", "--json")
    assert refused.code == 2 and "--yes" in refused.error["hint"]
    removed = wordbrush("models", "remove", "lake", "--yes", "--json")
    assert removed.result["deleted"] is False and removed.result["freed_bytes"] == 0
    assert (own / "model_index.json").is_file()


def test_faults_are_typed(wordbrush, tmp_path):
    assert wordbrush("models").code == 2
    ended = wordbrush("models", "add", tmp_path / "none", "--json")
    assert ended.code == 2 and ended.error["type"] == "ModelNotFound"
    assert wordbrush("models", "remove", "starter", "--yes", "--json").error["type"] == "BadRequest"
    assert wordbrush("models", "remove", "nothing", "--yes", "--json").error["type"] == "ModelNotFound"
