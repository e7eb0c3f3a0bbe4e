"""`Bundle`: the closed list of files that a built UI consists of."""

from __future__ import annotations

import gzip
from dataclasses import dataclass
from functools import cached_property, lru_cache
from html import escape
from pathlib import Path, PurePosixPath
from typing import Final

__all__ = ["Asset", "Bundle"]

INDEX: Final = "index.html"
#: What the page of a bundle says of itself; it is where the application is served instead.
_BASE: Final = '<base href="./" />'
#: Where the page says what its script has to know before it begins.
_CONFIG: Final = '<meta name="ui-config" />'
_TYPES: Final = {
    ".css": "text/css; charset=utf-8",
    ".html": "text/html; charset=utf-8",
    ".js": "text/javascript; charset=utf-8",
    ".json": "application/json",
    ".png": "image/png",
    ".svg": "image/svg+xml",
    ".webp": "image/webp",
    ".woff2": "font/woff2",
}
_COMPRESSED: Final = (".css", ".js", ".svg")


@dataclass(frozen=True, slots=True)
class Asset:
    """A file of the bundle as it is sent; `compressed` is gzip, `None` where that gains nothing."""

    media_type: str
    content: bytes
    compressed: bytes | None


class Bundle:
    """The files below a folder, found once: what is added later, or lies elsewhere, is not served.

    Files are read when they are first asked for and stay in memory.
    """

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._files = {
            path.relative_to(folder).as_posix(): path
            for path in sorted(folder.rglob("*"))
            if path.suffix in _TYPES and path.is_file() and not path.is_symlink()
        }
        self._asset = lru_cache(maxsize=None)(self._read)

    @property
    def is_there(self) -> bool:
        """Whether the bundle has a page."""
        return INDEX in self._files

    def page(self, prefix: str, config: str) -> bytes:
        """Return the page for an application that is served below `prefix` (`/shop`, or nothing).

        Everything that the page loads, and each of its links, is relative to its base. `config` is
        what its script has to know before it begins, as JSON.
        """
        base = f'<base href="{escape(prefix)}/" />'
        known = f'<meta name="ui-config" content="{escape(config)}" />'
        return self._page.replace(_BASE, base, 1).replace(_CONFIG, known, 1).encode()

    def asset(self, name: str) -> Asset | None:
        """Return a file by its path in the bundle; `None` for what is no part of it."""
        return self._asset(name) if name in self._files else None

    @cached_property
    def _page(self) -> str:
        return self._files[INDEX].read_text("utf-8")

    def _read(self, name: str) -> Asset:
        suffix = PurePosixPath(name).suffix
        content = self._files[name].read_bytes()
        compressed = gzip.compress(content, mtime=0) if suffix in _COMPRESSED else None
        return Asset(_TYPES[suffix], content, compressed)
