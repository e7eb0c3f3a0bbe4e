"""“Did you mean …?”, for every name that is not known."""

from __future__ import annotations

from collections.abc import Iterable

__all__ = ["did_you_mean"]

#: A longer name was not mistyped, and comparing takes a time that grows with its square.
_LONGEST = 100
_MOST = 3
#: difflib's own, and what dotted names need: those of one flow share much.
_LIKENESS = 0.6
_LIKENESS_DOTTED = 0.75


def did_you_mean(name: str, known: Iterable[str]) -> str:
    """Return `did you mean 'x'?` where a known name is near, an empty text otherwise.

    The last part of dotted names counts as each of them.
    """
    if len(name) > _LONGEST:
        return ""
    from difflib import get_close_matches  # here: most processes meet no unknown name

    names = list(known)
    near = [other for other in names if "." in other and other.rpartition(".")[2] == name][:_MOST]
    likeness = _LIKENESS_DOTTED if "." in name else _LIKENESS
    near = near or get_close_matches(name, names, n=1, cutoff=likeness)
    return f"did you mean {' or '.join(map(repr, near))}?" if near else ""
