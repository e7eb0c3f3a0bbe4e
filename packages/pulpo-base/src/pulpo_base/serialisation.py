"""JSON for specs and plans, exact in both directions.

Pydantic's `TypeAdapter` reads the dataclasses' own annotations, so there is no second
description of their shape to keep in step.
"""

from __future__ import annotations

from collections.abc import Hashable
from functools import lru_cache
from typing import TYPE_CHECKING, Any, TypeVar, cast

if TYPE_CHECKING:
    from pydantic import TypeAdapter

__all__ = ["from_json", "from_plain", "to_json", "to_plain"]

T = TypeVar("T")


@lru_cache(maxsize=64)
def _adapter(kind: Hashable) -> TypeAdapter[Any]:
    # Imported here: pydantic costs more than everything else in `import pulpo_base` together.
    from pydantic import TypeAdapter

    adapter: TypeAdapter[Any] = TypeAdapter(cast("Any", kind))
    return adapter


def to_plain(value: object, *, defaults: bool = True) -> Any:
    """Return `value` (a spec, a plan or a tuple of them) as JSON-compatible Python values.

    Without `defaults`, what has its default is left out; `from_plain` puts it back.
    """
    adapter = _adapter(cast("Hashable", type(value)))
    return adapter.dump_python(value, mode="json", exclude_defaults=not defaults)


def from_plain(kind: type[T], plain: object) -> T:
    """Return the `kind` that `to_plain` described.

    Raises `pydantic.ValidationError` where `plain` is not of that shape.
    """
    value: T = _adapter(cast("Hashable", kind)).validate_python(plain)
    return value


def to_json(value: object, *, indent: int | None = None) -> str:
    """Return `value` as JSON text; equal values give equal text."""
    return _adapter(cast("Hashable", type(value))).dump_json(value, indent=indent).decode()


def from_json(kind: type[T], text: str | bytes) -> T:
    """Return the `kind` that `to_json` described.

    Raises `pydantic.ValidationError` where `text` is no JSON or not of that shape.
    """
    value: T = _adapter(cast("Hashable", kind)).validate_json(text)
    return value
