"""What OpenAPI says of credentials and permissions."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from typing import Any

from pulpo_base.api.security.permissions import PERMISSIONS

__all__ = ["described"]

Plain = dict[str, Any]

_METHODS = ("get", "put", "post", "patch", "delete")
_KEY: Plain = {
    "ApiKey": {
        "type": "apiKey",
        "in": "header",
        "name": "X-API-Key",
        "description": "Made by `./main keys create`; also taken as a bearer token.",
    }
}


def described(
    original: Callable[[], Plain],
    *,
    auth: str,
    issuer: str = "",
    limited: bool = False,
    is_public: Callable[[str], bool] = lambda _: False,
) -> Callable[[], Plain]:
    """Return an `openapi` of an application that also says who may do what.

    With no `auth` nothing is said of credentials. `limited` is for an application with a limit
    of requests.
    """
    scheme = "ApiKey" if auth == "api_key" else "Token"
    token = {"type": "http", "scheme": "bearer", "bearerFormat": "JWT"}
    schemes = _KEY if auth == "api_key" else {"Token": {**token, "description": f"Of {issuer}"}}

    def openapi() -> Plain:
        schema = original()
        if auth != "none":
            schema.setdefault("components", {})["securitySchemes"] = schemes
        for path, operation in _operations(schema):
            if auth != "none":
                _secured(operation, scheme, public=is_public(path))
            if limited:
                _answers(operation, "429", "Too Many Requests", ("Retry-After",))
            if "requestBody" in operation:
                _answers(operation, "413", "Content Too Large")
        return schema

    # What others have noted on the function stays known.
    vars(openapi).update(getattr(original, "__dict__", {}))
    return openapi


def _secured(operation: Plain, scheme: str, *, public: bool) -> None:
    permissions = list(operation.get(PERMISSIONS, ()))
    operation["security"] = [] if public else [{scheme: permissions}]
    if public:
        return
    _answers(operation, "401", "Unauthorized", ("WWW-Authenticate",))
    if permissions:
        _answers(operation, "403", "Forbidden", ("WWW-Authenticate",))


def _answers(operation: Plain, status: str, text: str, headers: Sequence[str] = ()) -> None:
    responses = operation.setdefault("responses", {})
    found: Plain = {"description": text}
    # Of the shape that every other error of this route has.
    content = responses.get("default", {}).get("content")
    if content:
        found["content"] = content
    if headers:
        found["headers"] = {name: {"schema": {"type": "string"}} for name in headers}
    responses.setdefault(status, found)


def _operations(schema: Plain) -> Iterator[tuple[str, Plain]]:
    for path, item in schema.get("paths", {}).items():
        yield from ((path, item[method]) for method in _METHODS if method in item)
