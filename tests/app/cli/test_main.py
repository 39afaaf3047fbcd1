"""The command line as a whole: commands, help, versions, exit codes, and errors that people and programs can read."""

from __future__ import annotations

import importlib
import json
import sys
import threading
from pathlib import Path

import pytest

from app.cli import main, output
from app.cli.output import CommandError
from app.window import endings
from engine.surroundings import COMPILER
from resources.sizes import size_text

LABS = ("layout", "experts", "style", "text-window")
UNKNOWN = "--no-such-flag"


def test_version_is_the_projects(wordbrush):
    import tomllib

    project = tomllib.loads((Path(__file__).resolve().parents[3] / "pyproject.toml").read_text())
    ended = wordbrush("--version")
    assert (ended.code, ended.out, ended.err) == (0, f"wordbrush {project['project']['version']}\n", "")


@pytest.mark.parametrize(
    "arguments",
    [["--version"], ["--help"], ["render", "--help"], ["lab", "--help"], *(["lab", lab, "--help"] for lab in LABS)],
)
def test_version_and_help_import_neither_torch_nor_qt(process, arguments):
    before = (
        "import atexit; atexit.register(lambda: print(sorted(set(sys.modules) & {'torch', 'PySide6', 'diffusers'})))"
    )
    ended = process(*arguments, before=before)
    assert ended.code == 0 and ended.out.endswith("[]\n"), ended


def test_a_process_in_which_a_compiler_works_ends_around_it(wordbrush, monkeypatch):
    """Python's own end would abort it; see `app.window.endings.leave`."""
    codes, over = [], threading.Event()
    monkeypatch.setattr(endings, "leave", codes.append)
    wordbrush("--version")
    thread = threading.Thread(target=over.wait, name=COMPILER, daemon=True)
    thread.start()
    try:
        wordbrush("--version")
        wordbrush(UNKNOWN)
    finally:
        over.set()
        thread.join()
    assert codes == [0, 2]


def test_help_names_every_command_and_the_exit_codes(wordbrush):
    ended = wordbrush("--help")
    assert ended.code == 0
    for part in ("render", "bench", "lab", "doctor", "0 done, 1 failed, 2 bad use", "[FILE]"):
        assert part in ended.out


def test_render_help_names_every_flag_of_the_contract(wordbrush):
    ended = wordbrush("render", "--help")
    flags = (
        *("--prompt", "--out", "--paint", "--negative", "--size", "--steps", "--guidance", "--paint-weight", "--seed"),
        *("--count", "--sampler", "--law", "--model", "--device", "--json", "--experts", "--encoders", "--style"),
        *("--heatmaps", "--fidelity"),
    )
    for flag in flags:
        assert flag in ended.out


def test_a_flag_that_does_not_exist_is_bad_use(render):
    ended = render("--prompt", "a lake", UNKNOWN, "x")
    assert ended.code == 2 and ended.error["type"] == "CommandError" and UNKNOWN in ended.error["message"]


