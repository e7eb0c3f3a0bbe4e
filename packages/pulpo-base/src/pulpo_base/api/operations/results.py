"""What an operation returned, as the run that it belongs to keeps and shows it."""

from __future__ import annotations

from functools import lru_cache
from typing import Any

from pydantic import TypeAdapter

from pulpo_base.api.shapes.output import present, readable

__all__ = ["run_result"]


def run_result(kind: Any, value: Any) -> str:
    """Return a value of that type as JSON, documents in the shape that the API gives them."""
    adapter = _adapter(kind)
    return adapter.dump_json(adapter.validate_python(present(value)), by_alias=True).decode()


@lru_cache(maxsize=512)
def _adapter(kind: Any) -> TypeAdapter[Any]:
    return TypeAdapter(Any if kind is None else readable(kind))
