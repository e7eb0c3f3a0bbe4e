"""Reads one file's source into facts; the syntax tree does not leave this module."""

from __future__ import annotations

import ast
import sys
import warnings
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from itertools import zip_longest
from typing import Any

from pulpo_analysis.diagnostics.catalogue import finding
from pulpo_analysis.diagnostics.diagnostic import Diagnostic
from pulpo_analysis.discovery.assignments import assignments
from pulpo_analysis.discovery.bodies.facts import BodyFact
from pulpo_analysis.discovery.conditions import running
from pulpo_analysis.discovery.expressions import Expression, ExpressionReader
from pulpo_analysis.discovery.facts import (
    AssignFact,
    ClassFact,
    FunctionFact,
    ImportFact,
    ModuleFacts,
    ParameterFact,
)
from pulpo_analysis.discovery.texts import doc_of, text_of, utf8_lines
from pulpo_base.specs import SourceLocation

__all__ = ["read_module"]


def read_module(
    source: bytes, path: str, module: str, *, bodies: bool = True
) -> ModuleFacts | Diagnostic:
    """Return the facts of a file, or the diagnostic that says why it has none.

    Without `bodies` they say what the file declares, and neither what its functions do nor what
    lint looks for in it.
    """
    is_package = path.endswith("__init__.py")
    try:
        with warnings.catch_warnings():
            # An invalid escape in a user's string is the user's linter's business.
            warnings.simplefilter("ignore")
            tree = ast.parse(source, filename=path)
        return _ModuleReader(source, path, module, is_package, bodies).read(tree)
    except SyntaxError as error:
        place = SourceLocation(path, error.lineno or 1, max(error.offset or 1, 1))
        return _unparsed(error, place)
    except (ValueError, RecursionError, MemoryError) as error:
        return finding(
            "PLD001",
            f"Python's parser gives up: {type(error).__name__}: {error}",
            SourceLocation(path),
            hint="split or simplify the file, or leave it out with `discovery.exclude`",
        )


def _unparsed(error: SyntaxError, place: SourceLocation) -> Diagnostic:
    from pulpo_analysis.discovery.syntax import new_syntax

    newer = new_syntax(error.text or "")
    if newer is None:
        hint = "mend the syntax; the other files are analysed"
        if "codec can't decode" in error.msg:
            hint = "save it as UTF-8, or name its encoding in the first line: `# coding: latin-1`"
        return finding("PLD001", error.msg, place, hint=hint)
    running = f"{sys.version_info[0]}.{sys.version_info[1]}"
    return finding(
        "PLD008",
        f"{newer.what} is Python {newer.python}, and Python {running} reads the project",
        place,
        hint=f"start pulpo with Python {newer.python} or newer, or write it the older way",
    )


