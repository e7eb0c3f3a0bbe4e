"""Reads `# pulpo: ignore[CODE] reason` comments."""

from __future__ import annotations

import ast
import io
import re
import tokenize
from collections.abc import Iterator

from pulpo_analysis.discovery.smells import IgnoreComment
from pulpo_base.specs import SourceLocation

__all__ = ["read_ignores"]

_MARK = b"pulpo:"
_COMMENT = re.compile(r"#\s*pulpo:\s*ignore\b(?:\s*\[([^\]]*)\])?[\s:,.-]*(.*)")


def read_ignores(source: bytes, path: str, tree: ast.Module) -> tuple[IgnoreComment, ...]:
    """Return the ignore comments of a file that has been parsed to `tree`."""
    if _MARK not in source:
        return ()
    units = _units(tree)
    lines = source.splitlines()
    found: list[IgnoreComment] = []
    try:
        for token in tokenize.tokenize(io.BytesIO(source).readline):
            match = _COMMENT.search(token.string) if token.type == tokenize.COMMENT else None
            if match is None:
                continue
            line, column = token.start
            column += match.start()
            before = token.line[:column].rstrip()
            alone = not before
            first, last = _covered(units, line, alone, len(lines))
            codes = (code.strip().upper() for code in (match.group(1) or "").split(","))
            found.append(
                IgnoreComment(
                    codes=tuple(dict.fromkeys(filter(None, codes))),
                    reason=match.group(2).strip(),
                    start=SourceLocation(path, line, column + 1),
                    end=SourceLocation(path, line, token.end[1] + 1),
                    first=first,
                    last=last,
                    code_end=len(before) + 1,
                )
            )
    except (tokenize.TokenError, SyntaxError):
        return tuple(found)  # the parser was content, so this is the very end of the file
    return tuple(found)


def _covered(units: list[tuple[int, int]], line: int, alone: bool, length: int) -> tuple[int, int]:
    """Return the lines of the statement that a comment stands in, or that follows it."""
    if not alone:
        inside = [unit for unit in units if unit[0] <= line <= unit[1]]
        return max(inside, default=(line, line))
    return min((unit for unit in units if unit[0] > line), default=(line, length))


def _units(tree: ast.Module) -> list[tuple[int, int]]:
    """Return the first and last line of each statement; of those with a body, of their head."""
    return sorted(
        _unit(node) for node in _all_statements(tree) if not isinstance(node, ast.ExceptHandler)
    )


def _all_statements(tree: ast.Module) -> Iterator[ast.stmt | ast.ExceptHandler]:
    pending: list[ast.stmt | ast.ExceptHandler] = list(tree.body)
    while pending:
        node = pending.pop()
        yield node
        for name in ("body", "orelse", "finalbody", "handlers"):
            pending.extend(getattr(node, name, ()))
        for case in getattr(node, "cases", ()):
            pending.extend(case.body)


def _unit(node: ast.stmt | ast.ExceptHandler) -> tuple[int, int]:
    first = node.lineno
    for decorator in getattr(node, "decorator_list", ()):
        first = min(first, decorator.lineno)
    body = getattr(node, "body", None)
    if body:
        return first, max(node.lineno, body[0].lineno - 1)
    return first, node.end_lineno or node.lineno
