"""Scalars as Python source: what a `FieldSpec` holds as its default."""

from __future__ import annotations

import math
from enum import Enum
from typing import Any

__all__ = ["python_literal"]


def python_literal(value: Any) -> str | None:
    """Return a scalar as Python source as formatters write it, `None` for anything else."""
    if isinstance(value, Enum) or (isinstance(value, float) and not math.isfinite(value)):
        return None
    if value is None or isinstance(value, bool | int | float):
        return repr(value)
    if isinstance(value, str):
        return _quoted(value)
    return None


def _quoted(text: str) -> str:
    """Return a literal: double quotes unless single ones cost less, nothing invisible in it."""
    quote = "'" if text.count('"') > text.count("'") else '"'
    written = (
        f"\\{char}"
        if char in {quote, "\\"}
        else char
        if char.isprintable()
        else char.encode("unicode_escape").decode("ascii")
        for char in text
    )
    return f"{quote}{''.join(written)}{quote}"
