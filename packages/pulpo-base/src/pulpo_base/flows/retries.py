"""When a failed try is made again, and after how long: the same on every engine."""

from __future__ import annotations

__all__ = ["is_too_long", "not_again", "retry_delay", "retry_delays", "retryable_by_default"]

_FIRST = 0.1
_LONGEST = 5.0
#: An error that asks for a longer wait, in seconds, is not worth another try in the same run.
_LONGEST_ASKED = 3600.0


def retry_delay(attempt: int, asked: float | None = None) -> float:
    """Return the seconds to wait after the failed try number `attempt` (from 1).

    The wait doubles from 0.1 s up to 5 s. What the error asked for takes its place.
    """
    if asked is not None:
        return max(asked, 0.0)
    return min(_FIRST * 2.0 ** (min(attempt, 32) - 1), _LONGEST)


def is_too_long(asked: float | None) -> bool:
    """Return whether the wait that an error asks for is longer than a run waits (an hour)."""
    return asked is not None and asked > _LONGEST_ASKED


def retry_delays(retries: int) -> list[float]:
    """Return the waits before each of `retries` tries, shortened once the longest is reached.

    This is the shape of Prefect's `retry_delay_seconds`, which repeats the last value.
    """
    delays: list[float] = []
    for attempt in range(1, retries + 1):
        delays.append(retry_delay(attempt))
        if delays[-1] == _LONGEST:
            break
    return delays


def retryable_by_default(error: BaseException) -> bool:
    """Return whether a try that failed with `error` is worth repeating, where nobody says.

    An error says so itself (`retryable`), or is a connection error or a timeout, or was caused by
    one. Of every other nobody knows that the operation did nothing yet, or that it would get
    better. This is `pulpo_utils.exceptions.is_retryable`, less what that knows of libraries.
    """
    seen: set[int] = set()
    link: BaseException | None = error
    while link is not None and id(link) not in seen:
        seen.add(id(link))
        said = getattr(link, "retryable", None)
        if isinstance(said, bool):
            return said
        if isinstance(link, ConnectionError | TimeoutError):
            return True
        link = link.__cause__
    return False


def not_again(error: BaseException, asked: float | None) -> str:
    """Return why no other try is made, although the operation has some left."""
    why = "is not retryable"
    if is_too_long(asked):
        why = f"asks to wait for {asked:g} s, longer than a run does"
    return f"not tried again: {type(error).__name__} {why}"
