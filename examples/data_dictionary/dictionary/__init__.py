"""A data dictionary: every field of every model, as a table for a spreadsheet."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Literal

from pulpo_analysis.analysis import Analysis
from pulpo_analysis.diagnostics.diagnostic import Diagnostic, Severity
from pulpo_base.specs import FieldSpec, SourceLocation
from pulpo_codegen.extensions import Extension, Hooks, options_for
from pulpo_codegen.plan import Plan, Row, TableTarget, once
from pydantic import BaseModel, ConfigDict

NAME = "dictionary"
COLUMNS = ("model", "collection", "field", "type", "required", "unique", "description")


class Options(BaseModel):
    """What `options.dictionary` in `.pulpo.yml` may say."""

    model_config = ConfigDict(extra="forbid")

    separator: Literal[",", ";", "|"] = ","


@dataclass(frozen=True)
class Dictionary:
    """The context of the template: one line of texts a field."""

    columns: tuple[str, ...]
    lines: tuple[tuple[str, ...], ...]
    separator: str


def dictionary(analysis: Analysis, _item: object) -> Dictionary:
    """Return the context: all that is decided is decided here."""
    lines = tuple(
        (
            model.name,
            model.collection,
            field.name,
            str(field.type),
            "yes" if field.required else "no",
            "yes" if field.unique else "no",
            field.description,
        )
        for model in analysis.app.models
        for field in model.fields
    )
    return Dictionary(COLUMNS, lines, options_for(analysis, NAME, Options).separator)


def models(analysis: Analysis, _item: object) -> tuple[SourceLocation, ...]:
    """Return which places in the user's code the table is about."""
    return tuple(model.location for model in analysis.app.models)


class Undescribed(Hooks):
    """A validator: what nobody described is a warning of the compile."""

    def plan(self, analysis: Analysis, proceed: Callable[[Analysis], Plan]) -> Plan:
        """Let the plan be made, and add what was found."""
        plan = proceed(analysis)
        return replace(plan, diagnostics=(*plan.diagnostics, *undescribed(analysis)))


def undescribed(analysis: Analysis) -> Iterator[Diagnostic]:
    """Yield a warning for each field without a description."""
    for model in analysis.app.models:
        for field in model.fields:
            if not field.description and field.name != "id":
                yield _warning(model.name, field, model.location)


def _warning(model: str, field: FieldSpec, place: SourceLocation) -> Diagnostic:
    return Diagnostic(
        code="DICT1",
        severity=Severity.WARNING,
        title="undescribed field",
        message=f"{model}.{field.name} has no description",
        locations=(field.location or place,),
        hint='write `Field(description="…")`: the data dictionary shows it',
    )


extension = Extension(
    name=NAME,
    targets=(
        TableTarget(
            NAME,
            (
                Row(
                    template="dictionary/fields.csv.jinja",
                    each=once,
                    path="dictionary/fields.csv",
                    context=dictionary,
                    origins=models,
                ),
            ),
        ),
    ),
    templates=(Path(__file__).parent / "templates",),
    hooks=Undescribed(),
    options=Options,
)
