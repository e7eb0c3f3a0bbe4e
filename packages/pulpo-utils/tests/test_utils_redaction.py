"""Secrets are masked wherever an exception is printed or sent."""

from __future__ import annotations

import json
import logging
import time
import traceback
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pulpo_utils.exceptions import ExceptionFactory, ScrapingError, ValidationError
from pulpo_utils.redaction import is_sensitive, mask_text, mask_uri, redact, to_jsonable

SECRET_NAMES = [
    "password",
    "Password",
    "db_password",
    "userPassword",
    "passwd",
    "token",
    "access_token",
    "accessToken",
    "X-Auth-Token",
    "authorization",
    "Authorization",
    "Proxy-Authorization",
    "api_key",
    "apiKey",
    "X-API-Key",
    "client_secret",
    "SECRET",
    "cookie",
    "Set-Cookie",
    "private_key",
    "credentials",
    "pin",
    "otp",
]
HARMLESS_NAMES = [
    "author",
    "field",
    "tokenizer",
    "max_tokens",
    "token_count",
    "total_tokens",
    "passenger",
    "key",
    "spin",
    "authority",
    "",
]
# A secret that no other part of the text can contain.
SECRETS = st.text(min_size=1, max_size=30).map(lambda text: f"§{text}§") | st.text(
    alphabet="abcXYZ019-_.~", min_size=8, max_size=20
).map(lambda text: f"zq{text}")


def everything_said_about(error: Any) -> str:
    lines = traceback.format_exception(type(error), error, error.__traceback__)
    return "".join(
        [
            str(error),
            repr(error),
            repr(error.details),
            str(error.details),
            f"{error.details}",
            repr(error.args),
            json.dumps(error.to_dict(), ensure_ascii=False),
            *lines[-1:],
        ]
    )


@pytest.mark.parametrize("name", SECRET_NAMES)
def test_sensitive_names_are_known(name: str) -> None:
    assert is_sensitive(name)
    assert is_sensitive(name.encode())


@pytest.mark.parametrize("name", HARMLESS_NAMES)
def test_harmless_names_are_not_masked(name: str) -> None:
    assert not is_sensitive(name)
    assert redact({name: "value"}) == {name: "value"}


@settings(deadline=None)
@given(name=st.sampled_from(SECRET_NAMES), secret=SECRETS)
def test_a_secret_detail_is_printed_nowhere(name: str, secret: str) -> None:
    error = ScrapingError("it failed", {"row": 1, name: secret}).with_detail(
        "request", {"headers": [(name, secret)], "deep": [{name: [secret]}]}
    )
    assert secret not in everything_said_about(error)
    assert error.details[name] == secret, "the program itself still has it"


@settings(deadline=None)
@given(
    user=st.text(alphabet="abcdefg", min_size=3, max_size=8).map(lambda text: f"u{text}"),
    password=st.text(min_size=1, max_size=20).map(lambda text: f"zq{text}zq"),
    scheme=st.sampled_from(["mongodb", "mongodb+srv", "postgresql", "amqp", "redis"]),
)
def test_credentials_of_a_database_uri_are_printed_nowhere(
    user: str, password: str, scheme: str
) -> None:
    uri = f"{scheme}://{user}:{password}@db.example:27017/shop?w=1"
    error = ExceptionFactory.database_connection_failed(uri, f"{password} rejected for {uri}")
    text = everything_said_about(error)
    assert password not in text
    assert "db.example:27017/shop" in error.details["uri"]
    assert password not in str(error.details["uri"])


