"""From an exception to a problem document, without a web framework in between."""

from __future__ import annotations

import json
import pickle
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from starlette.exceptions import HTTPException

from pulpo_utils.exceptions import (
    AuthenticationError,
    ConfigurationError,
    DatabaseError,
    ExceptionFactory,
    RateLimitError,
    ScrapingError,
    ValidationError,
    handle_errors,
)
from pulpo_utils.problems import Problem, problem_from, problem_responses
from pulpo_utils.problems.validation import pointer_to


def mongo(*names: str, **attributes: Any) -> Exception:
    cls: type[Exception] = Exception
    for name in reversed(names):
        cls = type(name, (cls,), {"__module__": "pymongo.errors"})
    error = cls("E11000 duplicate key error { email: 'ann@example.org' }")
    vars(error).update(attributes)
    return error


def test_a_contract_becomes_a_document() -> None:
    problem = problem_from(ScrapingError("The page is gone.", {"url": "http://x"}))
    assert problem.to_dict() == {
        "type": "urn:problem-type:scraping_error",
        "title": "Scraping failed",
        "status": 502,
        "detail": "The page is gone.",
        "code": "scraping_error",
    }


def test_the_base_of_the_type_is_the_applications_choice() -> None:
    problem = problem_from(ScrapingError("x"), type_base="https://errors.example/")
    assert problem.type == "https://errors.example/scraping_error"


@pytest.mark.parametrize(
    "error",
    [
        DatabaseError("shard 3 on db-7 lost"),
        ConfigurationError("SHARD is shard 3"),
        RuntimeError("shard 3"),
        ExceptionFactory.database_connection_failed("mongodb://u:p@shard 3", "x"),
        ExceptionGroup("shard 3", [RuntimeError("shard 3"), ValueError("shard 3")]),
    ],
    ids=repr,
)
def test_internals_stay_inside(error: Exception) -> None:
    problem = problem_from(error)
    assert "shard 3" not in json.dumps(problem.to_dict())
    assert problem.status >= 500


def test_an_unforeseen_error_is_a_500_and_says_how_to_report_it() -> None:
    problem = problem_from(KeyError("x")).with_request_id("r 1")
    assert (problem.status, problem.code, problem.expected) == (500, "internal_error", False)
    assert (problem.request_id, problem.instance) == ("r 1", "urn:request:r%201")
    assert "request id" in problem.detail


@pytest.mark.parametrize(
    ("status", "code", "title"),
    [
        (404, "not_found", "Not Found"),
        (405, "method_not_allowed", "Method Not Allowed"),
        (413, "content_too_large", "Content Too Large"),
        (422, "unprocessable_content", "Unprocessable Content"),
        (500, "internal_server_error", "Internal Server Error"),
        (499, "http_499", "Client Error"),
        (599, "http_599", "Server Error"),
    ],
)
def test_http_exceptions_mean_their_status(status: int, code: str, title: str) -> None:
    problem = problem_from(HTTPException(status, "Because."))
    assert problem.to_dict() == {
        "type": "about:blank",
        "title": title,
        "status": status,
        "detail": "Because.",
        "code": code,
    }


@pytest.mark.parametrize(
    ("detail", "text", "code"),
    [
        ({"code": "sold_out", "message": "None left."}, "None left.", "sold_out"),
        ({"n": 1}, "Conflict", "conflict"),
        (["a", {"b": 1}], '["a", {"b": 1}]', "conflict"),
        (None, "Conflict", "conflict"),
        ("", "Conflict", "conflict"),
        ("lost mongodb://u:p@h", "lost mongodb://***@h", "conflict"),
    ],
)
def test_http_exceptions_with_other_details(detail: Any, text: str, code: str) -> None:
    error = HTTPException(409)
    error.detail = detail
    problem = problem_from(error)
    assert (problem.detail, problem.code) == (text, code)


def test_entries_of_an_http_exception_are_kept() -> None:
    entry = {"pointer": "#/name", "in": "body", "detail": "It differs.", "code": "differs"}
    wrong: list[Any] = [5, {"pointer": "#/x"}, {**entry, "code": 1}]
    for errors, kept in [
        ([entry], [entry]),
        ([{**entry, "more": 1}, *wrong], [entry]),
        (entry, []),
        (None, []),
    ]:
        error = HTTPException(412)
        error.detail = {"detail": "No.", "errors": errors}  # type: ignore[assignment]
        assert problem_from(error).to_dict().get("errors", []) == kept


