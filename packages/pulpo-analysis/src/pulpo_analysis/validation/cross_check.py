"""`cross_check`: whether the code does what its source says."""

from __future__ import annotations

from pathlib import Path

from pulpo_analysis.config.settings import DiscoveryConfig
from pulpo_analysis.diagnostics.catalogue import finding
from pulpo_analysis.diagnostics.diagnostic import Diagnostic, sort_diagnostics
from pulpo_analysis.discovery.comparison import Difference, differences
from pulpo_analysis.discovery.imported import ImportDiscovery
from pulpo_analysis.discovery.static import StaticDiscovery

__all__ = ["cross_check"]

#: With one of these, some modules are not there to be compared.
_INCOMPLETE = frozenset({"PLD009", "PLD010", "PLD015"})


def cross_check(root: Path, config: DiscoveryConfig) -> tuple[Diagnostic, ...]:
    """Return where a project's source and its imported code differ, sorted by place.

    The project in `root` is imported in a process of its own; what goes wrong there is a finding
    too.
    """
    root = root.resolve()
    static = StaticDiscovery().discover(root, config)
    imported = ImportDiscovery().discover(root, config)
    partly = any(found.code in _INCOMPLETE for found in imported.diagnostics)
    compared = differences(static, imported, partly=partly)
    return sort_diagnostics((*imported.diagnostics, *map(_finding, compared)))


def _finding(found: Difference) -> Diagnostic:
    if found.static is None or found.imported is None:
        where = "running code" if found.static is None else "the source"
        message = f"{found.owner} is declared in {where} only"
        hint = "declare it where it can be read and imported: in a class or function statement"
    else:
        message = (
            f"{found.fact} of {found.owner} is {found.static} in the source and {found.imported} "
            "in running code"
        )
        hint = "write it so that the source says it; generated code follows the source"
    return finding("PLD012", message, found.location, hint=hint)
