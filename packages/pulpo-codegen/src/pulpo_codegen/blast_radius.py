"""`changed_files`: which generated files differ between two states of a project, and why."""

from __future__ import annotations

from collections.abc import Collection, Iterable

from pulpo_analysis.analysis import Analysis
from pulpo_codegen.plan.reads import Fact
from pulpo_codegen.plan.table import TableTarget
from pulpo_codegen.targets import BUILT_IN_TARGETS

__all__ = ["changed_files", "files_about", "shown_facts"]


def shown_facts(
    analysis: Analysis, targets: Iterable[TableTarget] = BUILT_IN_TARGETS
) -> dict[str, dict[Fact, object]]:
    """Return for each output path the facts that the file shows, with their values."""
    return {
        path: facts for target in targets for path, facts in target.shown_facts(analysis).items()
    }


def files_about(
    analysis: Analysis, subjects: Collection[str], targets: Iterable[TableTarget]
) -> frozenset[str]:
    """Return the paths of the files that show a fact about one of these (`model Order`)."""
    return frozenset(
        path
        for path, facts in shown_facts(analysis, targets).items()
        if any(about in subjects for about, _ in facts)
    )


def changed_files(
    before: Analysis, after: Analysis, targets: Iterable[TableTarget] = BUILT_IN_TARGETS
) -> dict[str, tuple[Fact, ...]]:
    """Return the paths that a compile touches, each with the facts that changed, sorted.

    Nothing is rendered: a file is touched where one of the facts that it shows is another, or
    where it is new or gone.
    """
    chosen = tuple(targets)
    old, new = shown_facts(before, chosen), shown_facts(after, chosen)
    found: dict[str, tuple[Fact, ...]] = {}
    for path in sorted(old.keys() | new.keys()):
        was, now = old.get(path, {}), new.get(path, {})
        differing = tuple(
            sorted(
                fact
                for fact in was.keys() | now.keys()
                if fact not in was or fact not in now or was[fact] != now[fact]
            )
        )
        if differing or path not in old or path not in new:
            found[path] = differing
    return found
