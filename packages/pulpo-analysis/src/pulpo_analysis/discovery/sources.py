"""The files of a project as facts, read when they are asked for, and names followed across them."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from pulpo_analysis.diagnostics.catalogue import finding
from pulpo_analysis.diagnostics.diagnostic import Diagnostic
from pulpo_analysis.discovery.expressions import ExpressionKind
from pulpo_analysis.discovery.facts import AssignFact, ClassFact, FunctionFact, ModuleFacts
from pulpo_analysis.discovery.files import SourceFile
from pulpo_analysis.discovery.reader import read_module
from pulpo_analysis.discovery.starred import STARRED
from pulpo_analysis.discovery.trail import Trail
from pulpo_base.specs import SourceLocation

if TYPE_CHECKING:
    from pulpo_analysis.discovery.fact_cache import FactCache

__all__ = ["LONGEST_WAY", "Sources", "Symbol"]

#: How many other names a name may stand for before it is given up.
LONGEST_WAY = 100


@dataclass(frozen=True, slots=True)
class Symbol:
    """What a name stands for.

    `fact` is the class, function or assignment in `module`; a symbol without a fact is
    `external`: a dotted name of another library, or a module.
    """

    external: str = ""
    module: ModuleFacts | None = None
    fact: ClassFact | FunctionFact | AssignFact | None = None

    @property
    def key(self) -> str:
        """The dotted, importable name."""
        if self.module is None or self.fact is None:
            return self.external
        name = self.fact.name if isinstance(self.fact, AssignFact) else self.fact.qualname
        return f"{self.module.module}.{name}"


@dataclass(slots=True)
class Sources:
    """The project's files by module name; each is read and parsed at most once.

    Without `bodies`, facts say what is declared, and not what functions do; such facts are in no
    cache. Whoever looks at something leaves a trail (`noting`): there is no other way to facts.
    """

    files: tuple[SourceFile, ...]
    diagnostics: list[Diagnostic] = field(default_factory=list)
    cache: FactCache | None = None
    bodies: bool = True
    _by_module: dict[str, SourceFile] = field(default_factory=dict)
    _packages: set[str] = field(default_factory=set)
    _bytes: dict[str, bytes | None] = field(default_factory=dict)
    _facts: dict[str, ModuleFacts | None] = field(default_factory=dict)
    _by_path: dict[str, SourceFile] = field(default_factory=dict)
    _digests: dict[str, str] = field(default_factory=dict)
    _resolved: dict[tuple[str, str], tuple[Symbol | None, Trail]] = field(default_factory=dict)
    _trail: Trail = field(default_factory=Trail)

    def __post_init__(self) -> None:
        self._by_path = {file.relative: file for file in self.files}
        for file in sorted(self.files, key=lambda file: (file.precedence, file.relative)):
            if file.module:
                self._by_module.setdefault(file.module, file)
                self._packages.update(_parents(file.module))

    @contextmanager
    def noting(self, trail: Trail) -> Iterator[None]:
        """Note in `trail` what is looked at meanwhile."""
        outer, self._trail = self._trail, trail
        try:
            yield
        finally:
            self._trail = outer

    def at(self, path: str) -> SourceFile:
        """Return the file of that relative path. Raises `KeyError` where there is none."""
        return self._by_path[path]

    def place(self, module: str) -> str:
        """Return where an import of that name leads: a file's path, `.` for a bare folder."""
        file = self._by_module.get(module)
        return file.relative if file else "." if module in self._packages else ""

    def digest(self, path: str) -> str:
        """Return what stands for the content of a file and its module's name; empty for no file."""
        if path not in self._digests:
            file = self._by_path.get(path)
            told = hashlib.blake2b(digest_size=16)
            if file is not None:
                told.update(f"{file.module}\n".encode())
                told.update(self.source(file))
            self._digests[path] = told.hexdigest() if file else ""
        return self._digests[path]

    def source(self, file: SourceFile) -> bytes:
        """Return a file's bytes; an unreadable file is a diagnostic and reads as empty."""
        if file.relative not in self._bytes:
            try:
                self._bytes[file.relative] = file.read()
            except OSError as error:
                self._bytes[file.relative] = None
                reason = error.strerror or str(error)
                self.diagnostics.append(finding("PLD002", reason, SourceLocation(file.relative)))
        return self._bytes[file.relative] or b""

    def facts(self, file: SourceFile) -> ModuleFacts | None:
        """Return a file's facts, or `None` (and a diagnostic) where it cannot be parsed."""
        self._trail.files.add(file.relative)
        if file.relative not in self._facts:
            self._facts[file.relative] = self._kept(file) or self._read(file)
        return self._facts[file.relative]

    def _kept(self, file: SourceFile) -> ModuleFacts | None:
        if self.cache is None:
            return None
        return self.cache.get(self.source(file), file.relative, file.module)

    def _read(self, file: SourceFile) -> ModuleFacts | None:
        source = self.source(file)
        answer = read_module(source, file.relative, file.module, bodies=self.bodies)
        if isinstance(answer, Diagnostic):
            self.diagnostics.append(answer)
            return None
        if self.cache is not None:
            self.cache.put(answer, source)
        return answer

    def tidy(self, used: Iterable[str]) -> None:
        """Forget kept facts that are long out of use; those of the files `used` are not."""
        if self.cache is not None:
            for file in map(self.at, used):
                self.cache.renew(self.source(file), file.relative, file.module)
            self.cache.tidy()

    @property
    def read(self) -> tuple[ModuleFacts, ...]:
        """The facts of every file that was asked for, by path."""
        return tuple(facts for _, facts in sorted(self._facts.items()) if facts is not None)

    def hidden_by(self, file: SourceFile) -> SourceFile | None:
        """Return the file that Python imports instead of this one, `None` where it is this one."""
        self._trail.modules.add(file.module)
        first = self._by_module.get(file.module)
        return first if first is not None and first is not file else None

    def module(self, name: str) -> ModuleFacts | None:
        """Return the facts of a module of the project, or `None` for one that is not."""
        self._trail.modules.add(name)
        file = self._by_module.get(name)
        return self.facts(file) if file else None

    def is_local(self, module: str) -> bool:
        """Whether a module name belongs to the project (a folder without `__init__` included)."""
        self._trail.modules.add(module)
        return module in self._by_module or module in self._packages

    def class_at(self, path: str, qualname: str) -> tuple[ModuleFacts, ClassFact]:
        """Return a class that a name has led to, by its place. Raises `LookupError` for none."""
        facts = self.facts(self.at(path))
        head, *rest = qualname.split(".")
        found = facts.classes.get(head) if facts else None
        for name in rest:
            found = found.nested(name) if found else None
        if facts is None or found is None:
            raise LookupError(f"no class {qualname} in {path}")
        return facts, found

    def resolve(self, module: ModuleFacts, dotted: str) -> Symbol | None:
        """Return what `dotted` stands for in `module`, `None` where that cannot be known."""
        asked = (module.path, dotted)
        if asked not in self._resolved:
            trail = Trail()
            with self.noting(trail):
                self._resolved[asked] = (self._resolve(module, dotted, frozenset()), trail)
        symbol, trail = self._resolved[asked]
        self._trail.include(trail)
        return symbol

    def _resolve(
        self, module: ModuleFacts, dotted: str, seen: frozenset[tuple[str, str]]
    ) -> Symbol | None:
        if (module.path, dotted) in seen or len(seen) > LONGEST_WAY:
            return None
        seen = seen | {(module.path, dotted)}
        head, _, rest = dotted.partition(".")
        fact = module.classes.get(head) or module.functions.get(head)
        if fact is not None:
            return self._inside(Symbol(module=module, fact=fact), rest)
        if head in module.imports:
            return self._imported(module, head, rest, seen)
        if head in module.assigns:
            return self._assigned(module, head, rest, seen)
        for star in module.star_imports:
            target = self.module(star)
            found = self._resolve(target, dotted, seen) if target else None
            if target is None and head in STARRED.get(star, ()):
                found = Symbol(external=f"{star}.{dotted}")
            if found is not None:
                return found
        return Symbol(external=f"builtins.{dotted}") if head in _BUILTINS else None

    def _assigned(
        self, module: ModuleFacts, head: str, rest: str, seen: frozenset[tuple[str, str]]
    ) -> Symbol | None:
        """Return what `Note = shapes.Note` makes of `Note`; a constant stays what it is."""
        fact = module.assigns[head]
        if fact.value is not None and fact.value.kind is ExpressionKind.NAME:
            target = fact.value.value
            found = self._resolve(module, f"{target}.{rest}" if rest else target, seen)
            if found is not None and not isinstance(found.fact, AssignFact):
                return found
        return self._inside(Symbol(module=module, fact=fact), rest)

    def _imported(
        self, module: ModuleFacts, head: str, rest: str, seen: frozenset[tuple[str, str]]
    ) -> Symbol | None:
        fact = module.imports[head]
        parts = [fact.module, *([fact.name] if fact.name else []), *([rest] if rest else [])]
        return self._absolute(".".join(part for part in parts if part), seen)

    def _absolute(self, dotted: str, seen: frozenset[tuple[str, str]]) -> Symbol | None:
        """Return what an absolute dotted name stands for: the longest module prefix wins."""
        parts = dotted.split(".")
        if not self.is_local(parts[0]):
            return Symbol(external=dotted)
        for size in range(len(parts), 0, -1):
            name = ".".join(parts[:size])
            if not self.is_local(name):
                continue
            if size == len(parts):
                return self._exported(parts, seen) or Symbol(external=dotted)
            facts = self.module(name)
            return self._resolve(facts, ".".join(parts[size:]), seen) if facts else None
        return None

    def _exported(self, parts: list[str], seen: frozenset[tuple[str, str]]) -> Symbol | None:
        """Return what a package itself calls by the name of one of its modules, or `None`.

        `from .place import place` in `operations/__init__.py` makes `operations.place` the
        function and not the module.
        """
        package = self.module(".".join(parts[:-1]))
        if package is None or not package.binds(parts[-1]):
            return None
        return self._resolve(package, parts[-1], seen)

    @staticmethod
    def _inside(symbol: Symbol, rest: str) -> Symbol | None:
        """Return the member `rest` of a class: nested classes and class attributes."""
        while rest:
            if not isinstance(symbol.fact, ClassFact):
                return None
            head, _, rest = rest.partition(".")
            member = symbol.fact.nested(head) or symbol.fact.assign(head)
            if member is None:
                return None
            symbol = Symbol(module=symbol.module, fact=member)
        return symbol


def _parents(module: str) -> list[str]:
    parts = module.split(".")
    return [".".join(parts[:size]) for size in range(1, len(parts))]


_BUILTINS = frozenset(
    [
        "bool",
        "bytes",
        "complex",
        "dict",
        "float",
        "frozenset",
        "int",
        "list",
        "object",
        "set",
        "str",
        "tuple",
        "type",
        "None",
    ]
)
