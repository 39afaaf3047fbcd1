"""Importing and using the engine leaves the process as it was, unless the process is the program's own."""

from __future__ import annotations

import os
import subprocess
import sys


def python(code: str, *arguments: str) -> str:
    environment = {name: value for name, value in os.environ.items() if not name.startswith(("OMP_WAIT", "HF_"))}
    done = subprocess.run(
        [sys.executable, "-c", code, *arguments], capture_output=True, text=True, timeout=280, env=environment
    )
    assert done.returncode == 0, done.stderr
    return done.stdout.strip().splitlines()[-1]


STATE = """
import gc, os, sys
def state():
    import diffusers.utils.logging as d, huggingface_hub.constants as h, transformers.utils.logging as t
    return (dict(os.environ), h.HF_HUB_OFFLINE, [(m.get_verbosity(), m.is_progress_bar_enabled()) for m in (d, t)])
"""


def test_a_notebook_is_left_as_it_was(tiny_sd_folder):
    code = (
        "import os; first = dict(os.environ)\n"
        f"{STATE}"
        "from engine import GenerateRequest, Finished, generate, load_model\n"
        "assert dict(os.environ) == first\n"
        "r = GenerateRequest.of(id='1', prompt='sky', model=sys.argv[1], device='cpu', width=64, height=64, steps=1)\n"
        "assert isinstance(list(generate(r))[-1], Finished)\n"
        "after = state()\n"
        "assert after[0] == first, set(after[0].items()) ^ set(first.items())\n"
        "assert gc.get_freeze_count() == 0 and gc.isenabled()\n"
        "import importlib, huggingface_hub.constants as h; importlib.reload(h)\n"
        "fresh = state()\n"
        "print(after[1] == fresh[1] == False, [bars for _, bars in after[2]] == [True, True])"
    )
    assert python(code, str(tiny_sd_folder)) == "True True"


def test_inside_a_loading_call_the_libraries_are_quiet_and_off_the_network():
    code = (
        f"{STATE}"
        "from engine.surroundings import secluded\n"
        "before = state()\n"
        "with secluded(), secluded():\n"
        "    import huggingface_hub\n"
        "    inside = state()\n"
        "    offline = huggingface_hub.is_offline_mode()\n"
        "print(offline, inside[2] == [(40, False), (40, False)], state() == before)"
    )
    assert python(code) == "True True True"


def test_the_programs_own_process_is_calm_and_offline_for_good_and_the_users_word_stands(tiny_sd_folder):
    code = (
        "import gc, os, sys; os.environ['OMP_WAIT_POLICY'] = sys.argv[1]\n"
        "from engine.surroundings import own_process; own_process()\n"
        "from engine import preload; preload.load_libraries()\n"
        "import huggingface_hub\n"
        "print(os.environ['OMP_WAIT_POLICY'], huggingface_hub.is_offline_mode(), gc.get_freeze_count() > 0)"
    )
    assert python(code, "ACTIVE") == "ACTIVE True True"
