"""Which documents are made first, and what their links refer to."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from random import Random
from typing import Any

from beanie import Document
from beanie.odm.fields import LinkInfo, LinkTypes

__all__ = ["SeedError", "in_order", "links_of"]

_BACK = frozenset(kind for kind in LinkTypes if kind.name.startswith(("BACK", "OPTIONAL_BACK")))
_LISTS = frozenset({LinkTypes.LIST, LinkTypes.OPTIONAL_LIST})
_MOST_LINKS = 3


class SeedError(Exception):
    """Documents that cannot be made up; the text says why, `hint` what to do."""

    def __init__(self, message: str, hint: str) -> None:
        """Keep the two lines that the user will see."""
        super().__init__(message)
        self.hint = hint


def in_order(documents: Sequence[type[Document]]) -> list[type[Document]]:
    """Return the documents, each after those that it must link to, and may where that goes.

    Raises `SeedError` where documents need each other to exist.
    """
    left, done = list(documents), list[type[Document]]()
    while left:
        ready = [one for one in left if not _waits(one, left, needed=True)]
        if not ready:
            names = ", ".join(one.__name__ for one in left)
            raise SeedError(
                f"{names} need each other: none can be the first",
                "make one of the links optional, or write a factory that leaves it out",
            )
        free = [one for one in ready if not _waits(one, left, needed=False)]
        chosen = (free or ready)[0]
        left.remove(chosen)
        done.append(chosen)
    return done


def links_of(
    document: type[Document], made: Mapping[type[Document], Sequence[Document]], random: Random
) -> dict[str, Any]:
    """Return a value for each link of a document: some that were made, or nothing."""
    return {name: _value(document, info, made, random) for name, info in _links(document).items()}


def _links(document: type[Document]) -> dict[str, LinkInfo]:
    return document.get_link_fields() or {}


def _waits(document: type[Document], left: Iterable[type[Document]], *, needed: bool) -> bool:
    """Whether a document links to one that is still to be made."""
    targets = {
        info.document_class
        for info in _links(document).values()
        if (info.link_type is LinkTypes.DIRECT if needed else info.link_type not in _BACK)
    }
    return any(
        issubclass(other, target) and (needed or other is not document)
        for target in targets
        for other in left
    )


def _value(
    document: type[Document],
    info: LinkInfo,
    made: Mapping[type[Document], Sequence[Document]],
    random: Random,
) -> Any:
    if info.link_type in _BACK:
        return document.model_fields[info.field_name].get_default(call_default_factory=True)
    known = [
        one
        for cls, documents in made.items()
        if issubclass(cls, info.document_class)
        for one in documents
    ]
    if info.link_type in _LISTS:
        some = random.sample(known, min(len(known), random.randint(1, _MOST_LINKS)))
        return some or ([] if info.link_type is LinkTypes.LIST else None)
    is_left_out = info.link_type is LinkTypes.OPTIONAL_DIRECT and random.random() < 0.5  # noqa: PLR2004
    return None if is_left_out or not known else random.choice(known)
