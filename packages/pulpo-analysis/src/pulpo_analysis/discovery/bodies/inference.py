"""From what bodies do to what specs say: models left out, places, exceptions."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field, replace

from pulpo_analysis.discovery.applied import OPERATION, applied
from pulpo_analysis.discovery.bodies.documents import EffectKind
from pulpo_analysis.discovery.bodies.exceptions import Exceptions
from pulpo_analysis.discovery.bodies.known import Function, Known
from pulpo_analysis.discovery.bodies.project import Project
from pulpo_analysis.discovery.bodies.solving import Solver
from pulpo_analysis.discovery.bodies.summary import Summary
from pulpo_analysis.discovery.classes import Classes, LocatedClass
from pulpo_analysis.discovery.declarations import wrapped
from pulpo_analysis.discovery.expressions import Expression, ExpressionKind
from pulpo_analysis.discovery.facts import AssignFact, ClassFact, FunctionFact, ModuleFacts
from pulpo_analysis.discovery.sources import Sources
from pulpo_base.specs import AccessSpec, OperationSpec, RaiseSpec, SourceLocation

__all__ = ["Inference"]


@dataclass(slots=True)
class Inference:
    """Reads the bodies of operations.

    `name_of` gives the declared name of a model by its importable name, `None` for a class that
    is no model.
    """

    sources: Sources
    classes: Classes
    name_of: Callable[[str], str | None]
    _project: Project = field(init=False)
    _exceptions: Exceptions = field(init=False)
    _solver: Solver = field(init=False)
    _models_of: dict[str, frozenset[str]] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self._project = Project(Known(self.sources, self.classes))
        self._exceptions = Exceptions(self._project)
        self._solver = Solver(self._project, self._exceptions)

    def complete(self, operation: OperationSpec) -> OperationSpec:
        """Return the spec with what its body says.

        `models_in` and `models_out` that were left out are filled in where the body touches
        models, and named in `inferred`. What the user declared stays.
        """
        function = self._function(operation)
        if function is None:
            return operation
        summary = self._solver.summary(function)
        reads, writes = self._models(summary)
        inferred: dict[str, tuple[str, ...]] = {}
        if operation.models_in is None and reads:
            inferred["models_in"] = tuple(reads)
        if operation.models_out is None and writes:
            inferred["models_out"] = tuple(writes)
        return replace(
            operation,
            models_in=inferred.get("models_in", operation.models_in),
            models_out=inferred.get("models_out", operation.models_out),
            inferred=tuple(inferred),
            accesses=tuple(_accesses(reads, writes)),
            touches=tuple(sorted(self._touched(summary))),
            body_known=summary.complete,
            raises=self._raises(summary),
            declared_at=tuple(self._declared_at(operation)),
        )

    def _function(self, operation: OperationSpec) -> Function | None:
        module = self.sources.module(operation.module)
        symbol = self.sources.resolve(module, operation.qualname) if module else None
        if symbol is None or symbol.module is None:
            return None
        if isinstance(symbol.fact, FunctionFact):
            self._project.known.know(symbol.module, symbol.fact)
            return Function(symbol.module, symbol.fact)
        if isinstance(symbol.fact, AssignFact):
            given = wrapped(self.sources, symbol.module, symbol.fact.value)
            if given is None or not isinstance(given.fact, FunctionFact):
                return None
            return Function(given.module, given.fact)
        if isinstance(symbol.fact, ClassFact):
            cls = LocatedClass(symbol.module, symbol.fact)
            return self._project.known.method(self._project.known.know_class(cls), "run")
        return None

    def _declared_at(self, operation: OperationSpec) -> Iterator[tuple[str, str, SourceLocation]]:
        """Yield where each item of `models_in` and `models_out` is written."""
        module = self.sources.module(operation.module)
        symbol = self.sources.resolve(module, operation.qualname) if module else None
        if module is None or symbol is None or symbol.fact is None:
            return
        decorators = (
            ((symbol.fact.value.callee,) if symbol.fact.value else ())
            if isinstance(symbol.fact, AssignFact)
            else symbol.fact.decorators
        )
        for decorator in decorators:
            found = applied(self.sources, module, decorator)
            if found is None or found.decorator != OPERATION:
                continue
            for argument in ("models_in", "models_out"):
                listed = decorator.keyword(argument)
                for item in listed.args if listed else ():
                    name = self._model_name(module, item)
                    if name:
                        yield argument, name, module.at(item.line, item.column)

    def _model_name(self, module: ModuleFacts, item: Expression) -> str | None:
        if item.kind is ExpressionKind.NAME:
            symbol = self.sources.resolve(module, item.value)
            return self.name_of(symbol.key) if symbol else None
        return item.value if isinstance(item.value, str) else None

    def _models(
        self, summary: Summary
    ) -> tuple[dict[str, SourceLocation], dict[str, SourceLocation]]:
        """Return the models that are read and those that are written, with the first places."""
        places: dict[EffectKind, dict[str, SourceLocation]] = {kind: {} for kind in EffectKind}
        for effect, place in summary.effects.items():
            name = self.name_of(effect.model)
            if name is not None:
                known = places[effect.kind].get(name, place)
                places[effect.kind][name] = min(known, place)
        created, changed = places[EffectKind.CREATE], places[EffectKind.CHANGE]
        # Whether a document is there already is part of creating it.
        checked = {
            name: place for name, place in places[EffectKind.CHECK].items() if name not in created
        }
        reads = _first((places[EffectKind.READ], checked, changed))
        return reads, _first((created, changed))

    def _touched(self, summary: Summary) -> set[str]:
        """Return the models among the classes that are mentioned, and those they derive from."""
        found: set[str] = set()
        for key in summary.touched:
            if key not in self._models_of:
                names = map(self.name_of, self._project.known.lineage(key))
                self._models_of[key] = frozenset(name for name in names if name is not None)
            found |= self._models_of[key]
        return found

    def _raises(self, summary: Summary) -> tuple[RaiseSpec, ...]:
        found = []
        for raised, place in summary.raises.items():
            code, status = self._exceptions.contract(raised.exception)
            known = int(raised.status) if raised.status else status
            cls = self._project.known.located(raised.exception)
            module, _, name = raised.exception.rpartition(".")
            if cls is not None:
                module, name = cls.module.module, cls.fact.qualname
            found.append(RaiseSpec(module, name, known, code, place))
        return tuple(sorted(found, key=lambda item: (item.key, item.status or 0)))


def _first(places: Iterable[dict[str, SourceLocation]]) -> dict[str, SourceLocation]:
    """Return each name's place in the first of the mappings that has it, sorted by name."""
    found: dict[str, SourceLocation] = {}
    for part in places:
        for name, place in part.items():
            found.setdefault(name, place)
    return dict(sorted(found.items()))


def _accesses(
    reads: dict[str, SourceLocation], writes: dict[str, SourceLocation]
) -> Iterable[AccessSpec]:
    yield from (AccessSpec(name, "read", place) for name, place in reads.items())
    yield from (AccessSpec(name, "write", place) for name, place in writes.items())
