"""Values as TypeScript writes them."""

from __future__ import annotations

import json

from pulpo_codegen.render.source import Source

__all__ = ["ts"]


def ts(value: str | int | bool | None) -> Source:
    """Return a value as TypeScript writes it; characters outside ASCII are escaped."""
    return Source(json.dumps(value))
