"""Where each input field of each step comes from (docs/data-flow.md, binding)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace

from pulpo_analysis.dataflow.assignability import is_assignable
from pulpo_analysis.dataflow.digraph import Distances
from pulpo_analysis.diagnostics.catalogue import finding
from pulpo_analysis.diagnostics.diagnostic import Diagnostic
from pulpo_analysis.diagnostics.suggestions import did_you_mean
from pulpo_analysis.registries.app import AppSpec
from pulpo_base.flows.plan import Binding, BindingSource, FlowParameter
from pulpo_base.specs import FieldSpec, OperationSpec, SchemaSpec, TypeKind

__all__ = ["BindSource", "Bindings", "bind_fields", "bind_source", "input_fields", "output_fields"]

#: Parameters of `prefect.Flow.__call__`.
_KEPT_BY_PREFECT = frozenset({"return_state", "self", "wait_for"})


@dataclass(frozen=True, slots=True)
class BindSource:
    """What `bind={"field": "operation.name.output_field"}` names; no field: the whole output."""

    operation: OperationSpec
    output_field: str


@dataclass(slots=True)
class Bindings:
    """A flow's bindings by step, its parameters, and what keeps it from running."""

    steps: dict[str, tuple[Binding, ...]] = field(default_factory=dict)
    parameters: dict[str, FlowParameter] = field(default_factory=dict)
    problems: list[Diagnostic] = field(default_factory=list)


def bind_source(text: str, operations: Mapping[str, OperationSpec]) -> BindSource | None:
    """Return what the right side of a `bind` entry names among `operations`, or `None`."""
    if text in operations:
        return BindSource(operations[text], "")
    name, _, output = text.rpartition(".")
    return BindSource(operations[name], output) if name in operations else None


def input_fields(operation: OperationSpec, app: AppSpec) -> tuple[FieldSpec, ...] | None:
    """Return the fields that an operation takes; `None` where its input's shape is unknown."""
    if operation.inputs is None:
        return ()
    record = app.record(operation.inputs.name)
    return record.fields if record else None


def output_fields(
    operation: OperationSpec, app: AppSpec, *, always: bool = True
) -> dict[str, FieldSpec]:
    """Return the fields that outputs of an operation have, by name; those that each has.

    A typed dictionary may lack keys (`always=False` for these, too), and a dataclass does not have
    what it only takes (`InitVar`).
    """
    record = app.record(operation.outputs.name) if operation.outputs else None
    form = record.form if isinstance(record, SchemaSpec) else "model"
    return {
        spec.name: spec
        for spec in (record.fields if record else ())
        if not (always and form == "typed_dict" and not spec.required)
        and not (spec.excluded and form == "dataclass")
    }


def bind_fields(
    operations: Sequence[OperationSpec], pairs: set[tuple[str, str]], app: AppSpec
) -> Bindings:
    """Decide every input field of a flow.

    `operations` are in a valid order of execution, `pairs` the reduced edges between them.
    """
    named = {operation.name: operation for operation in operations}
    binder = _Binder(named, Distances(pairs), app)
    for operation in operations:
        binder.bind(operation)
    return binder.answer


@dataclass(frozen=True, slots=True)
class _Candidate:
    operation: OperationSpec
    distance: int
    binding: Binding


