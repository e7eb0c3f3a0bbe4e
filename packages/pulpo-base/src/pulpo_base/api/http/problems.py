"""The errors that leave the API, as FastAPI's own exceptions; none repeats a rejected value."""

from __future__ import annotations

from collections.abc import Iterable
from urllib.parse import quote

from fastapi import HTTPException
from fastapi.exceptions import RequestValidationError
from pydantic import ValidationError
from pymongo.errors import DuplicateKeyError

from pulpo_base.suggestions import did_you_mean

__all__ = [
    "Finding",
    "Place",
    "conflict",
    "invalid",
    "invalid_body",
    "not_allowed",
    "not_found",
    "not_storable",
    "overtaken",
    "pointer",
    "precondition_failed",
    "suggestion",
]

#: Where a value stands in a request, such as `("query", "sort")`.
Place = tuple[str | int, ...]
#: A kind (pydantic's word where it has one), a place, a message.
Finding = tuple[str, Place, str]


def invalid(findings: Iterable[Finding]) -> RequestValidationError:
    """Return the error that FastAPI answers with 422, with these findings."""
    return RequestValidationError(
        [{"type": kind, "loc": place, "msg": message} for kind, place, message in findings]
    )


def invalid_body(error: ValidationError) -> RequestValidationError:
    """Return a document's own findings as those of the request's body."""
    return invalid(
        (item["type"], ("body", *("id" if part == "_id" else part for part in item["loc"])), msg)
        for item in error.errors(include_url=False, include_input=False)
        for msg in [item["msg"]]
    )


def not_storable(place: Place) -> Finding:
    """Return the finding for a value that the database has no room for."""
    return ("not_storable", place, "the database cannot store this value: it is too large")


def suggestion(name: str, known: Iterable[str]) -> str:
    """Return `"; did you mean 'x'?"` where a known name is close, an empty string otherwise."""
    hint = did_you_mean(name, known)
    return f"; {hint}" if hint else ""


def conflict(label: str, error: DuplicateKeyError, names: dict[str, str]) -> HTTPException:
    """Return the 409 for a key that is taken; it names the fields and not their values.

    `names` maps stored paths to the names that clients know.
    """
    keys = (error.details or {}).get("keyPattern", {})
    fields = " and ".join(names.get(key, key) for key in keys) or "key"
    return HTTPException(409, f"another {label} with the same {fields} exists already")


def not_found(label: str) -> HTTPException:
    """Return the 404 for an id that no document has."""
    return HTTPException(404, f"there is no {label} with this id")


def not_allowed(
    what: str, name: str, allowed: Iterable[str], place: Place, label: str
) -> HTTPException:
    """Return the 400 for a field that exists, but is not offered to `filter` or `sort` by.

    It names the fields that are offered, and what would have to be declared where.
    """
    message = (
        f"cannot {what} by {name!r}, which has no index: that would read the whole collection; "
        f"use {', '.join(allowed)}, or give it an index or a place in {label}.{what}able_fields"
    )
    entry = {
        "pointer": pointer(str(place[1])),
        "in": str(place[0]),
        "detail": message,
        "code": "field_not_allowed",
    }
    return HTTPException(400, {"code": "field_not_allowed", "detail": message, "errors": [entry]})


def overtaken(label: str) -> HTTPException:
    """Return the 409 for a change that other requests got in the way of, each time it was tried."""
    message = f"this {label} is being changed by many requests at once; try again"
    return HTTPException(409, message, {"Retry-After": "1"})


def precondition_failed(label: str, etag: str, fields: Iterable[str] = ()) -> HTTPException:
    """Return the 412 for a revision that is not the client's: with the current one's tag.

    `fields` are those that the client sent with other values than are stored now.
    """
    message = "what is stored now differs from what was sent"
    detail = {
        "code": "precondition_failed",
        "detail": f"this {label} is not in the state that the request wants; read it again",
        "errors": [
            {"pointer": pointer(name), "in": "body", "detail": message, "code": "differs"}
            for name in fields
        ],
    }
    return HTTPException(412, detail, {"ETag": etag})


def pointer(*path: str | int) -> str:
    """Return a JSON Pointer as a URI fragment (RFC 6901, 6)."""
    parts = (str(part).replace("~", "~0").replace("/", "~1") for part in path)
    return "#" + "".join("/" + quote(part, safe="~", errors="replace") for part in parts)
