"""Modules of the user's that take the name of what everything else imports."""

from __future__ import annotations

import sys
from collections.abc import Iterable, Iterator

from pulpo_analysis.diagnostics.catalogue import finding
from pulpo_analysis.diagnostics.diagnostic import Diagnostic, Severity
from pulpo_analysis.discovery.files import SourceFile
from pulpo_base.specs import SourceLocation

__all__ = ["hiding"]

_GENERATED = "run_cache"

#: What generated code imports: without these nothing starts.
_NEEDED = frozenset(
    [
        "beanie",
        "bson",
        "fastapi",
        "httpx",
        "prefect",
        "pulpo_base",
        "pulpo_selfaware",
        "pulpo_utils",
        "pydantic",
        "pydantic_settings",
        "pymongo",
        "rich",
        "starlette",
        "typer",
        "uvicorn",
    ]
)


def hiding(files: Iterable[SourceFile]) -> Iterator[Diagnostic]:
    """Yield a finding for each file at a source root that another module of its name needs."""
    for file in files:
        found = _meaning(file.module)
        if found is not None:
            severity, meaning = found
            yield finding(
                "PLD013",
                f"`import {file.module}` can mean {file.relative} or {meaning}, not both",
                SourceLocation(file.relative),
                hint="give the file another name",
                severity=severity,
            )


def _meaning(module: str) -> tuple[Severity, str] | None:
    if module == _GENERATED:
        return Severity.ERROR, "the generated package"
    if module in _NEEDED:
        return Severity.ERROR, f"the library {module}, which generated code needs"
    if module in sys.stdlib_module_names:
        return Severity.WARNING, f"Python's own module {module}"
    return None
