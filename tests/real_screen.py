"""A real X server with a window manager, the program on it as its own process, and hands whose events the server makes.

Keys, clicks and drags go through the X server's own XTEST, so that they come to the program as those of a keyboard and
a mouse do: by the window manager's focus, xcb and Qt's platform plugin. XTEST has no pen; `tests.real_pen` is one, on
an Xorg that needs no card, where it is asked for. The program is
`python -m app`; beside it runs a reader in the same process that answers where a widget is and what a value is.
It makes no event.
"""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from Xlib import XK, X
from Xlib.display import Display
from Xlib.ext import xtest

from tests.real_pen import Pen, config_of

ROOT = Path(__file__).parents[1]
HOW = "install it: `python3 packaging/dev.py setup` says, or runs, the command for this system"
SIZE = (1440, 900)
PAUSE = 0.02  # seconds between what a hand does

READER = '''
"""Runs the program, and answers lines on stdin, each an expression, with its value as JSON. It only looks."""
import json, runpy, sys, threading
from PySide6.QtCore import QObject, QPoint, QPointF, Signal
from PySide6.QtWidgets import QApplication

def at(widget, point=None):
    point = widget.mapToGlobal(point or widget.rect().center())
    return [point.x(), point.y()]

class Reader(QObject):
    asked = Signal(str)

    def __init__(self):
        super().__init__()
        self.asked.connect(self.answer)

    def answer(self, line):
        app = QApplication.instance()
        window = next((w for w in app.topLevelWidgets() if w.objectName() == "mainWindow"), None)

        def word(text):
            field = window.prompt_bar.prompt
            start = field.text().index(text)
            return at(field.viewport(), field.word_rect((start, start + len(text))).center().toPoint())

        def canvas(x, y):
            port = window.view.viewport
            return at(window.view, QPointF(port.corner[0] + x * port.scale, port.corner[1] + y * port.scale).toPoint())

        dialog = app.activeModalWidget()
        try:
            value = eval(line, {**globals(), **locals()})
            answer = {"value": value}
        except Exception as fault:
            answer = {"fault": repr(fault)}
        print(json.dumps(answer), file=told, flush=True)

told, sys.stdout = sys.stdout, sys.stderr
reader = Reader()
threading.Thread(target=lambda: [reader.asked.emit(line) for line in sys.stdin], daemon=True).start()
sys.argv = ["wordbrush"]
runpy.run_module("app", run_name="__main__")
'''


def _program(name: str) -> str:
    found = shutil.which(name)
    assert found, f"{name} is not on this machine; {HOW}"
    return found


def _xorg() -> str:
    """The X server itself: what is called Xorg may be a wrapper that gives it to people at a console only."""
    itself = [Path(folder, "Xorg") for folder in ("/usr/lib/xorg", "/usr/libexec", "/usr/lib")]
    return next((str(path) for path in itself if path.is_file()), None) or _program("Xorg")


