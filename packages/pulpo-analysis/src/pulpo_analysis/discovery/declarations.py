"""Which classes and functions of a file are declared to Pulpo: decorated, and importable."""

from __future__ import annotations

from collections.abc import Iterator

from pulpo_analysis.diagnostics.catalogue import finding
from pulpo_analysis.diagnostics.diagnostic import Diagnostic
from pulpo_analysis.discovery.decorations import DATAMODEL, Decoration, applied, is_partial
from pulpo_analysis.discovery.expressions import Expression, ExpressionKind
from pulpo_analysis.discovery.facts import AssignFact, ClassFact, FunctionFact, ModuleFacts
from pulpo_analysis.discovery.files import SourceFile
from pulpo_analysis.discovery.sources import Sources
from pulpo_base.records import dataclass, replace

__all__ = ["Declaration", "DeclarationReader"]


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
        """The dotted name of the class or function."""
        return f"{self.module.module}.{self.fact.qualname}"


@dataclass(frozen=True, slots=True)
class DeclarationReader:
    """Finds the declarations of files; what keeps one from being used is a diagnostic."""

    sources: Sources
    diagnostics: list[Diagnostic]

    def read(self, file: SourceFile, facts: ModuleFacts) -> Iterator[Declaration]:
        """Yield what a file declares, in the order of the code; assignments come last."""
        for fact in facts.declared:
            for expression in fact.decorators:
                decoration = self._decoration(facts, expression)
                if decoration is not None:
                    yield from self._checked(file, Declaration(facts, fact, decoration))
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

    def _called(self, facts: ModuleFacts, name: str, assigned: AssignFact) -> Declaration | None:
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
            return Declaration(symbol.module, fact, decoration, f"{facts.module}.{name}")
        given = len(call.positional[0].positional) - 1
        free = tuple(part for part in fact.parameters[given:] if part.name not in bound)
        place = replace(fact, qualname=name, line=assigned.line, column=assigned.column)
        written = (symbol.module, replace(fact, parameters=free))
        return Declaration(facts, replace(place, name=name), decoration, written=written)

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
