"""From any exception to a problem document: a pure function, without a web framework."""

from __future__ import annotations

import json
import math
from dataclasses import dataclass, field, replace
from http import HTTPStatus
from typing import TYPE_CHECKING, Any

from pulpo_utils.exceptions import (
    DatabaseConnectionError,
    PulpoException,
    TimeoutError,  # noqa: A004 - the public design names it so
    ValidationError,
    get_retry_after,
)
from pulpo_utils.exceptions.foreign import foreign_traits
from pulpo_utils.problems.validation import (
    entry,
    errors_of_request,
    errors_of_validation,
    pointer_to,
    without_value,
)
from pulpo_utils.redaction import mask_text, to_jsonable

if TYPE_CHECKING:
    from collections.abc import Mapping

__all__ = ["MEDIA_TYPE", "Problem", "problem_from"]

MEDIA_TYPE = "application/problem+json"
DEFAULT_TYPE_BASE = "urn:problem-type:"
DEFAULT_RETRY_AFTER = 5

_SERVER_ERRORS = 500
_BODILESS = frozenset({204, 205, 304})
# Named here because the standard library renamed some of them between versions.
_STATUS_NAMES = {
    413: ("content_too_large", "Content Too Large"),
    414: ("uri_too_long", "URI Too Long"),
    416: ("range_not_satisfiable", "Range Not Satisfiable"),
    422: ("unprocessable_content", "Unprocessable Content"),
}
_DETAILS = {
    DatabaseConnectionError.code: "The database cannot be reached at the moment.",
    TimeoutError.code: "The database did not answer in time.",
}
_DUPLICATE_KEY_CODES = frozenset({11000, 11001, 12582})
_ENTRY = ("pointer", "in", "detail", "code")
_HIDDEN = "The server could not complete the request. Quote the request id when you report this."


@dataclass(frozen=True, slots=True)
class Problem:
    """A problem document and the HTTP headers that go with it.

    `type`, `title`, `status`, `detail` and `instance` are RFC 9457's; `code` is the stable name of
    the kind of problem; `errors` lists what is wrong with the input, one entry with `pointer` (a
    JSON Pointer as URI fragment, RFC 6901), `in`, `detail` and `code` per mistake.
    """

    type: str
    title: str
    status: int
    detail: str
    code: str
    instance: str | None = None
    errors: tuple[Mapping[str, str], ...] = ()
    request_id: str | None = None
    headers: Mapping[str, str] = field(default_factory=dict)
    expected: bool = True
    """False for an exception that nobody foresaw: a bug, to be logged with its traceback."""

    def to_dict(self) -> dict[str, Any]:
        """Return the members of the document; those that are empty are left out."""
        members = {
            "type": self.type,
            "title": self.title,
            "status": self.status,
            "detail": self.detail,
            "instance": self.instance,
            "code": self.code,
            "request_id": self.request_id,
            "errors": [dict(error) for error in self.errors],
        }
        return {name: value for name, value in members.items() if value not in (None, [])}

    def to_bytes(self) -> bytes:
        """Return the document as UTF-8 JSON; half a surrogate pair becomes its JSON escape."""
        text = json.dumps(self.to_dict(), ensure_ascii=False, separators=(",", ":"))
        return text.encode("utf-8", "backslashreplace")

    def with_request_id(self, request_id: str) -> Problem:
        """Return the same problem as an occurrence: `request_id` finds its line in the log."""
        from urllib.parse import quote

        instance = f"urn:request:{quote(request_id, safe='')}"
        return replace(self, request_id=request_id, instance=instance)


def problem_from(
    error: BaseException,
    *,
    type_base: str = DEFAULT_TYPE_BASE,
    retry_after: int = DEFAULT_RETRY_AFTER,
) -> Problem:
    """Return the problem that `error` is for the client of an API.

    Known are `PulpoException`, Starlette's `HTTPException`, FastAPI's `RequestValidationError`,
    PyMongo's and Beanie's conflicts and lost connections; a group that holds a single exception
    counts as that exception. Everything else is a 500 that tells nothing about what happened.
    The values of rejected input never appear.

    `type_base` is put before the code to make the problem's `type`, a URI. `retry_after` is the
    number of seconds that a client is told to wait on a 503 that does not say so itself.

    >>> problem_from(RateLimitError("Slow down.", retry_after=2)).to_dict()["code"]
    'rate_limit_exceeded'
    """
    error = _single_member(error)
    names = {cls.__name__ for cls in type(error).__mro__}
    if isinstance(error, PulpoException):
        problem = _from_contract(error, type_base)
    elif "RequestValidationError" in names and callable(getattr(error, "errors", None)):
        problem = _from_request_validation(error, type_base)
    elif "HTTPException" in names and isinstance(getattr(error, "status_code", None), int):
        problem = _from_http_exception(error)
    else:
        problem = _from_foreign(error, type_base)
    return _with_retry_after(problem, error, retry_after)


def _single_member(error: BaseException) -> BaseException:
    while isinstance(error, BaseExceptionGroup) and len(error.exceptions) == 1:
        error = error.exceptions[0]
    return error


