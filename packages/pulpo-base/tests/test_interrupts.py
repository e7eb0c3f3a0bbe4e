"""Programs that are run in the terminal, and Ctrl-C."""

from __future__ import annotations

import os
import signal
import subprocess
import sys

PROGRAM = """
import os, signal, sys, time

def clean_up(number, frame):
    time.sleep(0.6)  # longer than `subprocess.run` waits
    os.write(1, b"cleaned up\\n")  # `print` may be in the middle of another
    sys.exit(7)

signal.signal(signal.SIGINT, clean_up)
os.write(1, b"runs\\n")
time.sleep(60)
"""
PARENT = f"""
import sys
from pulpo_base.interrupts import run_in_terminal

print("code", run_in_terminal([sys.executable, "-c", {PROGRAM!r}]), flush=True)
"""


def test_a_program_cleans_up_after_ctrl_c() -> None:
    with subprocess.Popen(
        [sys.executable, "-c", PARENT], stdout=subprocess.PIPE, text=True, start_new_session=True
    ) as parent:
        assert parent.stdout is not None
        assert parent.stdout.readline() == "runs\n"
        os.killpg(parent.pid, signal.SIGINT)
        assert parent.communicate(timeout=30)[0] == "cleaned up\ncode 7\n"
