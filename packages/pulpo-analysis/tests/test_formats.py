"""Findings as SARIF, as GitHub's commands and as numbers."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from pulpo_analysis import Diagnostic, Severity
from pulpo_analysis.diagnostics.catalogue import CATALOGUE, finding
from pulpo_analysis.diagnostics.diagnostic import Edit, Fix
from pulpo_analysis.diagnostics.github import workflow_commands
from pulpo_analysis.diagnostics.sarif import sarif
from pulpo_analysis.diagnostics.summary import code_counts
from pulpo_analysis.diagnostics.text import SourceLines, diagnostic_text
from pulpo_base.specs import SourceLocation

PLACE = SourceLocation("a b/größe, x.py", 3, 5)
FOUND: list[Diagnostic] = [
    finding("PLM001", "100% of\nit", PLACE, SourceLocation("b.py", 1, 1), hint="mend: it"),
    finding("PLM006", "no words", SourceLocation("c.py", 2, 1)),
    finding("PLM006", "no words", SourceLocation("c.py", 9, 1)),
    finding("PLD006", "nothing was found"),
    finding(
        "PLC006",
        "idle",
        PLACE,
        fix=Fix("remove", (Edit(PLACE, SourceLocation(PLACE.path, 3, 9), ""),)),
    ),
]

#: The parts of the SARIF 2.1.0 schema that we write: required and allowed properties, by object.
#: https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json
SHAPES: dict[str, tuple[set[str], set[str]]] = {
    "log": ({"version", "runs"}, {"$schema"}),
    "run": ({"tool"}, {"results", "columnKind", "originalUriBaseIds"}),
    "driver": ({"name"}, {"rules"}),
    "rule": ({"id"}, {"shortDescription", "fullDescription", "help", "defaultConfiguration"}),
    "result": (
        {"message"},
        {"ruleId", "ruleIndex", "level", "locations", "relatedLocations", "fixes"},
    ),
    "location": ({"physicalLocation"}, {"id"}),
    "physical": ({"artifactLocation"}, {"region"}),
    "artifact": ({"uri"}, {"uriBaseId"}),
    "region": (set(), {"startLine", "startColumn", "endLine", "endColumn"}),
    "fix": ({"artifactChanges"}, {"description"}),
    "change": ({"artifactLocation", "replacements"}, set()),
    "replacement": ({"deletedRegion"}, {"insertedContent"}),
}
LEVELS = {"none", "note", "warning", "error"}


def _is(shape: str, value: Any) -> dict[str, Any]:
    required, optional = SHAPES[shape]
    assert isinstance(value, dict)
    assert required <= value.keys() <= required | optional, shape
    checked: dict[str, Any] = value
    return checked


def _check_location(value: Any, bases: set[str]) -> None:
    physical = _is("physical", _is("location", value)["physicalLocation"])
    artifact = _is("artifact", physical["artifactLocation"])
    assert artifact["uriBaseId"] in bases
    assert artifact["uri"].isascii()
    assert not set(artifact["uri"]) & set(" <>\\^`{|}")
    _check_region(physical["region"])


def _check_region(value: Any) -> None:
    region = _is("region", value)
    assert all(isinstance(number, int) and number >= 1 for number in region.values())


def _check_result(value: Any, rules: list[dict[str, Any]], bases: set[str]) -> None:
    result = _is("result", value)
    assert result["level"] in LEVELS
    assert rules[result["ruleIndex"]]["id"] == result["ruleId"]
    assert set(result["message"]) == {"text"}
    for place in (*result["locations"], *result.get("relatedLocations", ())):
        _check_location(place, bases)
    for fix in result.get("fixes", ()):
        for item in _is("fix", fix)["artifactChanges"]:
            change = _is("change", item)
            _is("artifact", change["artifactLocation"])
            assert change["replacements"]
            for replacement in change["replacements"]:
                _check_region(_is("replacement", replacement)["deletedRegion"])


@pytest.mark.parametrize("found", [FOUND, []], ids=["findings", "none"])
def test_sarif_has_the_shape_of_the_standard(found: list[Diagnostic]) -> None:
    log = _is("log", json.loads(json.dumps(sarif(found))))
    assert log["version"] == "2.1.0"
    (run,) = log["runs"]
    driver = _is("driver", _is("run", run)["tool"]["driver"])
    rules = [_is("rule", rule) for rule in driver["rules"]]
    assert [rule["id"] for rule in rules] == sorted({item.code for item in found})
    assert len(run["results"]) == len(found)
    for result in run["results"]:
        _check_result(result, rules, set(run["originalUriBaseIds"]))


def test_sarif_says_what_was_found() -> None:
    first, *_, without, fixed = sarif(FOUND)["runs"][0]["results"]
    place = first["locations"][0]["physicalLocation"]
    assert place["artifactLocation"]["uri"] == "a%20b/gr%C3%B6%C3%9Fe%2C%20x.py"
    assert (place["region"]["startLine"], place["region"]["startColumn"]) == (3, 5)
    assert first["message"]["text"] == "100% of\nit\nmend: it"
    assert without["locations"] == []
    assert fixed["fixes"][0]["artifactChanges"][0]["replacements"][0]["deletedRegion"] == {
        "startLine": 3,
        "startColumn": 5,
        "endLine": 3,
        "endColumn": 9,
    }


def test_every_code_can_be_a_rule_of_sarif() -> None:
    found = [finding(code, "x") for code in CATALOGUE]
    rules = sarif(found)["runs"][0]["tool"]["driver"]["rules"]
    assert all(rule["fullDescription"]["text"] and rule["help"]["text"] for rule in rules)


def test_github_gets_one_line_each_with_what_would_end_it_escaped() -> None:
    first, second, _, third, _ = workflow_commands(FOUND)
    assert first == (
        "::error file=a b/größe%2C x.py,line=3,col=5,title=PLM001 two models of one name"
        "::100%25 of%0Ait%0Amend: it"
    )
    assert second.startswith("::notice file=c.py,line=2,col=1,")
    assert third == "::warning title=PLD006 nothing to analyse::nothing was found"


@pytest.mark.parametrize("column", [1, 90, 500])
def test_the_caret_stands_below_its_column_in_a_line_of_any_length(
    column: int, tmp_path: Path
) -> None:
    line = "".join(chr(ord("a") + at % 26) for at in range(1000))
    (tmp_path / "m.py").write_text(f"{line}\n")
    found = finding("PLM006", "no words", SourceLocation("m.py", 1, column))

    _, shown, caret = diagnostic_text(found, SourceLines(tmp_path)).splitlines()

    assert len(shown) <= 160
    assert shown[caret.index("^")] == line[column - 1]


def test_the_summary_counts_the_worst_first() -> None:
    rows = [
        (row.code, row.severity, row.count, row.files, row.fixable) for row in code_counts(FOUND)
    ]
    assert rows == [
        ("PLM001", Severity.ERROR, 1, 1, 0),
        ("PLC006", Severity.WARNING, 1, 1, 1),
        ("PLD006", Severity.WARNING, 1, 0, 0),
        ("PLM006", Severity.INFO, 2, 1, 0),
    ]
    assert code_counts([]) == ()
