"""Validators: as classes, functions and pydantic types, and against hostile input."""

from __future__ import annotations

import time
from typing import Annotated, Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pydantic import BaseModel, TypeAdapter
from pydantic import ValidationError as PydanticError

from pulpo_utils import validators
from pulpo_utils.exceptions import ValidationError
from pulpo_utils.validators import (
    EmailValidator,
    LengthValidator,
    PhoneValidator,
    PostalCodeValidator,
    UrlValidator,
    ValidationChain,
    ValidationResult,
    Validator,
    validate_email,
    validate_length,
    validate_phone,
    validate_postal_code,
    validate_url,
)

TEXT_VALIDATORS: list[Validator] = [
    EmailValidator(),
    UrlValidator(),
    PhoneValidator("DE"),
    PostalCodeValidator("DE"),
]
GOOD = ["ann@example.com", "https://example.com/a", "+4930123456", "10115"]


@pytest.mark.parametrize(
    ("value", "normalised"),
    [
        ("ann@example.com", "ann@example.com"),
        ("Ann.B+c@EXAMPLE.com", "Ann.B+c@example.com"),
        ("jürgen@exämple.de", "jürgen@exämple.de"),
    ],
)
def test_good_emails(value: str, normalised: str) -> None:
    assert validate_email(value) == ValidationResult.valid(normalised)


@pytest.mark.parametrize(
    "value",
    [
        "",
        "ann",
        "ann@",
        "@example.com",
        "a b@example.com",
        "ann@localhost",
        "a@b..com",
        "ann@example.com\n",
        " ann@example.com",
        "a" * 65 + "@example.com",
        "a\u200b@example.com",
        "a@[127.0.0.1]",
        "Ann <ann@example.com>",
        "a@exam\u0000ple.com",
    ],
)
def test_bad_emails(value: str) -> None:
    assert not validate_email(value)


def test_emails_can_be_kept_to_ascii() -> None:
    assert validate_email("jürgen@example.de", allow_unicode=False).codes == ("not_ascii",)


@pytest.mark.parametrize(
    ("value", "normalised"),
    [
        ("https://example.com", "https://example.com/"),
        ("HTTP://EXAMPLE.com:80/a?b=c#d", "http://example.com/a?b=c#d"),
        ("https://exämple.de/ä", "https://xn--exmple-cua.de/%C3%A4"),
        ("http://localhost:8000", "http://localhost:8000/"),
        ("http://[::1]/", "http://[::1]/"),
    ],
)
def test_good_urls(value: str, normalised: str) -> None:
    assert validate_url(value) == ValidationResult.valid(normalised)


@pytest.mark.parametrize(
    "value",
    [
        "",
        "example.com",
        "javascript:alert(1)",
        "http:example.com",
        "http://",
        "http:///a",
        "ftp://example.com",
        "https://exa mple.com",
        "https://example.com\n",
        "http://a..b",
        "https://u:p@example.com",
        "http:\\\\example.com",
        "data:text/html,x",
        "http://999.1.1.1",
        "//example.com",
        "https://example.com/\u202e",
    ],
)
def test_bad_urls(value: str) -> None:
    assert not validate_url(value)


def test_options_of_urls() -> None:
    assert validate_url("ftp://example.com", schemes=["ftp"])
    assert validate_url("https://u:p@example.com", allow_credentials=True)
    assert validate_url("https://u:p@example.com").codes == ("url_credentials",)
    assert not validate_url("http://localhost", require_dot=True)
    assert validate_url("https://example.com/aaa", max_length=20).codes == ("too_long",)
    with pytest.raises(TypeError, match=r"write schemes=\['http'\]"):
        UrlValidator(schemes="http")


@pytest.mark.parametrize(
    ("value", "region", "normalised"),
    [
        ("+49 30 123456", None, "+4930123456"),
        ("030/12 34 56", "de", "+4930123456"),
        ("(202) 456-1111", "US", "+12024561111"),
    ],
)
def test_good_phones(value: str, region: str | None, normalised: str) -> None:
    assert validate_phone(value, region) == ValidationResult.valid(normalised)


@pytest.mark.parametrize(
    "value",
    [
        "",
        "030 123456",
        "+49",
        "+1 800 FLOWERS",
        "+49 30 123456 ext 5",
        "+49 30 123456\n",
        "\uff0b4930123456",
        "+4930\u0661\u0662\u0663456",
        "+999 123456",
        "tel:+4930123456",
    ],
)
def test_bad_phones(value: str) -> None:
    assert not validate_phone(value)


