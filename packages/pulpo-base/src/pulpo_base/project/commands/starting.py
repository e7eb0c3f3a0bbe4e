"""What the commands that start services share: start them, watch them, show them."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from pulpo_base.project.definition import Project, ProjectSettings
    from pulpo_base.project.service import Service
    from pulpo_base.project.supervisor.startup import Started

__all__ = ["chosen", "restart_services", "show_started", "start", "with_used"]


def chosen(
    project: Project, settings: ProjectSettings, *, without_prefect: bool = False
) -> list[Service]:
    """Return the services to start; a note says where Prefect would be wanted and is not there.

    Raises `ServiceError` where the configured database does not answer.
    """
    from pulpo_base.project.database import configured_url, probe_mongodb
    from pulpo_base.project.errors import ServiceError
    from pulpo_base.project.output import note
    from pulpo_base.project.prefect import has_flows, is_installed
    from pulpo_base.project.service import PREFECT, WORKER
    from pulpo_base.project.services import services_of

    url = configured_url(settings)
    if url and (trouble := probe_mongodb(url)):
        raise ServiceError(
            "MongoDB",
            f"is configured by its URL and does not work: {trouble}",
            hint="start that server, or unset PULPO_MONGODB_URL for a local one",
        )
    if not without_prefect and has_flows(project) and not is_installed():
        note(
            "Prefect is not installed, so flows run on the local engine alone "
            "(pip install 'pulpo-base[flows]')."
        )
    left_out = {PREFECT, WORKER} if without_prefect else set()
    return [row for row in services_of(project, settings) if row.name not in left_out]


def start(
    project: Project,
    settings: ProjectSettings,
    services: Sequence[Service],
    *,
    quiet: bool,
    watched: bool = True,
) -> list[Started]:
    """Start what is not healthy, and with `watched` the supervisor; return every service."""
    from pulpo_base.project.progress import service_progress
    from pulpo_base.project.state import ServiceState
    from pulpo_base.project.supervisor.keeper import ensure_supervisor
    from pulpo_base.project.supervisor.startup import bring_up

    state = ServiceState(project.state_directory)
    with service_progress(quiet=quiet) as tell, state.locked():
        started = bring_up(project, settings, services, tell=tell)
        if watched:
            ensure_supervisor(project, state)
    return started


def with_used(services: Sequence[Service], names: Collection[str]) -> list[Service]:
    """Return the named ones of `services` and those that they use."""
    used = {name for row in services if row.name in names for name in row.uses}
    return [row for row in services if row.name in names or row.name in used]


def restart_services(project: Project, names: Iterable[str], *, as_json: bool) -> None:
    """Stop the named services and what uses them, or all that run, and start them again."""
    from pulpo_base.project.commands.down import stop_services
    from pulpo_base.project.listening import check_reach

    named = tuple(names)
    settings = project.load_settings()
    check_reach(settings.api_host, settings)
    services = chosen(project, settings)
    stopped = stop_services(project, named, quiet=as_json)
    again = {one.name for one in stopped} | set(named) or {row.name for row in services}
    wanted = with_used(services, again)
    show_started(wanted, start(project, settings, wanted, quiet=as_json), as_json=as_json)


def show_started(services: Sequence[Service], started: Sequence[Started], *, as_json: bool) -> None:
    """Show the services that run now, and where their page is."""
    from pulpo_base.project.output import note, short_url, table, write_json
    from pulpo_base.project.probing import shows_page
    from pulpo_base.project.service import API

    api = next((one.record.url for one in started if one.record.name == API), "")
    page = f"{api}/" if api and shows_page(f"{api}/") else ""
    if as_json:
        write_json({"services": [_plain(one) for one in started], "ui": page or None})
        return
    titles = {service.name: service.title for service in services}
    for one in started:
        for text in one.notes:
            note(f"{titles[one.record.name]}: {text}")
    rows = [
        (
            titles[one.record.name],
            "started" if one.fresh else "runs already",
            short_url(one.record.url),
            str(one.record.process.pid),
        )
        for one in started
    ]
    if page:
        rows.append(("UI", "by the API", page, ""))
    table(("service", "state", "url", "pid"), rows)


def _plain(one: Started) -> dict[str, Any]:
    return {
        "name": one.record.name,
        "url": one.record.url,
        "pid": one.record.process.pid,
        "port": one.record.port,
        "log": one.record.log,
        "started": one.fresh,
        "notes": list(one.notes),
    }
