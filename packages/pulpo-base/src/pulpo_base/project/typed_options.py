"""Options made of a type's fields: `--order-id 7 --express`, and questions for what is missing."""

from __future__ import annotations

import argparse
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Any, NoReturn

from pulpo_base.project.errors import ProjectError
from pulpo_base.suggestions import did_you_mean

__all__ = ["Field", "FieldKind", "fields_of", "given_options"]

#: What the command has options of its own for: such fields are given as JSON.
_TAKEN = frozenset({"help", "input", "input-file", "json", "remote"})
_LONGEST_WAY = 8


class FieldKind(StrEnum):
    """How a value is written on a command line."""

    TEXT = "text"
    NUMBER = "number"
    FLAG = "flag"
    LIST = "list"
    JSON = "JSON"


@dataclass(frozen=True, slots=True)
class Field:
    """One field of an input: its name in JSON, and what its schema says of it.

    `items` says how the items of a list are written.
    """

    name: str
    kind: FieldKind
    required: bool
    items: FieldKind = FieldKind.TEXT
    choices: tuple[str, ...] = ()
    default: Any = None
    description: str = ""
    secret: bool = False

    @property
    def option(self) -> str:
        """The option's name, empty where the command has one of that name."""
        name = self.name.replace("_", "-")
        return "" if name in _TAKEN else f"--{name}"

    @property
    def metavar(self) -> str:
        """What stands for a value in help and questions."""
        if self.choices:
            return "|".join(self.choices)
        return (self.items if self.kind is FieldKind.LIST else self.kind).value

    def value(self, text: str) -> Any:
        """Return what a text on the command line means; what means nothing stays text."""
        kind = self.items if self.kind is FieldKind.LIST else self.kind
        if kind in {FieldKind.TEXT, FieldKind.LIST}:
            return text
        try:
            return json.loads(text)
        except json.JSONDecodeError as error:
            if kind is FieldKind.JSON:
                raise ProjectError(
                    f"{self.option or self.name} is no JSON: {error.msg} at column {error.colno}",
                    hint="""write it as '{"field": "value"}', in single quotes for the shell""",
                ) from error
            return text


def fields_of(schema: Mapping[str, Any] | None, names: Sequence[str] = ()) -> tuple[Field, ...]:
    """Return the fields of an object's JSON schema, or of an array's whose items have `names`.

    There are none of other schemas.
    """
    if not schema:
        return ()
    top = _resolved(schema, schema)
    items = top.get("prefixItems", ())
    properties = dict(zip(names, items, strict=True)) if names else top.get("properties", {})
    required = names[: top.get("minItems", 0)] if names else top.get("required", ())
    return tuple(_field(name, one, name in required, schema) for name, one in properties.items())


def given_options(arguments: Sequence[str], fields: Sequence[Field]) -> dict[str, Any]:
    """Return the values that options give, by field.

    Raises `ProjectError` for an option that there is not, and for a value that is no JSON where
    the field needs some.
    """
    parser = _Parser(add_help=False, allow_abbrev=False, argument_default=argparse.SUPPRESS)
    for field in fields:
        if not field.option:
            continue
        names = dict.fromkeys((field.option, f"--{field.name}"))
        if field.kind is FieldKind.FLAG:
            parser.add_argument(*names, action=argparse.BooleanOptionalAction, dest=field.name)
        elif field.kind is FieldKind.LIST:
            parser.add_argument(*names, action="append", dest=field.name)
        else:
            parser.add_argument(*names, dest=field.name)
    found, unknown = parser.parse_known_args(list(arguments))
    if unknown:
        raise _unknown(unknown[0], fields)
    by_name = {field.name: field for field in fields}
    return {name: _meant(by_name[name], value) for name, value in vars(found).items()}


def _meant(field: Field, value: Any) -> Any:
    if field.kind is FieldKind.FLAG:
        return value
    return [field.value(one) for one in value] if isinstance(value, list) else field.value(value)


class _Parser(argparse.ArgumentParser):
    """A parser whose mistakes are ours to tell."""

    def error(self, message: str) -> NoReturn:
        raise ProjectError(message.replace("argument ", "", 1))


def _unknown(argument: str, fields: Sequence[Field]) -> ProjectError:
    options = [field.option for field in fields if field.option]
    given = argument.partition("=")[0]
    if not given.startswith("-"):
        return ProjectError(
            f"{given!r} is no option", hint="write `--field value`, or the whole as --input"
        )
    hint = did_you_mean(given, options) or f"it takes {', '.join(options) or 'no input'}"
    return ProjectError(f"there is no option {given}", hint=hint)


def _field(name: str, schema: Mapping[str, Any], required: bool, top: Mapping[str, Any]) -> Field:
    plain = _without_null(_resolved(schema, top), top)
    kind = _kind(plain)
    items = FieldKind.TEXT
    shown = plain
    if kind is FieldKind.LIST:
        shown = _without_null(_resolved(plain.get("items", {}), top), top)
        items = _kind(shown)
        if items in {FieldKind.LIST, FieldKind.FLAG}:
            items = FieldKind.JSON
    return Field(
        name=name,
        kind=kind,
        required=required,
        items=items,
        choices=tuple(str(one) for one in shown.get("enum", ())),
        default=schema.get("default"),
        description=schema.get("description", "") or plain.get("description", ""),
        secret=plain.get("format") == "password",
    )


def _kind(schema: Mapping[str, Any]) -> FieldKind:
    match schema.get("type"):
        case "boolean":
            return FieldKind.FLAG
        case "integer" | "number":
            return FieldKind.NUMBER
        case "string":
            return FieldKind.TEXT
        case "array":
            return FieldKind.LIST
    kinds = {_kind(one) for one in schema.get("anyOf", ())}
    # A decimal is a number or a text with one.
    if kinds and kinds <= {FieldKind.NUMBER, FieldKind.TEXT}:
        return FieldKind.TEXT
    return FieldKind.TEXT if schema.get("enum") else FieldKind.JSON


def _resolved(schema: Mapping[str, Any], top: Mapping[str, Any]) -> Mapping[str, Any]:
    """Return what a schema refers to; chains of references end somewhere."""
    for _ in range(_LONGEST_WAY):
        if "allOf" in schema and len(schema["allOf"]) == 1:
            schema = {**schema, **schema["allOf"][0]}
        reference = schema.get("$ref", "")
        if not reference.startswith("#/$defs/"):
            break
        schema = top.get("$defs", {}).get(reference.removeprefix("#/$defs/"), {})
    return schema


def _without_null(schema: Mapping[str, Any], top: Mapping[str, Any]) -> Mapping[str, Any]:
    """Return the one alternative that is not null, where it is the only one."""
    others = [one for one in schema.get("anyOf", ()) if one.get("type") != "null"]
    return _resolved(others[0], top) if len(others) == 1 else schema
