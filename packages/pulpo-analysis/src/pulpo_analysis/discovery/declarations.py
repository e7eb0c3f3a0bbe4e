"""Which classes and functions of a file are declared: by a decorator, or by a call of one."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace

from pulpo_analysis.diagnostics.catalogue import finding
from pulpo_analysis.diagnostics.diagnostic import Diagnostic
from pulpo_analysis.discovery.applied import DATAMODEL, applied, is_partial
from pulpo_analysis.discovery.decorations import Decoration
from pulpo_analysis.discovery.expressions import Expression, ExpressionKind
from pulpo_analysis.discovery.facts import ClassFact, FunctionFact, ModuleFacts
from pulpo_analysis.discovery.files import SourceFile
from pulpo_analysis.discovery.sources import Sources

__all__ = ["Declaration", "DeclarationReader", "Wrapped", "wrapped"]


@dataclass(frozen=True, slots=True)
class Declaration:
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
        """The importable dotted name of the class or function."""
        return f"{self.module.module}.{self.fact.qualname}"


@dataclass(frozen=True, slots=True)
class Wrapped:
    """The class or function that `operation(…)(…)` is given.

    `partial` says that it comes inside of a `functools.partial`; a function is then `fact` with
    the parameters that are left.
    """

    module: ModuleFacts
    fact: ClassFact | FunctionFact
    partial: bool


def wrapped(sources: Sources, facts: ModuleFacts, call: Expression | None) -> Wrapped | None:
    """Return what `operation(…)(function)` is given, `None` where that is not known."""
    if call is None or call.kind is not ExpressionKind.CALL or not call.positional:
        return None
    target = call.positional[0]
    behind = is_partial(sources, facts, target)
    inner = target.positional[0] if behind and target.positional else target
    if inner.kind is not ExpressionKind.NAME:
        return None
    symbol = sources.resolve(facts, inner.value)
    if symbol is None or symbol.module is None:
        return None
    if isinstance(symbol.fact, ClassFact) or not behind:
        found = symbol.fact if isinstance(symbol.fact, ClassFact | FunctionFact) else None
        return Wrapped(symbol.module, found, partial=False) if found else None
    if not isinstance(symbol.fact, FunctionFact):
        return None
    named = {key for key, _ in target.keywords}
    left = symbol.fact.parameters[len(target.positional) - 1 :]
    free = tuple(part for part in left if part.name not in named)
    return Wrapped(symbol.module, replace(symbol.fact, parameters=free), partial=True)


@dataclass(frozen=True, slots=True)
class DeclarationReader:
    """Finds declarations; those that nothing can import are findings."""

    sources: Sources
    diagnostics: list[Diagnostic]

    def read(self, file: SourceFile, facts: ModuleFacts) -> Iterator[Declaration]:
        """Yield what a file declares, where generated code can import it."""
        for fact in facts.declared:
            for expression in fact.decorators:
                decoration = self._decoration(facts, expression)
                if decoration is not None:
                    yield from self._checked(file, Declaration(facts, fact, decoration))
        for name, assigned in facts.assigns.items():
            found = self._called(facts, assigned.value)
            if found is None:
                continue
            given, decoration = found
            fact = given.fact
            if not given.partial or isinstance(fact, ClassFact):
                assigned_to = f"{facts.module}.{name}"
                declared = Declaration(given.module, fact, decoration, assigned_to)
            else:
                # A `partial` of a function is an operation of its own, under the name it gets.
                place = replace(fact, qualname=name, line=assigned.line, column=assigned.column)
                behind = (given.module, fact)
                declared = Declaration(facts, replace(place, name=name), decoration, "", behind)
            yield from self._checked(file, declared)
        for call in facts.calls:
            found = self._called(facts, call)
            if found is not None:
                yield from self._unnamed(file, *found)

    def _unnamed(
        self, file: SourceFile, given: Wrapped, decoration: Decoration
    ) -> Iterator[Declaration]:
        """Yield what the bare statement `operation(…)(function)` declares."""
        if not given.partial:
            yield from self._checked(file, Declaration(given.module, given.fact, decoration))
            return
        self.diagnostics.append(
            finding(
                "PLD007",
                f"the partial of {given.fact.name} has no name that generated code could import",
                decoration.location,
                hint="keep it under a name: `task = operation(…)(partial(…))`",
            )
        )

    def _decoration(self, facts: ModuleFacts, expression: Expression) -> Decoration | None:
        found = applied(self.sources, facts, expression)
        if found is None:
            return None
        return Decoration(
            found.decorator, expression, facts, self.sources, self.diagnostics, found.presets
        )

    def _called(
        self, facts: ModuleFacts, call: Expression | None
    ) -> tuple[Wrapped, Decoration] | None:
        """Return what `operation(…)(function)` declares, `None` where it is no such call."""
        given = wrapped(self.sources, facts, call)
        decoration = self._decoration(facts, call.callee) if call and given else None
        return (given, decoration) if given and decoration else None

    def _checked(self, file: SourceFile, found: Declaration) -> Iterator[Declaration]:
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


def _replaced(facts: ModuleFacts, fact: ClassFact | FunctionFact) -> str:
    """Return what is wrong with a definition that another one of its name replaces."""
    if "." in fact.qualname:
        return ""
    last = facts.classes.get(fact.name) or facts.functions.get(fact.name)
    if last is None or last.line <= fact.line:
        return ""
    return f"is defined again in line {last.line}, and an import finds that one"
