"""Structured logging, its context, and what it leaves alone."""

from __future__ import annotations

import asyncio
import io
import json
import logging
import sys
import threading
from types import ModuleType, SimpleNamespace
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pulpo_utils.exceptions import ScrapingError
from pulpo_utils.logging import (
    LogContext,
    bind_context,
    clear_context,
    get_context,
    get_logger,
    reset_logging,
    setup_logging,
)

if TYPE_CHECKING:
    from collections.abc import Iterator


class Terminal(io.StringIO):
    def isatty(self) -> bool:
        return True


@pytest.fixture(autouse=True)
def clean() -> Iterator[None]:
    clear_context()
    yield
    reset_logging()
    clear_context()


def lines_of(stream: io.StringIO) -> list[dict[str, Any]]:
    return [json.loads(line) for line in stream.getvalue().splitlines()]


def fail(error: Exception) -> None:
    raise error


def json_setup(**options: Any) -> io.StringIO:
    stream = io.StringIO()
    setup_logging(json=True, stream=stream, **options)
    return stream


def test_a_line_is_one_json_object() -> None:
    stream = json_setup(service="shop")
    get_logger("shop.orders", region="eu").info("order_paid", order=42, at={"a": [1]})
    (line,) = lines_of(stream)
    assert line.pop("timestamp").endswith("Z")
    assert line == {
        "level": "info",
        "logger": "shop.orders",
        "event": "order_paid",
        "service": "shop",
        "region": "eu",
        "order": 42,
        "at": {"a": [1]},
    }


def test_a_fact_named_event_does_not_replace_the_message() -> None:
    stream = json_setup(root=True)
    logging.getLogger("plain").warning("it happened", extra={"event": {"n": 1}})
    with LogContext(event="upload"):
        logging.getLogger("plain").warning("plain line")
        get_logger("shop").warning("order_paid")
    told = [(line["event"], line["event_"]) for line in lines_of(stream)]
    assert told == [("it happened", {"n": 1}), ("plain line", "upload"), ("order_paid", "upload")]


def test_setup_is_idempotent() -> None:
    setup_logging()
    stream = io.StringIO()
    for _ in range(3):
        setup_logging(json=True, stream=stream)
    get_logger("shop.orders").warning("once")
    assert [line["event"] for line in lines_of(stream)] == ["once"]


def test_a_logger_made_before_setup_is_configured_too() -> None:
    logger = get_logger("early.bird")
    stream = json_setup()
    logger.info("heard")
    assert [line["event"] for line in lines_of(stream)] == ["heard"]


def test_the_root_logger_of_a_host_is_left_alone() -> None:
    root, host = logging.getLogger(), logging.getLogger("host")
    before = (root.level, list(root.handlers), host.level, list(host.handlers), host.propagate)
    stream = json_setup(level="DEBUG")
    after = (root.level, list(root.handlers), host.level, list(host.handlers), host.propagate)
    assert after == before
    host.warning("not ours")
    get_logger("shop").debug("ours")
    assert [line["event"] for line in lines_of(stream)] == ["ours"]


def test_a_host_with_handlers_does_not_get_our_lines_twice(
    caplog: pytest.LogCaptureFixture,
) -> None:
    stream = json_setup()
    get_logger("shop").warning("once")
    assert [line["event"] for line in lines_of(stream)] == ["once"]
    assert caplog.records == []
    reset_logging()
    get_logger("shop").warning("again")
    assert [record.getMessage() for record in caplog.records] == ["again"]


def test_structlogs_own_configuration_is_left_alone() -> None:
    import structlog

    before = structlog.get_config()
    json_setup()
    get_logger("shop").info("x")
    assert structlog.get_config() == before
    assert not structlog.is_configured()


def test_the_root_logger_is_taken_when_asked_and_given_back() -> None:
    root = logging.getLogger()
    handler = logging.NullHandler()
    root.addHandler(handler)
    before = (root.level, list(root.handlers))
    try:
        stream = json_setup(root=True)
        assert handler not in root.handlers
        logging.getLogger("host").info("plain %s", "line", extra={"n": 1, "token": "zqzqzq"})
        get_logger("shop").info("structured")
        plain, structured = lines_of(stream)
        assert (plain["event"], plain["logger"], plain["n"]) == ("plain line", "host", 1)
        assert plain["token"] == "***"
        assert structured["event"] == "structured"
        reset_logging()
        assert (root.level, list(root.handlers)) == before
    finally:
        root.removeHandler(handler)


