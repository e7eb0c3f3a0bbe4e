"""From the outputs of steps to the results of a flow."""

from __future__ import annotations

import keyword
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, Final, TypeVar

from pulpo_base.flows.plan import FlowPlan

if TYPE_CHECKING:
    from pydantic import BaseModel

__all__ = ["build_results", "result_fields"]

Results = TypeVar("Results", bound="BaseModel")

#: What every class of pydantic has, besides names that begin with `model_` or an underscore. It is
#: a list, so that a flow is generated without pydantic, and the same whichever release is there.
PYDANTIC_NAMES: Final = frozenset(
    [
        "construct",
        "copy",
        "dict",
        "from_orm",
        "json",
        "mro",
        "parse_file",
        "parse_obj",
        "parse_raw",
        "register",
        "schema",
        "schema_json",
        "update_forward_refs",
        "validate",
    ]
)


def result_fields(plan: FlowPlan) -> dict[str, str]:
    """Return the field of the results model for each operation in `plan.results`.

    The field is the operation's name below the flow, with underscores for dots
    (`orders.payment.charge` gives `payment_charge`). A trailing underscore keeps it apart from
    Python's keywords, pydantic's own attributes and the fields before it.
    """
    fields: dict[str, str] = {}
    for operation, _ in plan.results:
        name = operation.removeprefix(f"{plan.name}.").replace(".", "_").lstrip("_")
        if name.startswith("model_"):
            name = f"result_{name}"
        while keyword.iskeyword(name) or name in PYDANTIC_NAMES or name in fields.values():
            name += "_"
        fields[operation] = name
    return fields


def build_results(plan: FlowPlan, outputs: Mapping[str, Any], model: type[Results]) -> Results:
    """Return the flow's results as `model`, from outputs by operation name.

    `model` is the generated results model, whose fields are those of `result_fields(plan)`.
    Raises `KeyError` where the output of a result is missing.
    """
    return model(**{field: outputs[name] for name, field in result_fields(plan).items()})
