"""`handle_errors` as context manager and decorator."""

from __future__ import annotations

import asyncio
import builtins
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pulpo_utils.exceptions import (
    DatabaseConnectionError,
    DatabaseError,
    InternalError,
    ProcessingError,
    ScrapingError,
    ValidationError,
    handle_errors,
)


class PlainError(Exception):
    pass


class StrictError(Exception):
    def __init__(self, *, code: int, text: str) -> None:
        super().__init__(text)
        self.code = code


class WithMessageError(Exception):
    def __init__(self, status: int = 500, *, message: str) -> None:
        super().__init__(message)
        self.status = status


class RaisingError(Exception):
    def __init__(self, *args: object) -> None:
        raise RuntimeError("nobody can make one")


class OwnConstructorError(ProcessingError):
    def __init__(self, row: int, column: int) -> None:
        super().__init__(f"{row}:{column}")


class SlottedError(ValueError):
    __slots__ = ()


def fail(error: BaseException | None = None) -> None:
    raise error or ValueError("no good")


def test_the_example_of_the_design() -> None:
    with (
        pytest.raises(ValidationError, match="invalid literal") as caught,
        handle_errors(ValueError, KeyError, reraise_as=ValidationError),
    ):
        int("not a number")
    assert isinstance(caught.value.__cause__, ValueError)
    assert caught.value.__suppress_context__


def test_message_and_details_are_given_to_the_new_error() -> None:
    with (
        pytest.raises(ValidationError) as caught,
        handle_errors(ValueError, reraise_as=ValidationError, message="bad age", field="age", n=1),
    ):
        fail()
    assert caught.value.message == "bad age"
    assert caught.value.details == {"field": "age", "n": 1}


def test_without_types_every_exception_is_converted() -> None:
    with (
        pytest.raises(ProcessingError, match="missing key 'a'"),
        handle_errors(reraise_as=ProcessingError),
    ):
        fail(KeyError("a"))
    with pytest.raises(KeyboardInterrupt), handle_errors(reraise_as=ProcessingError):
        fail(KeyboardInterrupt())


def test_other_errors_pass_untouched() -> None:
    error = KeyError("a")
    with pytest.raises(KeyError) as caught, handle_errors(ValueError, reraise_as=ProcessingError):
        fail(error)
    assert caught.value is error
    with handle_errors(ValueError, reraise_as=ProcessingError):
        pass


def test_an_error_without_text_is_called_by_its_type() -> None:
    with (
        pytest.raises(ProcessingError, match=r"^ValueError$"),
        handle_errors(ValueError, reraise_as=ProcessingError),
    ):
        raise ValueError


@pytest.mark.parametrize(
    "target",
    [
        PlainError,
        SlottedError,
        StrictError,
        WithMessageError,
        RaisingError,
        OwnConstructorError,
        ValidationError,
        RuntimeError,
        LookupError,
        OSError,
        UnicodeDecodeError,
        builtins.TimeoutError,
        SystemExit,
        StopAsyncIteration,
    ],
)
def test_any_class_can_be_raised_instead(target: type[BaseException]) -> None:
    with pytest.raises(target) as caught, handle_errors(ValueError, reraise_as=target, row=7):
        fail()
    assert type(caught.value) is target
    assert isinstance(caught.value.__cause__, ValueError)
    assert "no good" in repr(caught.value.args)
    notes = "".join(getattr(caught.value, "__notes__", []))
    assert "7" in notes + repr(getattr(caught.value, "details", ""))


def test_details_go_to_parameters_of_their_names() -> None:
    with (
        pytest.raises(StrictError) as strict,
        handle_errors(reraise_as=StrictError, code=3, text="t", n=1),
    ):
        fail()
    assert (strict.value.code, str(strict.value)) == (3, "t")
    assert strict.value.__notes__ == ["details: {'n': 1}"]
    with (
        pytest.raises(WithMessageError) as named,
        handle_errors(reraise_as=WithMessageError, status=418),
    ):
        fail()
    assert (named.value.status, str(named.value)) == (418, "no good")


def test_an_http_exception_can_be_raised_instead() -> None:
    from starlette.exceptions import HTTPException

    with (
        pytest.raises(HTTPException) as caught,
        handle_errors(KeyError, reraise_as=HTTPException, status_code=404),
    ):
        fail(KeyError("a"))
    assert (caught.value.status_code, caught.value.detail) == (404, "missing key 'a'")


def test_secrets_among_the_details_are_masked_in_notes() -> None:
    with pytest.raises(PlainError) as caught, handle_errors(reraise_as=PlainError, token="zqzqzq"):
        fail()
    assert caught.value.__notes__ == ["details: {'token': '***'}"]


