"""Values and comments as TypeScript writes them."""

from __future__ import annotations

import json

from pulpo_codegen.render.escapes import escaped
from pulpo_codegen.render.source import Source

__all__ = ["ts", "ts_comment"]


def ts(value: str | int | bool | None) -> Source:
    """Return a value as TypeScript writes it; characters outside ASCII are escaped."""
    return Source(json.dumps(value))


def ts_comment(text: str) -> Source:
    """Return a text that stands in a comment of one line, or in one between `/**` and `*/`."""
    return Source(escaped(" ".join(text.split())).replace("*/", "* /"))
