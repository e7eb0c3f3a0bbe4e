"""Places and repeated keys of a configuration file, from PyYAML's nodes."""

from __future__ import annotations

from collections.abc import Iterator

import yaml

from pulpo_analysis.config.places import CONFIG_FILE, Path_
from pulpo_analysis.diagnostics.catalogue import finding
from pulpo_analysis.diagnostics.diagnostic import Diagnostic
from pulpo_base.specs import SourceLocation

__all__ = ["places_of", "repeated_keys"]


def places_of(node: yaml.Node | None) -> Iterator[tuple[Path_, SourceLocation]]:
    """Yield where each key and list item of the file stands, what is aliased once only."""
    yield from _places(node, (), set())


def repeated_keys(node: yaml.Node | None) -> Iterator[Diagnostic]:
    """Yield a finding per key that stands twice in one mapping: YAML keeps the last silently."""
    yield from _repeated(node, (), set())


def _places(
    node: yaml.Node | None, path: Path_, seen: set[int]
) -> Iterator[tuple[Path_, SourceLocation]]:
    if id(node) in seen:
        return
    seen.add(id(node))
    if isinstance(node, yaml.MappingNode):
        for key, value in node.value:
            here = (*path, str(key.value))
            mark = key.start_mark
            yield here, SourceLocation(CONFIG_FILE, mark.line + 1, mark.column + 1)
            yield from _places(value, here, seen)
    elif isinstance(node, yaml.SequenceNode):
        for index, value in enumerate(node.value):
            here = (*path, str(index))
            mark = value.start_mark
            yield here, SourceLocation(CONFIG_FILE, mark.line + 1, mark.column + 1)
            yield from _places(value, here, seen)


def _repeated(node: yaml.Node | None, path: Path_, seen: set[int]) -> Iterator[Diagnostic]:
    if id(node) in seen or not isinstance(node, yaml.MappingNode):
        return
    seen.add(id(node))
    first: dict[str, SourceLocation] = {}
    for key, value in node.value:
        here = (*path, str(key.value))
        place = SourceLocation(CONFIG_FILE, key.start_mark.line + 1, key.start_mark.column + 1)
        if here[-1] in first:
            message = f"`{'.'.join(here)}` is given twice; the last one counts"
            yield finding("PLC003", message, place, first[here[-1]], hint="remove one of them")
        first.setdefault(here[-1], place)
        yield from _repeated(value, here, seen)
