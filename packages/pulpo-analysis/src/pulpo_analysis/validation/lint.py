"""Lint: every rule over one project; the rules themselves stand beside this module."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator

from pulpo_analysis.config.settings import LintConfig
from pulpo_analysis.diagnostics.catalogue import finding
from pulpo_analysis.diagnostics.diagnostic import Diagnostic, Severity
from pulpo_analysis.discovery.protocol import Discovered
from pulpo_analysis.registries.app import AppSpec
from pulpo_analysis.validation import bodies, models, operations

__all__ = ["RULES", "Rule", "lint", "nothing_found", "without_ignored"]

Rule = Callable[[AppSpec], Iterable[Diagnostic]]

#: Add a rule by adding it here, its code to the catalogue and its page to `docs/errors/`.
RULES: tuple[Rule, ...] = (
    bodies.documented_raises,
    bodies.touched_models,
    bodies.undeclared_writes,
    models.described,
    models.known_fields,
    models.reachable_collections,
    models.readable_decimals,
    operations.declared_output,
    operations.described,
    operations.dotted,
    operations.reachable,
    operations.touching,
)


def lint(app: AppSpec) -> Iterator[Diagnostic]:
    """Yield the findings of every rule."""
    for rule in RULES:
        yield from rule(app)


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


def without_ignored(diagnostics: Iterable[Diagnostic], config: LintConfig) -> Iterator[Diagnostic]:
    """Yield what `lint.ignore` leaves; an error stops generation and cannot be ignored."""
    ignored = tuple(filter(None, config.ignore))
    for found in diagnostics:
        if found.severity is Severity.ERROR or not ignored or not found.code.startswith(ignored):
            yield found
