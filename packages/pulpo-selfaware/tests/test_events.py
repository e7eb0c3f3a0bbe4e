from __future__ import annotations

import copy
import json
import pickle
from datetime import UTC, datetime, timedelta, timezone
from enum import StrEnum

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pulpo_selfaware.events import FrameworkEvent, FrameworkEventLevel, FrameworkEventType

WARN = FrameworkEventLevel.WARN
SLOW = FrameworkEventType.CODEGEN_SLOW

json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(), inner, max_size=3),
    max_leaves=5,
)
details = st.dictionaries(st.text(), json_values, max_size=4)
events = st.builds(
    FrameworkEvent,
    level=st.sampled_from(FrameworkEventLevel),
    event_type=st.sampled_from(FrameworkEventType) | st.text(min_size=1),
    module=st.text(),
    message=st.text(),
    timestamp=st.datetimes(timezones=st.sampled_from([UTC, timezone(timedelta(hours=5.5))])),
    duration_ms=st.none() | st.integers(min_value=0),
    error_details=details,
    metadata=details,
)


def test_the_types_of_the_seed_exist() -> None:
    names = """
        API_REQUEST_ERROR API_REQUEST_SLOW API_VALIDATION_ERROR
        CODEGEN_START CODEGEN_COMPLETE CODEGEN_ERROR CODEGEN_SLOW
        DB_QUERY_ERROR DB_QUERY_SLOW DB_CONNECTION_ERROR
        DECORATOR_REGISTRATION_ERROR DECORATOR_VALIDATION_ERROR
        CLI_COMMAND_ERROR CLI_COMMAND_COMPLETE
        FRAMEWORK_INIT_ERROR FRAMEWORK_INIT_COMPLETE
        REGISTRY_ERROR REGISTRY_LOOKUP
    """
    assert [member.name for member in FrameworkEventType] == names.split()


def test_levels_are_ordered() -> None:
    assert [level.name for level in sorted(FrameworkEventLevel)] == [
        "DEBUG",
        "INFO",
        "WARN",
        "ERROR",
        "CRITICAL",
    ]


@pytest.mark.parametrize("text", ["warn", "WARN", " Warn ", 30, WARN])
def test_a_level_is_parsed(text: object) -> None:
    assert FrameworkEventLevel.parse(text) is WARN


@pytest.mark.parametrize("text", ["warning!", 31, None, 1.5])
def test_an_unknown_level_is_refused_with_the_choices(text: object) -> None:
    with pytest.raises(ValueError, match="DEBUG, INFO, WARN, ERROR, CRITICAL"):
        FrameworkEventLevel.parse(text)


def test_defaults() -> None:
    before = datetime.now(UTC)
    event = FrameworkEvent(WARN, SLOW, "codegen", "took long")
    assert before <= event.timestamp <= datetime.now(UTC)
    assert event.timestamp.tzinfo is UTC
    assert event.duration_ms is None
    assert event.error_details == {}
    assert event.metadata == {}
    assert not hasattr(event, "__dict__")


def test_a_timestamp_is_converted_to_utc() -> None:
    when = datetime(2026, 1, 1, 12, tzinfo=timezone(timedelta(hours=2)))
    event = FrameworkEvent(WARN, SLOW, "m", "t", when)
    assert event.timestamp.isoformat() == "2026-01-01T10:00:00+00:00"


def test_a_naive_timestamp_is_refused() -> None:
    with pytest.raises(ValueError, match="no time zone"):
        FrameworkEvent(WARN, SLOW, "m", "t", datetime(2026, 1, 1))  # noqa: DTZ001


def test_shared_empty_details_cannot_be_written() -> None:
    event = FrameworkEvent(WARN, SLOW, "m", "t")
    with pytest.raises(TypeError, match="dict of your own"):
        event.metadata["x"] = 1
    with pytest.raises(TypeError, match="dict of your own"):
        event.error_details.update(x=1)


@given(events)
def test_a_dict_round_trip_is_exact(event: FrameworkEvent) -> None:
    assert FrameworkEvent.from_dict(event.to_dict()) == event


@given(events)
def test_a_json_round_trip_is_exact(event: FrameworkEvent) -> None:
    assert FrameworkEvent.from_dict(json.loads(json.dumps(event.to_dict()))) == event


@given(events)
def test_events_can_be_copied_and_pickled(event: FrameworkEvent) -> None:
    assert copy.deepcopy(event) == event
    assert pickle.loads(pickle.dumps(event)) == event  # noqa: S301


def test_a_projects_own_types() -> None:
    class Billing(StrEnum):
        INVOICE_SENT = "INVOICE_SENT"

    event = FrameworkEvent(WARN, Billing.INVOICE_SENT, "billing", "sent")
    assert event.event_type is Billing.INVOICE_SENT
    assert FrameworkEvent.from_dict(event.to_dict()) == event
    assert FrameworkEvent(WARN, "CODEGEN_SLOW", "m", "t").event_type is SLOW


@pytest.mark.parametrize(
    ("change", "complaint"),
    [
        ({"level": "LOUD"}, "unknown event level 'LOUD'"),
        ({"event_type": ""}, "event type"),
        ({"message": 3}, "'message'.*must be str"),
        ({"metadata": [1]}, "'metadata'.*must be dict"),
        ({"duration_ms": "3"}, "'duration_ms'.*must be int"),
        ({"timestamp": "yesterday"}, "'timestamp'.*ISO 8601"),
        ({"mesage": "x"}, "did you mean 'message'"),
    ],
)
def test_bad_data_names_the_field(change: dict[str, object], complaint: str) -> None:
    data = FrameworkEvent(WARN, SLOW, "m", "t").to_dict()
    with pytest.raises(ValueError, match=complaint):
        FrameworkEvent.from_dict(data | change)


@pytest.mark.parametrize("name", ["level", "event_type", "module", "message"])
def test_a_missing_field_is_named(name: str) -> None:
    data = FrameworkEvent(WARN, SLOW, "m", "t").to_dict()
    del data[name]
    with pytest.raises(ValueError, match=f"{name!r}.*missing"):
        FrameworkEvent.from_dict(data)
