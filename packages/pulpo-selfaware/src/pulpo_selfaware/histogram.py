"""Latencies in a fixed amount of memory, with quantiles of known error."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable

__all__ = ["BUCKET_COUNT", "bucket_of", "bucket_value", "quantile"]

# Buckets are log-linear over microseconds: exact below 32 us, then 16 buckets for every doubling,
# so that a bucket's middle is within 1/32 (3.2 %) of every value in it.
_SUB_BITS = 4
_EXACT_US = 32
_LARGEST_US = (1 << 36) - 1  # 19 hours; anything longer counts as that
BUCKET_COUNT = ((36 - _SUB_BITS - 1) << _SUB_BITS) + (2 << _SUB_BITS)


def bucket_of(seconds: float) -> int:
    """Return the index of the bucket that holds a duration of `seconds`."""
    us = int(seconds * 1_000_000)
    if us < _EXACT_US:
        return us if us > 0 else 0  # noqa: FURB136 - max() and min() take three times as long
    if us > _LARGEST_US:  # noqa: PLR1730
        us = _LARGEST_US
    shift = us.bit_length() - _SUB_BITS - 1
    return (shift << _SUB_BITS) + (us >> shift)


def bucket_value(index: int) -> float:
    """Return the middle of bucket `index`, in seconds."""
    low, width = _bounds(index)
    return (low + (width - 1) / 2) / 1_000_000


def bucket_end(index: int) -> float:
    """Return the (excluded) upper bound of bucket `index`, in seconds."""
    low, width = _bounds(index)
    return (low + width) / 1_000_000


def _bounds(index: int) -> tuple[int, int]:
    if index < _EXACT_US:
        return index, 1
    shift = (index >> _SUB_BITS) - 1
    return (index - (shift << _SUB_BITS)) << shift, 1 << shift


def quantile(buckets: Iterable[tuple[int, int]], total: int, q: float) -> float:
    """Return the `q`-quantile in seconds of (index, count) pairs in ascending order.

    `total` is the sum of the counts; 0.0 when there are none.
    """
    rank = q * total
    seen = 0
    last = 0
    for index, count in buckets:
        seen += count
        last = index
        if seen >= rank and count:
            break
    return bucket_value(last) if total else 0.0
