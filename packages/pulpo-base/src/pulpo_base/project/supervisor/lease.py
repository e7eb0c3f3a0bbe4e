"""A database for as long as a command needs one."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from pulpo_base.interrupts import deferred_interrupts
from pulpo_base.project.database import configured_url
from pulpo_base.project.definition import Project, ProjectSettings
from pulpo_base.project.services import MONGODB, services_of
from pulpo_base.project.state import ServiceState
from pulpo_base.project.supervisor.identity import this_process
from pulpo_base.project.supervisor.processes import stop
from pulpo_base.project.supervisor.startup import Tell, bring_up

__all__ = ["database_for_now"]


@contextmanager
def database_for_now(project: Project, settings: ProjectSettings, *, tell: Tell) -> Iterator[str]:
    """Yield the URL of the configured database, or of the running one, or of one started here.

    What was started here is stopped at the end of the block, by the last of the commands that
    use it at the same time. Raises `ProjectError` where there is no database to be had.
    """
    url = configured_url(settings)
    if url:
        yield url
        return
    service = next(row for row in services_of(project, settings) if row.name == MONGODB)
    state = ServiceState(project.state_directory)
    me = this_process()
    with state.locked():
        (started,) = bring_up(project, settings, [service], tell=tell, holders=(me,))
    try:
        yield started.record.url
    finally:
        with deferred_interrupts(), state.locked():
            record = state.read().get(MONGODB)
            # `down` may have stopped it meanwhile; `up` may have taken it over.
            if record is not None and record.process == started.record.process:
                others = tuple(h for h in record.holders if h != me and h.is_alive)
                if record.kept or others:
                    state.put(record.held_by(others))
                else:
                    stop(record.process)
                    state.remove(MONGODB)
