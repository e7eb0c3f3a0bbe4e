"""`Project`: what lint judges; `Rule`: one code, the function that finds it, what it reads."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from functools import cached_property
from typing import Generic, TypeVar

from pulpo_analysis.config.loading import LoadedConfig
from pulpo_analysis.diagnostics.diagnostic import Diagnostic
from pulpo_analysis.discovery.smells import Smell, SmellKind
from pulpo_analysis.registries.app import AppSpec
from pulpo_base.flows.plan import FlowPlan
from pulpo_base.specs import FieldSpec, ModelSpec, SchemaSpec, SourceLocation

__all__ = ["Project", "Rule", "the_app", "the_configuration", "the_project"]

T = TypeVar("T")


@dataclass(frozen=True)
class Project:
    """Everything that rules may read: facts, decided flows, configuration, code smells."""

    # No slots: what several rules ask for is kept on the instance.
    app: AppSpec
    flows: tuple[FlowPlan, ...] = ()
    loaded: LoadedConfig | None = None
    smells: tuple[Smell, ...] = ()

    def smelling(self, *kinds: SmellKind) -> Iterator[Smell]:
        """Yield the smells of these kinds, in the order of the code."""
        return (smell for smell in self.smells if smell.kind in kinds)

    @cached_property
    def fields(self) -> frozenset[SourceLocation]:
        """The places that declare a field of a pydantic class."""
        records: tuple[ModelSpec | SchemaSpec, ...] = (*self.app.models, *self.app.schemas)
        return frozenset(
            spec.location for record in records for spec in record.fields if spec.location
        )

    @cached_property
    def stored_fields(self) -> dict[SourceLocation, tuple[str, FieldSpec]]:
        """Every field that MongoDB keeps, by the place that declares it.

        The text is the field's path from the first model that stores it. Fields of the plain
        models inside documents are among them.
        """
        found: dict[SourceLocation, tuple[str, FieldSpec]] = {}
        for model in self.app.models:
            for path, spec in self._stored(model):
                if spec.location is not None:
                    found.setdefault(spec.location, (path, spec))
        return found

    def _stored(self, model: ModelSpec) -> Iterator[tuple[str, FieldSpec]]:
        """Yield the fields of a model and of the plain models in it, each with its path."""
        seen: set[str] = set()
        pending: list[tuple[ModelSpec | SchemaSpec, str]] = [(model, model.name)]
        while pending:
            record, path = pending.pop()
            if record.key in seen:
                continue
            seen.add(record.key)
            nested: list[tuple[ModelSpec | SchemaSpec, str]] = []
            for spec in record.fields:
                here = f"{path}.{spec.name}"
                yield here, spec
                refs = (ref for ref in spec.type.walk() if ref.kind == "schema")
                held = (self.app.record(ref.name) for ref in refs)
                nested.extend((inner, here) for inner in held if inner is not None)
            # The last one is taken first: what comes first in a class names the way to another.
            pending.extend(reversed(nested))


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
