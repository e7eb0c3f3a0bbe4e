"""`ProjectConfig`: what `.pulpo.yml` may say, with defaults that need no file at all.

Plain dataclasses, because every command reads them; `validation` judges what a file says.
"""

from __future__ import annotations

from typing import Any

from pulpo_base.records import dataclass, field

__all__ = [
    "ApiConfig",
    "DatabaseConfig",
    "DiscoveryConfig",
    "FlowsConfig",
    "LintConfig",
    "ProjectConfig",
    "ProjectSection",
]


def strict(default: int, **bounds: int) -> Any:
    """Return a number's default with pydantic's bounds: YAML's `no` would otherwise be 0."""
    return field(default=default, metadata={"strict": True, **bounds})


@dataclass(frozen=True, slots=True)
class ProjectSection:
    """Who the project is; the name defaults to the folder's, the title to the name."""

    name: str = ""
    title: str = ""
    description: str = ""
    version: str = "0.1.0"


@dataclass(frozen=True, slots=True)
class DiscoveryConfig:
    """Where user code is looked for.

    `roots` are the folders that imports start from, by default `src` where it holds code, and
    `.`; `exclude` are glob patterns of paths, relative to the project, to leave out.
    """

    roots: tuple[str, ...] = ()
    exclude: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class FlowsConfig:
    """Which namespaces are flows, which operations no steps, and the order of named stages."""

    include: tuple[str, ...] = ()
    exclude: tuple[str, ...] = ()
    stages: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class DatabaseConfig:
    """Where the data is. Secrets do not belong here: `PULPO_MONGODB_URL` overrides `url`.

    Without a URL a local mongod is started; the name defaults to the project's.
    """

    url: str = ""
    name: str = ""


@dataclass(frozen=True, slots=True)
class ApiConfig:
    """The generated HTTP API."""

    host: str = "127.0.0.1"
    port: int = strict(8000, ge=0, le=65535)
    slow_request_ms: int = strict(1000, gt=0)
    page_size: int = strict(20, ge=1)
    max_page_size: int = strict(200, ge=1)


@dataclass(frozen=True, slots=True)
class LintConfig:
    """Which findings count: `ignore` holds codes or prefixes of them, as in `PLO`."""

    ignore: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class ProjectConfig:
    """The whole of `.pulpo.yml`."""

    project: ProjectSection = ProjectSection()
    discovery: DiscoveryConfig = DiscoveryConfig()
    flows: FlowsConfig = FlowsConfig()
    database: DatabaseConfig = DatabaseConfig()
    api: ApiConfig = ApiConfig()
    lint: LintConfig = LintConfig()
