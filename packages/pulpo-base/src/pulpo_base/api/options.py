"""The query parameters of endpoints that take few of them."""

from __future__ import annotations

from starlette.requests import Request

from pulpo_base.api.filters import truth
from pulpo_base.api.problems import invalid, suggestion

__all__ = ["given_options", "is_rehearsal"]


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
