"""What `on_retry` is told."""

from __future__ import annotations

__all__ = ["RetryState"]


class RetryState(int):
    """The number of the retry about to be made, 1 for the first, and what is known besides.

    It is an `int`, so that a callback may take it for the plain attempt number: the attempt that
    has just failed has the same number.
    """

    error: Exception
    """What the last attempt raised."""
    delay: float
    """Seconds until the retry."""
    elapsed: float
    """Seconds since the first attempt began."""
    max_retries: int

    def __new__(
        cls, attempt: int, *, error: Exception, delay: float, elapsed: float, max_retries: int
    ) -> RetryState:
        """Make the number; the facts are attributes of it."""
        self = super().__new__(cls, attempt)
        self.error = error
        self.delay = delay
        self.elapsed = elapsed
        self.max_retries = max_retries
        return self

    @property
    def attempt(self) -> int:
        """The number as a plain `int`."""
        return int(self)

    def __str__(self) -> str:
        return int.__repr__(self)

    def __repr__(self) -> str:
        return (
            f"RetryState({int(self)}, error={self.error!r}, delay={self.delay:.3f}, "
            f"elapsed={self.elapsed:.3f}, max_retries={self.max_retries})"
        )
