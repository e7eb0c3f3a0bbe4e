"""What places in the configuration are called."""

from __future__ import annotations

__all__ = ["CONFIG_FILE", "Path_"]

CONFIG_FILE = ".pulpo.yml"

#: The keys, and the indexes of list items, that lead to a value.
Path_ = tuple[str, ...]
