"""The environment variables that the generated settings read."""

from __future__ import annotations

import json
from dataclasses import dataclass

from pulpo_analysis.analysis import Analysis
from pulpo_codegen.render.source import Source
from pulpo_codegen.targets.core import SettingsContext, settings_context

__all__ = ["EnvironmentContext", "Variable", "environment"]


@dataclass(frozen=True, slots=True)
class Variable:
    """One line of the file: a variable, what it means and the value that holds without it."""

    name: Source
    meaning: str
    default: str


@dataclass(frozen=True, slots=True)
class EnvironmentContext:
    """The context of `deploy/.env.example`."""

    title: str
    variables: tuple[Variable, ...]


def environment(analysis: Analysis, item: object) -> EnvironmentContext:
    """Return the context: every setting but the database's URL with its default.

    A URL may hold a password, so it is named and never shown.
    """
    settings = settings_context(analysis, item)
    project = analysis.config.project
    return EnvironmentContext(
        title=project.title or project.name,
        variables=(
            Variable(
                Source("PULPO_MONGODB_URL"),
                "A database that somebody else runs; ./main starts one where this is empty.",
                "",
            ),
            Variable(
                Source("PULPO_MONGODB_DATABASE"),
                "The database's name.",
                settings.mongodb_database,
            ),
            Variable(
                Source("PULPO_API_HOST"),
                "Where ./main serves the API; in a container it listens everywhere.",
                settings.api_host,
            ),
            Variable(
                Source("PULPO_API_PORT"), "The API's port on this machine.", str(settings.api_port)
            ),
            Variable(
                Source("PULPO_SLOW_REQUEST_MS"),
                "Requests that take longer, in milliseconds, are logged as slow.",
                str(settings.slow_request_ms),
            ),
            Variable(Source("PULPO_PAGE_SIZE"), "Documents a page.", str(settings.page_size)),
            Variable(
                Source("PULPO_MAX_PAGE_SIZE"),
                "The most documents that a page may be asked for.",
                str(settings.max_page_size),
            ),
            Variable(
                Source("PULPO_REQUIRE_IF_MATCH"),
                "Whether changes have to name the revision that they are of.",
                _yes(settings.require_if_match),
            ),
            Variable(Source("PULPO_SERVE_UI"), "Whether the API serves pages at /.", "true"),
            *_flows(settings),
            *_security(settings),
        ),
    )


def _flows(settings: SettingsContext) -> tuple[Variable, ...]:
    """Return what says where flows run, and how many of their steps at a time."""
    rows = (
        (
            "ENGINE",
            "Where flows begun over the API run: local, prefect, or auto (a free worker).",
            settings.flow_engine,
        ),
        (
            "TASK_RUNNER",
            "Where operations of flows on Prefect run: threads, dask or ray.",
            settings.flow_task_runner,
        ),
        (
            "TASK_RUNNER_OPTIONS",
            "Options of that task runner, as JSON.",
            json.dumps(settings.flow_task_runner_options),
        ),
        (
            "TAG_LIMITS",
            "How many steps with a tag run at the same time, as JSON.",
            json.dumps(settings.flow_tag_limits),
        ),
        ("POOL", "Prefect's work pool.", settings.flow_pool),
        ("POOL_TYPE", "What a run is: process, docker or kubernetes.", settings.flow_pool_type),
        (
            "JOB_VARIABLES",
            "Prefect's variables of jobs of that type, as JSON.",
            json.dumps(settings.flow_job_variables),
        ),
        (
            "RESULT_STORAGE",
            "Prefect's block that results go to, as type/name; empty for none.",
            settings.flow_result_storage,
        ),
    )
    return tuple(Variable(Source(f"PULPO_FLOW_{name}"), text, value) for name, text, value in rows)


def _security(settings: SettingsContext) -> tuple[Variable, ...]:
    """Return what says who may use the API, and how much of it."""
    rows = (
        ("AUTH", "What clients sign in with: none, api_key or jwt.", settings.auth),
        (
            "PUBLIC_WITHOUT_AUTH",
            "Whether an API without sign-in answers other machines than this one.",
            _yes(settings.public_without_auth),
        ),
        (
            "ALLOWED_HOSTS",
            "Names that the API goes by besides this machine's, as a JSON list; any without them.",
            _listed(settings.allowed_hosts),
        ),
        (
            "PUBLIC_PATHS",
            "Paths that need no sign-in, as a JSON list.",
            _listed(settings.public_paths),
        ),
        (
            "CORS_ORIGINS",
            "Web pages whose scripts may use the API, as a JSON list of origins.",
            _listed(settings.cors_origins),
        ),
        (
            "RATE_LIMIT",
            "Requests a minute of each key, or each client without keys; 0 for no limit.",
            str(settings.rate_limit),
        ),
        ("MAX_BODY_BYTES", "The largest request.", str(settings.max_body_bytes)),
        (
            "DATABASE_TIMEOUT_MS",
            "How long the API waits for the database, in milliseconds.",
            str(settings.database_timeout_ms),
        ),
        ("JWT_ISSUER", "Whose tokens are taken.", settings.jwt_issuer),
        ("JWT_AUDIENCE", "Whom tokens are for.", settings.jwt_audience),
        ("JWT_JWKS_URL", "The issuer's keys; empty to ask it where.", settings.jwt_jwks_url),
        (
            "JWT_ALGORITHMS",
            "What tokens may be signed with, as a JSON list.",
            _listed(settings.jwt_algorithms),
        ),
        (
            "JWT_PERMISSIONS_CLAIM",
            "The claim of a token with the permissions.",
            settings.jwt_permissions_claim,
        ),
    )
    return tuple(Variable(Source(f"PULPO_{name}"), text, value) for name, text, value in rows)


def _listed(items: tuple[str, ...]) -> str:
    return json.dumps(items)


def _yes(value: bool) -> str:
    return str(value).lower()
