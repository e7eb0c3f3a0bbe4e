"""The models of a project, out of what its files declare."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from typing import TypeVar

from pulpo_analysis.config.settings import DiscoveryConfig
from pulpo_analysis.diagnostics.catalogue import finding
from pulpo_analysis.diagnostics.diagnostic import Diagnostic
from pulpo_analysis.discovery.applied import DATAMODEL
from pulpo_analysis.discovery.candidates import candidates
from pulpo_analysis.discovery.classes import Classes, Kind, LocatedClass
from pulpo_analysis.discovery.declarations import Declaration, DeclarationReader
from pulpo_analysis.discovery.facts import ClassFact, FunctionFact, ModuleFacts
from pulpo_analysis.discovery.fields import FieldReader
from pulpo_analysis.discovery.files import SourceFile, source_roots, source_tree
from pulpo_analysis.discovery.models import RecordReader
from pulpo_analysis.discovery.protocol import Discovered
from pulpo_analysis.discovery.sources import Sources
from pulpo_analysis.discovery.types import TypeReader
from pulpo_base.specs import ModelSpec, SourceLocation, TypeRef

__all__ = ["ModelDiscovery", "discover_models", "too_deep"]

T = TypeVar("T")


def discover_models(root: Path, config: DiscoveryConfig) -> Discovered:
    """Return the models of the project in `root` and what kept some from being read."""
    tree = source_tree(root, config)
    sources = Sources(tree.files, tree.diagnostics, bodies=False)
    found = ModelDiscovery(sources)
    models = [
        model for file in candidates(sources, (DATAMODEL,)) for model in found.models_of(file)
    ]
    diagnostics = (*sources.diagnostics, *found.findings())
    return Discovered(source_roots(root, config), tuple(models), diagnostics=diagnostics)


@dataclass(slots=True)
class ModelDiscovery:
    """One look at one project, or at one file of it, as far as its models need it.

    `met` are the classes that types have led to so far, by the name of the type; `gave_up` says
    that something was deeper than Python's stack.
    """

    sources: Sources
    diagnostics: list[Diagnostic] = field(default_factory=list)
    declarations: list[Declaration] = field(default_factory=list)
    met: dict[str, LocatedClass] = field(default_factory=dict)
    gave_up: bool = False
    classes: Classes = field(init=False)
    types: TypeReader = field(init=False)
    records: RecordReader = field(init=False)

    def __post_init__(self) -> None:
        self.classes = Classes(self.sources)
        self.types = TypeReader(self.sources, self.classes, self.diagnostics, self._meet)
        self.records = RecordReader(FieldReader(self.types), self.diagnostics)

    def models_of(self, file: SourceFile) -> tuple[ModelSpec, ...]:
        """Read what a file declares, and return the models among it."""
        facts = self.sources.facts(file)
        if facts is None:
            return ()
        declared = tuple(DeclarationReader(self.sources, self.diagnostics).read(file, facts))
        self.declarations.extend(declared)
        return tuple(self._models(declared))

    def findings(self) -> tuple[Diagnostic, ...]:
        """Return what was found wrong so far, with classes that Python itself refuses."""
        return (*self.diagnostics, *_impossible(self.classes))

    def _models(self, declarations: Iterable[Declaration]) -> Iterator[ModelSpec]:
        for declaration in declarations:
            if declaration.decoration.decorator != DATAMODEL:
                continue
            if not isinstance(declaration.fact, ClassFact):
                continue
            cls = LocatedClass(declaration.module, declaration.fact)
            kind = self.bounded(cls.module, cls.fact, partial(self.classes.kind, cls))
            if kind is None:
                continue
            if self.classes.kind(cls) is Kind.OTHER and self.classes.has_unknown_ancestor(cls):
                self.diagnostics.append(
                    finding(
                        "PLD003",
                        f"a base class of the model {declaration.fact.name} cannot be resolved: "
                        "its fields are not known, and it is taken for a beanie.Document",
                        declaration.module.at(declaration.fact.line, declaration.fact.column),
                        hint="derive from a class that is written in this project",
                    )
                )
            elif self.classes.kind(cls) is not Kind.DOCUMENT:
                self.diagnostics.append(
                    finding(
                        "PLM002",
                        f"model {declaration.fact.name} does not derive from beanie.Document",
                        declaration.module.at(declaration.fact.line, declaration.fact.column),
                        hint="write `class …(Document)`; what is not stored needs no @datamodel",
                    )
                )
                continue
            read = partial(self.records.model, cls, declaration.decoration)
            model = self.bounded(cls.module, cls.fact, read)
            if model is not None:
                yield model

    def bounded(
        self, module: ModuleFacts, fact: ClassFact | FunctionFact, read: Callable[[], T]
    ) -> T | None:
        """Return what `read` returns; what is deeper than Python's stack is a finding (PLD030)."""
        try:
            return read()
        except RecursionError:
            self.gave_up = True
            self.diagnostics.append(too_deep(fact.qualname, module.at(fact.line, fact.column)))
            return None

    def _meet(self, cls: LocatedClass, ref: TypeRef) -> None:
        self.met.setdefault(ref.name, cls)


def too_deep(name: str, place: SourceLocation) -> Diagnostic:
    """Return the finding about a declaration that is deeper than Python's stack."""
    return finding(
        "PLD030",
        f"{name} stands on too long a chain of names, types or base classes",
        place,
        hint="shorten the chain: Python itself follows no more than a thousand steps",
    )


def _impossible(classes: Classes) -> Iterator[Diagnostic]:
    for cls in classes.impossible():
        names = ", ".join(map(str, cls.fact.bases))
        yield finding(
            "PLD014",
            f"Python cannot order the bases of {cls.fact.qualname} ({names})",
            cls.module.at(cls.fact.line, cls.fact.column),
            hint="put a base after the classes that derive from it, and name none twice",
        )
