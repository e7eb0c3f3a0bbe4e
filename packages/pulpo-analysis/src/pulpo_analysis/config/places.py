"""What places in the configuration are called."""

from __future__ import annotations

from typing import Final

__all__ = ["CONFIG_FILE", "SNAPSHOT_FILE", "Path_"]

CONFIG_FILE = ".pulpo.yml"
#: Where the snapshot of a project is kept, relative to its root.
SNAPSHOT_FILE: Final = ".pulpo/graph.json"

#: The keys, and the indexes of list items, that lead to a value.
Path_ = tuple[str, ...]
