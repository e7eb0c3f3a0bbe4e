"""The page of each code: what the rule means, why it is there, and how to mend it."""

from __future__ import annotations

from importlib.resources import files

from pulpo_analysis.diagnostics.catalogue import CATALOGUE

__all__ = ["explanation"]


def explanation(code: str) -> str:
    """Return the Markdown page of a code.

    Raises `KeyError` for a code that does not exist.
    """
    rule = CATALOGUE[code.upper()]
    return files(__package__).joinpath("pages", f"{rule.code}.md").read_text(encoding="utf-8")
