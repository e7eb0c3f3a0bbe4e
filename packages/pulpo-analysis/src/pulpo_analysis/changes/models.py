"""Models, schemas and enumerations, before and after."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from pulpo_analysis.changes.change import Change, change, file_of
from pulpo_analysis.changes.fields import Record, Role, field_changes
from pulpo_analysis.changes.permissions import model_permissions
from pulpo_analysis.changes.types import Names
from pulpo_analysis.diagnostics.diagnostic import Severity
from pulpo_analysis.registries.app import AppSpec
from pulpo_base.specs import EnumSpec, IndexSpec, ModelSpec, SchemaSpec, TypeRef

__all__ = ["ModelChanges"]


@dataclass(frozen=True, slots=True)
class ModelChanges:
    """Compares the data of two snapshots; `renamed` gives the new names of models."""

    before: AppSpec
    after: AppSpec
    renamed: dict[str, str]
    names: Names

    def all(self) -> Iterator[Change]:
        """Yield what changed in models, schemas and enumerations."""
        yield from self._models()
        yield from self._schemas()
        yield from self._enums()

    def _models(self) -> Iterator[Change]:
        for old in self.before.models:
            new = self.after.model(self.renamed.get(old.name, old.name))
            if new is None:
                hint = f"its documents stay in the collection {old.collection!r}"
                message = f"the model {old.name} is removed"
                yield change("PLV010", old.name, message, file_of(old.location), hint=hint)
                continue
            yield from self._model(old, new)
        known = {model.name for model in self.before.models} | set(self.renamed.values())
        for new in self.after.models:
            if new.name not in known:
                message = f"the model {new.name} is new"
                yield change("PLV020", new.name, message, new.location)

    def _model(self, old: ModelSpec, new: ModelSpec) -> Iterator[Change]:
        moved = old.collection != new.collection
        if old.name != new.name:
            # Its routes have the collection's name, which may have stayed.
            weight = None if moved else Severity.INFO
            message = f"the model {old.name} is gone, and may be {new.name} now"
            yield change("PLV013", new.name, message, new.location, severity=weight)
        if moved:
            message = (
                f"{new.name} is stored in {new.collection!r} and served at /api/{new.collection}, "
                f"no longer {old.collection!r}"
            )
            hint = f'keep `Settings.name = "{old.collection}"`, or move the documents'
            yield change("PLV014", new.name, message, new.location, hint=hint)
        record = Record(new.name, old.fields, new.fields, new.location)
        yield from field_changes(record, Role.STORED, self.names, self.after)
        yield from _indexes(old, new)
        yield from model_permissions(old, new)

    def _schemas(self) -> Iterator[Change]:
        reached = {role: _reached(self.after, refs) for role, refs in _ends(self.after).items()}
        new = {schema.name: schema for schema in self.after.schemas}
        for old in self.before.schemas:
            now = new.get(old.name)
            if now is None:
                continue  # whoever used it has another type now, and that is a change of its own
            record = Record(now.name, old.fields, now.fields, now.location)
            for role in Role:
                if now.key in reached[role]:
                    yield from field_changes(record, role, self.names, self.after)

    def _enums(self) -> Iterator[Change]:
        ends = {role: _reached(self.after, refs) for role, refs in _ends(self.after).items()}
        new = {enum.name: enum for enum in self.after.enums}
        for old in self.before.enums:
            now = new.get(old.name)
            if now is not None:
                yield from _members(old, now, [role for role in Role if now.key in ends[role]])


def _members(old: EnumSpec, new: EnumSpec, roles: list[Role]) -> Iterator[Change]:
    values = {value for _, value in new.members}
    for name, value in old.members:
        if value in values:
            continue
        where = f"{new.name}.{name}"
        message = f"{where} ({value!r}) is no value any more"
        if Role.STORED in roles:
            yield change("PLV006", where, message, new.location)
        if Role.INPUT in roles:
            yield change("PLV015", where, message, new.location)
    known = {value for _, value in old.members}
    for name, value in new.members:
        if value not in known:
            where = f"{new.name}.{name}"
            # Who reads what is returned finds a value that was never promised.
            code = "PLV016" if Role.OUTPUT in roles else "PLV020"
            yield change(code, where, f"{where} ({value!r}) is new", new.location)


def _indexes(old: ModelSpec, new: ModelSpec) -> Iterator[Change]:
    before, after = ({_keys(index): index for index in one.indexes} for one in (old, new))
    for keys, index in after.items():
        where = f"{new.name}.{_called(index)}"
        had = before.get(keys)
        if index.unique and (had is None or not had.unique):
            message = f"the combination {_called(index)} of {new.name} must be unique now"
            yield change("PLV005", where, message, new.location)
        elif had is None or had.unique is not index.unique:
            yield change("PLV023", where, f"{where} has another index", new.location)
    for keys, index in before.items():
        if keys not in after:
            where = f"{new.name}.{_called(index)}"
            message = f"the index {_called(index)} of {new.name} is removed"
            yield change("PLV023", where, message, new.location)


def _keys(index: IndexSpec) -> tuple[tuple[str, str], ...]:
    return tuple((name, str(direction)) for name, direction in index.keys)


def _called(index: IndexSpec) -> str:
    return "+".join(name for name, _ in index.keys)


def _ends(app: AppSpec) -> dict[Role, list[TypeRef]]:
    """Return the types that are stored, taken and returned."""
    return {
        Role.STORED: [spec.type for model in app.models for spec in model.fields],
        Role.INPUT: [op.inputs for op in app.operations if op.inputs],
        Role.OUTPUT: [op.outputs for op in app.operations if op.outputs],
    }


def _reached(app: AppSpec, refs: Iterable[TypeRef]) -> set[str]:
    """Return the keys of the types in `refs` and in the fields of schemas among them.

    Models end the way: they are records of their own, judged as what is stored.
    """
    found: set[str] = set()
    pending = list(refs)
    while pending:
        for ref in pending.pop().walk():
            if ref.name and ref.name not in found:
                found.add(ref.name)
                record = app.record(ref.name)
                if isinstance(record, SchemaSpec):
                    pending.extend(spec.type for spec in record.fields)
    return found
