"""The files of the admin UI that a compile copies: the bundle, and the source it is made of."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Final

from pulpo_codegen.frontend.building import BUNDLE_LIST, build, source_files, source_places
from pulpo_codegen.render.copied import Copied

__all__ = ["bundle_files", "ensure_bundle", "frontend_places", "frontend_source"]

_PACKAGE: Final = Path(__file__).parent.parent
#: In a wheel the two are data of the package, in a checkout they lie beside its source.
_SHIPPED_BUNDLE: Final = _PACKAGE / "ui_bundle"
_SHIPPED_SOURCE: Final = _PACKAGE / "ui_source"
_CHECKOUT: Final = _PACKAGE.parent.parent / "frontend"


def ensure_bundle(progress: Callable[[str], None] | None = None) -> None:
    """Build the bundle where this is a checkout and it is not built yet. Raises `BuildError`."""
    if not _is_shipped():
        build(_CHECKOUT, progress)


def bundle_files() -> tuple[Copied, ...]:
    """Return the files that are served; none where the bundle could not be built."""
    folder = _SHIPPED_BUNDLE if _is_shipped() else _CHECKOUT / "dist"
    try:
        names = json.loads((folder / BUNDLE_LIST).read_text("utf-8"))["files"]
    except FileNotFoundError:
        return ()
    return tuple(Copied(name, folder / name) for name in sorted(names))


def frontend_source() -> tuple[Copied, ...]:
    """Return the files of the source, for a project that changes the UI."""
    folder = _SHIPPED_SOURCE if _is_shipped() else _CHECKOUT
    return tuple(Copied(name, path) for name, path in source_files(folder).items())


def frontend_places() -> tuple[Path, ...]:
    """Return the files and folders outside of the package that a compile reads."""
    return () if _is_shipped() else (*source_places(_CHECKOUT), _CHECKOUT / "dist")


def _is_shipped() -> bool:
    return (_SHIPPED_BUNDLE / BUNDLE_LIST).is_file()
