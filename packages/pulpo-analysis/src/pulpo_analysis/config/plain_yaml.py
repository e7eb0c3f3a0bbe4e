"""Reads the YAML that configuration files are mostly made of; anything else is PyYAML's.

Importing PyYAML alone takes a quarter of the time that `pulpo models` may take. Sections, in them
keys with text, a number or a list, and comments: that much is read here, and only where YAML
leaves no doubt what it means.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import Any

__all__ = ["PlainYaml", "read_plain"]

#: Text begins with a letter; no character follows that YAML might take for something else.
_TEXT = r"[A-Za-z][\w./+@*;,()!?'-]*(?: [\w./+@*;,()!?'-]+)*"
_ITEM = re.compile(r'[A-Za-z][\w./+@*-]*|"[^"\\]*"|0|[1-9]\d{0,8}', re.ASCII)
_LINE = re.compile(
    rf"(?P<indent> *)"
    rf"(?:- (?P<item>{_ITEM.pattern})|(?P<key>[a-z_]+):(?: +(?P<value>"
    rf"(?P<list>\[(?: *(?:{_ITEM.pattern})(?: *, *(?:{_ITEM.pattern}))*)? *\])"
    rf"|{_ITEM.pattern}|{_TEXT}))?)"
    r" *(?: #.*)?",
    re.ASCII,
)
#: Words that YAML 1.1 takes for something else than text.
_NO_TEXT = frozenset({"y", "n", "yes", "no", "on", "off", "true", "false", "null"})


@dataclass(slots=True)
class PlainYaml:
    """A mapping, and the line and column (from 1) of each key and list item by its path."""

    value: dict[str, Any] = field(default_factory=dict)
    places: dict[tuple[str, ...], tuple[int, int]] = field(default_factory=dict)


def read_plain(text: str) -> PlainYaml | None:
    """Return what simple YAML says, `None` where it takes a whole YAML reader to know."""
    reader = _Reader()
    if not text.isascii():
        return None
    try:
        for number, line in enumerate(text.split("\n"), start=1):
            if line.strip(" ") and not line.lstrip(" ").startswith("#"):
                reader.line(number, line)
    except _NotSimpleError:
        return None
    return reader.answer if reader.answer.value else None


class _NotSimpleError(Exception):
    """A line whose meaning depends on more than is known here."""


@dataclass(slots=True)
class _Reader:
    answer: PlainYaml = field(default_factory=PlainYaml)
    section: str = ""
    #: The indents of the section's keys, and of the list below the last of them.
    indent: int = 0
    listed: int = 0
    key: str = ""

    def line(self, number: int, line: str) -> None:
        match = _LINE.fullmatch(line)
        if match is None:
            raise _NotSimpleError
        indent = len(match["indent"])
        if match["item"] is not None:
            self._item(number, indent, match["item"])
        elif indent == 0 and match["value"] is None:
            self.section, self.indent, self.key = match["key"], 0, ""
            self._put(self.answer.value, (self.section,), None, number, 1)
        else:
            self._setting(number, match)

    def _setting(self, number: int, match: re.Match[str]) -> None:
        indent = len(match["indent"])
        if not self.section or not indent or indent != (self.indent or indent):
            raise _NotSimpleError
        self.indent, self.listed = indent, 0
        section = self.answer.value[self.section]
        if section is None:
            section = self.answer.value[self.section] = {}
        self.key = match["key"] if match["value"] is None else ""
        path = (self.section, match["key"])
        value: Any = [] if match["list"] else match["value"] and _scalar(match["value"])
        self._put(section, path, value, number, indent + 1)
        if match["list"]:
            for index, item in enumerate(_ITEM.finditer(match["list"])):
                value.append(_scalar(item[0]))
                column = match.start("list") + item.start() + 1
                self.answer.places[*path, str(index)] = (number, column)

    def _item(self, number: int, indent: int, text: str) -> None:
        if not self.key or indent < self.indent or indent != (self.listed or indent):
            raise _NotSimpleError
        self.listed = indent
        section = self.answer.value[self.section]
        items = section[self.key] = section[self.key] or []
        path = (self.section, self.key, str(len(items)))
        items.append(_scalar(text))
        self.answer.places[path] = (number, indent + 3)

    def _put(
        self, holder: dict[str, Any], path: tuple[str, ...], value: Any, number: int, column: int
    ) -> None:
        if path[-1] in holder or path[-1] in _NO_TEXT:
            raise _NotSimpleError
        holder[path[-1]] = value
        self.answer.places[path] = (number, column)


def _scalar(text: str) -> str | int:
    if text[0] == '"':
        return text[1:-1]
    if text.isdigit():
        return int(text)
    if text.lower() in _NO_TEXT:
        raise _NotSimpleError
    return text
