"""Findings as numbers: how many of each code, the worst first."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass

from pulpo_analysis.diagnostics.diagnostic import Diagnostic, Severity

__all__ = ["CodeCount", "code_counts"]

_ORDER = tuple(Severity)


@dataclass(frozen=True, slots=True)
class CodeCount:
    """How often a code was found, `fixable` of them by `--fix`, in how many files."""

    code: str
    severity: Severity
    title: str
    count: int
    fixable: int
    files: int


def code_counts(diagnostics: Iterable[Diagnostic]) -> tuple[CodeCount, ...]:
    """Return the numbers of each code and severity: by severity, then by number."""
    found = tuple(diagnostics)
    counts = Counter((item.severity, item.code, item.title) for item in found)
    rows = []
    for (severity, code, title), count in counts.items():
        same = [item for item in found if (item.severity, item.code) == (severity, code)]
        rows.append(
            CodeCount(
                code=code,
                severity=severity,
                title=title,
                count=count,
                fixable=sum(item.fix is not None for item in same),
                files=len({item.location.path for item in same if item.location}),
            )
        )
    return tuple(sorted(rows, key=lambda row: (_ORDER.index(row.severity), -row.count, row.code)))
