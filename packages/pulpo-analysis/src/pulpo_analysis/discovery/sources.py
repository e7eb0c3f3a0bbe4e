"""The files of a project as facts, read when they are asked for, and names followed across them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pulpo_analysis.diagnostics.catalogue import finding
from pulpo_analysis.diagnostics.diagnostic import Diagnostic
from pulpo_analysis.discovery.expressions import ExpressionKind
from pulpo_analysis.discovery.facts import AssignFact, ClassFact, FunctionFact, ModuleFacts
from pulpo_analysis.discovery.files import SourceFile
from pulpo_analysis.discovery.reader import read_module
from pulpo_analysis.discovery.starred import STARRED
from pulpo_base.records import dataclass, field
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
    cache.
    """

    files: tuple[SourceFile, ...]
    diagnostics: list[Diagnostic] = field(default_factory=list)
    cache: FactCache | None = None
    bodies: bool = True
    _by_module: dict[str, SourceFile] = field(default_factory=dict)
    _packages: set[str] = field(default_factory=set)
    _bytes: dict[str, bytes | None] = field(default_factory=dict)
    _facts: dict[str, ModuleFacts | None] = field(default_factory=dict)
    _resolved: dict[tuple[str, str], Symbol | None] = field(default_factory=dict)

    def __post_init__(self) -> None:
        for file in sorted(self.files, key=lambda file: (file.precedence, file.relative)):
            if file.module:
                self._by_module.setdefault(file.module, file)
                self._packages.update(_parents(file.module))

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

    @property
    def read(self) -> tuple[ModuleFacts, ...]:
        """The facts of every file that was asked for, by path."""
        return tuple(facts for _, facts in sorted(self._facts.items()) if facts is not None)

    def hidden_by(self, file: SourceFile) -> SourceFile | None:
        """Return the file that Python imports instead of this one, `None` where it is this one."""
        first = self._by_module.get(file.module)
        return first if first is not None and first is not file else None

    def module(self, name: str) -> ModuleFacts | None:
        """Return the facts of a module of the project, or `None` for one that is not."""
        file = self._by_module.get(name)
        return self.facts(file) if file else None

    def is_local(self, module: str) -> bool:
        """Whether a module name belongs to the project (a folder without `__init__` included)."""
        return module in self._by_module or module in self._packages

    def resolve(self, module: ModuleFacts, dotted: str) -> Symbol | None:
        """Return what `dotted` stands for in `module`, `None` where that cannot be known."""
        asked = (module.path, dotted)
        if asked not in self._resolved:
            self._resolved[asked] = self._resolve(module, dotted, frozenset())
        return self._resolved[asked]

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
