"""Runs the probe, which imports a project's modules, in a process of its own."""

from __future__ import annotations

import os
import re
import signal
import subprocess
import tempfile
import time
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from pydantic import ValidationError

from pulpo_analysis.diagnostics.catalogue import finding
from pulpo_analysis.diagnostics.diagnostic import Diagnostic
from pulpo_base.probe.messages import IMPORTED, STACK, ProbeAnswer, ProbeRequest
from pulpo_base.serialisation import from_json, to_json
from pulpo_base.specs import SourceLocation

__all__ = ["probe"]

#: Seconds after the timeout in which the process may still say where it hangs, and between looks.
_GRACE = 5
_PAUSE = 0.05

_FRAME = re.compile(r'^  File "(?P<path>.+)", line (?P<line>\d+) in ', re.MULTILINE)


def probe(request: ProbeRequest, python: str) -> ProbeAnswer | Diagnostic:
    """Return what the project's modules declare, or the finding that says why nobody knows.

    `python` is the interpreter to start. The call returns at most a few seconds after the
    request's timeout, whatever the imported code does.
    """
    with tempfile.TemporaryDirectory(prefix="pulpo-probe-") as folder:
        run = _Run(request, python, Path(folder))
        return run.answer()


@dataclass(frozen=True, slots=True)
class _Run:
    request: ProbeRequest
    python: str
    folder: Path

    def answer(self) -> ProbeAnswer | Diagnostic:
        (self.folder / "request").write_text(to_json(self.request), encoding="utf-8")
        try:
            status = self._status()
        except OSError as error:
            return _unusable(self.python, error.strerror or str(error))
        answer = self.folder / "answer"
        if not answer.exists():
            return self._lost(status)
        try:
            return from_json(ProbeAnswer, answer.read_bytes())
        except ValidationError:
            return _unusable(self.python, "its pulpo-base is of another version")

    def _status(self) -> int | None:
        """Run the process to its end and return its exit status, `None` where it was killed."""
        names = [str(self.folder / name) for name in ("request", "answer", "progress")]
        # Files and no pipes: a grandchild that keeps a pipe open would keep us waiting.
        with (self.folder / "stdout").open("wb") as out, (self.folder / "stderr").open("wb") as err:
            process = subprocess.Popen(  # noqa: S603 - the user's interpreter, the user's project
                [self.python, "-P", "-B", "-m", "pulpo_base.probe", *names],
                cwd=self.request.root,
                stdin=subprocess.DEVNULL,
                stdout=out,
                stderr=err,
                start_new_session=True,
            )
            try:
                return self._waited(process)
            finally:
                if process.poll() is None:
                    _kill(process)

    def _waited(self, process: subprocess.Popen[bytes]) -> int | None:
        """Return the exit status, `None` once the process has said where it hangs, or cannot."""
        end = time.monotonic() + self.request.timeout + _GRACE
        while time.monotonic() < end and "Timeout (" not in self._stack():
            with suppress(subprocess.TimeoutExpired):
                return process.wait(_PAUSE)
        return None

    def _stack(self) -> str:
        path = self.folder / STACK
        return path.read_text(encoding="utf-8", errors="replace") if path.exists() else ""

    def _lost(self, status: int | None) -> Diagnostic:
        """Return the finding for a process that ended, or was ended, without an answer."""
        errors = (self.folder / "stderr").read_bytes().decode("utf-8", "replace")
        progress = self.folder / "progress"
        modules = progress.read_text(encoding="utf-8").split() if progress.exists() else []
        last = errors.strip().rpartition("\n")[2] or f"it ends with status {status}"
        if not modules:
            return _unusable(self.python, last)
        if modules[-1] == IMPORTED and "Traceback" in errors:
            return _unusable(self.python, f"reading its classes fails with {last}")
        if status is None:
            how = f"does not end within {self.request.timeout:g} s"
        elif status < 0:
            how = f"kills the process ({signal.Signals(-status).name})"
        else:
            how = f"ends the process with status {status}"
        return finding(
            "PLD010",
            f"importing {modules[-1]} {how}",
            self._place(modules[-1]),
            hint="put what runs under `if __name__ == '__main__':`, or in a function",
        )

    def _place(self, module: str) -> SourceLocation:
        """Return the innermost line of the project in a dumped stack, or the module's file."""
        root = Path(self.request.root)
        for frame in _FRAME.finditer(self._stack()):
            path = Path(frame["path"])
            if path.is_relative_to(root) and "site-packages" not in path.parts:
                return SourceLocation(path.relative_to(root).as_posix(), int(frame["line"]))
        return self._file(module)

    def _file(self, module: str) -> SourceLocation:
        inside = module.replace(".", "/")
        for base in map(Path, self.request.source_roots):
            for name in (f"{inside}/__init__.py", f"{inside}.py"):
                if (base / name).is_file():
                    return SourceLocation((base / name).relative_to(self.request.root).as_posix())
        return SourceLocation(module)


def _kill(process: subprocess.Popen[bytes]) -> None:
    """End our child and what it started: it leads a session of its own."""
    with suppress(ProcessLookupError):
        os.killpg(process.pid, signal.SIGKILL)
    process.wait()


def _unusable(python: str, reason: str) -> Diagnostic:
    return finding(
        "PLD015",
        f"{python} cannot import the project: {reason}",
        hint="start pulpo with the Python of the project, where pulpo-base is installed",
    )
