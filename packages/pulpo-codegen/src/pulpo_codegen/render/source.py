"""`Source`: text that may stand in a generated file as it is."""

from __future__ import annotations

from collections.abc import Iterable

__all__ = ["Source", "join", "rendered"]


class Source(str):
    """Text that is ready for the language it was made for.

    Templates print nothing else (and integers): a plain string, which may come from user code,
    makes rendering fail. The quoting functions return it; what Pulpo itself writes is marked by
    calling it, `Source("async ")`, and never with anything that came from a user.
    """

    __slots__ = ()


def join(parts: Iterable[Source], separator: str = ", ") -> Source:
    """Return the parts with `separator` between them.

    Raises `TypeError` for a part that is not `Source`.
    """
    collected = list(parts)
    for part in collected:
        if not isinstance(part, Source):
            raise TypeError(f"{part!r:.80} is not quoted, so it cannot be joined")
    return Source(separator.join(collected))


def rendered(text: str) -> Source:
    """Mark what a macro or a `set` block produced; its values went through quoting already."""
    return Source(text)
