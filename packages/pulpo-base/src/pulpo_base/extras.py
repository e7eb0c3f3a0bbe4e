"""What to install, said where an optional part is imported without it."""

from __future__ import annotations

__all__ = ["needs_extra"]


def needs_extra(extra: str, error: ModuleNotFoundError) -> ModuleNotFoundError:
    """Return the error to raise where a library of `extra` is missing.

    A missing module of our own is no missing extra: that error is returned as it is.
    """
    name = error.name or "a library"
    if name.partition(".")[0].startswith("pulpo_"):
        return error
    return ModuleNotFoundError(
        f"{name} is not installed: pip install 'pulpo-base[{extra}]'", name=error.name
    )