def test_named_loggers_are_configured_and_given_back() -> None:
    tree = logging.getLogger("tree_a")
    stream = json_setup(loggers=["tree_a"], level=logging.WARNING)
    logging.getLogger("tree_a.leaf").warning("yes")
    logging.getLogger("tree_a.leaf").info("too quiet")
    get_logger("tree_b").error("not asked for")
    assert [line["event"] for line in lines_of(stream)] == ["yes"]
    reset_logging()
    assert (tree.handlers, tree.propagate, tree.level) == ([], True, logging.NOTSET)


def test_without_setup_a_host_sees_readable_records(caplog: pytest.LogCaptureFixture) -> None:
    with caplog.at_level(logging.INFO), LogContext(request_id="r-1"):
        get_logger("guest").info("order_paid", order=42, password="zqzqzq")
    (record,) = caplog.records
    assert record.getMessage() == "order_paid request_id='r-1' order=42 password='***'"
    assert record.name == "guest"


def test_json_is_the_default_unless_the_stream_is_a_terminal() -> None:
    pipe, terminal = io.StringIO(), Terminal()
    setup_logging(stream=pipe)
    get_logger("shop").info("hello", n=1)
    assert lines_of(pipe)[0]["n"] == 1
    setup_logging(stream=terminal)
    get_logger("shop").info("hello", n=1)
    assert not terminal.getvalue().startswith("{")
    assert "hello" in terminal.getvalue()


def test_a_readable_line_without_colours() -> None:
    stream = io.StringIO()
    setup_logging(json=False, stream=stream)
    get_logger("shop").warning("hello", n=1)
    assert "\x1b" not in stream.getvalue()
    assert "warning" in stream.getvalue()
    assert "n=1" in stream.getvalue()


def test_the_default_stream_is_standard_error_of_the_moment(
    capsys: pytest.CaptureFixture[str],
) -> None:
    setup_logging(json=True)
    get_logger("shop").info("to stderr")
    assert "to stderr" in capsys.readouterr().err


def test_levels() -> None:
    stream = json_setup(level="warning")
    logger = get_logger("shop")
    for method in ("debug", "info", "warning", "error", "critical"):
        getattr(logger, method)(method)
    assert [line["level"] for line in lines_of(stream)] == ["warning", "error", "critical"]
    with pytest.raises(ValueError, match=r"unknown log level 'LOUD': use one of .*WARNING"):
        setup_logging("LOUD")
    with pytest.raises(TypeError, match=r"write loggers=\['shop'\]"):
        setup_logging(loggers="shop")


def test_the_default_name_is_the_callers_module() -> None:
    stream = json_setup()
    get_logger().info("who")
    assert lines_of(stream)[0]["logger"] == __name__


def test_positional_arguments_are_formatted() -> None:
    stream = json_setup()
    get_logger("shop").info("%s of %d, 100%%", "one", 2)
    get_logger("shop").info("100% and %s")
    assert [line["event"] for line in lines_of(stream)] == ["one of 2, 100%", "100% and %s"]


def test_an_exception_has_its_traceback_and_its_contract() -> None:
    stream = json_setup()
    try:
        fail(ScrapingError("gone", {"url": "http://u:zqzqzq@h", "row": 1}))
    except ScrapingError:
        get_logger("shop").exception("scrape_failed")
    (line,) = lines_of(stream)
    assert line["error"] == {
        "code": "scraping_error",
        "category": "external_service",
        "retryable": True,
        "details": {"url": "http://***@h", "row": 1},
    }
    assert "ScrapingError: gone" in line["exception"]
    assert "zqzqzq" not in stream.getvalue()


@pytest.mark.parametrize("as_json", [True, False])
def test_secrets_are_masked_in_every_form(as_json: bool) -> None:
    from pydantic import SecretStr

    stream = io.StringIO()
    setup_logging(json=as_json, stream=stream, root=True)
    logger = get_logger("shop", api_key="zqzqzq")
    with LogContext(token="zqzqzq"):
        logger.info("at mongodb://u:zqzqzq@h", password="zqzqzq", s=SecretStr("zqzqzq"))
        logger.info("deep", headers={"Authorization": "zqzqzq", "Cookie": ["zqzqzq"]})
        logging.getLogger("plain").info("password=zqzqzq %s", "redis://:zqzqzq@h")
        try:
            fail(ValueError("mongodb://u:zqzqzq@h"))
        except ValueError:
            logger.exception("failed")
    text = "\n".join(
        line for line in stream.getvalue().splitlines() if "fail(ValueError" not in line
    )
    assert "zqzqzq" not in text
    assert text.count("***") >= 8


