"""`Difference`: one thing that the user changed, and the facts that it is met in."""

from __future__ import annotations

from dataclasses import dataclass

from pulpo_base.specs import SourceLocation

__all__ = ["Difference"]


@dataclass(frozen=True, slots=True)
class Difference:
    """One difference between two states of a project.

    `about` is the subject of the facts that it shows in (`model Order`), `facets` which of them,
    `None` for all. `where` is what changed as people call it (`Order.total`), `what` the words
    behind it. `meets` says where people and programs meet it: `1 form field`. Something that
    only `moved` is met nowhere.
    """

    about: str
    where: str
    what: str
    location: SourceLocation | None
    facets: frozenset[str] | None = None
    meets: tuple[str, ...] = ()
    moved: bool = False

    def shows_in(self, facet: str) -> bool:
        """Return whether a fact of the same subject may be another because of this."""
        return self.facets is None or facet in self.facets
