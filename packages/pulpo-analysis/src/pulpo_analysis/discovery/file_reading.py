"""One file read by itself: what it declares, and what its operations do.

Each file begins with empty tables, so that an answer depends on what was looked at for it, all of
which is noted, and never on what was read before for another file.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace
from functools import partial

from pulpo_analysis.diagnostics.diagnostic import Diagnostic
from pulpo_analysis.discovery.answers import (
    Basis,
    Declared,
    Mentioned,
    Met,
    NamedDeclaration,
    Operations,
    basis_of,
)
from pulpo_analysis.discovery.applied import DATAMODEL, OPERATION
from pulpo_analysis.discovery.bodies.inference import Inference
from pulpo_analysis.discovery.candidates import aliases
from pulpo_analysis.discovery.classes import Kind, LocatedClass
from pulpo_analysis.discovery.declarations import Declaration
from pulpo_analysis.discovery.declared_models import ModelDiscovery, too_deep
from pulpo_analysis.discovery.files import SourceFile
from pulpo_analysis.discovery.operations import OperationReader
from pulpo_analysis.discovery.sources import Sources
from pulpo_analysis.discovery.trail import Trail
from pulpo_base.arguments import Arguments
from pulpo_base.specs import OperationSpec, TypeRef

__all__ = ["DECORATORS", "FileReading", "read_mentioned"]

DECORATORS = (DATAMODEL, OPERATION)


@dataclass(slots=True)
class FileReading:
    """The reading of one file; `declared` comes before `operations`."""

    sources: Sources
    file: SourceFile
    trail: Trail = field(default_factory=Trail)
    found: ModelDiscovery = field(init=False)

    def __post_init__(self) -> None:
        self.found = ModelDiscovery(self.sources)

    def declared(self) -> Declared:
        """Return what the file declares."""
        with self.sources.noting(self.trail):
            names = aliases(self.sources, self.file, DECORATORS)
            models = self.found.models_of(self.file)
            declarations = self.found.declarations
            return Declared(
                aliases=names,
                names=tuple(map(self._named, declarations)),
                models=models,
                operates=any(one.decoration.decorator == OPERATION for one in declarations),
                met=_met(self.found),
                diagnostics=self.found.findings(),
                basis=self._basis(),
            )

    def operations(
        self, names: Callable[[str], str | None], models: Callable[[str], str | None]
    ) -> Operations:
        """Return the operations among what was declared, with what their bodies do.

        `names` gives the declared name of a class or function by its importable name, `models`
        that of a model.
        """
        asked, asked_models = _Asked(names), _Asked(models)
        with self.sources.noting(self.trail):
            inference = Inference(self.sources, self.found.classes, asked_models)
            read = tuple(self._operations(asked))
            operations = tuple(self._completed(inference, spec) for spec in read)
            return Operations(
                names=asked.answers,
                models=asked_models.answers,
                operations=operations,
                met=_met(self.found),
                diagnostics=self.found.findings(),
                basis=self._basis(),
            )

    def _basis(self) -> Basis | None:
        # How deep is too deep depends on who asks: that is found out each time.
        return None if self.found.gave_up else basis_of(self.sources, self.trail)

    def _named(self, declaration: Declaration) -> NamedDeclaration:
        name = self.found.bounded(
            declaration.module, declaration.fact, partial(_declared_name, declaration)
        )
        return NamedDeclaration(declaration.key, name, declaration.assigned)

    def _operations(self, names: Callable[[str], str | None]) -> Iterator[OperationSpec]:
        reader = OperationReader(self.found.types, names, self.found.diagnostics)
        for declaration in self.found.declarations:
            if declaration.decoration.decorator == OPERATION:
                module, fact = declaration.module, declaration.fact
                read = partial(
                    reader.read, module, fact, declaration.decoration, declaration.written
                )
                spec = self.found.bounded(module, fact, read)
                if spec is not None:
                    yield spec

    def _completed(self, inference: Inference, spec: OperationSpec) -> OperationSpec:
        """Return the operation with what its body says, as it is where that is too deep."""
        try:
            return inference.complete(spec)
        except RecursionError:
            self.found.gave_up = True
            self.found.diagnostics.append(too_deep(spec.qualname, spec.location))
            return spec


def read_mentioned(sources: Sources, met: Met, ref: TypeRef, trail: Trail) -> Mentioned:
    """Return the class that the type `ref` mentions; `trail` gets what was looked at for it."""
    found = ModelDiscovery(sources)
    schema = enum = None
    with sources.noting(trail):
        cls = sources.class_at(met.path, met.qualname)
        located = LocatedClass(*cls)
        kind = found.bounded(*cls, partial(found.classes.kind, located))
        if kind is Kind.ENUM:
            enum = found.bounded(*cls, partial(found.records.enum, located))
        elif kind is not None:
            schema = found.bounded(*cls, partial(found.records.schema, located, ref))
    basis = None if found.gave_up else basis_of(sources, trail)
    return Mentioned(basis, ref, schema, enum, _met(found), found.findings())


class _Asked:
    """A look-up that keeps what was asked and what it answered."""

    def __init__(self, known: Callable[[str], str | None]) -> None:
        self._known = known
        self.answers: dict[str, str | None] = {}

    def __call__(self, key: str) -> str | None:
        answer = self.answers[key] = self._known(key)
        return answer


def _declared_name(declaration: Declaration) -> str:
    # Findings about the name belong to the declaration itself, not to each mention of it.
    silent: list[Diagnostic] = []
    decoration = replace(declaration.decoration, diagnostics=silent)
    fact = declaration.written[1] if declaration.written else declaration.fact
    return decoration.value("name", Arguments.text, "") or fact.name


def _met(found: ModelDiscovery) -> tuple[Met, ...]:
    return tuple(Met(name, cls.module.path, cls.fact.qualname) for name, cls in found.met.items())
