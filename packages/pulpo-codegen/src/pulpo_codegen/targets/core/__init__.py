"""The `core` target: what the API, the flows and the command line all stand on."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

from pulpo_analysis.analysis import Analysis
from pulpo_base.specs import SourceLocation
from pulpo_codegen.plan import Reads, Row, TableTarget, once
from pulpo_codegen.python.names import package_name
from pulpo_codegen.python.project import imports_for
from pulpo_codegen.render.source import Source

__all__ = ["CORE", "SettingsContext", "settings_context"]


@dataclass(frozen=True, slots=True)
class PackageContext:
    """The context of `run_cache/__init__.py`: the folders, besides the project's, of user code."""

    title: str
    source_roots: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class SettingsContext:
    """The context of `run_cache/settings.py`: the defaults that `.pulpo.yml` gives."""

    title: str
    mongodb_url: str
    mongodb_database: str
    api_host: str
    api_port: int
    slow_request_ms: int
    page_size: int
    max_page_size: int
    require_if_match: bool
    flow_engine: str
    flow_task_runner: str
    flow_task_runner_options: Mapping[str, Any]
    flow_tag_limits: Mapping[str, int]
    flow_pool: str
    flow_pool_type: str
    flow_job_variables: Mapping[str, Any]
    flow_result_storage: str
    auth: str
    jwt_issuer: str
    jwt_audience: str
    jwt_jwks_url: str
    jwt_algorithms: tuple[str, ...]
    jwt_permissions_claim: str
    public_without_auth: bool
    allowed_hosts: tuple[str, ...]
    public_paths: tuple[str, ...]
    cors_origins: tuple[str, ...]
    rate_limit: int
    max_body_bytes: int
    database_timeout_ms: int


@dataclass(frozen=True, slots=True)
class DatabaseContext:
    """The context of `run_cache/database.py`: every document class by its local name."""

    imports: Source
    documents: tuple[Source, ...]


@dataclass(frozen=True, slots=True)
class OperationsContext:
    """The context of `run_cache/operations.py`: dotted names and what they stand for."""

    imports: Source
    operations: tuple[tuple[str, Source], ...]


@dataclass(frozen=True, slots=True)
class FormatContext:
    """The context of `run_cache/ruff.toml`: where user code is, as seen from there."""

    source_roots: tuple[str, ...]


def _package(analysis: Analysis, _item: object) -> PackageContext:
    roots = tuple(root for root in analysis.app.source_roots if root != ".")
    return PackageContext(analysis.config.project.name, roots)


def settings_context(analysis: Analysis, _item: object) -> SettingsContext:
    """Return the defaults of the generated settings."""
    config = analysis.config
    api, jwt, flows = config.api, config.api.jwt, config.flows
    return SettingsContext(
        title=config.project.name,
        mongodb_url=config.database.url,
        mongodb_database=config.database.name or database_name(config.project.name),
        api_host=api.host,
        api_port=api.port,
        slow_request_ms=api.slow_request_ms,
        page_size=api.page_size,
        max_page_size=api.max_page_size,
        require_if_match=api.require_if_match,
        flow_engine=flows.engine,
        flow_task_runner=flows.task_runner,
        flow_task_runner_options=flows.task_runner_options,
        flow_tag_limits=flows.tag_limits,
        flow_pool=flows.work_pool.name or package_name(config.project.name),
        flow_pool_type=flows.work_pool.type,
        flow_job_variables=flows.work_pool.job_variables,
        flow_result_storage=flows.result_storage,
        auth=api.auth,
        jwt_issuer=jwt.issuer,
        jwt_audience=jwt.audience,
        jwt_jwks_url=jwt.jwks_url,
        jwt_algorithms=jwt.algorithms,
        jwt_permissions_claim=jwt.permissions_claim,
        public_without_auth=api.public_without_auth,
        allowed_hosts=api.allowed_hosts,
        public_paths=api.public_paths,
        cors_origins=api.cors_origins,
        rate_limit=api.requests_a_minute,
        max_body_bytes=api.max_body_bytes,
        database_timeout_ms=api.database_timeout_ms,
    )


def database_name(project: str) -> str:
    """Return the project's name as MongoDB takes it: without its special characters, 63 bytes."""
    # YAML can spell half a character (`\ud83d`), which UTF-8 cannot.
    whole = project.encode("utf-8", "replace").decode("utf-8")
    text = "".join("_" if char in '/\\. "$*<>:|?\0' else char for char in whole)
    return text.encode()[:63].decode("utf-8", "ignore") or "project"


def _database(analysis: Analysis, _item: object) -> DatabaseContext:
    imports = imports_for(analysis, "DOCUMENTS", "database")
    imports.fixed("contextlib", "AbstractAsyncContextManager")
    imports.fixed("typing", "Any")
    imports.fixed("beanie", "Document")
    imports.fixed("pulpo_base.database.connection", "connected")
    imports.fixed("pymongo.asynchronous.database", "AsyncDatabase")
    imports.fixed("run_cache.settings", "settings")
    documents = tuple(imports.use(model.module, model.qualname) for model in analysis.app.models)
    return DatabaseContext(imports.block(), documents)


def _operations(analysis: Analysis, _item: object) -> OperationsContext:
    imports = imports_for(analysis, "OPERATIONS")
    imports.fixed("collections.abc", "Callable", "Mapping")
    imports.fixed("types", "MappingProxyType")
    imports.fixed("typing", "Any")
    operations = sorted(analysis.app.operations, key=lambda operation: operation.name)
    named = tuple(
        (operation.name, imports.use(operation.module, operation.qualname))
        for operation in operations
    )
    return OperationsContext(imports.block(), named)


def _format(analysis: Analysis, _item: object) -> FormatContext:
    roots = sorted({*analysis.app.source_roots, "."})
    return FormatContext(tuple(".." if root == "." else f"../{root}" for root in roots))


def _model_places(analysis: Analysis, _item: object) -> tuple[SourceLocation, ...]:
    return tuple(model.location for model in analysis.app.models)


def _operation_places(analysis: Analysis, _item: object) -> tuple[SourceLocation, ...]:
    return tuple(operation.location for operation in analysis.app.operations)


CORE: Final = TableTarget(
    "core",
    (
        Row(
            template="core/__init__.py.jinja",
            reads=Reads(config=("project",), project=("source_roots",)),
            each=once,
            path="__init__.py",
            context=_package,
        ),
        Row(
            template="core/settings.py.jinja",
            reads=Reads(config=("project", "database", "api", "flows")),
            each=once,
            path="settings.py",
            context=settings_context,
        ),
        Row(
            template="core/database.py.jinja",
            reads=Reads(models=("class", "file")),
            each=once,
            path="database.py",
            context=_database,
            origins=_model_places,
        ),
        Row(
            template="core/operations.py.jinja",
            reads=Reads(operations=("name", "class", "file")),
            each=once,
            path="operations.py",
            context=_operations,
            origins=_operation_places,
        ),
        Row(
            template="core/ruff.toml.jinja",
            reads=Reads(project=("source_roots",)),
            each=once,
            path="ruff.toml",
            context=_format,
        ),
    ),
)