def test_an_unknown_region_is_an_error_at_once() -> None:
    with pytest.raises(ValueError, match="region='XX': use a country code"):
        PhoneValidator("xx")


@pytest.mark.parametrize(
    ("value", "country", "normalised"),
    [
        ("10115", "DE", "10115"),
        ("sw1a 1aa", "gb", "SW1A 1AA"),
        ("12345-6789", "US", "12345-6789"),
        ("k1a 0b1", "CA", "K1A 0B1"),
        ("1234 AB", "NL", "1234 AB"),
    ],
)
def test_good_postal_codes(value: str, country: str, normalised: str) -> None:
    assert validate_postal_code(value, country) == ValidationResult.valid(normalised)


@pytest.mark.parametrize(
    ("value", "country"),
    [
        ("", "DE"),
        ("1011", "DE"),
        ("101155", "DE"),
        ("10115\n", "DE"),
        ("1011a", "DE"),
        ("\u0661\u0660\u0661\u0661\u0665", "DE"),
        ("12345", "GB"),
        ("12345", "HK"),
        ("1" * 100, "US"),
    ],
)
def test_bad_postal_codes(value: str, country: str) -> None:
    assert not validate_postal_code(value, country)


def test_a_postal_code_error_shows_examples() -> None:
    assert validate_postal_code("1", "DE").errors == (
        "must be a postal code of DE such as 26133 or 53225",
    )
    with pytest.raises(ValueError, match="country='XX': use a country code"):
        PostalCodeValidator("XX")


@settings(deadline=None)
@given(text=st.text(max_size=20), low=st.integers(0, 10), span=st.integers(0, 10))
def test_lengths(text: str, low: int, span: int) -> None:
    result = validate_length(text, min_length=low, max_length=low + span)
    assert bool(result) == (low <= len(text) <= low + span)
    assert result.value == text


def test_lengths_of_other_things() -> None:
    assert validate_length([1, 2], max_length=2)
    assert validate_length([1, 2], max_length=1).errors == ("must have 1 items or fewer",)
    assert validate_length(3).codes == ("without_length",)
    for wrong in ({"min_length": -1}, {"min_length": 3, "max_length": 2}):
        with pytest.raises(ValueError, match="lengths are 0 or more"):
            LengthValidator(**wrong)


@pytest.mark.parametrize(("validator", "good"), list(zip(TEXT_VALIDATORS, GOOD, strict=True)))
@pytest.mark.parametrize(
    "tail", ["\n", "\r\n", "\x00", "\u2028", "\u200b", "\u202e", " ", "\t", "\ud800", "\ufeff"]
)
def test_no_hidden_tail_gets_through(validator: Validator, good: str, tail: str) -> None:
    assert validator.validate(good), "the good value must be good for the test to mean something"
    assert not validator.validate(good + tail)
    assert not validator.validate(tail + good)


@pytest.mark.parametrize("validator", TEXT_VALIDATORS, ids=lambda one: type(one).__name__)
@pytest.mark.parametrize("value", [None, 3, 2.5, b"ann@example.com", ["a"], {"a": 1}, object()])
def test_other_types_are_invalid_and_no_crash(validator: Validator, value: Any) -> None:
    assert validator.validate(value).codes == ("not_text",)


@pytest.mark.parametrize("validator", TEXT_VALIDATORS, ids=lambda one: type(one).__name__)
@settings(deadline=None)
@given(value=st.text())
def test_any_text_gets_an_answer_and_a_valid_one_is_stable(
    validator: Validator, value: str
) -> None:
    result = validator.validate(value)
    if result:
        assert validator.validate(result.value) == result
    else:
        assert result.value == value
        assert len(result.errors) == len(result.codes) == 1


@pytest.mark.parametrize("validator", TEXT_VALIDATORS, ids=lambda one: type(one).__name__)
@pytest.mark.parametrize(
    "unit", ["a", "a@", "a.", "1", "+1", "http://", "ä", "\u0301", "%", "@.", "-", "a@a."]
)
def test_long_input_is_rejected_in_linear_time(validator: Validator, unit: str) -> None:
    started = time.perf_counter()
    assert not validator.validate(unit * 1_000_000)
    assert time.perf_counter() - started < 10, "a quadratic scan of this takes minutes"
    started = time.perf_counter()
    for size in (10, 15, 39, 253, 2083):  # what still reaches the library
        validator.validate((unit * size)[:size])
    assert time.perf_counter() - started < 10


