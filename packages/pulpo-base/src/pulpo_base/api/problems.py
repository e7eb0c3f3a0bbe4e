"""The errors that leave the API, as FastAPI's own exceptions; none repeats a rejected value."""

from __future__ import annotations

import difflib
from collections.abc import Iterable

from fastapi import HTTPException
from fastapi.exceptions import RequestValidationError
from pydantic import ValidationError
from pymongo.errors import DuplicateKeyError

__all__ = ["Finding", "conflict", "invalid", "invalid_body", "not_storable", "suggestion"]

#: A kind (pydantic's word where it has one), a place such as `("query", "sort")`, a message.
Finding = tuple[str, tuple[str | int, ...], str]

_LONGEST_GUESS = 100


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


def not_storable(place: tuple[str | int, ...]) -> Finding:
    """Return the finding for a value that the database has no room for."""
    return ("not_storable", place, "the database cannot store this value: it is too large")


def suggestion(name: str, known: Iterable[str]) -> str:
    """Return `"; did you mean 'x'?"` where a known name is close, an empty string otherwise."""
    close = difflib.get_close_matches(name, list(known), 1) if len(name) < _LONGEST_GUESS else []
    return f"; did you mean {close[0]!r}?" if close else ""


def conflict(label: str, error: DuplicateKeyError, names: dict[str, str]) -> HTTPException:
    """Return the 409 for a key that is taken; it names the fields and not their values.

    `names` maps stored paths to the names that clients know.
    """
    keys = (error.details or {}).get("keyPattern", {})
    fields = " and ".join(names.get(key, key) for key in keys) or "key"
    return HTTPException(409, f"another {label} with the same {fields} exists already")
