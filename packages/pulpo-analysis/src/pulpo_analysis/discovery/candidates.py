"""Which files of a project may declare something, by a look at their bytes."""

from __future__ import annotations

from collections.abc import Iterator

from pulpo_analysis.discovery.applied import other_names
from pulpo_analysis.discovery.files import SourceFile
from pulpo_analysis.discovery.sources import Sources

__all__ = ["candidates"]


def candidates(sources: Sources, decorators: tuple[str, ...]) -> Iterator[SourceFile]:
    """Yield the files that may use one of these decorators.

    A module that imports a decorator under another name makes that name one to look for.
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
            facts = sources.facts(file)
            if facts is not None:
                found.update(word.encode() for word in other_names(sources, facts, decorators))
        words |= pending
        # Names found in this round may stand in files that it had already passed.
        pending = found - words
