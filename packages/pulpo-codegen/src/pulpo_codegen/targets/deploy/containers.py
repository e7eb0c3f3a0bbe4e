"""The image and the services that run it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from pulpo_analysis.analysis import Analysis
from pulpo_codegen.python.names import package_name
from pulpo_codegen.render.source import Source

__all__ = [
    "ComposeContext",
    "DockerfileContext",
    "IgnoreContext",
    "compose",
    "dockerfile",
    "ignored",
]

_API_PORT: Final = 8000
_SERVER_PORT: Final = 4200
#: Where a Prefect worker answers for its health, unless it is told otherwise.
_WORKER_PORT: Final = 8080


@dataclass(frozen=True, slots=True)
class DockerfileContext:
    """The context of `deploy/Dockerfile`; `health_check` is the URL that says how it is.

    `flow_requirement` is what flows need, empty without flows; `has_tokens` is whether clients of
    the API sign in with tokens, which needs an extra.
    """

    title: str
    description: str
    version: str
    flow_requirement: str
    has_tokens: bool
    health_check: str


@dataclass(frozen=True, slots=True)
class ComposeContext:
    """The context of `deploy/compose.yaml`.

    `name` is the project's, as compose takes it. There is a database of its own unless the
    configuration names one, and Prefect only where there are flows: its worker takes the runs of
    `pool`. `api_port` is the port of the machine; `only_here` whether the API is meant
    for that alone, because it asks nobody for credentials; `has_hosts` whether the configuration
    says what names it goes by; the `…_health` are the URLs that say how a service is.
    """

    name: Source
    title: str
    pool: str
    api_port: int
    local_database: bool
    has_flows: bool
    only_here: bool
    has_hosts: bool
    api_health: str
    server_health: str
    worker_health: str


@dataclass(frozen=True, slots=True)
class IgnoreContext:
    """The context of `deploy/Dockerfile.dockerignore`: the same for every project."""


def dockerfile(analysis: Analysis, _item: object) -> DockerfileContext:
    """Return the context of the image."""
    project = analysis.config.project
    runner = analysis.config.flows.task_runner
    extras = "flows" if runner == "threads" else f"flows,{runner}"
    return DockerfileContext(
        title=project.title or project.name,
        description=project.description,
        version=project.version,
        flow_requirement=f"pulpo-base[{extras}]" if _runs_on_prefect(analysis) else "",
        has_tokens=analysis.config.api.auth == "jwt",
        health_check=_health_check(_API_PORT, "/health"),
    )


def compose(analysis: Analysis, _item: object) -> ComposeContext:
    """Return the context of the services."""
    config = analysis.config
    return ComposeContext(
        name=package_name(config.project.name),
        title=config.project.title or config.project.name,
        pool=config.flows.work_pool.name or package_name(config.project.name),
        # 0 means any free port, which a deployment cannot mean.
        api_port=config.api.port or _API_PORT,
        local_database=not config.database.url,
        has_flows=_runs_on_prefect(analysis),
        only_here=config.api.auth == "none" and not config.api.public_without_auth,
        has_hosts=bool(config.api.allowed_hosts),
        api_health=_health_check(_API_PORT, "/health"),
        server_health=_health_check(_SERVER_PORT, "/api/health"),
        worker_health=_health_check(_WORKER_PORT, "/health"),
    )


def ignored(_analysis: Analysis, _item: object) -> IgnoreContext:
    """Return the context of the rules about what stays out of the image."""
    return IgnoreContext()


def _runs_on_prefect(analysis: Analysis) -> bool:
    return bool(analysis.flows) or any(one.async_enabled for one in analysis.app.operations)


def _health_check(port: int, path: str) -> str:
    """Return the address that answers with success while the service in the container is well."""
    return f"http://127.0.0.1:{port}{path}"