def test_headers_of_an_http_exception_are_kept() -> None:
    problem = problem_from(HTTPException(503, headers={"retry-after": "9", "X-A": "b"}))
    assert problem.headers == {"retry-after": "9", "X-A": "b"}


@pytest.mark.parametrize(
    ("error", "seconds"),
    [
        (RateLimitError("x", retry_after=1.2), "2"),
        (RateLimitError("x"), None),
        (ExceptionFactory.database_connection_failed("mongodb://h", "x"), "5"),
        (HTTPException(503), "5"),
        (HTTPException(404), None),
        (mongo("AutoReconnect", "ConnectionFailure"), "5"),
    ],
    ids=repr,
)
def test_retry_after(error: Exception, seconds: str | None) -> None:
    assert problem_from(error).headers.get("Retry-After") == seconds


@pytest.mark.parametrize(
    "error",
    [
        mongo("DuplicateKeyError", "WriteError", details={"keyPattern": {"email": 1, "a.b": 1}}),
        mongo("DuplicateKeyError"),
        mongo("BulkWriteError", details={"writeErrors": [{"code": 11000}]}),
        mongo("WriteError", "OperationFailure", code=11000),
    ],
    ids=lambda error: type(error).__name__,
)
def test_a_duplicate_key_is_a_conflict_without_its_value(error: Exception) -> None:
    problem = problem_from(error)
    assert (problem.status, problem.code, problem.expected) == (409, "duplicate_key", True)
    assert "ann@example.org" not in json.dumps(problem.to_dict())


def test_a_duplicate_key_in_a_bulk_write_names_the_fields() -> None:
    refusals = [{"code": 11000, "keyPattern": {"email": 1}}] * 2
    problem = problem_from(mongo("BulkWriteError", details={"writeErrors": refusals}))
    assert [error["pointer"] for error in problem.errors] == ["#/email"]


def test_a_duplicate_key_names_the_fields() -> None:
    details = {"keyPattern": {"email": 1, "a.b": 1}, "keyValue": {"email": "ann@example.org"}}
    problem = problem_from(mongo("DuplicateKeyError", details=details))
    assert [error["pointer"] for error in problem.errors] == ["#/email", "#/a/b"]
    assert {error["code"] for error in problem.errors} == {"duplicate_key"}


@pytest.mark.parametrize(
    "names",
    [
        ("ServerSelectionTimeoutError", "AutoReconnect"),
        ("NotPrimaryError",),
        ("Unheard", "ConnectionFailure"),
    ],
)
def test_a_lost_database_is_503(names: tuple[str, ...]) -> None:
    problem = problem_from(mongo(*names))
    assert (problem.status, problem.code) == (503, "database_unavailable")


def test_other_database_errors_and_lookalikes_are_unforeseen() -> None:
    assert problem_from(mongo("OperationFailure", code=13)).status == 500
    lookalike = type("DuplicateKeyError", (Exception,), {"__module__": "shop"})
    assert problem_from(lookalike("x")).status == 500


def test_a_write_conflict_of_beanie_is_409() -> None:
    cls = type("RevisionIdWasChanged", (Exception,), {"__module__": "beanie.exceptions"})
    assert problem_from(cls("x")).to_dict()["code"] == "revision_conflict"


def test_real_pymongo_errors_where_it_is_installed() -> None:
    errors = pytest.importorskip("pymongo.errors")
    assert problem_from(errors.DuplicateKeyError("x", 11000)).status == 409
    bulk = errors.BulkWriteError({"writeErrors": [{"code": 11000, "errmsg": "x"}]})
    assert problem_from(bulk).status == 409
    assert problem_from(errors.ServerSelectionTimeoutError("x")).status == 503
    late = problem_from(errors.ExecutionTimeout("secret", 50))
    assert (late.status, late.code, "secret" in late.detail) == (504, "timeout", False)


