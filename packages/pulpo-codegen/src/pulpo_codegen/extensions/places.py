"""Where in the code of an extension, or of a template, something went wrong."""

from __future__ import annotations

import sysconfig
import traceback
from functools import cache
from pathlib import Path

from pulpo_analysis.config.loading import CONFIG_FILE, load_config
from pulpo_base.specs import SourceLocation

__all__ = ["config_place", "located", "place_of", "template_line"]

_OURS = Path(__file__).resolve().parent.parent


@cache
def _not_theirs() -> tuple[Path, ...]:
    return (_OURS, *(Path(sysconfig.get_path(name)) for name in ("stdlib", "platstdlib")))


def located(path: Path, line: int, root: Path) -> SourceLocation:
    """Return a place of `path`, relative to the project where it is inside."""
    inside = path.relative_to(root) if path.is_relative_to(root) else path
    return SourceLocation(inside.as_posix(), max(line, 1))


def place_of(error: BaseException, root: Path) -> SourceLocation:
    """Return where an extension's code raised `error`: the innermost line that is not ours.

    A line of the project counts before one of an installed package.
    """
    if isinstance(error, SyntaxError) and error.filename:
        return located(Path(error.filename), error.lineno or 1, root)
    frames = [(Path(one.filename), one.lineno or 1) for one in _frames(error)]
    theirs = [
        (path, line)
        for path, line in frames
        if path.is_file()
        and ("site-packages" in path.parts or not any(map(path.is_relative_to, _not_theirs())))
        and not path.is_relative_to(_OURS)
    ]
    own = [(path, line) for path, line in theirs if path.is_relative_to(root)]
    found = own or theirs
    return located(*found[-1], root) if found else SourceLocation(CONFIG_FILE)


def template_line(error: BaseException | None, template: Path) -> int:
    """Return the line of `template` that raised `error`, 1 where that is not known."""
    if error is None:
        return 1
    if line := getattr(error, "lineno", None):
        return int(line)
    lines = [one.lineno for one in _frames(error) if Path(one.filename) == template]
    return lines[-1] or 1 if lines else 1


def config_place(root: Path, *path: str) -> SourceLocation:
    """Return where a key of `.pulpo.yml` stands; the file is read again, being wrong is rare."""
    return load_config(root).place(*path)


def _frames(error: BaseException) -> list[traceback.FrameSummary]:
    return list(traceback.extract_tb(error.__traceback__))
