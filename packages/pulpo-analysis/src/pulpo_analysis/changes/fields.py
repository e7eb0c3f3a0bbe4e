"""The fields of one model or schema, before and after, judged by who depends on them."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from enum import Enum, auto

from pulpo_analysis.changes.change import Change, change
from pulpo_analysis.changes.renames import renamed_fields
from pulpo_analysis.changes.types import Names, Shift, shift
from pulpo_analysis.registries.app import AppSpec
from pulpo_base.specs import FieldSpec, SourceLocation

__all__ = ["Record", "Role", "field_changes"]


class Role(Enum):
    """Who depends on a record's fields."""

    STORED = auto()
    """The database: what was written must be read."""
    INPUT = auto()
    """Callers: what was accepted must be accepted."""
    OUTPUT = auto()
    """Readers: what was promised must be there."""


@dataclass(frozen=True, slots=True)
class Record:
    """What has fields, before and after: a model, a schema, or the parameters of a flow.

    `where` names it in the new snapshot, as people speak of it.
    """

    where: str
    before: Sequence[FieldSpec]
    after: Sequence[FieldSpec]
    location: SourceLocation | None = None


def field_changes(record: Record, role: Role, names: Names, app: AppSpec) -> Iterator[Change]:
    """Yield what changed in a record's fields for one role; `app` is the new snapshot's."""
    comparing = _Comparing(record, role, names, app)
    old = {spec.name: spec for spec in record.before}
    new = {spec.name: spec for spec in record.after}
    renamed = renamed_fields(record.before, record.after, names)
    for name, spec in old.items():
        if name in new:
            yield from comparing.changed(spec, new[name])
        elif name in renamed:
            yield comparing.renamed(spec, new[renamed[name]])
        else:
            yield comparing.removed(spec)
    for name, spec in new.items():
        if name not in old and name not in renamed.values():
            yield comparing.added(spec)


#: The codes of what happens to a field, by role. What no role minds is safe.
_REMOVED = {Role.STORED: "PLV001", Role.INPUT: "PLV015", Role.OUTPUT: "PLV016"}
_NARROWED = {Role.STORED: "PLV002", Role.INPUT: "PLV015", Role.OUTPUT: "PLV021"}
_WIDENED = {Role.STORED: "PLV021", Role.INPUT: "PLV021", Role.OUTPUT: "PLV016"}
_OTHER = {Role.STORED: "PLV002", Role.INPUT: "PLV015", Role.OUTPUT: "PLV016"}
_REQUIRED = {Role.STORED: "PLV003", Role.INPUT: "PLV015", Role.OUTPUT: "PLV021"}
_RENAMED = {Role.STORED: "PLV004", Role.INPUT: "PLV015", Role.OUTPUT: "PLV016"}
_SHIFTS = {Shift.NARROWER: _NARROWED, Shift.WIDER: _WIDENED, Shift.OTHER: _OTHER}
_WORDS = {
    Shift.NARROWER: "accepts less",
    Shift.WIDER: "holds more",
    Shift.OTHER: "holds something else",
}

_MOVE = "if so, keep the old name as its `alias`, or move the data before you release"
_BOTH = "if so, keep the old name as its `alias`"


@dataclass(frozen=True, slots=True)
class _Comparing:
    record: Record
    role: Role
    names: Names
    app: AppSpec

    def removed(self, spec: FieldSpec) -> Change:
        message = f"{self._where(spec)} is removed (it was {self._type(spec)})"
        return self._change(_REMOVED, spec, message, self.record.location)

    def renamed(self, old: FieldSpec, new: FieldSpec) -> Change:
        message = f"{self._where(old)} is gone, and may be {new.name!r} now"
        hint = _MOVE if self.role is Role.STORED else _BOTH
        return self._change(_RENAMED, new, message, new.location, hint=hint)

    def added(self, spec: FieldSpec) -> Change:
        if spec.required:
            message = f"{self._where(spec)} is new and required ({self._type(spec)})"
            return self._change(_REQUIRED, spec, message, spec.location, hint="give it a default")
        message = f"{self._where(spec)} is new ({self._type(spec)})"
        return change("PLV020", self._where(spec), message, self._place(spec.location))

    def changed(self, old: FieldSpec, new: FieldSpec) -> Iterator[Change]:
        if _wire(old) != _wire(new):
            names = f"{_wire(new)!r} outside, no longer {_wire(old)!r}"
            message = f"{self._where(new)} is called {names}"
            yield self._change(_RENAMED, new, message, new.location)
        if new.required and not old.required:
            message = f"{self._where(new)} has no default any more: it is required"
            yield self._change(_REQUIRED, new, message, new.location, hint="give it a default")
        elif old.required and not new.required:
            message = f"{self._where(new)} is optional now"
            yield change("PLV021", self._where(new), message, self._place(new.location))
        elif old.default != new.default:
            message = f"{self._where(new)} has the default {new.default}, no longer {old.default}"
            yield change("PLV024", self._where(new), message, self._place(new.location))
        yield from self._shifted(old, new)
        yield from self._unique(old, new)

    def _shifted(self, old: FieldSpec, new: FieldSpec) -> Iterator[Change]:
        before = self.names(old.type)
        moved = shift(before, new.type, old.constraints, new.constraints, self.app)
        if moved is not Shift.SAME:
            rules = _rules(old), _rules(new)
            was, now = (f"{spec.type}{rule}" for spec, rule in zip((old, new), rules, strict=True))
            message = f"{self._where(new)} {_WORDS[moved]}: it is {now}, and was {was}"
            yield self._change(_SHIFTS[moved], new, message, new.location)

    def _unique(self, old: FieldSpec, new: FieldSpec) -> Iterator[Change]:
        if self.role is not Role.STORED:
            return
        where, place = self._where(new), self._place(new.location)
        if new.unique and not old.unique:
            yield change("PLV005", where, f"{where} must be unique now", place)
        elif (old.unique, old.indexed) != (new.unique, new.indexed):
            what = "is no longer unique" if old.unique else "has another index"
            yield change("PLV023", where, f"{where} {what}", place)

    def _change(
        self,
        codes: dict[Role, str],
        spec: FieldSpec,
        message: str,
        location: SourceLocation | None,
        hint: str = "",
    ) -> Change:
        code = codes[self.role]
        return change(code, self._where(spec), message, self._place(location), hint=hint)

    def _where(self, spec: FieldSpec) -> str:
        return f"{self.record.where}.{spec.name}"

    def _place(self, location: SourceLocation | None) -> SourceLocation | None:
        return location or self.record.location

    def _type(self, spec: FieldSpec) -> str:
        return f"{spec.type}{_rules(spec)}"


def _wire(spec: FieldSpec) -> str:
    return spec.alias or spec.name


def _rules(spec: FieldSpec) -> str:
    rules = ", ".join(f"{name} {value}" for name, value in spec.constraints)
    return f" ({rules})" if rules else ""
