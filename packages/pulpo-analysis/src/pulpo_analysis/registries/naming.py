"""Names of the user's as identifiers of generated code."""

from __future__ import annotations

import keyword
import re
import unicodedata
from functools import lru_cache

__all__ = ["identifier", "is_path_segment", "lower_identifier", "snake_identifier"]

#: Between the words of a CamelCase name: `StockMovement`, `HTTPServer`.
_BETWEEN_WORDS = re.compile(r"(?<=[a-z0-9])(?=[A-Z])|(?<=[A-Z])(?=[A-Z][a-z])")


@lru_cache(maxsize=10_000)
def identifier(name: str) -> str:
    """Return the Python identifier that stands for a name in generated code.

    Characters that no identifier has become `_`, a leading digit gets one before it and a
    keyword one behind: `orders.class` is `orders_class`, `class` is `class_`. Python compares
    identifiers in the form NFKC (https://docs.python.org/3/reference/lexical_analysis.html), so
    that is the form returned.
    """
    text = name
    if not (name.isascii() and name.isidentifier()):
        normal = unicodedata.normalize("NFKC", name)
        text = "".join(char if f"_{char}".isidentifier() else "_" for char in normal)
    if not text.isidentifier():
        text = f"_{text}"
    return f"{text}_" if keyword.iskeyword(text) or keyword.issoftkeyword(text) else text


def lower_identifier(name: str) -> str:
    """Return `identifier` of a name in lower case, as modules have it: `Return` is `return_`."""
    return identifier(unicodedata.normalize("NFKC", name).lower())


def snake_identifier(name: str) -> str:
    """Return `lower_identifier` with `_` between words: `StockMovement` is `stock_movement`."""
    return lower_identifier(_BETWEEN_WORDS.sub("_", unicodedata.normalize("NFKC", name)))


def is_path_segment(name: str) -> bool:
    """Return whether a name can stand in a URL's path and on a command line as it is."""
    return bool(name) and all(char.isalnum() or char in "._-" for char in name)
