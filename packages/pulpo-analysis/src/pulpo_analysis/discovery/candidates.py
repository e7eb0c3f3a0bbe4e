"""Which files of a project may declare something, by a look at their bytes."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator

from pulpo_analysis.discovery.applied import other_names
from pulpo_analysis.discovery.files import SourceFile
from pulpo_analysis.discovery.sources import Sources

__all__ = ["aliases", "candidates"]


def candidates(
    sources: Sources,
    decorators: tuple[str, ...],
    aliases_in: Callable[[SourceFile], Iterable[str]] | None = None,
) -> Iterator[SourceFile]:
    """Yield the files that may use one of these decorators.

    A module that imports a decorator under another name makes that name one to look for;
    `aliases_in` says which there are in a file.
    """
    words = {decorator.encode() for decorator in decorators}
    pending = set(words)
    seen: set[str] = set()
    while pending:
        found: set[bytes] = set()
        for file in sources.files:
            if file.relative in seen:
                continue
            source = sources.source(file)
            if not any(word in source for word in pending):
                continue
            seen.add(file.relative)
            yield file
            names = aliases_in(file) if aliases_in else aliases(sources, file, decorators)
            found.update(word.encode() for word in names)
        words |= pending
        # Names found in this round may stand in files that it had already passed.
        pending = found - words


def aliases(sources: Sources, file: SourceFile, decorators: tuple[str, ...]) -> tuple[str, ...]:
    """Return a file's own names for these decorators."""
    facts = sources.facts(file)
    return tuple(other_names(sources, facts, decorators)) if facts is not None else ()
