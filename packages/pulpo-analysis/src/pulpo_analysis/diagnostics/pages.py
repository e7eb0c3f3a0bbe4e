"""The page of each code: what the rule means, why it is there, and how to mend it."""

from __future__ import annotations

import re
from importlib.resources import files

__all__ = ["explanation"]

_CODE = re.compile(r"PL[A-Z][0-9]{3}")


def explanation(code: str) -> str:
    """Return the Markdown page of a code, in whatever case it is written.

    The pages hold the codes of later phases, too (`PLW`: writing files, `PLE00x`: extensions).
    Raises `KeyError` for a code that does not exist.
    """
    name = code.upper()
    page = files(__package__).joinpath("pages", f"{name}.md")
    if not _CODE.fullmatch(name) or not page.is_file():
        raise KeyError(name)
    return page.read_text(encoding="utf-8")
