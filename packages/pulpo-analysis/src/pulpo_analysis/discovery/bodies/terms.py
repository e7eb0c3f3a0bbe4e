"""Reads expressions of a body into terms."""

from __future__ import annotations

import ast
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field

from pulpo_analysis.discovery.bodies.facts import Term, TermKind

__all__ = ["TermReader"]

#: Deeper than anybody writes, and shallow enough for every recursion over terms.
_DEEPEST = 40

_DATA = Term(TermKind.DATA)
_UNKNOWN = Term(TermKind.UNKNOWN)


@dataclass(slots=True)
class TermReader:
    """Reads the expressions of one function.

    Collects the names that are `used`, those that are `tested` in a condition, and the bindings
    inside expressions (`:=`, comprehensions). `whole` turns false where something was cut off.
    """

    column: Callable[[int, int], int]
    used: set[str] = field(default_factory=set)
    tested: set[str] = field(default_factory=set)
    whole: bool = True
    _bindings: list[tuple[Term, Term]] = field(default_factory=list)
    _depth: int = 0

    def take_bindings(self) -> list[tuple[Term, Term]]:
        """Return the targets and values bound inside what was read since the last call."""
        if not self._bindings:
            return []
        taken, self._bindings = self._bindings, []
        return taken

    def read(self, node: ast.expr) -> Term:
        """Return the term of an expression."""
        if self._depth >= _DEEPEST:
            self.whole = False
            return _UNKNOWN
        self._depth += 1
        try:
            return self._read(node)
        finally:
            self._depth -= 1

    def test(self, node: ast.expr) -> Term:
        """Return the term of a condition: what is in it is only asked whether it is there."""
        parts: list[Term] = []
        pending = [node]
        while pending:
            part = pending.pop()
            match part:
                case ast.Name(id=name):
                    self.tested.add(name)
                case ast.UnaryOp(op=ast.Not(), operand=operand):
                    pending.append(operand)
                case ast.BoolOp(values=values):
                    pending.extend(reversed(values))
                case ast.Compare(left=left, ops=[ast.Is() | ast.IsNot()], comparators=[other]) if (
                    isinstance(other, ast.Constant) and other.value is None
                ):
                    pending.append(left)
                case ast.NamedExpr(target=target, value=value):
                    self._bindings.append((self.target(target), self.read(value)))
                    self.tested.add(target.id)
                case ast.Await() | ast.Call():
                    parts.append(_tested(self.read(part)))
                case _:
                    parts.append(self.read(part))
        return Term(TermKind.DATA, args=_interesting(parts))

    def target(self, node: ast.expr) -> Term:
        """Return the term of what is assigned to."""
        match node:
            case ast.Name(id=name):
                return Term(TermKind.NAME, name)
            case ast.Attribute(value=ast.Name(id=owner), attr=name):
                self.used.add(owner)
                return Term(TermKind.NAME, f"{owner}.{name}")
            case ast.Tuple(elts=parts) | ast.List(elts=parts):
                return Term(TermKind.SEQUENCE, args=tuple(map(self.target, parts)))
            case ast.Starred(value=value):
                return Term(TermKind.EACH, args=(self.target(value),))
            case ast.Attribute(value=value) | ast.Subscript(value=value):
                return Term(TermKind.DATA, args=_interesting([self.read(value)]))
        return _DATA

    def _read(self, node: ast.expr) -> Term:
        match node:
            case ast.Constant():
                return _constant(node)
            case ast.Name() | ast.Attribute():
                return self._name(node)
            case ast.Call():
                return self._call(node)
            case ast.Await(value=value):
                return self._at(node, TermKind.AWAIT, (self.read(value),))
            case ast.Subscript(value=value, slice=index):
                inner = self.read(index)
                kind = TermKind.CHOICE if isinstance(index, ast.Slice) else TermKind.ITEM
                term = Term(kind, args=(self.read(value),))
                return _with(term, [inner])
            case ast.Starred(value=value) | ast.FormattedValue(value=value):
                return self.read(value)
            case ast.YieldFrom(value=value):
                return Term(TermKind.CHOICE, args=(self.read(value),))
            case ast.Yield():
                return _with(_UNKNOWN, [self.read(node.value)] if node.value else [])
            case ast.NamedExpr(target=target, value=value):
                read = self.read(value)
                self._bindings.append((self.target(target), read))
                self.used.add(target.id)
                return Term(TermKind.NAME, target.id)
        return self._composed(node)

    def _composed(self, node: ast.expr) -> Term:
        match node:
            case ast.Tuple(elts=items) | ast.List(elts=items) | ast.Set(elts=items):
                return Term(TermKind.SEQUENCE, args=tuple(map(self.read, items)))
            case ast.Dict(keys=keys, values=values):
                read = [self.read(key) for key in keys if key is not None]
                values_ = Term(TermKind.SEQUENCE, args=tuple(map(self.read, values)))
                return _with(values_, read)
            case ast.BoolOp(values=values):
                return Term(TermKind.CHOICE, args=tuple(map(self.read, values)))
            case ast.IfExp(test=test, body=body, orelse=other):
                condition = self.test(test)
                return _with(
                    Term(TermKind.CHOICE, args=(self.read(body), self.read(other))), [condition]
                )
            case ast.ListComp() | ast.SetComp() | ast.GeneratorExp():
                return self._comprehension(node.generators, [node.elt])
            case ast.DictComp():
                return self._comprehension(node.generators, [node.value, node.key])
            case ast.Lambda(body=body):
                return Term(TermKind.DATA, args=_interesting([self.read(body)]))
        return self._data(node)

    def _data(self, node: ast.expr) -> Term:
        """Read what operators make of their operands; a loop, because sums nest without an end."""
        parts: list[Term] = []
        pending: list[ast.AST] = [node]
        while pending:
            current = pending.pop()
            for child in reversed(list(ast.iter_child_nodes(current))):
                if isinstance(child, ast.BinOp | ast.UnaryOp | ast.Compare | ast.JoinedStr):
                    pending.append(child)
                elif isinstance(child, ast.expr):
                    parts.append(self.read(child))
        return Term(TermKind.DATA, args=_interesting(parts))

    def _comprehension(self, generators: list[ast.comprehension], elements: list[ast.expr]) -> Term:
        conditions: list[Term] = []
        for part in generators:
            source = Term(TermKind.ITEM, args=(self.read(part.iter),))
            self._bindings.append((self.target(part.target), source))
            conditions.extend(self.test(condition) for condition in part.ifs)
        element, *others = (self.read(item) for item in elements)
        return _with(Term(TermKind.EACH, args=(element,)), [*others, *conditions])

    def _name(self, node: ast.Name | ast.Attribute) -> Term:
        names: list[str] = []
        inner: ast.expr = node
        while isinstance(inner, ast.Attribute):
            names.append(inner.attr)
            inner = inner.value
        if len(names) > _DEEPEST:
            self.whole = False
            return _UNKNOWN
        names.reverse()
        if isinstance(inner, ast.Name):
            dotted = ".".join([inner.id, *names])
            self.used.add(dotted)
            return self._at(node, TermKind.NAME, (), dotted)
        base = self.read(inner)
        for name in names:
            base = self._at(node, TermKind.ATTRIBUTE, (base,), name)
        return base

    def _call(self, node: ast.Call) -> Term:
        callee = self.read(node.func)
        args = tuple(map(self.read, node.args))
        keywords = tuple((word.arg or "**", self.read(word.value)) for word in node.keywords)
        column = self.column(node.lineno, node.col_offset)
        return Term(TermKind.CALL, "", (callee, *args), keywords, node.lineno, column)

    def _at(self, node: ast.expr, kind: TermKind, args: tuple[Term, ...], name: str = "") -> Term:
        column = self.column(node.lineno, node.col_offset)
        return Term(kind, name, args, (), node.lineno, column)


def _constant(node: ast.Constant) -> Term:
    # A status code is the one number that says something of an exception.
    if isinstance(node.value, int) and 400 <= node.value <= 599:  # noqa: PLR2004
        return Term(TermKind.DATA, str(node.value))
    return _DATA


def _tested(term: Term) -> Term:
    return Term(term.kind, term.name, term.args, term.keywords, term.line, term.column, tested=True)


def _interesting(terms: Iterable[Term]) -> tuple[Term, ...]:
    """Leave out what neither is nor does anything."""
    return tuple(
        term
        for term in terms
        if term.args or term.kind not in {TermKind.DATA, TermKind.NAME, TermKind.UNKNOWN}
    )


def _with(term: Term, others: list[Term]) -> Term:
    """Return the term, with others that are evaluated beside it."""
    kept = _interesting(others)
    return (
        Term(term.kind, term.name, term.args, (("", Term(TermKind.DATA, args=kept)),))
        if kept
        else term
    )
