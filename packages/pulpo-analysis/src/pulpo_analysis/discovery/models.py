"""Classes to `ModelSpec`, `SchemaSpec` and `EnumSpec`."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any, Literal, TypeVar

from pulpo_analysis.diagnostics.catalogue import finding
from pulpo_analysis.diagnostics.diagnostic import Diagnostic
from pulpo_analysis.discovery.classes import Kind, LocatedClass
from pulpo_analysis.discovery.constants import UnknownValueError, constant
from pulpo_analysis.discovery.decorations import Decoration
from pulpo_analysis.discovery.expressions import Expression, ExpressionKind
from pulpo_analysis.discovery.fields import FieldReader
from pulpo_analysis.discovery.model_settings import SettingsReader
from pulpo_base.arguments import Arguments
from pulpo_base.specs import (
    EnumSpec,
    FieldSpec,
    IndexSpec,
    ModelSpec,
    RelationSpec,
    SchemaSpec,
    SourceLocation,
    TypeKind,
    TypeRef,
)

__all__ = ["RecordReader"]

#: What a member of an enumeration is besides, by what the enumeration derives from.
_MIXINS = {
    "str": frozenset({"builtins.str", "enum.StrEnum"}),
    "int": frozenset({"builtins.int", "enum.IntEnum", "enum.IntFlag"}),
}
_FORMS: Mapping[Kind, Literal["dataclass", "typed_dict", "named_tuple"]] = {
    Kind.DATACLASS: "dataclass",
    Kind.TYPED_DICT: "typed_dict",
    Kind.NAMED_TUPLE: "named_tuple",
}
_NO_RELATIONS: tuple[RelationSpec, ...] = ()
_NO_INDEXES: tuple[IndexSpec, ...] = ()
T = TypeVar("T")


@dataclass(slots=True)
class RecordReader:
    """Reads the project's documents, plain models and enumerations."""

    fields: FieldReader
    diagnostics: list[Diagnostic]
    settings: SettingsReader = field(init=False)

    def __post_init__(self) -> None:
        self.settings = SettingsReader(self.fields.types.classes, self.diagnostics)

    def model(self, cls: LocatedClass, decoration: Decoration) -> ModelSpec:
        """Return the spec of a class under `@datamodel`."""
        decoration.check_names()
        fields = self.fields.read(cls, stored=True)
        declared = decoration.value("relations", Arguments.relations, _NO_RELATIONS, classes=True)
        written = decoration.value("indexes", Arguments.indexes, _NO_INDEXES)
        relations = (*declared, *self._class_relations(cls), *_link_relations(fields))
        return ModelSpec(
            name=decoration.value("name", Arguments.text, "") or cls.fact.name,
            module=cls.module.module,
            qualname=cls.fact.qualname,
            location=cls.module.at(cls.fact.line, cls.fact.column),
            description=decoration.value("description", Arguments.text, cls.fact.doc),
            tags=decoration.value("tags", Arguments.texts, ()),
            ui=decoration.value("ui", Arguments.ui, {}),
            ui_order=decoration.value("ui_order", Arguments.ui_order, None),
            indexes=tuple(dict.fromkeys((*written, *self.settings.indexes(cls)))),
            relations=_first_of_each_name(relations),
            fields=fields,
            collection=self.settings.collection(cls),
            bases=self._bases(cls),
            searchable_fields=self._texts(cls, "searchable_fields"),
            sortable_fields=self._texts(cls, "sortable_fields"),
            filterable_fields=self._texts(cls, "filterable_fields"),
            computed_fields=self.fields.computed(cls),
            extra=self.fields.configs.unknown_fields(cls),
            use_revision=self.settings.flag(cls, "use_revision"),
            timeseries=self.settings.timeseries(cls),
            permissions=decoration.value("permissions", Arguments.texts, ()),
            write_permissions=decoration.value("write_permissions", Arguments.texts, ()),
        )

    def schema(self, cls: LocatedClass, ref: TypeRef) -> SchemaSpec:
        """Return the spec of a plain pydantic model; `ref` is how it was mentioned."""
        return SchemaSpec(
            name=ref.short,
            module=cls.module.module,
            qualname=cls.fact.qualname,
            location=cls.module.at(cls.fact.line, cls.fact.column),
            description=cls.fact.doc,
            fields=self.fields.read(cls, ref.args),
            bases=self._bases(cls),
            computed_fields=self.fields.computed(cls, ref.args),
            extra=self.fields.configs.unknown_fields(cls),
            args=ref.args,
            form=_FORMS.get(self.fields.types.classes.kind(cls), "model"),
        )

    def _bases(self, cls: LocatedClass) -> tuple[str, ...]:
        """Return the names of the direct bases, those of generic ones with their arguments."""
        types = self.fields.types
        direct = types.classes.direct(cls)
        generic = {
            base.key: types.read(cls.module, expression, scope=cls).name
            for base, expression in direct
            if expression.kind is ExpressionKind.SUBSCRIPT and isinstance(base, LocatedClass)
        }
        names = types.classes.bases(cls)
        if types.classes.kind(cls).is_plain:  # what Python makes of the others says nothing
            bases = (base for base, _ in direct if isinstance(base, LocatedClass))
            names = tuple(base.key for base in bases if types.classes.kind(base).is_plain)
        return tuple(generic.get(name, name) for name in names)

    def enum(self, cls: LocatedClass) -> EnumSpec:
        """Return the spec of an enumeration; a value that cannot be known is `None`."""
        bases = self.fields.types.classes.roots(cls)
        members: dict[str, str | int | None] = {}
        for fact in cls.fact.assigns:
            if fact.name.startswith("_") or fact.value is None:
                continue
            try:
                value = constant(self.fields.types.sources, cls.module, fact.value)
            except UnknownValueError:
                automatic = _is_auto(fact.value)
                value = _next_value(fact.name, members.values(), bases) if automatic else None
                if fact.value.kind is ExpressionKind.NAME:
                    value = members.get(fact.value.value)  # `LATEST = SECOND`, an alias
            if isinstance(value, bool):
                value = int(value)
            members[fact.name] = value if isinstance(value, str | int) else None
        return EnumSpec(
            name=cls.fact.name,
            module=cls.module.module,
            qualname=cls.fact.qualname,
            location=cls.module.at(cls.fact.line, cls.fact.column),
            members=tuple(members.items()),
            mixin=next((name for name, kinds in _MIXINS.items() if bases & kinds), ""),
        )

    def _class_relations(self, cls: LocatedClass) -> tuple[RelationSpec, ...]:
        """Return what `relations()` returns, where its body is that one statement."""
        method = self.fields.types.classes.method(cls, "relations")
        if not method or method[1].result is None:
            return ()
        result = method[1].result
        value = self.settings.constant(method[0], result, "relations()", [], classes=True)
        place = method[0].module.at(method[1].line, method[1].column)
        return self._argument("relations", value, place, Arguments.relations, _NO_RELATIONS)

    def _argument(
        self,
        name: str,
        value: Any,
        place: SourceLocation,
        check: Callable[[Arguments, str, Any], T],
        default: T,
    ) -> T:
        try:
            return check(Arguments("datamodel", place), name, value)
        except (TypeError, ValueError) as error:
            message = str(error).removeprefix(f"{place}: ")
            self.diagnostics.append(finding("PLD005", message, place))
            return default

    def _texts(self, cls: LocatedClass, name: str) -> tuple[str, ...]:
        found = self.fields.types.classes.assign(cls, name)
        if not found or found[1].value is None:
            return ()
        value = self.settings.constant(found[0], found[1].value, f"`{name}`", [])
        place = found[0].module.at(found[1].line, found[1].column)
        return self._argument(name, value, place, Arguments.texts, ())


