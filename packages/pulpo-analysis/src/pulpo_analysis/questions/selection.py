"""The selection grammar: how every command that takes several things is told which.

    selection = term { ("," | space) term }
    term      = [ "+" ] atom [ "+" ]
    atom      = pattern | method ":" value

`docs/selection.md` says what each of them selects.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum

from pulpo_analysis.diagnostics.suggestions import did_you_mean

__all__ = ["Method", "SelectionError", "Term", "parse_selection"]

_TERM = re.compile(r"[^\s,]+")


class Method(StrEnum):
    """How the value of a term is understood."""

    NAME = "name"
    """A pattern of model, operation and flow names: what a term without a method is."""
    TAG = "tag"
    CATEGORY = "category"
    MODEL = "model"
    """A model, and every operation that touches it."""
    OPERATION = "operation"
    FLOW = "flow"
    CHANGED = "changed"
    """What differs from a git revision."""


class SelectionError(ValueError):
    """A selection that cannot be read, or that names what does not exist.

    `position` counts the characters of the selection from 1; `hint` says what to do.
    """

    def __init__(self, problem: str, text: str, position: int, hint: str = "") -> None:
        where = f", at character {position}" if position > 1 else ""
        super().__init__(f"selection {text!r}{where}: {problem}")
        self.position = position
        self.hint = hint


@dataclass(frozen=True, slots=True)
class Term:
    """One term of a selection: `upstream` for a `+` before it, `downstream` for one behind.

    `text` is the whole selection and `position` where in it the term starts, from 1.
    """

    method: Method
    value: str
    upstream: bool = False
    downstream: bool = False
    text: str = ""
    position: int = 1

    def error(self, problem: str, hint: str = "") -> SelectionError:
        """Return an error that points at this term."""
        return SelectionError(problem, self.text, self.position, hint)


def parse_selection(arguments: Iterable[str]) -> tuple[Term, ...]:
    """Return the terms of a selection that is given as one or several words.

    Raises `SelectionError` for what the grammar does not allow.
    """
    text = " ".join(arguments)
    return tuple(_term(found.group(), text, found.start() + 1) for found in _TERM.finditer(text))


def _term(written: str, text: str, position: int) -> Term:
    atom = written.removeprefix("+")
    upstream = len(atom) < len(written)
    start = position + upstream
    downstream = atom.endswith("+")
    atom = atom.removesuffix("+")
    if not atom:
        raise SelectionError("`+` needs a name", text, position, "as in `+orders.pay` or `Order+`")
    if atom.startswith("+") or atom.endswith("+"):
        hint = "one `+` takes everything before, or everything behind"
        raise SelectionError(f"{written!r} has too many `+`", text, position, hint)
    method, value = _method(atom, text, start)
    return Term(method, value, upstream, downstream, text, position)


def _method(atom: str, text: str, start: int) -> tuple[Method, str]:
    word, colon, value = atom.partition(":")
    if not colon:
        return Method.NAME, atom
    methods = [method.value for method in Method if method is not Method.NAME]
    if word not in methods:
        raise SelectionError(f"unknown method {word!r}", text, start, did_you_mean(word, methods))
    if not value:
        position = start + len(word) + 1
        raise SelectionError(f"nothing behind `{word}:`", text, position, f"as in `{word}:x`")
    return Method(word), value
