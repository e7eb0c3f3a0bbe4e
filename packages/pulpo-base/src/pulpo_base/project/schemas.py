"""The shape of inputs and outputs, for people and for programs."""

from __future__ import annotations

from enum import Enum
from types import UnionType
from typing import Annotated, Any, Literal, Union, get_args, get_origin

__all__ = ["field_rows", "json_schema", "type_name"]


def type_name(kind: Any) -> str | None:
    """Return how people write a type, `None` for none."""
    return None if kind is None or kind is type(None) else _written(kind)


def _written(kind: Any) -> str:
    origin, arguments = get_origin(kind), get_args(kind)
    if kind is type(None):
        return "None"
    if origin is Annotated:
        return _written(arguments[0])
    if origin is Literal:
        return f"Literal[{', '.join(map(repr, arguments))}]"
    if origin in {Union, UnionType}:
        return " | ".join(map(_written, arguments))
    if origin is not None:
        return f"{_written(origin)}[{', '.join(map(_written, arguments))}]"
    if kind is Ellipsis:
        return "..."
    return str(getattr(kind, "__name__", kind)).replace("typing.", "")


def json_schema(kind: Any) -> dict[str, Any] | None:
    """Return the JSON schema of a type, `None` for none or one that JSON cannot express."""
    from pydantic import TypeAdapter
    from pydantic.errors import PydanticInvalidForJsonSchema, PydanticSchemaGenerationError

    if kind is None or kind is type(None):
        return None
    try:
        return TypeAdapter(kind).json_schema()
    except (PydanticInvalidForJsonSchema, PydanticSchemaGenerationError):
        return None


def field_rows(kind: Any) -> list[tuple[str, str, str, str]]:
    """Return `(field, type, default, description)` of a record, none of other types."""
    from pulpo_base.record_fields import record_fields

    return [
        (
            name,
            type_name(info.annotation) or "None",
            _default(info),
            info.description or "",
        )
        for name, info in record_fields(kind).items()
    ]


def _default(info: Any) -> str:
    from pulpo_base.record_fields import left_out

    if info.is_required():
        return "(required)"
    if info.default_factory is left_out:
        return "(left out)"
    if info.default_factory is not None:
        return "(made)"
    return repr(info.default.value if isinstance(info.default, Enum) else info.default)
