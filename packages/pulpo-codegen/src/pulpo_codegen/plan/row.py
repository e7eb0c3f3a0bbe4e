"""`PlanRow`: one output file; `Target`: what makes rows of an analysis."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final, Protocol

from pulpo_analysis.analysis import Analysis
from pulpo_base.specs import SourceLocation

__all__ = ["EXECUTABLE", "REGULAR", "PlanRow", "Target"]

REGULAR: Final = 0o644
EXECUTABLE: Final = 0o755


@dataclass(frozen=True, slots=True)
class PlanRow:
    """One file to be generated.

    `path` is POSIX and relative to the generated tree. `template` is a name under
    `templates/`; `context` is an instance of the dataclass that the template names on its
    first line, or a `Copied` file, which needs no template. `origins` are the places in user
    code that the file is about; `mode` is `REGULAR` or `EXECUTABLE` and subject to the umask.
    """

    path: str
    template: str
    context: object
    target: str
    origins: tuple[SourceLocation, ...] = ()
    mode: int = REGULAR


class Target(Protocol):
    """A part of the generated tree that can be asked for by name.

    Built-in targets and those of extensions are the same to the engine. `rows` depends on
    the analysis only: no file, clock or environment is read there.
    """

    @property
    def name(self) -> str:
        """What `pulpo compile NAME` says; unique among the targets."""
        ...

    @property
    def needs(self) -> tuple[str, ...]:
        """The targets whose files this one's import: they are generated with it."""
        ...

    def rows(self, analysis: Analysis) -> Iterable[PlanRow]:
        """Return the files of this target, each with `target` set to `name`."""
        ...
