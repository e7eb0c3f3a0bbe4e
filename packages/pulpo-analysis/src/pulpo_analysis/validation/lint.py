"""Lint: every rule over one project; `rules` lists them."""

from __future__ import annotations

from collections.abc import Iterator

from pulpo_analysis.diagnostics.catalogue import finding
from pulpo_analysis.diagnostics.diagnostic import Diagnostic, Severity
from pulpo_analysis.discovery.protocol import Discovered
from pulpo_analysis.validation.rule import Project
from pulpo_analysis.validation.rules import RULES

__all__ = ["lint", "nothing_found"]


def lint(project: Project) -> Iterator[Diagnostic]:
    """Yield the findings of every rule."""
    for rule in RULES:
        yield from rule.judge(project)


def nothing_found(discovered: Discovered) -> Iterator[Diagnostic]:
    """PLD006: a project without a model or an operation, where no other error says why."""
    errors = any(found.severity is Severity.ERROR for found in discovered.diagnostics)
    if not discovered.models and not discovered.operations and not errors:
        yield finding(
            "PLD006",
            "no model and no operation was found",
            hint="declare them with @datamodel and @operation; `discovery.roots` and "
            "`discovery.exclude` in .pulpo.yml say where to look",
        )
