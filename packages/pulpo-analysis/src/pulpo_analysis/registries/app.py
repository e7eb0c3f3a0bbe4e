"""`AppSpec`: a whole project, every reference resolved, everything sorted."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

from pulpo_base.specs import EnumSpec, ModelSpec, OperationSpec, SchemaSpec

__all__ = ["AppSpec"]


@dataclass(frozen=True)
class AppSpec:
    """Every model, schema, enumeration and operation of a project.

    All are sorted by `key`, operations by place in the code (path, then line), which is the
    order that the data-flow rules speak of. Model names and operation names are unique.
    `source_roots` are the folders, relative to the project, that imports start from.
    """

    # No slots: the look-up tables below are cached on the instance.
    name: str
    source_roots: tuple[str, ...] = (".",)
    models: tuple[ModelSpec, ...] = ()
    schemas: tuple[SchemaSpec, ...] = ()
    enums: tuple[EnumSpec, ...] = ()
    operations: tuple[OperationSpec, ...] = ()

    def model(self, name: str) -> ModelSpec | None:
        """Return the model of that name, or `None`."""
        return self._models.get(name)

    def operation(self, name: str) -> OperationSpec | None:
        """Return the operation of that dotted name, or `None`."""
        return self._operations.get(name)

    def record(self, key: str) -> ModelSpec | SchemaSpec | None:
        """Return the model or schema with that importable name, or `None`."""
        return self._records.get(key)

    def enum(self, key: str) -> EnumSpec | None:
        """Return the enumeration with that importable name, or `None`."""
        return self._enums.get(key)

    @cached_property
    def packages(self) -> frozenset[str]:
        """The top-level packages of all that is declared here."""
        modules = {
            *(model.module for model in self.models),
            *(schema.module for schema in self.schemas),
            *(enum.module for enum in self.enums),
            *(operation.module for operation in self.operations),
            # Of exceptions, only the project's own and those of our library have a known code.
            *(raised.module for op in self.operations for raised in op.raises if raised.code),
        } - {"pulpo_utils.exceptions"}
        return frozenset(module.partition(".")[0] for module in modules)

    @cached_property
    def _models(self) -> dict[str, ModelSpec]:
        return {model.name: model for model in self.models}

    @cached_property
    def _operations(self) -> dict[str, OperationSpec]:
        return {operation.name: operation for operation in self.operations}

    @cached_property
    def _records(self) -> dict[str, ModelSpec | SchemaSpec]:
        records: tuple[ModelSpec | SchemaSpec, ...] = (*self.schemas, *self.models)
        return {record.key: record for record in records}

    @cached_property
    def _enums(self) -> dict[str, EnumSpec]:
        return {enum.key: enum for enum in self.enums}