def test_an_error_that_fits_already_keeps_its_type_and_gets_the_details() -> None:
    error = DatabaseConnectionError("down", {"host": "a"})
    with (
        pytest.raises(DatabaseError) as caught,
        handle_errors(Exception, reraise_as=DatabaseError, host="b", shard=2),
    ):
        fail(error)
    assert caught.value is error
    assert error.details == {"host": "a", "shard": 2}
    assert error.__cause__ is None


def test_without_a_target_the_error_is_raised_again_with_details() -> None:
    with pytest.raises(ValueError, match="no good") as caught, handle_errors(ValueError, row=7):
        fail()
    assert caught.value.__notes__ == ["details: {'row': 7}"]
    with pytest.raises(ScrapingError) as ours, handle_errors(row=7):
        fail(ScrapingError("gone"))
    assert ours.value.details == {"row": 7}


def test_it_decorates_functions_and_keeps_their_signature() -> None:
    @handle_errors(ValueError, reraise_as=ValidationError, field="age")
    def parse(text: str, *, base: int = 10) -> int:
        """Parse."""
        return int(text, base)

    assert (parse("11", base=2), parse.__name__, parse.__doc__) == (3, "parse", "Parse.")
    with pytest.raises(ValidationError) as caught:
        parse("x")
    assert caught.value.details == {"field": "age"}
    assert isinstance(caught.value.__cause__, ValueError)


def test_a_decorated_function_passes_what_fits_already() -> None:
    error = ValidationError("mine")

    @handle_errors(reraise_as=ValidationError)
    def check() -> None:
        raise error

    with pytest.raises(ValidationError) as caught:
        check()
    assert caught.value is error


async def test_it_decorates_async_functions() -> None:
    @handle_errors(ValueError, reraise_as=ValidationError)
    async def parse(text: str) -> int:
        await asyncio.sleep(0)
        return int(text)

    assert await parse("3") == 3
    with pytest.raises(ValidationError) as caught:
        await parse("x")
    assert isinstance(caught.value.__cause__, ValueError)


async def test_it_is_an_async_context_manager() -> None:
    with pytest.raises(ValidationError):
        async with handle_errors(ValueError, reraise_as=ValidationError):
            fail()


async def test_cancellation_passes() -> None:
    with pytest.raises(asyncio.CancelledError):
        async with handle_errors(reraise_as=ProcessingError):
            raise asyncio.CancelledError


def test_methods_can_be_decorated() -> None:
    class Parser:
        @handle_errors(ValueError, reraise_as=ValidationError)
        def parse(self, text: str) -> int:
            return int(text)

        @staticmethod
        @handle_errors(ValueError, reraise_as=ValidationError)
        def static(text: str) -> int:
            return int(text)

    assert Parser().parse("1") + Parser.static("2") == 3
    with pytest.raises(ValidationError):
        Parser.static("x")


def test_one_object_can_be_used_again_and_nested() -> None:
    handler = handle_errors(ValueError, reraise_as=ProcessingError)
    for _ in range(2):
        with pytest.raises(ProcessingError), handler, handler:
            fail()


def test_generators_are_refused_with_a_remedy() -> None:
    def rows() -> Any:
        yield 1

    with pytest.raises(TypeError, match=r"generator .*rows.*use with handle_errors"):
        handle_errors(ValueError, reraise_as=ProcessingError)(rows)


@pytest.mark.parametrize(
    ("arguments", "match"),
    [
        ({"types": [ValueError("x")]}, "exception classes, not ValueError"),
        ({"types": ["ValueError"]}, "exception classes, not 'ValueError'"),
        ({"types": [], "reraise_as": "x"}, "reraise_as must be an exception class"),
        ({"types": [], "reraise_as": InternalError}, "InternalError is abstract"),
    ],
)
def test_wrong_arguments_are_named_at_once(arguments: dict[str, Any], match: str) -> None:
    types = arguments.pop("types")
    with pytest.raises(TypeError, match=match):
        handle_errors(*types, **arguments)


@settings(deadline=None)
@given(
    message=st.text(),
    details=st.dictionaries(
        st.sampled_from(["row", "file", "n"]), st.integers() | st.text(), max_size=3
    ),
)
def test_nothing_is_lost_in_conversion(message: str, details: dict[str, Any]) -> None:
    with (
        pytest.raises(PlainError) as plain,
        handle_errors(ValueError, reraise_as=PlainError, message=message, **details),
    ):
        fail()
    assert plain.value.args == (message,)
    with (
        pytest.raises(ScrapingError) as ours,
        handle_errors(ValueError, reraise_as=ScrapingError, **details),
    ):
        fail()
    assert ours.value.details == details


def test_an_http_exception_without_a_status_is_a_500() -> None:
    from starlette.exceptions import HTTPException

    with pytest.raises(HTTPException) as caught, handle_errors(reraise_as=HTTPException):
        fail()
    assert (caught.value.status_code, caught.value.detail) == (500, "no good")