@settings(deadline=None)
@given(event=st.text(), value=st.text())
def test_no_input_breaks_a_line_apart(event: str, value: str) -> None:
    stream = json_setup()
    get_logger("shop").info(event, value=value)
    assert len(stream.getvalue().split("\n")) == 2
    json.loads(stream.getvalue())
    readable = io.StringIO()
    setup_logging(json=False, stream=readable)
    get_logger("shop").info(event, value=value)
    assert readable.getvalue().count("\n") == 1
    assert "\x1b" not in readable.getvalue()


def test_facts_named_like_ours_do_not_replace_them() -> None:
    stream = json_setup()
    get_logger("shop").info("x", logger="fake", level="fake", timestamp="fake")
    (line,) = lines_of(stream)
    assert (line["logger"], line["level"], line["logger_"]) == ("shop", "info", "fake")


def test_bind_and_clear() -> None:
    stream = json_setup()
    bind_context(request_id="r-1", user="ann")
    get_logger("shop").info("bound")
    bind_context(user="bob")
    get_logger("shop").info("rebound", user="eve")
    clear_context()
    get_logger("shop").info("cleared")
    seen = [(line.get("request_id"), line.get("user")) for line in lines_of(stream)]
    assert seen == [("r-1", "ann"), ("r-1", "eve"), (None, None)]


FACTS = st.dictionaries(st.sampled_from("abc"), st.integers(), max_size=3)


@settings(deadline=None)
@given(outer=FACTS, inner=FACTS, bound=FACTS, clears=st.booleans())
def test_a_context_restores_the_outer_one_whatever_happens_inside(
    outer: dict[str, int], inner: dict[str, int], bound: dict[str, int], clears: bool
) -> None:
    clear_context()
    bind_context(**outer)
    try:
        with LogContext(**inner):
            assert get_context() == {**outer, **inner}
            if clears:
                clear_context()
            bind_context(**bound)
            assert get_context() == ({**bound} if clears else {**outer, **inner, **bound})
            fail(ZeroDivisionError())
    except ZeroDivisionError:
        assert get_context() == outer
    assert get_context() == outer


def test_one_context_object_can_be_nested_in_itself() -> None:
    context = LogContext(a=1)
    with context:
        bind_context(b=2)
        with context:
            bind_context(c=3)
        assert get_context() == {"a": 1, "b": 2}
    assert get_context() == {}


async def test_tasks_and_threads_do_not_see_each_others_context() -> None:
    seen: dict[str, Any] = {}
    shared = LogContext(shared=True)

    async def work(name: str) -> None:
        async with shared:
            bind_context(task=name)
            await asyncio.sleep(0.001)
            seen[name] = get_context()

    with LogContext(parent=1):
        await asyncio.gather(*(work(name) for name in "ab"))
        thread = threading.Thread(target=lambda: seen.update(thread=get_context()))
        thread.start()
        thread.join()
        assert get_context() == {"parent": 1}
    assert seen == {
        "a": {"parent": 1, "shared": True, "task": "a"},
        "b": {"parent": 1, "shared": True, "task": "b"},
        "thread": {},
    }


def test_get_context_is_a_copy() -> None:
    get_context()["a"] = 1
    assert get_context() == {}


def test_ids_of_an_opentelemetry_span_are_on_the_line(monkeypatch: pytest.MonkeyPatch) -> None:
    stream = json_setup()
    ids = SimpleNamespace(is_valid=True, trace_id=0xABC, span_id=0xDEF)
    span = SimpleNamespace(get_span_context=lambda: ids)
    module = ModuleType("opentelemetry.trace")
    module.get_current_span = lambda: span  # type: ignore[attr-defined]
    monkeypatch.setitem(sys.modules, "opentelemetry.trace", module)
    get_logger("shop").info("traced")
    ids.is_valid = False
    get_logger("shop").info("untraced")
    traced, untraced = lines_of(stream)
    assert (traced["trace_id"], traced["span_id"]) == (f"{0xABC:032x}", f"{0xDEF:016x}")
    assert "trace_id" not in untraced


def test_stack_info_and_many_threads() -> None:
    stream = json_setup()
    get_logger("shop").info("where", stack_info=True)
    assert "test_stack_info" in lines_of(stream)[0]["stack"]
    threads = [
        threading.Thread(target=lambda n=n: get_logger(f"t{n}").info("x")) for n in range(20)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(lines_of(stream)) == 21
