"""`survey`: what a project has of its own that Pulpo knows nothing of yet."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from pulpo_analysis.config.loading import load_config
from pulpo_analysis.diagnostics.diagnostic import Diagnostic
from pulpo_analysis.discovery.applied import DATAMODEL, applied
from pulpo_analysis.discovery.classes import Classes, Kind, LocatedClass
from pulpo_analysis.discovery.expressions import Expression, ExpressionKind
from pulpo_analysis.discovery.facts import FunctionFact, ModuleFacts
from pulpo_analysis.discovery.files import source_tree
from pulpo_analysis.discovery.model_settings import SettingsReader
from pulpo_analysis.discovery.sources import Sources
from pulpo_base.specs import SourceLocation

__all__ = ["FoundApplication", "FoundDocument", "FoundRoute", "Survey", "survey"]

_APPLICATION = frozenset({"fastapi.FastAPI", "fastapi.applications.FastAPI"})
_ROUTER = frozenset({"fastapi.APIRouter", "fastapi.routing.APIRouter"})
_METHODS = frozenset({"delete", "get", "head", "options", "patch", "post", "put"})
#: A file that mentions none of these has nothing to look for.
_WORDS = (b"fastapi", b"Document", b"beanie")


@dataclass(frozen=True, slots=True)
class FoundApplication:
    """A FastAPI application: `module:name`, as servers take it."""

    reference: str
    location: SourceLocation


@dataclass(frozen=True, slots=True)
class FoundRoute:
    """A route by decorator. `path` has its router's prefix, and none that `include_router` adds."""

    method: str
    path: str
    location: SourceLocation


@dataclass(frozen=True, slots=True)
class FoundDocument:
    """A Beanie document, its collection, and whether `@datamodel` stands above it."""

    name: str
    collection: str
    declared: bool
    location: SourceLocation


@dataclass(frozen=True, slots=True)
class Survey:
    """What was found, each in the order of files and lines; `unread` are files that are no Python.

    A document that others derive from, and that has no `@datamodel`, is not listed: it may be
    stored by none of its own.
    """

    applications: tuple[FoundApplication, ...] = ()
    routes: tuple[FoundRoute, ...] = ()
    documents: tuple[FoundDocument, ...] = ()
    unread: tuple[Diagnostic, ...] = ()


def survey(root: Path) -> Survey:
    """Return what the project in `root` has; nothing of it is imported."""
    root = root.resolve()
    tree = source_tree(root, load_config(root).config.discovery)
    sources = Sources(tree.files, tree.diagnostics, bodies=False)
    modules = [
        facts
        for file in sources.files
        if any(word in sources.source(file) for word in _WORDS)
        and (facts := sources.facts(file)) is not None
    ]
    return Survey(
        tuple(found for module in modules for found in _applications(sources, module)),
        tuple(found for module in modules for found in _routes(sources, module)),
        tuple(_documents(sources, modules)),
        tuple(sources.diagnostics),
    )


def _applications(sources: Sources, module: ModuleFacts) -> Iterator[FoundApplication]:
    for name, fact in module.assigns.items():
        if _called(sources, module, fact.value) in _APPLICATION:
            yield FoundApplication(f"{module.module}:{name}", module.at(fact.line, fact.column))


def _routes(sources: Sources, module: ModuleFacts) -> Iterator[FoundRoute]:
    functions = (fact for fact in module.declared if isinstance(fact, FunctionFact))
    for function in {id(fact): fact for fact in (*module.functions.values(), *functions)}.values():
        for decorator in function.decorators:
            owner, _, method = str(decorator.callee.value or "").rpartition(".")
            if decorator.kind is not ExpressionKind.CALL or method not in _METHODS:
                continue
            prefix = _prefix(sources, module, owner)
            path = next(iter(decorator.positional), None) or decorator.keyword("path")
            if prefix is not None and path is not None and isinstance(path.value, str):
                place = module.at(decorator.line, decorator.column)
                yield FoundRoute(method.upper(), prefix + path.value, place)


def _prefix(sources: Sources, module: ModuleFacts, owner: str) -> str | None:
    """Return what the routes of `owner` begin with, `None` where that is no application."""
    symbol = sources.resolve(module, owner) if owner else None
    value = getattr(symbol.fact, "value", None) if symbol else None
    if symbol is None or symbol.module is None or not isinstance(value, Expression):
        return None
    called = _called(sources, symbol.module, value)
    if called not in _APPLICATION | _ROUTER:
        return None
    prefix = value.keyword("prefix")
    return prefix.value if prefix is not None and isinstance(prefix.value, str) else ""


def _called(sources: Sources, module: ModuleFacts, value: Expression | None) -> str:
    """Return the dotted name of what an expression calls, empty where it calls nothing known."""
    if value is None or value.kind is not ExpressionKind.CALL:
        return ""
    callee = value.callee
    symbol = sources.resolve(module, callee.value) if callee.kind is ExpressionKind.NAME else None
    return symbol.external if symbol else ""


def _documents(sources: Sources, modules: list[ModuleFacts]) -> Iterator[FoundDocument]:
    classes = Classes(sources)
    settings = SettingsReader(classes, [])
    documents = [
        cls
        for module in modules
        for fact in module.classes.values()
        if classes.kind(cls := LocatedClass(module, fact)) is Kind.DOCUMENT
    ]
    bases = {base.key for cls in documents for base in classes.order(cls)[1:]}
    for cls in documents:
        meanings = (applied(sources, cls.module, one) for one in cls.fact.decorators)
        declared = any(found is not None and found.decorator == DATAMODEL for found in meanings)
        if declared or cls.key not in bases:
            yield FoundDocument(
                cls.fact.name,
                settings.collection(cls),
                declared,
                cls.module.at(cls.fact.line, cls.fact.column),
            )
