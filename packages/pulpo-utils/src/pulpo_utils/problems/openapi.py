"""Problem documents in OpenAPI: `responses=` for routes, and the schema of an application."""

from __future__ import annotations

from http import HTTPStatus
from typing import TYPE_CHECKING, Any

from pulpo_utils.exceptions import PulpoException
from pulpo_utils.problems.document import MEDIA_TYPE

if TYPE_CHECKING:
    from collections.abc import Iterator

__all__ = ["document_problems", "problem_responses", "problem_schema"]

_SCHEMA_NAME = "ProblemDetails"
_REFERENCE = f"#/components/schemas/{_SCHEMA_NAME}"
_METHODS = frozenset({"get", "put", "post", "delete", "options", "head", "patch", "trace"})
_OF_FASTAPI = ("HTTPValidationError", "ValidationError")


def problem_schema() -> dict[str, Any]:
    """Return the JSON Schema of a problem document."""
    text = {"type": "string"}
    return {
        "title": _SCHEMA_NAME,
        "description": "Why a request failed (RFC 9457).",
        "type": "object",
        "required": ["type", "title", "status", "detail", "code"],
        "properties": {
            "type": {**text, "format": "uri-reference", "description": "The kind of problem."},
            "title": {**text, "description": "The kind of problem, for people."},
            "status": {"type": "integer", "description": "The HTTP status code."},
            "detail": {**text, "description": "What happened this time, for people."},
            "instance": {**text, "format": "uri-reference", "description": "This occurrence."},
            "code": {**text, "description": "The kind of problem, for programs."},
            "request_id": {**text, "description": "Finds this occurrence in the server's log."},
            "errors": {
                "type": "array",
                "description": "What is wrong with the input, one entry per mistake.",
                "items": {
                    "type": "object",
                    "required": ["pointer", "detail", "code"],
                    "properties": {
                        "pointer": {
                            **text,
                            "description": "Where: a JSON Pointer as URI fragment (RFC 6901).",
                        },
                        "in": {**text, "enum": ["body", "query", "path", "header", "cookie"]},
                        "detail": text,
                        "code": text,
                    },
                },
            },
        },
    }


def problem_responses(
    *problems: int | type[PulpoException],
) -> dict[int | str, dict[str, Any]]:
    """Return a `responses=` for FastAPI's routes, routers and applications.

    Each of `problems` is an HTTP status or an exception class; without any, the answer documents
    the `default` response, which stands for every error.

    >>> sorted(problem_responses(404, RateLimitError))
    [404, 429]
    """
    responses: dict[int | str, dict[str, Any]] = {}
    for problem in problems or ("default",):
        status, text = _status_and_text(problem)
        known = responses.get(status)
        if known is not None and text not in known["description"]:
            text = f"{known['description']}; {text}"
        responses[status] = {"description": text, "content": _content()}
    return responses


def _status_and_text(problem: Any) -> tuple[int | str, str]:
    if problem == "default":
        return problem, "Any other error"
    if isinstance(problem, int):
        try:
            return problem, HTTPStatus(problem).phrase
        except ValueError:
            raise ValueError(f"{problem!r} is no HTTP status code") from None
    if not (isinstance(problem, type) and issubclass(problem, PulpoException)):
        raise TypeError(f"a status code or a PulpoException class is wanted, not {problem!r}")
    return problem.http_status, f"{problem.title} (`{problem.code}`)"


def _content() -> dict[str, Any]:
    return {MEDIA_TYPE: {"schema": {"$ref": _REFERENCE}}}


def document_problems(app: Any) -> None:
    """Make the OpenAPI schema of a FastAPI application tell of problem documents.

    Every operation gets a `default` response, FastAPI's own 422 becomes a problem, and the schema
    that they refer to is added.
    """
    if getattr(app.openapi, "documents_problems", False):
        return
    original = app.openapi

    def openapi() -> dict[str, Any]:
        schema: dict[str, Any] = original()
        _document(schema)
        return schema

    openapi.documents_problems = True  # type: ignore[attr-defined]
    app.openapi = openapi


def _document(schema: dict[str, Any]) -> None:
    components = schema.setdefault("components", {}).setdefault("schemas", {})
    components[_SCHEMA_NAME] = problem_schema()
    for operation in _operations(schema):
        responses = operation.setdefault("responses", {})
        for status, response in responses.items():
            if _is_fastapis_own(response):
                text = "The request does not fit its schema"
                responses[status] = {"description": text, "content": _content()}
        responses.setdefault("default", problem_responses()["default"])
    rest = str({name: part for name, part in components.items() if name not in _OF_FASTAPI})
    if not any(
        f"#/components/schemas/{name}'" in rest + str(schema["paths"]) for name in _OF_FASTAPI
    ):
        for name in _OF_FASTAPI:
            components.pop(name, None)


def _operations(schema: dict[str, Any]) -> Iterator[dict[str, Any]]:
    for part in ("paths", "webhooks"):
        for path in schema.get(part, {}).values():
            yield from (item for method, item in path.items() if method in _METHODS)


def _is_fastapis_own(response: dict[str, Any]) -> bool:
    content = response.get("content", {}).get("application/json", {})
    return bool(content.get("schema", {}).get("$ref", "").endswith("/HTTPValidationError"))
