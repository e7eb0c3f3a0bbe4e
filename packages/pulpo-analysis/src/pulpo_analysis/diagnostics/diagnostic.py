"""`Diagnostic`: one finding about a user's project, as a value."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum

from pulpo_base.specs import SourceLocation

__all__ = ["Diagnostic", "Edit", "Fix", "Severity", "sort_diagnostics"]


class Severity(StrEnum):
    """How bad a finding is: an `error` stops generation, the others do not."""

    ERROR = "error"
    WARNING = "warning"
    INFO = "info"


@dataclass(frozen=True, slots=True, order=True)
class Edit:
    """What stands from `start` up to `end` (its column excluded) becomes `text`."""

    start: SourceLocation
    end: SourceLocation
    text: str


@dataclass(frozen=True, slots=True)
class Fix:
    """A remedy that needs no judgement: edits of one file, and names that it must import.

    `imports` are pairs of module and name, as in `("datetime", "UTC")`.
    """

    title: str
    edits: tuple[Edit, ...]
    imports: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True, slots=True)
class Diagnostic:
    """One finding.

    `code` is permanent (`PLM001`) and has a page under `docs/errors/`. `title` is the rule in
    a few words, `message` says what is wrong here, `hint` what to do about it. The first
    location is the place to look at, the others are what it collides with. `fix` is what
    `pulpo lint --fix` would do, where that is safe.
    """

    code: str
    severity: Severity
    title: str
    message: str
    locations: tuple[SourceLocation, ...] = ()
    hint: str = ""
    fix: Fix | None = None

    @property
    def location(self) -> SourceLocation | None:
        """The place to look at first; `None` for a finding about the project as a whole."""
        return self.locations[0] if self.locations else None


def sort_diagnostics(diagnostics: Iterable[Diagnostic]) -> tuple[Diagnostic, ...]:
    """Return the findings without repetitions, in the order of place, then code, then text."""
    nowhere = SourceLocation("", 0, 0)
    return tuple(
        sorted(
            dict.fromkeys(diagnostics),
            key=lambda found: (found.location or nowhere, found.code, found.message),
        )
    )