def test_errors_do_not_quote_the_value() -> None:
    for validator in TEXT_VALIDATORS:
        for value in ("zqzqzq", "zqzqzq@", "https://zqzqzq zqzqzq", "zq" * 2000):
            assert "zq" not in " ".join(validator.validate(value).errors)


def test_a_result_can_be_required() -> None:
    assert validate_email("Ann@EXAMPLE.com").require("email") == "Ann@example.com"
    with pytest.raises(ValidationError, match="field 'email'") as caught:
        EmailValidator().check("nope", field="email")
    assert caught.value.details["codes"] == ["invalid_email"]
    assert caught.value.http_status == 422


def test_chains_pass_on_what_they_made() -> None:
    chain = PostalCodeValidator("GB") & LengthValidator(max_length=7)
    assert chain("m1 1ae").value == "M1 1AE"
    assert chain("sw1a 1aa").codes == ("too_long",)
    assert chain("nonsense").codes == ("invalid_postal_code",)
    longer = chain & LengthValidator(min_length=6)
    assert isinstance(longer, ValidationChain)
    assert longer("m1 1ae")


def test_a_chain_can_collect_all_mistakes() -> None:
    rules = (LengthValidator(max_length=2), EmailValidator(), LengthValidator(min_length=9))
    assert ValidationChain(*rules)("nope").codes == ("too_long",)
    result = ValidationChain(*rules, collect=True)("nope")
    assert result.codes == ("too_long", "invalid_email", "too_short")
    assert result.value == "nope"
    with pytest.raises(TypeError, match="made of Validators, not 3"):
        ValidationChain(3)  # type: ignore[arg-type]
    with pytest.raises(TypeError):
        LengthValidator() & 3  # type: ignore[operator]


def test_a_validator_of_ones_own() -> None:
    class Even(Validator):
        def validate(self, value: Any) -> ValidationResult:
            if isinstance(value, int) and value % 2 == 0:
                return ValidationResult.valid(value)
            return ValidationResult.invalid(value, "odd", "must be {even}")

    assert TypeAdapter(Annotated[int, Even()]).validate_python("4") == 4
    with pytest.raises(PydanticError) as caught:
        TypeAdapter(Annotated[int, Even()]).validate_python(3)
    (error,) = caught.value.errors()
    assert (error["type"], error["msg"]) == ("odd", "must be (even)")
    with pytest.raises(TypeError, match="abstract"):
        Validator()  # type: ignore[abstract]


class Contact(BaseModel):
    email: validators.Email
    url: validators.Url
    phone: validators.Phone
    code: validators.PostalCode
    name: validators.ShortText
    plz: Annotated[str, PostalCodeValidator("DE")] = "10115"


def test_the_pydantic_types_normalise() -> None:
    contact = Contact(
        email="Ann@EXAMPLE.com",
        url="HTTPS://Example.com",
        phone="+49 30 123456",
        code="12345",
        name="Ann",
    )
    assert contact.model_dump() == {
        "email": "Ann@example.com",
        "url": "https://example.com/",
        "phone": "+4930123456",
        "code": "12345",
        "name": "Ann",
        "plz": "10115",
    }
    assert Contact.model_validate_json(contact.model_dump_json()) == contact


def test_the_pydantic_types_refuse_with_codes() -> None:
    with pytest.raises(PydanticError) as caught:
        Contact(email="x", url="x", phone="x", code="x", name="", plz="x")
    codes = {error["loc"][0]: error["type"] for error in caught.value.errors()}
    assert codes == {
        "email": "invalid_email",
        "url": "invalid_url",
        "phone": "invalid_phone",
        "code": "invalid_postal_code",
        "name": "too_short",
        "plz": "invalid_postal_code",
    }


def test_the_pydantic_types_have_a_json_schema() -> None:
    properties = Contact.model_json_schema()["properties"]
    assert properties["email"] == {
        "format": "idn-email",
        "maxLength": 254,
        "title": "Email",
        "type": "string",
    }
    assert properties["url"]["format"] == "uri"
    assert (properties["name"]["minLength"], properties["name"]["maxLength"]) == (1, 255)
    chain = LengthValidator(min_length=2) & LengthValidator(max_length=3)
    schema = TypeAdapter(Annotated[str, chain]).json_schema()
    assert schema == {"type": "string", "minLength": 2, "maxLength": 3}


def test_all_names_exist() -> None:
    assert [name for name in validators.__all__ if not hasattr(validators, name)] == []
    with pytest.raises(AttributeError, match="no attribute 'Nothing'"):
        validators.Nothing  # noqa: B018
