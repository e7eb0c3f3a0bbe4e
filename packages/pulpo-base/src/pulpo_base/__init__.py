"""What user code and generated code stand on: decorators, base classes, specs, `invoke`.

The runtime of generated applications lives in subpackages that need extras: `api` (FastAPI and
Beanie), `flows` (the local engine; Prefect's support needs `flows`), `project` (`./main`) and
`database`. Importing this package imports none of them.
"""

from typing import TYPE_CHECKING, Any

from pulpo_base.decorators import datamodel, operation, spec_of
from pulpo_base.invocation import OutputError, invoke
from pulpo_base.operation_base import OperationBase
from pulpo_base.specs import (
    EnumSpec,
    FieldSpec,
    IndexSpec,
    ModelSpec,
    OperationSpec,
    RelationSpec,
    SchemaSpec,
    SourceLocation,
    TypeKind,
    TypeRef,
)

if TYPE_CHECKING:
    from pulpo_base.model_base import DataModelBase

__all__ = [
    "DataModelBase",
    "EnumSpec",
    "FieldSpec",
    "IndexSpec",
    "ModelSpec",
    "OperationBase",
    "OperationSpec",
    "OutputError",
    "RelationSpec",
    "SchemaSpec",
    "SourceLocation",
    "TypeKind",
    "TypeRef",
    "datamodel",
    "invoke",
    "operation",
    "spec_of",
]


def __getattr__(name: str) -> Any:
    # The one name that needs pydantic, which costs more than all others together.
    if name == "DataModelBase":
        from pulpo_base.model_base import DataModelBase

        return DataModelBase
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