class Screen:
    """The X server, as a person's hands have it. Counts clicks; a drag is one. `pen` is there if it was asked for."""

    def __init__(self, name: str, pen: Pen | None = None) -> None:
        self.name, self.clicks, self.pen = name, 0, pen
        self._display = Display(name)
        self._root = self._display.screen().root

    def close(self) -> None:
        self._display.close()
        if self.pen:
            self.pen.close()

    def is_managed(self) -> bool:
        """Whether a window manager has taken the screen."""
        check = self._display.intern_atom("_NET_SUPPORTING_WM_CHECK")
        return self._root.get_full_property(check, X.AnyPropertyType) is not None

    def _send(self, kind: int, detail: int = 0, x: int = 0, y: int = 0) -> None:
        xtest.fake_input(self._display, kind, detail, x=x, y=y)
        self._display.sync()
        time.sleep(PAUSE)

    def click(self, place: list[int]) -> None:
        self.drag(place)

    def drag(self, *places: list[int]) -> None:
        """Press at the first place, go on to the others in small steps, and release."""
        self.clicks += 1
        x, y = places[0]
        self._send(X.MotionNotify, x=x, y=y)
        self._send(X.ButtonPress, 1)
        for to_x, to_y in places[1:]:
            for step in range(1, 7):
                self._send(X.MotionNotify, x=x + (to_x - x) * step // 6, y=y + (to_y - y) * step // 6)
            x, y = to_x, to_y
        self._send(X.ButtonRelease, 1)

    def keys(self, text: str) -> None:
        """Press one key with those that are held meanwhile, as in "Control_L+Shift_L+z"."""
        codes = [self._key_of(XK.string_to_keysym(name))[0] for name in text.split("+")]
        for code in codes:
            self._send(X.KeyPress, code)
        for code in reversed(codes):
            self._send(X.KeyRelease, code)

    def type(self, text: str) -> None:
        """Type a text of a keyboard's own signs; a line's end is Return."""
        for sign in text:
            code, plain = self._key_of(XK.XK_Return if sign == "\n" else ord(sign))
            shift = [] if plain else [self._display.keysym_to_keycode(XK.XK_Shift_L)]
            for held in (*shift, code):
                self._send(X.KeyPress, held)
            for held in (code, *shift):
                self._send(X.KeyRelease, held)

    def _key_of(self, keysym: int) -> tuple[int, bool]:
        """The key that has a sign, and whether it has it without Shift."""
        code = self._display.keysym_to_keycode(keysym)
        assert code, f"no key has the sign {keysym}"
        return code, self._display.keycode_to_keysym(code, 0) == keysym


class Program:
    """The program's process, and what can be seen in its window."""

    def __init__(self, process: subprocess.Popen[str]) -> None:
        self.process = process

    def look(self, expression: str) -> object:
        """The value of an expression in the program, where `window` is its window."""
        print(expression, file=self.process.stdin, flush=True)
        line = self.process.stdout.readline()
        assert line, f"the program ended with {self.process.wait(10)}"
        answer = json.loads(line)
        assert "fault" not in answer, f"{expression}: {answer['fault']}"
        return answer["value"]

    def wait(self, expression: str, *, seconds: float = 60.0) -> object:
        """Look until the value is true; returns it."""
        end = time.monotonic() + seconds
        while not (value := self.look(expression)):
            assert time.monotonic() < end, f"still not so after {seconds} s: {expression}"
            time.sleep(0.05)
        return value

    def end(self) -> int:
        """Wait until it ended by itself; returns its exit code."""
        return self.process.wait(30)


@contextmanager
def screen(tmp_path: Path, *, pen: bool = False) -> Iterator[Screen]:
    """An X server of its own with openbox on it; with a pen, if asked for."""
    read, write = os.pipe()
    log = (tmp_path / "screen.log").open("w")
    line = tmp_path / "pen"
    if pen:
        (tmp_path / "xorg.conf").write_text(config_of(SIZE, line))
        server_of = [_xorg(), "-config", str(tmp_path / "xorg.conf"), "-logfile", str(tmp_path / "xorg.log")]
        server_of += ["-novtswitch", "-sharevts"]
    else:
        server_of = [_program("Xvfb"), "-screen", "0", f"{SIZE[0]}x{SIZE[1]}x24"]
    command = [*server_of, "-displayfd", str(write), "-nolisten", "tcp", "-noreset"]
    server = subprocess.Popen(command, pass_fds=[write], stdout=log, stderr=log)
    manager, hands = None, None
    try:
        os.close(write)
        with os.fdopen(read) as told:
            number = told.readline().strip()
        assert number, f"no X server: {(tmp_path / 'screen.log').read_text()}; {HOW}"
        name = f":{number}"
        environment = {**os.environ, "DISPLAY": name, "HOME": str(tmp_path)}
        manager = subprocess.Popen([_program("openbox"), "--sm-disable"], env=environment, stdout=log, stderr=log)
        hands = Screen(name, Pen(line, SIZE) if pen else None)
        end = time.monotonic() + 20
        while not hands.is_managed():
            assert time.monotonic() < end, (tmp_path / "screen.log").read_text()
            time.sleep(0.05)
        yield hands
    finally:
        if hands is not None:
            hands.close()
        for process in (manager, server):
            if process is not None:
                process.terminate()
                process.wait(10)
        log.close()


@contextmanager
def program(on: Screen, home: Path) -> Iterator[Program]:
    """`python -m app` on the screen, with a home of its own; killed in the end where it still runs."""
    home.mkdir(exist_ok=True)
    environment = {name: value for name, value in os.environ.items() if not name.startswith(("XDG_", "LC_", "QT_"))}
    environment |= {"DISPLAY": on.name, "WORDBRUSH_HOME": str(home), "QT_QPA_PLATFORM": "xcb", "LANG": "C.UTF-8"}
    pipe = subprocess.PIPE
    with (home / "program.log").open("w") as log:
        process = subprocess.Popen(
            [sys.executable, "-c", READER], cwd=ROOT, env=environment, stdin=pipe, stdout=pipe, stderr=log, text=True
        )
        try:
            yield Program(process)
        finally:
            if process.poll() is None:
                process.kill()
            process.wait(10)
            process.stdin.close()
            process.stdout.close()