def test_a_group_of_one_counts_as_its_member() -> None:
    group = ExceptionGroup("a", [ExceptionGroup("b", [RateLimitError("x", retry_after=3)])])
    problem = problem_from(group)
    assert (problem.status, problem.headers["Retry-After"]) == (429, "3")


def test_a_validation_error_of_ours_points_at_its_field() -> None:
    error = ExceptionFactory.validation_failed("lines[0].sku", "zqzqzq", "zqzqzq is unknown")
    (entry,) = problem_from(error).errors
    assert entry == {
        "pointer": "#/lines/0/sku",
        "in": "body",
        "detail": "[input] is unknown",
        "code": "validation_error",
    }
    assert "zqzqzq" not in problem_from(error).detail
    assert problem_from(ValidationError("no field")).errors == ()


def test_authentication_is_401() -> None:
    assert problem_from(AuthenticationError("who?")).status == 401


@pytest.mark.parametrize(
    ("path", "pointer"),
    [
        ([], "#"),
        (["a", 0, "b"], "#/a/0/b"),
        (["a/b", "m~n"], "#/a~1b/m~0n"),
        (["ä", "a b", "%"], "#/%C3%A4/a%20b/%25"),
        ([""], "#/"),
        (["\ud800"], "#/?"),
    ],
)
def test_pointers(path: list[str | int], pointer: str) -> None:
    assert pointer_to(path) == pointer


@settings(deadline=None)
@given(path=st.lists(st.text(st.characters(exclude_categories=["Cs"])) | st.integers(0, 99)))
def test_pointers_can_be_read_back(path: list[str | int]) -> None:
    from urllib.parse import unquote

    pointer = pointer_to(path)
    assert pointer.isascii()
    tokens = [unquote(token) for token in pointer.removeprefix("#").split("/")[1:]]
    read = [token.replace("~1", "/").replace("~0", "~") for token in tokens]
    assert read == [str(part) for part in path]


@settings(deadline=None)
@given(message=st.text())
def test_every_document_is_valid_json_in_utf8(message: str) -> None:
    problem = problem_from(ScrapingError(message))
    assert json.loads(problem.to_bytes())["status"] == 502
    surrogate = problem_from(ScrapingError("half \ud800 pair"))
    assert json.loads(surrogate.to_bytes())["detail"] == "half \ud800 pair"


def test_empty_members_are_left_out() -> None:
    problem = Problem(type="t", title="t", status=400, detail="d", code="c")
    assert set(problem.to_dict()) == {"type", "title", "status", "detail", "code"}


def test_responses_for_openapi() -> None:
    responses = problem_responses(404, RateLimitError, 429)
    assert list(responses) == [404, 429]
    assert responses[429]["description"] == (
        "Too many requests (`rate_limit_exceeded`); Too Many Requests"
    )
    assert list(responses[404]["content"]) == ["application/problem+json"]
    assert list(problem_responses()) == ["default"]


@pytest.mark.parametrize("wrong", [42, "404", ValueError, None])
def test_responses_for_nonsense_are_refused(wrong: Any) -> None:
    with pytest.raises((TypeError, ValueError), match="status code"):
        problem_responses(wrong)


@pytest.mark.parametrize("field", [{}, {"field": "age"}])
def test_a_text_that_was_taken_from_a_foreign_error_stays_inside(field: dict[str, str]) -> None:
    with (
        pytest.raises(ValidationError) as caught,
        handle_errors(ValueError, reraise_as=ValidationError, **field),
    ):
        int("zqzqzq")
    problem = problem_from(caught.value)
    assert "zqzqzq" in caught.value.message
    assert "zqzqzq" not in json.dumps(problem.to_dict())
    assert (problem.status, problem.detail) == (422, "Validation failed.")
    assert problem_from(pickle.loads(pickle.dumps(caught.value))) == problem  # noqa: S301
    assert problem_from(ValidationError.from_dict(caught.value.to_dict())) == problem


def test_a_text_that_was_given_is_told() -> None:
    with (
        pytest.raises(ValidationError) as caught,
        handle_errors(ValueError, reraise_as=ValidationError, message="Age is a number."),
    ):
        int("zqzqzq")
    assert problem_from(caught.value).detail == "Age is a number."
