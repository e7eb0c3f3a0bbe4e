"""`@datamodel` and `@operation`: what they attach, what they refuse, that they change nothing."""

from __future__ import annotations

import inspect
from typing import Any

import pytest
from pydantic import BaseModel

from pulpo_base import (
    IndexSpec,
    ModelSpec,
    OperationBase,
    OperationSpec,
    RelationSpec,
    datamodel,
    operation,
    spec_of,
)


class Text(BaseModel):
    text: str


class Length(BaseModel):
    length: int


def _model(target: object) -> ModelSpec:
    spec = spec_of(target)
    assert isinstance(spec, ModelSpec)
    return spec


def _operation(target: object) -> OperationSpec:
    spec = spec_of(target)
    assert isinstance(spec, OperationSpec)
    return spec


def test_bare_datamodel_takes_name_and_docstring() -> None:
    @datamodel
    class Note:
        """A line of text."""

    spec = _model(Note)
    assert (spec.name, spec.description, spec.module) == ("Note", "A line of text.", __name__)
    assert spec.location.path == __file__


def test_called_datamodel_keeps_every_argument() -> None:
    @datamodel(
        name="Remark",
        description="Said in passing.",
        tags=["a", "b"],
        ui={"icon": "pen", "columns": ["text"]},
        indexes=["text", ["a", ("b", -1)], {"fields": ["c"], "unique": True, "name": "c_once"}],
        relations=[{"name": "author", "target": "User", "cardinality": "many"}],
        ui_order=3,
    )
    class Note:
        pass

    spec = _model(Note)
    assert (spec.name, spec.description, spec.tags) == ("Remark", "Said in passing.", ("a", "b"))
    assert spec.ui == {"icon": "pen", "columns": ["text"]}
    assert spec.ui_order == 3
    assert spec.indexes == (
        IndexSpec((("text", 1),)),
        IndexSpec((("a", 1), ("b", -1))),
        IndexSpec((("c", 1),), unique=True, name="c_once"),
    )
    assert spec.relations == (RelationSpec("author", "User", "many"),)


def test_ui_order_may_be_the_order_of_fields() -> None:
    @datamodel(ui_order=["b", "a"])
    class Note:
        pass

    assert _model(Note).ui_order == ("b", "a")


def test_a_subclass_is_not_declared_by_inheritance() -> None:
    @datamodel
    class Note:
        pass

    class Draft(Note):
        pass

    assert spec_of(Draft) is None


def test_datamodel_changes_nothing_about_a_pydantic_class() -> None:
    class Plain(BaseModel):
        text: str = "x"

    fields, schema = dict(Plain.model_fields), Plain.model_json_schema()

    decorated = datamodel(Plain)

    assert decorated is Plain
    assert dict(Plain.model_fields) == fields
    assert Plain.model_json_schema() == schema
    assert Plain().model_dump() == {"text": "x"}


async def test_operation_changes_nothing_about_a_function() -> None:
    async def measure(data: Text) -> Length:
        """Count characters."""
        return Length(length=len(data.text))

    decorated = operation(name="texts.measure")(measure)

    assert decorated is measure
    assert inspect.iscoroutinefunction(decorated)
    assert (await decorated(Text(text="abc"))).length == 3


def test_operation_takes_types_from_annotations() -> None:
    @operation
    def measure(data: Text) -> Length:
        """Count characters."""
        return Length(length=len(data.text))

    spec = _operation(measure)
    assert (spec.name, spec.description, spec.is_async) == ("measure", "Count characters.", False)
    # Annotations are text here (`from __future__ import annotations`): the name is what is known.
    assert spec.inputs is not None
    assert spec.inputs.name == "Text"
    assert spec.outputs is not None
    assert spec.outputs.name == "Length"


def test_called_operation_keeps_every_argument() -> None:
    @datamodel(name="Remark")
    class Note:
        pass

    @operation(name="texts.first")
    async def first() -> None:
        pass

    @operation(
        name="texts.measure",
        description="d",
        category="c",
        inputs=Text,
        outputs=Length,
        tags=["t"],
        permissions=["p"],
        async_enabled=True,
        models_in=[Note, "Other"],
        models_out=[],
        stage="late",
        after=[first, "texts.second"],
        bind={"text": "texts.first.text"},
        in_flow=False,
        retries=2,
        timeout=1.5,
        schedule="0 6 * * *",
    )
    async def measure(data: Any) -> Any:
        return data

    spec = _operation(measure)
    assert (spec.models_in, spec.models_out) == (("Remark", "Other"), ())
    assert spec.after == ("texts.first", "texts.second")
    assert spec.bind == (("text", "texts.first.text"),)
    assert spec.inputs is not None
    assert spec.inputs.name == f"{__name__}.Text"
    assert (spec.stage, spec.retries, spec.timeout, spec.schedule) == ("late", 2, 1.5, "0 6 * * *")
    assert (spec.in_flow, spec.async_enabled, spec.category) == (False, True, "c")


