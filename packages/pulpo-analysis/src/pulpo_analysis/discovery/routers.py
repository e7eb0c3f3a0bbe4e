"""Where the routes of an existing FastAPI application are, as its code says."""

from __future__ import annotations

import ast
from collections import defaultdict
from collections.abc import Iterable, Iterator
from itertools import islice

from pulpo_analysis.discovery.body_smells import dotted_name
from pulpo_analysis.discovery.expressions import Expression, ExpressionKind, ExpressionReader
from pulpo_analysis.discovery.facts import ModuleFacts
from pulpo_analysis.discovery.sources import Sources, Symbol

__all__ = ["APPLICATIONS", "Routers", "called"]

APPLICATIONS = frozenset({"fastapi.FastAPI", "fastapi.applications.FastAPI"})
_ROUTERS = frozenset({"fastapi.APIRouter", "fastapi.routing.APIRouter"})
_INCLUDE = "include_router"
#: One router may be included by many, and they by others; what comes after these is left out.
_MOST = 20


class Routers:
    """The applications and routers of some modules, and how they are put together.

    An `include_router` inside a function counts, too: what it is called on is taken for the
    application where no name of the module says otherwise.
    """

    def __init__(self, sources: Sources, modules: Iterable[ModuleFacts]) -> None:
        self._sources = sources
        self._included: dict[str, list[tuple[Symbol | None, str]]] = defaultdict(list)
        for module in modules:
            for call in _inclusions(sources, module):
                self._include(module, call)

    def prefixes(self, module: ModuleFacts, owner: str) -> tuple[str, ...] | None:
        """Return what the routes of `owner` begin with, `None` where that is no application.

        There are several where it is included several times. A part that the code does not give
        as a text is the expression that it has, in braces.
        """
        symbol = self._router(module, owner)
        if symbol is None:
            return None
        found = islice(self._begin(symbol, frozenset()), _MOST)
        return tuple(dict.fromkeys(found))

    def _begin(self, router: Symbol, seen: frozenset[str]) -> Iterator[str]:
        own = self._own_prefix(router)
        including = [] if router.key in seen else self._included[router.key]
        for owner, prefix in including:
            if owner is None:
                yield prefix + own
            else:
                for path in self._begin(owner, seen | {router.key}):
                    yield path + prefix + own
        if not including:  # the application itself, or nobody says where it is
            yield own

    def _include(self, module: ModuleFacts, call: ast.Call) -> None:
        given = {word.arg: word.value for word in call.keywords}
        included = call.args[0] if call.args else given.get("router")
        router = self._router(module, dotted_name(included)) if included is not None else None
        if router is not None and isinstance(call.func, ast.Attribute):
            owner = self._router(module, dotted_name(call.func.value))
            prefix = given.get("prefix")
            text = "" if prefix is None else self._text(module, _expression(prefix))
            self._included[router.key].append((owner, text))

    def _router(self, module: ModuleFacts, name: str) -> Symbol | None:
        symbol = self._sources.resolve(module, name) if name else None
        value = getattr(symbol.fact, "value", None) if symbol else None
        if symbol is None or symbol.module is None or not isinstance(value, Expression):
            return None
        made_by = called(self._sources, symbol.module, value)
        return symbol if made_by in APPLICATIONS | _ROUTERS else None

    def _own_prefix(self, router: Symbol) -> str:
        value = getattr(router.fact, "value", None)
        prefix = value.keyword("prefix") if isinstance(value, Expression) else None
        if prefix is None or router.module is None:
            return ""
        return self._text(router.module, prefix)

    def _text(self, module: ModuleFacts, prefix: Expression) -> str:
        if prefix.kind is ExpressionKind.NAME:
            symbol = self._sources.resolve(module, prefix.value)
            value = getattr(symbol.fact, "value", None) if symbol else None
            if isinstance(value, Expression) and isinstance(value.value, str):
                prefix = value
        is_text = prefix.kind is ExpressionKind.CONSTANT and isinstance(prefix.value, str)
        return prefix.value if is_text else f"{{{prefix}}}"


def called(sources: Sources, module: ModuleFacts, value: Expression | None) -> str:
    """Return the dotted name of what an expression calls, empty where it calls nothing known."""
    if value is None or value.kind is not ExpressionKind.CALL:
        return ""
    callee = value.callee
    symbol = sources.resolve(module, callee.value) if callee.kind is ExpressionKind.NAME else None
    return symbol.external if symbol else ""


def _inclusions(sources: Sources, module: ModuleFacts) -> Iterator[ast.Call]:
    file = next((file for file in sources.files if file.relative == module.path), None)
    text = sources.source(file) if file else b""
    if _INCLUDE.encode() not in text:
        return
    for node in ast.walk(ast.parse(text)):
        match node:
            case ast.Call(func=ast.Attribute(attr=attribute)) if attribute == _INCLUDE:
                yield node


def _expression(node: ast.expr) -> Expression:
    return ExpressionReader(lambda _, offset: offset + 1).read(node)
