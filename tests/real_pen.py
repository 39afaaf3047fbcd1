"""A pen on a real X server: the server's own driver for tests makes of it a tablet, whose events go the whole way.

Xorg's driver `inputtest` takes events from a socket as if they came from a device: the program sees a stylus with
pressure, by XInput 2 and Qt's platform plugin, as it sees a Wacom tablet. No device in the kernel is needed.
"""

from __future__ import annotations

import socket
import struct
import time
from pathlib import Path

STEPS = 8  # events between two places of a stroke
PAUSE = 0.02  # seconds between them
_RANGE, _PRESSURE = 65536, 1000  # of the driver's axes
_AXES = 64
_VERSION, _SYNC, _MOTION, _BUTTON = 0, 1, 2, 4

CONFIG = """
Section "ServerFlags"
  Option "AutoAddDevices" "false"
  Option "AllowMouseOpenFail" "true"
EndSection
Section "Device"
  Identifier "card"
  Driver "dummy"
  VideoRam 65536
EndSection
Section "Monitor"
  Identifier "monitor"
  HorizSync 5-1000
  VertRefresh 5-200
  Modeline "only" 106.50 {width} {a} {b} {c} {height} {d} {e} {f}
EndSection
Section "Screen"
  Identifier "screen"
  Device "card"
  Monitor "monitor"
  DefaultDepth 24
  SubSection "Display"
    Depth 24
    Modes "only"
    Virtual {width} {height}
  EndSubSection
EndSection
Section "InputDevice"
  Identifier "pen stylus"
  Driver "inputtest"
  Option "SocketPath" "{path}"
  Option "DeviceType" "PointerAbsolute"
  Option "PointerHasPressure" "true"
EndSection
Section "ServerLayout"
  Identifier "layout"
  Screen "screen"
  InputDevice "pen stylus" "SendCoreEvents"
EndSection
"""


def config_of(size: tuple[int, int], path: Path) -> str:
    """The configuration of an Xorg without a card, with a screen of a size and a pen that listens at a path."""
    width, height = size
    sides = {name: width + gap for name, gap in zip("abc", (88, 232, 464), strict=True)}
    sides |= {name: height + gap for name, gap in zip("def", (3, 9, 34), strict=True)}
    return CONFIG.format(width=width, height=height, path=path, **sides)


class Pen:
    """What holds the pen."""

    def __init__(self, path: Path, size: tuple[int, int]) -> None:
        self._size = size
        self._line = socket.socket(socket.AF_UNIX)
        self._line.settimeout(10)
        self._line.connect(str(path))
        self._send(_VERSION, struct.pack("=HH", 1, 1), answer=12)

    def close(self) -> None:
        self._line.close()

    def stroke(self, *places: tuple[float, float, float]) -> None:
        """Touch the first place, go on to the others, and lift; each is (x, y, pressure from 0 to 1) on the screen."""
        x, y, pressure = places[0]
        self._move(x, y, 0)
        self._tip(x, y, pressure, down=True)
        for to_x, to_y, to_pressure in places[1:]:
            for step in range(1, STEPS + 1):
                part = step / STEPS
                self._move(x + (to_x - x) * part, y + (to_y - y) * part, pressure + (to_pressure - pressure) * part)
            x, y, pressure = to_x, to_y, to_pressure
        self._tip(x, y, 0, down=False)

    def _move(self, x: float, y: float, pressure: float) -> None:
        self._event(_MOTION, struct.pack("=I4x", 1), x, y, pressure)

    def _tip(self, x: float, y: float, pressure: float, *, down: bool) -> None:
        self._event(_BUTTON, struct.pack("=iiI4x", 1, 1, down), x, y, pressure)

    def _event(self, kind: int, what: bytes, x: float, y: float, pressure: float) -> None:
        """Send an event with its place: a mask of the axes that have a value, and the values; the fifth is pressure."""
        width, height = self._size
        values = [x * _RANGE / width, y * _RANGE / height, 0.0, 0.0, pressure * _PRESSURE, *[0.0] * (_AXES - 5)]
        mask = bytes([0b10011, *[0] * (_AXES // 8 - 1)])
        self._send(kind, what + struct.pack(f"=I8s4x{2 * _AXES}d", 0, mask, *values, *[0.0] * _AXES))
        self._send(_SYNC, b"", answer=8)
        time.sleep(PAUSE)

    def _send(self, kind: int, body: bytes, *, answer: int = 0) -> None:
        self._line.sendall(struct.pack("=II", 8 + len(body), kind) + body)
        if answer:
            assert len(self._line.recv(answer, socket.MSG_WAITALL)) == answer, "the server has let go of the pen"
