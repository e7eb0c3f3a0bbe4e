"""Every code with its severity and title; the pages under `docs/errors/` say the rest.

Codes are literal and permanent: a rule that goes leaves its number unused.
"""

from __future__ import annotations

from dataclasses import dataclass

from pulpo_analysis.diagnostics.diagnostic import Diagnostic, Fix, Severity
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
            "PLB010": "operation on failure that lacks a value",
            "PLC001": "configuration cannot be read",
            "PLC002": "unknown configuration key",
            "PLC003": "invalid configuration value",
            "PLC004": "unknown flow or tag in the configuration",
            "PLC008": "sign-in that cannot work",
            "PLC010": "origin, host or path that matches nothing",
            "PLD001": "file cannot be parsed",
            "PLD002": "file cannot be read",
            "PLD004": "decorator argument cannot be known",
            "PLD005": "wrong decorator argument",
            "PLD007": "declared where it cannot be imported from",
            "PLD008": "syntax of a newer Python",
            "PLD009": "module that cannot be imported",
            "PLD010": "import that does not come back",
            "PLD014": "bases that cannot be ordered",
            "PLD015": "Python that cannot import the project",
            "PLD016": "typed dictionary that pydantic refuses",
            "PLD017": "attribute without an annotation",
            "PLD030": "nested too deeply",
            "PLE010": "override of an unknown model",
            "PLE011": "override of an unknown name",
            "PLE012": "override with a wrong signature",
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
            "PLM015": "back link without its other end",
            "PLM027": "field that no list can use",
            "PLM028": "type that Beanie cannot store",
            "PLO001": "two operations of one name",
            "PLO002": "unknown model",
            "PLO003": "signature that cannot be called",
            "PLO004": "name of an operation and of a flow",
            "PLO008": "names that collide when generated",
            "PLO010": "unknown operation",
            "PLO011": "operation name that cannot be a path",
            "PLO036": "schedule that is no cron expression",
            "PLV010": "model removed",
            "PLV011": "operation removed",
            "PLV012": "flow removed",
            "PLV013": "something renamed",
            "PLV014": "collection changed",
            "PLV015": "input accepts less",
            "PLV016": "output promises less",
            "PLV017": "flow parameter accepts less",
            "PLV018": "flow result promises less",
            "PLV019": "permission wanted",
        },
    ),
    **_rules(
        Severity.WARNING,
        {
            "PLC005": "ignore comment without a reason",
            "PLC006": "ignore comment that silences nothing",
            "PLC007": "configuration in two files",
            "PLC009": "API that would answer everybody",
            "PLD003": "type cannot be resolved",
            "PLD006": "nothing to analyse",
            "PLD011": "output while importing",
            "PLD012": "source and running code differ",
            "PLD013": "module that hides another",
            "PLG003": "order guessed from file names",
            "PLG006": "schedule that starts nothing",
            "PLM010": "id where a link belongs",
            "PLM016": "type that cannot be completed",
            "PLM017": "naive datetime as a default",
            "PLM018": "default computed once",
            "PLM021": "unique marker without effect",
            "PLM022": "secret that is shown",
            "PLM025": "two fields of one JSON name",
            "PLM026": "excluded field in a stored model",
            "PLM029": "unique value that may be missing",
            "PLO009": "output not declared",
            "PLO012": "undeclared write",
            "PLO013": "declared model that is never touched",
            "PLO031": "input or output that has no JSON",
            "PLO033": "blocking call in an async function",
            "PLO034": "naive datetime",
            "PLO035": "mutable default",
            "PLV001": "stored field removed",
            "PLV002": "stored field accepts less",
            "PLV003": "stored field made required",
            "PLV004": "stored field renamed",
            "PLV005": "new unique index",
            "PLV006": "stored value no longer known",
            "PLV007": "permission no longer wanted",
        },
    ),
    **_rules(
        Severity.INFO,
        {
            "PLB008": "output of that name not bound",
            "PLB009": "binding that a constraint may refuse",
            "PLG007": "parallel steps create one model",
            "PLM006": "model without a description",
            "PLM009": "description that says nothing",
            "PLM011": "plural name of one thing",
            "PLM012": "singular name of a list",
            "PLM013": "orphan model",
            "PLM014": "model that no operation creates",
            "PLM019": "sorted or filtered field without an index",
            "PLM020": "looked-up link without an index",
            "PLM023": "misspelt word in a model",
            "PLM024": "two types of one name",
            "PLO005": "operation that touches no model",
            "PLO006": "operation name of one segment",
            "PLO007": "operation without a description",
            "PLO014": "undocumented raises",
            "PLO030": "description that says nothing",
            "PLO032": "operation name without a verb",
            "PLO037": "misspelt word in an operation name",
            "PLO038": "name of a model and of a flow or operation",
            "PLV020": "something added",
            "PLV021": "accepts more, or promises more",
            "PLV022": "flow runs in another order",
            "PLV023": "index changed",
            "PLV024": "setting changed",
        },
    ),
}


def finding(
    code: str,
    message: str,
    *locations: SourceLocation,
    hint: str = "",
    severity: Severity | None = None,
    fix: Fix | None = None,
) -> Diagnostic:
    """Return a diagnostic of a catalogued code.

    `severity` replaces the catalogue's where a rule's weight depends on the case. Raises
    `KeyError` for a code that is not in the catalogue.
    """
    rule = CATALOGUE[code]
    return Diagnostic(code, severity or rule.severity, rule.title, message, locations, hint, fix)
