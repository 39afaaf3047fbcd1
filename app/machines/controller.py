"""Which machine pictures are made on: connects those that were added, and says how they are."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, QTimer, Signal
from PySide6.QtWidgets import QWidget

from app.language import in_numbers, sentence, tr
from app.machines.dialog import Line, MachinesDialog
from app.preferences import Preferences, RemoteMachine
from app.session import Session
from app.storage.background import Background
from engine.errors import EngineError
from engine.facts import ModelInfo
from engine.remote.address import Address, is_loopback
from engine.remote.device import Device
from engine.remote.switching import SwitchingExecutor
from resources.sizes import size_text

if TYPE_CHECKING:
    from engine.remote.executor import Machine, RemoteExecutor

LOOK_MS = 500


class MachinesController(QObject):
    """Connects to the machine that is used, and to the others while the dialog shows them; to no other at any time.

    Args:
        executor: what the window asks; it is told which machine is used.
    """

    changed = Signal()  # other models can be used now, or other facts are known of them
    used = Signal()  # another machine is used now
    named = Signal(str, str)  # what the foot says of the machine that is used, and the same in full; "" for nothing
    lost = Signal(object, str)  # an error, and the name of the machine that is used
    mended = Signal(str)  # its name
    failed = Signal(object)
    _told = Signal(str, object)  # an address, Machine; from any thread

    def __init__(
        self, window: QWidget, session: Session, executor: SwitchingExecutor, preferences: Preferences
    ) -> None:
        super().__init__(window)
        self._window, self._session, self._executor, self._preferences = window, session, executor, preferences
        self._remotes: dict[str, RemoteExecutor] = {}
        self._seen: dict[str, Machine] = {}
        self._is_lost = self._is_closed = False
        self._dialog: MachinesDialog | None = None
        self._device = Device()
        self._disk = Background("machines", self)
        self._own_models: tuple[str, ...] = ()
        self._timer = QTimer(self, interval=LOOK_MS)
        self._timer.timeout.connect(self._show_list)
        self._told.connect(self._take)

    @property
    def dialog(self) -> MachinesDialog | None:
        """The dialog, once it was shown."""
        return self._dialog

    @property
    def machine(self) -> RemoteMachine | None:
        """The machine that is used; None is this computer."""
        kept = self._preferences.values
        return next((each for each in kept.machines if each.address == kept.machine), None)

    def start(self) -> None:
        """Use the machine that was used last."""
        machine = self.machine
        if machine is not None:
            self._executor.use(self._connect(machine))
        self._tell_name()

    def close(self, timeout: float | None = None) -> bool:
        """Tell no more; the executors end with the window's. False where a disk took longer than `timeout` seconds."""
        self._timer.stop()
        self._is_closed = True
        return self._disk.close(timeout)

    def show(self) -> None:
        """Open the dialog, or bring it to the front."""
        if self._dialog is None:
            self._dialog = dialog = MachinesDialog(self._window)
            dialog.use_asked.connect(self.use)
            dialog.add_asked.connect(self.add)
            dialog.remove_asked.connect(self.remove)
            dialog.finished.connect(lambda _result: self._end_looking())
        for machine in self._preferences.values.machines:
            self._connect(machine)
        self._disk.run(self._executor.own.models, self._list_own, self.failed.emit)
        self._show_list()
        self._timer.start()
        self._dialog.show()
        self._dialog.raise_()
        self._dialog.activateWindow()

    def add(self, machine: RemoteMachine) -> None:
        """Remember a machine, and connect to it."""
        try:
            address = Address.of(machine.address)
        except EngineError as error:
            self._say(error)
            return
        known = self._preferences.values.machines
        text = f"{'wss://' if address.secure else ''}{address}"
        own = dataclasses.replace(machine, address=text, name=machine.name or address.host)
        if not own.token and not is_loopback(address.host):
            self._note(tr("A machine in the network asks for its token: “wordbrush serve” shows it there."))
            return
        if text in self._remotes:
            self._forget(text)
        self._preferences.change(machines=(*(each for each in known if each.address != text), own))
        if self._connect(own) is not None and self._dialog is not None:
            self._dialog.clear_form()
            self._note(tr("“{name}” was added.", name=own.name))
        self._tell_name()
        self._show_list()

    def remove(self, address: str) -> None:
        """Forget a machine and its token; where it was used, this computer is from now on."""
        if self._preferences.values.machine == address:
            self.use("")
        self._forget(address)
        left = tuple(each for each in self._preferences.values.machines if each.address != address)
        self._preferences.change(machines=left)
        self._tell_name()
        self._show_list()

    def use(self, address: str) -> None:
        """Make pictures on a machine that was added; "" is this computer. What others were asked for they finish."""
        if address == self._preferences.values.machine:
            return
        machine = next((each for each in self._preferences.values.machines if each.address == address), None)
        remote = None if machine is None else self._connect(machine)
        if machine is not None and remote is None:
            return
        self._preferences.change(machine=address if machine is not None else "")
        self._executor.use(remote)
        self._is_lost = False
        self._tell_name()
        self.used.emit()
        settings = self._session.scene.settings
        self._executor.warm_up(settings.model, settings.device)
        if remote is None or remote.machine.library:
            self.changed.emit()
        if remote is not None:
            self._tell_connection(remote.machine)
        self._show_list()

    # inside ------------------------------------------------------------------------------------------------------
    def _connect(self, machine: RemoteMachine) -> RemoteExecutor | None:
        """The executor of a machine; None where there can be none, which is said."""
        address = machine.address
        if address in self._remotes:
            return self._remotes[address]
        from engine.remote.executor import RemoteExecutor

        try:
            remote = RemoteExecutor(
                Address.of(address), token=machine.token,
                certificate=Path(machine.certificate) if machine.certificate else None,
                previews=machine.previews, watch=lambda news: self._told.emit(address, news),  # type: ignore[arg-type]
            )  # fmt: skip
        except EngineError as error:
            self._say(error)
            return None
        self._remotes[address] = remote
        self._executor.add(remote)
        return remote

    def _forget(self, address: str) -> None:
        remote = self._remotes.pop(address, None)
        self._seen.pop(address, None)
        if remote is not None:
            self._executor.remove(remote)

    def _end_looking(self) -> None:
        """The dialog is closed: machines that are not used are left alone."""
        self._timer.stop()
        for address in list(self._remotes):
            if address != self._preferences.values.machine:
                self._forget(address)

    def _take(self, address: str, news: Machine) -> None:
        before = self._seen.get(address)
        if address not in self._remotes or self._is_closed:
            return
        self._seen[address] = news
        if address == self._preferences.values.machine:
            self._tell_connection(news)
            self._tell_name()
            if before is None or before.library != news.library:
                self.changed.emit()
        self._show_list()

    def _tell_connection(self, news: Machine) -> None:
        machine = self.machine
        if machine is None:
            return
        if news.phase in ("lost", "refused") and not self._is_lost:
            self._is_lost = True
            self.lost.emit(news.error, machine.name)
        elif news.phase == "connected" and self._is_lost:
            self._is_lost = False
            self.mended.emit(machine.name)

    def _tell_name(self) -> None:
        machine = self.machine
        if machine is None:
            self.named.emit(tr("This computer") if self._preferences.values.machines else "", tr("This computer"))
            return
        seen = self._seen.get(machine.address)
        self.named.emit(machine.name, f"{machine.name}, {machine.address}: {_state(seen)}")

    def _show_list(self) -> None:
        if self._dialog is None or not (self._dialog.isVisible() or not self._timer.isActive()):
            return
        self._device.find()
        kept = self._preferences.values
        jobs = self._session.jobs
        here = self._executor.chosen is self._executor.own
        own = len(jobs) if here else 0
        lines = [
            Line(
                "", tr("This computer"), _device(*self._device.read()), self._own_models, _queue(own > 0, own - 1),
                tr("ready"), not kept.machine,
            )
        ]  # fmt: skip
        for machine in kept.machines:
            seen, remote = self._seen.get(machine.address), self._remotes.get(machine.address)
            status = seen.status if seen is not None else None
            error = seen.error if seen is not None else None
            lines.append(
                Line(
                    machine.address, machine.name,
                    _device(status.device, status.memory) if status is not None else "–",
                    tuple(each.name for each in remote.known_models if not each.problem) if remote is not None else (),
                    _queue(status.running, status.waiting) if status is not None else "–",
                    _state(seen), kept.machine == machine.address,
                    f"{sentence(error.message)} {sentence(error.hint)}" if error is not None else "",
                )
            )  # fmt: skip
        self._dialog.show_machines(lines)

    def _list_own(self, models: Sequence[ModelInfo]) -> None:
        self._own_models = tuple(each.name for each in models if not each.problem)
        self._show_list()

    def _say(self, error: EngineError) -> None:
        if self._dialog is not None and self._dialog.isVisible():
            self._note(f"{sentence(error.message)} {sentence(error.hint)}")
        else:
            self.failed.emit(error)

    def _note(self, text: str) -> None:
        if self._dialog is not None:
            self._dialog.say(text)


def _device(name: str, memory: int) -> str:
    return f"{name}, {in_numbers(size_text(memory))}" if name else "–"


def _queue(running: bool, waiting: int) -> str:
    if not running:
        return tr("nothing to do")
    return tr("one runs, {count} wait", count=waiting) if waiting > 0 else tr("one runs")


def _state(seen: Machine | None) -> str:
    states: dict[str, Callable[[], str]] = {
        "connecting": lambda: tr("connecting…"),
        "connected": lambda: tr("connected"),
        "lost": lambda: tr("not reached, trying again"),
        "refused": lambda: tr("refused"),
    }
    return states[seen.phase if seen is not None else "connecting"]()
