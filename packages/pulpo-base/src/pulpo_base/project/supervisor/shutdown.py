"""Stop what is recorded, the users of a service before the service itself."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace

from pulpo_base.interrupts import deferred_interrupts
from pulpo_base.project.database import end_orphan
from pulpo_base.project.service import MONGODB, SUPERVISOR
from pulpo_base.project.state import ServiceRecord, ServiceState
from pulpo_base.project.supervisor.identity import ProcessIdentity
from pulpo_base.project.supervisor.processes import stop
from pulpo_base.project.supervisor.startup import Tell

__all__ = ["Stopped", "bring_down", "dependents", "end_supervisor"]


@dataclass(frozen=True, slots=True)
class Stopped:
    """A service that was asked to end; `was_alive` says whether its process was there.

    `used_by` are the processes of commands that use it still: it ends with the last of them.
    """

    name: str
    pid: int
    was_alive: bool
    used_by: tuple[int, ...] = ()


def bring_down(
    state: ServiceState, *, tell: Tell, only: frozenset[str] | None = None
) -> list[Stopped]:
    """End the recorded processes and forget them; those named in `only`, or all.

    Where all are meant, what a running command uses is left to it, and ends with it. A process
    that has gone, or whose number is another's now, is only forgotten. Call it with the state
    locked, and after `end_supervisor` where all are meant. A Ctrl-C takes effect when everything
    is stopped.
    """
    stopped: list[Stopped] = []
    with deferred_interrupts():
        if only is None:
            state.remove(SUPERVISOR)
        for record in _users_first(state.read()):
            if only is not None and record.name not in only:
                continue
            if only is None and (users := tuple(h for h in record.holders if h.is_alive)):
                stopped.append(_left(state, record, users, tell))
                continue
            was_alive = record.is_alive
            if was_alive:
                tell(record.name, f"stopping (pid {record.process.pid})")
            stop(record.process)
            state.remove(record.name)
            tell(record.name, "stopped" if was_alive else "was gone already", done=True)
            stopped.append(Stopped(record.name, record.process.pid, was_alive))
        if MONGODB not in state.read() and (only is None or MONGODB in only):
            # A command that was killed while it started the server has left no record of it.
            end_orphan(state.directory / "db")
    return stopped


def _left(
    state: ServiceState, record: ServiceRecord, users: tuple[ProcessIdentity, ...], tell: Tell
) -> Stopped:
    state.put(replace(record, kept=False, holders=users))
    pids = tuple(user.pid for user in users)
    said = ", ".join(map(str, pids))
    tell(record.name, f"left to the command that uses it (pid {said}), and ends with it", done=True)
    return Stopped(record.name, record.process.pid, was_alive=True, used_by=pids)


def end_supervisor(state: ServiceState) -> None:
    """End who would start the services again. Call it before the state is locked.

    The supervisor may hold the lock for as long as a service takes to start; told to end, it
    stops what it was starting and lets go.
    """
    record = state.read().get(SUPERVISOR)
    if record is not None:
        with deferred_interrupts():
            stop(record.process)


def dependents(records: Mapping[str, ServiceRecord], names: Iterable[str]) -> frozenset[str]:
    """Return `names` and those that were started with the address of one of them."""
    found = frozenset(names)
    while more := {r.name for r in records.values() if found & r.uses.keys()} - found:
        found |= more
    return found


def _users_first(records: dict[str, ServiceRecord]) -> list[ServiceRecord]:
    ordered: list[ServiceRecord] = []
    waiting = {name: record for name, record in records.items() if name != SUPERVISOR}
    while waiting:
        used = {name for record in waiting.values() for name in record.uses}
        # A record edited by hand may be circular; then any order is as good as another.
        free = [name for name in waiting if name not in used] or list(waiting)
        ordered.extend(waiting.pop(name) for name in free)
    return ordered
