"""Another program's picture finds its model here: by its name however it is written, or by what is in the file."""

from __future__ import annotations

import hashlib
from pathlib import Path

import pytest

from app.storage.wanted_model import find
from canvas.files.opened import WantedModel
from engine.downloads import receipt
from engine.facts import ModelInfo


@pytest.fixture
def models(tmp_path: Path) -> list[ModelInfo]:
    made = []
    for name, problem in (("dreamshaper_8", ""), ("sdxl-base-1.0", ""), ("broken", "It is cut.")):
        path = tmp_path / f"{name}.safetensors"
        path.write_bytes(name.encode() * 300_000)
        made.append(ModelInfo(name, path, "sd", path.stat().st_size, problem))
    return made


@pytest.mark.parametrize(
    ("name", "found"),
    [
        ("dreamshaper_8", "dreamshaper_8"), ("DreamShaper 8.safetensors", "dreamshaper_8"),
        ("dreamshaper_8 [879db523c3]", "dreamshaper_8"), ("SDXL_base_1.0", "sdxl-base-1.0"),
        ("dreamshaper", None), ("broken", None),
    ],
)  # fmt: skip
def test_a_name_is_found_however_it_is_written(models, name, found):
    assert find(WantedModel(name), models, ()) == found


def test_a_file_is_known_by_its_content_where_it_has_another_name(models, tmp_path):
    path = tmp_path / "mine.safetensors"
    path.write_bytes(bytes(range(256)) * 8192)
    whole = hashlib.sha256(path.read_bytes()).hexdigest()
    old = hashlib.sha256(path.read_bytes()[0x100000:0x110000]).hexdigest()[:8]
    for digest in (whole[:10], whole, old):
        assert find(WantedModel("its name elsewhere", digest), models, [path]) == str(path)
    assert find(WantedModel("its name elsewhere", "0123456789"), models, [path]) is None
    folder = tmp_path / "folder"
    folder.mkdir()
    receipt.write(folder, receipt.Receipt("hub/model", files={"model.safetensors": (5, "ab" * 32)}))
    assert find(WantedModel("another", "ababababab"), [ModelInfo("book", folder, "sd", 5)], ()) == "book"