@settings(deadline=None)
@given(
    credentials=st.from_regex(r"[a-z]{3,8}:zq[A-Za-z0-9._~!$&'()*+,;=%-]{3,20}", fullmatch=True),
    scheme=st.sampled_from(["http", "https", "mongodb", "ftp", "amqps"]),
    before=st.text(alphabet="abc :,.", max_size=10),
)
def test_credentials_of_a_uri_inside_a_text_are_masked(
    credentials: str, scheme: str, before: str
) -> None:
    text = f"{before} {scheme}://{credentials}@host.example/path failed"
    assert credentials.partition(":")[2] not in str(ScrapingError(text, {"x": text}))
    assert credentials.partition(":")[2] not in repr(ScrapingError("m", {"x": [text]}))
    assert "host.example" in mask_text(text)


@pytest.mark.parametrize(
    ("text", "masked"),
    [
        ("https://example.com/users/ann@example.org", None),
        ("http://example.com:8080/mail/a@b", None),
        ("http://[::1]:80/a@b", None),
        ("mail ann@example.org about it", None),
        ("Validation failed for field 'password': too short", None),
        ("Basic understanding and Bearer bonds", None),
        ("see https://tok3n@github.com/x", "see https://***@github.com/x"),
        ("https://a:p/q@host/x", "https://***@host/x"),
        ("a mongodb://u:p@h1,h2/db b", "a mongodb://***@h1,h2/db b"),
        ("amqp://u:12/34@h/0", "amqp://***@h/0"),
        ("mongodb://u:a@b/c@h/x", "mongodb://***@h/x"),
        ("x://a:b@c y://d:e@f", "x://***@c y://***@f"),
        ("GET /?token=abc&page=2", "GET /?token=***&page=2"),
        ("GET https://h/?token=abc&page=2", "GET https://h/?token=***&page=2"),
        ("url=https://h/?x=1&token=abc", "url=https://h/?x=1&token=***"),
        ('{"token": 12, "a": "password=\\"x y\\""}', '{"token": ***, "a": "password=***"}'),
        (r'{"a": "{\\"password\\": \\"x y\\"}"}', r'{"a": "{\\"password\\": ***}"}'),
        ('{"password": "a\\"b", "n": 1}', '{"password": "***", "n": 1}'),
        ("Login(user='ann', password='it\\'s')", "Login(user='ann', password='***')"),
        ("password=hunter2 host=db", "password=*** host=db"),
        ("Authorization: Bearer abc.def", "Authorization=***"),
        ("X-Api-Key: abc123def", "X-Api-Key: ***"),
        ("Set-Cookie: sid=s3cr3t99; Path=/\nHost: shop", "Set-Cookie: ***\nHost: shop"),
        ("Cookie: a=b, c=d", "Cookie: ***"),
        ("{'h': 'Cookie: ***', 'n': 1}", None),
        ("password: hunter2 host: db", "password: *** host: db"),
        ("db_password: S3cr3t!x", "db_password: ***"),
        ("password: hunter\r\nuser: ann", "password: ***\r\nuser: ann"),
        ("token: eyJhbGciOi.J9.xx", "token: ***"),
        ("{'password': b'hunter2'}", "{'password': b'***'}"),
        ("Login(password=b'hunter2')", "Login(password=b'***')"),
        ("password: must be longer", None),
        ("password: at least 8 characters", None),
        ("field 'password': required", None),
        ("{'password': None, 'token': true}", None),
        ("InvalidTokenError: expired", None),
        ("http://auth:8080/health", None),
        ("no operation shop.auth:log_in", None),
        ("got Bearer eyJhbGciOiJIUzI1NiJ9.x", "got Bearer ***"),
    ],
)
def test_masking_inside_texts(text: str, masked: str | None) -> None:
    assert mask_text(text) == (text if masked is None else masked)


def test_masking_twice_changes_nothing_more() -> None:
    text = "Authorization: Basic YWJj https://a:b@c/?api_key=1 password='x'"
    assert mask_text(mask_text(text)) == mask_text(text)


