"""Values as text that is kept, so that what succeeded need not run again."""

from __future__ import annotations

import asyncio
import logging
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any, Final, Protocol

from pulpo_base.flows.retries import retry_delay
from pulpo_base.runs.kept import KeptText

__all__ = [
    "Kept",
    "KeptLater",
    "KeptUnknownError",
    "OutputStore",
    "kept_output",
    "kept_text",
    "kept_value",
    "unknown",
]

_log = logging.getLogger(__name__)

#: Seconds for which a store that is away is asked again what a step returned.
_PATIENCE: Final = 30.0


class KeptUnknownError(ConnectionError):
    """It cannot be known whether a step is done already: the run ends, and can be resumed."""


class OutputStore(Protocol):
    """Where outputs are kept, by the key of their step."""

    async def find(self, key: str) -> str | None:
        """Return the text kept under a key, `None` where there is none."""
        ...

    async def keep(self, outputs: Sequence[KeptText]) -> None:
        """Keep outputs of steps; what is kept already stays."""
        ...

    async def forget(self, key: str) -> None:
        """Keep the output of a step no longer."""
        ...


class KeptLater:
    """Keeps outputs without holding up their steps: what comes during one write goes with the next.

    A step whose output is lost, because the store cannot be reached, runs again where its run is
    resumed. So no output waits longer than that: a process that is killed loses what it has not
    written.
    """

    def __init__(self, store: OutputStore) -> None:
        """Nothing is kept yet."""
        self._store = store
        self._waiting: list[KeptText] = []
        self._writing: asyncio.Task[None] | None = None

    def add(self, output: KeptText) -> None:
        """Keep an output soon."""
        self._waiting.append(output)
        if self._writing is None or self._writing.done():
            self._writing = asyncio.create_task(self._write())

    async def done(self) -> None:
        """Wait until everything is kept, or lost."""
        if self._writing is not None:
            await asyncio.wait([self._writing])

    async def _write(self) -> None:
        while self._waiting:
            outputs, self._waiting = self._waiting, []
            try:
                await self._store.keep(outputs)
            except Exception as error:  # noqa: BLE001 - the steps themselves did what they should
                names = ", ".join(one.operation for one in outputs)
                _log.warning("what %s returned could not be kept: %s", names, error)


@dataclass(frozen=True, slots=True)
class Kept:
    """What a step returned in an earlier run."""

    output: Any


async def kept_output(store: OutputStore, key: str, operation: str, kind: Any) -> Kept | None:
    """Return what an operation returned, `None` where its step has to run.

    That is also so where its output type has changed since: the text is forgotten then. Raises
    `KeptUnknownError` where the store does not answer for half a minute.
    """
    from pydantic import ValidationError

    text = await _found(store, key, operation)
    if text is None:
        return None
    try:
        return Kept(kept_value(kind, text))
    except ValidationError:
        _log.warning("%s runs again: what it returns has another type now", operation)
    try:
        await store.forget(key)
    except Exception as error:  # noqa: BLE001 - the step runs all the same
        _log.warning("what %s returned before is kept: %s", operation, error)
    return None


def unknown(operation: str) -> str:
    """Return the message of a `KeptUnknownError`."""
    return f"the database did not say whether {operation!r} is done already"


async def _found(store: OutputStore, key: str, operation: str) -> str | None:
    until, attempt = time.monotonic() + _PATIENCE, 1
    while True:
        try:
            return await store.find(key)
        except Exception as error:
            if time.monotonic() >= until:
                raise KeptUnknownError(unknown(operation)) from error
            _log.warning("what %s returned cannot be read yet: %s", operation, error)
        await asyncio.sleep(retry_delay(attempt))
        attempt += 1


def kept_text(kind: Any, value: Any, *, exclude_unset: bool = False) -> str | None:
    """Return a value of a type as JSON, `None` where it would not come back as it was.

    That is so for secrets, which are masked in JSON, and for values that pydantic cannot read
    back. `exclude_unset` leaves out the fields of a model that were not given.
    """
    from pydantic import ValidationError
    from pydantic_core import PydanticSerializationError

    adapter = _adapter(kind)
    try:
        text: str = adapter.dump_json(
            value, by_alias=True, round_trip=True, exclude_unset=exclude_unset
        ).decode()
        again = kept_value(kind, text)
    except (PydanticSerializationError, ValidationError):
        return None
    return text if _same(value, again) else None


def kept_value(kind: Any, text: str) -> Any:
    """Return the value that was kept as text.

    Raises `pydantic.ValidationError` where the type has changed since.
    """
    return _adapter(kind).validate_json(text, by_alias=True, by_name=True)


@lru_cache(maxsize=512)
def _adapter(kind: Any) -> Any:
    from pydantic import TypeAdapter

    return TypeAdapter(Any if kind is None else kind)


def _same(one: Any, other: Any) -> bool:
    from pydantic import BaseModel

    if isinstance(one, BaseModel):
        # Not by `==`: Beanie's documents remember what they were loaded as.
        return type(one) is type(other) and all(
            _same(getattr(one, name), getattr(other, name)) for name in type(one).model_fields
        )
    if isinstance(one, Mapping):
        return (
            isinstance(other, Mapping)
            and one.keys() == other.keys()
            and all(_same(item, other[key]) for key, item in one.items())
        )
    if isinstance(one, list | tuple):
        return (
            type(one) is type(other)
            and len(one) == len(other)
            and all(_same(left, right) for left, right in zip(one, other, strict=True))
        )
    return bool(one == other)
