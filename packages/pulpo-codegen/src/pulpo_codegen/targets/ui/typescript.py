"""The project's models as TypeScript: what the API answers, for cells and pages of its own."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Final

from pulpo_analysis.analysis import Analysis
from pulpo_base.specs import EnumSpec, FieldSpec, ModelSpec, SchemaSpec, TypeKind, TypeRef
from pulpo_codegen.render.source import Source, join
from pulpo_codegen.render.typescript import ts

__all__ = ["Alias", "Interface", "ProjectTypesContext", "project_types"]

_WORDS: Final = """
any as async await bigint boolean break case catch class const continue debugger default delete do
else enum export extends false finally for function if implements import in instanceof interface let
never new null number object package private protected public return static string super switch
symbol this throw true try type typeof undefined unknown var void while with yield
"""
#: What nothing of a project may be called: words of the language, and what the file itself has.
_RESERVED: Final = frozenset((*_WORDS.split(), "Resources", "ResourceName"))
_ANYTHING: Final = Source("unknown")
_TEXT: Final = Source("string")
_NUMBER: Final = Source("number")
#: Of what pydantic knows, what JSON has other types for than text.
_SCALARS: Final[Mapping[str, Source]] = {
    "int": _NUMBER,
    "float": _NUMBER,
    "bool": Source("boolean"),
    "dict": _ANYTHING,
    "list": _ANYTHING,
    "object": _ANYTHING,
    "pydantic.JsonValue": _ANYTHING,
}
_BACK: Final = TypeKind.BACKLINK


@dataclass(frozen=True, slots=True)
class Member:
    """A field: its name, quoted, and its type."""

    name: Source
    type: Source


@dataclass(frozen=True, slots=True)
class Interface:
    """A model or schema."""

    name: Source
    members: tuple[Member, ...]


@dataclass(frozen=True, slots=True)
class Alias:
    """An enumeration, the union of its values; or a named tuple, which is an array in JSON."""

    name: Source
    type: Source


@dataclass(frozen=True, slots=True)
class ProjectTypesContext:
    """The context of `generated_frontend/src/project.ts`; `resources` are models by their names."""

    aliases: tuple[Alias, ...]
    interfaces: tuple[Interface, ...]
    resources: tuple[Member, ...]


def project_types(analysis: Analysis, _item: object) -> ProjectTypesContext:
    """Return the types of all models, and of the schemas and enumerations that they mention."""
    app = analysis.app
    every: tuple[ModelSpec | SchemaSpec, ...] = (*app.models, *app.schemas)
    names = _identifiers((*every, *app.enums))
    arrays = [schema for schema in app.schemas if schema.form == "named_tuple"]
    records = [record for record in every if record not in arrays]
    return ProjectTypesContext(
        aliases=(
            *(Alias(names[enum.key], _values(enum)) for enum in app.enums),
            *(Alias(names[schema.key], _array(schema, names)) for schema in arrays),
        ),
        interfaces=tuple(_interface(record, names) for record in records),
        resources=tuple(Member(ts(model.name), names[model.key]) for model in app.models),
    )


def _identifiers(specs: Iterable[ModelSpec | SchemaSpec | EnumSpec]) -> dict[str, Source]:
    """Return a name for each key: the spec's own where that is free and one in TypeScript."""
    found: dict[str, Source] = {}
    for spec in specs:
        plain = re.sub(r"\W+", "_", spec.name).strip("_") or "Type"
        plain = plain if plain.isidentifier() else f"_{plain}"
        name, number = plain, 1
        while name in _RESERVED or name in found.values():
            number += 1
            name = f"{plain}{number}"
        found[spec.key] = Source(name)
    return found


def _values(enum: EnumSpec) -> Source:
    # A member whose value is only known when the code runs may be any.
    values = [value for _, value in enum.members]
    if not values or None in values:
        return Source("string | number")
    return join([ts(value) for value in dict.fromkeys(values)], " | ")


def _array(schema: SchemaSpec, names: Mapping[str, Source]) -> Source:
    return Source(f"[{join([_type(field.type, names) for field in schema.fields])}]")


def _interface(record: ModelSpec | SchemaSpec, names: Mapping[str, Source]) -> Interface:
    fields = [*record.fields, *record.computed_fields]
    members = {
        field.alias or field.name: _type(field.type, names) for field in fields if _is_given(field)
    }
    if isinstance(record, ModelSpec):
        identity = members.pop("id", members.pop("_id", _TEXT))
        members = {"id": _without_null(identity), **members}
    optional = {spec.alias or spec.name for spec in record.fields if _is_optional(record, spec)}
    return Interface(
        name=names[record.key],
        members=tuple(
            Member(Source(f"{ts(name)}?") if name in optional else ts(name), kind)
            for name, kind in members.items()
        ),
    )


def _is_optional(record: ModelSpec | SchemaSpec, field: FieldSpec) -> bool:
    """Whether answers may lack the field, as a typed dictionary may."""
    return isinstance(record, SchemaSpec) and record.form == "typed_dict" and not field.required


def _is_given(field: FieldSpec) -> bool:
    """Whether answers have the field: what refers to a document is a list of its own."""
    return not field.excluded and all(part.kind is not _BACK for part in field.type.walk())


def _without_null(type_: Source) -> Source:
    return Source(type_.removesuffix(" | null"))


def _type(ref: TypeRef, names: Mapping[str, Source]) -> Source:
    match ref.kind:
        case TypeKind.NONE:
            return Source("null")
        case TypeKind.LITERAL:
            return join([ts(value) for value in ref.values], " | ") if ref.values else _ANYTHING
        case TypeKind.UNION:
            return join([_type(arg, names) for arg in ref.args], " | ")
        case TypeKind.LINK:
            # The id; a list that was asked to `expand` it has the document.
            return _TEXT
        case TypeKind.LIST | TypeKind.SET:
            return _list(ref, names)
        case TypeKind.TUPLE if len(ref.args) > 1:
            return Source(f"[{join([_type(arg, names) for arg in ref.args])}]")
        case TypeKind.TUPLE:
            return _list(ref, names)
        case TypeKind.DICT:
            value = _type(ref.args[1], names) if len(ref.args) > 1 else _ANYTHING
            return Source(f"{{ [key: string]: {value} }}")
        case TypeKind.SCALAR:
            return _scalar(ref.name)
        case _:
            return names.get(ref.name, _ANYTHING)


def _list(ref: TypeRef, names: Mapping[str, Source]) -> Source:
    item = _type(ref.args[0], names) if ref.args else _ANYTHING
    return Source(f"({item})[]" if "|" in item else f"{item}[]")


def _scalar(name: str) -> Source:
    last = name.rpartition(".")[2]
    if name not in _SCALARS and last.endswith(("Int", "Float")):
        return _NUMBER
    return _SCALARS.get(name, _TEXT)
