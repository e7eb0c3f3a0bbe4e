"""The environment variables that the generated settings read."""

from __future__ import annotations

from dataclasses import dataclass

from pulpo_analysis.analysis import Analysis
from pulpo_codegen.render.source import Source
from pulpo_codegen.targets.core import settings_context

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
        ),
    )
