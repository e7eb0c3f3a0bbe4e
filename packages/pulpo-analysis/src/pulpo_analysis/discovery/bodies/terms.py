"""Reads expressions of a body into terms."""

from __future__ import annotations

import ast
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from typing import Any

from pulpo_analysis.discovery.bodies.facts import CHOSEN, Term, TermKind

__all__ = ["TermReader"]

#: Deeper than anybody writes, and shallow enough for every recursion over terms.
_DEEPEST = 40

_STATUSES = range(400, 600)
_OPERATORS = frozenset({ast.BinOp, ast.Compare, ast.JoinedStr, ast.UnaryOp})

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
        read = _READERS.get(type(node))
        if read is None:
            return _DATA if type(node) is ast.Constant else self._data(node)
        if self._depth >= _DEEPEST:
            self.whole = False
            return _UNKNOWN
        self._depth += 1
        term = read(self, node)
        self._depth -= 1
        return term

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

    def _await(self, node: ast.Await) -> Term:
        return self._at(node, TermKind.AWAIT, (self.read(node.value),))

    def _subscript(self, node: ast.Subscript) -> Term:
        index = self.read(node.slice)
        kind = TermKind.CHOICE if isinstance(node.slice, ast.Slice) else TermKind.ITEM
        return _with(Term(kind, CHOSEN, args=(self.read(node.value),)), [index])

    def _itself(self, node: ast.Starred | ast.FormattedValue) -> Term:
        return self.read(node.value)

    def _yield(self, node: ast.Yield | ast.YieldFrom) -> Term:
        return _with(_UNKNOWN, [self.read(node.value)] if node.value else [])

    def _walrus(self, node: ast.NamedExpr) -> Term:
        read = self.read(node.value)
        self._bindings.append((self.target(node.target), read))
        self.used.add(node.target.id)
        return Term(TermKind.NAME, node.target.id)

    def _sequence(self, node: ast.Tuple | ast.List | ast.Set) -> Term:
        return Term(TermKind.SEQUENCE, args=tuple(map(self.read, node.elts)))

    def _mapping(self, node: ast.Dict) -> Term:
        keys = [self.read(key) for key in node.keys if key is not None]
        return _with(Term(TermKind.SEQUENCE, args=tuple(map(self.read, node.values))), keys)

    def _either(self, node: ast.BoolOp) -> Term:
        return Term(TermKind.CHOICE, args=tuple(map(self.read, node.values)))

    def _conditional(self, node: ast.IfExp) -> Term:
        condition = self.test(node.test)
        either = Term(TermKind.CHOICE, args=(self.read(node.body), self.read(node.orelse)))
        return _with(either, [condition])

    def _elements(self, node: ast.ListComp | ast.SetComp | ast.GeneratorExp) -> Term:
        return self._comprehension(node.generators, [node.elt])

    def _values(self, node: ast.DictComp) -> Term:
        return self._comprehension(node.generators, [node.value, node.key])

    def _lambda(self, node: ast.Lambda) -> Term:
        return Term(TermKind.DATA, args=_interesting([self.read(node.body)]))

    def _data(self, node: ast.expr) -> Term:
        """Read what operators make of their operands; a loop, because sums nest without an end."""
        parts: list[Term] = []
        pending: list[ast.AST] = [node]
        while pending:
            current = pending.pop()
            for child in ast.iter_child_nodes(current):
                if type(child) in _OPERATORS:
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

    def _name(self, node: ast.Name) -> Term:
        self.used.add(node.id)
        return self._at(node, TermKind.NAME, (), node.id)

    def _attribute(self, node: ast.Attribute) -> Term:
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
        args = tuple(map(self._argument, node.args))
        keywords = tuple(
            (word.arg or "**", self._argument(word.value))
            for word in node.keywords
            if word.arg != "fetch_links" or _is_true(word.value)
        )
        column = self.column(node.lineno, node.col_offset)
        return Term(TermKind.CALL, "", (callee, *args), keywords, node.lineno, column)

    def _argument(self, node: ast.expr) -> Term:
        # A status is the one number that says something of an exception.
        if isinstance(node, ast.Constant) and node.value in _STATUSES:
            return Term(TermKind.DATA, str(node.value))
        return self.read(node)

    def _at(self, node: ast.expr, kind: TermKind, args: tuple[Term, ...], name: str = "") -> Term:
        column = self.column(node.lineno, node.col_offset)
        return Term(kind, name, args, (), node.lineno, column)


_READERS: dict[type[ast.expr], Callable[[TermReader, Any], Term]] = {
    ast.Attribute: TermReader._attribute,
    ast.Await: TermReader._await,
    ast.BoolOp: TermReader._either,
    ast.Call: TermReader._call,
    ast.Dict: TermReader._mapping,
    ast.DictComp: TermReader._values,
    ast.FormattedValue: TermReader._itself,
    ast.GeneratorExp: TermReader._elements,
    ast.IfExp: TermReader._conditional,
    ast.Lambda: TermReader._lambda,
    ast.List: TermReader._sequence,
    ast.ListComp: TermReader._elements,
    ast.Name: TermReader._name,
    ast.NamedExpr: TermReader._walrus,
    ast.Set: TermReader._sequence,
    ast.SetComp: TermReader._elements,
    ast.Starred: TermReader._itself,
    ast.Subscript: TermReader._subscript,
    ast.Tuple: TermReader._sequence,
    ast.Yield: TermReader._yield,
    ast.YieldFrom: TermReader._yield,
}


def _is_true(node: ast.expr) -> bool:
    return isinstance(node, ast.Constant) and node.value is True


def _tested(term: Term) -> Term:
    return term._replace(tested=True)


def _interesting(terms: Iterable[Term]) -> tuple[Term, ...]:
    """Leave out what neither is nor does anything."""
    return tuple(term for term in terms if term.args or term.keywords)


def _with(term: Term, others: list[Term]) -> Term:
    """Return the term, with others that are evaluated beside it."""
    kept = _interesting(others)
    return term._replace(keywords=(("", Term(TermKind.DATA, args=kept)),)) if kept else term
