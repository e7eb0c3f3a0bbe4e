"""Classes to `ModelSpec`, `SchemaSpec` and `EnumSpec`."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any, TypeVar

from pulpo_analysis.diagnostics.catalogue import finding
from pulpo_analysis.diagnostics.diagnostic import Diagnostic
from pulpo_analysis.discovery.classes import LocatedClass
from pulpo_analysis.discovery.constants import UnknownValueError, constant
from pulpo_analysis.discovery.decorations import Decoration
from pulpo_analysis.discovery.expressions import Expression, ExpressionKind
from pulpo_analysis.discovery.fields import FieldReader
from pulpo_base.arguments import Arguments, index_from
from pulpo_base.records import dataclass
from pulpo_base.specs import (
    EnumSpec,
    FieldSpec,
    IndexSpec,
    ModelSpec,
    RelationSpec,
    SchemaSpec,
    SourceLocation,
    TypeKind,
)

__all__ = ["RecordReader"]

_NO_RELATIONS: tuple[RelationSpec, ...] = ()
_NO_INDEXES: tuple[IndexSpec, ...] = ()
T = TypeVar("T")


@dataclass(slots=True)
class RecordReader:
    """Reads the project's documents, plain models and enumerations."""

    fields: FieldReader
    diagnostics: list[Diagnostic]

    def model(self, cls: LocatedClass, decoration: Decoration) -> ModelSpec:
        """Return the spec of a class under `@datamodel`."""
        decoration.check_names()
        fields = self.fields.read(cls, stored=True)
        declared = decoration.value("relations", Arguments.relations, _NO_RELATIONS)
        written = decoration.value("indexes", Arguments.indexes, _NO_INDEXES)
        relations = (*declared, *self._class_relations(cls), *_link_relations(fields))
        return ModelSpec(
            name=decoration.value("name", Arguments.text, "") or cls.fact.name,
            module=cls.module.module,
            qualname=cls.fact.qualname,
            location=cls.module.at(cls.fact.line, cls.fact.column),
            description=decoration.value("description", Arguments.text, "") or cls.fact.doc,
            tags=decoration.value("tags", Arguments.texts, ()),
            ui=decoration.value("ui", Arguments.ui, {}),
            ui_order=decoration.value("ui_order", Arguments.ui_order, None),
            indexes=tuple(dict.fromkeys((*written, *self._indexes(cls)))),
            relations=_first_of_each_name(relations),
            fields=fields,
            collection=self._collection(cls),
            bases=self.fields.types.classes.bases(cls),
            searchable_fields=self._texts(cls, "searchable_fields"),
            sortable_fields=self._texts(cls, "sortable_fields"),
        )

    def schema(self, cls: LocatedClass) -> SchemaSpec:
        """Return the spec of a plain pydantic model."""
        return SchemaSpec(
            name=cls.fact.name,
            module=cls.module.module,
            qualname=cls.fact.qualname,
            location=cls.module.at(cls.fact.line, cls.fact.column),
            description=cls.fact.doc,
            fields=self.fields.read(cls),
            bases=self.fields.types.classes.bases(cls),
        )

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
            if isinstance(value, bool):
                value = int(value)
            members[fact.name] = value if isinstance(value, str | int) else None
        return EnumSpec(
            name=cls.fact.name,
            module=cls.module.module,
            qualname=cls.fact.qualname,
            location=cls.module.at(cls.fact.line, cls.fact.column),
            members=tuple(members.items()),
        )

    def _collection(self, cls: LocatedClass) -> str:
        """Return Beanie's collection name: `Settings.name`, or the name of the class."""
        settings = self.fields.types.classes.nested(cls, "Settings")
        found = settings and self.fields.types.classes.assign(settings, "name")
        if not found or found[1].value is None:
            return cls.fact.name
        name = self._constant(found[0], found[1].value, "Settings.name", None)
        return name if isinstance(name, str) and name else cls.fact.name

    def _indexes(self, cls: LocatedClass) -> tuple[IndexSpec, ...]:
        """Return what `Settings.indexes` and `indexes()` declare."""
        classes = self.fields.types.classes
        found: list[IndexSpec] = []
        settings = classes.nested(cls, "Settings")
        listed = settings and classes.assign(settings, "indexes")
        if listed and listed[1].value and listed[1].value.kind is ExpressionKind.SEQUENCE:
            for item in listed[1].value.args:
                found.extend(self._index(listed[0], item))
        method = classes.method(cls, "indexes")
        if method and method[1].result and method[1].result.kind is ExpressionKind.SEQUENCE:
            for item in method[1].result.args:
                found.extend(self._index(method[0], item))
        return tuple(found)

    def _index(self, cls: LocatedClass, item: Expression) -> tuple[IndexSpec, ...]:
        value: Any
        if item.kind is ExpressionKind.CALL and item.positional:  # pymongo.IndexModel([...], …)
            keys = self._constant(cls, item.positional[0], "an index", None)
            unique, name = item.keyword("unique"), item.keyword("name")
            value = {
                "fields": keys,
                "unique": bool(unique and unique.value is True),
                "name": name.value if name and isinstance(name.value, str) else None,
            }
        else:
            value = self._constant(cls, item, "an index", None)
        if value is None:
            return ()
        try:
            return (index_from(value),)
        except (TypeError, ValueError) as error:
            self.diagnostics.append(
                finding("PLD005", str(error), cls.module.at(item.line, item.column))
            )
            return ()

    def _class_relations(self, cls: LocatedClass) -> tuple[RelationSpec, ...]:
        """Return what `relations()` returns, where its body is that one statement."""
        method = self.fields.types.classes.method(cls, "relations")
        if not method or method[1].result is None:
            return ()
        value = self._constant(method[0], method[1].result, "relations()", [])
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
        value = self._constant(found[0], found[1].value, f"`{name}`", [])
        place = found[0].module.at(found[1].line, found[1].column)
        return self._argument(name, value, place, Arguments.texts, ())

    def _constant(self, cls: LocatedClass, expression: Expression, what: str, default: Any) -> Any:
        try:
            return constant(self.fields.types.sources, cls.module, expression)
        except UnknownValueError as unknown:
            self.diagnostics.append(
                finding(
                    "PLD004",
                    f"{what} of {cls.fact.qualname} cannot be known without running the code",
                    cls.module.at(unknown.expression.line, unknown.expression.column),
                    hint="write a literal, or a constant of a module that holds one",
                )
            )
            return default


def _is_auto(expression: Expression) -> bool:
    callee = expression.callee
    return callee.kind is ExpressionKind.NAME and callee.value.rpartition(".")[2] == "auto"


def _next_value(
    name: str, before: Iterable[str | int | None], bases: frozenset[str]
) -> str | int | None:
    """Return what `auto()` gives a member, by the enumeration's kind."""
    if "enum.StrEnum" in bases:
        return name.lower()
    if bases & {"builtins.str", "enum.Flag", "enum.IntFlag"}:
        return None
    return max((value for value in before if isinstance(value, int)), default=0) + 1


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
