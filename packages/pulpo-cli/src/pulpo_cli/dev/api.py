"""The project's API as a process that loads the application anew when it is told to."""

from __future__ import annotations

import json
import subprocess
import threading
from collections.abc import Callable, Sequence
from contextlib import suppress
from pathlib import Path

from pulpo_base.interrupts import deferred_interrupts

__all__ = ["ReloadedApi"]

#: Seconds that the API and its database may take to end.
_GRACE = 30.0


class ReloadedApi:
    """`./main api`, until the block ends. What it writes goes to this terminal.

    `hear` is called, from a thread of its own, with each event (`ready`, `failed`, `ended`), the
    seconds it took and the address; `gone` once when the process has ended.
    """

    def __init__(
        self,
        command: Sequence[str],
        root: Path,
        hear: Callable[[str, float, str], None],
        gone: Callable[[], None],
    ) -> None:
        """Keep what is needed for the start, which the first `load` is."""
        self._command = [*command, "--reload-on-input"]
        self._root = root
        self._hear = hear
        self._gone = gone
        self._process: subprocess.Popen[bytes] | None = None
        self._listener: threading.Thread | None = None

    @property
    def exit_code(self) -> int | None:
        """How the process has ended, `None` while it runs or has not been started."""
        return self._process.poll() if self._process is not None else None

    def load(self) -> None:
        """Let the application be loaded as it is now."""
        if self._process is None:
            self._start()
        process = self._process
        if process is not None and process.stdin is not None and process.poll() is None:
            with suppress(BrokenPipeError):  # it ends at this moment, and `gone` will say so
                process.stdin.write(b"\n")
                process.stdin.flush()

    def end(self) -> None:
        """End the process and what it started; it does so by itself when we are killed."""
        process = self._process
        if process is None or process.stdin is None:
            return
        with deferred_interrupts():
            with suppress(BrokenPipeError):
                process.stdin.close()
            try:
                process.wait(_GRACE)
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait()
            if self._listener is not None:
                self._listener.join()

    def _start(self) -> None:
        with deferred_interrupts():
            self._process = subprocess.Popen(  # noqa: S603 - the project's own command line
                self._command,
                cwd=self._root,
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                # Ctrl-C is for us: the end of its input tells it in time.
                start_new_session=True,
            )
        self._listener = threading.Thread(target=self._listen, args=[self._process], daemon=True)
        self._listener.start()

    def _listen(self, process: subprocess.Popen[bytes]) -> None:
        if process.stdout is not None:
            for line in process.stdout:
                event = json.loads(line)
                self._hear(event["event"], event["seconds"], event["url"])
        self._gone()
