"""`ProjectConfig`: what `.pulpo.yml` may say, with defaults that need no file at all.

Plain dataclasses, because every command reads them; `validation` judges what a file says.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any, Literal

__all__ = [
    "FALSE_MEANS",
    "ApiConfig",
    "DatabaseConfig",
    "DiffConfig",
    "DiffIgnore",
    "DiscoveryConfig",
    "FlowsConfig",
    "JwtConfig",
    "LintConfig",
    "ProjectConfig",
    "ProjectSection",
    "WorkPoolConfig",
]

#: What a client with credentials may send, unless configured: twenty requests a second.
_REQUESTS_A_MINUTE = 1_200

#: In a setting's metadata: what YAML's false stands for among its values.
FALSE_MEANS = "false_means"


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
    `.`; `exclude` are glob patterns of paths, relative to the project, to leave out. `python` is
    the Python to import the project with, such as `.venv/bin/python`, by default the one that
    runs Pulpo; `import_timeout` the seconds that importing the project may take to check it.
    """

    roots: tuple[str, ...] = ()
    exclude: tuple[str, ...] = ()
    python: str = ""
    import_timeout: float = field(default=30, metadata={"gt": 0})


@dataclass(frozen=True, slots=True)
class WorkPoolConfig:
    """The work pool of Prefect whose workers run the flows.

    `name` is the project's where it is empty. `type` says what a run is: a process of the worker's
    machine, a container, or a job of Kubernetes. `job_variables` are Prefect's for that type.
    """

    name: str = ""
    type: Literal["process", "docker", "kubernetes"] = "process"
    job_variables: dict[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class FlowsConfig:
    """Which namespaces are flows, which operations no steps, and the order of named stages.

    `schedules` are cron expressions by flow, in place of those of decorators; `timezone` is that
    of all schedules, an IANA name, and UTC where it is empty. `engine` says where flows run that
    are begun over the API: `auto` is a worker of Prefect where one takes runs, else the API.

    On Prefect, `task_runner` says where the operations of a run are called: `threads` is its own
    process, `dask` and `ray` are clusters, whose `task_runner_options` are those of Prefect's class
    (`address`). `tag_limits` says how many steps with a tag run at the same time, `result_storage`
    is the block that results go to, as `type/name`.
    """

    include: tuple[str, ...] = ()
    exclude: tuple[str, ...] = ()
    stages: tuple[str, ...] = ()
    schedules: dict[str, str] = field(default_factory=dict)
    timezone: str = ""
    engine: Literal["auto", "local", "prefect"] = "auto"
    task_runner: Literal["threads", "dask", "ray"] = "threads"
    task_runner_options: dict[str, Any] = field(default_factory=dict)
    tag_limits: dict[str, int] = field(default_factory=dict)
    work_pool: WorkPoolConfig = field(default_factory=WorkPoolConfig)
    result_storage: str = ""


@dataclass(frozen=True, slots=True)
class DatabaseConfig:
    """Where the data is. Secrets do not belong here: `PULPO_MONGODB_URL` overrides `url`.

    Without a URL a local mongod is started; the name defaults to the project's.
    """

    url: str = ""
    name: str = ""


@dataclass(frozen=True, slots=True)
class JwtConfig:
    """Whose tokens the API takes, with `auth: jwt`.

    `issuer` is the URL of an OpenID Connect issuer, `audience` whom its tokens are for. Its keys
    are at `jwks_url`, or where its metadata says. `permissions_claim` names the claim with the
    permissions, with dots one inside another.
    """

    issuer: str = ""
    audience: str = ""
    jwks_url: str = ""
    algorithms: tuple[str, ...] = ("RS256", "ES256", "EdDSA")
    permissions_claim: str = "scope"


@dataclass(frozen=True, slots=True)
class ApiConfig:
    """The generated HTTP API.

    With `require_if_match`, changes have to name the revision that they mean. `auth` says what
    credentials clients need; without any, the API answers this machine only unless
    `public_without_auth`. `allowed_hosts` are the names that it goes by besides this machine's;
    with none of them it goes by any. `public_paths`, and what is below them, need no credentials.
    `cors_origins` are the web pages that browsers let use the API. `rate_limit` counts the
    requests a minute of each key, or of each client where there are no keys; 0 is no limit, which
    is the default without `auth`, and 1200 is with it. A request to the database may take
    `database_timeout_ms`.
    """

    host: str = "127.0.0.1"
    port: int = strict(8000, ge=0, le=65535)
    slow_request_ms: int = strict(1000, gt=0)
    page_size: int = strict(20, ge=1)
    max_page_size: int = strict(200, ge=1)
    require_if_match: bool = False
    auth: Literal["none", "api_key", "jwt"] = "none"
    jwt: JwtConfig = JwtConfig()
    public_without_auth: bool = False
    allowed_hosts: tuple[str, ...] = ()
    public_paths: tuple[str, ...] = ()
    cors_origins: tuple[str, ...] = ()
    rate_limit: int | None = field(default=None, metadata={"strict": True, "ge": 0})
    max_body_bytes: int = strict(4_000_000, ge=1_000)
    database_timeout_ms: int = strict(10_000, ge=1)

    @property
    def requests_a_minute(self) -> int:
        """The rate limit that holds."""
        if self.rate_limit is not None:
            return self.rate_limit
        return 0 if self.auth == "none" else _REQUESTS_A_MINUTE


Level = Literal["off", "info", "warning", "error"]


@dataclass(frozen=True, slots=True)
class LintConfig:
    """Which findings count, and how much. A code may be a prefix, as in `PLO`.

    Errors are always shown and stay errors: generation cannot go on with them. `select` are the
    only codes that count, all where it is empty; `ignore` those that do not. `per_file_ignores`
    are codes not to look for in files that a glob pattern matches; `levels` say how much a code
    counts.
    """

    select: tuple[str, ...] = ()
    ignore: tuple[str, ...] = ()
    per_file_ignores: dict[str, tuple[str, ...]] = field(default_factory=dict)
    #: YAML reads a bare `off` as false.
    levels: dict[str, Level] = field(default_factory=dict, metadata={FALSE_MEANS: "off"})


@dataclass(frozen=True, slots=True)
class DiffIgnore:
    """Changes that `pulpo diff` leaves out, and why nobody is hurt by them.

    `code` may be a prefix, as in `PLV003`; `where` is a pattern of what changed, as in `Order.*`.
    """

    code: str
    reason: str = field(metadata={"min_length": 1})
    where: str = "*"


@dataclass(frozen=True, slots=True)
class DiffConfig:
    """Which changes count."""

    ignore: tuple[DiffIgnore, ...] = ()


@dataclass(frozen=True, slots=True)
class ProjectConfig:
    """The whole of `.pulpo.yml`.

    `extensions` are what extends the generator, each as `module:object`; `options` are theirs, by
    the extension's name.
    """

    project: ProjectSection = ProjectSection()
    discovery: DiscoveryConfig = DiscoveryConfig()
    flows: FlowsConfig = field(default_factory=FlowsConfig)
    database: DatabaseConfig = DatabaseConfig()
    api: ApiConfig = ApiConfig()
    lint: LintConfig = field(default_factory=LintConfig)
    diff: DiffConfig = DiffConfig()
    extensions: tuple[str, ...] = ()
    options: dict[str, dict[str, Any]] = field(default_factory=dict)
