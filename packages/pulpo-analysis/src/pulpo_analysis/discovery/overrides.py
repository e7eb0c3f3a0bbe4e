"""What a project puts in the place of generated code: the files below `overrides/api/`."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

from pulpo_analysis.diagnostics.catalogue import finding
from pulpo_analysis.diagnostics.diagnostic import Diagnostic
from pulpo_analysis.discovery.override_facts import (
    API_OVERRIDES,
    ApiOverride,
    OverrideMethod,
    OverrideName,
)
from pulpo_base.specs import SourceLocation

__all__ = ["read_overrides"]


def read_overrides(root: Path) -> tuple[tuple[ApiOverride, ...], tuple[Diagnostic, ...]]:
    """Return the override files of the project in `root`, read without running them."""
    found: list[ApiOverride] = []
    diagnostics: list[Diagnostic] = []
    folder = root / API_OVERRIDES
    paths = sorted(folder.glob("*.py")) if folder.is_dir() else []
    for path in paths:
        if path.stem == "__init__":
            continue
        relative = path.relative_to(root).as_posix()
        try:
            tree = ast.parse(path.read_bytes(), filename=relative)
        except SyntaxError as error:
            place = SourceLocation(relative, error.lineno or 1, max(error.offset or 1, 1))
            diagnostics.append(finding("PLD001", str(error.msg), place, hint="mend the syntax"))
        except (OSError, ValueError, RecursionError, MemoryError) as error:
            reason = getattr(error, "strerror", None) or f"{type(error).__name__}: {error}"
            diagnostics.append(finding("PLD002", reason, SourceLocation(relative)))
        else:
            module = f"{API_OVERRIDES.replace('/', '.')}.{path.stem}"
            names = tuple(_names(tree, relative))
            found.append(ApiOverride(path.stem, module, SourceLocation(relative), names))
    return tuple(found), tuple(diagnostics)


def _names(tree: ast.Module, path: str) -> Iterator[OverrideName]:
    for node in tree.body:
        if isinstance(node, ast.ClassDef):
            yield OverrideName(node.name, _place(node, path), tuple(_methods(node, path)))
        elif isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            function = _callable(node, path, bound=0)
            yield OverrideName(node.name, _place(node, path), function=function)
        elif isinstance(node, ast.Assign | ast.AnnAssign):
            targets = node.targets if isinstance(node, ast.Assign) else [node.target]
            for target in targets:
                if isinstance(target, ast.Name):
                    yield OverrideName(target.id, _place(node, path))


def _methods(node: ast.ClassDef, path: str) -> Iterator[OverrideMethod]:
    for item in node.body:
        if isinstance(item, ast.FunctionDef | ast.AsyncFunctionDef):
            # Without `self`.
            yield _callable(item, path, bound=1)


def _callable(
    node: ast.FunctionDef | ast.AsyncFunctionDef, path: str, bound: int
) -> OverrideMethod:
    is_async = isinstance(node, ast.AsyncFunctionDef)
    return OverrideMethod(node.name, _place(node, path), is_async, _positional(node.args, bound))


def _positional(arguments: ast.arguments, bound: int) -> tuple[int, int | None]:
    count = len(arguments.posonlyargs) + len(arguments.args) - bound
    # A keyword that has to be given is one that the generated call does not give.
    required = sum(default is None for default in arguments.kw_defaults)
    least = count - len(arguments.defaults) + required
    return least, None if arguments.vararg else count


def _place(node: ast.stmt, path: str) -> SourceLocation:
    return SourceLocation(path, node.lineno, node.col_offset + 1)
