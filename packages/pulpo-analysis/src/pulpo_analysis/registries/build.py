"""From what was discovered to an `AppSpec`: names made unique, references resolved."""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Callable, Hashable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import TypeVar

from pulpo_analysis.diagnostics.catalogue import finding
from pulpo_analysis.diagnostics.diagnostic import Diagnostic, Edit, Fix
from pulpo_analysis.diagnostics.suggestions import did_you_mean, only_near
from pulpo_analysis.discovery.protocol import Discovered
from pulpo_analysis.discovery.smells import Smell, SmellKind
from pulpo_analysis.registries.app import AppSpec
from pulpo_analysis.registries.naming import identifier, lower_identifier, snake_identifier
from pulpo_base.specs import ModelSpec, OperationSpec, RelationSpec, SourceLocation

__all__ = ["build_app", "build_models"]

#: Below `/api`, these paths list the models and call the operations.
RESERVED = frozenset({"me", "models", "operations"})

S = TypeVar("S", ModelSpec, OperationSpec)
T = TypeVar("T")


def build_app(name: str, discovered: Discovered) -> tuple[AppSpec, tuple[Diagnostic, ...]]:
    """Return the project's facts and what is wrong with the names in them.

    Of several declarations with one name the first (by file, then line) stays; a reference to
    an unknown name is left out, so that later steps work on what is known.
    """
    registry = _Registry(discovered)
    app = registry.build(name)
    return app, tuple(registry.diagnostics)


def build_models(discovered: Discovered) -> tuple[tuple[ModelSpec, ...], tuple[Diagnostic, ...]]:
    """Return the models of `build_app` and what is wrong with their names, operations apart."""
    registry = _Registry(discovered)
    models = registry.models()
    return models, tuple(registry.diagnostics)


