"""`FactCache`: the facts of files by content, so that a file is parsed once in its life."""

from __future__ import annotations

import contextlib
from pathlib import Path

from pulpo_analysis.cache.encoding import encoding_of
from pulpo_analysis.cache.store import Store
from pulpo_analysis.cache.version import code_version
from pulpo_analysis.discovery.facts import ModuleFacts

__all__ = ["FactCache"]


class FactCache:
    """The facts of one project's files."""

    def __init__(self, root: Path) -> None:
        """Use the cache of the project in `root`."""
        self._encoding = encoding_of(ModuleFacts)
        self._store = Store(root, "facts", code_version(self._encoding))

    def get(self, source: bytes, path: str, module: str) -> ModuleFacts | None:
        """Return the facts of that very source at that place, `None` where they are not kept."""
        data = self._store.get(source, path.encode(), module.encode())
        if data is not None:
            # What does not read as facts is worked out again, and written anew.
            with contextlib.suppress(ValueError):
                facts: ModuleFacts = self._encoding.decode(data)
                return facts
        return None

    def put(self, facts: ModuleFacts, source: bytes) -> None:
        """Keep the facts of a file."""
        # Facts too deep or too odd to be written are worked out each time.
        with contextlib.suppress(TypeError, ValueError, RecursionError):
            data = self._encoding.encode(facts)
            self._store.put(data, source, facts.path.encode(), facts.module.encode())

    def renew(self, source: bytes, path: str, module: str) -> None:
        """Count the facts of a file as used: its answers were, which are made of them."""
        self._store.renew(source, path.encode(), module.encode())

    def tidy(self) -> None:
        """Forget what is long out of use."""
        self._store.tidy()
