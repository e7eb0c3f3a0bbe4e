"""The last answer about a project, for as long as nothing that it was made of has changed."""

from __future__ import annotations

import contextlib
import hashlib
from pathlib import Path
from typing import Generic, TypeVar

from pulpo_analysis.cache.encoding import encoding_of
from pulpo_analysis.cache.store import Store
from pulpo_analysis.cache.version import code_version
from pulpo_analysis.config.loading import LoadedConfig
from pulpo_analysis.discovery.files import source_roots, source_tree
from pulpo_analysis.discovery.override_facts import API_OVERRIDES

__all__ = ["Kept", "state_of"]

T = TypeVar("T")

#: Files besides the sources that may say how a project is judged.
_JUDGED_BY = (".pulpo.yml", "pyproject.toml")


class Kept(Generic[T]):
    """The answer of one kind about one project in its present state, if there has been one."""

    def __init__(
        self,
        root: Path,
        state: bytes,
        kind: str,
        shape: type[T],
        *,
        also: tuple[Path, ...] = (),
    ) -> None:
        """Look nothing up yet; for a `state` that is not known (`state_of`), nothing is kept.

        `kind` names the folder of such answers, `shape` the dataclass that they are, `also` folders
        of code besides ours and `pulpo_base`'s that make them.
        """
        self._state = state
        self._encoding = encoding_of(shape)
        self._store = Store(root, kind, code_version(self._encoding, also), spare=3)

    def get(self) -> T | None:
        """Return the answer, `None` where it has to be worked out."""
        data = self.encoded()
        if data is not None:
            with contextlib.suppress(ValueError):
                answer: T = self._encoding.decode(data)
                return answer
        return None

    def encoded(self) -> bytes | None:
        """Return the answer as it is kept, `None` where it is not."""
        return self._store.get(self._state) if self._state else None

    def put(self, answer: T) -> None:
        """Keep an answer."""
        if not self._state:
            return
        with contextlib.suppress(TypeError, ValueError, RecursionError):
            self._store.put(self._encoding.encode(answer), self._state)
            self._store.tidy()


def state_of(root: Path, loaded: LoadedConfig) -> bytes:
    """Return a digest of every file that an answer is made of.

    Empty where some of that cannot be read, or the configuration is wrong.
    """
    config = loaded.config
    tree = source_tree(root, config.discovery)
    if tree.diagnostics or loaded.diagnostics:
        return b""
    digest = hashlib.blake2b(f"{root.name}\n{source_roots(root, config.discovery)}".encode())
    try:
        for file in tree.files:
            source = file.read()
            digest.update(f"{file.relative}\n{file.module}\n{len(source)}\n".encode())
            digest.update(source)
        # Overrides count wherever the source roots are.
        overrides = sorted((root / API_OVERRIDES).glob("*.py"))
        for path in (*(root / name for name in _JUDGED_BY), *overrides):
            text = path.read_bytes() if path.is_file() else b""
            digest.update(f"{path.name}\n{len(text)}\n".encode())
            digest.update(text)
    except (OSError, ValueError):
        return b""
    return digest.digest()
