"""The edits that give a file names to import."""

from __future__ import annotations

import ast
import io
from collections import defaultdict
from collections.abc import Sequence

from pulpo_analysis.diagnostics.diagnostic import Edit
from pulpo_base.specs import SourceLocation

__all__ = ["import_edits"]


def import_edits(text: str, wanted: Sequence[tuple[str, str]]) -> tuple[Edit, ...] | None:
    """Return what makes a file import each `(module, name)`.

    `None` where a name already means something else in the file. Places have an empty path.
    """
    if not wanted:
        return ()
    tree = ast.parse(text)
    by_module: defaultdict[str, list[str]] = defaultdict(list)
    for module, name in wanted:
        bound = _bound(tree, name)
        if bound == {module}:
            continue
        if bound:
            return None
        by_module[module].append(name)
    edits = [_edit(text, tree, module, names) for module, names in sorted(by_module.items())]
    return tuple(edits)


def _bound(tree: ast.Module, name: str) -> set[str]:
    """Return what binds a name anywhere in a file: the module of a plain import, else a mark."""
    found: set[str] = set()
    top = {id(node) for node in tree.body}
    for node in ast.walk(tree):
        match node:
            case ast.ImportFrom(module=module, names=aliases, level=0):
                for alias in aliases:
                    if (alias.asname or alias.name) == name:
                        plain = module and alias.name == name and id(node) in top
                        found.add(module if module and plain else "?")
            case ast.Import(names=aliases) | ast.ImportFrom(names=aliases):
                found |= {"?" for alias in aliases if (alias.asname or alias.name) == name}
            case ast.Name(id=other, ctx=ast.Store()) | ast.arg(arg=other) if other == name:
                found.add("?")
            case ast.ClassDef() | ast.FunctionDef() | ast.AsyncFunctionDef() if node.name == name:
                found.add("?")
    return found


def _edit(text: str, tree: ast.Module, module: str, names: list[str]) -> Edit:
    """Return the edit that adds names of one module: to its import, or as a new line."""
    for node in tree.body:
        if not isinstance(node, ast.ImportFrom) or node.level or node.module != module:
            continue
        if node.names[0].name != "*":
            return _extended(text, node, names)
    line = f"from {module} import {', '.join(sorted(names, key=_order))}"
    newline = "\r\n" if "\r\n" in text else "\n"
    imports = [node for node in tree.body if isinstance(node, ast.Import | ast.ImportFrom)]
    ordinary = [node for node in imports if not _is_future(node)]
    later = [node for node in ordinary if _module(node) > module]
    if later:
        return _insertion(later[0].lineno, f"{line}{newline}")
    if ordinary:
        return _insertion((ordinary[-1].end_lineno or 1) + 1, f"{line}{newline}")
    before = [*tree.body[:1]] if _has_doc(tree) else []
    last = max((node.end_lineno or 1 for node in (*before, *imports)), default=0)
    blank = newline if last else ""
    return _insertion(last + 1, f"{blank}{line}{newline}{'' if last else newline}")


def _extended(text: str, node: ast.ImportFrom, names: list[str]) -> Edit:
    """Return the edit that puts names among those of an import, in the usual order."""
    first = min(names, key=_order)
    added = ", ".join(sorted(names, key=_order))
    for alias in node.names:
        if _order(alias.name) > _order(first):
            place = _place(text, alias.lineno, alias.col_offset)
            return Edit(place, place, f"{added}, ")
    last = node.names[-1]
    place = _place(text, last.end_lineno or last.lineno, last.end_col_offset or 0)
    return Edit(place, place, f", {added}")


def _order(name: str) -> tuple[int, str]:
    """Return the key by which import sorters order names: constants, classes, functions."""
    kind = 0 if name.isupper() else 1 if name[:1].isupper() else 2
    return kind, name


def _place(text: str, line: int, offset: int) -> SourceLocation:
    """Return the place of a byte offset, which is how `ast` counts."""
    content = list(io.StringIO(text, newline=""))[line - 1]
    return SourceLocation("", line, len(content.encode()[:offset].decode("utf-8", "replace")) + 1)


def _insertion(line: int, text: str) -> Edit:
    place = SourceLocation("", line)
    return Edit(place, place, text)


def _module(node: ast.Import | ast.ImportFrom) -> str:
    return node.names[0].name if isinstance(node, ast.Import) else node.module or ""


def _is_future(node: ast.Import | ast.ImportFrom) -> bool:
    return isinstance(node, ast.ImportFrom) and node.module == "__future__"


def _has_doc(tree: ast.Module) -> bool:
    return ast.get_docstring(tree, clean=False) is not None
