"""How many files know of a setting, a law or an architecture: counted, so that adding one stays a small change."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from app.cli.parser import Parser
from app.cli.render_command import _add_settings
from canvas.files import scene_json
from canvas.model.scene import Scene, Settings
from canvas.model.tiled_mask import TiledMask
from engine.models.architectures import architectures
from resources.settings import specs

ROOT = Path(__file__).resolve().parents[2]
ROOMS = ("app", "canvas", "engine", "resources")


def files_with(pattern: str, *, but: tuple[str, ...] = ()) -> list[str]:
    found = []
    for path in (path for room in ROOMS for path in sorted((ROOT / room).rglob("*.py"))):
        name = path.relative_to(ROOT).as_posix()
        if not name.startswith(but) and re.search(pattern, path.read_text(encoding="utf-8")):
            found.append(name)
    return found


def test_a_setting_is_in_at_most_three_files():
    found = files_with(r"\bguidance_rescale\b")
    assert found == ["engine/models/families/guidance.py", "resources/settings.py"]


@pytest.mark.parametrize("law", ["ediffi-head", "cloneofsimo", "densediffusion", "couple", "multidiffusion"])
def test_a_law_is_in_one_file(law: str):
    # The labs compare laws by name and know the look of each in a plot; one that they do not know gets a plain one.
    assert files_with(rf"[\"']{law}[\"']", but=("engine/lab/",)) == ["engine/attention/laws.py"]


@pytest.mark.parametrize("name", architectures())
def test_an_architecture_is_in_at_most_two_files(name: str):
    own = [f"engine/models/architectures/{name}.py", f"engine/models/families/{name}.py"]
    assert all((ROOT / path).is_file() for path in own)
    assert set(files_with(rf"[\"']{name}[\"']")) <= set(own)
    assert files_with(rf"[\"']{architectures()[name].pipeline}[\"']") == own[:1]


def test_a_setting_that_is_declared_is_in_flags_and_files():
    parser = Parser(prog="render")
    _add_settings(parser)
    given = parser.parse_args(["--guidance-rescale", "0.7", "--structured"])
    assert given.structured is True and parser.parse_args(["--no-structured"]).structured is False
    assert parser.parse_args([]).structured is None  # what FILE says stays
    scene = Scene("a lake", settings=Settings(guidance_rescale=given.guidance_rescale))
    text = scene_json.dumps(scene_json.to_dict(scene, {}))
    assert '"guidance_rescale":0.7' in text
    assert scene_json.from_dict(scene_json.loads(text), lambda *_: TiledMask((256, 256))) == scene
    assert {spec.flag for spec in specs().values() if spec.help} <= set(parser.format_help().replace(",", " ").split())
