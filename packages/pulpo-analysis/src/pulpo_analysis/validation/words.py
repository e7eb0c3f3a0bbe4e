"""The words that names are made of, and what little English the rules about names need."""

from __future__ import annotations

import re
from functools import cache

__all__ = ["is_plural", "listed", "pascal_case", "singular", "words_of"]

_WORD = re.compile(r"[A-Z]+(?![a-z])|[A-Z]?[a-z]+")


def listed(text: str) -> frozenset[str]:
    """Return the words of a text, for lists that are read more often than changed."""
    return frozenset(text.split())


#: Plurals without an -s.
_IRREGULAR = {
    "children": "child",
    "criteria": "criterion",
    "feet": "foot",
    "indices": "index",
    "men": "man",
    "people": "person",
    "women": "woman",
    "vertices": "vertex",
}

#: Words in -s that are no plural, or are both.
_SINGULAR_S = frozenset(
    [
        "access",
        "address",
        "always",
        "analysis",
        "atlas",
        "basis",
        "bias",
        "bonus",
        "bus",
        "business",
        "campus",
        "canvas",
        "census",
        "chaos",
        "chassis",
        "class",
        "compass",
        "congress",
        "consensus",
        "corpus",
        "crisis",
        "cross",
        "cms",
        "css",
        "diagnosis",
        "dns",
        "ethos",
        "express",
        "focus",
        "gas",
        "gps",
        "genius",
        "gross",
        "happiness",
        "https",
        "ios",
        "iris",
        "is",
        "its",
        "js",
        "kudos",
        "lens",
        "less",
        "likes",
        "loss",
        "mass",
        "news",
        "os",
        "pass",
        "plus",
        "press",
        "previous",
        "process",
        "progress",
        "radius",
        "sms",
        "series",
        "species",
        "sos",
        "status",
        "success",
        "surplus",
        "synopsis",
        "synthesis",
        "tennis",
        "thesis",
        "this",
        "tls",
        "toss",
        "tos",
        "tss",
        "us",
        "various",
        "versus",
        "virus",
        "vs",
        "was",
        "waters",
    ]
)

#: Plurals that people use for one text, one setting or one number.
_ONE_THING = frozenset(
    [
        "alias",
        "basics",
        "begins",
        "closes",
        "clothes",
        "comments",
        "contents",
        "credentials",
        "days",
        "details",
        "directions",
        "docs",
        "earnings",
        "ends",
        "expires",
        "findings",
        "goods",
        "graphics",
        "hours",
        "hyperparameters",
        "instructions",
        "logistics",
        "mathematics",
        "means",
        "metrics",
        "minutes",
        "months",
        "notes",
        "opens",
        "options",
        "parameters",
        "params",
        "physics",
        "points",
        "preferences",
        "proceeds",
        "properties",
        "regards",
        "remarks",
        "rights",
        "savings",
        "seconds",
        "settings",
        "specs",
        "stairs",
        "starts",
        "statistics",
        "stats",
        "terms",
        "thanks",
        "units",
        "weeks",
        "years",
    ]
)


@cache
def words_of(name: str) -> tuple[str, ...]:
    """Return the words of a snake_case, dotted or CamelCase name, in lower case; ASCII only.

    Six rules ask for the words of every name.
    """
    return tuple(found.group().lower() for found in _WORD.finditer(name))


def pascal_case(name: str) -> str:
    """Return an ASCII name as generators of clients write types: `order_line2` is `OrderLine2`."""
    words = _WORD.sub(lambda found: found.group().capitalize(), name)
    return "".join(char for char in words if char.isalnum())


#: Shorter words in -s (`gas`, `its`) are no plurals.
_SHORTEST_PLURAL = 4


def singular(word: str) -> str:
    """Return the singular of a plural word in lower case, or the word itself."""
    if word in _IRREGULAR:
        return _IRREGULAR[word]
    if word in _SINGULAR_S or len(word) < _SHORTEST_PLURAL or not word.endswith("s"):
        return word
    if word.endswith(("ss", "us", "is")):
        return word
    if word.endswith("ies"):
        return word[:-3] + "y"
    if word.endswith(("ches", "shes", "sses", "xes", "zes")):
        return word[:-2]
    return word[:-1]


def is_plural(word: str) -> bool:
    """Whether a word in lower case means several things and nothing else."""
    return singular(word) != word and word not in _ONE_THING
