"""Imports a project's modules and survives what they do, as far as Python lets it."""

from __future__ import annotations

import importlib
import importlib.util
import io
import sys
import traceback
from collections.abc import Iterator
from contextlib import redirect_stdout, suppress
from dataclasses import dataclass, field
from pathlib import Path
from types import FrameType
from typing import TextIO

from pulpo_base.probe.messages import Noise, Problem, reason
from pulpo_base.probe.project import Project
from pulpo_base.specs import SourceLocation

__all__ = ["Importer"]

#: Modules that do something visible when they are imported.
_LOUD = frozenset({"antigravity", "this"})


@dataclass(slots=True)
class Importer:
    """Imports modules one by one; `progress` is told each before it starts."""

    project: Project
    progress: TextIO
    problems: list[Problem] = field(default_factory=list)
    noise: list[Noise] = field(default_factory=list)

    def run(self) -> None:
        """Import every module that was asked for."""
        self._load_standard_library()
        # Python puts the working directory (`-m`) first; imports start from the source roots.
        sys.path[:0] = list(self.project.request.source_roots)
        with redirect_stdout(_Recorder(self)):
            for module in self.project.request.modules:
                self.progress.write(f"{module}\n")
                self.progress.flush()
                self._import(module)

    def _load_standard_library(self) -> None:
        """Let names that the project shares with Python's own modules mean those.

        A server has loaded them before it comes to the project, and libraries need them.
        """
        names = {module.partition(".")[0] for module in self.project.request.local}
        for name in sorted(names & (sys.stdlib_module_names - _LOUD)):
            with suppress(ImportError):  # not every system has every one
                importlib.import_module(name)

    def heard(self, text: str) -> None:
        """Keep the first text that was printed, and the line of the project that printed it."""
        if text.strip() and not self.noise:
            frames = _frames(sys._getframe(1))
            place = self._nearest((frame.f_code.co_filename, frame.f_lineno) for frame in frames)
            self.noise.append(Noise(text.strip()[:80], place or SourceLocation("")))

    def _import(self, module: str) -> None:
        try:
            importlib.import_module(module)
        except BaseException as error:  # noqa: BLE001 - `sys.exit()` at import is one too
            self.problems.append(self._problem(module, error))

    def _problem(self, module: str, error: BaseException) -> Problem:
        stack = traceback.extract_tb(error.__traceback__)
        place = self._nearest((entry.filename, entry.lineno or 1) for entry in reversed(stack))
        if isinstance(error, SyntaxError) and error.filename:
            place = self.project.place(error.filename, error.lineno or 1)
        return Problem("import", reason(error), place or self._home(module), module)

    def _nearest(self, places: Iterator[tuple[str, int]]) -> SourceLocation | None:
        """Return the innermost place in the project's own code."""
        root = Path(self.project.request.root).resolve()
        for filename, line in places:
            path = Path(filename)
            if path.is_relative_to(root) and "site-packages" not in path.parts:
                return self.project.place(filename, line)
        return None

    def _home(self, module: str) -> SourceLocation:
        spec = importlib.util.find_spec(module) if module in sys.modules else None
        return self.project.place(spec.origin) if spec and spec.origin else SourceLocation("")


def _frames(frame: FrameType | None) -> Iterator[FrameType]:
    while frame is not None:
        yield frame
        frame = frame.f_back


class _Recorder(io.TextIOBase):
    """Stands in for standard output."""

    def __init__(self, importer: Importer) -> None:
        self.importer = importer

    def write(self, text: str) -> int:
        self.importer.heard(text)
        return len(text)

    def writable(self) -> bool:
        return True
