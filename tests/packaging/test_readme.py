"""The README and its pages keep their word: pictures and links are there, its commands come first, its example runs."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from PIL import Image

from engine.attention.laws import LAWS

ROOT = Path(__file__).resolve().parents[2]
TEXT = (ROOT / "README.md").read_text(encoding="utf-8") if (ROOT / "README.md").is_file() else ""
PAGES = ("README.md", "app/window/README.md", "app/cli/README.md", "engine/models/README.md", "engine/lab/README.md")
BLOCKS = re.findall(r"```(\w*)\n(.*?)```", TEXT, flags=re.DOTALL)
LINKS = re.findall(r"\]\(([^)#]+)\)", TEXT)


def page(name: str) -> str:
    return (ROOT / name).read_text(encoding="utf-8")


def test_a_newcomer_reads_it_in_one_go_and_it_leads_to_the_other_pages() -> None:
    assert len(TEXT.splitlines()) < 180
    assert set(PAGES[1:]) <= set(LINKS)


@pytest.mark.parametrize("name", PAGES)
def test_every_file_it_points_to_is_there(name: str) -> None:
    local = [link for link in re.findall(r"\]\(([^)#]+)\)", page(name)) if "://" not in link]
    assert local
    assert [link for link in local if not ((ROOT / name).parent / link).exists()] == []


def test_the_two_commands_come_first_under_a_picture_of_the_program() -> None:
    picture, first = TEXT.index("!["), TEXT.index("```")
    assert picture < first
    lines = [line.partition("#")[0].strip() for line in BLOCKS[0][1].strip().splitlines()]
    assert lines == ["python3 packaging/dev.py run", "python3 packaging/dev.py test"]


def test_its_screenshots_show_a_window_before_during_and_after() -> None:
    for name in ("before", "during", "after"):
        (link,) = {link for link in LINKS if link.endswith(f"{name}.webp")}
        with Image.open(ROOT / link) as picture:
            assert picture.width >= 800 and picture.height >= 500


@pytest.mark.parametrize("name", ["README.md", "app/cli/README.md"])
def test_every_subcommand_it_shows_is_known(name: str) -> None:
    shown_in = page(name)
    shown = {match.split()[0] for match in re.findall(r"^wordbrush ([a-z]+.*)$", shown_in, flags=re.MULTILINE)}
    assert {"render", "bench", "lab", "doctor"} <= shown
    for each in shown:
        command = [sys.executable, "-c", "import sys; from app.cli.main import main; sys.exit(main())", each, "--help"]
        done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True)
        assert done.returncode == 0, f"wordbrush {each} --help: {done.stderr}"


def test_the_library_example_makes_its_picture(tmp_path: Path) -> None:
    (example,) = [code for language, code in BLOCKS if language == "python"]
    environment = {**os.environ, "PYTHONPATH": str(ROOT)}
    done = subprocess.run(
        [sys.executable, "-c", example], cwd=tmp_path, env=environment, capture_output=True, text=True
    )
    assert done.returncode == 0, done.stderr
    (made,) = re.findall(r'\.save\("(.+?)"\)', example)
    with Image.open(tmp_path / made) as picture:
        assert picture.size == (512, 512)


def test_every_law_is_in_its_table_at_its_best_strength_as_measured() -> None:
    rows = json.loads((ROOT / "packaging" / "figures" / "layout.json").read_text("utf-8"))["rows"]
    table = [
        line for line in page("engine/lab/README.md").splitlines() if re.match(r"\| .*\d\.\d{3} / \d\.\d{3}", line)
    ]
    assert {row["law"] for row in rows} == set(LAWS)
    for law in LAWS:
        own = [row for row in rows if row["law"] == law and not row["dial"]]
        found = {
            weight: [row["miou"] for name in ("world", "free") for row in own if is_at(row, name, weight)]
            for weight in {row["paint_weight"] for row in own}
        }
        best = max(found.values(), key=sum)
        told = f"{best[0]:.3f} / {best[1]:.3f}"
        assert any(told in line for line in table), f"{law}: {told}"


def is_at(row: dict[str, Any], name: str, weight: float) -> bool:
    return row["set"] == name and row["paint_weight"] == weight
