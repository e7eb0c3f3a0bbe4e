"""Ids do not repeat: not within a process, not between threads, not after a fork."""

from __future__ import annotations

import subprocess
import sys
import threading

import pytest

from pulpo_selfaware.request_context import read_ids


def test_ids_are_distinct_over_threads() -> None:
    made: list[bytes] = []

    def make() -> None:
        made.extend(read_ids([], b"x-request-id")[0] for _ in range(5000))

    threads = [threading.Thread(target=make) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(made) == 20_000
    assert len({one[3:35] for one in made}) == 20_000
    assert len({one[36:52] for one in made}) == 20_000
    assert {len(one) for one in made} == {55}


@pytest.mark.skipif(sys.platform == "win32", reason="needs fork")
def test_a_forked_child_makes_other_ids() -> None:
    code = (
        "import os, random, sys\n"
        "from pulpo_selfaware.request_context import read_ids\n"
        "random.seed(1)\n"
        "read_ids([], b'x')\n"
        "child = os.fork()\n"
        "if child: os.waitpid(child, 0)\n"
        "for _ in range(100): print(read_ids([], b'x')[0])\n"
    )
    command = [sys.executable, "-c", code]
    done = subprocess.run(command, capture_output=True, text=True, timeout=30, check=True)
    assert len(set(done.stdout.split())) == 200
