"""Names of what Pulpo keeps in a project."""

from __future__ import annotations

from typing import Final

__all__ = [
    "EVENTS",
    "EXTENSIONS",
    "GENERATED",
    "LOCK",
    "MANIFEST",
    "OVERRIDES",
    "STATE",
    "TEMPLATE_OVERRIDES",
]

#: The folder that is wholly ours, relative to the project.
GENERATED: Final = "run_cache"
#: The folder of what a project puts in the place of generated code or templates.
OVERRIDES: Final = "overrides"
#: Templates of the project that take the place of others of the same name.
TEMPLATE_OVERRIDES: Final = f"{OVERRIDES}/templates"
#: The group of entry points by which an installed package brings an extension.
EXTENSIONS: Final = "pulpo.extensions"
#: The list of generated files, relative to `GENERATED`.
MANIFEST: Final = ".manifest.json"
#: The folder of local state (database, logs, locks), relative to the project.
STATE: Final = ".pulpo"
#: What compiles tell of themselves, relative to `STATE`.
EVENTS: Final = "events.jsonl"
#: Held while the generated tree is written, relative to `STATE`.
LOCK: Final = "compile.lock"
