"""Functions and classes under `@operation` to `OperationSpec`."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from pulpo_analysis.diagnostics.catalogue import finding
from pulpo_analysis.diagnostics.diagnostic import Diagnostic
from pulpo_analysis.discovery.classes import LocatedClass
from pulpo_analysis.discovery.constants import UnknownValueError, constant
from pulpo_analysis.discovery.decorations import Decoration
from pulpo_analysis.discovery.expressions import Expression, ExpressionKind
from pulpo_analysis.discovery.facts import ClassFact, FunctionFact, ModuleFacts, ParameterFact
from pulpo_analysis.discovery.types import TypeReader
from pulpo_base.arguments import Arguments
from pulpo_base.specs import OperationSpec, SourceLocation, TypeKind, TypeRef

__all__ = ["OperationReader"]


@dataclass(frozen=True, slots=True)
class _Runner:
    """What a call of an operation calls; `cls` is the class that a method stands in."""

    module: ModuleFacts
    fact: FunctionFact
    cls: LocatedClass | None = None


@dataclass(slots=True)
class OperationReader:
    """Reads operations.

    `name_of` gives the declared name of a class or function by its importable name, so that
    `models_in=[Order]` and `after=[place]` mean what their decorators say.
    """

    types: TypeReader
    name_of: Callable[[str], str | None]
    diagnostics: list[Diagnostic]

    def read(
        self,
        module: ModuleFacts,
        fact: FunctionFact | ClassFact,
        decoration: Decoration,
        written: tuple[ModuleFacts, FunctionFact] | None = None,
    ) -> OperationSpec | None:
        """Return the spec, `None` (and a finding) for a class without a `run` method.

        `written` is the function behind a `partial`, with the module that it stands in.
        """
        decoration.check_names()
        place = module.at(fact.line, fact.column)
        found = _Runner(*written) if written else self._runner(module, fact, place)
        if found is None:
            return None
        runner = found.fact
        label = runner.name if written else fact.name
        name = decoration.value("name", _dotted_name, label) or label
        return OperationSpec(
            name=name,
            module=module.module,
            qualname=fact.qualname,
            location=place,
            description=decoration.value("description", Arguments.text, fact.doc),
            category=decoration.value("category", Arguments.text, ""),
            inputs=self._inputs(found, decoration, isinstance(fact, ClassFact), name),
            outputs=self._outputs(found, decoration),
            tags=decoration.value("tags", Arguments.texts, ()),
            permissions=decoration.value("permissions", Arguments.texts, ()),
            is_async=runner.is_async,
            is_class=isinstance(fact, ClassFact),
            async_enabled=decoration.value("async_enabled", Arguments.boolean, False),
            models_in=decoration.names("models_in", self._reference),
            models_out=decoration.names("models_out", self._reference),
            stage=decoration.value("stage", Arguments.stage, None),
            after=decoration.names("after", self._reference, single=True) or (),
            bind=decoration.value("bind", Arguments.bindings, ()),
            in_flow=decoration.value("in_flow", Arguments.boolean, True),
            retries=decoration.value("retries", Arguments.count, 0),
            timeout=decoration.value("timeout", Arguments.seconds, None),
            schedule=decoration.value("schedule", Arguments.text, "") or None,
            on_failure=decoration.names("on_failure", self._reference, single=True) or (),
        )

    def _runner(
        self, module: ModuleFacts, fact: FunctionFact | ClassFact, place: SourceLocation
    ) -> _Runner | None:
        if isinstance(fact, FunctionFact):
            return _Runner(module, fact)
        method = self.types.classes.method(LocatedClass(module, fact), "run")
        if method is None:
            self.diagnostics.append(
                finding(
                    "PLO003",
                    f"class {fact.name} has no `run` method",
                    place,
                    hint="derive from `OperationBase` and write `async def run(self, data: …)`",
                )
            )
            return None
        return _Runner(method[0].module, method[1], method[0])

    def _inputs(
        self,
        found: _Runner,
        decoration: Decoration,
        is_method: bool,
        name: str,
    ) -> TypeRef | None:
        runner = found.fact
        bound = is_method and not _is_static(runner)
        parameters = runner.parameters[1:] if bound else runner.parameters
        problem = _signature_problem(parameters)
        declared = decoration.argument("inputs")
        if problem is None and declared is not None and not parameters:
            problem = "it declares `inputs` but takes no parameter"
        if problem is None and parameters and declared is None and not parameters[0].annotation:
            problem = f"its parameter `{parameters[0].name}` has no annotation"
        annotation = declared or (parameters[0].annotation if parameters else None)
        home = decoration.home("inputs") if declared else found.module
        scope = None if declared else found.cls
        ref = None
        if annotation is not None and problem is None:
            ref = self.types.read(home, annotation, scope=scope)
        if ref is not None and ref.kind not in _INPUT_KINDS:
            problem = f"its input is {ref}, which has no fields of its own"
        if problem is not None:
            self.diagnostics.append(
                finding(
                    "PLO003",
                    f"operation {name!r} cannot be called: {problem}",
                    found.module.at(runner.line, runner.column),
                    hint="give it one parameter, a pydantic model or a dataclass, or none",
                )
            )
            return None
        return ref

    def _outputs(self, found: _Runner, decoration: Decoration) -> TypeRef | None:
        declared = decoration.argument("outputs")
        if declared is not None:
            return self.types.read(decoration.home("outputs"), declared)
        returns = found.fact.returns
        return self.types.read(found.module, returns, scope=found.cls) if returns else None

    def _reference(self, module: ModuleFacts, expression: Expression) -> str | None:
        """Return what an item of `models_in`, `models_out` or `after` names in `module`."""
        if expression.kind is ExpressionKind.NAME:
            symbol = self.types.sources.resolve(module, expression.value)
            if symbol and isinstance(symbol.fact, ClassFact | FunctionFact):
                return self.name_of(symbol.key) or symbol.fact.name
            named = self.name_of(symbol.key) if symbol and symbol.fact else None
            if named is not None:
                return named
        try:
            value = constant(self.types.sources, module, expression)
        except UnknownValueError:
            return None
        return value if isinstance(value, str) else None


_INPUT_KINDS = frozenset({TypeKind.SCHEMA, TypeKind.MODEL, TypeKind.EXTERNAL, TypeKind.UNKNOWN})


def _dotted_name(arguments: Arguments, name: str, value: object) -> str:
    return arguments.dotted_name(name, value, "")


def _is_static(method: FunctionFact) -> bool:
    return any(decorator.value == "staticmethod" for decorator in method.decorators)


def _signature_problem(parameters: tuple[ParameterFact, ...]) -> str | None:
    if any(parameter.variadic for parameter in parameters):
        return "it takes *args or **kwargs"
    if len(parameters) > 1:
        names = ", ".join(parameter.name for parameter in parameters)
        return f"it takes {len(parameters)} parameters ({names})"
    return None
