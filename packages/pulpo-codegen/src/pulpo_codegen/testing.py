"""For the tests of this package and of extensions: a generator of some targets, a faulty disk."""

from __future__ import annotations

import os
import signal
from collections.abc import Callable, Sequence
from dataclasses import replace
from pathlib import Path

from pulpo_codegen.extensions.extension import Extension
from pulpo_codegen.plan.row import Target
from pulpo_codegen.targets import BUILT_IN
from pulpo_codegen.write.files import LocalFiles

__all__ = ["FaultyFiles", "kill_process", "only"]


def only(*targets: Target) -> tuple[Extension, ...]:
    """Return what `compile_project` takes as `extensions` to know these targets alone."""
    return (replace(BUILT_IN, targets=targets),)


def kill_process() -> None:
    """End this process as a crash does: at once, without any handler."""
    os.kill(os.getpid(), signal.SIGKILL)


class FaultyFiles(LocalFiles):
    """The real disk, on which the change number `at` (from 0) and every later one fails.

    `fault` is called instead of the change: it raises, or ends the process. Writing a file
    counts twice, and at the second count half of the file is written. `steps` is how many
    changes there have been: run once with a large `at` to learn how many there are.
    """

    def __init__(self, at: int, fault: Callable[[], None]) -> None:
        """Count from nothing."""
        self.at = at
        self.fault = fault
        self.steps = 0

    def _step(self) -> None:
        if self.steps >= self.at:
            self.fault()
        self.steps += 1

    def make_folder(self, path: Path) -> None:
        """Make a folder, or fail."""
        self._step()
        super().make_folder(path)

    def write_new(self, path: Path, data: bytes, mode: int) -> None:
        """Write a file, or nothing, or half of it."""
        self._step()
        if self.steps >= self.at:
            super().write_new(path, data[: len(data) // 2], mode)
        self._step()
        super().write_new(path, data, mode)

    def flush(self, paths: Sequence[Path]) -> None:
        """Force files to the disk, or fail."""
        self._step()
        super().flush(paths)

    def replace(self, source: Path, destination: Path) -> None:
        """Move a file, or fail."""
        self._step()
        super().replace(source, destination)

    def remove(self, path: Path) -> None:
        """Remove a file, or fail."""
        self._step()
        super().remove(path)

    def remove_folder(self, path: Path) -> bool:
        """Remove an empty folder, or fail."""
        self._step()
        return super().remove_folder(path)
