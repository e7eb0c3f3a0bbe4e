"""Who asks, and what they may do."""

from __future__ import annotations

import re
from collections.abc import Iterable
from contextvars import ContextVar
from dataclasses import dataclass
from typing import Final, Literal

__all__ = ["ANYONE", "NOBODY", "PRINCIPAL", "Principal", "current_principal"]

_EVERYTHING = "*"


@dataclass(frozen=True, slots=True)
class Principal:
    """Somebody whose credentials were found to be good.

    `id` is the id of an API key, or the subject of a token. A permission is a text such as
    `orders:cancel`; `orders:*` stands for all that begin with `orders:`, `*` for all.
    """

    kind: Literal["anyone", "nobody", "api_key", "jwt"]
    id: str
    name: str = ""
    permissions: frozenset[str] = frozenset()

    def may(self, required: Iterable[str]) -> bool:
        """Return whether all of the required permissions are there."""
        return _EVERYTHING in self.permissions or all(map(self._has, required))

    def patterns(self) -> list[str | re.Pattern[str]] | None:
        """Return the permissions as MongoDB's `$in` takes them, `None` where there are all."""
        if _EVERYTHING in self.permissions:
            return None
        return [
            re.compile(f"^{re.escape(one.removesuffix(_EVERYTHING))}")
            if one.endswith(f":{_EVERYTHING}")
            else one
            for one in sorted(self.permissions)
        ]

    def _has(self, permission: str) -> bool:
        if permission in self.permissions:
            return True
        parts = permission.split(":")
        return any(f"{':'.join(parts[:end])}:*" in self.permissions for end in range(1, len(parts)))


#: Everybody, where nobody is asked for credentials.
ANYONE: Final = Principal("anyone", "", permissions=frozenset({_EVERYTHING}))

#: Whoever comes to a path that needs no credentials, where others do.
NOBODY: Final = Principal("nobody", "")

#: Set by the gate for as long as a request is being answered.
PRINCIPAL: ContextVar[Principal | None] = ContextVar("pulpo_principal", default=None)


def current_principal() -> Principal | None:
    """Return who makes the request that is being answered; `None` outside of requests."""
    return PRINCIPAL.get()