def _is_auto(expression: Expression) -> bool:
    callee = expression.callee
    return callee.kind is ExpressionKind.NAME and callee.value.rpartition(".")[2] == "auto"


def _next_value(
    name: str, before: Iterable[str | int | None], bases: frozenset[str]
) -> str | int | None:
    """Return what `auto()` gives a member, by the enumeration's kind."""
    if "enum.StrEnum" in bases:
        return name.lower()
    if "builtins.str" in bases:
        return None
    highest = max((value for value in before if isinstance(value, int)), default=0)
    return 1 << highest.bit_length() if bases & {"enum.Flag", "enum.IntFlag"} else highest + 1


def _link_relations(fields: tuple[FieldSpec, ...]) -> tuple[RelationSpec, ...]:
    """Return the relations that `Link` and `BackLink` fields make."""
    found: list[RelationSpec] = []
    for spec in fields:
        for ref in spec.type.walk():
            if ref.kind in {TypeKind.LINK, TypeKind.BACKLINK} and ref.args:
                many = any(part.kind is TypeKind.LIST for part in spec.type.walk())
                found.append(
                    RelationSpec(
                        name=spec.name,
                        target=ref.args[0].name or str(ref.args[0]),
                        cardinality="many" if many else "one",
                        back=ref.kind is TypeKind.BACKLINK,
                        location=spec.location,
                    )
                )
    return tuple(found)


def _first_of_each_name(relations: tuple[RelationSpec, ...]) -> tuple[RelationSpec, ...]:
    return tuple({relation.name: relation for relation in reversed(relations)}.values())[::-1]
