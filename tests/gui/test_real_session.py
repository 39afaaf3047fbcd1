"""The program as people have it: under an X server with a window manager, by events that the server makes."""

from __future__ import annotations

import sys
import time

from PIL import Image

from tests.real_screen import program, screen

PROMPT = "a red house by a lake under a blue sky"
STILL = "not window.generation.running and not window.files.busy and not window.gallery.busy"
COVERAGE = "{w.phrase: float(window.session.scene.masks[w.id].to_array().mean()) for w in window.session.scene.words}"

WIDTHS = "(window.session.scene.masks[window.session.word].to_array() > 127).sum(0).tolist()"


def whole_session(tmp_path):
    """Type, paint with pen and mouse, generate, cancel, repaint, undo, export, end, open again: all of it is there."""
    home, picture = tmp_path / "home", tmp_path / "page.png"
    with screen(tmp_path, pen=True) as hands:
        with program(hands, home) as there:
            there.wait("window is not None and window.isActiveWindow() and window.tour.on")
            hands.click(there.look("at(window.tour.balloon.close_button)"))
            there.wait("not window.tour.on")
            hands.keys("Control_L+n")
            there.wait("window.session.scene.prompt == '' and window.prompt_bar.prompt.hasFocus()")
            hands.type(PROMPT)
            there.wait(f"window.session.scene.prompt == {PROMPT!r}")
            hands.click(there.look("at(window.settings_panel.advanced)"))
            slider = "window.settings_panel.controls['steps']"
            there.wait(f"{slider}.isVisible()")
            hands.click(there.look(f"at({slider}, {slider}.number_rect().center().toPoint())"))
            hands.keys("BackSpace")
            hands.type("6\n")
            there.wait("window.session.scene.settings.steps == 6")
            hands.click(there.look("word('sky')"))
            there.wait("window.session.word")
            hands.keys("b")
            pressed = (((20, 40), 0.15), ((230, 40), 1.0))
            hands.pen.stroke(*((*there.look(f"canvas{place}"), pressure) for place, pressure in pressed))
            there.wait(f"{WIDTHS}[210] > 1.5 * {WIDTHS}[40] > 0")
            hands.click(there.look("word('house')"))
            there.wait("len(window.session.scene.words) == 2")
            hands.drag(there.look("canvas(110, 130)"), there.look("canvas(150, 160)"))
            there.wait(f"len({COVERAGE}) == 2 and min({COVERAGE}.values()) > 1")

            hands.keys("Control_L+Return")
            there.wait("window.generation.running")
            hands.keys("Escape")
            there.wait(STILL)
            assert there.look("window.shown.rgb is None")
            hands.keys("Control_L+Return")
            there.wait(f"window.shown.rgb is not None and {STILL}")
            first = there.look("window.shown.rgb.sum(axis=(0, 1)).tolist()")

            hands.keys("s")
            hands.drag(there.look("canvas(90, 100)"), there.look("canvas(170, 190)"))
            there.wait("window.session.scene.selection is not None")
            hands.keys("Control_L+r")
            there.wait("window.generation.running")
            there.wait(STILL)
            assert there.look("window.shown.rgb.sum(axis=(0, 1)).tolist()") != first
            hands.keys("Control_L+z")
            there.wait(f"window.shown.rgb.sum(axis=(0, 1)).tolist() == {first}")
            hands.keys("Control_L+z")
            there.wait("window.session.scene.selection is None")

            hands.keys("Control_L+e")
            there.wait("dialog is not None and dialog.isActiveWindow()")
            hands.keys("Control_L+a")
            hands.type(f"{picture}\n")
            there.wait(f"dialog is None and {STILL}")
            seen = there.look(f"[{COVERAGE}, window.shown.scene.settings.seed]")
            hands.keys("Control_L+q")
            there.wait("dialog is not None")
        with Image.open(picture) as exported:
            assert exported.size == (512, 512)
        with program(hands, home) as there:
            there.wait("window is not None and window.isActiveWindow()")
            hands.keys("Control_L+o")
            there.wait("dialog is not None and dialog.isActiveWindow()")
            hands.type(f"{picture}\n")
            there.wait(f"window.session.scene.prompt == {PROMPT!r} and {STILL}")
            assert there.look(f"[{COVERAGE}, window.session.scene.settings.seed]") == seen
            hands.keys("Control_L+q")
            assert there.end() == 0


def from_launch_to_ones_own_picture(tmp_path):
    """A newcomer follows the balloons: at most 6 clicks and 2 minutes to a picture with paint of one's own."""
    with screen(tmp_path) as hands:
        begun = time.monotonic()
        with program(hands, tmp_path / "home") as there:
            there.wait("window is not None and window.tour.on and bool(window.session.scene.prompt)")
            phrase = there.look("window.session.scene.words[0].phrase")
            hands.click(there.look(f"word({phrase!r})"))
            before = there.look(COVERAGE)
            hands.drag(there.look("canvas(60, 60)"), there.look("canvas(200, 90)"))
            there.wait(f"{COVERAGE} != {before!r}")
            hands.click(there.look("at(window.prompt_bar.generate)"))
            there.wait(f"window.shown.rgb is not None and {STILL}")
            seconds = time.monotonic() - begun
    print(f"from the launch to one's own picture: {hands.clicks} clicks, {seconds:.1f} s")
    assert hands.clicks <= 6 and seconds <= 120


if sys.platform.startswith("linux"):  # elsewhere there is no X server to drive
    test_a_whole_session = whole_session
    test_from_launch_to_ones_own_picture = from_launch_to_ones_own_picture
