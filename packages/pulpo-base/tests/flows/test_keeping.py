"""Outputs are kept without holding up their steps, several at a time."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from typing import Any

import pytest

from pulpo_base.flows.keeping import KeptLater
from pulpo_base.runs.kept import KeptText


class Slow:
    """A store whose writes end when they are told to."""

    def __init__(self) -> None:
        self.writes: list[list[str]] = []
        self.error: Exception | None = None
        self.go = asyncio.Event()

    async def keep(self, outputs: Sequence[KeptText]) -> None:
        self.writes.append([one.key for one in outputs])
        await self.go.wait()
        if self.error is not None:
            raise self.error

    async def find(self, key: str) -> str | None:
        raise NotImplementedError

    async def forget(self, key: str) -> None:
        raise NotImplementedError


def text(key: str) -> KeptText:
    return KeptText(key, f"op.{key}", "1")


async def test_what_comes_during_a_write_goes_with_the_next() -> None:
    store = Slow()
    keeping = KeptLater(store)
    keeping.add(text("a"))
    await asyncio.sleep(0)
    keeping.add(text("b"))
    keeping.add(text("c"))
    store.go.set()
    await keeping.done()

    assert store.writes == [["a"], ["b", "c"]]


async def test_a_store_that_cannot_be_reached_is_told_of_and_hides_nothing(
    caplog: pytest.LogCaptureFixture,
) -> None:
    store = Slow()
    store.error = ConnectionError("away")
    store.go.set()
    keeping = KeptLater(store)
    keeping.add(text("a"))
    await keeping.done()

    assert "what op.a returned could not be kept: away" in caplog.text


async def test_what_is_kept_stays_and_what_is_too_long_is_left_out(
    mongodb_url: str, database_name: str
) -> None:
    pytest.importorskip("pymongo", reason="outputs are kept in MongoDB")
    from pymongo import AsyncMongoClient

    from pulpo_base.runs.outputs import RunOutputs

    async with AsyncMongoClient[dict[str, Any]](mongodb_url, tz_aware=True) as mongo:
        outputs = RunOutputs(mongo[database_name])
        await outputs.keep([KeptText("a", "op.a", "first")])
        long = KeptText("long", "op.long", "ö" * (8 * 1024 * 1024))
        await outputs.keep([KeptText("a", "op.a", "second"), long, text("b")])
        await outputs.keep([long])

        assert [await outputs.find(key) for key in ("a", "b", "long")] == ["first", "1", None]
