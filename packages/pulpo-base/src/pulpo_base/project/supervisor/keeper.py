"""The supervisor: a process of its own that starts again what ends by itself.

It watches the records, not the processes, so that it may come and go without them: the commands
start and stop services as they did, and whoever removes a record has stopped the service. It is
started with the project as JSON, and ends when nothing is left to watch.
"""

from __future__ import annotations

import json
import os
import sys
import time
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import asdict, dataclass, replace
from pathlib import Path

from pulpo_base.interrupts import deferred_interrupts, exit_on_termination
from pulpo_base.project.definition import Project
from pulpo_base.project.errors import ProjectError
from pulpo_base.project.service import SUPERVISOR
from pulpo_base.project.state import ServiceRecord, ServiceState
from pulpo_base.project.supervisor.identity import this_process
from pulpo_base.project.supervisor.logs import rotate, rotate_open
from pulpo_base.project.supervisor.processes import exit_status, spawn

__all__ = ["BackOff", "ensure_supervisor", "keep"]

_POLL = 0.5
_FIRST_WAIT = 0.5
_LONGEST_WAIT = 30.0
#: A service that ran this long before it ended had recovered: the waits begin anew.
_RECOVERED = 60.0


@dataclass(slots=True)
class BackOff:
    """How long to wait before a service is started again: twice as long each time.

    `is_waiting` from the time it failed until it runs again; `due` is when to try.
    """

    wait: float = 0.0
    due: float = 0.0
    is_waiting: bool = False

    def failed(self, now: float) -> None:
        """Take note that the service ended, or did not start, at `now` (in seconds)."""
        recovered = not self.is_waiting and now - self.due > _RECOVERED
        self.wait = _FIRST_WAIT if recovered or not self.wait else min(self.wait * 2, _LONGEST_WAIT)
        self.due = now + self.wait
        self.is_waiting = True


def ensure_supervisor(project: Project, state: ServiceState) -> None:
    """Start the supervisor where none runs. Call it with the state locked.

    Raises `ProjectError` where it cannot be started.
    """
    record = state.read().get(SUPERVISOR)
    if record is not None and record.is_alive:
        return
    log = project.log_directory / f"{SUPERVISOR}.log"
    log.parent.mkdir(parents=True, exist_ok=True)
    rotate(log)
    plain = json.dumps({**asdict(project), "root": str(project.root)})
    with deferred_interrupts():
        process = spawn(
            [sys.executable, "-m", __name__, plain],
            directory=project.root,
            environment={**os.environ, "PYTHONUNBUFFERED": "1"},
            log=log,
        )
        state.put(ServiceRecord(SUPERVISOR, process, "", 0, "", str(log)))


def keep(project: Project) -> None:
    """Watch the project's services until none is left that is to be kept."""
    _Keeper(project).run()


class _Keeper:
    def __init__(self, project: Project) -> None:
        self._project = project
        self._state = ServiceState(project.state_directory)
        self._waits: dict[str, BackOff] = {}
        self._me = this_process()

    def run(self) -> None:
        with self._state.locked():
            pass  # whoever started us writes our record before it lets go
        is_needed = True
        while is_needed:
            # A full disk, or a folder that cannot be read, may be mended by the next time.
            with suppress(ProjectError, OSError):
                records = self._state.read()
                is_needed = self._is_needed(records)
                if is_needed:
                    self._look(records)
            if is_needed:
                time.sleep(_POLL)

    def _is_needed(self, records: dict[str, ServiceRecord]) -> bool:
        mine = records.pop(SUPERVISOR, None)
        if mine is None or mine.process != self._me:
            return False
        if any(record.kept for record in records.values()):
            return True
        with self._state.locked():
            # It was read without the lock: a service may have been started meanwhile.
            if any(r.kept for name, r in self._state.read().items() if name != SUPERVISOR):
                return True
            self._state.remove(SUPERVISOR)
        return False

    def _look(self, records: Mapping[str, ServiceRecord]) -> None:
        for name, record in records.items():
            rotate_open(Path(record.log))
            used = [(records[other], url) for other, url in record.uses.items() if other in records]
            if not record.kept or not all(other.is_alive for other, _ in used):
                continue
            if not record.is_alive:
                self._wait_or_start(name, record, exit_status(record.process))
            elif any(other.url != url for other, url in used):
                self._wait_or_start(name, record, "what it uses has moved")
            elif name in self._waits:
                self._waits[name].is_waiting = False

    def _wait_or_start(self, name: str, seen: ServiceRecord, trouble: str) -> None:
        wait = self._waits.setdefault(name, BackOff())
        if wait.is_waiting and time.monotonic() >= wait.due:
            with self._state.locked():
                # Somebody may have stopped it, or started it again, while we looked.
                if (record := self._state.read().get(name)) == seen and record is not None:
                    self._start_again(record, wait)
        elif not wait.is_waiting:
            wait.failed(time.monotonic())
            _say(name, f"{trouble}; it is started again in {wait.wait:g} s")
            with self._state.locked():
                if self._state.read().get(name) == seen:
                    self._state.put(replace(seen, trouble=trouble))

    def _start_again(self, record: ServiceRecord, wait: BackOff) -> None:
        from pulpo_base.project.services import services_of
        from pulpo_base.project.supervisor.startup import bring_up

        rows = services_of(self._project, self._project.load_settings())
        wanted = [row for row in rows if row.name in {record.name, *record.uses}]
        try:
            bring_up(self._project, self._project.load_settings(), wanted, tell=_say, ended=record)
        except ProjectError as error:
            wait.failed(time.monotonic())
            trouble = f"does not start: {error.message}"
            _say(record.name, f"{trouble}; the next try is in {wait.wait:g} s")
            for line in error.details:
                _say(record.name, f"  {line}")
            record = replace(record, trouble=trouble)
        else:
            wait.is_waiting = False
        finally:
            if wait.is_waiting:
                # A start that failed leaves no record, and the service would be forgotten.
                self._state.put(record)


def _say(service: str, what: str, *, done: bool = False) -> None:  # noqa: ARG001 - for people
    moment = time.strftime("%Y-%m-%d %H:%M:%S")
    # The services matter more than their supervisor's log.
    with suppress(OSError):
        sys.stdout.write(f"{moment} {service}: {what}\n")
        sys.stdout.flush()


if __name__ == "__main__":
    exit_on_termination()
    given = json.loads(sys.argv[1])
    keep(Project(**{**given, "root": Path(given["root"])}))
