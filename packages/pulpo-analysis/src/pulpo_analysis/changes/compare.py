"""`compare`: every difference between two snapshots, judged; the ignored ones set apart."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from fnmatch import fnmatchcase

from pulpo_analysis.changes.change import Change
from pulpo_analysis.changes.models import ModelChanges
from pulpo_analysis.changes.operations import OperationChanges
from pulpo_analysis.changes.renames import renamed_models, renamed_operations
from pulpo_analysis.changes.snapshot import Snapshot
from pulpo_analysis.changes.types import Names
from pulpo_analysis.config.settings import DiffIgnore
from pulpo_analysis.diagnostics.diagnostic import Severity

__all__ = ["Compared", "compare", "without_ignored"]

_WEIGHT = {Severity.ERROR: 0, Severity.WARNING: 1, Severity.INFO: 2}


@dataclass(frozen=True, slots=True)
class Compared:
    """The changes that count, and those that the configuration ignores, each with its reason."""

    changes: tuple[Change, ...]
    ignored: tuple[tuple[Change, str], ...] = ()


def compare(before: Snapshot, after: Snapshot) -> tuple[Change, ...]:
    """Return every change, the breaking ones first, then those that risk data, then the safe."""
    models = renamed_models(before.app.models, after.app.models)
    names = Names(before.app, after.app, models)
    operations = renamed_operations(before.app.operations, after.app.operations, names)
    running = OperationChanges(before.app, after.app, operations, names)
    found = (
        *ModelChanges(before.app, after.app, models, names).all(),
        *running.all(),
        *running.flows(before.flows, after.flows),
    )
    return tuple(sorted(dict.fromkeys(found), key=_order))


def without_ignored(changes: Iterable[Change], ignores: Iterable[DiffIgnore]) -> Compared:
    """Set apart what `diff.ignore` of the configuration speaks of; the first that fits counts."""
    rules = list(ignores)
    kept: list[Change] = []
    ignored: list[tuple[Change, str]] = []
    for one in changes:
        fitting = (rule.reason for rule in rules if _fits(rule, one))
        reason = next(fitting, None)
        if reason is None:
            kept.append(one)
        else:
            ignored.append((one, reason))
    return Compared(tuple(kept), tuple(ignored))


def _fits(rule: DiffIgnore, one: Change) -> bool:
    return one.diagnostic.code.startswith(rule.code) and fnmatchcase(one.where, rule.where)


def _order(one: Change) -> tuple[int, str, str, str]:
    found = one.diagnostic
    return _WEIGHT[found.severity], one.where, found.code, found.message
