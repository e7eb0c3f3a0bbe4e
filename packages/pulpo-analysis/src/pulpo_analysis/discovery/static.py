"""`StaticDiscovery`: reads source files, imports nothing of the user's."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path
from typing import TypeVar

from pulpo_analysis.config.settings import DiscoveryConfig
from pulpo_analysis.diagnostics.catalogue import finding
from pulpo_analysis.diagnostics.diagnostic import Diagnostic
from pulpo_analysis.discovery.applied import DATAMODEL, OPERATION
from pulpo_analysis.discovery.bodies.inference import Inference
from pulpo_analysis.discovery.candidates import candidates
from pulpo_analysis.discovery.classes import Classes, Kind, LocatedClass
from pulpo_analysis.discovery.declarations import Declaration, Declarations
from pulpo_analysis.discovery.fact_cache import FactCache
from pulpo_analysis.discovery.facts import ClassFact, FunctionFact, ModuleFacts
from pulpo_analysis.discovery.fields import FieldReader
from pulpo_analysis.discovery.files import source_roots, source_tree
from pulpo_analysis.discovery.hiding import hiding
from pulpo_analysis.discovery.models import RecordReader
from pulpo_analysis.discovery.operations import OperationReader
from pulpo_analysis.discovery.protocol import Discovered
from pulpo_analysis.discovery.smells import SmellKind
from pulpo_analysis.discovery.sources import Sources
from pulpo_analysis.discovery.types import TypeReader
from pulpo_analysis.garbage import collector_paused
from pulpo_base.arguments import Arguments
from pulpo_base.records import dataclass, field, replace
from pulpo_base.specs import EnumSpec, ModelSpec, OperationSpec, SchemaSpec, SourceLocation, TypeRef

__all__ = ["StaticDiscovery"]

T = TypeVar("T")


class StaticDiscovery:
    """The default `Discovery`: `ast` only, and only of files that can matter."""

    def __init__(self, *, cached: bool = True) -> None:
        """Keep the facts of files in the project's `.pulpo/cache/`, unless told otherwise."""
        self._cached = cached

    def discover(self, root: Path, config: DiscoveryConfig) -> Discovered:
        """Return what the project in `root` declares."""
        with collector_paused():
            return self._discover(root, config)

    def _discover(self, root: Path, config: DiscoveryConfig) -> Discovered:
        tree = source_tree(root, config)
        tree.diagnostics.extend(hiding(tree.files))
        cache = FactCache(root) if self._cached and tree.files else None
        answer = _Run(Sources(tree.files, tree.diagnostics, cache)).run(source_roots(root, config))
        if cache is not None:
            cache.tidy()
        return answer


