"""What the user gives by name and by JSON: found or questioned, read, checked."""

from __future__ import annotations

import json
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

from pulpo_base.project.errors import ProjectError
from pulpo_base.suggestions import did_you_mean

if TYPE_CHECKING:
    from pydantic import ValidationError

__all__ = ["find", "findings", "read_input"]

T = TypeVar("T")


def find(kind: str, name: str, known: Mapping[str, T], *, listing: str) -> T:
    """Return what `name` means. Raises `ProjectError` with a guess at what was meant.

    `kind` is what it is called (`"operation"`), `listing` the command that lists them all.
    """
    if name in known:
        return known[name]
    guess = did_you_mean(name, known)
    raise ProjectError(f"there is no {kind} {name!r}", hint=guess or f"see `{listing}`")


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
