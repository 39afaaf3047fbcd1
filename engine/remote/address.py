"""The address of another machine as people write it: HOST, HOST:PORT, or with TLS wss://HOST:PORT."""

from __future__ import annotations

import ipaddress
import re
from dataclasses import dataclass

from engine.errors import BadRequest

PORT = 8765
_FORM = re.compile(r"(?:(?P<scheme>wss?)://)?(?:\[(?P<six>[0-9A-Fa-f:.]+)\]|(?P<host>[A-Za-z0-9._-]+))"
                   r"(?::(?P<port>[0-9]{1,5}))?/?")  # fmt: skip


@dataclass(frozen=True)
class Address:
    """Where a machine is reached; `secure` is with TLS."""

    host: str
    port: int = PORT
    secure: bool = False

    @classmethod
    def of(cls, text: str) -> Address:
        """Read an address. Raises BadRequest where it is none."""
        match = _FORM.fullmatch(text.strip())
        port = int(match["port"] or PORT) if match else 0
        if match is None or not 0 < port < 65536:
            raise BadRequest(
                f'"{text[:200]}" is not the address of a machine.',
                hint="Write HOST:PORT, such as 192.168.1.20:8765, or wss://HOST:PORT for one that uses TLS.",
            )
        return cls(match["six"] or match["host"], port, match["scheme"] == "wss")

    @property
    def url(self) -> str:
        """As the WebSocket library takes it."""
        return f"{'wss' if self.secure else 'ws'}://{self}/"

    @property
    def is_loopback(self) -> bool:
        """Whether it is this machine itself."""
        return is_loopback(self.host)

    def __str__(self) -> str:
        host = f"[{self.host}]" if ":" in self.host else self.host
        return f"{host}:{self.port}"


def is_loopback(host: str) -> bool:
    """Whether only this machine can reach that host."""
    if host.lower() == "localhost":
        return True
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False


def looks_remote(device: str) -> bool:
    """Whether what was given as a device is another machine: HOST:PORT, which cuda:0 is not."""
    kind, _, number = device.partition(":")
    return "://" in device or (":" in device and not (kind in ("cuda", "mps", "cpu") and number.isdigit()))
