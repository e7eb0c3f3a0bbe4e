"""Whatever is stored: each way to answer says what pydantic's JSON of the Beanie document says.

The one that goes past Beanie (decision 0016), the one through it, alone, in a list, and as values.
Where Beanie cannot read or pydantic not write a document, none of them answers.
"""

import asyncio
import json
import warnings
from collections.abc import Callable, Iterator
from functools import partial
from typing import Any
from uuid import uuid4

import bson
import pytest
from beanie import Document
from beanie.odm.utils.parsing import parse_obj
from hypothesis import HealthCheck, given, settings
from kinds_of_fields import (
    CONFIGS,
    KINDS,
    OPTIONS,
    SAID,
    Computed,
    Factory,
    Judged,
    Maker,
    Shouting,
    Trimmed,
    Values,
    made,
    stored_values,
)
from pydantic import (
    ValidationError,
)
from pydantic_core import PydanticSerializationError, to_json

from pulpo_base.api.documents.representation import Representation
from pulpo_base.api.shapes.annotations import is_link
from pulpo_base.database import connected


def pydantics(document: type[Document], values: Values) -> Any:
    """Return pydantic's JSON of the document, the id and links as the API has them."""
    found = json.loads(parse_obj(document, values).model_dump_json(by_alias=True))
    shown = {"id" if name == "_id" else name: value for name, value in found.items()}
    for name, info in document.model_fields.items():
        key = info.serialization_alias or info.alias or name
        if key in shown and is_link(info.annotation):
            shown[key] = _ids(shown[key])
    return shown


def _ids(value: Any) -> Any:
    if isinstance(value, list):
        return [_ids(item) for item in value]
    if isinstance(value, dict):
        is_link = value.keys() == {"id", "collection"}
        return value["id"] if is_link else {key: _ids(item) for key, item in value.items()}
    return value


def outcome(ask: Callable[[], Any]) -> str:
    """Return an answer as text in which NaN equals itself, or which error there was instead."""
    try:
        return json.dumps(ask(), sort_keys=True)
    except (ValidationError, PydanticSerializationError) as error:
        return type(error).__name__


FIELDS = {kind: made(kind) for kind in KINDS}
SAYING = {
    (base, kind): made(kind, base)
    for base in (Computed, Judged, Trimmed, Shouting)
    for kind in ("float", "model")
}
with warnings.catch_warnings():
    warnings.filterwarnings("ignore", "`json_encoders` is deprecated")
    CONFIGURED = {(config, kind): made(kind, **CONFIGS[config]) for config, kind in SAID}


@pytest.fixture(scope="module", autouse=True)
def known_to_beanie(mongodb_url: str) -> Iterator[None]:
    """Have the classes connected, once for all tests: that is what costs time."""
    documents: list[type[Document]] = [
        Maker,
        Factory,
        *FIELDS.values(),
        *SAYING.values(),
        *CONFIGURED.values(),
    ]
    connection = connected(mongodb_url, f"test_{uuid4().hex}", documents)
    with asyncio.Runner() as runner:
        runner.run(connection.__aenter__())
        yield
        runner.run(connection.__aexit__(None, None, None))


def _alone(one: Representation[Any], stored: Values) -> Any:
    return json.loads(one.json(stored))


def _listed(one: Representation[Any], stored: Values) -> Any:
    (found,) = json.loads(one.json_list([stored]))
    return found


def _in_parts(one: Representation[Any], stored: Values) -> Any:
    return json.loads(to_json(one.plain(stored)))


def agree(document: type[Document], kind: str) -> bool:
    """Compare all ways for many documents; return whether there was one past Beanie."""
    answered = 0
    usual, beanie = Representation(document), Representation(document)
    vars(beanie).update(_direct=None, _direct_list=None)

    @settings(
        max_examples=15,
        deadline=None,
        database=None,
        suppress_health_check=[HealthCheck.too_slow],
    )
    @given(stored_values(kind))
    def every_way_says_the_same(given_values: Values) -> None:
        nonlocal answered
        stored = bson.decode(bson.encode(given_values, codec_options=OPTIONS), OPTIONS)
        wanted = outcome(lambda: pydantics(document, stored))
        answered += wanted.startswith("{")
        for one in (usual, beanie):
            assert outcome(partial(_alone, one, stored)) == wanted
            assert outcome(partial(_listed, one, stored)) == wanted
            assert outcome(partial(_in_parts, one, stored)) == wanted

    every_way_says_the_same()
    assert answered > 0
    return usual._direct is not None


@pytest.mark.parametrize("kind", KINDS)
def test_fields_of_every_kind(kind: str) -> None:
    assert agree(FIELDS[kind], kind)


@pytest.mark.filterwarnings("ignore:`json_encoders` is deprecated")
@pytest.mark.parametrize(("config", "kind"), SAID)
def test_classes_with_a_configuration(config: str, kind: str) -> None:
    assert agree(CONFIGURED[config, kind], kind) == (config != "open")


@pytest.mark.parametrize(("base", "kind"), SAYING)
def test_classes_with_a_say(base: type[Document], kind: str) -> None:
    assert not agree(SAYING[base, kind], kind)
