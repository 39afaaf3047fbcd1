"""Makes processes that a test may kill, in a moment: each line asks for one, which is forked off with all imports done.

serve PORT SECONDS   a server with a stand-in of the engine whose steps take so long; says its id and port
paint PORT           a client that asks for pictures one after another; says its id once the first has begun
"""

from __future__ import annotations

import os
import signal
import sys
import threading

from engine.protocol import Started
from engine.remote.address import Address
from engine.remote.executor import RemoteExecutor
from engine.remote.limits import Limits
from engine.remote.server import Server
from tests.engine.remote.conftest import Heard, ask
from tests.fake_executor import FakeExecutor


def serve(port: str, seconds: str) -> None:
    far = FakeExecutor()
    far.step_seconds = float(seconds)
    server = Server(far, port=int(port), limits=Limits(grace=5.0))
    print(os.getpid(), server.start(), flush=True)


def paint(port: str) -> None:
    heard, client = Heard(), RemoteExecutor(Address("127.0.0.1", int(port)))
    client.start(heard)
    for number in range(20):
        client.submit(ask(str(number), steps=20, count=3))
    heard.wait(lambda event: isinstance(event, Started))
    print(os.getpid(), port, flush=True)


def main() -> None:
    signal.signal(signal.SIGCHLD, signal.SIG_IGN)  # nobody waits for those that were killed
    for line in sys.stdin:
        what, *arguments = line.split()
        if os.fork() == 0:
            {"serve": serve, "paint": paint}[what](*arguments)
            threading.Event().wait(120)
            os._exit(0)


if __name__ == "__main__":
    main()
