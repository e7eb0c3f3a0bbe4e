"""The garbage collector, put off while much is made of which nothing is garbage."""

from __future__ import annotations

import gc
from collections.abc import Iterator
from contextlib import contextmanager

__all__ = ["collector_paused"]


@contextmanager
def collector_paused() -> Iterator[None]:
    """Do not look for cycles meanwhile.

    Facts and specs are trees: reference counts free what is not needed. The collector walks all
    of them again and again for nothing, which doubles the cost of a large project.
    """
    enabled = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if enabled:
            _take_as_old()
            gc.enable()


def _take_as_old() -> None:
    """Move what is new to the oldest generation, which costs nothing.

    The collector would otherwise walk through all of it at once, as soon as it may.
    """
    if not gc.get_freeze_count():  # what somebody else has frozen must stay so
        gc.freeze()
        gc.unfreeze()
