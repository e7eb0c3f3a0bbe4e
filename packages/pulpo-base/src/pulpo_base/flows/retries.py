"""When a failed try is made again, and after how long: the same on every engine."""

from __future__ import annotations

__all__ = ["retry_delay", "retry_delays", "retryable_by_default"]

_FIRST = 0.1
_LONGEST = 5.0


def retry_delay(attempt: int) -> float:
    """Return the seconds to wait after the failed try number `attempt` (from 1).

    The wait doubles from 0.1 s up to 5 s.
    """
    return min(_FIRST * 2.0 ** (min(attempt, 32) - 1), _LONGEST)


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

    Input that does not fit and output that breaks the operation's declaration will not get
    better; every other `Exception` may.
    """
    from pydantic import ValidationError

    from pulpo_base.invocation import OutputError

    return isinstance(error, Exception) and not isinstance(error, ValidationError | OutputError)