@dataclass(slots=True)
class _Registry:
    discovered: Discovered
    diagnostics: list[Diagnostic] = field(default_factory=list)
    texts: dict[tuple[SourceLocation | None, str, str], Smell] = field(default_factory=dict)

    def __post_init__(self) -> None:
        for smell in self.discovered.smells:
            if smell.kind is SmellKind.TEXT_ARGUMENT:
                self.texts[smell.owner, smell.detail, smell.subject] = smell

    def build(self, name: str) -> AppSpec:
        models = self.models()
        operations = self._unique(self.discovered.operations, "PLO001", "operation")
        if any(operation.async_enabled for operation in operations):
            # Runs are asked for there.
            self._reserved(models, frozenset({"runs"}))
        self._one_meaning(operations)
        known = _by_any_name(models)
        names = frozenset(operation.name for operation in operations)
        return AppSpec(
            name=name,
            source_roots=self.discovered.source_roots,
            models=models,
            schemas=tuple(sorted(self.discovered.schemas, key=lambda schema: schema.key)),
            enums=tuple(sorted(self.discovered.enums, key=lambda enum: enum.key)),
            operations=tuple(self._referring(operation, known, names) for operation in operations),
        )

    def models(self) -> tuple[ModelSpec, ...]:
        models = self._unique(self.discovered.models, "PLM001", "model")
        self._collections(models)
        known = _by_any_name(models)
        by_key = {model.key: model.name for model in models}
        related = (self._related(model, known, by_key) for model in models)
        return tuple(sorted(related, key=lambda model: model.key))

    def _unique(self, specs: Sequence[S], code: str, what: str) -> list[S]:
        kept: list[S] = []
        ordered = sorted(specs, key=lambda spec: spec.location)
        for same in _groups(ordered, lambda spec: spec.name):
            kept.append(same[0])
            for other in same[1:]:
                self.diagnostics.append(
                    finding(
                        code,
                        f"{what} {other.name!r} is declared twice: {same[0].key} and {other.key}",
                        other.location,
                        same[0].location,
                        hint=f'give one of them another name: `@{_decorator(what)}(name="…")`',
                    )
                )
        return sorted(kept, key=lambda spec: spec.location)

    def _collections(self, models: Sequence[ModelSpec]) -> None:
        for same in _groups(models, lambda model: model.collection):
            for other in same[1:]:
                self.diagnostics.append(
                    finding(
                        "PLM003",
                        f"models {same[0].name!r} and {other.name!r} are both stored in the "
                        f"collection {other.collection!r}",
                        other.location,
                        same[0].location,
                        hint="give one of them its own `Settings.name`",
                    )
                )
        self._file_names("collections", {model.collection: model for model in reversed(models)})
        self._collisions(
            "models", {model.name: model for model in reversed(models)}, snake_identifier
        )
        self._reserved(models, RESERVED)

    def _reserved(self, models: Iterable[ModelSpec], paths: frozenset[str]) -> None:
        for model in models:
            if lower_identifier(model.collection) in paths:
                self.diagnostics.append(
                    finding(
                        "PLO008",
                        f"the collection {model.collection!r} of {model.name!r} would take the "
                        f"place of `/api/{model.collection}`",
                        model.location,
                        hint="give the model another `Settings.name`",
                    )
                )

    def _one_meaning(self, operations: Sequence[OperationSpec]) -> None:
        """Report names that are an operation and a flow, or that collide as identifiers."""
        by_name = {operation.name: operation for operation in operations}
        for operation in operations:
            parts = operation.path
            for size in range(1, len(parts)):
                other = by_name.get(".".join(parts[:size]))
                if other is not None:
                    self.diagnostics.append(
                        finding(
                            "PLO004",
                            f"{other.name!r} is an operation, and the flow of {operation.name!r}",
                            other.location,
                            operation.location,
                            hint=f"rename the operation, for example to '{other.name}.start'",
                        )
                    )
        self._collisions("operations", {op.name: op for op in reversed(operations)}, identifier)
        self._file_names("flows", {op.namespace: op for op in reversed(operations) if op.namespace})

    def _file_names(self, what: str, named: Mapping[str, ModelSpec | OperationSpec]) -> None:
        # A file system may take upper and lower case for the same.
        self._collisions(what, named, lower_identifier)

    def _collisions(
        self,
        what: str,
        named: Mapping[str, ModelSpec | OperationSpec],
        generated: Callable[[str], str],
    ) -> None:
        """Report names that differ and become one in generated code."""
        ordered = sorted(named.items(), key=lambda item: item[1].location)
        for same in _groups(ordered, lambda item: generated(item[0])):
            (first, at), *others = same
            for name, other in others:
                self.diagnostics.append(
                    finding(
                        "PLO008",
                        f"{what} {first!r} and {name!r} both become `{generated(name)}` in "
                        "generated code",
                        other.location,
                        at.location,
                        hint="rename one of them",
                    )
                )

    def _related(
        self, model: ModelSpec, known: dict[str, str], by_key: dict[str, str]
    ) -> ModelSpec:
        relations: list[RelationSpec] = []
        for relation in model.relations:
            # A link knows the very class, a relation written by hand only a name.
            target = by_key.get(relation.target) or known.get(relation.target)
            if target is not None:
                relations.append(replace(relation, target=target))
                continue
            self.diagnostics.append(
                finding(
                    "PLM004",
                    f"{model.name}.{relation.name} relates to {relation.target!r}, which is no "
                    "model of this project",
                    relation.location or model.location,
                    hint=did_you_mean(relation.target.rpartition(".")[2], known),
                )
            )
        return replace(model, relations=tuple(relations))

    def _referring(
        self, operation: OperationSpec, known: dict[str, str], names: frozenset[str]
    ) -> OperationSpec:
        return replace(
            operation,
            models_in=self._models(operation, "models_in", operation.models_in, known),
            models_out=self._models(operation, "models_out", operation.models_out, known),
            after=tuple(
                name
                for name in dict.fromkeys(operation.after)
                if self._exists(operation, "runs after", name, names)
            ),
            on_failure=tuple(
                name
                for name in dict.fromkeys(operation.on_failure)
                if self._exists(operation, "is undone by", name, names)
            ),
        )

    def _models(
        self,
        operation: OperationSpec,
        argument: str,
        names: tuple[str, ...] | None,
        known: dict[str, str],
    ) -> tuple[str, ...] | None:
        if names is None:
            return None
        for name in names:
            if name not in known:
                self.diagnostics.append(
                    finding(
                        "PLO002",
                        f"`{argument}` of {operation.name!r} names {name!r}, which is no model "
                        "of this project",
                        operation.location,
                        hint=did_you_mean(name, known),
                        fix=self._renamed(operation, argument, name, known),
                    )
                )
        return tuple(dict.fromkeys(known[name] for name in names if name in known))

    def _renamed(
        self, operation: OperationSpec, argument: str, name: str, known: dict[str, str]
    ) -> Fix | None:
        """Return the fix of a model's name given as text, where only one model can be meant."""
        near = only_near(name, known)
        written = self.texts.get((operation.location, argument, name))
        if near is None or written is None:
            return None
        edit = Edit(written.start, written.end, json.dumps(near, ensure_ascii=False))
        return Fix(f"write {near!r}", (edit,))

    def _exists(
        self, operation: OperationSpec, what: str, name: str, names: frozenset[str]
    ) -> bool:
        itself = name == operation.name
        if name in names and not itself:
            return True
        self.diagnostics.append(
            finding(
                "PLO010",
                f"{operation.name!r} says it {what} "
                + ("itself" if itself else f"{name!r}, which is no operation of this project"),
                operation.location,
                hint="" if itself else did_you_mean(name, names - {operation.name}),
            )
        )
        return False


def _by_any_name(models: Sequence[ModelSpec]) -> dict[str, str]:
    """Return the names of models by their own name, and by that of their class."""
    by_class = {model.qualname: model.name for model in sorted(models, key=lambda m: m.location)}
    return {**by_class, **{model.name: model.name for model in models}}


def _groups(items: Iterable[T], key: Callable[[T], Hashable]) -> list[list[T]]:
    groups: defaultdict[Hashable, list[T]] = defaultdict(list)
    for item in items:
        groups[key(item)].append(item)
    return list(groups.values())


def _decorator(what: str) -> str:
    return "datamodel" if what == "model" else what
