"""Reads a function's syntax into the facts of its body; no syntax node leaves this module."""

from __future__ import annotations

import ast
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field

from pulpo_analysis.discovery.bodies.facts import (
    Attempt,
    Bind,
    BodyFact,
    Branch,
    Give,
    Handler,
    Raise,
    Run,
    Step,
    Term,
    TermKind,
    Within,
)
from pulpo_analysis.discovery.bodies.terms import TermReader
from pulpo_analysis.discovery.expressions import ExpressionReader

__all__ = ["read_body"]

_FUNCTIONS = (ast.FunctionDef, ast.AsyncFunctionDef)
_UNKNOWN = Term(TermKind.UNKNOWN)


def read_body(
    node: ast.FunctionDef | ast.AsyncFunctionDef, column: Callable[[int, int], int]
) -> BodyFact:
    """Return what a function does; `column` maps (line, byte offset) to a column."""
    terms = TermReader(column)
    reader = _BodyReader(terms, ExpressionReader(column), column)
    steps = reader.block(node.body)
    tested = terms.tested - {name.partition(".")[0] for name in terms.used}
    return BodyFact(
        steps=steps,
        mentions=tuple(sorted(terms.used | terms.tested)),
        tested=tuple(sorted(tested)),
        whole=terms.whole,
        stub=_is_stub(node.body),
    )


def _is_stub(body: list[ast.stmt]) -> bool:
    return all(
        isinstance(part, ast.Pass)
        or (isinstance(part, ast.Expr) and isinstance(part.value, ast.Constant))
        or (isinstance(part, ast.Raise) and "NotImplementedError" in ast.dump(part))
        for part in body
    )


