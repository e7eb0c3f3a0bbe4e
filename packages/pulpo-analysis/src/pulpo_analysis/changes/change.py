"""`Change`: one difference between two snapshots, judged."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from pulpo_analysis.diagnostics.catalogue import finding
from pulpo_analysis.diagnostics.diagnostic import Diagnostic, Severity
from pulpo_base.specs import SourceLocation

__all__ = ["Change", "Risk", "change", "file_of"]


class Risk(StrEnum):
    """What a change may do to who uses the application, or to what is stored."""

    BREAKING = "breaking"
    """Who calls the API, a command or a flow as before is refused, or misses something."""
    DATA = "data risk"
    """What is stored may no longer be read, is no longer seen, or is open to more than before."""
    SAFE = "safe"


_RISKS = {
    Severity.ERROR: Risk.BREAKING,
    Severity.WARNING: Risk.DATA,
    Severity.INFO: Risk.SAFE,
}


@dataclass(frozen=True, slots=True)
class Change:
    """One difference: `where` is what changed (`Order.total`, `orders.pay`), in its new name.

    The diagnostic's severity says the risk: an error is breaking, a warning a risk to the data.
    """

    where: str
    diagnostic: Diagnostic

    @property
    def risk(self) -> Risk:
        """What the change may do."""
        return _RISKS[self.diagnostic.severity]


def change(
    code: str,
    where: str,
    message: str,
    *locations: SourceLocation | None,
    hint: str = "",
    severity: Severity | None = None,
) -> Change:
    """Return a change of a catalogued code; unknown places are left out."""
    places = tuple(location for location in locations if location is not None)
    return Change(where, finding(code, message, *places, hint=hint, severity=severity))


def file_of(location: SourceLocation) -> SourceLocation:
    """Return the file in which something stood that is gone: its line means nothing any more."""
    return SourceLocation(location.path)
