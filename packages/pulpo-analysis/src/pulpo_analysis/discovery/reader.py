"""Reads one file's source into facts; the syntax tree does not leave this module."""

from __future__ import annotations

import ast
import inspect
import io
import tokenize
import warnings
from collections.abc import Iterator

from pulpo_analysis.diagnostics.catalogue import finding
from pulpo_analysis.diagnostics.diagnostic import Diagnostic
from pulpo_analysis.discovery.expressions import Expression, ExpressionReader
from pulpo_analysis.discovery.facts import (
    AssignFact,
    ClassFact,
    FunctionFact,
    ImportFact,
    ModuleFacts,
    ParameterFact,
)
from pulpo_base.records import dataclass, field
from pulpo_base.specs import SourceLocation

__all__ = ["read_module"]


def read_module(source: bytes, path: str, module: str) -> ModuleFacts | Diagnostic:
    """Return the facts of a file, or the diagnostic that says why it has none."""
    is_package = path.endswith("__init__.py")
    try:
        with warnings.catch_warnings():
            # An invalid escape in a user's string is the user's linter's business.
            warnings.simplefilter("ignore")
            tree = ast.parse(source, filename=path)
        return _ModuleReader(source, path, module, is_package).read(tree)
    except SyntaxError as error:
        place = SourceLocation(path, error.lineno or 1, max(error.offset or 1, 1))
        return finding(
            "PLD001", f"{error.msg}", place, hint="mend the syntax; the other files are analysed"
        )
    except (ValueError, RecursionError, MemoryError) as error:
        return finding(
            "PLD001",
            f"Python's parser gives up: {type(error).__name__}: {error}",
            SourceLocation(path),
            hint="split or simplify the file, or leave it out with `discovery.exclude`",
        )


@dataclass(slots=True)
class _ModuleReader:
    source: bytes
    path: str
    module: str
    is_package: bool
    imports: dict[str, ImportFact] = field(default_factory=dict)
    stars: list[str] = field(default_factory=list)
    assigns: dict[str, AssignFact] = field(default_factory=dict)
    classes: dict[str, ClassFact] = field(default_factory=dict)
    functions: dict[str, FunctionFact] = field(default_factory=dict)
    declared: list[ClassFact | FunctionFact] = field(default_factory=list)
    expressions: ExpressionReader = field(init=False)
    _lines: list[bytes] | None = None

    def __post_init__(self) -> None:
        self.expressions = ExpressionReader(self._column)

    def _column(self, line: int, offset: int) -> int:
        # ast counts UTF-8 bytes; people and editors count characters.
        if self._lines is None:
            self._lines = [] if self.source.isascii() else _utf8_lines(self.source)
        if not self._lines or line > len(self._lines):
            return offset + 1
        return len(self._lines[line - 1][:offset].decode("utf-8", "replace")) + 1

    def read(self, tree: ast.Module) -> ModuleFacts:
        for statement in _statements(tree.body):
            self._statement(statement)
        return ModuleFacts(
            path=self.path,
            module=self.module,
            imports=self.imports,
            star_imports=tuple(self.stars),
            assigns=self.assigns,
            classes=self.classes,
            functions=self.functions,
            declared=tuple(self.declared),
        )

    def _statement(self, node: ast.stmt) -> None:
        match node:
            case ast.Import(names=names):
                for alias in names:
                    local = alias.asname or alias.name.partition(".")[0]
                    target = alias.name if alias.asname else local
                    self.imports[local] = ImportFact(local, target, None)
            case ast.ImportFrom():
                self._import_from(node)
            case ast.ClassDef():
                cls = self._class(node, "", local=False)
                self.classes[cls.name] = cls
            case ast.FunctionDef() | ast.AsyncFunctionDef():
                function = self._function(node, "", local=False)
                self.functions[function.name] = function
                self._local_declarations(node, f"{node.name}.<locals>.")
            case _:
                for fact in self._assignments(node):
                    self.assigns[fact.name] = fact

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
                self.imports[local] = ImportFact(local, module, alias.name)

    def _class(self, node: ast.ClassDef, prefix: str, *, local: bool) -> ClassFact:
        qualname = prefix + node.name
        body = list(_statements(node.body))
        inner = f"{qualname}."
        fact = ClassFact(
            name=node.name,
            qualname=qualname,
            decorators=self._all(node.decorator_list),
            bases=self._all(node.bases),
            assigns=tuple(fact for part in body for fact in self._assignments(part)),
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
            doc=_doc(node),
            line=node.lineno,
            column=self._column(node.lineno, node.col_offset),
            local=local,
        )
        if fact.decorators:
            self.declared.append(fact)
        return fact

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
            doc=_doc(node),
            line=node.lineno,
            column=self._column(node.lineno, node.col_offset),
            local=local,
            result=self._only_result(node),
        )
        if fact.decorators:
            self.declared.append(fact)
        return fact

    def _local_declarations(
        self, node: ast.FunctionDef | ast.AsyncFunctionDef, prefix: str
    ) -> None:
        """Record decorated classes and functions inside a function: no import can reach them."""
        for part in _statements(node.body):
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

    def _assignments(self, node: ast.stmt) -> Iterator[AssignFact]:
        match node:
            case ast.AnnAssign(target=ast.Name(id=name), annotation=annotation, value=value):
                yield AssignFact(
                    name,
                    self.expressions.read(annotation),
                    self.expressions.read(value) if value else None,
                    node.lineno,
                    self._column(node.lineno, node.col_offset),
                )
            case ast.Assign(targets=targets, value=value):
                read = self.expressions.read(value)
                for target in targets:
                    if isinstance(target, ast.Name):
                        column = self._column(target.lineno, target.col_offset)
                        yield AssignFact(target.id, None, read, target.lineno, column)

    def _only_result(self, node: ast.FunctionDef | ast.AsyncFunctionDef) -> Expression | None:
        body = node.body[1:] if _doc(node) else node.body
        if len(body) == 1 and isinstance(body[0], ast.Return) and body[0].value is not None:
            return self.expressions.read(body[0].value)
        return None

    def _all(self, nodes: list[ast.expr]) -> tuple[Expression, ...]:
        return tuple(self.expressions.read(node) for node in nodes)


def _statements(body: list[ast.stmt]) -> Iterator[ast.stmt]:
    """Yield statements, those under `if`, `try` and `with` included: any of them may run."""
    for node in body:
        match node:
            case ast.If():
                yield from _statements(node.body)
                yield from _statements(node.orelse)
            case ast.Try() | ast.TryStar():
                yield from _statements(node.body)
                for handler in node.handlers:
                    yield from _statements(handler.body)
                yield from _statements(node.orelse)
                yield from _statements(node.finalbody)
            case ast.With():
                yield from _statements(node.body)
            case _:
                yield node


def _doc(node: ast.ClassDef | ast.FunctionDef | ast.AsyncFunctionDef) -> str:
    first = node.body[0] if node.body else None
    if (
        isinstance(first, ast.Expr)
        and isinstance(first.value, ast.Constant)
        and isinstance(first.value.value, str)
    ):
        # A lone surrogate is legal in a Python string and in no text file.
        text = first.value.value.encode("utf-8", "replace").decode("utf-8")
        return inspect.cleandoc(text)
    return ""


def _utf8_lines(source: bytes) -> list[bytes]:
    """Return the lines as the parser counts them: UTF-8, without a byte order mark."""
    encoding, _ = tokenize.detect_encoding(io.BytesIO(source).readline)
    return source.decode(encoding, "replace").encode().splitlines()
