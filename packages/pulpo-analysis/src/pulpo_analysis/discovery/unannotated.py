"""Attributes of pydantic classes that have no annotation: pydantic refuses the class."""

from __future__ import annotations

from collections.abc import Collection, Iterator

from pulpo_analysis.diagnostics.catalogue import finding
from pulpo_analysis.diagnostics.diagnostic import Diagnostic
from pulpo_analysis.discovery.classes import Classes, LocatedClass
from pulpo_analysis.discovery.expressions import Expression, ExpressionKind

__all__ = ["unannotated_attributes"]

#: What is a value and nothing else; what a name or most calls give, only running code knows.
_VALUES = frozenset(
    {
        ExpressionKind.CONSTANT,
        ExpressionKind.MAPPING,
        ExpressionKind.PRODUCT,
        ExpressionKind.SEQUENCE,
        ExpressionKind.SUM,
        ExpressionKind.TEXT,
    }
)
_CALLS = ("builtins.", "datetime.", "decimal.", "pydantic.Field", "pydantic.fields.Field", "uuid.")
#: What pydantic lets be: methods, and what stands for one.
_METHODS = frozenset({"builtins.classmethod", "builtins.property", "builtins.staticmethod"})
#: Class variables of `DataModelBase`, which a class may give a value.
_OURS = frozenset({"filterable_fields", "searchable_fields", "sortable_fields"})


def unannotated_attributes(
    classes: Classes, cls: LocatedClass, fields: Collection[str]
) -> Iterator[Diagnostic]:
    """Yield a finding for each attribute of the class itself; `fields` are those it inherits."""
    if not classes.kind(cls).is_pydantic or classes.has_unknown_ancestor(cls):
        return
    facts = cls.fact.assigns
    inherited = {fact.name for one in classes.order(cls)[1:] for fact in one.fact.assigns}
    annotated = {fact.name for fact in facts if fact.annotation is not None}
    # A class variable may be given another value, a field may not.
    known = {*_OURS, *annotated, *(inherited - set(fields))}
    for fact in facts:
        name, value = fact.name, fact.value
        if name in known or name.startswith("_") or name == "model_config":
            continue
        if value is not None and _is_value(classes, cls, value):
            known.add(name)
            yield finding(
                "PLD017",
                f"{cls.fact.qualname}.{name} has no annotation: pydantic refuses the class when "
                "its module is imported",
                cls.module.at(fact.line, fact.column),
                hint=f"write `{name}: … = …` for a field, `{name}: ClassVar = …` for a constant of "
                "the class",
            )


def _is_value(classes: Classes, cls: LocatedClass, value: Expression) -> bool:
    called = classes.library_name(cls, value) if value.kind is ExpressionKind.CALL else ""
    return value.kind in _VALUES or (called.startswith(_CALLS) and called not in _METHODS)
