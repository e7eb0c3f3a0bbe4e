"""The indexes that `@datamodel(indexes=…)` and `DataModelBase.indexes()` declare."""

from __future__ import annotations

from beanie import Document
from beanie.odm.fields import LinkTypes
from pymongo import IndexModel

from pulpo_base.arguments import index_from
from pulpo_base.decorators import spec_of
from pulpo_base.model_base import DataModelBase
from pulpo_base.specs import IndexSpec, ModelSpec

__all__ = ["create_indexes", "declared_indexes", "stored_path"]

_STORED_LINKS = {
    LinkTypes.DIRECT,
    LinkTypes.OPTIONAL_DIRECT,
    LinkTypes.LIST,
    LinkTypes.OPTIONAL_LIST,
}


def declared_indexes(cls: type[Document]) -> list[IndexSpec]:
    """Return the indexes declared on a document beside Beanie's own, each once.

    Raises `TypeError` or `ValueError`, naming the document, for a definition that makes no sense.
    """
    spec = spec_of(cls)
    found = list(spec.indexes) if isinstance(spec, ModelSpec) else []
    if issubclass(cls, DataModelBase):
        for item in cls.indexes():
            try:
                found.append(index_from(item))
            except (TypeError, ValueError) as error:
                raise type(error)(f"{cls.__qualname__}.indexes(): {error}") from error
    return list(dict.fromkeys(found))


def stored_path(cls: type[Document], field: str) -> str:
    """Return the name under which MongoDB keeps a field (dots lead into nested models).

    An alias replaces the name, and a link is known by the id that it refers to.
    """
    head, dot, rest = field.partition(".")
    info = cls.model_fields.get(head)
    stored = (info.alias if info is not None else None) or head
    link = (cls.get_link_fields() or {}).get(head)
    if link is not None and link.link_type in _STORED_LINKS and not dot:
        return f"{stored}.$id"
    return f"{stored}{dot}{rest}"


async def create_indexes(cls: type[Document]) -> None:
    """Create the declared indexes that the collection lacks; Beanie must be connected.

    Raises `RuntimeError` where an index on the same fields exists and is not unique as declared.
    """
    declared = declared_indexes(cls)
    if not declared:
        return
    collection = cls.get_pymongo_collection()
    existing = {
        tuple((name, _direction(way)) for name, way in facts["key"]): facts
        for facts in (await collection.index_information()).values()
    }
    for spec in declared:
        keys = _stored_keys(cls, spec)
        if keys not in existing:
            options = {"name": spec.name} if spec.name else {}
            model = IndexModel(list(keys), unique=spec.unique, **options)
            await collection.create_indexes([model])
        elif spec.unique and keys != (("_id", 1),) and not existing[keys].get("unique"):
            raise RuntimeError(
                f"{cls.__qualname__}: a unique index on {', '.join(name for name, _ in spec.keys)}"
                f" is declared, but the collection {collection.name!r} has one on the same fields"
                " that is not unique; drop that one"
            )


def _stored_keys(cls: type[Document], spec: IndexSpec) -> tuple[tuple[str, int | str], ...]:
    """Return what an index is made of.

    One of a single field also has the ids: lists in the order of the field, either way and behind
    any document, are read from it, and nothing is sorted. One with a name is as its owner says.
    """
    keys = tuple((stored_path(cls, name), way) for name, way in spec.keys)
    [(path, way), *others] = keys
    is_whole = bool(others) or spec.unique or spec.name or way not in (1, -1) or path == "_id"
    # The measurements of a time series are stored together, and have no index of ids.
    return keys if is_whole or cls.get_settings().timeseries else (*keys, ("_id", way))


def _direction(way: object) -> object:
    # Some servers and tools report 1.0 for 1.
    return int(way) if isinstance(way, float) else way
