"""Validation problems: where a mistake is, and never the value that was sent."""

from __future__ import annotations

from typing import Annotated, Any, Literal

import httpx
import pytest
from fastapi import FastAPI, Header
from fastapi.exceptions import RequestValidationError
from hypothesis import given, settings
from hypothesis import strategies as st
from pydantic import AwareDatetime, BaseModel, Field, field_validator

from pulpo_utils.problems import install_problem_handlers
from pulpo_utils.testing import problem_of

MARK = "zqzqzq-wxyz"


def client_of(app: Any, *, raising: bool = False) -> httpx.AsyncClient:
    transport = httpx.ASGITransport(app, raise_app_exceptions=raising)
    return httpx.AsyncClient(transport=transport, base_url="http://test")


class Cat(BaseModel):
    kind: Literal["cat"]
    lives: int


class Dog(BaseModel):
    kind: Literal["dog"]
    legs: int


class Strict(BaseModel):
    model_config = {"extra": "forbid"}

    number: int = 0
    text: str = Field("", max_length=3, pattern="^[a-c]*$")
    own: str = ""
    asserted: str = ""
    unique: Any = None
    when: AwareDatetime | None = None
    choice: Literal["a", "b"] = "a"
    pet: Annotated[Cat | Dog, Field(discriminator="kind")] | None = None
    either: int | list[int] = 0
    a_b: int = Field(0, alias="a/b~")
    nested: dict[str, list[int]] = {}

    @field_validator("own")
    @classmethod
    def reject(cls, value: str) -> str:
        if value:
            raise ValueError(f"{value} is not allowed, nor is '{value.upper()}'")
        return value

    @field_validator("asserted")
    @classmethod
    def insist(cls, value: str) -> str:
        assert not value, f"got {value!r}"
        return value


def strict_app() -> FastAPI:
    app = FastAPI()

    @app.post("/strict")
    async def strict(
        body: Strict, limit: int = 0, x_level: Annotated[int, Header()] = 0
    ) -> dict[str, str]:
        return {}

    @app.get("/items/{item_id}")
    async def item(item_id: int) -> dict[str, str]:
        return {}

    install_problem_handlers(app)
    return app


@pytest.mark.parametrize(
    ("body", "pointer"),
    [
        ({"number": MARK}, "#/number"),
        ({"text": MARK}, "#/text"),
        ({"own": MARK}, "#/own"),
        ({"asserted": MARK}, "#/asserted"),
        ({"when": MARK}, "#/when"),
        ({"choice": MARK}, "#/choice"),
        ({"pet": {"kind": MARK}}, "#/pet"),
        ({"pet": {"kind": "cat", "lives": MARK}}, "#/pet/lives"),
        ({"pet": {"kind": "dog"}}, "#/pet/legs"),
        ({"a/b~": MARK}, "#/a~1b~0"),
        ({"nested": {"x y": [1, MARK]}}, "#/nested/x%20y/1"),
        ([MARK], "#"),
        (MARK, "#"),
        ({"unheard_of": MARK}, "#/unheard_of"),
    ],
    ids=str,
)
async def test_rejected_values_are_never_echoed(body: Any, pointer: str) -> None:
    async with client_of(strict_app()) as client:
        response = await client.post("/strict", json=body)
    problem = problem_of(response, 422)
    assert MARK not in response.text
    assert "wxyz" not in response.text.lower()
    assert pointer in {error["pointer"] for error in problem["errors"]}
    assert all(set(error) == {"pointer", "in", "detail", "code"} for error in problem["errors"])
    assert {error["in"] for error in problem["errors"]} == {"body"}


async def test_parameters_are_located_without_their_values() -> None:
    async with client_of(strict_app()) as client:
        response = await client.post(
            f"/strict?limit={MARK}", json={}, headers={"X-Level": MARK, "X-Request-ID": "r"}
        )
        path = await client.get(f"/items/{MARK}")
    errors = problem_of(response, 422)["errors"]
    assert [(error["in"], error["pointer"]) for error in errors] == [
        ("query", "#/limit"),
        ("header", "#/x-level"),
    ]
    assert MARK not in response.text
    assert MARK not in path.text
    assert [error["in"] for error in problem_of(path, 422)["errors"]] == ["path"]


@pytest.mark.parametrize("content", [b"{", b"", b"\xff", b'{"number": }', MARK.encode()])
async def test_a_body_that_is_no_json(content: bytes) -> None:
    async with client_of(strict_app()) as client:
        response = await client.post(
            "/strict", content=content, headers={"Content-Type": "application/json"}
        )
    assert response.status_code in {400, 422}
    assert MARK not in problem_of(response, response.status_code)


@settings(max_examples=60, deadline=None)
@given(
    field=st.sampled_from(["number", "own", "asserted", "choice", "when", "pet", "nested"]),
    value=st.text(alphabet="äß{}%'\"\\\n<>&zq0", min_size=4, max_size=12),
)
def test_no_text_is_echoed_whatever_it_is(field: str, value: str) -> None:
    import asyncio

    async def post() -> httpx.Response:
        async with client_of(strict_app()) as client:
            return await client.post("/strict", json={field: value})

    response = asyncio.run(post())
    if response.status_code == 200:
        return
    details = [error["detail"] for error in problem_of(response, 422)["errors"]]
    assert all(value not in detail for detail in details)


def app_raising(error: BaseException | type[BaseException], **options: Any) -> FastAPI:
    app = FastAPI()

    @app.get("/")
    async def fail() -> None:
        raise error

    install_problem_handlers(app, **options)
    return app


async def answer_to(app: Any, path: str = "/", **headers: str) -> httpx.Response:
    async with client_of(app) as client:
        return await client.get(path, headers=headers)


async def test_a_validation_error_raised_by_hand() -> None:
    error = RequestValidationError(
        [{"type": "own", "loc": ("field",), "msg": f"not {MARK}", "input": MARK}]
    )
    response = await answer_to(app_raising(error))
    assert problem_of(response, 422)["errors"] == [
        {"pointer": "#/field", "in": "body", "detail": "not [input]", "code": "own"}
    ]
