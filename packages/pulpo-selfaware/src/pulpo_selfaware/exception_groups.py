"""Exceptions grouped by type and place, so that a thousand failures read as one line."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime
from functools import cache, lru_cache
from pathlib import Path
from threading import get_ident
from traceback import walk_tb
from typing import Any

__all__ = ["ExceptionGroups", "describe_exception"]

_OVERFLOW = ("(other exceptions)", "")
_MAX_FRAMES = 20


@dataclass(slots=True)
class _Group:
    count: int
    first_seen: datetime
    last_seen: datetime
    example: dict[str, Any]


class ExceptionGroups:
    """Counts exceptions by (type, place), with one example each.

    At most `max_groups` groups; the rest is counted in one overflow group. Safe to call from any
    thread without a lock: each thread counts for itself and readers add up.
    """

    def __init__(self, max_groups: int = 200) -> None:
        self._max_groups = max_groups
        self._by_thread: dict[int, dict[tuple[str, str], _Group]] = {}

    def add(self, details: dict[str, Any]) -> None:
        """Count an exception given as `describe_exception` returned it."""
        groups = self._by_thread.setdefault(get_ident(), {})
        key = (details["type"], details["place"])
        now = datetime.now(UTC)
        group = groups.get(key)
        if group is None and len(groups) >= self._max_groups:
            key = _OVERFLOW
            group = groups.get(key)
        if group is None:
            groups[key] = _Group(1, now, now, details)
        else:
            group.count += 1
            group.last_seen = now

    def snapshot(self) -> list[dict[str, Any]]:
        """Return the groups as plain values, the most frequent first."""
        merged: dict[tuple[str, str], _Group] = {}
        for groups in list(self._by_thread.values()):
            for key, group in list(groups.items()):
                self._merge(merged, key, group)
        rows = [
            {
                "type": key[0],
                "place": key[1],
                "count": group.count,
                "first_seen": group.first_seen.isoformat(),
                "last_seen": group.last_seen.isoformat(),
                "example": group.example,
            }
            for key, group in merged.items()
        ]
        return sorted(rows, key=lambda row: (-row["count"], row["type"], row["place"]))

    def clear(self) -> None:
        """Forget all groups."""
        self._by_thread.clear()

    def _merge(
        self, merged: dict[tuple[str, str], _Group], key: tuple[str, str], group: _Group
    ) -> None:
        if key not in merged and len(merged) >= self._max_groups:
            key = _OVERFLOW
        other = merged.get(key)
        if other is None:
            merged[key] = _Group(group.count, group.first_seen, group.last_seen, group.example)
            return
        other.count += group.count
        other.first_seen = min(other.first_seen, group.first_seen)
        other.last_seen = max(other.last_seen, group.last_seen)


def describe_exception(error: BaseException, *, with_message: bool) -> dict[str, Any]:
    """Return type, place and frames of an exception; never a local variable's value.

    The place is the innermost frame of the user's own code; of libraries' frames only the
    innermost of all is kept. The message is left out unless
    `with_message`: it often repeats what a client sent.
    """
    frames = [
        (frame.f_code.co_filename, line, frame.f_code.co_qualname)
        for frame, line in walk_tb(error.__traceback__)
    ]
    own = [frame for frame in frames if not frame[0].startswith(_library_dirs())]
    innermost = (own or frames)[-1] if frames else None
    shown = own if own and own[-1] == frames[-1] else [*own, *frames[-1:]]
    details: dict[str, Any] = {
        "type": _type_name(error),
        "place": _place(*innermost) if innermost else "(not raised)",
        "traceback": [_place(*frame) for frame in shown[-_MAX_FRAMES:]],
    }
    if with_message:
        details["message"] = _message(error)
    cause = error.__cause__ or (None if error.__suppress_context__ else error.__context__)
    if cause is not None:
        details["cause"] = _type_name(cause)
    if isinstance(error, BaseExceptionGroup):
        details["exceptions"] = [_type_name(inner) for inner in error.exceptions[:_MAX_FRAMES]]
    return details


@cache
def _library_dirs() -> tuple[str, ...]:
    """Return where code lives that is not the user's own, this package included."""
    import sysconfig  # 10 ms, and most programs never come here

    paths = [sysconfig.get_path(name) for name in ("stdlib", "purelib", "platlib")]
    return (*dict.fromkeys(paths), str(Path(__file__).parent))


def _message(error: BaseException) -> str:
    try:
        return str(error)[:1000]
    except Exception as broken:  # noqa: BLE001 - a user's __str__ may raise anything
        return f"(its __str__ raised {type(broken).__name__})"


def _type_name(error: BaseException) -> str:
    kind = type(error)
    return (
        kind.__qualname__
        if kind.__module__ == "builtins"
        else f"{kind.__module__}.{kind.__qualname__}"
    )


@lru_cache(1000)
def _place(filename: str, line: int, function: str) -> str:
    parts = Path(filename).parts
    return f"{'/'.join(parts[-3:]).lstrip('/')}:{line} in {function}"
