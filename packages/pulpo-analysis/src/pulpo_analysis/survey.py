"""`survey`: what a project has of its own that Pulpo knows nothing of yet."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from pulpo_analysis.config.loading import load_config
from pulpo_analysis.diagnostics.diagnostic import Diagnostic
from pulpo_analysis.discovery.applied import DATAMODEL, applied
from pulpo_analysis.discovery.classes import Classes, Kind, LocatedClass
from pulpo_analysis.discovery.expressions import ExpressionKind
from pulpo_analysis.discovery.facts import FunctionFact, ModuleFacts
from pulpo_analysis.discovery.files import source_tree
from pulpo_analysis.discovery.model_settings import SettingsReader
from pulpo_analysis.discovery.routers import APPLICATIONS, Routers, called
from pulpo_analysis.discovery.sources import Sources
from pulpo_base.specs import SourceLocation

__all__ = ["FoundApplication", "FoundDocument", "FoundRoute", "Survey", "survey"]

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
    """A route by decorator; `path` begins with the prefixes of its router and of who includes it.

    A router that is included several times has as many routes.
    """

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
    routers = Routers(sources, modules)
    return Survey(
        tuple(found for module in modules for found in _applications(sources, module)),
        tuple(found for module in modules for found in _routes(routers, module)),
        tuple(_documents(sources, modules)),
        tuple(sources.diagnostics),
    )


def _applications(sources: Sources, module: ModuleFacts) -> Iterator[FoundApplication]:
    for name, fact in module.assigns.items():
        if called(sources, module, fact.value) in APPLICATIONS:
            yield FoundApplication(f"{module.module}:{name}", module.at(fact.line, fact.column))


def _routes(routers: Routers, module: ModuleFacts) -> Iterator[FoundRoute]:
    functions = (fact for fact in module.declared if isinstance(fact, FunctionFact))
    for function in {id(fact): fact for fact in (*module.functions.values(), *functions)}.values():
        for decorator in function.decorators:
            owner, _, method = str(decorator.callee.value or "").rpartition(".")
            if decorator.kind is not ExpressionKind.CALL or method not in _METHODS:
                continue
            path = next(iter(decorator.positional), None) or decorator.keyword("path")
            if path is not None and isinstance(path.value, str):
                place = module.at(decorator.line, decorator.column)
                for prefix in routers.prefixes(module, owner) or ():
                    yield FoundRoute(method.upper(), prefix + path.value, place)


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
