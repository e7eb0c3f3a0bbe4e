"""The path functions of one model's router, as a table."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from pulpo_codegen.python.layout import Bracketed, laid_out, signature
from pulpo_codegen.render.python import py
from pulpo_codegen.render.source import Source

__all__ = ["ModelEndpoint", "Names", "model_endpoints", "related_endpoint"]

_REQUEST = ("request", "Request")


@dataclass(frozen=True, slots=True)
class ModelEndpoint:
    """One path function: its decorator, its name with parameters, what it says and returns."""

    decorator: Source
    signature: Source
    text: str
    call: Source


@dataclass(frozen=True, slots=True)
class Names:
    """What the endpoints of a model are made of; `id_type` and `document` are annotations."""

    label: str
    path: str
    one: Source
    many: Source
    document: Source
    id_type: Source


def model_endpoints(names: Names) -> tuple[ModelEndpoint, ...]:
    """Return the path functions that every model has."""
    label, one, many, path = names.label, names.one, names.many, names.path
    query = ("query", "Annotated[ListQuery, Depends(RESOURCE.query)]")
    key = ("id", names.id_type)
    new = ("document", f"Annotated[{names.document}, Depends(RESOURCE.new)]")
    values = ("values", "Annotated[dict[str, Any], Depends(RESOURCE.replacement)]")
    changes = ("changes", "Annotated[dict[str, Any], Depends(RESOURCE.changes)]")
    of_one = f"{path}/{{id}}"
    # Routes are tried in this order: what is asked for most comes first.
    rows = [
        ("get", path, "list", many, (query,), f"List {label} documents, page by page."),
        ("get", of_one, "get", one, (key, _REQUEST), f"Get the {label} with this id."),
        ("get", f"{path}:count", "count", many, (query,), f"Count the {label} documents that fit."),
        (
            *("get", f"{path}:export", "export", many, (_REQUEST,)),
            f"Stream the {label} documents that fit, as CSV or JSON lines.",
        ),
        ("post", path, "create", one, (new, _REQUEST), f"Create one {label}."),
        (
            *("put", of_one, "replace", one, (key, values, _REQUEST)),
            f"Replace the {label} with this id; what is left out gets its default.",
        ),
        (
            *("patch", of_one, "patch", one, (key, changes, _REQUEST)),
            f"Change some fields of the {label} with this id (JSON merge patch).",
        ),
        ("delete", of_one, "delete", one, (key, _REQUEST), f"Delete the {label} with this id."),
    ]
    return (
        *(
            _endpoint(method, place, what, f"{what}_{name}", parameters, text, what)
            for method, place, what, name, parameters, text in rows
        ),
        *(_bulk(names, what, items) for what, items in _BULK),
    )


_BULK = (("create", "creations"), ("patch", "patches"), ("delete", "deletions"))


def _bulk(names: Names, what: str, items: str) -> ModelEndpoint:
    parameter = ("items", f"Annotated[list[Any], Depends(RESOURCE.{items})]")
    return _endpoint(
        "post",
        f"{names.path}:bulk_{what}",
        "bulk",
        f"bulk_{what}_{names.many}",
        (parameter, _REQUEST),
        f"{what.title()} many {names.label} documents, each with a result of its own.",
        f"bulk_{what}",
    )


def related_endpoint(
    names: Names, field: str, target: str, path: str, name: str, id_type: Source
) -> ModelEndpoint:
    """Return the path function that lists a model's documents by whom they refer to."""
    parameters = (("id", id_type), ("query", "Annotated[ListQuery, Depends(RESOURCE.query)]"))
    return ModelEndpoint(
        decorator=_decorator("get", path, "related", name),
        signature=signature(name, parameters, "Response"),
        text=f"List the {names.label} documents whose {field} is this {target}.",
        call=Source(f"list_related({py(field)}, id, query)"),
    )


def _endpoint(
    method: str,
    path: str,
    route: str,
    name: str,
    parameters: Sequence[tuple[str, str]],
    text: str,
    action: str,
) -> ModelEndpoint:
    arguments = ", ".join(parameter for parameter, _ in parameters)
    return ModelEndpoint(
        decorator=_decorator(method, path, route, name),
        signature=signature(name, parameters, "Response"),
        text=text,
        call=Source(f"{action}({arguments})"),
    )


def _decorator(method: str, path: str, route: str, name: str) -> Source:
    items = (
        ("", py(path)),
        ("operation_id=", py(name)),
        ("", Source(f"**RESOURCE.routes.{route}")),
    )
    return laid_out(Bracketed(f"router.{method}(", ")", items), before=len("@"))
