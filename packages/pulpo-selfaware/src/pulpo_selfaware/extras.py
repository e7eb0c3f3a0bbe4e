"""Saying which extra of the distribution a missing import belongs to."""

from __future__ import annotations

from typing import NoReturn

__all__ = ["raise_missing"]


def raise_missing(feature: str, extra: str, cause: ImportError) -> NoReturn:
    """Raise an ImportError that says how to install what `feature` needs."""
    msg = f"{feature} needs the extra {extra!r}: pip install 'pulpo-selfaware[{extra}]'"
    raise ImportError(msg, name=cause.name) from cause
