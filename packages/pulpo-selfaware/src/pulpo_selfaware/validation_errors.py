"""What a validation error says about a request without repeating any of it."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Collection

__all__ = ["describe_validation_errors"]

_MOST_ERRORS = 20
_PLACES = frozenset(("body", "query", "path", "header", "cookie", "form"))


def describe_validation_errors(body: bytes, safe_fields: Collection[str]) -> dict[str, Any]:
    """Return number, kinds and places of the errors in the body of a 422 response.

    Understands FastAPI's own errors and problem details (RFC 9457) with an `errors` list. A field
    is named only if it is one of `safe_fields`, since in free-form data names are values, too.
    """
    try:
        data = json.loads(body)
    except ValueError:  # no JSON, or a body longer than what was kept
        return {"bytes": len(body)}
    found = (data.get("errors") or data.get("detail")) if isinstance(data, dict) else None
    if not isinstance(found, list):
        return {"bytes": len(body)}
    errors = [_shape(error, safe_fields) for error in found if isinstance(error, dict)]
    return {"count": len(errors), "errors": errors[:_MOST_ERRORS]}


def _shape(error: dict[str, Any], safe_fields: Collection[str]) -> dict[str, Any]:
    place: list[Any] | None = error.get("loc")
    if not isinstance(place, list):
        place = [*str(error.get("pointer") or error.get("field") or "").strip("#/").split("/")]
    kind = error.get("type") or error.get("code")
    shape: dict[str, Any] = {
        "in": place[0] if place and place[0] in _PLACES else None,
        "type": kind if isinstance(kind, str) and kind.replace("_", "").isalnum() else None,
        "depth": len(place),
    }
    field = next((part for part in reversed(place) if isinstance(part, str)), None)
    if field in safe_fields:
        shape["field"] = field
    return shape
