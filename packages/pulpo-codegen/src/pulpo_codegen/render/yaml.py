"""Values of user code in YAML and TOML: always as double-quoted text."""

from __future__ import annotations

from pulpo_codegen.render.escapes import escaped
from pulpo_codegen.render.source import Source

__all__ = ["toml_str", "yaml_str"]


def yaml_str(text: str) -> Source:
    """Return `text` as a double-quoted YAML 1.2 scalar on one line.

    Lone surrogates, which YAML cannot express, become U+FFFD.
    """
    whole = text.encode("utf-16", "surrogatepass").decode("utf-16", "replace")
    return Source(f'"{escaped(whole, chr(34))}"')


def toml_str(text: str) -> Source:
    """Return `text` as a basic TOML string on one line."""
    # TOML 1.0 knows no \x escape.
    return Source(
        yaml_str(text).replace("\\\\", "\0").replace("\\x", "\\u00").replace("\0", "\\\\")
    )
