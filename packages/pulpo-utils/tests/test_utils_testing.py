"""The assertion that tests of applications use must itself be able to fail."""

from __future__ import annotations

import json

import httpx
import pytest

from pulpo_utils.exceptions import ScrapingError
from pulpo_utils.problems import problem_from
from pulpo_utils.testing import problem_of

DOCUMENT = problem_from(ScrapingError("gone")).with_request_id("r-1").to_dict()
HEADERS = {"Content-Type": "application/problem+json", "X-Request-ID": "r-1"}


def test_a_whole_problem_is_returned() -> None:
    response = httpx.Response(502, headers=HEADERS, content=json.dumps(DOCUMENT))
    assert problem_of(response, 502) == DOCUMENT


@pytest.mark.parametrize(
    ("status", "headers", "document", "match"),
    [
        (500, {}, {}, "500 instead of 502"),
        (502, {"Content-Type": "application/json"}, {}, "content type 'application/json'"),
        (502, {"X-Request-ID": "r-2"}, {}, "X-Request-ID"),
        (502, {}, {"status": 500}, "not a whole problem"),
        (502, {}, {"code": None}, "not a whole problem"),
    ],
)
def test_anything_else_is_an_assertion_error(
    status: int, headers: dict[str, str], document: dict[str, object], match: str
) -> None:
    content = {name: value for name, value in (DOCUMENT | document).items() if value is not None}
    response = httpx.Response(status, headers=HEADERS | headers, content=json.dumps(content))
    with pytest.raises(AssertionError, match=match):
        problem_of(response, 502)