@pytest.mark.parametrize(
    ("uri", "masked"),
    [
        ("mongodb://u:p@h/db", "mongodb://***@h/db"),
        ("mongodb://h/db", "mongodb://h/db"),
        ("u:p@h:5432/db", "***@h:5432/db"),
        ("https://h/x?access_token=1", "https://h/x?access_token=***"),
        ("mongodb://u:p w\n@h", "mongodb://***@h"),
        ("", ""),
    ],
)
def test_masking_uris(uri: str, masked: str) -> None:
    assert mask_uri(uri) == masked


def test_secret_types_are_masked_under_any_name() -> None:
    from pydantic import SecretBytes, SecretStr

    error = ScrapingError("m", {"value": SecretStr("zqzqzq"), "b": [SecretBytes(b"zqzqzq")]})
    assert "zqzqzq" not in everything_said_about(error)
    assert to_jsonable(error.details) == {"value": "***", "b": ["***"]}


@pytest.mark.parametrize(
    ("value", "masked"),
    [
        (["password", "email"], ["password", "email"]),
        ([["token", "zq"], ["n", 1]], [["token", "***"], ["n", 1]]),
        ((("token", "zq"), ("n", 1)), (["token", "***"], ("n", 1))),
        (("Authorization", "zq"), ("Authorization", "***")),
        ([(b"cookie", b"zq")], [[b"cookie", "***"]]),
        ({"at mongodb://u:zq@h"}, {"at mongodb://***@h"}),
        (b"mongodb://u:zq@h", b"mongodb://***@h"),
    ],
)
def test_lists_of_pairs_are_masked_and_other_lists_kept(value: Any, masked: Any) -> None:
    assert redact(value) == masked


def test_the_message_itself_is_masked() -> None:
    error = ValidationError("cannot reach redis://:zqzqzq@cache/0")
    assert error.message == "cannot reach redis://***@cache/0"
    assert error.args == (error.message,)


def test_the_factory_hides_the_value_of_a_secret_field() -> None:
    error = ExceptionFactory.validation_failed("password", "zqzqzq", "zqzqzq is too short")
    assert "zqzqzq" not in everything_said_about(error)
    assert error.details["value"] == "***"
    kept = ExceptionFactory.validation_failed("age", -3, "must be positive")
    assert kept.details == {"field": "age", "value": -3, "reason": "must be positive"}


def test_causes_and_notes_are_masked_in_json() -> None:
    error = ScrapingError("m")
    error.__cause__ = ValueError("mongodb://u:zqzqzq@h", {"password": "zqzqzq"})
    error.add_note("tried password=zqzqzq")
    assert "zqzqzq" not in json.dumps(error.to_dict())


def test_details_that_were_replaced_are_still_masked() -> None:
    error = ScrapingError("m")
    error.details = {"token": "zqzqzq"}
    assert "zqzqzq" not in repr(error)


def test_a_log_line_with_the_details_is_masked(caplog: pytest.LogCaptureFixture) -> None:
    error = ScrapingError("m", {"token": "zqzqzq"})
    with caplog.at_level(logging.INFO):
        logging.getLogger("test").info("%s %r %s", error, error, error.details)
    assert "***" in caplog.text
    assert "zqzqzq" not in caplog.text


@pytest.mark.parametrize(
    "hostile",
    [
        "a" * 200_000,
        "://" * 60_000,
        "a:" * 100_000 + "@",
        "password=" * 20_000,
        'a="' * 60_000,
        "Bearer " * 30_000,
        "x-" * 100_000 + "=1",
        "http://" + "a" * 200_000 + "@",
        "Authorization: " * 12_000,
        "token=" + "\\" * 100_000,
        "token=\\'" * 50_000,
        'token="' + "\\" * 100_001,
        "token: a" + " " * 100_000,
        "cookie: a=b\n" * 20_000,
        "token: " * 30_000,
        "token=b" + "\\" * 100_000,
    ],
)
def test_masking_is_linear(hostile: str) -> None:
    started = time.process_time()
    mask_text(hostile)
    mask_uri(hostile)
    assert time.process_time() - started < 20, "a quadratic scan of this takes minutes"
