"""Which fields a document offers for filters, orders and searches.

The id, what an index begins with, and what `filterable_fields`, `sortable_fields` and
`searchable_fields` name. A filter or an order by any other field would read the whole collection.
"""

from __future__ import annotations

from collections.abc import Container, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from beanie import Document
from pymongo import ASCENDING, DESCENDING, HASHED, IndexModel

from pulpo_base.api.http.problems import suggestion
from pulpo_base.api.shapes.fields import QueryField, query_fields
from pulpo_base.database.indexes import declared_indexes
from pulpo_base.model_base import DataModelBase

__all__ = ["Allowed", "allowed_fields"]

#: Indexes that keep values in their order; those of texts and places serve neither use.
_IN_ORDER = (ASCENDING, DESCENDING)
_KINDS = {
    "searchable_fields": "text",
    "sortable_fields": "single-valued",
    "filterable_fields": "comparable",
}


@dataclass(frozen=True, slots=True)
class Allowed:
    """The fields of a document by what may be done with them.

    `sortable` are the fields that could be sorted by, `sorted_by` the names of those that are
    offered, `filtered` the names of those that filters are offered for; what the document
    declares stands first in both. `label` is what the document is called in code.
    """

    label: str
    every: Mapping[str, QueryField]
    searched: Sequence[QueryField]
    sortable: Mapping[str, QueryField]
    sorted_by: Sequence[str]
    filtered: Sequence[str]

    def may_filter(self, field: QueryField) -> bool:
        """Return whether filters by a field are offered."""
        return field.name in self.filtered


def allowed_fields(document: type[Document]) -> Allowed:
    """Return what a document offers.

    Raises `ValueError` where one of its hints names what cannot be used that way.
    """
    fields = query_fields(document)
    texts = {key: item for key, item in fields.items() if item.is_text}
    single = {key: item for key, item in fields.items() if not item.is_list}
    searched = _chosen(document, "searchable_fields", texts)
    return Allowed(
        label=document.__qualname__,
        every=fields,
        searched=searched,
        sortable={item.name: item for item in single.values()},
        sorted_by=_offered(
            _chosen(document, "sortable_fields", single),
            single,
            {"_id", *_indexed(document, fields, _IN_ORDER)},
        ),
        filtered=_offered(
            [*_chosen(document, "filterable_fields", fields), *searched],
            fields,
            {"_id", *_indexed(document, fields, (*_IN_ORDER, HASHED))},
        ),
    )


def _offered(
    declared: Sequence[QueryField], known: Mapping[str, QueryField], paths: Container[str]
) -> list[str]:
    found = [*declared, *(item for item in known.values() if item.path in paths)]
    return list(dict.fromkeys(item.name for item in found))


def _chosen(
    document: type[Document], hint: str, known: Mapping[str, QueryField]
) -> list[QueryField]:
    names = getattr(document, hint) if issubclass(document, DataModelBase) else ()
    for name in names:
        if name not in known:
            label = f"{document.__qualname__}.{hint}"
            guess = suggestion(name, known)
            raise ValueError(f"{label}: {name!r} is no {_KINDS[hint]} field{guess}")
    return [known[name] for name in names]


def _indexed(
    document: type[Document], known: Mapping[str, QueryField], kinds: Container[Any]
) -> Iterator[str]:
    """Yield the stored path that each index of one of these kinds begins with."""

    # Beanie, which knows its links, is not connected yet.
    def stored(name: str) -> str:
        return known[name].path if name in known else name

    for name, info in document.model_fields.items():
        for part in (info.annotation, *info.metadata):
            indexed = getattr(part, "_indexed", None)
            if indexed and indexed[0] in kinds and not _is_partial(indexed[1]):
                yield stored(name)
    for spec in declared_indexes(document):
        path, kind = spec.keys[0]
        if kind in kinds:
            yield stored(path)
    for index in getattr(getattr(document, "Settings", None), "indexes", ()):
        facts = (index if isinstance(index, IndexModel) else IndexModel(index)).document
        path, kind = next(iter(facts["key"].items()))
        if kind in kinds and not _is_partial(facts):
            yield path


def _is_partial(options: Mapping[str, Any]) -> bool:
    """Return whether an index leaves documents out, so that not every list can use it."""
    return "partialFilterExpression" in options
