"""Bring services up: in their order, each healthy before those that use it, all or none."""

from __future__ import annotations

import time
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Protocol

from pulpo_base.interrupts import deferred_interrupts
from pulpo_base.project.definition import Project, ProjectSettings
from pulpo_base.project.errors import ServiceError
from pulpo_base.project.ports import choose_port, is_free
from pulpo_base.project.service import Launch, Service
from pulpo_base.project.state import ServiceRecord, ServiceState
from pulpo_base.project.supervisor.identity import ProcessIdentity, identity_of
from pulpo_base.project.supervisor.listening import trouble_with
from pulpo_base.project.supervisor.logs import last_lines, rotate
from pulpo_base.project.supervisor.processes import exit_status, stop

__all__ = ["Started", "Tell", "bring_up"]

_POLL = 0.1
_LOG_LINES = 15
#: How often a service moves on because its port was taken between choosing and listening.
_MOVES = 3


class Tell(Protocol):
    """Is told what happens to which service, in a few words, and when that is the last word."""

    def __call__(self, service: str, what: str, *, done: bool = False) -> None: ...  # noqa: D102


@dataclass(frozen=True, slots=True)
class Started:
    """A service that is healthy: its record, whether this call started it, what to know."""

    record: ServiceRecord
    fresh: bool
    notes: tuple[str, ...] = ()


@dataclass(slots=True)
class _Attempt:
    service: Service
    record: ServiceRecord
    notes: tuple[str, ...]
    log_start: int
    deadline: float
    trouble: str = ""
    moves: int = 0


def bring_up(
    project: Project,
    settings: ProjectSettings,
    services: Sequence[Service],
    *,
    tell: Tell,
    holders: tuple[ProcessIdentity, ...] = (),
    ended: ServiceRecord | None = None,
) -> list[Started]:
    """Start what is not healthy yet and return every service, in the order of `services`.

    With `holders` the services run as long as one of these commands does, otherwise until
    they are stopped. `ended` is the record of the service that ended by itself, whose count of
    restarts goes on. Call it with the state locked. Raises `ServiceError` for the first
    service that fails; what this call started is stopped then, also after an interruption.
    """
    return _Startup(project, settings, tell, holders, ended).run(services)


