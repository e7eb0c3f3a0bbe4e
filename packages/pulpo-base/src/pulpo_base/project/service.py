"""`Service`: one row of the table of services, and `Launch`: what it is started with."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path

from pulpo_base.project.definition import Project, ProjectSettings

__all__ = ["API", "MONGODB", "PREFECT", "SUPERVISOR", "UI", "WORKER", "Launch", "Service"]

MONGODB = "mongodb"
API = "api"
UI = "ui"
"""No process of its own: the API serves it."""
PREFECT = "prefect"
WORKER = "worker"
SUPERVISOR = "supervisor"
"""Who starts the others again; it has a record as they do, and no row of the table."""


@dataclass(frozen=True, slots=True)
class Launch:
    """What a service is started with: where to listen, where to log, what it may use.

    `uses` maps the names of the services that are up already to their addresses.
    """

    project: Project
    settings: ProjectSettings
    host: str
    port: int
    log: Path
    uses: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Service:
    """One row of the table.

    `start` begins the process and calls its second argument with the process id as soon as
    there is one; it may return before the service is healthy. `url` makes the address that
    people use. `health` takes that address and returns the trouble, empty for none. `uses`
    names the services that must be healthy first. `timeout` is how many seconds it may take
    to become healthy; `shows_log` whether its log is for people; `optional` whether a project
    without it is whole.
    """

    name: str
    title: str
    host: str
    port: int
    start: Callable[[Launch, Callable[[int], None]], None]
    url: Callable[[str, int], str]
    health: Callable[[str], str]
    uses: tuple[str, ...] = ()
    timeout: float = 60.0
    shows_log: bool = True
    optional: bool = False
