"""Types are found out about by one thread at a time; msgspec alone crashes the process."""

import os
import subprocess
import sys

RACE = """
import sys, threading, msgspec
from resources.checking import convert
sys.setswitchinterval(1e-6)
for _ in range(100):
    kind = int
    for level in range(6):
        kind = msgspec.defstruct(f"Level{level}", [(f"field{number}", list[kind], []) for number in range(6)])
    def work(kind=kind, start=threading.Barrier(4)):
        start.wait()
        for _ in range(20):
            convert({"field0": [{"field1": [{"field2": []}]}]}, kind)
    threads = [threading.Thread(target=work) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
"""


def test_threads_that_meet_a_type_at_once_do_not_crash():
    surroundings = {**os.environ, "PYTHONPATH": os.getcwd()}
    ended = subprocess.run([sys.executable, "-c", RACE], env=surroundings, capture_output=True, text=True, timeout=120)
    assert ended.returncode == 0, ended.stderr[-500:]
