"""Forms of type expressions, and the names of libraries in them."""

from __future__ import annotations

from pulpo_analysis.discovery.expressions import Expression, ExpressionKind
from pulpo_analysis.discovery.facts import AssignFact, ModuleFacts
from pulpo_analysis.discovery.known_types import CONSTRAINED, CONTAINERS, SCALARS, SPECIAL
from pulpo_analysis.discovery.metadata import AnnotationFacts
from pulpo_analysis.discovery.sources import Sources
from pulpo_base.specs import TypeKind, TypeRef

__all__ = ["is_ellipsis", "is_endless", "library_type", "makes", "type_variables"]


#: `class Page(Generic[T])` with a field `Page[list[T]]` has no end; nobody writes more by hand.
_DEEPEST = 5


def library_type(name: str, facts: AnnotationFacts) -> TypeRef | None:
    """Return the type that a library's name stands for by itself, `None` for one not known."""
    if name in SCALARS:
        return SCALARS[name]
    if name in CONSTRAINED:
        scalar, constraints = CONSTRAINED[name]
        facts.constraints.update(constraints)
        return scalar
    if name in CONTAINERS:
        return TypeRef(CONTAINERS[name])
    match SPECIAL.get(name):
        case "none":
            return TypeRef(TypeKind.NONE)
        case "classvar":
            facts.class_variable = True
            return TypeRef(TypeKind.ANY)
        case "final":
            facts.final = True
            return TypeRef(TypeKind.ANY)
        case "any":
            return TypeRef(TypeKind.ANY)
    return None


def type_variables(sources: Sources, module: ModuleFacts, expression: Expression) -> list[str]:
    """Return the keys of the type variables in an expression, in the order of first mention."""
    found: list[str] = []
    if expression.kind is ExpressionKind.NAME:
        symbol = sources.resolve(module, expression.value)
        fact = symbol.fact if symbol else None
        if symbol and isinstance(fact, AssignFact) and fact.value and makes(fact.value, "TypeVar"):
            found.append(symbol.key)
    for part in expression.args:
        found.extend(type_variables(sources, module, part))
    return list(dict.fromkeys(found))


def is_endless(args: tuple[TypeRef, ...]) -> bool:
    """Whether the arguments of a generic class are nested as only a class in itself nests them."""
    return any(_depth(arg) >= _DEEPEST for arg in args)


def _depth(ref: TypeRef) -> int:
    return 1 + max(map(_depth, ref.args), default=0)


def makes(value: Expression, *functions: str) -> bool:
    """Whether an expression calls one of `functions`, whatever module it comes from."""
    callee = value.callee
    return (
        value.kind is ExpressionKind.CALL
        and callee.kind is ExpressionKind.NAME
        and callee.value.rpartition(".")[2] in functions
    )


def is_ellipsis(expression: Expression) -> bool:
    """Whether this is the `...` of `tuple[int, ...]`."""
    return expression.kind is ExpressionKind.CONSTANT and expression.value is Ellipsis
