"""What user code and generated code stand on: decorators, base classes, specs, `invoke`.

The runtime of generated applications lives in subpackages that need extras: `api` (FastAPI and
Beanie), `flows` (the local engine; Prefect's support needs `flows`), `project` (`./main`) and
`database`. Importing this package imports none of them.
"""

from pulpo_base.bases import DataModelBase, OperationBase
from pulpo_base.decorators import datamodel, operation, spec_of
from pulpo_base.invocation import OutputError, invoke
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