@dataclass(slots=True)
class _ModuleReader:
    source: bytes
    path: str
    module: str
    is_package: bool
    bodies: bool
    imports: dict[str, ImportFact] = field(default_factory=dict)
    stars: list[str] = field(default_factory=list)
    assigns: dict[str, AssignFact] = field(default_factory=dict)
    classes: dict[str, ClassFact] = field(default_factory=dict)
    functions: dict[str, FunctionFact] = field(default_factory=dict)
    declared: list[ClassFact | FunctionFact] = field(default_factory=list)
    calls: list[Expression] = field(default_factory=list)
    expressions: ExpressionReader = field(init=False)
    _lines: list[bytes] | None = None

    def __post_init__(self) -> None:
        self.expressions = ExpressionReader(self._column)

    def _column(self, line: int, offset: int) -> int:
        # ast counts UTF-8 bytes; people and editors count characters.
        if self._lines is None:
            self._lines = [] if self.source.isascii() else utf8_lines(self.source)
        if not self._lines or line > len(self._lines):
            return offset + 1
        return len(self._lines[line - 1][:offset].decode("utf-8", "replace")) + 1

    def read(self, tree: ast.Module) -> ModuleFacts:
        for statement in running(tree.body):
            self._statement(statement)
        facts = ModuleFacts(
            path=self.path,
            module=self.module,
            imports=self.imports,
            star_imports=tuple(self.stars),
            assigns=self.assigns,
            classes=self.classes,
            functions=self.functions,
            declared=tuple(self.declared),
            calls=tuple(self.calls),
        )
        return self._judged(facts, tree) if self.bodies else facts

    def _judged(self, facts: ModuleFacts, tree: ast.Module) -> ModuleFacts:
        """Add what lint wants to know."""
        # Here, because what needs declarations alone need not load the rest.
        from pulpo_analysis.discovery.ignores import read_ignores
        from pulpo_analysis.discovery.smell_reader import read_smells

        return replace(
            facts,
            smells=read_smells(tree, self.source, self.path, self.module, self._column),
            ignores=read_ignores(self.source, self.path, tree),
        )

    def _body(self, node: ast.FunctionDef | ast.AsyncFunctionDef) -> BodyFact | None:
        if not self.bodies:
            return None
        from pulpo_analysis.discovery.bodies.reading import read_body

        return read_body(node, self._column)

    def _statement(self, node: ast.stmt) -> None:
        match node:
            case ast.Import(names=names):
                for alias in names:
                    local = alias.asname or alias.name.partition(".")[0]
                    target = alias.name if alias.asname else local
                    self._bind(self.imports, local, ImportFact(local, target, None))
            case ast.ImportFrom():
                self._import_from(node)
            case ast.ClassDef():
                cls = self._class(node, "", local=False)
                self._bind(self.classes, cls.name, cls)
            case ast.FunctionDef() | ast.AsyncFunctionDef():
                function = self._function(node, "", local=False)
                self._bind(self.functions, function.name, function)
                self._local_declarations(node, f"{node.name}.<locals>.")
            case ast.Expr(value=ast.Call(args=[_], keywords=[]) as call):
                self.calls.append(self.expressions.read(call))
            case _:
                for fact in assignments(node, self.expressions, self._column):
                    if fact.value is not None and fact.value.mentions(fact.name):
                        self.assigns[fact.name] = fact  # `f = wrapped(f)` still means that `f`
                    else:
                        self._bind(self.assigns, fact.name, fact)

    def _bind(self, names: dict[str, Any], name: str, fact: Any) -> None:
        """Give a name its meaning, the one that it had before forgotten."""
        for others in (self.imports, self.assigns, self.classes, self.functions):
            others.pop(name, None)
        names[name] = fact

    def _import_from(self, node: ast.ImportFrom) -> None:
        module = node.module or ""
        if node.level:
            package = self.module.split(".") if self.module else []
            # A package is its own first parent; a plain module's is the package that holds it.
            drop = node.level - 1 if self.is_package else node.level
            if drop > len(package):
                return  # beyond the source root: Python refuses it, so the names stay unknown
            base = package[: len(package) - drop]
            module = ".".join([*base, *([module] if module else [])])
        for alias in node.names:
            if alias.name == "*":
                self.stars.append(module)
            else:
                local = alias.asname or alias.name
                self._bind(self.imports, local, ImportFact(local, module, alias.name))

    def _class(self, node: ast.ClassDef, prefix: str, *, local: bool) -> ClassFact:
        qualname = prefix + node.name
        body = list(running(node.body, checking=False))
        inner = f"{qualname}."
        fact = ClassFact(
            name=node.name,
            qualname=qualname,
            decorators=self._all(node.decorator_list),
            bases=self._all(node.bases),
            assigns=tuple(self._documented(body)),
            classes=tuple(
                self._class(part, inner, local=local)
                for part in body
                if isinstance(part, ast.ClassDef)
            ),
            functions=tuple(
                self._function(part, inner, local=local)
                for part in body
                if isinstance(part, ast.FunctionDef | ast.AsyncFunctionDef)
            ),
            doc=doc_of(node),
            line=node.lineno,
            column=self._column(node.lineno, node.col_offset),
            local=local,
            keywords=tuple((k.arg, self.expressions.read(k.value)) for k in node.keywords if k.arg),
            parameters=tuple(part.name for part in getattr(node, "type_params", ())),
        )
        if fact.decorators:
            self.declared.append(fact)
        return fact

    def _documented(self, body: list[ast.stmt]) -> Iterator[AssignFact]:
        """Yield the assignments of a class body, each with the text that stands below it."""
        for part, below in zip_longest(body, body[1:]):
            doc = text_of(below) if isinstance(part, ast.AnnAssign) else ""
            facts = assignments(part, self.expressions, self._column)
            yield from (replace(fact, doc=doc) for fact in facts) if doc else facts

    def _function(
        self, node: ast.FunctionDef | ast.AsyncFunctionDef, prefix: str, *, local: bool
    ) -> FunctionFact:
        fact = FunctionFact(
            name=node.name,
            qualname=prefix + node.name,
            decorators=self._all(node.decorator_list),
            parameters=tuple(self._parameters(node.args)),
            returns=self.expressions.read(node.returns) if node.returns else None,
            is_async=isinstance(node, ast.AsyncFunctionDef),
            doc=doc_of(node),
            line=node.lineno,
            column=self._column(node.lineno, node.col_offset),
            local=local,
            result=self._only_result(node),
            body=self._body(node),
        )
        if fact.decorators:
            self.declared.append(fact)
        return fact

    def _local_declarations(
        self, node: ast.FunctionDef | ast.AsyncFunctionDef, prefix: str
    ) -> None:
        """Record decorated classes and functions inside a function: no import can reach them."""
        for part in running(node.body):
            if isinstance(part, ast.ClassDef) and part.decorator_list:
                self._class(part, prefix, local=True)
            elif isinstance(part, ast.FunctionDef | ast.AsyncFunctionDef) and part.decorator_list:
                self._function(part, prefix, local=True)

    def _parameters(self, args: ast.arguments) -> Iterator[ParameterFact]:
        positional = [*args.posonlyargs, *args.args]
        without = len(positional) - len(args.defaults)
        for index, arg in enumerate(positional):
            yield self._parameter(arg, has_default=index >= without)
        if args.vararg:
            yield self._parameter(args.vararg, variadic=True)
        for arg, default in zip(args.kwonlyargs, args.kw_defaults, strict=True):
            yield self._parameter(arg, has_default=default is not None)
        if args.kwarg:
            yield self._parameter(args.kwarg, variadic=True)

    def _parameter(
        self, arg: ast.arg, *, has_default: bool = False, variadic: bool = False
    ) -> ParameterFact:
        annotation = self.expressions.read(arg.annotation) if arg.annotation else None
        return ParameterFact(arg.arg, annotation, has_default, variadic)

    def _only_result(self, node: ast.FunctionDef | ast.AsyncFunctionDef) -> Expression | None:
        body = node.body[1:] if doc_of(node) else node.body
        if len(body) == 1 and isinstance(body[0], ast.Return) and body[0].value is not None:
            return self.expressions.read(body[0].value)
        return None

    def _all(self, nodes: list[ast.expr]) -> tuple[Expression, ...]:
        return tuple(self.expressions.read(node) for node in nodes)