@dataclass(slots=True)
class _Run:
    """One discovery of one project."""

    sources: Sources
    diagnostics: list[Diagnostic] = field(default_factory=list)
    declarations: list[Declaration] = field(default_factory=list)
    met: dict[str, LocatedClass] = field(default_factory=dict)

    def run(self, roots: tuple[str, ...]) -> Discovered:
        declared = Declarations(self.sources, self.diagnostics)
        for file in candidates(self.sources):
            facts = self.sources.facts(file)
            if facts is not None:
                self.declarations.extend(declared.of(file, facts))
        classes = Classes(self.sources)
        types = TypeReader(self.sources, classes, self.diagnostics, self._meet)
        records = RecordReader(FieldReader(types), self.diagnostics)
        models = tuple(self._models(classes, records))
        names = {model.key: model.name for model in models}
        inference = Inference(self.sources, classes, names.get)
        operations = tuple(self._completed(inference, spec) for spec in self._operations(types))
        schemas, enums = self._mentioned(classes, records, models, operations)
        self.diagnostics.extend(_impossible(classes))
        self._read_completions()
        read = self.sources.read
        return Discovered(
            source_roots=roots,
            models=models,
            schemas=schemas,
            enums=enums,
            operations=operations,
            diagnostics=(*self.sources.diagnostics, *self.diagnostics),
            smells=tuple(smell for facts in read for smell in facts.smells),
            ignores=tuple(comment for facts in read for comment in facts.ignores),
        )

    def _read_completions(self) -> None:
        """Read the files that complete classes, where some class may need it."""
        smells = (smell for facts in self.sources.read for smell in facts.smells)
        if any(smell.kind is SmellKind.DEFERRED_TYPE for smell in smells):
            for file in self.sources.files:
                if b"model_rebuild" in self.sources.source(file):
                    self.sources.facts(file)

    def _models(self, classes: Classes, records: RecordReader) -> Iterator[ModelSpec]:
        for declaration in self.declarations:
            if declaration.decoration.decorator != DATAMODEL:
                continue
            if not isinstance(declaration.fact, ClassFact):
                continue
            cls = LocatedClass(declaration.module, declaration.fact)
            kind = self._bounded(cls.module, cls.fact, partial(classes.kind, cls))
            if kind is None:
                continue
            if classes.kind(cls) is Kind.OTHER and classes.has_unknown_ancestor(cls):
                self.diagnostics.append(
                    finding(
                        "PLD003",
                        f"a base class of the model {declaration.fact.name} cannot be resolved: "
                        "its fields are not known, and it is taken for a beanie.Document",
                        declaration.module.at(declaration.fact.line, declaration.fact.column),
                        hint="derive from a class that is written in this project",
                    )
                )
            elif classes.kind(cls) is not Kind.DOCUMENT:
                self.diagnostics.append(
                    finding(
                        "PLM002",
                        f"model {declaration.fact.name} does not derive from beanie.Document",
                        declaration.module.at(declaration.fact.line, declaration.fact.column),
                        hint="write `class …(Document)`; what is not stored needs no @datamodel",
                    )
                )
                continue
            read = partial(records.model, cls, declaration.decoration)
            model = self._bounded(cls.module, cls.fact, read)
            if model is not None:
                yield model

    def _operations(self, types: TypeReader) -> Iterator[OperationSpec]:
        names = {
            found.key: self._bounded(found.module, found.fact, partial(self._declared_name, found))
            for found in self.declarations
        }
        names |= {found.assigned: names[found.key] for found in self.declarations}
        reader = OperationReader(types, names.get, self.diagnostics)
        for declaration in self.declarations:
            if declaration.decoration.decorator == OPERATION:
                module, fact = declaration.module, declaration.fact
                read = partial(
                    reader.read, module, fact, declaration.decoration, declaration.written
                )
                spec = self._bounded(module, fact, read)
                if spec is not None:
                    yield spec

    def _completed(self, inference: Inference, spec: OperationSpec) -> OperationSpec:
        """Return the operation with what its body says, as it is where that is too deep."""
        try:
            return inference.complete(spec)
        except RecursionError:
            self.diagnostics.append(_too_deep(spec.qualname, spec.location))
            return spec

    def _bounded(
        self, module: ModuleFacts, fact: ClassFact | FunctionFact, read: Callable[[], T]
    ) -> T | None:
        """Return what `read` returns; what is deeper than Python's stack is a finding (PLD030)."""
        try:
            return read()
        except RecursionError:
            self.diagnostics.append(_too_deep(fact.qualname, module.at(fact.line, fact.column)))
            return None

    @staticmethod
    def _declared_name(declaration: Declaration) -> str:
        # Findings about the name belong to the declaration itself, not to each mention of it.
        silent = replace(declaration.decoration, diagnostics=[])
        fact = declaration.written[1] if declaration.written else declaration.fact
        return silent.value("name", Arguments.text, "") or fact.name

    def _meet(self, cls: LocatedClass, ref: TypeRef) -> None:
        self.met.setdefault(ref.name, cls)

    def _mentioned(
        self,
        classes: Classes,
        records: RecordReader,
        models: tuple[ModelSpec, ...],
        operations: tuple[OperationSpec, ...],
    ) -> tuple[tuple[SchemaSpec, ...], tuple[EnumSpec, ...]]:
        """Return every schema and enumeration that fields or operations mention, at any depth."""
        schemas: dict[str, SchemaSpec] = {}
        enums: dict[str, EnumSpec] = {}
        done = {model.key for model in models}
        pending = [ref for model in models for ref in model.types()]
        for operation in operations:
            pending.extend(ref for ref in (operation.inputs, operation.outputs) if ref)
        while pending:
            for ref in pending.pop().walk():
                cls = self.met.get(ref.name)
                if cls is None or ref.name in done:
                    continue
                done.add(ref.name)
                if classes.kind(cls) is Kind.ENUM:
                    enum = self._bounded(cls.module, cls.fact, partial(records.enum, cls))
                    if enum is not None:
                        enums[ref.name] = enum
                else:
                    read = partial(records.schema, cls, ref)
                    schema = self._bounded(cls.module, cls.fact, read)
                    if schema is not None:
                        schemas[ref.name] = schema
                        pending.extend(schema.types())
        return tuple(schemas.values()), tuple(enums.values())


def _too_deep(name: str, place: SourceLocation) -> Diagnostic:
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
