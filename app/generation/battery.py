"""Whether the machine runs on its battery, and the news of a plug that is pulled or put in."""

from __future__ import annotations

import psutil
from PySide6.QtCore import QObject, QTimer, Signal

LOOK_MS = 10_000


def on_battery() -> bool:
    """Whether a battery is what this machine runs on; False where nobody can say.

    On Linux this reads `/sys/class/power_supply`, elsewhere what the system says.
    """
    if not hasattr(psutil, "sensors_battery"):  # a system without any such news
        return False
    try:
        battery = psutil.sensors_battery()
    except (OSError, RuntimeError, ValueError):  # odd drivers write odd files
        return False
    return battery is not None and battery.power_plugged is False


class BatteryWatch(QObject):
    """Looks every ten seconds, but only while somebody wants to know."""

    changed = Signal(bool)  # whether it runs on the battery

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._on_battery = False
        self._timer = QTimer(self, interval=LOOK_MS)
        self._timer.timeout.connect(self.look)

    def watch(self, wanted: bool) -> None:
        """Begin, with a look at once, or end; what it found is forgotten at the end."""
        if wanted == self._timer.isActive():
            return
        if wanted:
            self._timer.start()
            self.look()
        else:
            self._timer.stop()
            self._on_battery = False

    def look(self) -> None:
        """Say whether it is another one than before."""
        found = on_battery()
        if found != self._on_battery:
            self._on_battery = found
            self.changed.emit(found)