def test_a_flag_is_not_guessed_from_its_beginning(render):
    assert render("--prompt", "a lake", "--guid", "3").code == 2


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        (["render"], "--out"),
        (["render", "--out", "o.png"], "Neither FILE nor --prompt"),
        (["render", "a.ora", "--out", "o.png"], 'no file "a.ora"'),
        (["render", "--prompt", "a", "--out", "o.jpg"], "PNG"),
        (["render", "--prompt", "a", "--out", "nowhere/o.png"], 'no folder "nowhere"'),
        (["render", "--prompt", "a", "--out", "folder.png"], "is a folder"),
        (["render", "--prompt", "a", "--out", "o.png", "--steps", "many"], "whole number"),
        (["render", "--prompt", "a", "--out", "o.png", "--steps", "2.5"], "whole number"),
        (["render", "--prompt", "a", "--out", "o.png", "--guidance", "x"], "not a number"),
        (["render", "--prompt", "a", "--out", "o.png", "--guidance", "1_0"], "not a number"),
        (["render", "--prompt", "a", "--out", "o.png", "--seed", "١٢"], "not a whole number"),
        (["render", "--prompt", "a", "--out", "o.png", "--seed", "1_000"], "not a whole number"),
        (["render", "--prompt", "a", "--out", "o.png", "--paint-weight", "٠٫٥"], "not a number"),
        (["render", "--prompt", "a", "--out", "o.png", "--size", "٦٤x٦٤"], "256x256"),
        (["render", "--prompt", "a", "--out", "o.png", "--encoders", "clip:١"], "not a weight"),
        (["render", "--prompt", "a", "--out", "o.png", "--fidelity", "١"], "fidelity"),
        (["render", "--prompt", "a", "--out", "o.png", "--size", "256"], "256x256"),
        (["render", "--prompt", "a", "--out", "o.png", "--size", "-1x8"], "expected one argument"),
        (["render", "--prompt", "a", "--out", "o.png", "--sampler", "plms"], "dpmpp_2m"),
        (["render", "--prompt", "a", "--out", "o.png", "--paint", "lake"], "which mask paints which word"),
        (["bench"], "bench needs to know what to measure"),
        (["bench", "engine"], "speed"),
        (
            ["lab"],
            "Say layout, few-steps, book, experts, style, repaint, extend, colours, shape, edit, instruct, word, "
            "masks,",
        ),
        (["lab", "experts", "--law", "hard"], "--law"),
        (["lab", "style", "--n", "few"], "whole number"),
        (["lab", "layout", "--n", "few"], "whole number"),
        (["lab", "layout", "--two", "some"], "whole number"),
        (["lab", "experts", "--plots", "here"], "--plots"),
        (["lab", "text-window", "--law", "hard"], "--law"),
        (["doctor", "who"], "who"),
        (["rendr"], 'no file "rendr"'),
        (["--verbose"], "--verbose"),
    ],
)
def test_bad_use_is_told_with_a_way_out_and_exits_2(wordbrush, arguments, says):
    Path("folder.png").mkdir()
    ended = wordbrush(*arguments)
    assert ended.code == 2 and ended.out == ""
    message, hint = ended.err.splitlines()
    assert message.startswith("wordbrush: ") and says in ended.err and hint.startswith("  ")
    assert len(hint) > 10
    ended = wordbrush(*arguments, "--json")
    assert ended.code == 2 and ended.out == ""
    assert json.loads(ended.err).keys() == {"error"}
    assert ended.error.keys() == {"type", "message", "hint"} and all(ended.error.values())


def test_a_file_and_no_file_open_the_window(monkeypatch, scene_file):
    from types import ModuleType

    import app

    opened: list[object] = []

    def run(file=None) -> int:
        opened.append(file)
        return 0

    window = ModuleType("app.main")
    window.run = run
    monkeypatch.setitem(sys.modules, "app.main", window)
    monkeypatch.setattr(app, "main", window, raising=False)
    assert main.main([]) == 0 and main.main([str(scene_file)]) == 0
    assert opened == [None, scene_file]


@pytest.mark.parametrize(
    ("changes", "says"),
    [
        ({"QT_QPA_PLATFORM": "", "DISPLAY": "", "WAYLAND_DISPLAY": ""}, "no screen"),
        ({"QT_QPA_PLATFORM": "xcb", "DISPLAY": ":7654"}, '":7654" does not answer'),
    ],
)
def test_a_window_without_a_screen_is_told_and_not_a_crash(process, changes, says):
    ended = process(**changes)
    assert ended.code == 1
    assert says in ended.err and "wordbrush render" in ended.err and "Traceback" not in ended.err


