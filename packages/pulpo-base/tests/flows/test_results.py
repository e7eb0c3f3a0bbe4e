"""The names of a flow's results, and how outputs become the results model."""

from __future__ import annotations

import pytest
from pydantic import BaseModel, create_model

from pulpo_base.flows import FlowPlan, build_results, result_fields
from pulpo_base.flows.results import PYDANTIC_NAMES
from pulpo_base.specs import TypeKind, TypeRef

TEXT = TypeRef(TypeKind.SCALAR, "str")


def plan(*operations: str) -> FlowPlan:
    return FlowPlan(name="orders", steps=(), results=tuple((name, TEXT) for name in operations))


def test_fields_are_the_names_below_the_flow() -> None:
    names = plan("orders.place", "orders.payment.charge")

    assert result_fields(names) == {
        "orders.place": "place",
        "orders.payment.charge": "payment_charge",
    }


def test_fields_never_collide_with_python_pydantic_or_each_other() -> None:
    names = plan(
        "orders.class",
        "orders.copy",
        "orders.model_dump",
        "orders.model_price",
        "orders.pay.now",
        "orders.pay_now",
    )

    fields = result_fields(names)

    assert list(fields.values()) == [
        "class_",
        "copy_",
        "result_model_dump",
        "result_model_price",
        "pay_now",
        "pay_now_",
    ]
    model = create_model("Results", **dict.fromkeys(fields.values(), (str, ...)))  # type: ignore[call-overload]  # names are data
    assert list(model.model_fields) == list(fields.values())


def test_every_public_name_of_pydantics_classes_is_known() -> None:
    names = {*dir(BaseModel), *dir(type(BaseModel))}
    public = {name for name in names if not name.startswith(("_", "model_"))}

    assert public <= PYDANTIC_NAMES


def test_results_are_built_from_outputs() -> None:
    class Results(BaseModel):
        place: str
        payment_charge: str

    names = plan("orders.place", "orders.payment.charge")
    outputs = {"orders.place": "a", "orders.payment.charge": "b", "orders.else": "c"}

    assert build_results(names, outputs, Results) == Results(place="a", payment_charge="b")
    with pytest.raises(KeyError, match="payment"):
        build_results(names, {"orders.place": "a"}, Results)
