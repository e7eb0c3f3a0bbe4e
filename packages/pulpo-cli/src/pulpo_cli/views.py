"""One model, operation or flow in full, for `inspect`, `flows NAME` and `ops show`."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pulpo_cli.output import note, print_facts, print_table

if TYPE_CHECKING:
    from pulpo_base.flows.plan import FlowPlan
    from pulpo_base.specs import FieldSpec, IndexSpec, ModelSpec, OperationSpec, RaiseSpec
    from pulpo_cli.interface import CLI

__all__ = ["INFERRED_LEGEND", "models_of", "show_flow", "show_model", "show_operation"]

_MARK = "*"
INFERRED_LEGEND = f"{_MARK} not declared: inferred from the function's body"


def models_of(operation: OperationSpec, argument: str) -> str:
    """Return the models in `models_in` or `models_out`, inferred ones with a mark."""
    mark = _MARK if argument in operation.inferred else ""
    return ", ".join(f"{name}{mark}" for name in getattr(operation, argument) or ())


def show_flow(flow: FlowPlan) -> None:
    """Print the steps of a flow with their order and bindings, and its parameters."""

    # Inside a flow its own name says nothing: `checkout.price` instead of `orders.checkout.price`.
    def short(name: str) -> str:
        return name.removeprefix(f"{flow.name}.")

    reasons = {(edge.before, edge.after): edge.reasons for edge in flow.edges}
    print_table(
        f"Flow {flow.name}",
        ("step", "runs after", "takes"),
        [
            (
                short(step.operation),
                "\n".join(
                    f"{short(before)} ({reasons[before, step.operation][0]})"
                    for before in step.after
                )
                or "-",
                "\n".join(
                    f"{bound.field}: {bound.type} ← {short(str(bound))}" for bound in step.bindings
                )
                or "-",
            )
            for step in flow.steps
        ],
        "no steps",
    )
    print_table(
        "Parameters",
        ("parameter", "type", "default"),
        [
            (p.name, str(p.type), "(required)" if p.required else p.default or "(the operation's)")
            for p in flow.parameters
        ],
        "no parameters",
    )


def show_model(cli: CLI, model: ModelSpec) -> None:
    """Print a model's facts and fields."""
    print_facts(
        model.name,
        {
            "class": model.key,
            "declared at": model.location,
            "collection": model.collection,
            "description": model.description,
            "relations": ", ".join(
                f"{r.name} → {r.target} ({r.cardinality}{', back' if r.back else ''})"
                for r in model.relations
            ),
            "indexes": ", ".join(map(_index, model.indexes)),
            "time series": _time_series(model),
            "unknown fields": "" if model.extra == "ignore" else model.extra,
            "revision": "checked when saved" if model.use_revision else "",
            "written by": _operations_with(cli, model.name, "models_out"),
            "read by": _operations_with(cli, model.name, "models_in"),
        },
    )
    _show_fields(model.fields, model.computed_fields)
    if any(model.name in _inferred(operation) for operation in cli.analysis.app.operations):
        note(INFERRED_LEGEND)


def _inferred(operation: OperationSpec) -> set[str]:
    return {name for argument in operation.inferred for name in getattr(operation, argument)}


def show_operation(cli: CLI, operation: OperationSpec) -> None:
    """Print an operation's facts and the fields that it takes."""
    app = cli.analysis.app
    print_facts(
        operation.name,
        {
            "function": operation.key,
            "declared at": operation.location,
            "description": operation.description,
            "category": operation.category,
            "reads": models_of(operation, "models_in"),
            "writes": models_of(operation, "models_out"),
            "raises": ", ".join(map(_raised, operation.raises)),
            "stage": "" if operation.stage is None else operation.stage,
            "after": ", ".join(operation.after),
            "bind": ", ".join(f"{field} ← {source}" for field, source in operation.bind),
            "flow": _flow_of(cli, operation),
            "tags": ", ".join(operation.tags),
            "permissions": ", ".join(operation.permissions),
            "retries": operation.retries or "",
            "timeout": f"{operation.timeout:g} s" if operation.timeout else "",
            "schedule": operation.schedule or "",
            "returns": operation.outputs or "",
        },
    )
    record = app.record(operation.inputs.name) if operation.inputs else None
    _show_fields(record.fields if record else (), ())
    if operation.inferred:
        note(INFERRED_LEGEND)


def _raised(raised: RaiseSpec) -> str:
    contract = " ".join(str(part) for part in (raised.status, raised.code) if part)
    return f"{raised.short} ({contract})" if contract else raised.short


def _flow_of(cli: CLI, operation: OperationSpec) -> str:
    """Return the flow that an operation is a step of, or why it is none."""
    flow = cli.analysis.flow(operation.namespace)
    if flow and any(step.operation == operation.name for step in flow.steps):
        return flow.name
    return "none" if operation.in_flow else "none (in_flow=False)"


def _index(index: IndexSpec) -> str:
    words: dict[int | str, str] = {1: "", -1: " descending"}
    keys = "+".join(f"{name}{words.get(way, f' {way}')}" for name, way in index.keys)
    return f"{keys} (unique)" if index.unique else keys


def _time_series(model: ModelSpec) -> str:
    if model.timeseries is None:
        return ""
    of = f" of {model.timeseries.meta_field}" if model.timeseries.meta_field else ""
    return f"by {model.timeseries.time_field}{of}"


def _show_fields(fields: tuple[FieldSpec, ...], computed: tuple[FieldSpec, ...]) -> None:
    print_table(
        "Fields",
        ("field", "type", "default", "rules"),
        [
            (
                spec.name,
                str(spec.type),
                _value_of(spec) if spec in fields else "(computed)",
                ", ".join(
                    [
                        *(["unique"] if spec.unique else ["indexed"] if spec.indexed else []),
                        *(f"{key} {value}" for key, value in spec.constraints),
                    ]
                ),
            )
            for spec in (*fields, *computed)
        ],
        "no fields",
    )


def _value_of(spec: FieldSpec) -> str:
    """Return the default of a field; one that is no literal stands in the code."""
    return "(required)" if spec.required else spec.default or "(in the code)"


def _operations_with(cli: CLI, model: str, attribute: str) -> str:
    return ", ".join(
        operation.name + (_MARK if attribute in operation.inferred else "")
        for operation in cli.analysis.app.operations
        if model in (getattr(operation, attribute) or ())
    )
