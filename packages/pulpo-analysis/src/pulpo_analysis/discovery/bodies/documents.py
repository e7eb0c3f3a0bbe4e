"""What Beanie's methods do to documents (https://beanie-odm.dev/api-documentation/document/).

Read from Beanie 2.2. What is not listed touches no stored document, as `to_ref` or `is_changed`.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

__all__ = ["CLASS_METHODS", "INSTANCE_METHODS", "QUERY_METHODS", "EffectKind", "Method", "Result"]


class EffectKind(StrEnum):
    """What is done to stored documents of one class."""

    READ = "read"
    CHECK = "check"
    """Only asked whether there is one."""
    CREATE = "create"
    CHANGE = "change"
    """Changed, replaced or deleted."""


class Result(StrEnum):
    """What a method gives back."""

    NOTHING = "nothing"
    """No document: a number, a text, what the server says of a write."""
    ONE = "one"
    """A stored document, perhaps `None`."""
    SAME = "same"
    """The document that the method was called on, or that it was given."""
    MANY = "many"
    """A collection of stored documents."""
    QUERY = "query"
    """A query that did not run yet."""


@dataclass(frozen=True, slots=True)
class Method:
    """Effect and result of one method.

    One that is `open` takes commands of the server, which may reach any collection.
    """

    effect: EffectKind | None
    result: Result = Result.NOTHING
    open: bool = False
    deletes: bool = False


_READ = Method(EffectKind.READ)
_CHANGE = Method(EffectKind.CHANGE)
_DELETE = Method(EffectKind.CHANGE, deletes=True)
_CHANGED = Method(EffectKind.CHANGE, Result.SAME)
_QUERY = Method(None, Result.QUERY)
_PIPELINE = Method(EffectKind.READ, open=True)
_AGGREGATES = ("avg", "count", "distinct", "max", "min", "sum")

#: On the class: `Order.get(…)`.
CLASS_METHODS: dict[str, Method] = {
    **dict.fromkeys(_AGGREGATES, _READ),
    "aggregate": _PIPELINE,
    "all": _QUERY,
    "bulk_writer": Method(None),
    "delete_all": _CHANGE,
    "find": _QUERY,
    "find_all": _QUERY,
    "find_many": _QUERY,
    "find_many_in_all": _QUERY,
    "find_one": _QUERY,
    "get": Method(EffectKind.READ, Result.ONE),
    "get_pymongo_collection": Method(None, open=True),
    "insert_many": Method(EffectKind.CREATE),
    "insert_one": Method(EffectKind.CREATE, Result.SAME),
    "inspect_collection": _READ,
    "model_construct": Method(None, Result.SAME),
    "model_validate": Method(None, Result.SAME),
    "model_validate_json": Method(None, Result.SAME),
    "parse_obj": Method(None, Result.SAME),
    "replace_many": _CHANGE,
    "update_all": _CHANGE,
}

#: On a document: `order.save()`.
INSTANCE_METHODS: dict[str, Method] = {
    "create": Method(EffectKind.CREATE, Result.SAME),
    "current_date": _CHANGED,
    "delete": _DELETE,
    "fetch_all_links": Method(EffectKind.READ, Result.SAME),
    "fetch_link": Method(EffectKind.READ, Result.SAME),
    "hard_delete": _DELETE,
    "inc": _CHANGED,
    "insert": Method(EffectKind.CREATE, Result.SAME),
    "copy": Method(None, Result.SAME),
    "model_copy": Method(None, Result.SAME),
    "replace": _CHANGED,
    "save": _CHANGED,
    "save_changes": _CHANGED,
    "set": _CHANGED,
    "sync": Method(EffectKind.READ),
    "update": _CHANGED,
}

#: On a query: `Order.find(…).update(…)`. An upsert needs no document to be there before it.
QUERY_METHODS: dict[str, Method] = {
    **dict.fromkeys(_AGGREGATES, _READ),
    "aggregate": _PIPELINE,
    **dict.fromkeys(
        ("find", "find_all", "find_many", "find_one", "limit", "project", "skip", "sort"), _QUERY
    ),
    **dict.fromkeys(("all", "clone", "set_session"), _QUERY),
    **dict.fromkeys(
        ("current_date", "inc", "set", "update", "update_one"),
        Method(EffectKind.CHANGE, Result.ONE),
    ),
    **dict.fromkeys(("delete", "delete_many", "delete_one", "replace_one", "update_many"), _CHANGE),
    "exists": Method(EffectKind.CHECK),
    "first_or_none": Method(EffectKind.READ, Result.ONE),
    "to_list": Method(EffectKind.READ, Result.MANY),
    "upsert": Method(EffectKind.CREATE, Result.ONE),
}