def _from_contract(error: PulpoException, type_base: str) -> Problem:
    errors: tuple[Mapping[str, str], ...] = ()
    hidden = _HIDDEN if error.http_status >= _SERVER_ERRORS else f"{error.title}."
    detail = error.message if error.public else hidden
    if isinstance(error, ValidationError):
        errors = errors_of_validation(error)
        detail = without_value(detail, error.details.get("value"))
    return Problem(
        type=type_base + error.code,
        title=error.title,
        status=error.http_status,
        detail=detail,
        code=error.code,
        errors=errors,
    )


def _from_request_validation(error: Any, type_base: str) -> Problem:
    errors = errors_of_request(error.errors(), getattr(error, "body", None))
    number = f"{len(errors)} value is" if len(errors) == 1 else f"{len(errors)} values are"
    return Problem(
        type=type_base + ValidationError.code,
        title=ValidationError.title,
        status=ValidationError.http_status,
        detail=f"The request does not fit its schema: {number} wrong.",
        code=ValidationError.code,
        errors=errors,
    )


def _from_http_exception(error: Any) -> Problem:
    code, title = _status_name(error.status_code)
    detail: object = error.detail
    errors: tuple[Mapping[str, str], ...] = ()
    if isinstance(detail, dict):
        errors = _own_entries(detail.get("errors"))
        given = detail.get("code")
        code = given if isinstance(given, str) else code
        detail = next(
            (detail[key] for key in ("detail", "message", "msg") if detail.get(key)), None
        )
    return Problem(
        type="about:blank",  # RFC 9457, 4.2.1: no more semantics than the status code has
        title=title,
        status=error.status_code,
        detail=mask_text(detail) if isinstance(detail, str) and detail else _as_text(detail, title),
        code=code,
        errors=errors,
        headers=dict(error.headers or {}),
    )


def _own_entries(errors: object) -> tuple[Mapping[str, str], ...]:
    """Return those of `errors` that are entries already: `pointer`, `in`, `detail`, `code`."""
    return tuple(
        {name: item[name] for name in _ENTRY}
        for item in (errors if isinstance(errors, list) else [])
        if isinstance(item, dict) and all(isinstance(item.get(name), str) for name in _ENTRY)
    )


def _as_text(detail: object, default: str) -> str:
    return json.dumps(to_jsonable(detail), ensure_ascii=False) if detail else default


def _status_name(status: int) -> tuple[str, str]:
    if status in _STATUS_NAMES:
        return _STATUS_NAMES[status]
    try:
        known = HTTPStatus(status)
    except ValueError:
        return f"http_{status}", "Server Error" if status >= _SERVER_ERRORS else "Client Error"
    return known.name.lower(), known.phrase


def _from_foreign(error: BaseException, type_base: str) -> Problem:
    if _is_duplicate_key(error):
        return Problem(
            type=f"{type_base}duplicate_key",
            title="Already exists",
            status=409,
            detail="Another record has the same value where values must be unique.",
            code="duplicate_key",
            errors=_duplicate_fields(error),
        )
    traits = foreign_traits(type(error))
    if traits is not None and traits.category in {"internal", "operational"}:
        detail = _DETAILS.get(
            traits.code, f"{traits.title}: read the record again before you write it."
        )
        if traits.http_status != _SERVER_ERRORS:
            return Problem(
                type=type_base + traits.code,
                title=traits.title,
                status=traits.http_status,
                detail=detail,
                code=traits.code,
            )
    return Problem(
        type=f"{type_base}internal_error",
        title="Internal error",
        status=_SERVER_ERRORS,
        detail=_HIDDEN,
        code="internal_error",
        expected=False,
    )


def _is_duplicate_key(error: BaseException) -> bool:
    """Tell PyMongo's `DuplicateKeyError`, and the same refusal inside a bulk write."""
    bases = [cls for cls in type(error).__mro__ if cls.__module__.partition(".")[0] == "pymongo"]
    if any(cls.__name__ == "DuplicateKeyError" for cls in bases):
        return True
    codes = [getattr(error, "code", None), *(write.get("code") for write in _refusals(error))]
    return bool(bases) and any(code in _DUPLICATE_KEY_CODES for code in codes)


def _refusals(error: BaseException) -> list[Mapping[str, Any]]:
    """Return the server's answers to the writes that failed; a single write has one."""
    details = getattr(error, "details", None)
    if not isinstance(details, dict):
        return []
    return [details, *details.get("writeErrors", [])]


def _duplicate_fields(error: BaseException) -> tuple[Mapping[str, str], ...]:
    """Return the unique fields that clashed, from `keyPattern`; their values stay out."""
    message = "Another record has this value already."
    patterns = [refusal.get("keyPattern") or {} for refusal in _refusals(error)]
    names = dict.fromkeys(str(name) for pattern in patterns for name in pattern)
    return tuple(
        entry(pointer_to(name.split(".")), "body", message, "duplicate_key") for name in names
    )


def _with_retry_after(problem: Problem, error: BaseException, default: int) -> Problem:
    if problem.status in _BODILESS or any(
        name.lower() == "retry-after" for name in problem.headers
    ):
        return problem
    seconds = get_retry_after(error) if isinstance(error, PulpoException) else None
    if seconds is None:
        if problem.status != HTTPStatus.SERVICE_UNAVAILABLE:
            return problem
        seconds = default
    headers = {**problem.headers, "Retry-After": str(math.ceil(seconds))}
    return replace(problem, headers=headers)