@dataclass(slots=True)
class _BodyReader:
    terms: TermReader
    annotations: ExpressionReader
    column: Callable[[int, int], int]
    nested: int = 0
    steps: list[Step] = field(default_factory=list)

    def block(self, body: Iterable[ast.stmt], *first: Step) -> tuple[Step, ...]:
        """Return the steps of statements that run one after the other."""
        outer, self.steps = self.steps, list(first)
        for node in body:
            self._statement(node)
        inner, self.steps = self.steps, outer
        return tuple(inner)

    def _read(self, node: ast.expr) -> Term:
        term = self.terms.read(node)
        self._bind_pending()
        return term

    def _bind_pending(self) -> None:
        # Names bound inside an expression are bound before the statement that holds it.
        for target, value in self.terms.take_bindings():
            self.steps.append(Bind(target, value))

    def _run(self, *nodes: ast.expr | None) -> None:
        for node in nodes:
            if node is not None:
                term = self._read(node)
                if term.args or term.keywords:
                    self.steps.append(Run(term))

    def _test(self, node: ast.expr) -> None:
        term = self.terms.test(node)
        self._bind_pending()
        if term.args or term.keywords:
            self.steps.append(Run(term))

    def _statement(self, node: ast.stmt) -> None:
        match node:
            case ast.Expr(value=ast.Yield(value=value)) if value and not self.nested:
                self.steps.append(self._give(value, leaves=False, each=True))
            case ast.Expr(value=ast.Constant()):
                return
            case ast.Expr(value=value) | ast.AugAssign(value=value):
                self._run(value)
            case ast.Assign(targets=targets, value=value):
                self._assign(targets, self._read(value))
            case ast.AnnAssign(target=target, annotation=annotation, value=value):
                read = self._read(value) if value else None
                kept = self.annotations.read(annotation)
                self.steps.append(Bind(self.terms.target(target), read, kept))
            case ast.Return(value=value):
                given = self._give(value) if value else Give(Term(TermKind.DATA))
                self.steps.append(given if not self.nested else Run(given.value))
            case ast.Raise(exc=raised, cause=cause):
                self._run(cause)
                term = self._read(raised) if raised else None
                column = self.column(node.lineno, node.col_offset)
                self.steps.append(Raise(term, node.lineno, column))
            case ast.Assert(test=test):
                self._test(test)
            case _:
                self._compound(node)

    def _give(self, value: ast.expr, *, leaves: bool = True, each: bool = False) -> Give:
        return Give(self._read(value), leaves, each)

    def _assign(self, targets: list[ast.expr], value: Term) -> None:
        self.steps.extend(Bind(self.terms.target(target), value) for target in targets)

    def _compound(self, node: ast.stmt) -> None:
        match node:
            case ast.If():
                self._if(node)
            case ast.For() | ast.AsyncFor():
                item = Term(TermKind.ITEM, args=(self._read(node.iter),))
                bind = Bind(self.terms.target(node.target), item)
                self.steps.append(Branch((self.block([*node.body, *node.orelse], bind),)))
            case ast.While():
                self._test(node.test)
                self.steps.append(Branch((self.block([*node.body, *node.orelse]),)))
            case ast.With() | ast.AsyncWith():
                self._with(node.items, node.body)
            case ast.Try() | ast.TryStar():
                self._try(node)
            case ast.Match():
                self._match(node)
            case ast.FunctionDef() | ast.AsyncFunctionDef():
                self._local_function(node)
            case ast.ClassDef():
                self.steps.append(Bind(Term(TermKind.NAME, node.name), _UNKNOWN))
            case ast.Delete(targets=targets):
                self._run(*targets)

    def _if(self, node: ast.If) -> None:
        blocks: list[tuple[Step, ...]] = []
        current: ast.If | None = node
        rest: list[ast.stmt] = []
        while current is not None:  # a loop, because `elif` nests without an end
            self._test(current.test)
            blocks.append(self.block(current.body))
            rest = current.orelse
            follows = rest[0] if len(rest) == 1 else None
            current = follows if isinstance(follows, ast.If) else None
        if rest:
            blocks.append(self.block(rest))
        self.steps.append(Branch(tuple(blocks), exhaustive=bool(rest)))

    def _with(self, items: list[ast.withitem], body: list[ast.stmt]) -> None:
        contexts = tuple(
            (self._read(item.context_expr), self._target_of(item.optional_vars)) for item in items
        )
        self.steps.append(Within(contexts, self.block(body)))

    def _target_of(self, node: ast.expr | None) -> Term | None:
        return self.terms.target(node) if node is not None else None

    def _try(self, node: ast.Try | ast.TryStar) -> None:
        handlers = tuple(
            Handler(self._types(part.type), part.name or "", self.block(part.body))
            for part in node.handlers
        )
        body = self.block(node.body)
        otherwise, last = self.block(node.orelse), self.block(node.finalbody)
        self.steps.append(Attempt(body, handlers, otherwise, last))

    def _types(self, node: ast.expr | None) -> tuple[Term, ...]:
        if node is None:
            return ()
        nodes = node.elts if isinstance(node, ast.Tuple) else [node]
        return tuple(self._read(part) for part in nodes)

    def _match(self, node: ast.Match) -> None:
        self._run(node.subject)
        blocks: list[tuple[Step, ...]] = []
        for case in node.cases:
            names = [
                name
                for part in ast.walk(case.pattern)
                if (name := getattr(part, "name", None) or getattr(part, "rest", None))
            ]
            for part in ast.walk(case.pattern):
                if isinstance(part, ast.expr):
                    self._read(part)
            first = [Bind(Term(TermKind.NAME, name), _UNKNOWN) for name in names]
            if case.guard is not None:
                self._test(case.guard)
            blocks.append(self.block(case.body, *first))
        self.steps.append(Branch(tuple(blocks)))

    def _local_function(self, node: ast.FunctionDef | ast.AsyncFunctionDef) -> None:
        """Take what a function inside this one does as done where it is defined."""
        self._run(*node.decorator_list, *node.args.defaults)
        self.nested += 1
        self.steps.append(Branch((self.block(node.body),)))
        self.nested -= 1
        self.steps.append(Bind(Term(TermKind.NAME, node.name), Term(TermKind.DATA)))
