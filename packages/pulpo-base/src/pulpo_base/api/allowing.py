"""Which fields a document offers for filters, orders and searches.

What `filterable_fields`, `sortable_fields` and `searchable_fields` name, and for filters what an
index begins with. Where a document names none, every field is offered.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from beanie import Document
from pymongo import IndexModel

from pulpo_base.api.fields import QueryField, query_fields
from pulpo_base.api.problems import suggestion
from pulpo_base.database.indexes import declared_indexes, stored_path
from pulpo_base.model_base import DataModelBase

__all__ = ["Allowed", "allowed_fields"]

_KINDS = {
    "searchable_fields": "text",
    "sortable_fields": "single-valued",
    "filterable_fields": "comparable",
}


@dataclass(frozen=True, slots=True)
class Allowed:
    """The fields of a document by what may be done with them.

    `sortable` are the fields that could be sorted by, `sorted_by` the names of those that are
    offered, `filtered` the names of those that filters are offered for.
    """

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
    sorted_by = _chosen(document, "sortable_fields", single) or list(single.values())
    filtered = _chosen(document, "filterable_fields", fields)
    if filtered:
        indexed = {"_id", *_indexed(document)}
        filtered += [item for item in fields.values() if item.path in indexed]
    return Allowed(
        every=fields,
        searched=searched,
        sortable={item.name: item for item in single.values()},
        sorted_by=[item.name for item in sorted_by],
        filtered=list(dict.fromkeys(item.name for item in filtered or fields.values())),
    )


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


def _indexed(document: type[Document]) -> Iterator[str]:
    """Yield the stored path that each index begins with."""
    for name, info in document.model_fields.items():
        annotated = [info.annotation, *info.metadata]
        if any(getattr(part, "_indexed", None) for part in annotated):
            yield stored_path(document, name)
    for spec in declared_indexes(document):
        yield stored_path(document, spec.keys[0][0])
    for index in getattr(getattr(document, "Settings", None), "indexes", ()):
        keys = index.document["key"] if isinstance(index, IndexModel) else index
        first = next(iter(keys if not isinstance(keys, str) else [keys]))
        yield first if isinstance(first, str) else first[0]
