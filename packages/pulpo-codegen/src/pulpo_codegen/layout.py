"""Names of what Pulpo keeps in a project."""

from __future__ import annotations

from typing import Final

__all__ = ["EVENTS", "GENERATED", "LOCK", "MANIFEST", "OVERRIDES", "STATE"]

#: The folder that is wholly ours, relative to the project.
GENERATED: Final = "run_cache"
#: The folder of what a project puts in the place of generated code or templates.
OVERRIDES: Final = "overrides"
#: The list of generated files, relative to `GENERATED`.
MANIFEST: Final = ".manifest.json"
#: The folder of local state (database, logs, locks), relative to the project.
STATE: Final = ".pulpo"
#: What compiles tell of themselves, relative to `STATE`.
EVENTS: Final = "events.jsonl"
#: Held while the generated tree is written, relative to `STATE`.
LOCK: Final = "compile.lock"
