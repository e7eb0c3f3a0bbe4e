"""Query parameters that are read by hand, and what OpenAPI says of those that writes share."""

from __future__ import annotations

from typing import Any, Final

from starlette.requests import Request

from pulpo_base.api.http.problems import Place, invalid, suggestion

__all__ = ["IDEMPOTENCY_KEY", "VALIDATE_ONLY", "given_options", "is_rehearsal", "truth"]

VALIDATE_ONLY: Final[dict[str, Any]] = {
    "name": "validate_only",
    "in": "query",
    "required": False,
    "description": "Check the request and do nothing",
    "schema": {"type": "boolean", "default": False},
}
IDEMPOTENCY_KEY: Final[dict[str, Any]] = {
    "name": "Idempotency-Key",
    "in": "header",
    "required": False,
    "description": "Do the request once, however often it is sent with this key",
    "schema": {"type": "string", "minLength": 1, "maxLength": 255, "pattern": "^[ -~]+$"},
}


def given_options(request: Request, *known: str) -> dict[str, str]:
    """Return the parameters of a request's URL, each of which has to be known and given once.

    Raises `RequestValidationError`.
    """
    if not request.scope.get("query_string"):
        return {}
    found: dict[str, str] = {}
    for name, value in request.query_params.multi_items():
        if name not in known:
            hint = suggestion(name, known) or f"; use {', '.join(known)}"
            message = f"there is no such parameter{hint}"
            raise invalid([("unknown_parameter", ("query", name), message)])
        if name in found:
            raise invalid([("repeated", ("query", name), "this is given twice")])
        found[name] = value
    return found


def is_rehearsal(request: Request) -> bool:
    """Return whether a write is only to be checked: `validate_only=true`.

    Raises `RequestValidationError` for any other parameter.
    """
    text = given_options(request, "validate_only").get("validate_only", "false")
    return truth(text, ("query", "validate_only"))


def truth(value: Any, place: Place) -> bool:
    """Return what a value says. Raises `RequestValidationError` for neither true nor false."""
    found = {"true": True, "1": True, "false": False, "0": False}.get(str(value).lower())
    if found is None:
        raise invalid([("bool", place, "must be true or false")])
    return found
