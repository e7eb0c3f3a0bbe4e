"""`Project`: what lint judges; `Rule`: one code, the function that finds it, what it reads."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from typing import Generic, TypeVar

from pulpo_analysis.config.loading import LoadedConfig
from pulpo_analysis.diagnostics.diagnostic import Diagnostic
from pulpo_analysis.discovery.smells import Smell, SmellKind
from pulpo_analysis.registries.app import AppSpec
from pulpo_base.flows.plan import FlowPlan
from pulpo_base.specs import FieldSpec, ModelSpec, OperationSpec, SchemaSpec, SourceLocation

__all__ = ["Project", "Rule", "the_app", "the_configuration", "the_project"]

T = TypeVar("T")


@dataclass(frozen=True)
class Project:
    """Everything that rules may read: facts, decided flows, configuration, code smells."""

    app: AppSpec
    flows: tuple[FlowPlan, ...] = ()
    loaded: LoadedConfig | None = None
    smells: tuple[Smell, ...] = ()

    def smelling(self, *kinds: SmellKind) -> Iterator[Smell]:
        """Yield the smells of these kinds, in the order of the code."""
        return (smell for smell in self.smells if smell.kind in kinds)

    def stored_fields(self) -> dict[SourceLocation, tuple[str, FieldSpec]]:
        """Return every field that MongoDB keeps, by the place that declares it.

        The text is the field's path from the first model that stores it. Fields of the plain
        models inside documents are among them.
        """
        found: dict[SourceLocation, tuple[str, FieldSpec]] = {}
        for model in self.app.models:
            self._collect(model, model.name, found, set())
        return found

    def _collect(
        self,
        record: ModelSpec | SchemaSpec,
        path: str,
        found: dict[SourceLocation, tuple[str, FieldSpec]],
        seen: set[str],
    ) -> None:
        if record.key in seen:
            return
        seen.add(record.key)
        for spec in record.fields:
            here = f"{path}.{spec.name}"
            if spec.location is not None:
                found.setdefault(spec.location, (here, spec))
            for ref in spec.type.walk():
                nested = self.app.record(ref.name) if ref.kind == "schema" else None
                if nested is not None:
                    self._collect(nested, here, found, seen)

    def operation_of(self, smell: Smell) -> OperationSpec | None:
        """Return the operation whose code a smell stands in, or `None`."""
        inside = f"{smell.scope}."
        return next(
            (
                operation
                for operation in self.app.operations
                if operation.location.path == smell.start.path
                and inside.startswith(f"{operation.qualname}.")
            ),
            None,
        )


@dataclass(frozen=True, slots=True)
class Rule(Generic[T]):
    """`find` yields the findings of one code in what `reads` takes from the project."""

    code: str
    find: Callable[[T], Iterable[Diagnostic]]
    reads: Callable[[Project], T]

    def judge(self, project: Project) -> Iterable[Diagnostic]:
        """Return the findings in a project."""
        return self.find(self.reads(project))


def the_app(project: Project) -> AppSpec:
    """Models and operations alone."""
    return project.app


def the_configuration(project: Project) -> tuple[AppSpec, LoadedConfig | None]:
    """Models and operations, and what the configuration says of them."""
    return project.app, project.loaded


def the_project(project: Project) -> Project:
    """Everything, where a rule looks at flows or at the code itself."""
    return project
