"""`[tool.pulpo]` of `pyproject.toml`, for projects that want one file for all their tools."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from pulpo_base.specs import SourceLocation

__all__ = ["PYPROJECT", "PyprojectSection", "read_pyproject"]

PYPROJECT = "pyproject.toml"

_HEADER = re.compile(r"\s*\[\s*tool\s*\.\s*pulpo\s*(?:\.(.*))?\]\s*(?:#.*)?$")
_OTHER_HEADER = re.compile(r"""\s*\[\[?[\w\s."'-]+\]\]?\s*(?:#.*)?$""")
_KEY = re.compile(r"""\s*("[^"]*"|'[^']*'|[A-Za-z0-9_-]+)\s*[.=]""")
_PART = re.compile(r"""\s*("[^"]*"|'[^']*'|[A-Za-z0-9_-]+)\s*(?:\.|$)""")


@dataclass(frozen=True, slots=True)
class PyprojectSection:
    """What the section holds and where its keys stand; `problem` says why it cannot be read."""

    plain: dict[str, Any]
    places: Mapping[tuple[str, ...], SourceLocation]
    problem: str = ""


def read_pyproject(root: Path) -> PyprojectSection | None:
    """Return the section of the project in `root`, `None` where there is none.

    A file that says nothing of Pulpo is not judged, even if it is no TOML.
    """
    try:
        text = (root / PYPROJECT).read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError):
        return None
    places = dict(_places(text))
    if not places:
        return None
    places.setdefault((), min(places.values()))
    import tomllib  # most projects have no such section

    try:
        plain = tomllib.loads(text).get("tool", {}).get("pulpo", {})
    except (tomllib.TOMLDecodeError, RecursionError) as error:
        return PyprojectSection({}, places, str(error))
    return PyprojectSection(plain, places) if isinstance(plain, dict) else None


def _places(text: str) -> Iterator[tuple[tuple[str, ...], SourceLocation]]:
    """Yield where the headers and keys of the section stand, by a look at each line.

    Python's own reader of TOML tells no places. A line that looks like a key inside a text of
    several lines yields a place that nobody asks for.
    """
    inside: tuple[str, ...] | None = None
    for number, line in enumerate(text.split("\n"), start=1):
        header = _HEADER.match(line.rstrip("\r"))
        if header:
            inside = tuple(_bare(part) for part in _PART.findall(header.group(1) or ""))
            yield inside, SourceLocation(PYPROJECT, number, line.index("[") + 1)
        elif _OTHER_HEADER.match(line.rstrip("\r")):
            inside = None
        elif inside is not None:
            key = _KEY.match(line)
            if key:
                place = SourceLocation(PYPROJECT, number, key.start(1) + 1)
                yield (*inside, _bare(key.group(1))), place


def _bare(key: str) -> str:
    return key.strip("\"'")
