"""`StaticDiscovery`: reads source files, imports nothing of the user's."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path
from typing import TypeVar

from pulpo_analysis.config.settings import DiscoveryConfig
from pulpo_analysis.diagnostics.catalogue import finding
from pulpo_analysis.diagnostics.diagnostic import Diagnostic
from pulpo_analysis.discovery.bodies.inference import Inference
from pulpo_analysis.discovery.candidates import candidates
from pulpo_analysis.discovery.classes import Classes, Kind, LocatedClass
from pulpo_analysis.discovery.decorations import (
    DATAMODEL,
    OPERATION,
    Decoration,
    applied,
    is_partial,
)
from pulpo_analysis.discovery.expressions import Expression, ExpressionKind
from pulpo_analysis.discovery.fact_cache import FactCache
from pulpo_analysis.discovery.facts import AssignFact, ClassFact, FunctionFact, ModuleFacts
from pulpo_analysis.discovery.fields import FieldReader
from pulpo_analysis.discovery.files import SourceFile, source_roots, source_tree
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
from pulpo_base.specs import EnumSpec, ModelSpec, OperationSpec, SchemaSpec, TypeRef

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


@dataclass(frozen=True, slots=True)
class _Declaration:
    """A decorated class or function.

    `assigned` is the name that `place = operation(…)(…)` gives it besides, `written` the function
    behind a `partial`.
    """

    module: ModuleFacts
    fact: ClassFact | FunctionFact
    decoration: Decoration
    assigned: str = ""
    written: tuple[ModuleFacts, FunctionFact] | None = None

    @property
    def key(self) -> str:
        return f"{self.module.module}.{self.fact.qualname}"


@dataclass(slots=True)
class _Run:
    """One discovery of one project."""

    sources: Sources
    diagnostics: list[Diagnostic] = field(default_factory=list)
    declarations: list[_Declaration] = field(default_factory=list)
    met: dict[str, LocatedClass] = field(default_factory=dict)

    def run(self, roots: tuple[str, ...]) -> Discovered:
        for file in candidates(self.sources):
            facts = self.sources.facts(file)
            if facts is not None:
                self.declarations.extend(self._declarations(file, facts))
        classes = Classes(self.sources)
        types = TypeReader(self.sources, classes, self.diagnostics, self._meet)
        records = RecordReader(FieldReader(types), self.diagnostics)
        models = tuple(self._models(classes, records))
        names = {model.key: model.name for model in models}
        inference = Inference(self.sources, classes, names.get)
        operations = tuple(map(inference.complete, self._operations(types)))
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

    def _declarations(self, file: SourceFile, facts: ModuleFacts) -> Iterator[_Declaration]:
        for fact in facts.declared:
            for expression in fact.decorators:
                decoration = self._decoration(facts, expression)
                if decoration is not None:
                    yield from self._checked(file, _Declaration(facts, fact, decoration))
        for name, assigned in facts.assigns.items():
            found = self._called(facts, name, assigned)
            if found is not None:
                yield from self._checked(file, found)

    def _decoration(self, facts: ModuleFacts, expression: Expression) -> Decoration | None:
        found = applied(self.sources, facts, expression)
        if found is None:
            return None
        return Decoration(
            found.decorator, expression, facts, self.sources, self.diagnostics, found.presets
        )

    def _called(self, facts: ModuleFacts, name: str, assigned: AssignFact) -> _Declaration | None:
        """Return what `name = operation(…)(function)` declares, `None` where it is no such call.

        A `partial` of a function is an operation of its own, under the name that it gets.
        """
        call = assigned.value
        if call is None or call.kind is not ExpressionKind.CALL or not call.positional:
            return None
        decoration = self._decoration(facts, call.callee)
        target = call.positional[0]
        bound: tuple[str, ...] = ()
        behind = is_partial(self.sources, facts, target)
        if behind:
            bound = tuple(key for key, _ in target.keywords)
            target = target.positional[0] if target.positional else target
        if decoration is None or target.kind is not ExpressionKind.NAME:
            return None
        symbol = self.sources.resolve(facts, target.value)
        fact = symbol.fact if symbol else None
        if (
            symbol is None
            or symbol.module is None
            or not isinstance(fact, FunctionFact | ClassFact)
        ):
            return None
        if not behind or isinstance(fact, ClassFact):
            return _Declaration(symbol.module, fact, decoration, f"{facts.module}.{name}")
        given = len(call.positional[0].positional) - 1
        free = tuple(part for part in fact.parameters[given:] if part.name not in bound)
        place = replace(fact, qualname=name, line=assigned.line, column=assigned.column)
        written = (symbol.module, replace(fact, parameters=free))
        return _Declaration(facts, replace(place, name=name), decoration, written=written)

    def _checked(self, file: SourceFile, found: _Declaration) -> Iterator[_Declaration]:
        """Yield the declaration where generated code can import it."""
        fact, facts = found.fact, found.module
        problem = self._unreachable(file, fact) or _replaced(facts, fact)
        if problem:
            self.diagnostics.append(
                finding(
                    "PLD007",
                    f"{fact.qualname} {problem}",
                    facts.at(fact.line, fact.column),
                    hint="declare it at the top level of an importable module",
                )
            )
        elif found.decoration.decorator == DATAMODEL and not isinstance(fact, ClassFact):
            self.diagnostics.append(
                finding(
                    "PLD005",
                    f"@datamodel decorates the function {fact.name}",
                    facts.at(fact.line, fact.column),
                    hint="use @operation for functions",
                )
            )
        else:
            yield found

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


def _impossible(classes: Classes) -> Iterator[Diagnostic]:
    for cls in classes.impossible():
        names = ", ".join(map(str, cls.fact.bases))
        yield finding(
            "PLD014",
            f"Python cannot order the bases of {cls.fact.qualname} ({names})",
            cls.module.at(cls.fact.line, cls.fact.column),
            hint="put a base after the classes that derive from it, and name none twice",
        )


def _replaced(facts: ModuleFacts, fact: ClassFact | FunctionFact) -> str:
    """Return what is wrong with a definition that another one of its name replaces."""
    if "." in fact.qualname:
        return ""
    last = facts.classes.get(fact.name) or facts.functions.get(fact.name)
    if last is None or last.line <= fact.line:
        return ""
    return f"is defined again in line {last.line}, and an import finds that one"
