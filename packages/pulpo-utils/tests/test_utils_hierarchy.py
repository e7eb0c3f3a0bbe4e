"""The hierarchy and the contract that each class carries."""

from __future__ import annotations

import inspect

import pytest

from pulpo_utils import exceptions
from pulpo_utils.exceptions import PulpoException

ABSTRACT = ["ExternalServiceError", "InternalError", "UserInputError", "OperationalError"]
PARENTS = {
    "ScrapingError": "ExternalServiceError",
    "TimeoutError": "ExternalServiceError",
    "RateLimitError": "ExternalServiceError",
    "AuthenticationError": "ExternalServiceError",
    "DatabaseError": "InternalError",
    "ProcessingError": "InternalError",
    "ValidationError": "UserInputError",
    "ConfigurationError": "UserInputError",
    "ApplicationError": "OperationalError",
    "RetryableError": "PulpoException",
}


def cls(name: str) -> type[PulpoException]:
    found: type[PulpoException] = getattr(exceptions, name)
    assert issubclass(found, PulpoException)
    return found


@pytest.mark.parametrize(("name", "parent"), PARENTS.items())
def test_each_concrete_class_has_its_category_as_parent(name: str, parent: str) -> None:
    error = cls(name)("it failed", {"key": "value"})
    assert type(error).__mro__[1] is cls(parent)
    assert (error.message, error.details) == ("it failed", {"key": "value"})
    with pytest.raises(cls(parent), match="it failed"):
        raise error


@pytest.mark.parametrize("name", ["PulpoException", *ABSTRACT])
def test_abstract_classes_cannot_be_raised(name: str) -> None:
    with pytest.raises(TypeError, match=rf"{name} is abstract and cannot be raised: raise \w+"):
        raise cls(name)("message")
    with pytest.raises(TypeError, match="abstract"):
        raise cls(name)


def test_a_base_of_ones_own_can_be_abstract() -> None:
    class ShopError(exceptions.InternalError, abstract=True):
        pass

    class TillError(ShopError):
        pass

    with pytest.raises(TypeError, match=r"ShopError is abstract.*TillError"):
        ShopError("no")
    assert TillError("jammed").category == "internal"


def test_an_abstract_class_with_its_own_constructor_still_cannot_be_raised() -> None:
    class Odd(exceptions.InternalError, abstract=True):
        def __init__(self) -> None:
            pass

    with pytest.raises(TypeError, match="abstract"):
        Odd()


@pytest.mark.parametrize(
    ("name", "contract"),
    [
        ("ScrapingError", ("external_service", "scraping_error", 502, True, 69)),
        ("TimeoutError", ("external_service", "timeout", 504, True, 75)),
        ("RateLimitError", ("external_service", "rate_limit_exceeded", 429, True, 75)),
        ("AuthenticationError", ("external_service", "authentication_failed", 401, False, 77)),
        ("DatabaseError", ("internal", "database_error", 500, False, 70)),
        ("DatabaseConnectionError", ("internal", "database_unavailable", 503, True, 69)),
        ("ProcessingError", ("internal", "processing_error", 500, False, 70)),
        ("ValidationError", ("user_input", "validation_error", 422, False, 65)),
        ("ConfigurationError", ("user_input", "configuration_error", 500, False, 78)),
        ("ApplicationError", ("operational", "application_error", 409, False, 1)),
        ("RetryableError", ("operational", "retryable_error", 503, True, 75)),
    ],
)
def test_the_contract_of_each_class_is_permanent(name: str, contract: tuple[object, ...]) -> None:
    found = cls(name)
    facts = (found.category, found.code, found.http_status, found.retryable, found.exit_code)
    assert facts == contract
    assert found.log_level in {20, 30, 40}


def test_every_code_names_one_class() -> None:
    classes = [
        value
        for value in vars(exceptions).values()
        if inspect.isclass(value) and issubclass(value, PulpoException)
    ]
    codes = [found.code for found in classes]
    assert len(classes) == 16
    assert len(set(codes)) == len(codes)


def test_a_subclass_inherits_and_overrides_the_contract() -> None:
    class CardDeclined(exceptions.ApplicationError):
        code = "test_card_declined"
        http_status = 402

    assert CardDeclined.title == "Test card declined"
    assert (CardDeclined.http_status, CardDeclined.exit_code) == (402, 1)

    class CardStolen(CardDeclined):
        """Declares nothing, so it has the same code."""

    assert CardStolen.code == "test_card_declined"


def test_a_duplicate_code_is_an_error_at_class_creation() -> None:
    with pytest.raises(TypeError, match=r"'validation_error'.*ValidationError has already"):

        class Twin(exceptions.ApplicationError):
            code = "validation_error"


def test_a_class_defined_again_under_its_name_keeps_its_code() -> None:
    def define() -> type[PulpoException]:
        class Reloaded(exceptions.ApplicationError):
            code = "test_reloaded"

        return Reloaded

    assert define() is not define()


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("code", "Not A Code"),
        ("code", ""),
        ("http_status", 200),
        ("http_status", "500"),
        ("exit_code", 0),
        ("exit_code", 256),
        ("retryable", 1),
        ("log_level", "ERROR"),
        ("title", ""),
    ],
)
def test_a_contract_that_makes_no_sense_is_refused(field: str, value: object) -> None:
    with pytest.raises(TypeError, match=rf"Nonsense\.{field} = "):
        type("Nonsense", (exceptions.ApplicationError,), {field: value})


@pytest.mark.parametrize("name", [name for name in PARENTS if name != "RetryableError"])
@pytest.mark.parametrize("marker_first", [True, False])
def test_the_retryable_marker_combines_with_any_class(name: str, marker_first: bool) -> None:
    base = cls(name)
    bases = (exceptions.RetryableError, base) if marker_first else (base, exceptions.RetryableError)
    combined: type[PulpoException] = type("Combined", bases, {})
    assert combined.retryable is True
    for field in ("code", "title", "category", "http_status", "exit_code", "log_level", "public"):
        assert getattr(combined, field) == getattr(base, field), field
    assert exceptions.is_retryable(combined("again"))
    assert isinstance(combined("again"), exceptions.RetryableError)


def test_with_detail_is_chainable_and_keeps_the_type() -> None:
    error = exceptions.ScrapingError("gone").with_detail("a", 1).with_detail("b", 2)
    assert type(error) is exceptions.ScrapingError
    assert error.details == {"a": 1, "b": 2}


def test_details_are_a_copy_of_what_was_given() -> None:
    given = {"a": 1}
    error = exceptions.ScrapingError("gone", given).with_detail("b", 2)
    assert given == {"a": 1}
    assert error.details == {"a": 1, "b": 2}
    assert exceptions.ScrapingError("gone").details == {}


def test_str_is_the_message_and_repr_names_class_and_details() -> None:
    error = exceptions.ProcessingError("broke", {"row": 3})
    assert str(error) == "broke"
    assert repr(error) == "ProcessingError('broke', details={'row': 3})"
    assert error.args == ("broke",)


def test_an_unknown_name_of_the_module_is_an_attribute_error() -> None:
    with pytest.raises(AttributeError, match="no attribute 'Nothing'"):
        exceptions.Nothing  # noqa: B018


def test_all_names_exist() -> None:
    missing = [name for name in exceptions.__all__ if not hasattr(exceptions, name)]
    assert missing == []
    assert dir(exceptions) == sorted(exceptions.__all__)
