from __future__ import annotations

from typing import Any

import pytest

from pulpo_selfaware.data_access import OUTSIDE_OPERATIONS, DataAccess
from pulpo_selfaware.mongo_commands import command_accesses


@pytest.mark.parametrize(
    ("command", "accesses"),
    [
        ({"find": "a", "filter": {"b": "secret"}}, [("a", "read")]),
        ({"getMore": 77, "collection": "a"}, [("a", "read")]),
        ({"count": "a"}, [("a", "read")]),
        ({"insert": "a", "documents": [{}]}, [("a", "write")]),
        ({"update": "a"}, [("a", "write")]),
        ({"delete": "a"}, [("a", "write")]),
        ({"findAndModify": "a"}, [("a", "write")]),
        ({"createIndexes": "a"}, [("a", "write")]),
        (
            {"bulkWrite": 1, "nsInfo": [{"ns": "db.a"}, {"ns": "db.b.c"}]},
            [("a", "write"), ("b.c", "write")],
        ),
        ({"hello": 1}, []),
        ({"endSessions": []}, []),
        ({"aggregate": 1, "pipeline": [{"$currentOp": {}}]}, []),
        ({"aggregate": "a", "pipeline": []}, [("a", "read")]),
        ({"aggregate": "a", "pipeline": [{"$out": "b"}]}, [("a", "read"), ("b", "write")]),
        (
            {"aggregate": "a", "pipeline": [{"$out": {"db": "d", "coll": "b"}}]},
            [("a", "read"), ("b", "write")],
        ),
        (
            {"aggregate": "a", "pipeline": [{"$merge": {"into": {"db": "d", "coll": "b"}}}]},
            [("a", "read"), ("b", "write")],
        ),
        (
            {"aggregate": "a", "pipeline": [{"$merge": {"into": "b"}}]},
            [("a", "read"), ("b", "write")],
        ),
        (
            {
                "aggregate": "a",
                "pipeline": [
                    {"$lookup": {"from": "b", "pipeline": [{"$unionWith": "c"}]}},
                    {"$facet": {"x": [{"$graphLookup": {"from": "d"}}], "y": []}},
                    {"$unionWith": {"coll": "e", "pipeline": [{"$lookup": {"from": "a"}}]}},
                ],
            },
            [("a", "read"), ("b", "read"), ("c", "read"), ("d", "read"), ("e", "read")],
        ),
    ],
)
def test_which_collections_a_command_uses(
    command: dict[str, Any], accesses: list[tuple[str, str]]
) -> None:
    assert command_accesses(next(iter(command)), command) == accesses


def test_access_is_added_up_and_bounded() -> None:
    access = DataAccess(max_entries=2)
    access.add("op", "a", "read", 2.0, failed=False)
    access.add("op", "a", "write", 4.0, failed=True)
    access.add(None, "a", "read", 1.0, failed=False)
    access.add("op", "b", "read", 1.0, failed=False)
    assert access.snapshot() == {
        "(other)": {"(other)": {"reads": 1, "writes": 0, "errors": 0, "total_ms": 1, "max_ms": 1}},
        OUTSIDE_OPERATIONS: {
            "a": {"reads": 1, "writes": 0, "errors": 0, "total_ms": 1, "max_ms": 1}
        },
        "op": {"a": {"reads": 1, "writes": 1, "errors": 1, "total_ms": 6, "max_ms": 4}},
    }
    assert access.observed()["op"] == ({"a"}, {"a"})
    access.clear()
    assert access.snapshot() == {}
