"""The facts of one file: imports, classes, functions and assignments, unresolved."""

from __future__ import annotations

from dataclasses import dataclass, field

from pulpo_analysis.discovery.bodies.facts import BodyFact
from pulpo_analysis.discovery.expressions import Expression
from pulpo_analysis.discovery.smells import IgnoreComment, Smell
from pulpo_base.specs import SourceLocation

__all__ = [
    "AssignFact",
    "ClassFact",
    "FunctionFact",
    "ImportFact",
    "ModuleFacts",
    "ParameterFact",
]


@dataclass(frozen=True, slots=True)
class ImportFact:
    """`local` stands for `name` of `module`, or for the module itself where `name` is `None`."""

    local: str
    module: str
    name: str | None


@dataclass(frozen=True, slots=True)
class AssignFact:
    """`name: annotation = value`, either part of which may be missing; `doc` is the text below."""

    name: str
    annotation: Expression | None
    value: Expression | None
    line: int
    column: int
    doc: str = ""


@dataclass(frozen=True, slots=True)
class ParameterFact:
    """One parameter; `variadic` for `*args` and `**kwargs`."""

    name: str
    annotation: Expression | None
    has_default: bool
    variadic: bool


@dataclass(frozen=True, slots=True)
class FunctionFact:
    """A function; `result` is what it returns where its body is that one statement."""

    name: str
    qualname: str
    decorators: tuple[Expression, ...]
    parameters: tuple[ParameterFact, ...]
    returns: Expression | None
    is_async: bool
    doc: str
    line: int
    column: int
    local: bool = False
    result: Expression | None = None
    body: BodyFact | None = None


@dataclass(frozen=True, slots=True)
class ClassFact:
    """A class with what its body declares; `local` for one inside a function.

    `keywords` are those of the `class` line, `parameters` the names in `class Page[T]`.
    """

    name: str
    qualname: str
    decorators: tuple[Expression, ...]
    bases: tuple[Expression, ...]
    assigns: tuple[AssignFact, ...]
    classes: tuple[ClassFact, ...]
    functions: tuple[FunctionFact, ...]
    doc: str
    line: int
    column: int
    local: bool = False
    keywords: tuple[tuple[str, Expression], ...] = ()
    parameters: tuple[str, ...] = ()

    def assign(self, name: str) -> AssignFact | None:
        """Return the last assignment to that name, or `None`."""
        return next((fact for fact in reversed(self.assigns) if fact.name == name), None)

    def nested(self, name: str) -> ClassFact | None:
        """Return the class of that name in the body, or `None`."""
        return next((fact for fact in self.classes if fact.name == name), None)

    def function(self, name: str) -> FunctionFact | None:
        """Return the method of that name, or `None`."""
        return next((fact for fact in self.functions if fact.name == name), None)


@dataclass(frozen=True, slots=True)
class ModuleFacts:
    """One file. `module` is its importable name; `path` is relative to the project.

    `calls` are the statements that may be `operation(…)(function)`.
    """

    path: str
    module: str
    imports: dict[str, ImportFact] = field(default_factory=dict)
    star_imports: tuple[str, ...] = ()
    assigns: dict[str, AssignFact] = field(default_factory=dict)
    classes: dict[str, ClassFact] = field(default_factory=dict)
    functions: dict[str, FunctionFact] = field(default_factory=dict)
    declared: tuple[ClassFact | FunctionFact, ...] = ()
    calls: tuple[Expression, ...] = ()
    smells: tuple[Smell, ...] = ()
    ignores: tuple[IgnoreComment, ...] = ()

    def binds(self, name: str) -> bool:
        """Whether the file itself gives the name a meaning."""
        return any(
            name in names for names in (self.classes, self.functions, self.imports, self.assigns)
        )

    def at(self, line: int, column: int = 1) -> SourceLocation:
        """Return a place in this file."""
        return SourceLocation(self.path, line, column)
