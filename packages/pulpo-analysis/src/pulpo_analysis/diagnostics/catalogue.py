"""Every code with its severity and title; the pages under `docs/errors/` say the rest.

Codes are literal and permanent: a rule that goes leaves its number unused.
"""

from __future__ import annotations

from pulpo_analysis.diagnostics.diagnostic import Diagnostic, Severity
from pulpo_base.records import dataclass
from pulpo_base.specs import SourceLocation

__all__ = ["CATALOGUE", "Rule", "finding"]


@dataclass(frozen=True, slots=True)
class Rule:
    """What stays the same in every finding of one code."""

    code: str
    severity: Severity
    title: str


def _rules(severity: Severity, titles: dict[str, str]) -> dict[str, Rule]:
    return {code: Rule(code, severity, title) for code, title in titles.items()}


CATALOGUE: dict[str, Rule] = {
    **_rules(
        Severity.ERROR,
        {
            "PLB001": "ambiguous binding",
            "PLB002": "flow parameter with two meanings",
            "PLB003": "bind to an unknown source",
            "PLB004": "bind of incompatible types",
            "PLB005": "bind of an unknown input field",
            "PLB006": "input of unknown shape in a flow",
            "PLB007": "flow parameter with a name that Prefect keeps",
            "PLC001": "configuration cannot be read",
            "PLC002": "unknown configuration key",
            "PLC003": "invalid configuration value",
            "PLC004": "unknown flow in the configuration",
            "PLD001": "file cannot be parsed",
            "PLD002": "file cannot be read",
            "PLD004": "decorator argument cannot be known",
            "PLD005": "wrong decorator argument",
            "PLD007": "declared where it cannot be imported from",
            "PLD030": "nested too deeply",
            "PLG001": "cycle",
            "PLG002": "interleaved subflows",
            "PLG004": "stages that cannot be ordered",
            "PLG005": "after an operation that is no step of this flow",
            "PLM001": "two models of one name",
            "PLM002": "model that is no Beanie document",
            "PLM003": "two models in one collection",
            "PLM004": "relation to an unknown model",
            "PLM005": "plain Decimal in a stored model",
            "PLM007": "unknown field name",
            "PLM008": "collection name that cannot be a path",
            "PLO001": "two operations of one name",
            "PLO002": "unknown model",
            "PLO003": "signature that cannot be called",
            "PLO004": "name of an operation and of a flow",
            "PLO008": "names that collide when generated",
            "PLO010": "unknown operation",
            "PLO011": "operation name that cannot be a path",
        },
    ),
    **_rules(
        Severity.WARNING,
        {
            "PLD003": "type cannot be resolved",
            "PLD006": "nothing to analyse",
            "PLG003": "order guessed from file names",
            "PLG006": "schedule that starts nothing",
            "PLO009": "output not declared",
        },
    ),
    **_rules(
        Severity.INFO,
        {
            "PLM006": "model without a description",
            "PLO005": "operation that touches no model",
            "PLO006": "operation name of one segment",
            "PLO007": "operation without a description",
        },
    ),
}


def finding(
    code: str,
    message: str,
    *locations: SourceLocation,
    hint: str = "",
    severity: Severity | None = None,
) -> Diagnostic:
    """Return a diagnostic of a catalogued code.

    `severity` replaces the catalogue's where a rule's weight depends on the case. Raises
    `KeyError` for a code that is not in the catalogue.
    """
    rule = CATALOGUE[code]
    return Diagnostic(code, severity or rule.severity, rule.title, message, locations, hint)
