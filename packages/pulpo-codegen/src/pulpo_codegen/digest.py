"""The hash by which contents are compared."""

from __future__ import annotations

import hashlib

__all__ = ["sha256"]


def sha256(data: bytes) -> str:
    """Return the SHA-256 of `data` in hexadecimal."""
    return hashlib.sha256(data).hexdigest()
