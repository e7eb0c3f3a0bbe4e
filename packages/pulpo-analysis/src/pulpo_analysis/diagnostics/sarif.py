"""Findings as SARIF 2.1.0, which code hosts and editors read.

The format: https://docs.oasis-open.org/sarif/sarif/v2.1.0/sarif-v2.1.0.html.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any
from urllib.parse import quote

from pulpo_analysis.diagnostics.catalogue import CATALOGUE
from pulpo_analysis.diagnostics.diagnostic import Diagnostic, Fix, Severity
from pulpo_analysis.diagnostics.pages import explanation
from pulpo_base.specs import SourceLocation

__all__ = ["SCHEMA", "sarif"]

SCHEMA = "https://json.schemastore.org/sarif-2.1.0.json"

_LEVELS = {Severity.ERROR: "error", Severity.WARNING: "warning", Severity.INFO: "note"}

#: Paths are relative to this name; whoever reads the file knows where the project is.
_BASE = "PROJECT"


def sarif(diagnostics: Sequence[Diagnostic]) -> dict[str, Any]:
    """Return one SARIF log with one run, ready for `json.dumps`."""
    codes = sorted({found.code for found in diagnostics})
    places = {code: index for index, code in enumerate(codes)}
    return {
        "$schema": SCHEMA,
        "version": "2.1.0",
        "runs": [
            {
                "tool": {"driver": {"name": "pulpo", "rules": [_rule(code) for code in codes]}},
                "columnKind": "unicodeCodePoints",
                "originalUriBaseIds": {
                    _BASE: {"description": {"text": "The folder of the project."}}
                },
                "results": [_result(found, places[found.code]) for found in diagnostics],
            }
        ],
    }


def _rule(code: str) -> dict[str, Any]:
    rule = CATALOGUE[code]
    page = explanation(code)
    meaning = page.partition("## What it means")[2].partition("\n## ")[0].strip()
    return {
        "id": code,
        "shortDescription": {"text": rule.title},
        "fullDescription": {"text": meaning or rule.title},
        "help": {"text": page, "markdown": page},
        "defaultConfiguration": {"level": _LEVELS[rule.severity]},
    }


def _result(found: Diagnostic, rule: int) -> dict[str, Any]:
    hint = f"\n{found.hint}" if found.hint else ""
    result: dict[str, Any] = {
        "ruleId": found.code,
        "ruleIndex": rule,
        "level": _LEVELS[found.severity],
        "message": {"text": f"{found.message}{hint}"},
        # A result without a place is one about the project as a whole.
        "locations": [_location(found.location)] if found.location else [],
    }
    if found.locations[1:]:
        result["relatedLocations"] = [
            {"id": number, **_location(place)}
            for number, place in enumerate(found.locations[1:], start=1)
        ]
    if found.fix:
        result["fixes"] = [_fix(found.fix)]
    return result


def _location(place: SourceLocation) -> dict[str, Any]:
    region = {"startLine": place.line, "startColumn": place.column}
    return {"physicalLocation": {"artifactLocation": _artifact(place), "region": region}}


def _artifact(place: SourceLocation) -> dict[str, Any]:
    return {"uri": quote(place.path), "uriBaseId": _BASE}


def _fix(fix: Fix) -> dict[str, Any]:
    return {
        "description": {"text": fix.title},
        "artifactChanges": [
            {
                "artifactLocation": _artifact(fix.edits[0].start),
                "replacements": list(_replacements(fix)),
            }
        ],
    }


def _replacements(fix: Fix) -> Iterable[dict[str, Any]]:
    for edit in fix.edits:
        yield {
            "deletedRegion": {
                "startLine": edit.start.line,
                "startColumn": edit.start.column,
                "endLine": edit.end.line,
                "endColumn": edit.end.column,
            },
            "insertedContent": {"text": edit.text},
        }
