"""`invoke`: validates, calls, validates."""

from __future__ import annotations

import pickle
import threading
from functools import partial
from typing import Any

import pytest
from pydantic import BaseModel, Field, ValidationError

from pulpo_base import OperationBase, OutputError, current_task, invoke, operation
from pulpo_base.decorators import spec_of
from pulpo_base.invocation import input_type, output_type
from pulpo_base.specs import OperationSpec


class Text(BaseModel):
    text: str = Field(min_length=1)


class Length(BaseModel):
    length: int


@operation(name="texts.measure")
async def measure(data: Text) -> Length:
    return Length(length=len(data.text))


async def test_input_may_be_the_model_or_its_fields() -> None:
    assert (await invoke(measure, Text(text="abc"))).length == 3
    assert (await invoke(measure, {"text": "abcd"})).length == 4


async def test_invalid_input_never_reaches_the_operation() -> None:
    with pytest.raises(ValidationError):
        await invoke(measure, {"text": ""})
    with pytest.raises(ValidationError):
        await invoke(measure)


async def test_a_synchronous_operation_runs_in_a_worker_thread() -> None:
    @operation
    def where() -> str:
        return threading.current_thread().name

    assert await invoke(where) != threading.current_thread().name


async def test_outside_a_flow_each_call_is_a_task_of_its_own() -> None:
    keys: list[str] = []

    @operation(name="texts.note")
    async def note() -> None:
        keys.extend((current_task().key, current_task().key))

    await invoke(note)
    current_task()  # as whoever calls may do
    await invoke(note)
    assert keys[0] == keys[1] != keys[2] == keys[3]


async def test_a_class_is_made_anew_for_each_call() -> None:
    made: list[object] = []

    @operation(name="texts.count")
    class Count(OperationBase):
        def __init__(self) -> None:
            made.append(self)

        async def run(self, input_model: Text) -> Length:
            return Length(length=len(input_model.text))

    assert (await invoke(Count, {"text": "ab"})).length == 2
    assert (await invoke(Count, {"text": "abc"})).length == 3
    assert len(set(map(id, made))) == 2


async def test_an_abstract_operation_cannot_be_called() -> None:
    with pytest.raises(TypeError, match="abstract"):
        OperationBase()  # type: ignore[abstract]


async def test_an_operation_that_breaks_its_word_is_told_so() -> None:
    @operation(name="texts.broken", outputs=Length)
    async def broken() -> Any:
        return {"length": "a secret value"}

    with pytest.raises(OutputError, match=r"texts\.broken.*length") as raised:
        await invoke(broken)

    assert "a secret value" not in str(raised.value)
    copied = pickle.loads(pickle.dumps(raised.value))  # noqa: S301 - our own bytes
    assert str(copied) == str(raised.value)


async def test_output_is_validated_into_the_declared_type() -> None:
    @operation(outputs=Length)
    async def loose() -> Any:
        return {"length": 3}

    assert await invoke(loose) == Length(length=3)


async def test_explicit_types_win_over_annotations() -> None:
    @operation(inputs=Text, outputs=Length)
    async def loose(data: Any) -> Any:
        return {"length": len(data.text)}

    assert (input_type(loose), output_type(loose)) == (Text, Length)
    assert await invoke(loose, {"text": "abc"}) == Length(length=3)


async def test_an_operation_without_input_refuses_some() -> None:
    @operation
    async def nothing() -> None:
        pass

    await invoke(nothing)
    with pytest.raises(TypeError, match="takes no input"):
        await invoke(nothing, {"text": "x"})


async def test_several_parameters_are_refused_with_a_remedy() -> None:
    @operation
    async def add(a: int, b: int) -> int:
        return a + b

    with pytest.raises(TypeError, match="give it one pydantic model"):
        await invoke(add, {"a": 1, "b": 2})


async def test_a_partial_is_an_operation_without_what_it_was_given() -> None:
    async def repeated(data: Text, times: int) -> Length:
        """Measure it several times."""
        return Length(length=len(data.text) * times)

    twice = operation(name="texts.twice")(partial(repeated, times=2))
    spec = spec_of(twice)

    assert (await invoke(twice, {"text": "abc"})).length == 6
    assert input_type(twice) is Text
    assert isinstance(spec, OperationSpec)
    assert (spec.qualname.rpartition(".")[2], spec.description, spec.is_async) == (
        "repeated",
        "Measure it several times.",
        True,
    )


@operation(name="texts.count")
class Count(OperationBase):
    class Input(BaseModel):
        text: str

    async def run(self, data: Input) -> int:
        return len(data.text)


@operation(name="texts.count_again")
class CountAgain(Count):
    pass


@pytest.mark.parametrize("counting", [Count, CountAgain])
async def test_the_class_of_the_input_may_stand_in_the_operation(counting: type[Count]) -> None:
    assert input_type(counting) is Count.Input
    assert await invoke(counting, {"text": "abc"}) == 3
