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
            gc.enable()
