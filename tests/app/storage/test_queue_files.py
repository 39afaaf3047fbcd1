"""What waits in the queue outlives its program as what it was, in order, and is given back once."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest

from app.storage import queue_entry
from app.storage.queue_entry import Sheet, Waiting
from app.storage.queue_files import Found, QueueFiles
from canvas.model.begun import Begun
from canvas.model.scene import Scene

RNG = np.random.default_rng(3)


def scenes(*prompts: str) -> dict[str, Waiting]:
    return {f"job-{number}": Waiting(Scene(prompt=prompt, size=(64, 64))) for number, prompt in enumerate(prompts)}


def prompts(found: Found) -> list[str]:
    return [each.scene.prompt for each in found.waiting]


def folder_of(files: Path) -> Path:
    return next(each for each in files.iterdir() if each.is_dir())


def repaint() -> Waiting:
    rgb = RNG.integers(0, 256, (48, 64, 3), np.uint8)
    mask = RNG.integers(0, 256, (48, 64), np.uint8)
    second = {"scale": 3, "detail": 0.25, "upscaler": "/models/any/4x.safetensors"}
    begun = Begun.of("repaint", rgb, 0.7, name="lake.png", mask=mask, context=24, **second)
    return Waiting(Scene("a lake", size=(64, 48)), "repaint", begun, step_ms=41.5)


def test_what_waits_is_given_to_the_next_program_in_its_order_and_once(tmp_path):
    first = QueueFiles(tmp_path / "queue")
    waiting = scenes("a lake", "a hill", "a boat")
    first.write(waiting)
    first.write({name: waiting[name] for name in ("job-2", "job-0")})
    second = QueueFiles(tmp_path / "queue")
    assert second.take_back() == Found(), "the first program still runs"
    first.close()
    assert prompts(second.take_back()) == ["a boat", "a lake"]
    second.close()  # before they were kept as its own: nothing is lost
    third = QueueFiles(tmp_path / "queue")
    assert prompts(third.take_back()) == ["a boat", "a lake"]
    third.let_go()
    assert third.take_back() == Found() and QueueFiles(tmp_path / "queue").take_back() == Found()


def test_a_request_comes_back_with_all_that_it_began_from(tmp_path):
    asked = repaint()
    files = QueueFiles(tmp_path / "queue")
    files.write({"job-1": asked})
    files.close()
    (back,) = QueueFiles(tmp_path / "queue").take_back().waiting
    assert (back.kind, back.step_ms) == ("repaint", 41.5)
    for name, was in vars(asked.begun).items():
        now = getattr(back.begun, name)
        assert (now == was).all() if isinstance(was, np.ndarray) else now == was, name


def test_a_second_pass_over_noise_comes_back_too():
    asked = Waiting(Scene("a"), "refine", Begun("refine", scale=2))
    assert vars(queue_entry.unpacked(queue_entry.packed(asked), Scene("a")).begun) == vars(asked.begun)


def test_a_sheet_comes_back_with_its_labels_and_the_pictures_that_were_made(tmp_path):
    scene = Scene("a lake", size=(64, 64))
    sheet = Sheet("grid-1", scene, ("a", "b", "c", "d"), ("1", "2"), ("x", "y"))
    files = QueueFiles(tmp_path / "queue")
    cells = {f"job-{n}": Waiting(scene, "grid", sheet="grid-1", cell=n) for n in range(4)}
    files.write(cells, {"grid-1": sheet})
    made = Sheet("grid-1", scene, sheet.labels, sheet.across, sheet.down, {0: tmp_path / "0.png"})
    files.write({name: cells[name] for name in list(cells)[1:]}, {"grid-1": made})
    files.close()
    found = QueueFiles(tmp_path / "queue").take_back()
    assert [(each.sheet, each.cell) for each in found.waiting] == [("grid-1", n) for n in (1, 2, 3)]
    back = found.sheets["grid-1"]
    assert (back.labels, back.across, back.down) == (sheet.labels, sheet.across, sheet.down)
    assert back.made == {0: tmp_path / "0.png"} and back.scene.prompt == "a lake"


def test_a_program_with_nothing_left_leaves_nothing(tmp_path):
    files = QueueFiles(tmp_path / "queue")
    files.write(scenes("a lake"))
    files.write({})
    files.close()
    assert not [each for each in (tmp_path / "queue").iterdir() if each.is_dir()]


def test_a_queue_of_scenes_alone_still_opens(tmp_path):
    files = QueueFiles(tmp_path / "queue")
    files.write(scenes("a lake", "a hill"))
    files.close()
    for job in folder_of(tmp_path / "queue").glob("*.job"):
        job.unlink()
    found = QueueFiles(tmp_path / "queue").take_back()
    assert prompts(found) == ["a lake", "a hill"] and {each.kind for each in found.waiting} == {"generate"}


def cut_scene(folder: Path) -> None:
    (folder / "job-0.ora").write_bytes(b"PK\x03\x04 cut")


def cut_request(folder: Path) -> None:
    job = folder / "job-0.job"
    job.write_bytes(job.read_bytes()[:-40])


def other_size(folder: Path) -> None:
    begun = Begun.of("vary", np.zeros((8, 8, 3), np.uint8), 0.6)
    (folder / "job-0.job").write_bytes(queue_entry.packed(Waiting(Scene("a", size=(8, 8)), "vary", begun)))


def no_line(folder: Path) -> None:
    (folder / "job-0.job").write_bytes(b"\xff" * 200)


@pytest.mark.parametrize("damage", [cut_scene, cut_request, other_size, no_line])
def test_damage_costs_no_more_than_what_is_damaged_and_is_told(tmp_path, damage):
    files = QueueFiles(tmp_path / "queue")
    files.write({"job-0": repaint(), "job-1": Waiting(Scene("a hill", size=(64, 64)))})
    files.close()
    folder = folder_of(tmp_path / "queue")
    damage(folder)
    (folder / "order.json").write_text("[")
    found = QueueFiles(tmp_path / "queue").take_back()
    assert prompts(found) == ["a hill"] and (found.damaged, found.newer) == (1, 0)


def test_what_a_newer_program_wrote_waits_for_it(tmp_path):
    files = QueueFiles(tmp_path / "queue")
    files.write({"job-0": repaint(), "job-1": Waiting(Scene("a hill", size=(64, 64)))})
    files.close()
    job = folder_of(tmp_path / "queue") / "job-0.job"
    head, _end, rest = job.read_bytes().partition(b"\n")
    job.write_bytes(json.dumps(json.loads(head) | {"version": 2}).encode() + b"\n" + rest)
    second = QueueFiles(tmp_path / "queue")
    found = second.take_back()
    assert prompts(found) == ["a hill"] and (found.damaged, found.newer) == (0, 1)
    second.let_go()
    assert sorted(each.name for each in job.parent.glob("job-*")) == ["job-0.job", "job-0.ora"]
