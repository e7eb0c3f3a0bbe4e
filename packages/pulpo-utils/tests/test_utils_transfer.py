"""Exceptions survive pickle, copy, JSON, `raise ... from`, notes and groups."""

from __future__ import annotations

import builtins
import copy
import json
import pickle
import threading
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pulpo_utils.exceptions import (
    ApplicationError,
    DatabaseError,
    ForeignError,
    ProcessingError,
    PulpoException,
    ScrapingError,
    TimeoutError,  # noqa: A004
    UserInputError,
    ValidationError,
    error_from_dict,
    error_to_dict,
)

JSON = st.recursive(
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats(allow_nan=False, allow_infinity=False)
    | st.text(alphabet="abc xyz-äöü€", max_size=10),
    lambda children: (
        st.lists(children, max_size=3)
        | st.dictionaries(st.sampled_from(["a", "b", "row", "name"]), children, max_size=3)
    ),
    max_leaves=10,
)
DETAILS = st.dictionaries(st.sampled_from(["field", "row", "count", "url"]), JSON, max_size=4)
CLASSES = st.sampled_from([ScrapingError, DatabaseError, ValidationError, ApplicationError])


class KeyedError(ProcessingError):
    """A constructor of another shape, and state of its own."""

    code = "test_keyed"

    def __init__(self, *, row: int) -> None:
        super().__init__(f"row {row} is broken", {"row": row})
        self.row = row


class BadConstructorError(Exception):
    """Pickles, but cannot be unpickled: the constructor wants more than `args` has."""

    def __init__(self, host: str, port: int) -> None:
        super().__init__(f"{host}:{port}")


def raised(error: BaseException, cause: BaseException | None = None) -> Any:
    with pytest.raises(type(error)) as caught:
        raise error from cause
    return caught.value


def pickled(error: Any) -> Any:
    return pickle.loads(pickle.dumps(error))  # noqa: S301


def through_json(error: PulpoException) -> Any:
    return PulpoException.from_dict(json.loads(json.dumps(error.to_dict())))


@pytest.mark.parametrize("journey", [pickled, copy.copy, copy.deepcopy, through_json])
@settings(deadline=None)
@given(kind=CLASSES, message=st.text(alphabet="abc 123 äöü", min_size=1), details=DETAILS)
def test_type_message_details_notes_and_cause_survive(
    journey: Any, kind: Any, message: str, details: dict[str, Any]
) -> None:
    error = raised(kind(message, details, hint="try this", retry_after=2.5), raised(KeyError("k")))
    error.add_note("seen in the wild")
    back = journey(error)
    assert type(back) is type(error)
    assert back is not error
    assert (back.message, back.details, back.args) == (message, details, (message,))
    assert (back.hint, back.retry_after) == ("try this", 2.5)
    assert back.__notes__ == ["seen in the wild"]
    assert type(back.__cause__) is KeyError
    assert back.__cause__.args == ("k",)
    assert back.__suppress_context__


@pytest.mark.parametrize("journey", [pickled, copy.copy, copy.deepcopy])
def test_a_class_with_its_own_constructor_survives(journey: Any) -> None:
    back = journey(KeyedError(row=7))
    assert type(back) is KeyedError
    assert (back.row, back.details, str(back)) == (7, {"row": 7}, "row 7 is broken")


def test_json_calls_no_constructor_of_a_subclass() -> None:
    back = through_json(KeyedError(row=7))
    assert (type(back), back.details) == (KeyedError, {"row": 7})


@pytest.mark.parametrize("journey", [copy.copy, copy.deepcopy])
def test_a_copy_has_its_own_details_and_notes(journey: Any) -> None:
    error = ScrapingError("gone", {"a": 1})
    error.add_note("one")
    back = journey(error)
    back.with_detail("b", 2).add_note("two")
    assert error.details == {"a": 1}
    assert error.__notes__ == ["one"]


def test_deepcopy_copies_nested_details_and_shares_what_cannot_be_copied() -> None:
    lock = threading.Lock()
    error = ScrapingError("gone", {"rows": [1], "lock": lock})
    back = copy.deepcopy(error)
    back.details["rows"].append(2)
    assert error.details["rows"] == [1]
    assert back.details["lock"] is lock


def test_a_chain_of_causes_survives_pickle_and_json() -> None:
    last = raised(ScrapingError("third"), raised(ValueError("second"), raised(KeyError("first"))))
    for back in (pickled(last), through_json(last)):
        assert repr(back.__cause__) == "ValueError('second')"
        assert repr(back.__cause__.__cause__) == "KeyError('first')"


def test_a_cycle_of_causes_ends() -> None:
    one, two = ScrapingError("one"), ScrapingError("two")
    one.__cause__, two.__cause__ = two, one
    for back in (pickled(one), through_json(one)):
        assert back.__cause__.message == "two"
        assert back.__cause__.__cause__ is None


def test_a_cause_that_cannot_be_rebuilt_gets_a_stand_in() -> None:
    error = raised(ScrapingError("gone"), BadConstructorError("db", 1))
    for back in (pickled(error), through_json(error)):
        assert isinstance(back.__cause__, ForeignError)
        assert back.__cause__.type_name.endswith("BadConstructorError")
        assert back.__cause__.message == "db:1"
    assert error_to_dict(pickled(error))["cause"]["type"].endswith("BadConstructorError")


