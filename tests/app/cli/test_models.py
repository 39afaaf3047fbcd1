"""wordbrush models: one command for what is installed, for people and for programs."""

from __future__ import annotations

import shutil

import numpy as np
import pytest
from safetensors.numpy import save_file

from app.cli import models_command
from engine import Library
from engine.downloads import connection
from tests.hub_server import serving


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


def test_the_folder_of_another_program_is_added_and_removed_as_a_whole(wordbrush, own, tmp_path):
    root = tmp_path / "ComfyUI"
    shutil.copytree(own, root / "models" / "diffusers" / "lake")
    shutil.copytree(own, root / "models" / "diffusers" / "pond")
    added = wordbrush("models", "add", root, "--json").result
    assert [model["name"] for model in added["models"]] == ["lake", "pond"] and added["model"] == added["models"][0]
    assert {model["program"] for model in added["models"]} == {str(root)}
    assert "belongs to a folder" in wordbrush("models", "remove", "lake", "--yes", "--json").error["message"]
    assert wordbrush("models", "remove", root, "--yes", "--json").result["deleted"] is False
    assert len(wordbrush("models", "list", "--json").result["models"]) == 1 and (root / "models").is_dir()


def test_lora_files_and_embeddings_are_listed_by_the_names_that_call_them(wordbrush, own, tmp_path):
    root = tmp_path / "ComfyUI" / "models"
    shutil.copytree(own, root / "diffusers" / "lake")
    for folder, key in (("loras", "lora_unet_x.lora_down.weight"), ("embeddings", "emb_params")):
        (root / folder).mkdir()
        save_file({key: np.zeros((1, 32), np.float32)}, root / folder / f"my {folder}.safetensors")
    (root / "embeddings" / "old.pt").write_bytes(b"\x80\x02")
    wordbrush("models", "add", root.parent)
    found = wordbrush("models", "list", "--json").result
    assert [(each["name"], each["problem"]) for each in found["loras"]] == [("my loras", None)]
    assert [each["name"] for each in found["embeddings"]] == ["my embeddings", "old"]
    assert found["embeddings"][0]["problem"] is None and "pickle" in found["embeddings"][1]["problem"]
    text = wordbrush("models", "list").out
    assert "--lora NAME): my loras" in text and "write the word): my embeddings, old" in text


def test_faults_are_typed(wordbrush, tmp_path):
    assert wordbrush("models").code == 2
    ended = wordbrush("models", "add", tmp_path / "none", "--json")
    assert ended.code == 2 and ended.error["type"] == "ModelNotFound"
    assert wordbrush("models", "remove", "starter", "--yes", "--json").error["type"] == "BadRequest"
    assert wordbrush("models", "remove", "nothing", "--yes", "--json").error["type"] == "ModelNotFound"


@pytest.fixture
def hub(monkeypatch, tiny_sd_folder):
    for name in ("http_proxy", "HTTP_PROXY", "all_proxy", "ALL_PROXY", "HF_TOKEN", "WORDBRUSH_OFFLINE"):
        monkeypatch.delenv(name, raising=False)
    with serving() as served:
        monkeypatch.setenv("HF_ENDPOINT", served.url)
        served.add("org/lake", tiny_sd_folder)
        yield served


def test_licence_and_size_come_before_a_byte(wordbrush, hub):
    asked = wordbrush("models", "download", "org/lake", "--json")
    assert asked.code == 2 and "not downloaded" in asked.error["message"]
    assert (
        "Licence: openrail++" in asked.error["hint"] and "MB" in asked.error["hint"] and "--yes" in asked.error["hint"]
    )
    assert [path for path, _headers in hub.asked] == ["/api/models/org/lake/revision/main"]
    brought = wordbrush("models", "download", "org/lake", "--yes", "--json").result
    assert brought["name"] == "lake" and brought["licence"] == "openrail++" and brought["size_bytes"] > 1e5
    (lake,) = [model for model in wordbrush("models", "list", "--json").result["models"] if model["name"] == "lake"]
    assert lake["usable"] and lake["source"] == "org/lake" and lake["place"] == "library"
    assert "already" in wordbrush("models", "download", "org/lake", "--yes").err
    assert wordbrush("models", "remove", "lake", "--yes", "--json").result["deleted"] is True


def test_the_offline_switch(wordbrush, hub, monkeypatch):
    assert wordbrush("models", "offline", "--json").result == {"schema": 1, "offline": False}
    assert wordbrush("models", "offline", "on", "--json").result["offline"] is True
    ended = wordbrush("models", "download", "org/lake", "--yes", "--json")
    assert ended.code == 1 and "switched off" in ended.error["message"] and not hub.asked
    assert wordbrush("models", "offline", "off").code == 0
    monkeypatch.setenv("WORDBRUSH_OFFLINE", "1")
    assert wordbrush("models", "download", "org/lake", "--yes").code == 1 and not hub.asked


def test_nothing_else_asks_the_network(wordbrush, own, monkeypatch):
    def refuse(*_arguments, **_named):
        raise AssertionError("the network was asked")

    monkeypatch.setattr(connection.http.client.HTTPConnection, "connect", refuse)
    monkeypatch.setattr(connection.socket.socket, "connect", refuse)
    for arguments in (("list",), ("add", own), ("list", "--json"), ("remove", "lake", "--yes"), ("offline", "off")):
        assert wordbrush("models", *arguments).code == 0


def test_check_says_what_it_measured_and_keeps_the_weight(wordbrush, own, monkeypatch):
    from engine.checkup import check
    from engine.checkup.layouts import LAYOUTS

    real = check.run
    monkeypatch.setattr(check, "run", lambda name, **asked: real(name, layouts=LAYOUTS[:1], reference=0.3, **asked))
    (own / "wordbrush.json").write_text('{"size": [64, 64], "guidance": 1.0}')
    wordbrush("models", "add", own)
    ended = wordbrush("models", "check", "lake", "--device", "cpu")
    assert ended.code == 0, ended.err
    assert "house" in ended.out and "Without paint it equals stock diffusers" in ended.out and "Calibrated" in ended.out
    (lake,) = [model for model in wordbrush("models", "list", "--json").result["models"] if model["name"] == "lake"]
    assert lake["paint_weight"] > 0
    found = wordbrush("models", "check", "lake", "--device", "cpu", "--no-calibration", "--json").result
    assert found["schema"] == 1 and found["paint_weight"]["before"] == lake["paint_weight"]
    assert wordbrush("models", "check", "none", "--json").error["type"] == "ModelNotFound"


def test_a_tokenizer_is_brought_by_itself_into_its_own_folder(wordbrush, hub, tmp_path):
    hub.repositories["google/t5-v1_1-xxl"] = {"spiece.model": b"pieces", "pytorch_model.bin": b"x"}
    asked = wordbrush("models", "download", "tokenizer:t5", "--json")
    assert asked.code == 2 and "--yes" in asked.error["hint"]
    brought = wordbrush("models", "download", "tokenizer:t5", "--yes", "--json").result
    place = Library().tokenizers_folder / "t5"
    assert brought["path"] == str(place) and (place / "spiece.model").read_bytes() == b"pieces"
    assert "tokenizer:qwen" in wordbrush("models", "download", "tokenizer:klingon").err
    assert not [path for path, _headers in hub.asked if path.endswith("pytorch_model.bin")]
