"""Findings as GitHub's workflow commands, which put them beside the lines of a pull request.

The format: https://docs.github.com/actions/reference/workflow-commands-for-github-actions.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from pulpo_analysis.diagnostics.diagnostic import Diagnostic, Severity

__all__ = ["workflow_commands"]

_COMMANDS = {Severity.ERROR: "error", Severity.WARNING: "warning", Severity.INFO: "notice"}


def workflow_commands(diagnostics: Iterable[Diagnostic]) -> Iterator[str]:
    """Yield one line for each finding."""
    for found in diagnostics:
        place = found.location
        options = {"title": f"{found.code} {found.title}"}
        if place:
            options = {
                "file": place.path,
                "line": str(place.line),
                "col": str(place.column),
                **options,
            }
        text = "\n".join(filter(None, (found.message, found.hint)))
        said = ",".join(f"{name}={_value(value)}" for name, value in options.items())
        yield f"::{_COMMANDS[found.severity]} {said}::{_data(text)}"


def _data(text: str) -> str:
    """Return a message without what would end the line."""
    return text.replace("%", "%25").replace("\r", "%0D").replace("\n", "%0A")


def _value(text: str) -> str:
    """Return the value of an option, which a comma or a colon would end as well."""
    return _data(text).replace(":", "%3A").replace(",", "%2C")
