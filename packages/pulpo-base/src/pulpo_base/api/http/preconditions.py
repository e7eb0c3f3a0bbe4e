"""`If-Match` and `If-None-Match` (RFC 9110, 13): what a client knows of a document's revision."""

from __future__ import annotations

import re
from dataclasses import dataclass

from fastapi import HTTPException
from starlette.datastructures import Headers

__all__ = ["EntityTags", "Preconditions"]

_TAG = re.compile(r'[ \t]*(W/)?("[\x21\x23-\x7e\x80-\xff]*")[ \t]*(?:,|$)')
_EMPTY = re.compile(r"[ \t]*,")


@dataclass(frozen=True, slots=True)
class EntityTags:
    """The value of one of the two headers; `any` stands for `*`."""

    any: bool = False
    strong: frozenset[str] = frozenset()
    weak: frozenset[str] = frozenset()

    def match_strongly(self, tag: str) -> bool:
        """Return whether a strong tag is among these; weak ones are equal to none."""
        return self.any or tag in self.strong

    def match_weakly(self, tag: str) -> bool:
        """Return whether a tag is among these, `W/` or not."""
        return self.any or tag in self.strong or tag in self.weak


@dataclass(frozen=True, slots=True)
class Preconditions:
    """What has to hold of the current entity tag before a request is done; `None`: nothing."""

    if_match: EntityTags | None = None
    if_none_match: EntityTags | None = None

    @classmethod
    def of(cls, headers: Headers) -> Preconditions:
        """Return those of a request. Raises `HTTPException` (400) for a malformed header."""
        if "if-match" not in headers and "if-none-match" not in headers:
            return _NONE
        return cls(_tags(headers, "If-Match"), _tags(headers, "If-None-Match"))

    def hold(self, tag: str) -> bool:
        """Return whether a document with this tag may be changed (RFC 9110, 13.2.2)."""
        if self.if_match is not None and not self.if_match.match_strongly(tag):
            return False
        return self.if_none_match is None or not self.if_none_match.match_weakly(tag)

    def is_current(self, tag: str) -> bool:
        """Return whether the client has the document with this tag already."""
        return self.if_none_match is not None and self.if_none_match.match_weakly(tag)


_NONE = Preconditions()


def _tags(headers: Headers, name: str) -> EntityTags | None:
    lines = headers.getlist(name)
    if not lines:
        return None
    text = ",".join(lines).strip()
    if text == "*":
        return EntityTags(any=True)
    strong: set[str] = set()
    weak: set[str] = set()
    place = 0
    while place < len(text):
        # Empty members of a list are to be ignored (RFC 9110, 5.6.1.2).
        if empty := _EMPTY.match(text, place):
            place = empty.end()
            continue
        found = _TAG.match(text, place)
        if found is None:
            raise _malformed(name)
        (weak if found[1] else strong).add(found[2])
        place = found.end()
    if not strong | weak:
        raise _malformed(name)
    return EntityTags(strong=frozenset(strong), weak=frozenset(weak))


def _malformed(name: str) -> HTTPException:
    return HTTPException(
        400, f'{name} must be * or entity tags in quotes, as in: {name}: "an ETag of ours"'
    )
