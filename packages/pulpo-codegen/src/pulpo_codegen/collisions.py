"""What stands in the way of a project's own files, or lacks what they need."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from pulpo_codegen.layout import GENERATED, MANIFEST, STATE

__all__ = ["RUNTIME", "Collision", "init_collisions"]

#: What a project's `pyproject.toml` has to list.
RUNTIME: Final = (
    "pulpo-base[api,local,project]",
    "pulpo-utils[fastapi]",
    "pulpo-selfaware[fastapi]",
)


@dataclass(frozen=True, slots=True)
class Collision:
    """Something of the user's that is never changed: where, why it matters, what to do."""

    place: str
    problem: str
    remedy: str


def init_collisions(root: Path) -> tuple[Collision, ...]:
    """Return what `init_project` leaves as it is in `root` although more is needed of it.

    Raises `OSError` where a file cannot be read.
    """
    return tuple(_collisions(root))


def _collisions(root: Path) -> Iterator[Collision]:
    generated = root / GENERATED
    if generated.exists() and not (generated / MANIFEST).is_file():
        yield Collision(
            f"{GENERATED}/",
            "is not what Pulpo generated, and its files go there",
            "give it another name",
        )
    main = root / "main"
    if main.is_dir() or (main.is_file() and GENERATED.encode() not in main.read_bytes()):
        yield Collision(
            "main",
            "is yours, and `./main` is how the project is started",
            "give it another name and run `pulpo init` again",
        )
    ignored = _text(root / ".gitignore")
    if ignored is not None and not re.search(rf"^/?{GENERATED}/?\*?$", ignored, re.MULTILINE):
        yield Collision(
            ".gitignore",
            f"lets {GENERATED}/ and {STATE}/ into the repository",
            f"add `{GENERATED}/`, `{STATE}/*` and `!{STATE}/graph.json`",
        )
    declared = _text(root / "pyproject.toml")
    missing = [one for one in RUNTIME if declared is not None and one.split("[")[0] not in declared]
    if missing:
        quoted = " ".join(f"'{one}'" for one in missing)
        yield Collision("pyproject.toml", "lacks what generated code stands on", f"uv add {quoted}")


def _text(path: Path) -> str | None:
    return path.read_text("utf-8", "replace") if path.is_file() else None
