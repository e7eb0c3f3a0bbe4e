"""Finds what the imported modules declare."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from enum import Enum
from typing import Any

from pulpo_base.decorators import spec_of
from pulpo_base.probe.messages import ProbeAnswer, Problem, reason
from pulpo_base.probe.names import Scope
from pulpo_base.probe.operations import OperationReader
from pulpo_base.probe.project import Project, library_class
from pulpo_base.probe.records import RecordReader
from pulpo_base.probe.types import TypeConverter
from pulpo_base.specs import (
    EnumSpec,
    ModelSpec,
    OperationSpec,
    SchemaSpec,
    TypeKind,
)

__all__ = ["collect"]


def collect(project: Project) -> ProbeAnswer:
    """Return the specs of what the loaded modules declare."""
    return _Collector(project).run()


@dataclass(slots=True)
class _Collector:
    project: Project
    problems: list[Problem] = field(default_factory=list)

    def run(self) -> ProbeAnswer:
        types = TypeConverter(self.project, self._unknown)
        records = RecordReader(self.project, types)
        operations = OperationReader(self.project, types, self.problems)
        models: list[ModelSpec] = []
        called: list[OperationSpec] = []
        for target, spec in self._declared():
            try:
                if isinstance(spec, OperationSpec):
                    called.append(operations.read(target, spec))
                elif self._is_document(target, spec):
                    models.append(records.model(target, spec))
            except Exception as error:  # noqa: BLE001 - `relations()` is the user's code
                self._failed(spec, error)
        schemas, enums = self._mentioned(types, records, models, called)
        return ProbeAnswer(
            models=tuple(models),
            schemas=schemas,
            enums=enums,
            operations=tuple(called),
            owners=records.owners,
            problems=tuple(self.problems),
        )

    def _declared(self) -> Iterator[tuple[Any, ModelSpec | OperationSpec]]:
        """Yield each declared object once, from the module that declares it."""
        seen: set[int] = set()
        for module in self.project.modules():
            for path, value in _members(vars(module), module.__name__):
                spec = _spec_of(value)
                if spec is None or id(value) in seen:
                    continue
                at_home = getattr(value, "__module__", module.__name__) == module.__name__
                if not at_home and getattr(value, "__module__", "") in self.project.local:
                    continue  # imported from where it is at home
                if "<locals>" in spec.qualname or not at_home:
                    # What a function made is known by the name that the module gives it.
                    spec = replace(spec, module=module.__name__, qualname=path)
                seen.add(id(value))
                yield value, spec

    def _is_document(self, target: type, spec: ModelSpec) -> bool:
        document = library_class("beanie", "Document")
        if document is not None and issubclass(target, document):
            return True
        message = f"model {target.__name__} does not derive from beanie.Document"
        place = self.project.place(spec.location.path, spec.location.line)
        self.problems.append(Problem("document", message, place, spec.key))
        return False

    def _failed(self, spec: ModelSpec | OperationSpec, error: Exception) -> None:
        place = self.project.place(spec.location.path, spec.location.line)
        self.problems.append(Problem("class", reason(error), place, spec.key))

    def _unknown(self, text: str, scope: Scope) -> None:
        owner = f"{scope.module}.{scope.owner.__qualname__}" if scope.owner else scope.module
        place = self.project.place(self.project.file_of(scope.module))
        self.problems.append(Problem("unknown", text, place, owner))

    def _mentioned(
        self,
        types: TypeConverter,
        records: RecordReader,
        models: list[ModelSpec],
        operations: list[OperationSpec],
    ) -> tuple[tuple[SchemaSpec, ...], tuple[EnumSpec, ...]]:
        """Return every schema and enumeration that fields or operations mention, at any depth."""
        done = {model.key for model in models}
        schemas: list[SchemaSpec] = []
        enums: list[EnumSpec] = []
        pending = [ref for model in models for ref in model.types()]
        for operation in operations:
            pending.extend(ref for ref in (operation.inputs, operation.outputs) if ref)
        while pending:
            for ref in pending.pop().walk():
                if ref.name in done or ref.name not in types.met:
                    continue
                done.add(ref.name)
                cls = types.met[ref.name]
                if issubclass(cls, Enum):
                    enums.append(records.enum(cls))
                elif ref.kind in {TypeKind.SCHEMA, TypeKind.MODEL}:
                    schema = records.schema(cls, ref)
                    schemas.append(schema)
                    pending.extend(schema.types())
        return tuple(schemas), tuple(enums)


def _spec_of(value: Any) -> ModelSpec | OperationSpec | None:
    try:
        return spec_of(value)
    except Exception:  # noqa: BLE001 - an object of any library may answer with any error
        return None


def _members(names: dict[str, Any], module: str, prefix: str = "") -> Iterator[tuple[str, Any]]:
    """Yield the objects of a namespace by their path, nested classes' included."""
    for name, value in list(names.items()):
        if name.startswith("__"):
            continue  # Python's and pydantic's own
        path = f"{prefix}{name}"
        yield path, value
        nested = isinstance(value, type) and value.__module__ == module
        if nested and value.__qualname__ == path:
            yield from _members(dict(vars(value)), module, f"{path}.")
