"""The shape of inputs and outputs, for people and for programs."""

from __future__ import annotations

from typing import Any

__all__ = ["field_rows", "json_schema", "type_name"]


def type_name(kind: Any) -> str | None:
    """Return how people write a type, `None` for none."""
    if kind is None or kind is type(None):
        return None
    if isinstance(kind, type) and not hasattr(kind, "__args__"):
        return kind.__name__
    return str(kind).replace("typing.", "")


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
    return "(made)" if info.default_factory is not None else repr(info.default)