class _Startup:
    def __init__(
        self,
        project: Project,
        settings: ProjectSettings,
        tell: Tell,
        holders: tuple[ProcessIdentity, ...],
        ended: ServiceRecord | None,
    ) -> None:
        self._project = project
        self._settings = settings
        self._tell = tell
        self._holders = holders
        self._gone = ended
        self._state = ServiceState(project.state_directory)
        self._ready: dict[str, Started] = {}
        self._attempts: dict[str, _Attempt] = {}
        self._begun: list[Service] = []

    def run(self, services: Sequence[Service]) -> list[Started]:
        pending = list(services)
        try:
            while pending or self._attempts:
                for service in [s for s in pending if set(s.uses) <= self._ready.keys()]:
                    pending.remove(service)
                    self._keep_or_begin(service)
                for attempt in list(self._attempts.values()):
                    self._look_at(attempt)
                if self._attempts:
                    time.sleep(_POLL)
        except BaseException:
            with deferred_interrupts():
                self._undo()
            raise
        return [self._ready[service.name] for service in services]

    def _keep_or_begin(self, service: Service) -> None:
        record = self._state.read().get(service.name)
        notes: tuple[str, ...] = ()
        wanted = service.port
        if record is not None:
            trouble = self._trouble_with(service, record)
            if not trouble:
                self._keep(service, record)
                return
            notes = (f"started again: {trouble}",)
            # Where it was, whoever uses it finds it again.
            wanted = record.port
            self._tell(service.name, f"starting again: {trouble}")
            # Its record stays until there is a new one: who asks meanwhile hears that it is gone.
            with deferred_interrupts():
                stop(record.process)
        self._begin(service, notes, wanted=wanted)

    def _trouble_with(self, service: Service, record: ServiceRecord) -> str:
        if record.is_alive and dict(record.uses) != self._addresses(service.uses):
            return "what it uses has moved"
        return trouble_with(service, record)

    def _keep(self, service: Service, record: ServiceRecord) -> None:
        # Started by a passing command, and now meant to stay; or used by one command more.
        holders = (*record.holders, *self._holders) if self._holders else record.holders
        changed = replace(record, kept=record.kept or not self._holders, holders=holders)
        if changed != record:
            self._state.put(changed)
        self._ready[service.name] = Started(changed, fresh=False)
        self._tell(service.name, f"runs already (pid {record.process.pid})", done=True)

    def _begin(
        self, service: Service, notes: tuple[str, ...], *, wanted: int, moves: int = 0
    ) -> None:
        log = self._project.log_directory / f"{service.name}.log"
        log.parent.mkdir(parents=True, exist_ok=True)
        rotate(log)
        port = choose_port(service.host, wanted, taken=self._promised_ports())
        if port != service.port and not is_free(service.host, service.port):
            notes = (*notes, f"port {service.port} is taken, so it listens on {port}")
        launch = Launch(
            self._project,
            self._settings,
            service.host,
            port,
            log,
            self._addresses(service.uses),
        )
        log_start = log.stat().st_size if log.exists() else 0
        self._tell(service.name, f"starting on port {port}")
        self._begun.append(service)

        def started(pid: int) -> None:
            record = self._record(service, launch, pid)
            self._attempts[service.name] = _Attempt(
                service, record, notes, log_start, time.monotonic() + service.timeout, moves=moves
            )
            self._state.put(record)

        try:
            service.start(launch, started)
        except ServiceError:
            if not self._may_move(service, port, moves):
                raise
            self._begin(service, (), wanted=service.port, moves=moves + 1)

    def _may_move(self, service: Service, port: int, moves: int) -> bool:
        # Somebody else began to listen there between our choosing it and the service's start.
        return moves < _MOVES and not is_free(service.host, port)

    def _record(self, service: Service, launch: Launch, pid: int) -> ServiceRecord:
        # Told from its first moment: who asks while it starts is to hear of it.
        ended = self._gone if self._gone and self._gone.name == service.name else None
        return ServiceRecord(
            name=service.name,
            process=identity_of(pid) or ProcessIdentity(pid, "ended at once"),
            host=launch.host,
            port=launch.port,
            url=service.url(launch.host, launch.port),
            log=str(launch.log),
            uses=dict(launch.uses),
            kept=not self._holders,
            holders=self._holders,
            restarts=ended.restarts + 1 if ended else 0,
            trouble=ended.trouble if ended else "",
        )

    def _look_at(self, attempt: _Attempt) -> None:
        service, record = attempt.service, attempt.record
        if not record.is_alive:
            self._ended(attempt)
            return
        attempt.trouble = trouble_with(service, record)
        if not attempt.trouble:
            del self._attempts[service.name]
            self._ready[service.name] = Started(record, fresh=True, notes=attempt.notes)
            self._tell(
                service.name, f"healthy at {record.url} (pid {record.process.pid})", done=True
            )
        elif time.monotonic() > attempt.deadline:
            reason = f"was not healthy within {service.timeout:g} s: {attempt.trouble}"
            raise self._failure(attempt, reason)

    def _ended(self, attempt: _Attempt) -> None:
        service, record = attempt.service, attempt.record
        if self._may_move(service, record.port, attempt.moves):
            del self._attempts[service.name]
            self._begin(service, (), wanted=service.port, moves=attempt.moves + 1)
            return
        raise self._failure(attempt, exit_status(record.process))

    def _failure(self, attempt: _Attempt, reason: str) -> ServiceError:
        log = self._project.log_directory / f"{attempt.service.name}.log"
        lines = last_lines(log, _LOG_LINES, since=attempt.log_start)
        return ServiceError(
            attempt.service.title, reason, log_lines=lines, hint=f"the whole log is {log}"
        )

    def _undo(self) -> None:
        records = self._state.read()
        for service in reversed(self._begun):
            record = records.get(service.name)
            if record is not None:
                stop(record.process)
                self._state.remove(service.name)

    def _addresses(self, names: Iterable[str]) -> Mapping[str, str]:
        return {name: self._ready[name].record.url for name in names}

    def _promised_ports(self) -> frozenset[int]:
        return frozenset(attempt.record.port for attempt in self._attempts.values())
