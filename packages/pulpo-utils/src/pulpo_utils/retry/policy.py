"""When to retry and how long to wait: the arguments of `retry_on_error`, checked, and the rules."""

from __future__ import annotations

import math

from pulpo_utils.exceptions.classification import get_retry_after, is_cancelled, is_retryable

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable
    from typing import Any

    import tenacity

__all__ = ["Policy"]


class Policy:
    """What `retry_on_error` was told, checked. Holds no state of a run."""

    def __init__(
        self,
        types: tuple[Any, ...],
        *,
        max_retries: Any,
        delay: float,
        backoff: float,
        jitter: float,
        max_delay: float,
        timeout: float | None,
        retry_after: bool | Callable[[Exception], float | None],
        max_retry_after: float,
    ) -> None:
        for given in types:
            if not (isinstance(given, type) and issubclass(given, BaseException)):
                raise TypeError(
                    f"retry_on_error takes exception classes, not {given!r}: "
                    f"write @retry_on_error() or @retry_on_error(ConnectionError)"
                )
        if not isinstance(max_retries, int) or isinstance(max_retries, bool) or max_retries < 0:
            raise ValueError(
                f"max_retries={max_retries!r}: the number of retries after the first try is a "
                f"whole number, 0 or more"
            )
        self.types: tuple[type[BaseException], ...] = types
        self.max_retries: int = max_retries
        self._delay = _number("delay", delay, at_least=0)
        self._backoff = _number("backoff", backoff, at_least=1)
        self._jitter = _number("jitter", jitter, at_least=0, at_most=1)
        self._max_delay = _number("max_delay", max_delay, at_least=0)
        self.timeout = None if timeout is None else _number("timeout", timeout, at_least=0)
        self._retry_after = retry_after
        self._max_retry_after = _number("max_retry_after", max_retry_after, at_least=0)

    def matches(self, error: BaseException) -> bool:
        """Whether `error` is one to retry on; cancellation and exit never are."""
        if not isinstance(error, Exception) or is_cancelled(error):
            return False
        return isinstance(error, self.types) if self.types else is_retryable(error)

    def backoff_delay(self, attempt: int) -> float:
        """Seconds to wait after the failed `attempt`, 1 for the first, if the error has no say."""
        try:
            longest = min(self._delay * self._backoff ** (attempt - 1), self._max_delay)
        except OverflowError:
            longest = self._max_delay
        if not self._jitter:
            return longest
        from random import uniform

        return uniform(longest * (1 - self._jitter), longest)  # noqa: S311 - spreads load

    def asked_delay(self, error: Exception) -> float | None:
        """Seconds that the error itself asks to wait, if that is to be honoured."""
        if callable(self._retry_after):
            seconds = self._retry_after(error)
        else:
            seconds = get_retry_after(error) if self._retry_after else None
        return None if seconds is None else _number("retry_after", seconds, at_least=0)

    def asks_too_much(self, error: Exception) -> bool:
        """Whether the error asks for a longer wait than the policy is ready to make."""
        seconds = self.asked_delay(error)
        return seconds is not None and seconds > self._max_retry_after

    def retrying(self) -> tenacity.Retrying:
        """Return the policy in tenacity's terms; a fresh object for each run."""
        import tenacity

        def wait(state: tenacity.RetryCallState) -> float:
            asked = self.asked_delay(_failure(state))
            return self.backoff_delay(state.attempt_number) if asked is None else asked

        stop: Any = tenacity.stop_after_attempt(self.max_retries + 1)
        if self.timeout is not None:
            stop |= tenacity.stop_before_delay(self.timeout)
        return tenacity.Retrying(
            retry=tenacity.retry_if_exception(self.matches),
            stop=lambda state: stop(state) or self.asks_too_much(_failure(state)),
            wait=wait,
            reraise=True,
        )


def _failure(state: tenacity.RetryCallState) -> Exception:
    error = state.outcome.exception() if state.outcome else None
    if not isinstance(error, Exception):
        raise RuntimeError("the rules are asked about failures only")  # noqa: TRY004 - a bug here
    return error


def _number(name: str, value: object, *, at_least: float, at_most: float = math.inf) -> float:
    if isinstance(value, bool) or not isinstance(value, (int, float)) or math.isnan(value):
        raise TypeError(f"{name}={value!r}: a number is wanted")
    if not at_least <= value <= at_most:
        limit = f"between {at_least} and {at_most}" if at_most < math.inf else f"{at_least} or more"
        raise ValueError(f"{name}={value!r}: must be {limit}")
    return float(value)
