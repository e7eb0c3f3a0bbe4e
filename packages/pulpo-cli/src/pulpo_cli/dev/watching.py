"""Which changes of a project's files are worth a compile."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from pathlib import Path, PurePath

__all__ = ["changes"]

#: Folders that hold nothing of the user's, wherever they are.
_SKIPPED = frozenset({"__pycache__", "node_modules", "run_cache", "site-packages", "venv"})
_READ = frozenset({".jinja", ".py", ".toml", ".yaml", ".yml"})
_ENVIRONMENT = ".env"
#: Milliseconds without a further change until changes are handed on, and the longest wait.
_STEP, _DEBOUNCE = 20, 200


def changes(root: Path, end: threading.Event) -> Iterator[tuple[str, ...]]:
    """Yield sorted paths, relative to `root`, that were changed at about the same time.

    Goes on until `end` is set. Raises `KeyboardInterrupt`.
    """
    from watchfiles import watch

    def counts(_change: object, path: str) -> bool:
        return _counts(Path(path).relative_to(root))

    found = watch(
        root,
        watch_filter=counts,
        step=_STEP,
        debounce=_DEBOUNCE,
        stop_event=end,
        rust_timeout=500,
        ignore_permission_denied=True,
    )
    for some in found:
        yield tuple(sorted({str(Path(path).relative_to(root)) for _, path in some}))


def _counts(path: PurePath) -> bool:
    if path.name == _ENVIRONMENT:
        return len(path.parts) == 1
    *folders, name = path.parts
    if any(folder in _SKIPPED or folder.startswith(".") for folder in folders):
        return False
    return path.suffix in _READ or name == ".pulpo.yml"