def test_what_is_left_out_differs_from_none_at_all() -> None:
    @operation
    async def touches_unknown() -> None:
        pass

    @operation(models_in=[], models_out=[])
    async def touches_nothing() -> None:
        pass

    assert (_operation(touches_unknown).models_in, _operation(touches_nothing).models_in) == (
        None,
        (),
    )


def test_an_operation_class_is_one_with_run() -> None:
    @operation(name="texts.measure")
    class Measure(OperationBase):
        """Count characters."""

        async def run(self, input_model: Text) -> Length:
            return Length(length=len(input_model.text))

    spec = _operation(Measure)
    assert (spec.is_class, spec.is_async, spec.name) == (True, True, "texts.measure")


@pytest.mark.parametrize(
    ("arguments", "error", "words"),
    [
        ({"name": 1}, TypeError, "`name` must be a string, not int"),
        ({"name": "a..b"}, ValueError, "joined by single dots"),
        ({"name": ""}, ValueError, "joined by single dots"),
        ({"tags": "late"}, TypeError, "`tags` must be a list of strings"),
        ({"models_in": "Note"}, TypeError, "`models_in` must be a list"),
        ({"models_out": [3]}, TypeError, "`models_out` must be a list"),
        ({"retries": -1}, ValueError, "cannot be negative"),
        ({"retries": True}, TypeError, "whole number"),
        ({"timeout": 0}, ValueError, "positive number of seconds"),
        ({"timeout": float("nan")}, ValueError, "positive number of seconds"),
        ({"bind": ["text"]}, TypeError, "`bind` must be a mapping"),
        ({"bind": {"text": 1}}, TypeError, "mapping of strings to strings"),
        ({"stage": 1.5}, TypeError, "`stage` must be a number or a name"),
        ({"in_flow": "no"}, TypeError, "True or False"),
        ({"inputs": "Text"}, TypeError, "a pydantic model or a dataclass"),
        ({"inputs": int}, TypeError, "a pydantic model or a dataclass"),
        ({"nam": "x"}, TypeError, "takes no argument `nam`; did you mean 'name'"),
        ({"stage": ""}, ValueError, "`stage` is empty"),
        ({"bind": {"a": ""}}, ValueError, "empty field or source"),
        ({"after": [Text]}, TypeError, "list of operations"),
    ],
)
def test_a_wrong_argument_of_operation_names_the_place(
    arguments: dict[str, Any], error: type[Exception], words: str
) -> None:
    with pytest.raises(error, match=words) as raised:

        @operation(**arguments)
        async def work() -> None:
            pass

    assert str(raised.value).startswith(f"{__file__}:")


@pytest.mark.parametrize(
    ("arguments", "error", "words"),
    [
        ({"name": " "}, ValueError, "is empty"),
        ({"ui": ["icon"]}, TypeError, "`ui` must be a mapping"),
        ({"ui": {"x": object()}}, ValueError, "JSON values only"),
        ({"indexes": "text"}, TypeError, "list of index definitions"),
        ({"indexes": [{"feilds": ["a"]}]}, ValueError, "unknown index option 'feilds'"),
        ({"indexes": [[("a", 2)]]}, ValueError, "an index field is a name"),
        ({"indexes": [[]]}, ValueError, "at least one field"),
        ({"relations": [{"name": "a"}]}, TypeError, "needs `name` and `target`"),
        (
            {"relations": [{"name": "a", "target": "B", "cardinality": "few"}]},
            ValueError,
            "'one' or 'many'",
        ),
        ({"indexes": [{"fields": ["a"], "name": 1}]}, TypeError, "`name` is a string"),
        ({"colour": "red"}, TypeError, "takes no argument `colour`"),
        ({"ui_order": "text"}, TypeError, "`ui_order` must be a number or a list"),
    ],
)
def test_a_wrong_argument_of_datamodel_names_the_place(
    arguments: dict[str, Any], error: type[Exception], words: str
) -> None:
    with pytest.raises(error, match=words) as raised:

        @datamodel(**arguments)
        class Note:
            pass

    assert str(raised.value).startswith(f"{__file__}:")


def test_each_decorator_refuses_what_the_other_takes() -> None:
    with pytest.raises(TypeError, match="must be a class"):
        datamodel(lambda: None)  # type: ignore[call-overload]
    with pytest.raises(TypeError, match="must be a function or class"):
        operation("orders.place")  # type: ignore[call-overload]
    with pytest.raises(TypeError, match="one with a `run` method"):
        operation(int)
    with pytest.raises(TypeError, match="written in Python"):
        operation(len)
