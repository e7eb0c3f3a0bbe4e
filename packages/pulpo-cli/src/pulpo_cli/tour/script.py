"""The script of a tour: which records are created, which flow runs, what must be true then."""

from __future__ import annotations

import json
import re
from dataclasses import dataclass
from pathlib import Path
from typing import Any

__all__ = ["Creation", "Expectation", "TourScript", "filled", "load_script"]

_PLACEHOLDER = re.compile(r"^\$(\w+)\.(\w+)$")


@dataclass(frozen=True, slots=True)
class Creation:
    """A POST to `path`; the answer is known as `name` to what follows."""

    name: str
    path: str
    body: dict[str, Any]


@dataclass(frozen=True, slots=True)
class Expectation:
    """A GET of `path` whose answer must hold the values of `answer`; `what` says it in words."""

    what: str
    path: str
    answer: dict[str, Any]


@dataclass(frozen=True, slots=True)
class TourScript:
    """One example's tour. `"$name.field"` stands for a field of a created record."""

    create: tuple[Creation, ...]
    flow: str
    parameters: dict[str, Any]
    expect: tuple[Expectation, ...]


def load_script(folder: Path) -> TourScript:
    """Return the tour in `demo.json` of an example."""
    plain = json.loads((folder / "demo.json").read_text("utf-8"))
    return TourScript(
        create=tuple(Creation(**item) for item in plain["create"]),
        flow=plain["flow"],
        parameters=plain["parameters"],
        expect=tuple(Expectation(**item) for item in plain["expect"]),
    )


def filled(value: Any, records: dict[str, dict[str, Any]]) -> Any:
    """Return `value` with every `"$name.field"` replaced by what that record holds.

    Raises `KeyError` for a record or field that does not exist.
    """
    if isinstance(value, dict):
        return {key: filled(item, records) for key, item in value.items()}
    if isinstance(value, list):
        return [filled(item, records) for item in value]
    if isinstance(value, str) and (found := _PLACEHOLDER.match(value)):
        return records[found[1]][found[2]]
    return value
