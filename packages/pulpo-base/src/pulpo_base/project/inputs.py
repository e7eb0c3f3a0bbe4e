"""What the user gives by name and by JSON: found or questioned, read, checked."""

from __future__ import annotations

import json
import sys
from collections.abc import Iterable, Mapping
from difflib import get_close_matches
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

from pulpo_base.project.errors import ProjectError

if TYPE_CHECKING:
    from pydantic import ValidationError

__all__ = ["find", "findings", "read_input", "suggestion"]

T = TypeVar("T")

#: Dotted names share much: with difflib's own 0.6 every operation of a flow would be named.
_LIKENESS = 0.75


def find(kind: str, name: str, known: Mapping[str, T], *, listing: str) -> T:
    """Return what `name` means. Raises `ProjectError` with a guess at what was meant.

    `kind` is what it is called (`"operation"`), `listing` the command that lists them all.
    """
    if name in known:
        return known[name]
    guess = suggestion(name, known)
    raise ProjectError(f"there is no {kind} {name!r}", hint=guess or f"see `{listing}`")


def suggestion(name: str, known: Iterable[str]) -> str:
    """Return "did you mean …?" for a name that is close to known ones, else an empty text."""
    names = list(known)
    # People also write only the last part of a dotted name.
    last = [other for other in names if other.rpartition(".")[2] == name]
    close = (last or get_close_matches(name, names, n=3, cutoff=_LIKENESS))[:3]
    return f"did you mean {' or '.join(close)}?" if close else ""


def read_input(text: str | None, path: Path | None) -> Any:
    """Return the JSON value of `--input` or `--input-file` (`-` is stdin), `None` for neither.

    Raises `ProjectError` for both at once, a file that cannot be read and text that is no JSON.
    """
    if text is not None and path is not None:
        raise ProjectError("--input and --input-file exclude each other", hint="give one of them")
    source = "--input"
    if path is not None:
        source = "stdin" if str(path) == "-" else str(path)
        text = sys.stdin.read() if source == "stdin" else _text(path)
    if text is None:
        return None
    try:
        return json.loads(text)
    except json.JSONDecodeError as error:
        raise ProjectError(
            f"{source} is no JSON: {error.msg} at line {error.lineno} column {error.colno}",
            hint="""write it as '{"field": "value"}', in single quotes for the shell""",
        ) from error


def _text(path: Path) -> str:
    try:
        return path.read_text(encoding="utf-8")
    except UnicodeDecodeError as error:
        raise ProjectError(f"{path} is no UTF-8 text") from error


def findings(error: ValidationError) -> list[str]:
    """Return one line per finding, `field.path: message`, without the rejected values."""
    found = error.errors(include_url=False, include_input=False, include_context=False)
    return [
        f"{'.'.join(str(part) for part in item['loc']) or 'input'}: {item['msg']}" for item in found
    ]
