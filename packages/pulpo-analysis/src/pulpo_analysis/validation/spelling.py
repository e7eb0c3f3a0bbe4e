"""Rules about misspelt words in names.

A dictionary of English is megabytes, and knows no product's own words. Instead a word is
suspected where it is on a short list of common misspellings, or where it is one slip of the
fingers away from a word that the project itself uses far more often.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator
from functools import cache
from pathlib import Path

from pulpo_analysis.diagnostics.catalogue import finding
from pulpo_analysis.diagnostics.diagnostic import Diagnostic
from pulpo_analysis.registries.app import AppSpec
from pulpo_analysis.validation.words import listed, words_of
from pulpo_base.specs import ModelSpec, SchemaSpec, SourceLocation

__all__ = ["spelt_models", "spelt_operations"]

#: A word this often used is meant; one used once may be a slip.
_OFTEN = 3
_SHORTEST = 5

#: Words that are a slip away from others, and are words themselves.
_WORDS = listed(
    """
    angel angle bread beard breadth breath casual causal calm clam choose chose cloth cloths coma
    comma contact contract costumer country county dairy desert dessert diary diner dinner expand
    expend field filed infect insect latter letter loose lose manor minor moral morale order planed
    planer planned planner quiet quite sacred scared signal silver single sliver super supper
    through though tired tried trail trial united untied
    """
)


def spelt_models(app: AppSpec) -> Iterator[Diagnostic]:
    """PLM023: words in names of models and fields are spelt right."""
    right = _corrections(app)
    for record in _records(app):
        yield from _misspelt("PLM023", record.qualname, record.location, right)
        for spec in record.fields:
            if spec.location is not None:
                yield from _misspelt("PLM023", spec.name, spec.location, right)


def spelt_operations(app: AppSpec) -> Iterator[Diagnostic]:
    """PLO037: words in names of operations are spelt right."""
    right = _corrections(app)
    for operation in app.operations:
        yield from _misspelt("PLO037", operation.name, operation.location, right)


def _misspelt(
    code: str, name: str, place: SourceLocation, right: dict[str, str]
) -> Iterator[Diagnostic]:
    for word in dict.fromkeys(words_of(name)):
        if word in right:
            yield finding(
                code,
                f"{word!r} in {name!r} looks misspelt",
                place,
                hint=f"did you mean {right[word]!r}?",
            )


def _corrections(app: AppSpec) -> dict[str, str]:
    """Return the words of a project that look misspelt, each with what it may be meant to be."""
    counts = Counter(word for name in _names(app) for word in dict.fromkeys(words_of(name)))
    often = {word for word, count in counts.items() if count >= _OFTEN}
    slips: dict[str, str] = {}
    for word in sorted(often):
        if len(word) >= _SHORTEST:
            for slip in _slips(word):
                slips.setdefault(slip, word)
    known = _common()
    return {
        word: known.get(word) or slips[word]
        for word, count in counts.items()
        if word in known or (count == 1 and word in slips and word not in _WORDS)
    }


def _records(app: AppSpec) -> tuple[ModelSpec | SchemaSpec, ...]:
    return (*app.models, *app.schemas)


def _names(app: AppSpec) -> Iterable[str]:
    for record in _records(app):
        yield record.qualname
        yield from (spec.name for spec in record.fields)
    yield from (operation.name for operation in app.operations)


def _slips(word: str) -> Iterator[str]:
    """Yield what becomes of a word when two letters change places, or one is left out or doubled.

    The first and the last letter stay: `orders` is no slip of `order`.
    """
    for index in range(1, len(word) - 1):
        yield word[:index] + word[index + 1 :]
        yield word[:index] + word[index] + word[index:]
        if index < len(word) - 2 and word[index] != word[index + 1]:
            yield word[:index] + word[index + 1] + word[index] + word[index + 2 :]


@cache
def _common() -> dict[str, str]:
    """Return common misspellings, each with the word that is meant."""
    # Not `importlib.resources`, which imports what reads packages in archives.
    text = Path(__file__).with_name("misspellings.txt").read_text(encoding="utf-8")
    lines = (line for line in text.splitlines() if not line.startswith("#"))
    return {wrong: right for wrong, _, right in (line.partition(" ") for line in lines)}
