"""`adoption_of`: what an existing application and Pulpo's output would be to each other."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from pulpo_analysis.survey import FoundDocument, Survey, survey
from pulpo_codegen import Collision, init_collisions, resource_routes

__all__ = ["Adoption", "adoption_of"]


@dataclass(frozen=True, slots=True)
class Adoption:
    """What was found, and what of it meets what Pulpo makes."""

    found: Survey
    collisions: tuple[Collision, ...]

    @property
    def is_existing(self) -> bool:
        """Whether there is an application that Pulpo does not know of."""
        return bool(self.found.applications or self.undeclared)

    @property
    def undeclared(self) -> tuple[FoundDocument, ...]:
        """The documents that lack `@datamodel`."""
        return tuple(document for document in self.found.documents if not document.declared)

    def plain(self) -> dict[str, Any]:
        """Return everything for other programs."""
        return {
            "applications": [
                {"reference": one.reference, "location": str(one.location)}
                for one in self.found.applications
            ],
            "routes": [
                {"method": one.method, "path": one.path, "location": str(one.location)}
                for one in self.found.routes
            ],
            "documents": [
                {
                    "name": one.name,
                    "collection": one.collection,
                    "declared": one.declared,
                    "location": str(one.location),
                    "routes": list(resource_routes(one.collection)),
                }
                for one in self.found.documents
            ],
            "collisions": [
                {"place": one.place, "problem": one.problem, "remedy": one.remedy}
                for one in self.collisions
            ],
        }


def adoption_of(root: Path) -> Adoption:
    """Return what the folder `root` has and what collides there; nothing is imported or written."""
    found = survey(root)
    collisions = (*init_collisions(root), *_routes(found), *_names(found), *_unread(found))
    return Adoption(found, collisions)


def _routes(found: Survey) -> Iterator[Collision]:
    generated = {
        _shape(route): (route, document)
        for document in found.documents
        for route in resource_routes(document.collection)
    }
    for own in found.routes:
        met = generated.get(_shape(f"{own.method} {own.path}"))
        if met is not None:
            route, document = met
            yield Collision(
                str(own.location),
                f"{route} is yours, and would be generated for {document.name} too",
                "serve the two applications below different paths, or leave one route out",
            )


def _shape(route: str) -> str:
    """Return a route without the names of its parameters."""
    return re.sub(r"{[^}]*}", "{}", route)


def _names(found: Survey) -> Iterator[Collision]:
    named: dict[str, list[FoundDocument]] = defaultdict(list)
    for document in found.documents:
        named[document.name].append(document)
    for name, documents in named.items():
        first, *others = documents
        for other in others:
            yield Collision(
                str(other.location),
                f"{name} is the name of a document at {first.location}, too",
                f'declare it as `@datamodel(name="…")`; {first.name} can stay as it is',
            )


def _unread(found: Survey) -> Iterator[Collision]:
    for one in found.unread:
        place = str(one.locations[0]) if one.locations else ""
        yield Collision(place, f"cannot be read: {one.message}", one.hint or "mend the file")
