"""`differences`: what the user changed between two states of a project, thing by thing."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, fields
from typing import Any, Final

from pulpo_analysis.analysis import Analysis
from pulpo_analysis.config.settings import ProjectConfig
from pulpo_analysis.registries.overriding import override_stem
from pulpo_base.specs import FieldSpec, ModelSpec, SourceLocation
from pulpo_codegen.explanation.difference import Difference
from pulpo_codegen.explanation.meetings import (
    meets_field,
    meets_flow,
    meets_model,
    meets_operation,
    meets_schema,
)
from pulpo_codegen.plan.reads import without_places

__all__ = ["differences"]

_CONFIG: Final = SourceLocation(".pulpo.yml", 1, 0)
#: The facts that the fields of a model or schema are in.
_FIELD_FACETS: Final = frozenset({"fields", "listed", "relations", "indexes", "targets"})
#: Attributes that follow from the class's own name, or from others.
_NAMED_BY_CLASS: Final = {"module": "class", "qualname": "class"}
#: What the analysis works out of a function's body: nothing of it is in generated files by itself.
_WORKED_OUT: Final = frozenset(
    {"accesses", "touches", "body_known", "declared_at", "inferred", "bases", "is_async", "args"}
)
#: What a snapshot leaves out.
_NOT_IN_SNAPSHOTS: Final = frozenset({"description", "ui", "ui_order"})


def differences(before: Analysis, after: Analysis, *, plain: bool = False) -> list[Difference]:
    """Return what differs, in the order in which it is declared.

    `plain` says that `before` comes from a snapshot: it knows no lines and no descriptions.
    """
    comparing = _Comparing(before, after, plain=plain)
    found = [
        *comparing.config(before.config, after.config),
        *comparing.records("model", before.app.models, after.app.models),
        *comparing.records("schema", before.app.schemas, after.app.schemas),
        *comparing.things("enum", before.app.enums, after.app.enums),
        *comparing.things("operation", before.app.operations, after.app.operations),
        *comparing.flows(),
        *comparing.overrides(),
    ]
    return sorted(found, key=lambda one: (one.moved, one.location or _CONFIG))


@dataclass(frozen=True, slots=True)
class _Comparing:
    before: Analysis
    after: Analysis
    plain: bool

    def config(self, old: ProjectConfig, new: ProjectConfig) -> Iterator[Difference]:
        if self.plain:
            return
        for section in fields(new):
            was, now = getattr(old, section.name), getattr(new, section.name)
            if was != now:
                facets = frozenset({section.name})
                what = "changed in the configuration"
                yield Difference("config", section.name, what, _CONFIG, facets)

    def records(
        self, kind: str, before: Sequence[Any], after: Sequence[Any]
    ) -> Iterator[Difference]:
        """Yield what differs in models or schemas: their fields by themselves, then the rest."""
        for found in self._paired(kind, before, after):
            if isinstance(found, Difference):
                yield found
                continue
            about, old, new = found
            names: set[str] = set()
            for one in self._fields(about, old, new):
                names.add(one.where.rpartition(".")[2])
                yield one
            implied = {"fields"}
            if names:
                # A link is a relation as well, and an indexed field an index.
                implied |= {"relations", "indexes"}
            elif without_places(old.fields) != without_places(new.fields):
                what = "has its fields in another order"
                yield Difference(about, new.name, what, new.location, _FIELD_FACETS)
            yield from self._attributes(about, old, new, implied)

    def things(
        self, kind: str, before: Sequence[Any], after: Sequence[Any]
    ) -> Iterator[Difference]:
        """Yield what differs in operations or enumerations."""
        for found in self._paired(kind, before, after):
            if isinstance(found, Difference):
                yield found
            else:
                yield from self._attributes(*found, set())

    def flows(self) -> Iterator[Difference]:
        """Yield flows that are new or gone; what else differs in one follows from its steps."""
        old = {flow.name: flow for flow in self.before.flows}
        new = {flow.name: flow for flow in self.after.flows}
        for name, flow in new.items():
            if name not in old:
                place = _first_place(self.after, flow.steps)
                yield Difference(
                    f"flow {name}", name, "is a new flow", place, None, meets_flow(flow)
                )
        for name in old.keys() - new.keys():
            yield Difference(f"flow {name}", name, "is a flow no longer", None)

    def overrides(self) -> Iterator[Difference]:
        if self.plain:
            return
        for model in self.after.app.models:
            was, now = self.before.override(model), self.after.override(model)
            if without_places(was) != without_places(now):
                path = f"overrides/api/{override_stem(model)}.py"
                what = "changed" if was and now else "added" if now else "removed"
                place = now.location if now else SourceLocation(path, 1, 0)
                facets = frozenset({"override"})
                yield Difference(f"model {model.name}", path, what, place, facets)

    def _paired(
        self, kind: str, before: Iterable[Any], after: Iterable[Any]
    ) -> Iterator[Difference | tuple[str, Any, Any]]:
        """Yield what is new or gone, and the two states of what is not."""
        unique: Callable[[Any], str] = (
            (lambda one: one.key) if kind in {"schema", "enum"} else (lambda one: one.name)
        )
        old, new = ({unique(one): one for one in side} for side in (before, after))
        for name, spec in new.items():
            about = f"{kind} {name}"
            if name in old:
                yield about, old[name], spec
            else:
                met = self._meets(self.after, kind, spec)
                yield Difference(about, spec.name, "added", spec.location, None, met)
        for name, spec in old.items():
            if name not in new:
                met = self._meets(self.before, kind, spec)
                yield Difference(f"{kind} {name}", spec.name, "removed", spec.location, None, met)

    @staticmethod
    def _meets(analysis: Analysis, kind: str, spec: Any) -> tuple[str, ...]:
        match kind:
            case "model":
                return meets_model(analysis, spec)
            case "operation":
                return meets_operation(analysis, spec)
            case "schema":
                return meets_schema(analysis, spec)
        return ()

    def _fields(self, about: str, old: Any, new: Any) -> Iterator[Difference]:
        was = {spec.name: spec for spec in old.fields}
        now = {spec.name: spec for spec in new.fields}
        for name in [*now, *(was.keys() - now.keys())]:
            words = self._words(was.get(name), now.get(name))
            if not words:
                continue
            owner, analysis = (new, self.after) if name in now else (old, self.before)
            spec = now.get(name) or was[name]
            met = (
                meets_field(analysis, owner, spec)
                if isinstance(owner, ModelSpec)
                else meets_schema(analysis, owner)
            )
            place = (now[name].location if name in now else None) or new.location
            yield Difference(about, f"{new.name}.{name}", words, place, _FIELD_FACETS, met)

    def _words(self, old: FieldSpec | None, new: FieldSpec | None) -> str:
        if old is None or new is None:
            return "removed" if new is None else "added"
        words = []
        if old.type != new.type:
            words.append(f"is {new.type}, was {old.type}")
        if old.required != new.required:
            words.append("is required" if new.required else "is optional")
        if (old.unique, old.indexed) != (new.unique, new.indexed):
            words.append("has another index")
        rest = [
            name
            for name in ("default", "description", "alias", "constraints")
            if getattr(old, name) != getattr(new, name)
            and not (self.plain and name in _NOT_IN_SNAPSHOTS)
        ]
        if rest:
            words.append(_changed(rest))
        return ", ".join(words)

    def _attributes(self, about: str, old: Any, new: Any, apart: set[str]) -> Iterator[Difference]:
        """Yield one difference for all attributes, `apart` left out, and one for the place."""
        left_out = apart | _WORKED_OUT | {"name", "location"}
        if self.plain:
            left_out |= _NOT_IN_SNAPSHOTS
        names = [
            one.name
            for one in fields(new)
            if one.name not in left_out
            and without_places(getattr(old, one.name)) != without_places(getattr(new, one.name))
        ]
        if names:
            facets = {_NAMED_BY_CLASS.get(name, name) for name in names}
            if "description" in facets:
                facets.add("summary")
            met = self._meets(self.after, about.partition(" ")[0], new)
            what = _changed(names)
            yield Difference(about, new.name, what, new.location, frozenset(facets), met)
        was, now = old.location, new.location
        if (was.path, was.line) != (now.path, now.line) and not self.plain:
            facets = {"line"} | ({"file"} if was.path != now.path else set())
            yield Difference(about, new.name, "moved", now, frozenset(facets), (), moved=True)


def _changed(names: Iterable[str]) -> str:
    return f"changed its {', '.join(name.replace('_', ' ') for name in names)}"


def _first_place(analysis: Analysis, steps: Iterable[Any]) -> SourceLocation | None:
    specs = (analysis.app.operation(step.operation) for step in steps)
    return min((spec.location for spec in specs if spec is not None), default=None)
