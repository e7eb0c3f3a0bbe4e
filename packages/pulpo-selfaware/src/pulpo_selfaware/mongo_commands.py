"""Which collections a MongoDB command reads and writes. Values in the command are not looked at."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from pulpo_selfaware.data_access import AccessKind

__all__ = ["command_accesses"]

_READS = frozenset(("find", "count", "distinct", "listIndexes", "mapReduce", "geoSearch"))
_WRITES = frozenset(
    (
        "insert",
        "update",
        "delete",
        "findAndModify",
        "findandmodify",
        "create",
        "drop",
        "createIndexes",
        "dropIndexes",
        "collMod",
    )
)
_JOINS = ("$lookup", "$graphLookup")


def command_accesses(name: str, command: Mapping[str, Any]) -> list[tuple[str, AccessKind]]:
    """Return (collection, "read" or "write") pairs without repetitions; empty for other commands.

    An aggregation reads what it is run on and what it joins, and writes what `$out` and `$merge`
    name.
    """
    target = command.get(name)
    found: list[tuple[str, AccessKind]] = []
    if name == "getMore":
        target = command.get("collection")
        found = [(target, "read")] if isinstance(target, str) else []
    elif name == "aggregate":
        found = list(_aggregation(target, command.get("pipeline")))
    elif name == "bulkWrite":
        found = [(_after_dot(info.get("ns")), "write") for info in command.get("nsInfo") or ()]
    elif isinstance(target, str) and name in _READS:
        found = [(target, "read")]
    elif isinstance(target, str) and name in _WRITES:
        found = [(target, "write")]
    return list(dict.fromkeys(found))


def _aggregation(target: object, pipeline: object) -> Iterator[tuple[str, AccessKind]]:
    if isinstance(target, str):  # 1 for an aggregation on the database itself
        yield target, "read"
    yield from _stages(pipeline)


def _stages(pipeline: object) -> Iterator[tuple[str, AccessKind]]:
    if not isinstance(pipeline, Sequence) or isinstance(pipeline, str | bytes):
        return
    for stage in pipeline:
        if isinstance(stage, Mapping):
            for operator, argument in stage.items():
                yield from _stage(operator, argument)


def _stage(operator: str, argument: Any) -> Iterator[tuple[str, AccessKind]]:
    if operator in _JOINS:
        if isinstance(argument.get("from"), str):
            yield argument["from"], "read"
        yield from _stages(argument.get("pipeline"))
    elif operator == "$unionWith":
        if isinstance(argument, str):
            yield argument, "read"
            return
        if isinstance(argument.get("coll"), str):
            yield argument["coll"], "read"
        yield from _stages(argument.get("pipeline"))
    elif operator == "$facet":
        for pipeline in argument.values():
            yield from _stages(pipeline)
    elif operator in {"$out", "$merge"}:
        yield _written(argument), "write"


def _written(argument: Any) -> str:
    """Return the collection of `$out` or `$merge`, each of which has three ways to name it."""
    while isinstance(argument, Mapping):
        argument = argument.get("into") or argument.get("coll")
    return str(argument)


def _after_dot(namespace: object) -> str:
    return str(namespace).partition(".")[2]
