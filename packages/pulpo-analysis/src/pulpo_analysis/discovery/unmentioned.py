"""Which schemas and enumerations of a project no model and no operation speaks of."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from pathlib import Path

from pulpo_analysis.config.settings import DiscoveryConfig
from pulpo_analysis.discovery.classes import Classes, Kind, LocatedClass
from pulpo_analysis.discovery.files import source_tree
from pulpo_analysis.discovery.sources import Sources
from pulpo_base.specs import SourceLocation

__all__ = ["UnmentionedClass", "unmentioned_classes"]


@dataclass(frozen=True, slots=True, order=True)
class UnmentionedClass:
    """A class at the top level of a module; `kind` is `schema` or `enum`."""

    location: SourceLocation
    kind: str
    name: str


def unmentioned_classes(
    root: Path, config: DiscoveryConfig, mentioned: Collection[str]
) -> tuple[UnmentionedClass, ...]:
    """Return the schemas and enumerations that are not among `mentioned`, sorted by place.

    Every file is read for it, other than by discovery. What other classes derive from is needed
    by them, and settings are read by who runs: both are left out.
    """
    sources = Sources(source_tree(root, config).files)
    classes = Classes(sources)
    found = [
        LocatedClass(module, fact)
        for file in sources.files
        if b"class " in sources.source(file) and (module := sources.facts(file)) is not None
        for fact in module.classes.values()
    ]
    needed = {*mentioned, *(base.key for cls in found for base in classes.order(cls)[1:])}
    return tuple(
        sorted(
            UnmentionedClass(
                cls.module.at(cls.fact.line, cls.fact.column),
                classes.kind(cls).value,
                cls.fact.name,
            )
            for cls in found
            if cls.key not in needed
            and classes.kind(cls) in {Kind.SCHEMA, Kind.ENUM}
            and "pydantic_settings.BaseSettings" not in classes.roots(cls)
        )
    )
