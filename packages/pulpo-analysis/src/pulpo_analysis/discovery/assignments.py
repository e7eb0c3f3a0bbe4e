"""Statements that give names a value, as facts."""

from __future__ import annotations

import ast
from collections.abc import Callable, Iterator
from typing import Any

from pulpo_analysis.discovery.expressions import Expression, ExpressionKind, ExpressionReader
from pulpo_analysis.discovery.facts import AssignFact

__all__ = ["assignments"]


def assignments(
    node: ast.stmt, expressions: ExpressionReader, column_of: Callable[[int, int], int]
) -> Iterator[AssignFact]:
    """Yield a fact for each name that a statement assigns."""
    match node:
        case ast.AnnAssign(target=ast.Name(id=name), annotation=annotation, value=value):
            yield AssignFact(
                name,
                expressions.read(annotation),
                expressions.read(value) if value else None,
                node.lineno,
                column_of(node.lineno, node.col_offset),
            )
        case ast.Assign(targets=targets, value=value):
            read = expressions.read(value)
            for target in targets:
                if isinstance(target, ast.Name):
                    column = column_of(target.lineno, target.col_offset)
                    yield AssignFact(target.id, None, read, target.lineno, column)
                elif isinstance(target, ast.Tuple | ast.List):
                    yield from _unpacked(target, read, column_of)
        case ast.AugAssign(target=ast.Name(id=name)):
            # What it adds to may have been changed before, by code that is not read.
            opaque = Expression(ExpressionKind.OPAQUE, "AugAssign", line=node.lineno)
            yield AssignFact(name, None, opaque, node.lineno, node.col_offset + 1)
        case ast.stmt() if type(node).__name__ == "TypeAlias":  # `type X = …`, Python 3.12
            alias: Any = node
            column = column_of(node.lineno, node.col_offset)
            meant = expressions.read(alias.value)
            yield AssignFact(alias.name.id, None, meant, node.lineno, column)


def _unpacked(
    target: ast.Tuple | ast.List, value: Expression, column_of: Callable[[int, int], int]
) -> Iterator[AssignFact]:
    """Yield what `A, B = 1, 2` gives each name."""
    parts = value.args if value.kind is ExpressionKind.SEQUENCE else ()
    starred = any(part.kind is ExpressionKind.STAR for part in parts)
    known = len(parts) == len(target.elts) and not starred
    for index, name in enumerate(target.elts):
        if isinstance(name, ast.Name):
            place = (name.lineno, column_of(name.lineno, name.col_offset))
            opaque = Expression(ExpressionKind.OPAQUE, "Tuple", line=name.lineno)
            yield AssignFact(name.id, None, parts[index] if known else opaque, *place)
