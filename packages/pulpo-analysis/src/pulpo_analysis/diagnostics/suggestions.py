"""“Did you mean …”, for every unknown name."""

from __future__ import annotations

from collections.abc import Iterable

__all__ = ["did_you_mean", "only_near"]

#: How alike two words are of which one is meant to be the other.
_SURE = 0.8

#: How many known words a hint lists before it breaks off.
_SHOWN = 8


def did_you_mean(word: str, known: Iterable[str]) -> str:
    """Return a hint that names the nearest known word, or the known words where none is near."""
    names = sorted(set(known))
    folded = {name.casefold(): name for name in names}
    near = _close(word.casefold(), folded, count=1, cutoff=0.6)
    if near:
        return f"did you mean {folded[near[0]]!r}?"
    if not names:
        return ""
    shown = ", ".join(names[:_SHOWN]) + (", …" if len(names) > _SHOWN else "")
    return f"known: {shown}"


def only_near(word: str, known: Iterable[str]) -> str | None:
    """Return the one known word that a misspelt one can mean, `None` for none or several."""
    near = _close(word, sorted(set(known)), count=2, cutoff=_SURE)
    return near[0] if len(near) == 1 else None


def _close(word: str, known: Iterable[str], *, count: int, cutoff: float) -> list[str]:
    import difflib  # here, because most runs meet no unknown name

    return difflib.get_close_matches(word, known, n=count, cutoff=cutoff)
