"""Keys of steps, and which outputs are kept under them."""

from __future__ import annotations

from typing import Any

import pytest
from pydantic import BaseModel, SecretStr

from pulpo_base import current_task, operation
from pulpo_base.flows.keeping import kept_text, kept_value
from pulpo_base.flows.keys import step_key


class Number(BaseModel):
    number: int


class Secret(BaseModel):
    token: SecretStr


@pytest.mark.parametrize(
    ("kind", "value", "is_kept"),
    [
        (Number, Number(number=1), True),
        (None, {"a": [1, None, "x"]}, True),
        (Secret, Secret(token=SecretStr("x")), False),
        (None, object(), False),
        (None, Number(number=1), False),  # nothing says what it is
        (None, (1, 2), False),  # JSON would make a list of it
    ],
)
def test_only_what_comes_back_as_it_was_is_kept(kind: Any, value: Any, is_kept: bool) -> None:
    text = kept_text(kind, value)

    assert (text is not None) is is_kept
    if text is not None:
        assert kept_value(kind, text) == value


def test_a_key_is_of_run_operation_and_input() -> None:
    key = step_key("r", "o", {"a": Number(number=1), "b": {"y", "x"}})

    assert key == step_key("r", "o", {"b": {"x", "y"}, "a": Number(number=1)})
    others = [
        step_key("s", "o", {"a": Number(number=1), "b": {"y", "x"}}),
        step_key("r", "p", {"a": Number(number=1), "b": {"y", "x"}}),
        step_key("r", "o", {"a": Number(number=2), "b": {"y", "x"}}),
    ]
    assert len({key, *others}) == 4


def test_ids_of_documents_follow_the_task() -> None:
    task = current_task()

    assert task.document_id() == current_task().document_id()
    assert task.document_id("a") != task.document_id("b")


class Greeting(BaseModel):
    name: str
    word: str = "hello"
    loud: bool = False


@operation(name="k.greet")
async def greet(data: Greeting) -> None:
    """Greet."""


def test_a_default_counts_as_little_whether_it_is_told_or_left_out() -> None:
    left_out = step_key("r", "k.greet", {"name": "ada"}, greet)

    # Generated Prefect code passes every parameter on; the local engine those that were given.
    told = {"name": "ada", "word": "hello", "loud": False}
    assert step_key("r", "k.greet", told, greet) == left_out
    for changed in ({"word": "bye"}, {"loud": True}, {"loud": 0}, {"name": "bob"}):
        assert step_key("r", "k.greet", {**told, **changed}, greet) != left_out
