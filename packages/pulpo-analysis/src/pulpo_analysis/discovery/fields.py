"""The fields of a pydantic class, its ancestors' included."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import Any

from pulpo_analysis.discovery.class_config import ClassConfigs, Computed
from pulpo_analysis.discovery.classes import Kind, LocatedClass
from pulpo_analysis.discovery.constants import UnknownValueError, constant
from pulpo_analysis.discovery.expressions import Expression, ExpressionKind
from pulpo_analysis.discovery.facts import AssignFact, ModuleFacts
from pulpo_analysis.discovery.known_types import CONSTRAINTS
from pulpo_analysis.discovery.metadata import AnnotationFacts
from pulpo_analysis.discovery.plain_records import PlainRecords
from pulpo_analysis.discovery.types import TypeReader
from pulpo_base.literals import python_literal
from pulpo_base.specs import FieldSpec, TypeKind, TypeRef

__all__ = ["FieldReader"]

_OBJECT_ID = TypeRef(
    TypeKind.UNION,
    args=(TypeRef(TypeKind.SCALAR, "beanie.PydanticObjectId"), TypeRef(TypeKind.NONE)),
)
_ID = FieldSpec("id", _OBJECT_ID, required=False, default="None", alias="_id")
_FIELD_CALLS = frozenset({"pydantic.Field", "pydantic.fields.Field", "dataclasses.field"})
_DOCUMENTS = frozenset({"beanie.Document", "beanie.DocumentWithSoftDelete"})


@dataclass(frozen=True, slots=True)
class _Declared:
    """A field with the class whose body declares it."""

    cls: LocatedClass
    spec: FieldSpec


@dataclass(slots=True)
class FieldReader:
    """Reads the fields that pydantic would see on a class."""

    types: TypeReader
    configs: ClassConfigs = field(init=False)
    plain: PlainRecords = field(init=False)
    _known: dict[tuple[str, tuple[TypeRef, ...]], dict[str, _Declared]] = field(
        default_factory=dict
    )

    def __post_init__(self) -> None:
        self.configs = ClassConfigs(self.types.classes, self.types.diagnostics)
        self.plain = PlainRecords(self.types, self._spec)

    def read(
        self, cls: LocatedClass, args: tuple[TypeRef, ...] = (), *, stored: bool = False
    ) -> tuple[FieldSpec, ...]:
        """Return the fields: the ancestors' first, each name in its most derived form.

        `args` are the arguments of a generic class, `stored` says that the class is a document
        although its bases may not show it.
        """
        if self.types.classes.kind(cls).is_plain and not stored:
            found = self.plain.read(cls, args)
            return self._finished(cls, {name: one.spec for name, one in found.items() if one.taken})
        document = stored or self.types.classes.kind(cls) is Kind.DOCUMENT
        # Every Beanie document has one, whether or not its class says so.
        fields = {"id": _ID} if document else {}
        fields.update((name, found.spec) for name, found in self._fields(cls, args).items())
        if document and fields["id"].alias is None:
            fields["id"] = replace(fields["id"], alias=_ID.alias)
        return self._finished(cls, fields)

    def computed(self, cls: LocatedClass, args: tuple[TypeRef, ...] = ()) -> tuple[FieldSpec, ...]:
        """Return the computed fields, which are in what is given out only."""
        plain = self.types.classes.kind(cls).is_plain
        own = self.plain.read(cls, args).values() if plain else ()
        return (
            *(found.spec for found in own if not found.taken),
            *(self._computed(cls, args, found) for found in self.configs.computed(cls)),
        )

    def _fields(self, cls: LocatedClass, args: tuple[TypeRef, ...]) -> dict[str, _Declared]:
        """Return the fields as pydantic collects them.

        Their order is that of the resolution order, backwards. A field that the class does not
        declare comes from the first base that has it: in a diamond that need not be the first
        class of the resolution order.
        """
        key = (cls.key, args)
        if key in self._known:
            return self._known[key]
        self._known[key] = {}  # what a class that inherits from itself gets
        classes = self.types.classes
        variables = dict(zip(classes.parameters(cls), args, strict=False))
        inherited: dict[str, _Declared] = {}
        for base, expression in reversed(classes.direct(cls)):
            if isinstance(base, str):
                inherited.update(self._of_library(cls, base, expression, variables))
            elif classes.kind(base).is_pydantic:
                given: tuple[TypeRef, ...] = ()
                if expression.kind is ExpressionKind.SUBSCRIPT:
                    given = self.types.read(cls.module, expression, None, cls, variables).args
                inherited.update(self._fields(base, given))
        found = dict(inherited) if "root" in inherited else {}
        for ancestor in reversed(classes.order(cls)):
            for name, fact in {fact.name: fact for fact in ancestor.fact.assigns}.items():
                declared = self._declared(cls, ancestor, fact, inherited, variables)
                if declared is not None:
                    found[name] = declared
        self._known[key] = found
        return found

    def _of_library(
        self,
        cls: LocatedClass,
        base: str,
        expression: Expression,
        variables: dict[str, TypeRef],
    ) -> dict[str, _Declared]:
        """Return the fields that a library's class brings along."""
        if base in _DOCUMENTS:
            return {"id": _Declared(cls, _ID)}
        if base == "pydantic.RootModel" and expression.kind is ExpressionKind.SUBSCRIPT:
            type_ = self.types.read(cls.module, expression.args[1], None, cls, variables)
            return {"root": _Declared(cls, FieldSpec("root", type_))}
        return {}

    def _declared(
        self,
        cls: LocatedClass,
        ancestor: LocatedClass,
        fact: AssignFact,
        inherited: dict[str, _Declared],
        variables: dict[str, TypeRef],
    ) -> _Declared | None:
        """Return what `ancestor`'s body makes of a field of `cls`, `None` where it is none."""
        name = fact.name
        if name.startswith("_") or name == "model_config":
            return None
        if ancestor.key != cls.key and name in inherited:
            return inherited[name]
        if fact.annotation is None:
            over = inherited.get(name)
            if over is None or fact.value is None or ancestor.key != cls.key:
                return None
            return _Declared(cls, self._spec(cls, fact, over.spec.type, AnnotationFacts()))
        facts = AnnotationFacts()
        type_ = self.types.read(ancestor.module, fact.annotation, facts, ancestor, variables)
        value = fact.value
        if facts.final and value is not None and not self._is_field_call(ancestor.module, value):
            return None  # to pydantic, what is final and has its value belongs to the class
        if facts.class_variable:
            return None
        return _Declared(ancestor, self._spec(ancestor, fact, type_, facts))

    def _finished(self, cls: LocatedClass, fields: dict[str, FieldSpec]) -> tuple[FieldSpec, ...]:
        """Apply what the class as a whole says of its fields."""
        generator = self.configs.alias_generator(cls)
        converted = self.configs.converted(cls)
        for name, spec in fields.items():
            generated = generator(name) if generator and spec.alias is None else spec.alias
            fields[name] = replace(
                spec,
                alias=None if generated == name else generated,
                converted=spec.converted or converted(name),
            )
        return tuple(fields.values())

    def _computed(self, cls: LocatedClass, args: tuple[TypeRef, ...], found: Computed) -> FieldSpec:
        returned = found.decorator.keyword("return_type") or found.fact.returns
        variables = dict(zip(self.types.classes.parameters(cls), args, strict=False))
        module = found.cls.module
        type_ = TypeRef(TypeKind.ANY)
        if returned is not None:
            type_ = self.types.read(module, returned, scope=found.cls, variables=variables)
        answer = _FieldOptions()
        self._options(module, found.decorator, answer)
        return FieldSpec(
            name=found.fact.name,
            type=type_,
            required=False,
            description=answer.description or found.fact.doc,
            alias=None if answer.alias == found.fact.name else answer.alias,
            location=module.at(found.fact.line, found.fact.column),
        )

    def _spec(
        self, cls: LocatedClass, fact: AssignFact, type_: TypeRef, facts: AnnotationFacts
    ) -> FieldSpec:
        module = cls.module
        calls = list(facts.field_calls)
        value = fact.value
        if value is not None and self._is_field_call(module, value):
            calls.append((module, value))
            value = None
        answer = _FieldOptions(constraints=dict(facts.constraints))
        for where, call in facts.constraint_calls:
            self._constraints(where, call, answer)
        for where, call in calls:
            self._options(where, call, answer)
        # Beanie fills a back link by itself: nobody has to give it.
        given = not any(ref.kind is TypeKind.BACKLINK for ref in type_.walk())
        required = given and answer.required and value is None
        default = answer.default if value is None else self._literal(module, value)
        if fact.doc and not answer.description:
            described = self.configs.value(cls, "use_attribute_docstrings", False)
            answer.description = fact.doc if described else ""
        return FieldSpec(
            name=fact.name,
            type=type_,
            required=required,
            default=default,
            description=answer.description,
            alias=answer.alias,
            unique=facts.unique,
            indexed=facts.indexed,
            constraints=tuple(sorted(answer.constraints.items())),
            location=module.at(fact.line, fact.column),
            converted=facts.converted,
            excluded=answer.excluded,
        )

    def _is_field_call(self, module: ModuleFacts, value: Expression) -> bool:
        if value.kind is not ExpressionKind.CALL or value.callee.kind is not ExpressionKind.NAME:
            return False
        symbol = self.types.sources.resolve(module, value.callee.value)
        return symbol is not None and symbol.external in _FIELD_CALLS

    def _options(self, module: ModuleFacts, call: Expression, answer: _FieldOptions) -> None:
        default = call.positional[0] if call.positional else call.keyword("default")
        if default is not None and default.value is not Ellipsis:
            answer.required = False
            answer.default = self._literal(module, default)
        if call.keyword("default_factory") is not None:
            answer.required = False
        self._constraints(module, call, answer)
        self._dataclass_metadata(module, call, answer)
        excluded = self._option(module, call.keyword("exclude"))
        answer.excluded = answer.excluded if excluded is None else excluded is True
        for name in ("description", "alias"):
            value = self._option(module, call.keyword(name))
            if isinstance(value, str):
                setattr(answer, name, value)

    def _constraints(self, module: ModuleFacts, call: Expression, answer: _FieldOptions) -> None:
        for name, expression in call.keywords:
            value = self._option(module, expression) if name in CONSTRAINTS else None
            if value is not None and python_literal(value) is not None:
                answer.constraints[name] = value

    def _dataclass_metadata(
        self, module: ModuleFacts, call: Expression, answer: _FieldOptions
    ) -> None:
        """Take over what `dataclasses.field(metadata=…)` says: to pydantic it is its own."""
        metadata = self._option(module, call.keyword("metadata"))
        for name, value in metadata.items() if isinstance(metadata, dict) else ():
            if name == "description" and isinstance(value, str):
                answer.description = value
            elif name in CONSTRAINTS and python_literal(value) is not None:
                answer.constraints[name] = value

    def _option(self, module: ModuleFacts, expression: Expression | None) -> Any:
        """Return a constant, `None` for what only the running model has."""
        try:
            return constant(self.types.sources, module, expression) if expression else None
        except UnknownValueError:
            return None

    def _literal(self, module: ModuleFacts, expression: Expression) -> str | None:
        """Return the default as Python source, `None` where it is no plain literal."""
        try:
            value = constant(self.types.sources, module, expression)
        except UnknownValueError:
            return None
        if expression.kind is ExpressionKind.NAME and self._is_member(module, expression):
            return None
        return python_literal(value)

    def _is_member(self, module: ModuleFacts, expression: Expression) -> bool:
        """Whether a name is a member of an enumeration, which has no literal of its own."""
        home = self.types.sources.resolve(module, expression.value.rpartition(".")[0])
        cls = self.types.classes.located(home)
        return cls is not None and self.types.classes.kind(cls) is Kind.ENUM


@dataclass(slots=True)
class _FieldOptions:
    required: bool = True
    default: str | None = None
    description: str = ""
    alias: str | None = None
    excluded: bool = False
    constraints: dict[str, Any] = field(default_factory=dict)