@dataclass(slots=True)
class _Binder:
    operations: Mapping[str, OperationSpec]
    distances: Distances
    app: AppSpec
    answer: Bindings = field(default_factory=Bindings)

    def bind(self, operation: OperationSpec) -> None:
        fields = input_fields(operation, self.app)
        if fields is None:
            self.answer.problems.append(
                finding(
                    "PLB006",
                    f"the fields of {operation.inputs}, the input of {operation.name!r}, are "
                    "not known",
                    operation.location,
                    hint="take a pydantic model or a dataclass of this project",
                )
            )
            return
        explicit = dict(operation.bind)
        self._unknown_fields(operation, explicit, fields)
        upstream = self.distances.to(operation.name)
        bindings: list[Binding] = []
        for spec in fields:
            found = (
                self._explicit(operation, spec, explicit[spec.name])
                if spec.name in explicit
                else self._nearest(operation, spec, upstream)
            )
            bindings.append(found or self._parameter(operation, spec))
        self.answer.steps[operation.name] = tuple(bindings)

    def _unknown_fields(
        self, operation: OperationSpec, explicit: Mapping[str, str], fields: Sequence[FieldSpec]
    ) -> None:
        names = [spec.name for spec in fields]
        for name in explicit:
            if name not in names:
                self.answer.problems.append(
                    finding(
                        "PLB005",
                        f"`bind` of {operation.name!r} names {name!r}, which is no field of its "
                        "input",
                        operation.location,
                        hint=did_you_mean(name, names),
                    )
                )

    def _explicit(self, operation: OperationSpec, spec: FieldSpec, text: str) -> Binding | None:
        """Rule 1 of binding: the user said it."""
        source = bind_source(text, self.operations)
        if source is None or source.operation.name == operation.name:
            others = [name for name in self.operations if name != operation.name]
            self._problem(
                "PLB003",
                operation,
                f"{spec.name!r} to {text!r}, whose first part is no other step of this flow",
                did_you_mean(text.rpartition(".")[0], others),
            )
            return None
        if not source.output_field:
            binding = self._whole(source.operation, spec)
            given = source.operation.outputs
        else:
            outputs = output_fields(source.operation, self.app)
            output = outputs.get(source.output_field)
            if output is None:
                sometimes = output_fields(source.operation, self.app, always=False)
                what = "it not always" if source.output_field in sometimes else "no such field"
                self._problem(
                    "PLB003",
                    operation,
                    f"{spec.name!r} to {text!r}, but {source.operation.name!r} returns {what}",
                    did_you_mean(source.output_field, outputs),
                )
                return None
            binding = self._field(source.operation, spec, output)
            given = output.type
        if binding is None:
            self._problem(
                "PLB004",
                operation,
                f"{spec.name!r} ({spec.type}) to {text!r} ({given})",
                "bind a source of an assignable type, or change one of the types",
            )
            return None
        return replace(binding, explicit=True)

    def _problem(self, code: str, operation: OperationSpec, what: str, hint: str) -> None:
        message = f"{operation.name!r} binds {what}"
        self.answer.problems.append(finding(code, message, operation.location, hint=hint))

    def _nearest(
        self, operation: OperationSpec, spec: FieldSpec, upstream: Mapping[str, int]
    ) -> Binding | None:
        """Rule 2 of binding: the nearest upstream output of that name, or of the whole type."""
        candidates: list[_Candidate] = []
        for name, distance in upstream.items():
            source = self.operations[name]
            output = output_fields(source, self.app).get(spec.name)
            binding = self._field(source, spec, output) if output else None
            if binding is None and _is_output_of(source, spec):
                binding = self._whole(source, spec)
            if binding is not None:
                candidates.append(_Candidate(source, distance, binding))
        if not candidates:
            return None
        closest = min(candidate.distance for candidate in candidates)
        near = [candidate for candidate in candidates if candidate.distance == closest]
        if len(near) > 1:
            near.sort(key=lambda candidate: candidate.operation.location)
            sources = " and ".join(f"'{candidate.binding}'" for candidate in near)
            self.answer.problems.append(
                finding(
                    "PLB001",
                    f"{spec.name!r} of {operation.name!r} could come from {sources}, which are "
                    "equally near",
                    operation.location,
                    *(candidate.operation.location for candidate in near),
                    hint=f'say which: `bind={{"{spec.name}": "{near[0].binding}"}}`',
                )
            )
        return near[0].binding

    def _field(self, source: OperationSpec, spec: FieldSpec, output: FieldSpec) -> Binding | None:
        if not is_assignable(output.type, spec.type, self.app):
            return None
        return Binding(spec.name, BindingSource.OUTPUT_FIELD, spec.type, source.name, output.name)

    def _whole(self, source: OperationSpec, spec: FieldSpec) -> Binding | None:
        if source.outputs is None or not is_assignable(source.outputs, spec.type, self.app):
            return None
        return Binding(spec.name, BindingSource.WHOLE_OUTPUT, spec.type, source.name)

    def _parameter(self, operation: OperationSpec, spec: FieldSpec) -> Binding:
        """Rule 3 of binding: whoever starts the flow gives it."""
        binding = Binding(spec.name, BindingSource.PARAMETER, spec.type, name=spec.name)
        if spec.name in _KEPT_BY_PREFECT:
            self.answer.problems.append(
                finding(
                    "PLB007",
                    f"{spec.name!r} of {operation.name!r} would be a flow parameter, but Prefect "
                    "keeps that name for itself",
                    spec.location or operation.location,
                    hint="rename the field, or `bind` it to an output",
                )
            )
        origin = (operation.name, spec.name)
        known = self.answer.parameters.get(spec.name)
        if known is None:
            self.answer.parameters[spec.name] = FlowParameter(
                name=spec.name,
                type=spec.type,
                required=spec.required,
                default=spec.default,
                description=spec.description,
                constraints=spec.constraints,
                origins=(origin,),
            )
            return binding
        if known.type != spec.type:
            self._two_types(operation, spec, known)
            return binding
        self.answer.parameters[spec.name] = _merged(known, spec, origin)
        return binding

    def _two_types(self, operation: OperationSpec, spec: FieldSpec, known: FlowParameter) -> None:
        first = self.operations[known.origins[0][0]]
        self.answer.problems.append(
            finding(
                "PLB002",
                f"the flow parameter {spec.name!r} is {known.type} for {first.name!r} and "
                f"{spec.type} for {operation.name!r}",
                operation.location,
                first.location,
                hint="rename one of the fields, or `bind` it to an output",
            )
        )


def _is_output_of(source: OperationSpec, spec: FieldSpec) -> bool:
    """Whether a field's type is the very output of an operation, and one that says what it is.

    Two `int` have nothing in common but their type; two `Receipt`, or lists of them, do.
    """
    if source.outputs is None or source.outputs != spec.type.without_none():
        return False
    return any(ref.kind in {TypeKind.SCHEMA, TypeKind.MODEL} for ref in source.outputs.walk())


def _merged(known: FlowParameter, spec: FieldSpec, origin: tuple[str, str]) -> FlowParameter:
    """Return the parameter that serves both; where the defaults differ, each step keeps its own."""
    return replace(
        known,
        required=known.required or spec.required,
        default=known.default if known.default == spec.default else None,
        description=known.description or spec.description,
        constraints=known.constraints if known.constraints == spec.constraints else (),
        origins=(*known.origins, origin),
    )
