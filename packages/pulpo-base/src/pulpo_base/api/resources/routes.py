"""What OpenAPI says of a resource's endpoints: the options of their routes.

`@router.get("/{id}", operation_id="get_order", **orders.routes.get)` describes the models, the
headers and the errors of an endpoint, all of which its handler has from the same resource.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from http import HTTPStatus
from typing import Any

from pydantic import BaseModel
from starlette.responses import StreamingResponse

from pulpo_base.api.http.parameters import IDEMPOTENCY_KEY, VALIDATE_ONLY
from pulpo_base.api.resources.bulk import BulkResult
from pulpo_base.api.security.permissions import PERMISSIONS

__all__ = ["Models", "Routes", "plain_responses"]

Plain = dict[str, Any]
Responses = dict[int | str, Plain]

_ETAG: Plain = {
    "ETag": {
        "description": "The revision of the document: a strong entity tag (RFC 9110, 8.8.3).",
        "schema": {"type": "string"},
    }
}
_LOCATION: Plain = {"Location": {"description": "The new document.", "schema": {"type": "string"}}}


_OF_PAGES = ("page", "page_size", "after", "with_total", "sort", "fields", "expand")


class Count(BaseModel):
    """How many documents fit."""

    count: int


@dataclass(frozen=True, slots=True)
class Models:
    """The models of one kind of document, as `Resource` has them."""

    read: type[BaseModel]
    patch: type[BaseModel]
    page: type[BaseModel]
    parts: type[BaseModel]


class Routes:
    """The options of each of a resource's routes.

    `problems` makes FastAPI's `responses=` of status codes, `pulpo_utils.problem_responses` say.
    `permissions` are what every route wants, `write_permissions` what changes want besides.
    """

    def __init__(
        self,
        models: Models,
        list_parameters: Sequence[Plain],
        *,
        problems: Callable[..., Mapping[int | str, Plain]] | None = None,
        require_match: bool = False,
        permissions: Sequence[str] = (),
        write_permissions: Sequence[str] = (),
    ) -> None:
        self._permissions = [*permissions]
        self._write_permissions = [*dict.fromkeys((*permissions, *write_permissions))]
        self._problems = problems or plain_responses
        if_match = _header(
            "If-Match",
            "Change the document only if its ETag is one of these, or with * if it is there.",
            required=require_match,
        )
        if_none_match = _header(
            "If-None-Match", "The ETag that the client has: the answer is 304 if it is current."
        )
        required = (428,) if require_match else ()
        self.list = self._route(
            *(400, 422), model=models.page | models.parts, parameters=list_parameters
        )
        self.related = self._route(
            *(400, 404, 422), model=models.page | models.parts, parameters=list_parameters
        )
        choices = [item for item in list_parameters if item["name"] in ("fields", "expand")]
        self.get = self._route(
            *(400, 404, 412, 422),
            model=models.read | dict[str, Any],
            tagged=200,
            parameters=[if_none_match, *choices],
        )
        choices = [item for item in list_parameters if item["name"] not in _OF_PAGES]
        self.count = self._route(*(400, 422), model=Count, parameters=choices)
        self.get["responses"][304] = {
            "description": "The client has the current revision",
            "headers": _ETAG,
        }
        self.export = self._exported(list_parameters)
        self.bulk = self._route(
            *(400, 409, 422),
            model=BulkResult,
            parameters=[IDEMPOTENCY_KEY, VALIDATE_ONLY],
            writes=True,
        )
        self.create = self._route(
            *(400, 409, 422),
            model=models.read,
            status=201,
            tagged=201,
            parameters=[IDEMPOTENCY_KEY, VALIDATE_ONLY],
            writes=True,
        )
        self.create["responses"][200] = {
            "description": "With validate_only: what would be created",
            "model": models.read,
        }
        self.create["responses"][201]["headers"] |= _LOCATION
        self.replace = self._route(
            *(400, 404, 409, 412, 422, *required),
            model=models.read,
            tagged=200,
            parameters=[if_match, VALIDATE_ONLY],
            writes=True,
        )
        schema = {"schema": {"$ref": f"#/components/schemas/{models.patch.__name__}"}}
        content = {"content": {"application/merge-patch+json": schema}}
        extra = {**self.replace["openapi_extra"], "requestBody": content}
        self.patch = {**self.replace, "openapi_extra": extra}
        self.delete = self._route(
            *(400, 404, 409, 412, 422, *required),
            status=204,
            parameters=[if_match, VALIDATE_ONLY],
            writes=True,
        )

    def _exported(self, list_parameters: Sequence[Plain]) -> Plain:
        paging = ("page", "page_size", "after", "with_total")
        form = {
            "name": "format",
            "in": "query",
            "required": False,
            "description": "CSV, or one JSON document a line",
            "schema": {"type": "string", "enum": ["csv", "jsonl"], "default": "csv"},
        }
        choices = [item for item in list_parameters if item["name"] not in paging]
        found = self._route(*(400, 422), parameters=[form, *choices])
        text = {"schema": {"type": "string"}}
        content = {"text/csv": text, "application/jsonl": text}
        found["responses"][200] = {"description": "All of them", "content": content}
        return {**found, "response_class": StreamingResponse}

    def _route(
        self,
        *problems: int,
        model: Any = None,
        status: int = 200,
        tagged: int | None = None,
        parameters: Sequence[Plain] = (),
        writes: bool = False,
    ) -> Plain:
        responses = dict(self._problems(*problems))
        if tagged is not None:
            responses[tagged] = {"headers": dict(_ETAG)}
        if 412 in responses:  # noqa: PLR2004  # a status code
            responses[412] = {**responses[412], "headers": _ETAG}
        extra: Plain = {"parameters": [*parameters]}
        wanted = self._write_permissions if writes else self._permissions
        if wanted:
            extra[PERMISSIONS] = wanted
        return {
            "response_model": model,
            "status_code": status,
            "responses": responses,
            "openapi_extra": extra,
        }


def plain_responses(*statuses: int) -> Responses:
    """Return FastAPI's `responses=` for status codes, their names alone."""
    return {status: {"description": HTTPStatus(status).phrase} for status in statuses}


def _header(name: str, text: str, *, required: bool = False) -> Plain:
    return {
        "name": name,
        "in": "header",
        "required": required,
        "description": text,
        "schema": {"type": "string"},
    }
