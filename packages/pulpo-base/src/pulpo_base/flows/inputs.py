"""What a step is called with: flow parameters and upstream outputs, as the plan binds them."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Any

from pulpo_base.flows.plan import Binding, BindingSource, FlowParameter, FlowPlan, FlowStep
from pulpo_base.invocation import input_type
from pulpo_base.record_fields import record_fields
from pulpo_base.suggestions import did_you_mean

if TYPE_CHECKING:
    from pydantic import BaseModel

__all__ = ["given_parameters", "input_data", "step_fields"]


def given_parameters(plan: FlowPlan, parameters: BaseModel | Mapping[str, Any]) -> dict[str, Any]:
    """Return the parameters that were given, by name.

    Of a model these are the fields that were set. `None` for an optional parameter whose
    default is `None` or made by a factory means that it was not given: Prefect cannot tell the
    two apart, and the engines agree.

    Raises `TypeError` for a name that the flow does not have and for a required parameter that
    is missing.
    """
    if isinstance(parameters, Mapping):
        values = dict(parameters)
    else:
        values = {name: getattr(parameters, name) for name in parameters.model_fields_set}
    known = {parameter.name: parameter for parameter in plan.parameters}
    for name in values:
        if name not in known:
            hint = did_you_mean(name, known) or f"it has {_listed(known)}"
            raise TypeError(f"flow {plan.name!r} has no parameter {name!r}; {hint}")
    missing = [
        name for name, parameter in known.items() if parameter.required and name not in values
    ]
    if missing:
        raise TypeError(f"flow {plan.name!r} needs the parameter {_listed(missing)}")
    return {
        name: value
        for name, value in values.items()
        if value is not None or not _none_means_absent(known[name])
    }


def step_fields(
    step: FlowStep, *, parameters: Mapping[str, Any], outputs: Mapping[str, Any]
) -> dict[str, Any]:
    """Return what the plan binds to the fields of the operation's input, by field name.

    A parameter that was not given is left out, so that the operation's own default applies.
    Raises `LookupError` where an upstream output lacks the bound field.
    """
    return {
        binding.field: _value(step, binding, parameters, outputs)
        for binding in step.bindings
        if binding.source is not BindingSource.PARAMETER or binding.name in parameters
    }


def input_data(operation: Callable[..., Any], fields: Mapping[str, Any]) -> dict[str, Any] | None:
    """Return fields as pydantic takes them, `None` for an operation that takes nothing."""
    model = input_type(operation)
    if model is None:
        return None
    return {_key(model, field): value for field, value in fields.items()}


def _value(
    step: FlowStep,
    binding: Binding,
    parameters: Mapping[str, Any],
    outputs: Mapping[str, Any],
) -> Any:
    match binding.source:
        case BindingSource.PARAMETER:
            return parameters[binding.name]
        case BindingSource.WHOLE_OUTPUT:
            return outputs[binding.step]
        case BindingSource.OUTPUT_FIELD:
            output = outputs[binding.step]
            try:
                # A typed dictionary is a dictionary when it runs.
                plain = isinstance(output, dict)
                return output[binding.name] if plain else getattr(output, binding.name)
            except (AttributeError, KeyError) as error:
                raise LookupError(
                    f"field {binding.field!r} of {step.operation!r} is bound to {binding}, but "
                    f"{binding.step!r} returned {type(output).__name__} without "
                    f"{binding.name!r}; return it, or bind the field elsewhere with `bind`"
                ) from error


def _key(model: Any, field: str) -> str:
    # Bindings speak of fields, pydantic validates by alias unless the model allows names.
    info = record_fields(model).get(field)
    if info is None:
        return field
    config = getattr(model, "model_config", {})
    if config.get("populate_by_name") or config.get("validate_by_name"):
        return field
    alias = info.validation_alias
    return alias if isinstance(alias, str) else field


def _none_means_absent(parameter: FlowParameter) -> bool:
    return not parameter.required and parameter.default in (None, "None")


def _listed(names: Any) -> str:
    return ", ".join(repr(name) for name in sorted(names)) or "none"
