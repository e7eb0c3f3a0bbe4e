"""What the API wants of who calls it, before and after."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from pulpo_analysis.changes.change import Change, change
from pulpo_base.specs import ModelSpec, OperationSpec, SourceLocation

__all__ = ["model_permissions", "operation_permissions"]


def operation_permissions(old: OperationSpec, new: OperationSpec) -> Iterator[Change]:
    """Yield which permissions calling an operation wants now, and which no longer."""
    where = f"{new.name}.permissions"
    yield from _changes(
        where, f"calling {new.name}", old.permissions, new.permissions, new.location
    )


def model_permissions(old: ModelSpec, new: ModelSpec) -> Iterator[Change]:
    """Yield which permissions a model's documents want now, and which no longer.

    Who changes them needs those of who reads them, too: what is told of reading is not told twice.
    """
    readers, now = set(old.permissions), set(new.permissions)
    where = f"{new.name}.permissions"
    yield from _changes(where, f"reading {new.name}", readers, now, new.location)
    told = readers ^ now
    writers = (readers | set(old.write_permissions)) - told
    now = (now | set(new.write_permissions)) - told
    where = f"{new.name}.write_permissions"
    yield from _changes(where, f"changing {new.name}", writers, now, new.location)


def _changes(
    where: str, what: str, old: Iterable[str], new: Iterable[str], location: SourceLocation
) -> Iterator[Change]:
    before, after = set(old), set(new)
    if added := sorted(after - before):
        yield change("PLV019", where, f"{what} wants {', '.join(added)} now", location)
    if removed := sorted(before - after):
        yield change("PLV007", where, f"{what} no longer wants {', '.join(removed)}", location)
