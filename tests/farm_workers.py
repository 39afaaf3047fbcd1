"""Workers of a farm for tests: the executor without torch, in a process that ends where a prompt asks for it."""

from __future__ import annotations

import os
import signal

from engine.farm.worker import Worker
from tests.fake_executor import FakeExecutor

POISON = "poison"
STEP_SECONDS = 0.02


class FakeWorker(Worker):
    """Makes pictures of numpy's in a moment; one whose prompt is `POISON` ends the process, as a crash would."""

    def executor(self) -> FakeExecutor:
        made = FakeExecutor()
        made.step_seconds = STEP_SECONDS
        submit = made.submit

        def checked(request):
            if request.text.prompt == POISON:
                os.kill(os.getpid(), signal.SIGKILL)
            submit(request)

        made.submit = checked
        return made
