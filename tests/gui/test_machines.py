"""Other machines in the window: added, listed, used and removed; a lost connection is said, and mended by itself."""

from __future__ import annotations

import json
import logging
import os
import stat
from collections.abc import Callable, Iterator

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QPushButton

from app.preferences import RemoteMachine
from canvas.files import ora
from canvas.model.scene import Scene, Settings
from engine.remote.server import Server
from tests.fake_executor import FakeExecutor

TOKEN = "a-token-that-nobody-else-has-0123456789"


@pytest.fixture
def serve() -> Iterator[Callable[..., tuple[Server, int]]]:
    made: list[Server] = []

    def start(far: FakeExecutor | None = None, **settings) -> tuple[Server, int]:
        made.append(Server(far or FakeExecutor(), device=lambda: ("NVIDIA H200", 150 * 10**9), **settings))
        return made[-1], made[-1].start()

    yield start
    for each in made:
        each.close()


@pytest.fixture
def painter(make_window, tiny: Settings):
    return make_window(Scene(prompt="a lake and sky", size=(64, 64), settings=tiny), engine=True)


def add(painter, port: int, name: str = "Studio", token: str = "") -> str:
    """Fill in the form as a person does; returns the address."""
    window = painter.window
    window.actions_table["models.machines"].trigger()
    dialog = window.machines.dialog
    for field, text in ((dialog.address, f"127.0.0.1:{port}"), (dialog.name, name), (dialog.token, token)):
        field.setText(text)
    painter.click(dialog.add)
    return f"127.0.0.1:{port}"


def texts(painter, row: int) -> list[str]:
    item = painter.window.machines.dialog.list.topLevelItem(row)
    return [] if item is None else [item.text(column) for column in range(6)]


def use(painter, row: int) -> None:
    dialog = painter.window.machines.dialog
    dialog.list.setCurrentItem(dialog.list.topLevelItem(row))
    painter.click(dialog.use)


def leave(painter) -> None:
    """Close the dialog; the window has the keys again, which offscreen does not happen by itself."""
    painter.window.machines.dialog.accept()
    painter.window.activateWindow()
    painter.qtbot.waitUntil(painter.window.isActiveWindow)


def test_a_machine_is_added_listed_used_and_removed(painter, serve, home, tmp_path, caplog):
    caplog.set_level(logging.DEBUG)
    window, far = painter.window, FakeExecutor()
    _, port = serve(far, token=TOKEN)
    assert window.status.machine.isHidden()
    address = add(painter, port, token=TOKEN)
    dialog = window.machines.dialog
    shown = ["Studio", address, "NVIDIA H200, 150 GB", "4", "nothing to do", "connected"]
    painter.qtbot.waitUntil(lambda: texts(painter, 1) == shown)
    assert texts(painter, 0)[0] == "This computer" and "in use" in texts(painter, 0)[5]
    assert not dialog.token.text() and dialog.token.echoMode() == dialog.token.EchoMode.Password
    use(painter, 1)
    assert window.status.machine.text() == "Studio" and not dialog.use.isEnabled()
    leave(painter)
    painter.generate()
    assert [each.text.prompt for each in far.requests] == ["a lake and sky"] and not painter.executor.requests
    assert window.shown.rgb is not None

    window.preferences.sync()
    file = home / "config" / "preferences.json"
    assert json.loads(file.read_text())["machine"] == address and TOKEN in file.read_text()
    if os.name == "posix":
        assert stat.S_IMODE(file.stat().st_mode) == 0o600
    ora.save(tmp_path / "scene.ora", window.document.scene)
    for written in [tmp_path / "scene.ora", *(home / "results").rglob("*.png")]:
        assert TOKEN.encode() not in written.read_bytes() and address.encode() not in written.read_bytes()
    assert TOKEN not in caplog.text and TOKEN not in repr(window.preferences.values)

    window.status.machine.click()
    dialog.list.setCurrentItem(dialog.list.topLevelItem(1))
    painter.click(dialog.remove)
    assert window.status.machine.isHidden() and not window.preferences.values.machines
    assert window.preferences.values.machine == "" and dialog.list.topLevelItemCount() == 1
    leave(painter)
    painter.generate()
    assert len(painter.executor.requests) == 1


