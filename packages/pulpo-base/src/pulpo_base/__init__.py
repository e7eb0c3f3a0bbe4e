"""What user code and generated code stand on: decorators, base classes, specs, `invoke`.

The runtime of generated applications lives in subpackages that need extras: `api` (FastAPI and
Beanie), `flows` (the local engine; Prefect's support needs `flows`), `project` (`./main`) and
`database`. Importing this package imports none of them; each public name is loaded from its
module when it is first asked for, so that `./main --help` pays for no decorator.
"""

from typing import TYPE_CHECKING

from pulpo_base.lazy import lazy_names

if TYPE_CHECKING:
    from pulpo_base.decorators import datamodel, operation, spec_of
    from pulpo_base.invocation import OutputError, invoke
    from pulpo_base.model_base import DataModelBase
    from pulpo_base.operation_base import OperationBase
    from pulpo_base.specs import (
        AccessSpec,
        EnumSpec,
        FieldSpec,
        IndexSpec,
        ModelSpec,
        OperationSpec,
        RaiseSpec,
        RelationSpec,
        SchemaSpec,
        SourceLocation,
        TypeKind,
        TypeRef,
    )
    from pulpo_base.task_context import TaskContext, current_task

__all__ = [
    "AccessSpec",
    "DataModelBase",
    "EnumSpec",
    "FieldSpec",
    "IndexSpec",
    "ModelSpec",
    "OperationBase",
    "OperationSpec",
    "OutputError",
    "RaiseSpec",
    "RelationSpec",
    "SchemaSpec",
    "SourceLocation",
    "TaskContext",
    "TypeKind",
    "TypeRef",
    "current_task",
    "datamodel",
    "invoke",
    "operation",
    "spec_of",
]

__getattr__ = lazy_names(
    __name__,
    {
        "decorators": ("datamodel", "operation", "spec_of"),
        "invocation": ("OutputError", "invoke"),
        "model_base": ("DataModelBase",),
        "operation_base": ("OperationBase",),
        "specs": (
            "AccessSpec",
            "EnumSpec",
            "FieldSpec",
            "IndexSpec",
            "ModelSpec",
            "OperationSpec",
            "RaiseSpec",
            "RelationSpec",
            "SchemaSpec",
            "SourceLocation",
            "TypeKind",
            "TypeRef",
        ),
        "task_context": ("TaskContext", "current_task"),
    },
)


def __dir__() -> list[str]:
    return sorted({*globals(), *__all__})
