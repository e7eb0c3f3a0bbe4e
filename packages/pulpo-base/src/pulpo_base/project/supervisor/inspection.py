"""How the services are, without changing anything."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

from pulpo_base.project.database import configured_url, masked, probe_mongodb
from pulpo_base.project.definition import Project, ProjectSettings
from pulpo_base.project.probing import shows_page
from pulpo_base.project.service import API, MONGODB, SUPERVISOR, UI, Service
from pulpo_base.project.services import services_of
from pulpo_base.project.state import ServiceRecord, ServiceState
from pulpo_base.project.supervisor.listening import trouble_with

__all__ = ["Condition", "ServiceStatus", "database_status", "statuses"]


class Condition(StrEnum):
    """How a service is."""

    HEALTHY = "healthy"
    UNHEALTHY = "unhealthy"
    """It runs and does not do its work."""
    GONE = "gone"
    """It was started and its process has ended by itself."""
    STOPPED = "stopped"


@dataclass(frozen=True, slots=True)
class ServiceStatus:
    """One service now. `pid` and `log` are empty for what somebody else runs."""

    name: str
    title: str
    condition: Condition
    url: str = ""
    pid: int | None = None
    log: str = ""
    detail: str = ""
    optional: bool = False
    restarts: int = 0

    @property
    def is_well(self) -> bool:
        """Whether nothing is amiss: it is healthy, or need not run and does not."""
        return self.condition is Condition.HEALTHY or (
            self.optional and self.condition is Condition.STOPPED
        )


def statuses(project: Project, settings: ProjectSettings) -> list[ServiceStatus]:
    """Return every service of the project, the database first."""
    services = services_of(project, settings)
    records = ServiceState(project.state_directory).read()
    supervisor = records.pop(SUPERVISOR, None)
    is_watched = supervisor is not None and supervisor.is_alive
    rows: list[ServiceStatus] = []
    if configured_url(settings):
        rows.append(_configured_database(settings))
    for service in services:
        rows.append(_status(service, records.get(service.name), is_watched=is_watched))
        if service.name == API:
            rows.extend(_pages(rows[-1]))
    rows.extend(_unexpected(services, records))
    if supervisor is not None and not is_watched:
        rows.append(_lost(supervisor))
    return rows


def database_status(project: Project, settings: ProjectSettings) -> ServiceStatus:
    """Return how the database is."""
    return next(row for row in statuses(project, settings) if row.name == MONGODB)


def _configured_database(settings: ProjectSettings) -> ServiceStatus:
    url = configured_url(settings)
    trouble = probe_mongodb(url)
    return ServiceStatus(
        MONGODB,
        "MongoDB",
        Condition.UNHEALTHY if trouble else Condition.HEALTHY,
        url=masked(url),
        detail=trouble or "configured by its URL",
    )


def _status(service: Service, record: ServiceRecord | None, *, is_watched: bool) -> ServiceStatus:
    if record is None:
        return ServiceStatus(
            service.name, service.title, Condition.STOPPED, optional=service.optional
        )
    condition, detail = Condition.HEALTHY, ""
    if not record.is_alive:
        condition = Condition.GONE
        detail = record.trouble or f"process {record.process.pid} has ended"
        if is_watched:
            detail += "; it is being started again"
    elif trouble := trouble_with(service, record):
        condition, detail = Condition.UNHEALTHY, trouble
    elif not record.kept:
        detail = "only as long as a command uses it"
    elif record.restarts:
        detail = f"started again {_times(record.restarts)}: {record.trouble}"
    return ServiceStatus(
        service.name,
        service.title,
        condition,
        url=record.url,
        pid=record.process.pid,
        log=record.log,
        detail=detail,
        optional=service.optional,
        restarts=record.restarts,
    )


def _pages(api: ServiceStatus) -> list[ServiceStatus]:
    """Return the admin UI, which the API serves, where it does."""
    url = f"{api.url}/"
    if api.condition is not Condition.HEALTHY or not shows_page(url):
        return []
    return [ServiceStatus(UI, "UI", api.condition, url, detail="served by the API")]


def _times(count: int) -> str:
    return "once" if count == 1 else f"{count} times"


def _lost(supervisor: ServiceRecord) -> ServiceStatus:
    return ServiceStatus(
        SUPERVISOR,
        "Supervisor",
        Condition.GONE,
        pid=supervisor.process.pid,
        log=supervisor.log,
        detail="nothing that ends is started again; `./main up` mends that",
    )


def _unexpected(
    services: Sequence[Service], records: dict[str, ServiceRecord]
) -> list[ServiceStatus]:
    # A local database that was started before a URL was configured.
    known = {service.name for service in services}
    return [
        ServiceStatus(
            record.name,
            f"{record.name} (no longer used)",
            Condition.UNHEALTHY if record.is_alive else Condition.GONE,
            url=record.url,
            pid=record.process.pid,
            log=record.log,
            detail="`./main down` stops it",
        )
        for name, record in records.items()
        if name not in known
    ]
