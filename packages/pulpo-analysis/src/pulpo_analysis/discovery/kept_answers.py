"""`KeptAnswers`: about each file what is kept and still holds, and all else worked out."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field

from pulpo_analysis.discovery.answer_cache import AnswerCache
from pulpo_analysis.discovery.answers import (
    Basis,
    Declared,
    FileAnswers,
    Mentioned,
    Met,
    Notes,
    Operations,
)
from pulpo_analysis.discovery.file_reading import FileReading, read_mentioned
from pulpo_analysis.discovery.smells import SmellKind
from pulpo_analysis.discovery.sources import Sources
from pulpo_analysis.discovery.trail import Trail
from pulpo_base.specs import TypeRef

__all__ = ["KeptAnswers"]


@dataclass(slots=True)
class KeptAnswers:
    """The answers of one run, by the relative path of the file that they are about.

    With or without a cache they are the same: an answer holds as long as all that it was made of.
    """

    sources: Sources
    cache: AnswerCache | None
    _known: dict[str, FileAnswers] = field(default_factory=dict)
    _readings: dict[str, FileReading] = field(default_factory=dict)
    _new: set[str] = field(default_factory=set)
    #: The files whose facts some answer was made of.
    _read: set[str] = field(default_factory=set)

    def declared(self, path: str) -> Declared:
        """Return what a file declares."""
        known = self._about(path)
        kept = known.declared
        if kept is None or not self._holds(kept.basis):
            reading = self._readings[path] = FileReading(self.sources, self.sources.at(path))
            kept = known.declared = reading.declared()
            self._found(path, reading.trail)
        return kept

    def operations(
        self,
        path: str,
        names: Callable[[str], str | None],
        models: Callable[[str], str | None],
    ) -> Operations:
        """Return the operations of a file; for the names see `FileReading.operations`."""
        known = self._about(path)
        kept = known.operations
        if kept is None or not kept.holds(names, models) or not self._holds(kept.basis):
            reading = self._readings.get(path)
            if reading is None:
                reading = FileReading(self.sources, self.sources.at(path))
                reading.declared()
            kept = known.operations = reading.operations(names, models)
            self._found(path, reading.trail)
        return kept

    def mentioned(self, met: Met, ref: TypeRef) -> Mentioned:
        """Return the schema or enumeration that the type `ref` mentions."""
        known = self._about(met.path)
        kept = known.mentioned.get(ref.name)
        if kept is None or kept.ref != ref or not self._holds(kept.basis):
            trail = Trail()
            kept = known.mentioned[ref.name] = read_mentioned(self.sources, met, ref, trail)
            self._found(met.path, trail)
        return kept

    def notes(self) -> tuple[Notes, ...]:
        """Return what the texts say of all files that were read so far, by path."""
        found = {path: self._notes(path) for path in self._read}
        smells = (smell for notes in found.values() for smell in notes.smells)
        # The files that complete classes are read where some class may need it.
        if any(smell.kind is SmellKind.DEFERRED_TYPE for smell in smells):
            for file in self.sources.files:
                if file.relative not in found and b"model_rebuild" in self.sources.source(file):
                    found[file.relative] = self._notes(file.relative)
        return tuple(notes for _, notes in sorted(found.items()))

    def keep(self) -> None:
        """Keep what was found out by this run."""
        if self.cache is None:
            return
        for path in sorted(self._new):
            known = self._known[path]
            file = self.sources.at(path)
            self.cache.put(file, self.sources.source(file), known)
        self.cache.tidy()
        self.sources.tidy(self._read)

    def _about(self, path: str) -> FileAnswers:
        if path not in self._known:
            file = self.sources.at(path)
            found = self.cache.get(file, self.sources.source(file)) if self.cache else None
            self._known[path] = found or FileAnswers()
        return self._known[path]

    def _holds(self, basis: Basis | None) -> bool:
        if basis is None or not basis.holds(self.sources):
            return False
        self._read.update(basis.files)
        return True

    def _found(self, path: str, trail: Trail) -> None:
        self._new.add(path)
        self._read |= trail.files

    def _notes(self, path: str) -> Notes:
        known = self._about(path)
        if known.notes is None:
            facts = self.sources.facts(self.sources.at(path))
            if facts is None:
                return Notes()  # that it is no Python is said each time
            known.notes = Notes(facts.smells, facts.ignores)
            self._new.add(path)
        return known.notes