def test_details_that_cannot_be_pickled_become_text() -> None:
    back = pickled(ScrapingError("gone", {"lock": threading.Lock(), "n": 1}))
    assert back.details["n"] == 1
    assert "lock" in back.details["lock"]


def test_a_group_survives_pickle_and_json() -> None:
    group = ExceptionGroup("both", [ScrapingError("a", {"n": 1}), ValueError("b")])
    for back in (
        pickled(group),
        error_from_dict(json.loads(json.dumps(error_to_dict(group)))),
    ):
        assert isinstance(back, ExceptionGroup)
        assert [repr(member) for member in back.exceptions] == [
            "ScrapingError('a', details={'n': 1})",
            "ValueError('b')",
        ]


def test_groups_split_by_our_classes() -> None:
    caught: list[str] = []
    try:
        raise ExceptionGroup("both", [ScrapingError("a"), ValidationError("b")])
    except* UserInputError as group:
        caught += [str(member) for member in group.exceptions]
    except* ScrapingError as group:
        caught += [type(member).__name__ for member in group.exceptions]
    assert caught == ["b", "ScrapingError"]


def test_a_group_as_cause_survives_json() -> None:
    error = raised(ScrapingError("gone"), ExceptionGroup("both", [ValueError("b")]))
    assert through_json(error).__cause__.exceptions[0].args == ("b",)


def test_details_become_plain_json() -> None:
    from datetime import UTC, datetime
    from pathlib import PurePosixPath
    from uuid import UUID

    error = ScrapingError(
        "gone",
        {
            "at": datetime(2026, 1, 2, tzinfo=UTC),
            "id": UUID(int=1),
            "path": PurePosixPath("a/b"),
            "set": {2, 1},
            "pair": (1, 2),
            "nan": float("nan"),
            "raw": b"\xff",
        },
    ).with_detail(1, object)  # type: ignore[arg-type]
    data = json.loads(json.dumps(error.to_dict(), allow_nan=False))["details"]
    assert data["at"] == "2026-01-02T00:00:00+00:00"
    assert data["id"] == "00000000-0000-0000-0000-000000000001"
    assert (data["path"], data["set"], data["pair"]) == ("a/b", [1, 2], [1, 2])
    assert (data["nan"], data["raw"], data["1"]) == ("nan", "\\xff", "<class 'object'>")


def test_details_that_contain_themselves_end() -> None:
    details: dict[str, Any] = {"n": 1}
    details["self"] = [details, details]  # a walk without memory would never end
    assert "..." in json.dumps(ScrapingError("gone", details).to_dict())
    assert "..." in repr(ScrapingError("gone", details))


def test_data_that_names_no_loaded_class_is_refused() -> None:
    data = {"type": "os.system", "code": "x", "message": "true"}
    with pytest.raises(ValueError, match=r"'os.system' is not a loaded subclass.*import"):
        error_from_dict(data)
    assert isinstance(error_from_dict({"type": "os.system", "message": "x"}), ForeignError)


@pytest.mark.parametrize(
    ("data", "match"),
    [
        (3, "object with the text 'type', not 3"),
        ({"type": 3}, "object with the text 'type'"),
        ({"type": "a.b", "message": 3}, "'message' .* must be of type str"),
        ({"type": "a.b", "notes": 3}, "'notes' .* must be of type list"),
        ({"type": "a.b", "cause": "x"}, "object with the text 'type', not 'x'"),
        ({"type": "pulpo_utils.exceptions.ScrapingError", "details": []}, "must be of type dict"),
        ({"type": "pulpo_utils.exceptions.ScrapingError", "retry_after": "x"}, "could not convert"),
        ({"type": "builtins.ExceptionGroup", "exceptions": [3]}, "object with the text 'type'"),
    ],
)
def test_data_of_another_shape_is_refused(data: Any, match: str) -> None:
    with pytest.raises(ValueError, match=match):
        error_from_dict(data)


class SlowError(TimeoutError, builtins.TimeoutError):
    pass


@pytest.mark.parametrize("journey", [pickled, copy.copy, copy.deepcopy, lambda error: error])
def test_combining_with_a_built_in_class_works(journey: Any) -> None:
    back = journey(SlowError("too slow", {"n": 1}, retry_after=2))
    assert builtins.TimeoutError in type(back).__mro__
    assert (str(back), back.details, back.retry_after) == ("too slow", {"n": 1}, 2)


def test_from_dict_is_strict_about_the_class() -> None:
    data = ScrapingError("gone").to_dict()
    assert isinstance(ScrapingError.from_dict(data), ScrapingError)
    with pytest.raises(ValueError, match="describes ScrapingError, not ValidationError"):
        ValidationError.from_dict(data)


def test_data_and_pickles_name_the_public_path() -> None:
    assert ScrapingError("gone").to_dict()["type"] == "pulpo_utils.exceptions.ScrapingError"
    assert b"pulpo_utils.exceptions.hierarchy" not in pickle.dumps(ScrapingError("gone"))
