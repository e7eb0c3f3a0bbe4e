"""What the readers of smells share: the file's names, and how a place becomes a `Smell`."""

from __future__ import annotations

import ast
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

from pulpo_analysis.discovery.body_smells import dotted_name
from pulpo_analysis.discovery.smells import Smell, SmellKind
from pulpo_base.specs import SourceLocation

__all__ = ["SmellContext", "imported_names", "inner_statements"]

_MUTABLE_CALLS = {"builtins.dict", "builtins.list", "builtins.set", "collections.defaultdict"}
_BODIES = ("body", "orelse", "finalbody")
_BUILTINS = frozenset({"dict", "input", "list", "open", "set"})


def inner_statements(node: ast.AST) -> list[ast.stmt]:
    """Return the statements that stand directly inside another one, in the order of the code."""
    found: list[ast.stmt] = []
    for name in _BODIES:
        found.extend(getattr(node, name, ()))
    for part in (*getattr(node, "handlers", ()), *getattr(node, "cases", ())):
        found.extend(part.body)
    return found


def imported_names(tree: ast.Module) -> tuple[dict[str, str], dict[str, str]]:
    """Return local name to dotted name for every absolute import, and for type checkers only.

    An import inside a function counts for the whole file.
    """
    names: dict[str, str] = {}
    deferred: dict[str, str] = {}
    pending: list[tuple[ast.AST, bool]] = [(node, False) for node in reversed(tree.body)]
    while pending:
        node, checking = pending.pop()
        known = deferred if checking else names
        match node:
            case ast.Import(names=aliases):
                for alias in aliases:
                    head = alias.name.partition(".")[0]
                    known.setdefault(alias.asname or head, alias.name if alias.asname else head)
            case ast.ImportFrom(module=module, names=aliases, level=level):
                for alias in aliases:
                    known.setdefault(
                        alias.asname or alias.name, f"{'.' * level}{module or ''}.{alias.name}"
                    )
            case ast.If(test=test):
                inside = dotted_name(test).rpartition(".")[2] == "TYPE_CHECKING"
                pending.extend((part, inside or checking) for part in reversed(node.body))
                pending.extend((part, checking) for part in reversed(node.orelse))
            case _:
                pending.extend((part, checking) for part in reversed(inner_statements(node)))
    return names, {name: target for name, target in deferred.items() if name not in names}


@dataclass(frozen=True, slots=True)
class SmellContext:
    """One file: what its names mean, and where its nodes stand."""

    path: str
    module: str
    column: Callable[[int, int], int]
    names: Mapping[str, str]
    deferred: Mapping[str, str] = field(default_factory=dict)

    def resolve(self, dotted: str) -> str:
        """Return the importable name that the file's imports give a dotted name."""
        head, dot, rest = dotted.partition(".")
        target = self.names.get(head)
        if target is None:
            return f"builtins.{dotted}" if head in _BUILTINS else ""
        return f"{target}{dot}{rest}"

    def smell(
        self,
        kind: SmellKind,
        subject: str,
        node: ast.expr | ast.stmt,
        *,
        scope: str = "",
        detail: str = "",
        owner: SourceLocation | None = None,
    ) -> Smell:
        """Return the smell of a node, from its first to its last character."""
        end = SourceLocation(
            self.path,
            node.end_lineno or node.lineno,
            self.column(node.end_lineno or node.lineno, node.end_col_offset or node.col_offset),
        )
        return Smell(kind, subject, self.start(node), end, scope, detail, owner)

    def start(self, node: ast.expr | ast.stmt) -> SourceLocation:
        """Return where a node begins."""
        return SourceLocation(self.path, node.lineno, self.column(node.lineno, node.col_offset))

    def is_mutable(self, value: ast.expr) -> bool:
        """Whether an expression makes a list, a mapping or a set."""
        if isinstance(value, ast.Call):
            return self.resolve(dotted_name(value.func)) in _MUTABLE_CALLS
        return isinstance(value, ast.List | ast.Dict | ast.Set | ast.ListComp | ast.DictComp)