def test_an_error_that_no_rule_foresaw_is_no_traceback(wordbrush, monkeypatch):
    def fail(*_: object) -> None:
        raise ZeroDivisionError("deep inside")

    monkeypatch.setattr(main, "_run", fail)
    ended = wordbrush("doctor", "--json")
    assert ended.code == 1 and ended.error["type"] == "InternalError"
    assert "WORDBRUSH_DEBUG=1" in ended.error["hint"] and "Traceback" not in ended.err
    monkeypatch.setenv("WORDBRUSH_DEBUG", "yes")
    assert "Traceback" not in wordbrush("doctor", "--json").err, "1 and nothing else asks for it"
    monkeypatch.setenv("WORDBRUSH_DEBUG", "1")
    ended = wordbrush("doctor", "--json")
    assert ended.code == 1 and ended.error["type"] == "InternalError"
    assert "Traceback" in ended.err and "deep inside" in ended.err


def test_memory_that_runs_out_and_ctrl_c_anywhere_have_their_own_types(wordbrush, monkeypatch):
    for error, name in ((MemoryError(), "DeviceOutOfMemory"), (KeyboardInterrupt(), "Cancelled")):

        def fail(*_: object, error: BaseException = error) -> None:
            raise error

        monkeypatch.setattr(main, "_run", fail)
        ended = wordbrush("doctor", "--json")
        assert (ended.code, ended.error["type"]) == (1, name)


def test_what_was_asked_wrongly_exits_2_and_what_went_wrong_exits_1():
    from canvas.model import errors as canvas
    from engine import errors as engine

    bad_use = [
        engine.BadRequest,
        engine.WordNotInPrompt,
        engine.BadMask,
        engine.ModelNotFound,
        engine.DeviceUnavailable,
    ]
    bad_use += [canvas.SceneError, canvas.MaskError, CommandError]
    failed = [engine.ModelIncomplete, engine.UnsafeModel, engine.UnsupportedModel, engine.DeviceOutOfMemory]
    failed += [engine.InternalError, canvas.SceneFileError, canvas.SaveError]
    assert [output.exit_code(kind("m", hint="h")) for kind in bad_use] == [2] * len(bad_use)
    assert [output.exit_code(kind("m", hint="h")) for kind in failed] == [1] * len(failed)
    assert output.exit_code(output.Cancelled()) == 1


def test_the_bench_and_the_lab_get_what_was_asked_and_their_object_is_printed(wordbrush, monkeypatch):
    from engine.bench import speed
    from engine.lab import layout

    asked: dict[str, object] = {}
    answer = {
        "schema": 1,
        "device": "cpu",
        "rows": [{"words": 8, "ratio": 1.01234567, "ratio_ci": [1.0, 1.05], "x": None}],
    }

    def run(*, progress, cancel, **values) -> dict[str, object]:
        progress("half of it", 0.5)
        assert not cancel.is_set()
        asked.clear()
        asked.update(values)
        return answer

    monkeypatch.setattr(speed, "run", run)
    monkeypatch.setattr(layout, "run", run)
    ended = wordbrush("bench", "speed", "--family", "sd15", "--pairs", "20", "--words", "1", "8", "--json")
    assert ended.result == answer and "half of it (50%)" in ended.err
    assert asked == {"family": "sd15", "words": [1, 8], "pairs": 20, "size": 256, "device": "auto", "compile": False}
    ended = wordbrush(
        "lab", "layout", "--n", "3", "--law", "hard", "ediffi", "--paint-weight", "0.5", "--device", "cpu"
    )
    assert asked == {
        "n": 3,
        "model": "starter",
        "laws": ["hard", "ediffi"],
        "paint_weights": [0.5],
        "two": 100,
        "device": "cpu",
        "work": None,
    }
    heading, _line, row, _blank, fact = ended.out.splitlines()
    assert heading.split() == ["words", "ratio"] and row.strip() == "8  1.012 [1.000, 1.050]"
    assert fact.split() == ["device", "cpu"]
    wordbrush("lab", "layout", "--json")
    assert asked == {"n": 64, "model": "starter", "two": 100, "device": "auto", "work": None}, "the rest is the lab's"
    wordbrush("lab", "layout", "--law", "all", "--law", "hard", "--two", "0", "--plots", "here")
    assert (asked["laws"], asked["two"], asked["plots"]) == (["all", "hard"], 0, Path("here"))


