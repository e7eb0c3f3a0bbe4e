"""How often somebody may ask: a token bucket each, in the form of one number (GCRA)."""

from __future__ import annotations

import time
from collections.abc import Callable
from functools import lru_cache
from ipaddress import IPv6Address, ip_address

__all__ = ["RateLimit", "client_of"]

_MINUTE = 60.0
#: Sums of intervals are not exact.
_ROUNDED = 1e-6
_IPV6_SITE = 64


class RateLimit:
    """`per_minute` requests of each, all at once or spread; then one as time passes.

    At most `most` names are remembered, those that asked last. Each process counts for itself.
    """

    def __init__(
        self, per_minute: int, *, most: int = 10_000, clock: Callable[[], float] = time.monotonic
    ) -> None:
        self._interval = _MINUTE / per_minute
        self._burst = _MINUTE - self._interval
        self._most = most
        self._clock = clock
        #: When the bucket of a name is full again; the name that asked last comes last.
        self._full_at: dict[str, float] = {}

    def __len__(self) -> int:
        return len(self._full_at)

    def take(self, name: str) -> float:
        """Count a request; return 0.0, or the seconds to wait where it is one too many."""
        now = self._clock()
        full_at = max(self._full_at.pop(name, 0.0), now)
        wait = full_at - now - self._burst
        # Put in again whatever the answer is: who waits and goes on asking is not forgotten.
        refused = wait > _ROUNDED
        self._full_at[name] = full_at if refused else full_at + self._interval
        if len(self._full_at) > self._most:
            del self._full_at[next(iter(self._full_at))]
        return wait if refused else 0.0


@lru_cache(maxsize=4096)
def client_of(host: str | None) -> str:
    """Return the name of a client by its address: all of one IPv6 network are one client."""
    try:
        address = ip_address(host or "")
    except ValueError:
        return host or ""
    if isinstance(address, IPv6Address):
        site = IPv6Address(int(address) >> _IPV6_SITE << _IPV6_SITE)
        return str(address.ipv4_mapped or site)
    return str(address)
