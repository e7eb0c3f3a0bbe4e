"""The classes and functions of the project that names have led to."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

from pulpo_analysis.discovery.bodies.values import DATA, AtomKind, Value
from pulpo_analysis.discovery.classes import Classes, Kind, LocatedClass
from pulpo_analysis.discovery.facts import FunctionFact, ModuleFacts
from pulpo_analysis.discovery.sources import Sources

__all__ = ["Function", "Hook", "Known", "classes_given"]


@dataclass(frozen=True, slots=True)
class Function:
    """A function with the module it stands in; `owner` is the class that it is called on.

    `made_of` are the classes that the instance was made of, by the parameters of `__init__`.
    """

    module: ModuleFacts
    fact: FunctionFact
    owner: str = ""
    made_of: tuple[Value, ...] = ()

    @property
    def key(self) -> str:
        """The importable dotted name."""
        return f"{self.module.module}.{self.fact.qualname}"

    @property
    def binding(self) -> str:
        """How it is called: `static`, on the `class`, or on an `instance`; empty for a function."""
        if not self.owner:
            return ""
        names = {decorator.callee.value for decorator in self.fact.decorators}
        if "staticmethod" in names:
            return "static"
        return "class" if "classmethod" in names else "instance"

    @property
    def is_property(self) -> bool:
        """Whether reading the attribute calls it."""
        names = {str(decorator.callee.value) for decorator in self.fact.decorators}
        return any(name.rpartition(".")[2] in {"property", "cached_property"} for name in names)


def classes_given(start: Function, given: Mapping[str, Value]) -> tuple[Value, ...]:
    """Return the classes that each parameter of `__init__` is given; nothing where none is."""
    found = tuple(
        frozenset(part for part in given.get(one.name, DATA) if part.kind is AtomKind.CLASS)
        for one in start.fact.parameters
    )
    return found if any(found) else ()


@dataclass(frozen=True, slots=True)
class Hook:
    """A method that Beanie calls on events, as in `@before_event(Insert, Replace)`."""

    function: Function
    events: frozenset[str]


@dataclass(slots=True)
class Known:
    """Finds classes and functions by their keys, once a name has led to them."""

    sources: Sources
    classes: Classes
    _located: dict[str, LocatedClass] = field(default_factory=dict)
    _functions: dict[str, Function] = field(default_factory=dict)
    _hooks: dict[str, tuple[Hook, ...]] = field(default_factory=dict)

    def located(self, key: str) -> LocatedClass | None:
        """Return the class of that key, if a name has led to it before."""
        return self._located.get(key)

    def function(self, key: str, owner: str = "") -> Function | None:
        """Return the function of that key, if a name has led to it before."""
        found = self._functions.get(key)
        return Function(found.module, found.fact, owner) if found and owner else found

    def know(self, module: ModuleFacts, fact: FunctionFact) -> str:
        """Remember a function and return its key."""
        function = Function(module, fact)
        self._functions.setdefault(function.key, function)
        return function.key

    def know_class(self, cls: LocatedClass) -> str:
        """Remember a class and return its key."""
        self._located.setdefault(cls.key, cls)
        return cls.key

    def is_document(self, key: str) -> bool:
        """Whether the class of that key is a Beanie document."""
        cls = self._located.get(key)
        return cls is not None and self.classes.kind(cls) is Kind.DOCUMENT

    def lineage(self, key: str) -> frozenset[str]:
        """Return the keys of the class and of its ancestors, libraries' classes included."""
        cls = self._located.get(key)
        if cls is None:
            return frozenset({key})
        own = (self.know_class(ancestor) for ancestor in self.classes.order(cls))
        return frozenset(own) | self.classes.roots(cls)

    def method(self, key: str, name: str) -> Function | None:
        """Return the method that an instance of the class of that key has."""
        cls = self._located.get(key)
        found = self.classes.method(cls, name) if cls else None
        if found is None:
            return None
        self.know(found[0].module, found[1])
        return Function(found[0].module, found[1], key)

    def class_named(self, key: str) -> LocatedClass | None:
        """Return the class of the project with that importable name, met before or not."""
        if key not in self._located:
            module, _, _ = key.rpartition(".")
            while module and not self.sources.is_local(module):
                module = module.rpartition(".")[0]
            facts = self.sources.module(module) if module else None
            symbol = self.sources.resolve(facts, key.removeprefix(f"{module}.")) if facts else None
            cls = self.classes.located(symbol)
            if cls is not None:
                self._located[key] = cls
        return self._located.get(key)

    def hooks(self, key: str) -> tuple[Hook, ...]:
        """Return the methods that Beanie calls when a document of the class is written."""
        if key not in self._hooks:
            cls = self._located.get(key)
            self._hooks[key] = tuple(self._hooks_of(cls)) if cls else ()
        return self._hooks[key]

    def _hooks_of(self, cls: LocatedClass) -> Iterator[Hook]:
        for owner in self.classes.order(cls):
            for fact in owner.fact.functions:
                events = {
                    str(event).rpartition(".")[2]
                    for decorator in fact.decorators
                    if str(decorator.callee).endswith(("before_event", "after_event"))
                    for argument in decorator.positional
                    for event in (argument.args or (argument,))
                }
                if events:
                    self.know(owner.module, fact)
                    yield Hook(Function(owner.module, fact, cls.key), frozenset(events))
