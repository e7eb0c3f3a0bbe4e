"""Which output paths can exist, alone and side by side, on every file system."""

from __future__ import annotations

import re
import unicodedata

from pulpo_codegen.layout import MANIFEST

__all__ = ["collision_key", "unsafe_reason"]

#: Bytes of one path part; file systems allow 255, and editors add suffixes of their own.
_PART_BYTES = 200
_RESERVED = re.compile(r"(con|prn|aux|nul|com[0-9]|lpt[0-9])(\..*)?", re.IGNORECASE)
_FORBIDDEN = frozenset('\\:*?"<>|')


def unsafe_reason(path: str) -> str | None:
    """Return why `path` cannot be an output path, `None` where it can.

    An output path is POSIX, relative, and stays inside the generated tree.
    """
    if path == MANIFEST:
        return "is the manifest's own"
    return next((why for part in path.split("/") if (why := _unsafe_part(part))), None)


def _unsafe_part(part: str) -> str | None:
    if not part:
        return "is empty, absolute or has an empty part"
    if part in {".", ".."}:
        return "points out of the generated tree"
    if not part.isprintable() or _FORBIDDEN & set(part):
        return "holds characters that some file systems do not allow"
    if part[-1] in " ." or part[0] == " " or _RESERVED.fullmatch(part):
        return "is a name that some file systems do not allow"
    if len(part.encode("utf-8", "surrogatepass")) > _PART_BYTES:
        return f"has a part of more than {_PART_BYTES} bytes"
    return None


def collision_key(path: str) -> str:
    """Return what is equal for paths that are one file on some file system."""
    return unicodedata.normalize("NFC", unicodedata.normalize("NFC", path).casefold())