def test_a_lost_connection_is_said_in_the_banner_and_mended_by_itself(painter, serve):
    window, far = painter.window, FakeExecutor()
    far.step_seconds = 0.3
    server, port = serve(far)
    add(painter, port)
    use(painter, 1)
    leave(painter)
    painter.qtbot.waitUntil(lambda: "connected" in window.status.machine.toolTip())
    with painter.qtbot.waitSignal(window.generation.ended, timeout=20_000) as ended:
        painter.control(Qt.Key.Key_Return, widget=window.view)
        painter.qtbot.waitUntil(lambda: bool(far.requests))
        server.close()
        painter.qtbot.waitUntil(lambda: "is lost" in window.banner.message)
        assert {button.text() for button in window.banner.findChildren(QPushButton)} >= {"Use This Computer"}
        serve(FakeExecutor(), port=port)
        painter.qtbot.waitUntil(window.banner.isHidden, timeout=10_000)
    assert ended.signal_triggered and window.shown.rgb is not None, "the picture has come all the same"
    assert "again" in window.status.news or window.status.news == ""


def test_in_the_banner_this_computer_can_be_used_instead(painter, serve):
    window = painter.window
    server, port = serve()
    add(painter, port)
    use(painter, 1)
    leave(painter)
    painter.qtbot.waitUntil(lambda: "connected" in window.status.machine.toolTip())
    server.close()
    painter.qtbot.waitUntil(lambda: "is lost" in window.banner.message)
    painter.click(painter.button("Use This Computer", window.banner))
    assert window.banner.isHidden() and window.status.machine.text() == "This computer"
    painter.generate()
    assert len(painter.executor.requests) == 1


def test_what_keeps_a_machine_from_being_used_is_said(painter, serve):
    window = painter.window
    _, port = serve(token=TOKEN)
    add(painter, port, token="wrong")
    dialog = window.machines.dialog
    painter.qtbot.waitUntil(lambda: texts(painter, 1)[5] == "refused")
    dialog.list.setCurrentItem(dialog.list.topLevelItem(1))
    assert "token" in dialog.detail.text()
    for address, word in (("not an address", "address"), ("192.168.7.7:8765", "token")):
        dialog.address.setText(address)
        painter.click(dialog.add)
        assert word in dialog.note.text() and dialog.list.topLevelItemCount() == 2
    add(painter, port, name="Right", token=TOKEN)  # the same address again is the same machine
    painter.qtbot.waitUntil(lambda: texts(painter, 1)[0] == "Right" and texts(painter, 1)[5] == "connected")
    assert dialog.list.topLevelItemCount() == 2
    for widget in (dialog.list, dialog.address, dialog.name, dialog.token, dialog.certificate, dialog.previews):
        assert widget.accessibleName()


def test_with_no_machine_added_nothing_reaches_the_network(painter, monkeypatch):
    from engine.remote import executor

    monkeypatch.setattr(executor, "Link", None)
    painter.window.actions_table["models.machines"].trigger()
    assert painter.window.machines.dialog.list.topLevelItemCount() == 1
    leave(painter)
    painter.generate()


def test_machines_that_are_not_used_are_left_alone_once_the_dialog_is_closed(painter, serve):
    window = painter.window
    server, port = serve()
    add(painter, port)
    painter.qtbot.waitUntil(lambda: len(server._sessions) == 1)
    leave(painter)
    painter.qtbot.waitUntil(lambda: not server._sessions)
    assert window.preferences.values.machines == (RemoteMachine("Studio", f"127.0.0.1:{port}"),)


def test_the_machine_is_used_again_at_the_next_start(painter, make_window, serve, tiny):
    far = FakeExecutor()
    _, port = serve(far)
    add(painter, port)
    use(painter, 1)
    leave(painter)
    painter.window.preferences.sync()
    again = make_window(Scene(prompt="a boat", size=(64, 64), settings=tiny), engine=True)
    again.qtbot.waitUntil(lambda: again.window.session.facts is not None)
    again.generate()
    assert far.requests[-1].text.prompt == "a boat"


@pytest.mark.parametrize(
    "found", [{}, "x", [1], [{"address": ""}], [{"address": 3}], [{"address": "a", "token": "x" * 300}]]
)
def test_damaged_machines_in_the_preferences_are_none(found):
    from app.preferences.values import from_json

    assert from_json({"machines": found}) == (from_json({})[0], ["machines"])