@pytest.mark.parametrize(("lab", "count"), [("experts", 64), ("style", 48), ("text-window", 32)])
def test_the_other_labs_get_what_was_asked_and_their_object_is_printed(wordbrush, monkeypatch, lab, count):
    asked: dict[str, object] = {}
    answer = {"schema": 1, "rows": [{"condition": "none", "distance": 1.5, "distance_ci": [1.25, 1.75]}]}

    def run(*, progress, cancel, **values) -> dict[str, object]:
        progress("half of it", 0.5)
        asked.clear()
        asked.update(values)
        return answer

    monkeypatch.setattr(importlib.import_module(f"engine.lab.{lab.replace('-', '_')}"), "run", run)
    ended = wordbrush("lab", lab, "--json")
    assert ended.result == answer and "half of it (50%)" in ended.err
    assert asked == {"n": count, "model": "starter", "device": "auto", "work": None}
    ended = wordbrush("lab", lab, "--n", "3", "--model", "other", "--device", "cpu", "--work", "kept")
    assert asked == {"n": 3, "model": "other", "device": "cpu", "work": Path("kept")}
    assert ended.out.splitlines()[2].split() == ["none", "1.5", "[1.250,", "1.750]"]


@pytest.mark.parametrize("lab", ["layout", "text-window"])
@pytest.mark.parametrize(
    ("flags", "says"),
    [(["--n", "0"], "is 0"), (["--plots", "a-file"], "it is a file")],
)
def test_a_lab_that_cannot_be_run_as_asked_says_so_at_once(wordbrush, lab, flags, says):
    Path("a-file").write_text("")
    ended = wordbrush("lab", lab, *flags, "--json")
    assert ended.code == 2 and ended.error["type"] == "BadRequest" and says in ended.error["message"]


@pytest.mark.parametrize(("lab", "says"), [("experts", "no experts"), ("style", "no image encoder")])
def test_a_lab_that_a_model_gives_nothing_to_measure_says_what_to_do(wordbrush, tiny_sd_folder, lab, says):
    ended = wordbrush("lab", lab, "--n", "1", "--model", tiny_sd_folder, "--json")
    assert ended.code and ended.out == "" and says in ended.error["message"] and "--model" in ended.error["hint"]


def test_progress_rewrites_one_line_on_a_terminal_and_leaves_it(monkeypatch):
    import io

    class Terminal(io.StringIO):
        def isatty(self) -> bool:
            return True

    seconds = iter([0.0, 10.0, 20.0])
    monkeypatch.setattr(output.time, "monotonic", lambda: next(seconds))
    terminal = Terminal()
    news = output.Progress(terminal)
    for index, fraction in enumerate((0.2, 0.4, 0.6)):
        news(f"step {index}", fraction)
    news.end()
    assert terminal.getvalue() == (
        "\r\x1b[Kstep 0 (20%)\r\x1b[Kstep 1 (40%, 30 s left)\r\x1b[Kstep 2 (60%, 20 s left)\n"
    )


@pytest.mark.parametrize(
    ("seconds", "text"), [(8.4, "8 s"), (63, "1 min 03 s"), (59.9, "1 min 00 s"), (7260, "2 h 01 min")]
)
def test_durations_are_for_people(seconds, text):
    assert output._duration(seconds) == text


@pytest.mark.parametrize(
    ("count", "text"), [(None, "?"), (12, "12 bytes"), (28_100_000, "28.1 MB"), (25_300_000_000, "25.3 GB")]
)
def test_sizes_are_for_people(count, text):
    assert size_text(count) == text
