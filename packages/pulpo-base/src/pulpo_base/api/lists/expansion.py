"""Following links: one query a relation, however many documents refer by it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from pydantic import TypeAdapter

from pulpo_base.api.documents.store import store_of
from pulpo_base.api.http.problems import invalid
from pulpo_base.api.lists.selection import Expansion
from pulpo_base.api.shapes.annotations import id_type

__all__ = ["expanded"]

_MAX_TARGETS = 5_000

Plain = dict[str, Any]


async def expanded(items: Sequence[Plain], expansions: Mapping[str, Expansion]) -> None:
    """Put documents in the place of the ids that refer to them, in items of JSON values.

    An id that no document has stays an id.
    """
    for expansion in expansions.values():
        holders = list(_holders(items, expansion.name.split(".")))
        ids = {_key(value): value for holder, place in holders for value in _ids(holder[place])}
        if not ids:
            continue
        if len(ids) > _MAX_TARGETS:
            message = (
                f"{expansion.name} refers to more than {_MAX_TARGETS} documents; ask for fewer"
            )
            raise invalid([("length", ("query", "expand"), message)])
        found = await _targets(expansion, list(ids.values()))
        await expanded(list(found.values()), expansion.inner)
        for holder, place in holders:
            value = holder[place]
            if isinstance(value, list):
                holder[place] = [found.get(_key(item), item) for item in value]
            else:
                holder[place] = found.get(_key(value), value)


async def _targets(expansion: Expansion, ids: Sequence[Any]) -> dict[str, Plain]:
    adapter: TypeAdapter[Any] = TypeAdapter(id_type(expansion.target))
    keys = [adapter.validate_python(value) for value in ids]
    store = store_of(expansion.target)
    return {
        _key(shown["id"]): shown
        async for values in store.many({"_id": {"$in": keys}})
        for shown in [store.representation.plain(values)]
    }


def _holders(node: Any, path: Sequence[str]) -> Iterator[tuple[Plain, str]]:
    """Yield each object with the key that the last part of the path has in it."""
    if isinstance(node, list | tuple):
        for item in node:
            yield from _holders(item, path)
    elif isinstance(node, dict) and path[0] in node:
        if len(path) == 1:
            yield node, path[0]
        else:
            yield from _holders(node[path[0]], path[1:])


def _ids(value: Any) -> list[Any]:
    values = value if isinstance(value, list) else [value]
    return [item for item in values if item is not None and not isinstance(item, dict)]


def _key(value: Any) -> str:
    # Ids of an expanded document compare as they are written; 1 and "1" are two of them.
    return repr(value) if not isinstance(value, dict) else ""
