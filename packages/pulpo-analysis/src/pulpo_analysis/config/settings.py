"""`ProjectConfig`: what `.pulpo.yml` may say, with defaults that need no file at all."""

from __future__ import annotations

from typing import Annotated, Any, Literal

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field

__all__ = [
    "ApiConfig",
    "DatabaseConfig",
    "DiffConfig",
    "DiffIgnore",
    "DiscoveryConfig",
    "FlowsConfig",
    "LintConfig",
    "ProjectConfig",
    "ProjectSection",
]


class Section(BaseModel):
    """A part of the configuration: immutable, unknown keys are reported by the loader."""

    model_config = ConfigDict(frozen=True, extra="forbid")


class ProjectSection(Section):
    """Who the project is."""

    name: str = Field(default="", description="Defaults to the folder's name.")
    title: str = Field(default="", description="Shown in the API docs; defaults to the name.")
    description: str = ""
    version: str = "0.1.0"


class DiscoveryConfig(Section):
    """Where user code is looked for."""

    roots: tuple[str, ...] = Field(
        default=(),
        description="Folders that imports start from; default: `src` where it holds code, and `.`.",
    )
    exclude: tuple[str, ...] = Field(
        default=(), description="Glob patterns of paths, relative to the project, to leave out."
    )
    python: str = Field(
        default="",
        description="The Python to import the project with, such as `.venv/bin/python`; "
        "default: the one that runs Pulpo.",
    )
    import_timeout: float = Field(
        default=30, gt=0, description="Seconds that importing the project may take to check it."
    )


class FlowsConfig(Section):
    """Which namespaces are flows, and the order of named stages."""

    include: tuple[str, ...] = ()
    exclude: tuple[str, ...] = Field(
        default=(), description="Operation name patterns (`orders.*`) that are no flow steps."
    )
    stages: tuple[str, ...] = ()


class DatabaseConfig(Section):
    """Where the data is. Secrets do not belong here: `PULPO_MONGODB_URL` overrides `url`."""

    url: str = Field(default="", description="Empty: a local mongod is started.")
    name: str = Field(default="", description="Defaults to the project's name.")


class ApiConfig(Section):
    """The generated HTTP API. Numbers are strict: YAML's `no` would otherwise be port 0."""

    host: str = "127.0.0.1"
    port: int = Field(default=8000, strict=True, ge=0, le=65535)
    slow_request_ms: int = Field(default=1000, strict=True, gt=0)
    page_size: int = Field(default=20, strict=True, ge=1)
    max_page_size: int = Field(default=200, strict=True, ge=1)
    require_if_match: bool = Field(
        default=False, description="Changes have to name the revision that they mean."
    )


#: YAML reads a bare `off` as false.
Level = Annotated[
    Literal["off", "info", "warning", "error"],
    BeforeValidator(lambda level: "off" if level is False else level),
]


class LintConfig(Section):
    """Which findings count, and how much. A code may be a prefix, as in `PLO`.

    Errors are always shown and stay errors: generation cannot go on with them.
    """

    select: tuple[str, ...] = Field(default=(), description="Only these codes; empty means all.")
    ignore: tuple[str, ...] = Field(default=(), description="Not these codes.")
    per_file_ignores: dict[str, tuple[str, ...]] = Field(
        default={}, description="Codes not to look for in files that a glob pattern matches."
    )
    levels: dict[str, Level] = Field(
        default={}, description="Code to `off`, `info`, `warning` or `error`."
    )


class DiffIgnore(Section):
    """Changes that `pulpo diff` leaves out, and why."""

    code: str = Field(description="A code or prefix, as in `PLV003`.")
    where: str = Field(default="*", description="A pattern of what changed, as in `Order.*`.")
    reason: str = Field(min_length=1, description="Why nobody is hurt by it.")


class DiffConfig(Section):
    """Which changes count."""

    ignore: tuple[DiffIgnore, ...] = ()


class ProjectConfig(Section):
    """The whole of `.pulpo.yml`."""

    project: ProjectSection = ProjectSection()
    discovery: DiscoveryConfig = DiscoveryConfig()
    flows: FlowsConfig = FlowsConfig()
    database: DatabaseConfig = DatabaseConfig()
    api: ApiConfig = ApiConfig()
    lint: LintConfig = LintConfig()
    diff: DiffConfig = DiffConfig()
    extensions: tuple[str, ...] = Field(
        default=(), description="What extends the generator, each as `module:object`."
    )
    options: dict[str, dict[str, Any]] = Field(
        default={}, description="Options of extensions, by the extension's name."
    )
