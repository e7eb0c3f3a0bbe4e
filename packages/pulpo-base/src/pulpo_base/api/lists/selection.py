"""`fields` and `expand`: which parts of a document an answer has, and which links it follows."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Any

from beanie import Document

from pulpo_base.api.http.problems import invalid, suggestion
from pulpo_base.api.security.permissions import may_read
from pulpo_base.api.shapes.fields import query_fields
from pulpo_base.api.shapes.output import read_model

__all__ = ["Expansion", "Selection", "link_names", "pruned", "selection"]

_MAX_DEPTH = 3
_MAX_RELATIONS = 10
_MAX_FIELDS = 100

#: Names of fields, each with what is wanted of it; empty stands for all.
Tree = dict[str, "Tree"]


@dataclass(frozen=True, slots=True)
class Expansion:
    """A link that is followed: its dotted name, whom it refers to, what is followed from there."""

    name: str
    target: type[Document]
    inner: dict[str, Expansion] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Selection:
    """What an answer consists of; `fields` is empty for all of them."""

    fields: Tree = field(default_factory=dict)
    expand: Mapping[str, Expansion] = field(default_factory=dict)

    def __bool__(self) -> bool:
        return bool(self.fields or self.expand)


def selection(document: type[Document], fields: str | None, expand: str | None) -> Selection:
    """Read both parameters. Raises `RequestValidationError` for names that are unknown.

    Raises `HTTPException` (403) for a link to what the client may not read.
    """
    expanded = _expansions(document, expand.split(",")) if expand is not None else {}
    wanted: Tree = {}
    if fields is not None:
        names = [name.strip() for name in fields.split(",")]
        if len(names) > _MAX_FIELDS:
            raise invalid([("length", ("query", "fields"), f"name at most {_MAX_FIELDS} fields")])
        if "id" not in names:
            wanted["id"] = {}
        for name in names:
            _check(document, name, expanded)
            node = wanted
            for part in name.split("."):
                node = node.setdefault(part, {})
    return Selection(wanted, expanded)


def pruned(value: Any, tree: Tree) -> Any:
    """Return a JSON value with the wanted fields only."""
    if isinstance(value, list):
        return [pruned(item, tree) for item in value]
    if not tree or not isinstance(value, dict):
        return value
    return {name: pruned(item, tree[name]) for name, item in value.items() if name in tree}


@lru_cache(maxsize=1024)
def _link_names(document: Any) -> Mapping[str, type[Document]]:
    return {item.name: item.target for item in query_fields(document).values() if item.target}


def link_names(document: type[Document]) -> Mapping[str, type[Document]]:
    """Return the links of a document by the dotted name that clients know, and their targets."""
    key: Any = document
    return _link_names(key)


@lru_cache(maxsize=1024)
def _names(document: Any) -> frozenset[str]:
    """Return the dotted names of all fields that an answer shows."""
    shown = read_model(document)
    found = {
        "id" if name == "id" else info.serialization_alias or info.alias or name
        for name, info in shown.model_fields.items()
    }
    for item in query_fields(document).values():
        parts = item.name.split(".")
        found |= {".".join(parts[: count + 1]) for count in range(len(parts))}
    return frozenset(found)


def _check(document: type[Document], name: str, expanded: Mapping[str, Expansion]) -> None:
    for link, expansion in expanded.items():
        if name.startswith(f"{link}."):
            _check(expansion.target, name.removeprefix(f"{link}."), expansion.inner)
            return
    key: Any = document
    names = _names(key)
    if name not in names:
        hint = suggestion(name, names)
        message = f"there is no field {name!r:.60}{hint}"
        raise invalid([("unknown_field", ("query", "fields"), message)])


def _expansions(document: type[Document], names: Iterable[str]) -> dict[str, Expansion]:
    found: dict[str, Expansion] = {}
    count = 0
    for name in names:
        rest, target, level = name.strip(), document, found
        depth = 0
        while rest:
            link = _link(target, rest)
            depth += 1
            if link is None or depth > _MAX_DEPTH:
                raise _no_such_link(target, name.strip(), depth)
            if link not in level:
                may_read(link_names(target)[link])
                level[link] = Expansion(link, link_names(target)[link])
                count += 1
            expansion = level[link]
            target, level = expansion.target, expansion.inner
            rest = rest.removeprefix(link).removeprefix(".")
        if depth == 0:
            raise _no_such_link(target, "", depth)
    if count > _MAX_RELATIONS:
        raise invalid([("length", ("query", "expand"), f"expand at most {_MAX_RELATIONS} links")])
    return found


def _link(document: type[Document], name: str) -> str | None:
    parts = name.split(".")
    for count in range(1, len(parts) + 1):
        head = ".".join(parts[:count])
        if head in link_names(document):
            return head
    return None


def _no_such_link(document: type[Document], name: str, depth: int) -> Exception:
    known = link_names(document)
    if depth > _MAX_DEPTH:
        message = f"follow at most {_MAX_DEPTH} links in a row"
    else:
        hint = suggestion(name, known) or f"; use {', '.join(known) or 'none: it has no links'}"
        message = f"{name!r:.60} is no link{hint}"
    return invalid([("unknown_field", ("query", "expand"), message)])
