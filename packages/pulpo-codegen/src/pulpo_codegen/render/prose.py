"""What a docstring says to people who do not call the function in Python."""

from __future__ import annotations

import re
from collections.abc import Callable
from itertools import zip_longest

__all__ = ["prose", "summary"]

# Google's sections, NumPy's and Sphinx's fields: types and errors, which OpenAPI and Prefect have
# in forms of their own.
_HEADING = re.compile(r"(Args|Arguments|Parameters|Returns|Raises|Yields):?\s*")
_UNDERLINE = re.compile(r"-{3,}\s*")
_FIELD = re.compile(r":(param|type|returns?|rtype|raises?)\b.*:.*")


def summary(description: str) -> str:
    """Return its first line."""
    return description.strip().partition("\n")[0].strip()


def prose(description: str) -> str:
    """Return a docstring without its sections of arguments, results and errors.

    A section goes from its heading to the next line that is not indented, an underlined one to the
    next underlined heading, a field to the end of what is indented below it.
    """
    lines = description.strip().splitlines()
    kept: list[str] = []
    is_over: Callable[[str, str], bool] | None = None  # with the section that is left out
    for line, below in zip_longest(lines, lines[1:], fillvalue=""):
        if _HEADING.fullmatch(line) and _UNDERLINE.fullmatch(below):
            is_over = _at_heading
        elif _HEADING.fullmatch(line) or _FIELD.fullmatch(line):
            is_over = _at_margin
        elif is_over is None or is_over(line, below):
            is_over = None
            kept.append(line)
    return re.sub(r"\n{3,}", "\n\n", "\n".join(kept)).strip()


def _at_margin(line: str, _below: str) -> bool:
    return bool(line.strip()) and not line[0].isspace()


def _at_heading(line: str, below: str) -> bool:
    return bool(line.strip()) and bool(_UNDERLINE.fullmatch(below))
