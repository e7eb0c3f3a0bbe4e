"""Collects the smells of one file from its syntax tree."""

from __future__ import annotations

import ast
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass

from pulpo_analysis.discovery.body_smells import BLOCKING, walk_bodies
from pulpo_analysis.discovery.field_smells import class_smells
from pulpo_analysis.discovery.smell_context import SmellContext, imported_names, inner_statements
from pulpo_analysis.discovery.smells import Smell, SmellKind

__all__ = ["read_smells"]

_CLOCKS = re.compile(rb"\.(?:now|today|utcnow|fromtimestamp|utcfromtimestamp)\b")
_ASYNC = re.compile(rb"\basync\s+def\b")
_OPENING = re.compile(rb"\b(?:open|input)\s*\(")
_BLOCKING_MODULES = frozenset(name.partition(".")[0] for name in BLOCKING) | {"pathlib"}
_LISTS = {"models_in", "models_out", "after"}
_Class = ast.ClassDef
_Function = ast.FunctionDef | ast.AsyncFunctionDef


def read_smells(
    tree: ast.Module, source: bytes, path: str, module: str, column: Callable[[int, int], int]
) -> tuple[Smell, ...]:
    """Return what rules want to know of a file, in the order of the code.

    `column` maps a line and a byte offset to a column.
    """
    reader = _Reader(SmellContext(path, module, column, *imported_names(tree)))
    found = list(reader.declarations(tree))
    if _may_smell(source, reader.context):
        found.extend(reader.bodies(tree))
    if b"model_rebuild" in source:
        found.extend(reader.rebuilt(tree))
    return tuple(sorted(dict.fromkeys(found), key=lambda smell: (smell.start, smell.kind.value)))


def _may_smell(source: bytes, context: SmellContext) -> bool:
    """Whether function bodies are worth a walk, which costs as much as parsing them."""
    modules = {target.partition(".")[0] for target in context.names.values()}
    if "datetime" in modules and _CLOCKS.search(source):
        return True
    waits = not modules.isdisjoint(_BLOCKING_MODULES) or _OPENING.search(source)
    return bool(waits and _ASYNC.search(source))


@dataclass(frozen=True, slots=True)
class _Reader:
    context: SmellContext

    def declarations(self, tree: ast.Module) -> Iterator[Smell]:
        """Yield what stands in class bodies, in signatures and in decorators."""
        pending: list[tuple[ast.stmt, str]] = [(node, "") for node in tree.body]
        while pending:
            node, scope = pending.pop()
            inner = scope
            match node:
                case ast.ClassDef():
                    inner = f"{scope}.{node.name}" if scope else node.name
                    yield from class_smells(self.context, node, inner)
                    yield from self._decorators(node)
                case ast.FunctionDef() | ast.AsyncFunctionDef():
                    inner = f"{scope}.{node.name}" if scope else node.name
                    yield from self._parameters(node, inner)
                    yield from self._decorators(node)
            pending.extend((part, inner) for part in inner_statements(node))

    def _parameters(self, node: _Function, scope: str) -> Iterator[Smell]:
        positional = [*node.args.posonlyargs, *node.args.args]
        defaults: list[tuple[ast.arg, ast.expr | None]] = [
            *zip(reversed(positional), reversed(node.args.defaults), strict=False),
            *zip(node.args.kwonlyargs, node.args.kw_defaults, strict=True),
        ]
        for argument, default in defaults:
            if default is not None and self.context.is_mutable(default):
                yield self.context.smell(
                    SmellKind.SHARED_DEFAULT,
                    argument.arg,
                    default,
                    scope=scope,
                    detail="parameter",
                    owner=self.context.start(node),
                )

    def _decorators(self, node: _Class | _Function) -> Iterator[Smell]:
        owner = self.context.start(node)
        for call in node.decorator_list:
            if not isinstance(call, ast.Call):
                continue
            for keyword in call.keywords:
                if keyword.arg not in _LISTS:
                    continue
                value = keyword.value
                items = value.elts if isinstance(value, ast.List | ast.Tuple) else [value]
                for item in items:
                    if isinstance(item, ast.Constant) and isinstance(item.value, str):
                        yield self.context.smell(
                            SmellKind.TEXT_ARGUMENT,
                            item.value.encode("utf-8", "replace").decode(),
                            item,
                            scope=node.name,
                            detail=keyword.arg,
                            owner=owner,
                        )

    def bodies(self, tree: ast.Module) -> Iterator[Smell]:
        """Yield blocking calls inside `async def`, and naive clocks."""
        for what, name, call, scope in walk_bodies(tree, self.context.resolve):
            if what == "blocking":
                kind, detail = SmellKind.BLOCKING_CALL, BLOCKING[name]
                yield self.context.smell(kind, name, call, scope=scope, detail=detail)
            else:
                yield self.context.smell(SmellKind.NAIVE_NOW, name, call, scope=scope)

    def rebuilt(self, tree: ast.Module) -> Iterator[Smell]:
        """Yield each name of a file that calls `model_rebuild`: what of it is rebuilt is open."""
        names = {node.id: node for node in ast.walk(tree) if isinstance(node, ast.Name)}
        for name, node in names.items():
            yield self.context.smell(SmellKind.REBUILT, name, node)
