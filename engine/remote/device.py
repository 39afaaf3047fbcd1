"""What this machine computes on, for those who look at it from another one: found out beside the first requests."""

from __future__ import annotations

import platform
import threading

import psutil

from engine import preload


class Device:
    """The GPU with the most memory, or the processor. `read` never waits."""

    def __init__(self) -> None:
        self._found: tuple[str, int] = ("", 0)

    def read(self) -> tuple[str, int]:
        """Return its name and its bytes of memory; "" and 0 while that is not known."""
        return self._found

    def look(self) -> None:
        """Find out on a thread, importing torch, which the first picture needs anyway."""

        def work() -> None:
            preload.load_libraries()
            self.find()

        threading.Thread(target=work, name="device", daemon=True).start()

    def find(self) -> None:
        """Find out now, if that is not known and torch is here."""
        if self._found[0] or not preload.are_loaded():
            return
        import torch

        memory = int(psutil.virtual_memory().total)
        try:
            if torch.cuda.is_available():
                cards = [torch.cuda.get_device_properties(each) for each in range(torch.cuda.device_count())]
                card = max(cards, key=lambda each: each.total_memory)
                self._found = (str(card.name), int(card.total_memory))
            elif torch.backends.mps.is_available():
                self._found = ("Apple GPU", memory)
        except RuntimeError:
            pass  # a driver that does not work: the processor does
        if not self._found[0]:
            self._found = (platform.processor() or platform.machine() or "CPU", memory)
