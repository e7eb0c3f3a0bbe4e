"""Values of user code as Python source, laid out as `ruff format` lays them out."""

from __future__ import annotations

import inspect
import keyword
import math
from collections.abc import Iterator, Sequence
from typing import Final

from pulpo_codegen.render.escapes import columns, escaped
from pulpo_codegen.render.source import Source

__all__ = ["LINE_LENGTH", "docstring", "py", "py_comment", "py_name", "py_path"]

LINE_LENGTH: Final = 100
_STEP: Final = 4
_BRACKETS: Final[dict[type, tuple[str, str]]] = {
    tuple: ("(", ")"),
    list: ("[", "]"),
    dict: ("{", "}"),
}


def py(value: object, *, indent: int | None = None) -> Source:
    """Return a literal of `value`: text, number, bool, `None`, or tuple, list, dict of these.

    With `indent` (in characters) a container that is not empty has one item a line, the closing
    bracket at that indent; its items, and a tuple of one, are broken only where a line would
    pass `LINE_LENGTH`. A dict keeps its order, so the caller decides on one that never varies.

    Raises `TypeError` for a value of any other type: enumerations among them, whose literal is
    no literal, and sets, which have no order.
    """
    return Source(_flat(value) if indent is None else _exploded(value, indent))


def py_name(name: str) -> Source:
    """Return `name` where Python takes it as an identifier, otherwise raise `ValueError`."""
    if not name.isidentifier() or keyword.iskeyword(name):
        raise ValueError(f"{name!r:.80} is no Python name")
    return Source(name)


def py_path(dotted: str) -> Source:
    """Return a dotted name such as a module's, otherwise raise `ValueError`."""
    return Source(".".join(py_name(part) for part in dotted.split(".")))


def py_comment(text: str) -> Source:
    """Return `text` on one line, for use after `# `."""
    return Source(escaped(" ".join(text.split())))


def docstring(text: str, indent: int = 0) -> Source:
    """Return `text` as a docstring, quotes included, following lines at `indent` characters.

    A text of several lines has its closing quotes on a line of their own.
    """
    lines = [_docstring_line(line) for line in inspect.cleandoc(text).split("\n")]
    while lines and not lines[-1]:
        lines.pop()
    if len(lines) <= 1:
        only = lines[0] if lines else ""
        if only.endswith('"'):
            only = only[:-1] + '\\"'
        return Source(f'"""{_opening(only)}"""')
    margin = " " * indent
    rest = [margin + line if line else "" for line in lines[1:]]
    return Source("\n".join([f'"""{_opening(lines[0])}', *rest, f'{margin}"""']))


def _opening(line: str) -> str:
    return "\\" + line if line.startswith('"') else line


def _docstring_line(line: str) -> str:
    return escaped(line.expandtabs(_STEP).rstrip()).replace('"""', '\\"\\"\\"')


def _flat(value: object) -> str:
    kind = type(value)
    if kind is str or kind is Source:
        return _text(str(value))
    if value is None or kind is bool or kind is int:
        return repr(value)
    if isinstance(value, float):
        return _float(value)
    opening, closing = _brackets(value)
    items = [before + _flat(item) for before, item in _items(value)]
    only_one = "," if isinstance(value, tuple) and len(items) == 1 else ""
    return f"{opening}{', '.join(items)}{only_one}{closing}"


def _exploded(value: object, indent: int) -> str:
    if not isinstance(value, tuple | list | dict) or not value:
        return _flat(value)
    if isinstance(value, tuple) and len(value) == 1:
        # The comma of a tuple of one is no wish for lines of its own.
        flat = _within(value, LINE_LENGTH - indent)
        if flat is not None:
            return flat
    opening, closing = _brackets(value)
    inner = " " * (indent + _STEP)
    room = LINE_LENGTH - len(inner) - len(",")
    lines = [opening]
    for before, item in _items(value):
        text = _within(item, room - columns(before))
        if text is None:
            text = _exploded(item, indent + _STEP)
        lines.append(f"{inner}{before}{text},")
    return "\n".join([*lines, " " * indent + closing])


def _within(value: object, room: int) -> str | None:
    """Return a literal on one line, `None` as soon as it is wider than `room` columns."""
    if not isinstance(value, tuple | list | dict):
        text = _flat(value)
        return text if columns(text) <= room else None
    opening, closing = _brackets(value)
    if isinstance(value, tuple) and len(value) == 1:
        closing = f",{closing}"
    room -= len(opening) + len(closing)
    texts: list[str] = []
    for before, item in _items(value):
        between = f", {before}" if texts else before
        room -= columns(between)
        flat = _within(item, room)
        if flat is None:
            return None
        room -= columns(flat)
        texts.append(between + flat)
    return f"{opening}{''.join(texts)}{closing}" if room >= 0 else None


def _brackets(value: object) -> tuple[str, str]:
    if type(value) in _BRACKETS:
        return _BRACKETS[type(value)]
    raise TypeError(f"{type(value).__name__} has no literal: {value!r:.80}")


def _items(value: object) -> Iterator[tuple[str, object]]:
    """Yield each item with what stands before it."""
    if isinstance(value, dict):
        for key, item in value.items():
            yield f"{_flat(key)}: ", item
    elif isinstance(value, Sequence):
        for item in value:
            yield "", item


def _text(value: str) -> str:
    # Double quotes unless that costs more escapes than single ones.
    quote = "'" if value.count('"') > value.count("'") else '"'
    return f"{quote}{escaped(value, quote)}{quote}"


def _float(value: float) -> str:
    if math.isfinite(value):
        return repr(value).replace("e+", "e")
    return f'float("{value!r}")'
