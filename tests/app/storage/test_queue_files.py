"""What waits in the queue outlives its program, in order, and is given back once."""

from __future__ import annotations

from app.storage.queue_files import QueueFiles
from canvas.model.scene import Scene


def scenes(*prompts: str) -> dict[str, Scene]:
    return {f"job-{number}": Scene(prompt=prompt, size=(64, 64)) for number, prompt in enumerate(prompts)}


def prompts(found: list[Scene]) -> list[str]:
    return [scene.prompt for scene in found]


def test_what_waits_is_given_to_the_next_program_in_its_order_and_once(tmp_path):
    first = QueueFiles(tmp_path / "queue")
    waiting = scenes("a lake", "a hill", "a boat")
    first.write(waiting)
    first.write({name: waiting[name] for name in ("job-2", "job-0")})
    second = QueueFiles(tmp_path / "queue")
    assert second.take_back() == [], "the first program still runs"
    first.close()
    assert prompts(second.take_back()) == ["a boat", "a lake"]
    assert second.take_back() == [] and QueueFiles(tmp_path / "queue").take_back() == []


def test_a_program_with_nothing_left_leaves_nothing(tmp_path):
    files = QueueFiles(tmp_path / "queue")
    files.write(scenes("a lake"))
    files.write({})
    files.close()
    assert not [each for each in (tmp_path / "queue").iterdir() if each.is_dir()]


def test_damage_costs_no_more_than_what_is_damaged(tmp_path):
    files = QueueFiles(tmp_path / "queue")
    files.write(scenes("a lake", "a hill"))
    files.close()
    folder = next(each for each in (tmp_path / "queue").iterdir() if each.is_dir())
    (folder / "job-0.ora").write_bytes(b"PK\x03\x04 cut")
    (folder / "order.json").write_text("[")
    assert prompts(QueueFiles(tmp_path / "queue").take_back()) == ["a hill"]
