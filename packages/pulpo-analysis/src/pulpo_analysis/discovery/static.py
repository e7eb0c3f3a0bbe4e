"""`StaticDiscovery`: reads source files, imports nothing of the user's."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path
from typing import TypeVar

from pulpo_analysis.config.settings import DiscoveryConfig
from pulpo_analysis.diagnostics.catalogue import finding
from pulpo_analysis.diagnostics.diagnostic import Diagnostic
from pulpo_analysis.discovery.classes import Classes, Kind, LocatedClass
from pulpo_analysis.discovery.decorations import (
    DATAMODEL,
    OPERATION,
    Decoration,
    decorator_name,
    other_names,
)
from pulpo_analysis.discovery.fact_cache import FactCache
from pulpo_analysis.discovery.facts import ClassFact, FunctionFact, ModuleFacts
from pulpo_analysis.discovery.fields import FieldReader
from pulpo_analysis.discovery.files import SourceFile, source_roots, source_tree
from pulpo_analysis.discovery.models import RecordReader
from pulpo_analysis.discovery.operations import OperationReader
from pulpo_analysis.discovery.protocol import Discovered
from pulpo_analysis.discovery.sources import Sources
from pulpo_analysis.discovery.types import TypeReader
from pulpo_analysis.garbage import collector_paused
from pulpo_base.arguments import Arguments
from pulpo_base.records import dataclass, field
from pulpo_base.specs import EnumSpec, ModelSpec, OperationSpec, SchemaSpec

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
        cache = FactCache(root) if self._cached and tree.files else None
        answer = _Run(Sources(tree.files, tree.diagnostics, cache)).run(source_roots(root, config))
        if cache is not None:
            cache.tidy()
        return answer


@dataclass(frozen=True, slots=True)
class _Declaration:
    module: ModuleFacts
    fact: ClassFact | FunctionFact
    decoration: Decoration

    @property
    def key(self) -> str:
        return f"{self.module.module}.{self.fact.qualname}"


@dataclass(slots=True)
class _Run:
    """One discovery of one project."""

    sources: Sources
    diagnostics: list[Diagnostic] = field(default_factory=list)
    declarations: list[_Declaration] = field(default_factory=list)
    met: list[LocatedClass] = field(default_factory=list)
    _known: set[str] = field(default_factory=set)

    def run(self, roots: tuple[str, ...]) -> Discovered:
        for file in self._candidates():
            facts = self.sources.facts(file)
            if facts is not None:
                self.declarations.extend(self._declarations(file, facts))
        classes = Classes(self.sources)
        types = TypeReader(self.sources, classes, self.diagnostics, self._meet)
        records = RecordReader(FieldReader(types), self.diagnostics)
        models = tuple(self._models(classes, records))
        operations = tuple(self._operations(types))
        schemas, enums = self._mentioned(classes, records, {model.key for model in models})
        return Discovered(
            source_roots=roots,
            models=models,
            schemas=schemas,
            enums=enums,
            operations=operations,
            diagnostics=(*self.sources.diagnostics, *self.diagnostics),
        )

    def _candidates(self) -> Iterator[SourceFile]:
        """Yield the files that may declare something, by a look at their bytes.

        A module that imports a decorator under another name makes that name one to look for.
        """
        words = {DATAMODEL.encode(), OPERATION.encode()}
        pending = set(words)
        seen: set[str] = set()
        while pending:
            found: set[bytes] = set()
            for file in self.sources.files:
                if file.relative in seen:
                    continue
                source = self.sources.source(file)
                if not any(word in source for word in pending):
                    continue
                seen.add(file.relative)
                yield file
                facts = self.sources.facts(file)
                if facts is not None:
                    found.update(word.encode() for word in other_names(self.sources, facts))
            words |= pending
            # Names found in this round may stand in files that it had already passed.
            pending = found - words

    def _declarations(self, file: SourceFile, facts: ModuleFacts) -> Iterator[_Declaration]:
        for fact in facts.declared:
            for expression in fact.decorators:
                name = decorator_name(self.sources, facts, expression)
                if name is None:
                    continue
                problem = self._unreachable(file, fact)
                decoration = Decoration(name, expression, facts, self.sources, self.diagnostics)
                if problem:
                    self.diagnostics.append(
                        finding(
                            "PLD007",
                            f"{fact.qualname} {problem}",
                            facts.at(fact.line, fact.column),
                            hint="declare it at the top level of an importable module",
                        )
                    )
                elif name == DATAMODEL and not isinstance(fact, ClassFact):
                    self.diagnostics.append(
                        finding(
                            "PLD005",
                            f"@datamodel decorates the function {fact.name}",
                            facts.at(fact.line, fact.column),
                            hint="use @operation for functions",
                        )
                    )
                else:
                    yield _Declaration(facts, fact, decoration)

    def _unreachable(self, file: SourceFile, fact: ClassFact | FunctionFact) -> str:
        if fact.local:
            return "is declared inside a function, where nothing can import it"
        if not file.module:
            return f"is in {file.relative}, a path that no import statement can name"
        other = self.sources.hidden_by(file)
        if other is not None:
            return f"is in {file.relative}, but `import {file.module}` finds {other.relative}"
        return ""

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
        reader = OperationReader(types, names.get, self.diagnostics)
        for declaration in self.declarations:
            if declaration.decoration.decorator == OPERATION:
                module, fact = declaration.module, declaration.fact
                read = partial(reader.read, module, fact, declaration.decoration)
                spec = self._bounded(module, fact, read)
                if spec is not None:
                    yield spec

    def _bounded(
        self, module: ModuleFacts, fact: ClassFact | FunctionFact, read: Callable[[], T]
    ) -> T | None:
        """Return what `read` returns; what is deeper than Python's stack is a finding (PLD030)."""
        try:
            return read()
        except RecursionError:
            self.diagnostics.append(
                finding(
                    "PLD030",
                    f"{fact.qualname} stands on too long a chain of names, types or base classes",
                    module.at(fact.line, fact.column),
                    hint="shorten the chain: Python itself follows no more than a thousand steps",
                )
            )
            return None

    @staticmethod
    def _declared_name(declaration: _Declaration) -> str:
        # Findings about the name belong to the declaration itself, not to each mention of it.
        decoration = declaration.decoration
        silent = Decoration(
            decoration.decorator, decoration.expression, decoration.module, decoration.sources, []
        )
        return silent.value("name", Arguments.text, "") or declaration.fact.name

    def _meet(self, cls: LocatedClass) -> None:
        if cls.key not in self._known:
            self._known.add(cls.key)
            self.met.append(cls)

    def _mentioned(
        self, classes: Classes, records: RecordReader, models: set[str]
    ) -> tuple[tuple[SchemaSpec, ...], tuple[EnumSpec, ...]]:
        """Return every schema and enumeration that fields or operations mention, at any depth."""
        schemas: dict[str, SchemaSpec] = {}
        enums: dict[str, EnumSpec] = {}
        # Reading the fields of one may meet further classes: the list grows on the way.
        for cls in self.met:
            if cls.key in models:
                continue
            if classes.kind(cls) is Kind.ENUM:
                enum = self._bounded(cls.module, cls.fact, partial(records.enum, cls))
                if enum is not None:
                    enums[cls.key] = enum
            else:
                schema = self._bounded(cls.module, cls.fact, partial(records.schema, cls))
                if schema is not None:
                    schemas[cls.key] = schema
        return tuple(schemas.values()), tuple(enums.values())
