"""`pulpo_base.records.dataclass` makes what `dataclasses.dataclass` makes."""

from __future__ import annotations

import copy
import dataclasses
import pickle
from typing import Any

import pytest
from pydantic import TypeAdapter

from pulpo_base import records


def _declared(decorator: Any, **options: bool) -> Any:
    @decorator(**options)
    class Point:
        x: int
        y: int = 2
        names: list[str] = dataclasses.field(default_factory=list)
        hidden: int = dataclasses.field(default=5, repr=False, compare=False)
        made: int = dataclasses.field(init=False, default=7)

    return Point


@records.dataclass(frozen=True, slots=True)
class Kept:
    """At the top of a module, where pickle finds it."""

    x: int
    y: str = "y"


@pytest.mark.parametrize(
    "options",
    [
        {},
        {"slots": True},
        {"frozen": True},
        {"frozen": True, "slots": True},
        {"frozen": True, "slots": True, "order": True},
    ],
    ids=str,
)
def test_it_behaves_as_the_standard_one(options: dict[str, bool]) -> None:
    ours, theirs = (
        _declared(records.dataclass, **options),
        _declared(dataclasses.dataclass, **options),
    )

    for arguments in [(1,), (1, 3), (1, 3, ["a"], 9)]:
        one, other = ours(*arguments), theirs(*arguments)
        assert repr(one) == repr(other)
        assert dataclasses.asdict(one) == dataclasses.asdict(other)
        assert one == ours(*arguments)
        assert one != ours(2)
        assert one != other
        assert dataclasses.replace(one, x=4).x == 4
        assert copy.deepcopy(one) == one
    assert ours(1, hidden=1) == ours(1, hidden=2)
    assert ours(1).names is not ours(1).names
    assert ours.__match_args__ == theirs.__match_args__
    assert hasattr(ours(1), "__dict__") == hasattr(theirs(1), "__dict__")
    assert ours.__dataclass_params__.frozen == theirs.__dataclass_params__.frozen
    for kind in (ours, theirs):
        with pytest.raises(TypeError):
            kind()
    if options.get("order"):
        assert sorted([ours(2), ours(1)]) == [ours(1), ours(2)]


def test_a_frozen_one_stays_as_it_is() -> None:
    kept = Kept(1)

    with pytest.raises(dataclasses.FrozenInstanceError):
        kept.x = 2  # type: ignore[misc] # that is what is tested
    with pytest.raises(dataclasses.FrozenInstanceError):
        del kept.x
    assert hash(kept) == hash(Kept(1)) != hash(Kept(2))
    assert pickle.loads(pickle.dumps(kept)) == kept  # noqa: S301 - our own bytes


def test_one_that_changes_has_no_hash() -> None:
    with pytest.raises(TypeError):
        hash(_declared(records.dataclass)(1))


def test_pydantic_takes_it_for_a_dataclass() -> None:
    adapter = TypeAdapter(Kept)

    assert adapter.validate_json(adapter.dump_json(Kept(3, "z"))) == Kept(3, "z")
