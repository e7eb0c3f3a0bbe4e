"""`code_state`: what changes with the code of ours that worked something out."""

from __future__ import annotations

import os
from functools import cache
from pathlib import Path

__all__ = ["code_state"]


@cache
def code_state(package: Path) -> str:
    """Return the state of a package's files, by size and time, as this process found it.

    It stands for the version of the code: nobody has to count one up.
    """
    marks = []
    for folder, folders, names in os.walk(package):
        folders[:] = sorted(name for name in folders if name != "__pycache__")
        for name in sorted(names):
            state = os.stat(os.path.join(folder, name))  # noqa: PTH116, PTH118 - one per file
            marks.append(f"{folder}/{name} {state.st_size} {state.st_mtime_ns}")
    return "\n".join(marks)
