"""The examples of docs/api.md and docs/security.md, run one after the other."""

import json
import re
import sys
from pathlib import Path
from typing import Any

import httpx
import pytest

from pulpo_base.database.api_keys import ApiKeys

sys.path.insert(0, str(Path(__file__).parent))
from guarded import Settings, application, asking, database_of

PAGE = Path(__file__).parents[4] / "docs" / "api.md"
SECURITY = PAGE.with_name("security.md")
EXAMPLE = re.compile(r"^```http\n(.*?)^```$", re.MULTILINE | re.DOTALL)


def examples(text: str) -> list[str]:
    return EXAMPLE.findall(text)


def contains(found: Any, wanted: Any) -> bool:
    """Return whether all that is wanted is found; lists have to be as long."""
    if isinstance(wanted, dict):
        return isinstance(found, dict) and all(
            name in found and contains(found[name], value) for name, value in wanted.items()
        )
    if isinstance(wanted, list):
        return (
            isinstance(found, list)
            and len(found) == len(wanted)
            and all(contains(*pair) for pair in zip(found, wanted, strict=True))
        )
    return bool(found == wanted)


async def run(client: httpx.AsyncClient, example: str, known: dict[str, str]) -> None:
    request, _, expected = example.partition("→ ")
    for name, value in known.items():
        request = request.replace(f"{{{name}}}", value)
    head, _, body = request.partition("\n\n")
    line, *headers = head.splitlines()
    method, path = line.split(" ", 1)
    given = dict(header.split(": ", 1) for header in headers)
    if body.strip():
        given.setdefault("content-type", "application/json")
    answer = await client.request(method, path.strip(), content=body.strip(), headers=given)
    status, _, wanted = expected.partition(" ")
    assert answer.status_code == int(status), f"{example}\n{answer.text}"
    if wanted.strip():
        found = answer.json()
        # Without pulpo-utils, the members of a problem are in `detail`.
        found = found["detail"] if answer.is_error else found
        assert contains(found, json.loads(wanted)), f"{example}\n{answer.text}"
    if answer.status_code == 201:
        known |= {"etag": answer.headers["etag"], "location": answer.headers["location"]}
        known |= {"id": answer.json()["id"]}
    if answer.status_code == 202:
        known |= {"location": answer.headers["location"]}


@pytest.mark.skipif(not PAGE.exists(), reason="only the repository has the page")
async def test_the_examples_of_the_page(client: httpx.AsyncClient) -> None:
    found = examples(PAGE.read_text())
    assert len(found) > 3
    known: dict[str, str] = {}
    for example in found:
        await run(client, example, known)


@pytest.mark.skipif(not SECURITY.exists(), reason="only the repository has the page")
async def test_the_examples_of_the_page_on_security(mongodb_url: str, database_name: str) -> None:
    found = examples(SECURITY.read_text())
    assert len(found) > 3
    async with database_of(mongodb_url, database_name) as database:
        _, reader = await ApiKeys(database).create("reader", ["vaults:read"])
        async with asking(application(Settings(auth="api_key"), database)) as client:
            for example in found:
                await run(client, example, {"reader": reader})


def test_an_example_that_is_wrong_is_noticed() -> None:
    assert examples("```http\nGET /\n→ 200\n```\n") == ["GET /\n→ 200\n"]
    assert contains({"a": [1, {"b": 2, "c": 3}]}, {"a": [1, {"b": 2}]})
    assert not contains({"a": [1, 2]}, {"a": [1]})
    assert not contains({"a": 1}, {"b": 1})
