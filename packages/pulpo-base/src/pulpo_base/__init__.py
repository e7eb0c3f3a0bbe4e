"""What user code and generated code stand on: decorators, base classes, specs, `invoke`.

The runtime of generated applications lives in subpackages that need extras: `api` (FastAPI and
Beanie), `flows` (the local engine; Prefect's support needs `flows`), `project` (`./main`) and
`database`. Importing this package imports none of them; each public name is loaded from its
module when it is first asked for, so that `./main --help` pays for no decorator.
"""

from importlib import import_module
from typing import TYPE_CHECKING, Any

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
    "TypeKind",
    "TypeRef",
    "datamodel",
    "invoke",
    "operation",
    "spec_of",
]

_MODULES = {
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
}
_MODULE_OF = {name: module for module, names in _MODULES.items() for name in names}


def __getattr__(name: str) -> Any:
    module = _MODULE_OF.get(name)
    if module is None:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    value = globals()[name] = getattr(import_module(f"{__name__}.{module}"), name)
    return value


def __dir__() -> list[str]:
    return sorted({*globals(), *__all__})
