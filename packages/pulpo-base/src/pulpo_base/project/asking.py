"""Questions on a terminal for the fields that an input lacks."""

from __future__ import annotations

import sys
from collections.abc import Callable, Mapping, Sequence
from typing import Any

import typer

from pulpo_base.project.errors import ProjectError
from pulpo_base.project.typed_options import Field, FieldKind

__all__ = ["completed"]

#: Why a field may not have a value, empty where it may.
Check = Callable[[str, Any], str]


def completed(given: Mapping[str, Any], fields: Sequence[Field], check: Check) -> dict[str, Any]:
    """Return `given` with an answer for each required field that it lacks.

    Without a terminal nothing is asked and nothing added. `check` judges an answer; a wrong one is
    asked for again.
    """
    whole = dict(given)
    if not sys.stdin.isatty():
        return whole
    for field in fields:
        if field.required and field.name not in whole:
            whole[field.name] = _answer(field, check)
    return whole


def _answer(field: Field, check: Check) -> Any:
    while True:
        try:
            value = _asked(field)
        except ProjectError as error:
            why = error.message
        else:
            why = check(field.name, value)
            if not why:
                return value
        typer.echo(f"  {why}", err=True)


def _asked(field: Field) -> Any:
    question = field.name.replace("_", " ")
    if field.description:
        question += f" – {field.description}"
    if field.kind is FieldKind.FLAG:
        return typer.confirm(question, err=True)
    if field.kind is not FieldKind.LIST:
        text = typer.prompt(f"{question} ({field.metavar})", err=True, hide_input=field.secret)
        return field.value(text)
    if field.items is FieldKind.JSON:
        whole = Field(field.name, FieldKind.JSON, required=True)
        return whole.value(typer.prompt(f"{question} (a JSON list)", err=True))
    text = typer.prompt(f"{question} ({field.metavar}, with commas between)", err=True)
    return [field.value(part.strip()) for part in text.split(",")]
