"""Whether a text is a cron expression that Prefect takes, and if not, why."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import NamedTuple

__all__ = ["cron_problem"]

_MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
_DAYS = ("sun", "mon", "tue", "wed", "thu", "fri", "sat")
_LONGEST = {1: 31, 2: 29, 3: 31, 4: 30, 5: 31, 6: 30, 7: 31, 8: 31, 9: 30, 10: 31, 11: 30, 12: 31}
_SHORTCUTS = frozenset({"annually", "daily", "hourly", "midnight", "monthly", "weekly", "yearly"})
_ITEM = re.compile(r"(\*|\w+)(?:-(\w+))?(?:/(\w+))?")
_NTH_DAY = re.compile(r"(\w+)#([1-5])|l(\w+)")


class _Field(NamedTuple):
    name: str
    lowest: int
    highest: int
    words: tuple[str, ...] = ()


_FIELDS = (
    _Field("minute", 0, 59),
    _Field("hour", 0, 23),
    _Field("day of the month", 1, 31),
    _Field("month", 1, 12, _MONTHS),
    _Field("day of the week", 0, 7, _DAYS),
)


@dataclass(slots=True)
class _RefusedError(Exception):
    reason: str


def cron_problem(text: str) -> str | None:
    """Return what is wrong with a cron expression, `None` for a good one.

    It has five fields (minute, hour, day of the month, month, day of the week), each a list of
    values, ranges and steps, with English names for months and days; or it is a shortcut such
    as `@daily`. `L` is the last day of a month, `fri#2` the second Friday, `L5` the last.
    """
    text = text.strip().lower()
    if text.startswith("@"):
        return None if text[1:] in _SHORTCUTS else f"there is no shortcut {text!r}"
    parts = text.split()
    if len(parts) != len(_FIELDS):
        return f"it has {len(parts)} fields, and five are needed"
    try:
        read = [_values(part, field) for part, field in zip(parts, _FIELDS, strict=True)]
    except _RefusedError as refused:
        return refused.reason
    days, months = read[2], read[3]
    longest = max(_LONGEST[month] for month in months)
    if parts[4] == "*" and days and min(days) > longest:
        return f"no month of these has a day {min(days)}"
    return None


def _values(part: str, field: _Field) -> set[int]:
    found: set[int] = set()
    for item in part.split(","):
        found |= _item(item, field)
    return found


def _item(item: str, field: _Field) -> set[int]:
    if field.name == "day of the month" and item == "l":
        return {28}
    special = _NTH_DAY.fullmatch(item) if field.words is _DAYS else None
    if special:
        return {_number(special.group(1) or special.group(3), field)}
    match = _ITEM.fullmatch(item)
    if match is None:
        raise _RefusedError(f"{item!r} is no {field.name}")
    first, last, step = match.groups()
    if first == "*":
        if last:
            raise _RefusedError(f"{item!r}: `*` has no range")
        low, high = field.lowest, field.highest
    else:
        low = _number(first, field)
        # `5/10` counts from 5 to the end.
        high = _number(last, field) if last else (field.highest if step else low)
    if step is not None and (not _is_number(step) or int(step) == 0):
        raise _RefusedError(f"{item!r}: the step must be a number above 0")
    if low > high:
        if not field.words:
            raise _RefusedError(f"{item!r}: the {field.name} goes from {low} down to {high}")
        # `fri-mon` goes over the end of the week.
        return {*range(low, field.highest + 1), *range(field.lowest, high + 1)}
    return set(range(low, high + 1, int(step or 1)))


def _number(text: str, field: _Field) -> int:
    if text in field.words:
        return field.words.index(text) + field.lowest
    if not _is_number(text):
        raise _RefusedError(f"{text!r} is no {field.name}")
    if not field.lowest <= int(text) <= field.highest:
        span = f"{field.lowest} to {field.highest}"
        raise _RefusedError(f"the {field.name} is {text}; it goes from {span}")
    return int(text)


def _is_number(text: str) -> bool:
    return text.isascii() and text.isdigit() and len(text) < len("100000")
