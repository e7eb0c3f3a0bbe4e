"""Functions and classes under `@operation`, as objects, to their specs."""

from __future__ import annotations

import inspect
from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Any

from pulpo_base.decorators import declared_types, defining_class, parameters_of, written
from pulpo_base.probe.messages import Problem
from pulpo_base.probe.names import Scope
from pulpo_base.probe.project import Project
from pulpo_base.probe.types import TypeConverter
from pulpo_base.specs import OperationSpec, TypeKind, TypeRef

__all__ = ["OperationReader"]

_INPUT_KINDS = frozenset({TypeKind.SCHEMA, TypeKind.MODEL, TypeKind.EXTERNAL, TypeKind.UNKNOWN})
#: `-> None` says something, no annotation says nothing.
_LEFT_OUT: Any = object()

_VARIADIC = frozenset({inspect.Parameter.VAR_POSITIONAL, inspect.Parameter.VAR_KEYWORD})


@dataclass(slots=True)
class OperationReader:
    """Reads operations; one that cannot be called is a problem."""

    project: Project
    types: TypeConverter
    problems: list[Problem]

    def read(self, target: Callable[..., Any], declared: OperationSpec) -> OperationSpec:
        """Return the whole spec: what the decorator could not know are the types."""
        runner: Any = getattr(target, "run") if declared.is_class else target  # noqa: B009
        place = self.project.place(declared.location.path, declared.location.line)
        declared = replace(declared, location=place)
        inputs, outputs = declared_types(target)
        source = written(runner)
        scope = Scope(getattr(source, "__module__", declared.module), defining_class(target))
        annotations = getattr(source, "__annotations__", {})
        home = Scope(declared.module)
        returned = home if outputs is not None else scope
        annotation = outputs if outputs is not None else annotations.get("return", _LEFT_OUT)
        result = None if annotation is _LEFT_OUT else self.types.read(annotation, returned)
        return replace(
            declared,
            inputs=self._inputs(declared, target, inputs, annotations, (scope, home)),
            outputs=result,
        )

    def _inputs(
        self,
        declared: OperationSpec,
        target: Callable[..., Any],
        given: type | None,
        annotations: dict[str, Any],
        scopes: tuple[Scope, Scope],
    ) -> TypeRef | None:
        parameters = self._parameters(target, is_class=declared.is_class)
        problem = _signature_problem(parameters)
        if problem is None and given is not None and not parameters:
            problem = "it declares `inputs` but takes no parameter"
        if (
            problem is None
            and parameters
            and given is None
            and parameters[0].name not in annotations
        ):
            problem = f"its parameter `{parameters[0].name}` has no annotation"
        ref = None
        if problem is None and given is not None:
            ref = self.types.read(given, scopes[1])
        elif problem is None and parameters:
            ref = self.types.read(annotations[parameters[0].name], scopes[0])
        if ref is not None and ref.kind not in _INPUT_KINDS:
            problem = f"its input is {ref}, which has no fields of its own"
        if problem is None:
            return ref
        message = f"operation {declared.name!r} cannot be called: {problem}"
        self.problems.append(Problem("signature", message, declared.location, declared.key))
        return None

    @staticmethod
    def _parameters(target: Callable[..., Any], *, is_class: bool) -> list[inspect.Parameter]:
        if not is_class:
            return parameters_of(target)
        static = isinstance(inspect.getattr_static(target, "run"), staticmethod | classmethod)
        found = list(inspect.signature(getattr(target, "run")).parameters.values())  # noqa: B009
        return found if static else found[1:]


def _signature_problem(parameters: list[inspect.Parameter]) -> str | None:
    if any(parameter.kind in _VARIADIC for parameter in parameters):
        return "it takes *args or **kwargs"
    if len(parameters) > 1:
        names = ", ".join(parameter.name for parameter in parameters)
        return f"it takes {len(parameters)} parameters ({names})"
    return None
