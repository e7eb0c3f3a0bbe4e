"""`StaticDiscovery`: reads source files, imports nothing of the user's."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from itertools import chain
from pathlib import Path

from pulpo_analysis.config.settings import DiscoveryConfig
from pulpo_analysis.diagnostics.diagnostic import sort_diagnostics
from pulpo_analysis.discovery.answer_cache import AnswerCache
from pulpo_analysis.discovery.answers import Declared, Mentioned, Met, Operations
from pulpo_analysis.discovery.candidates import candidates
from pulpo_analysis.discovery.fact_cache import FactCache
from pulpo_analysis.discovery.file_reading import DECORATORS
from pulpo_analysis.discovery.files import SourceFile, source_roots, source_tree
from pulpo_analysis.discovery.hiding import hiding
from pulpo_analysis.discovery.kept_answers import KeptAnswers
from pulpo_analysis.discovery.protocol import Discovered
from pulpo_analysis.discovery.sources import Sources
from pulpo_analysis.garbage import collector_paused
from pulpo_base.specs import TypeRef

__all__ = ["StaticDiscovery"]


class StaticDiscovery:
    """The default `Discovery`: `ast` only, and only of files that can matter."""

    def __init__(self, *, cached: bool = True) -> None:
        """Keep facts and answers in the project's `.pulpo/cache/`, unless told otherwise."""
        self._cached = cached

    def discover(self, root: Path, config: DiscoveryConfig) -> Discovered:
        """Return what the project in `root` declares."""
        with collector_paused():
            return self._discover(root, config)

    def _discover(self, root: Path, config: DiscoveryConfig) -> Discovered:
        tree = source_tree(root, config)
        tree.diagnostics.extend(hiding(tree.files))
        cached = self._cached and bool(tree.files)
        sources = Sources(tree.files, tree.diagnostics, FactCache(root) if cached else None)
        answers = KeptAnswers(sources, AnswerCache(root) if cached else None)
        found = _Run(sources, answers).run(source_roots(root, config))
        answers.keep()
        return found


@dataclass(frozen=True, slots=True)
class _Run:
    """One discovery of one project, put together from what there is to say about each file."""

    sources: Sources
    answers: KeptAnswers

    def run(self, roots: tuple[str, ...]) -> Discovered:
        declared = self._declared()
        every = declared.values()
        models = tuple(model for one in every for model in one.models)
        names = {model.key: model.name for model in models}
        operating = [path for path, one in declared.items() if one.operates]
        called = _names(every)
        operations = [self.answers.operations(path, called.get, names.get) for path in operating]
        specs = tuple(spec for one in operations for spec in one.operations)
        pending = [ref for model in models for ref in model.types()]
        pending.extend(ref for spec in specs for ref in (spec.inputs, spec.outputs) if ref)
        mentioned = self._mentioned(pending, set(names), _met((*every, *operations)))
        notes = self.answers.notes()
        told = (one.diagnostics for part in (every, operations, mentioned) for one in part)
        return Discovered(
            source_roots=roots,
            models=models,
            schemas=tuple(one.schema for one in mentioned if one.schema is not None),
            enums=tuple(one.enum for one in mentioned if one.enum is not None),
            operations=specs,
            # What two files look at is found wrong by both, and which is read first depends on
            # what is kept.
            diagnostics=sort_diagnostics(chain(self.sources.diagnostics, *told)),
            smells=tuple(smell for one in notes for smell in one.smells),
            ignores=tuple(comment for one in notes for comment in one.ignores),
        )

    def _declared(self) -> dict[str, Declared]:
        """Return what each file declares that may declare something, by its path."""
        found: dict[str, Declared] = {}

        def aliases_in(file: SourceFile) -> tuple[str, ...]:
            found[file.relative] = self.answers.declared(file.relative)
            return found[file.relative].aliases

        for _ in candidates(self.sources, DECORATORS, aliases_in):
            pass  # each is read before the next is looked for
        return found

    def _mentioned(
        self, pending: list[TypeRef], done: set[str], met: dict[str, Met]
    ) -> list[Mentioned]:
        """Return every schema and enumeration that these types mention, at any depth."""
        found: list[Mentioned] = []
        while pending:
            for ref in pending.pop().walk():
                where = met.get(ref.name)
                if where is None or ref.name in done:
                    continue
                done.add(ref.name)
                one = self.answers.mentioned(where, ref)
                found.append(one)
                for further in one.met:
                    met.setdefault(further.type, further)
                if one.schema is not None:
                    pending.extend(one.schema.types())
        return found


def _names(declared: Iterable[Declared]) -> dict[str, str | None]:
    """Return what each declared class or function is called, by its importable names."""
    every = [one for answer in declared for one in answer.names]
    names = {one.key: one.name for one in every}
    return names | {one.assigned: names[one.key] for one in every if one.assigned}


def _met(answers: Iterable[Declared | Operations]) -> dict[str, Met]:
    """Return where each type's class is; of several the one that was met first."""
    found: dict[str, Met] = {}
    for answer in answers:
        for one in answer.met:
            found.setdefault(one.type, one)
    return found
