"""`ReloadingServer`: an address that stays, and processes behind it that come and go."""

from __future__ import annotations

import os
import select
import selectors
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path

from pulpo_base.project.reloading.worker import READY

__all__ = ["ReloadingServer"]

_GRACE = 5.0


@dataclass(slots=True)
class _Worker:
    """A process, the pipe that says when it serves, and when it was told to."""

    process: subprocess.Popen[bytes]
    ready: int
    told: float = 0.0
    is_loading: bool = False

    def tell(self) -> None:
        self.told = time.monotonic()
        if self.process.stdin is not None and self.process.poll() is None:
            self.process.stdin.write(b"load\n")
            self.process.stdin.flush()

    def stop_listening(self) -> None:
        """Return when the process takes no further request, or does not say so in time."""
        if self.process.stdin is not None:
            self.process.stdin.close()
        deadline = time.monotonic() + _GRACE
        while (left := deadline - time.monotonic()) > 0:
            heard, _, _ = select.select([self.ready], [], [], left)
            if heard and not os.read(self.ready, 64):
                return

    def end(self) -> None:
        """End the process, in good order where it does so soon."""
        if self.process.stdin is not None:
            self.process.stdin.close()
        self.process.terminate()
        try:
            self.process.wait(_GRACE)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait()
        os.close(self.ready)


class ReloadingServer:
    """Serves an application, and the newest that loads once it has been told of a change.

    The listening socket is ours: requests that come while processes change wait in it. Each
    process is replaced by one that has loaded the libraries already; the old one goes when the
    new one answers, and stays where that does not load.
    """

    def __init__(
        self,
        application: str,
        listening: socket.socket,
        *,
        directory: Path,
        environment: Mapping[str, str],
        tell: Callable[[str, float], None],
    ) -> None:
        """Keep what each process needs; `tell` hears `ready`, `failed` or `ended`, and seconds."""
        self._application = application
        self._listening = listening
        self._directory = directory
        self._environment = dict(environment)
        self._tell = tell
        self._selector = selectors.DefaultSelector()
        self._serving: _Worker | None = None
        self._coming: _Worker | None = None
        self._spare: _Worker | None = None

    def run(self, requests: int) -> None:
        """Load the application with each line that can be read from `requests`, until its end.

        However this ends, no process is left.
        """
        self._selector.register(requests, selectors.EVENT_READ)
        try:
            self._spare = self._started()
            while True:
                # One at a time: what is done about it may close the pipes of others.
                for key, _ in self._selector.select()[:1]:
                    if key.fd != requests:
                        self._heard(key.fd)
                    elif os.read(requests, 4096):
                        self._load()
                    else:
                        return
        finally:
            for worker in (self._coming, self._serving, self._spare):
                if worker is not None:
                    worker.end()
            self._selector.close()

    def _started(self) -> _Worker:
        ready, theirs = os.pipe()
        name = f"{__package__}.worker"
        process = subprocess.Popen(  # noqa: S603 - our own module
            [
                sys.executable,
                "-m",
                name,
                self._application,
                str(self._listening.fileno()),
                str(theirs),
            ],
            cwd=self._directory,
            env=self._environment,
            stdin=subprocess.PIPE,
            stdout=sys.stderr,
            pass_fds=(self._listening.fileno(), theirs),
            # A Ctrl-C of the terminal is for us: we end the processes in order.
            start_new_session=True,
        )
        os.close(theirs)
        self._selector.register(ready, selectors.EVENT_READ)
        return _Worker(process, ready)

    def _load(self) -> None:
        """Let the spare process load what is there now; one that still does so is out of date."""
        if self._coming is not None:
            if not self._coming.is_loading:
                return  # what it will read is what is there now
            self._let_go(self._coming)
        self._coming = self._spare or self._started()
        self._spare = None
        self._coming.tell()

    def _heard(self, pipe: int) -> None:
        """Act on a process that serves, or whose pipe has ended with it."""
        said = os.read(pipe, 64)
        if said and self._coming is not None and self._coming.ready == pipe:
            self._coming.is_loading = True
            if READY in said:
                self._took_over(self._coming)
        if said:
            return
        for name in ("_coming", "_serving", "_spare"):
            worker = getattr(self, name)
            if worker is not None and worker.ready == pipe:
                setattr(self, name, None)
                self._let_go(worker)
                if name == "_coming":
                    self._tell("failed", time.monotonic() - worker.told)
                    self._spare = self._spare or self._started()
                elif name == "_serving":
                    self._tell("ended", 0.0)

    def _took_over(self, worker: _Worker) -> None:
        before, self._serving, self._coming = self._serving, worker, None
        if before is not None:
            before.stop_listening()
        self._tell("ready", time.monotonic() - worker.told)
        if before is not None:
            self._let_go(before)
        # Only now: it would have taken processor time from the one that was loading.
        self._spare = self._started()

    def _let_go(self, worker: _Worker) -> None:
        self._selector.unregister(worker.ready)
        worker.end()
