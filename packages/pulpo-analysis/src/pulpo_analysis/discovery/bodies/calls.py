"""What a call does and gives back: the project's functions, Beanie's methods, everything else."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from pulpo_analysis.discovery.bodies.documents import (
    CLASS_METHODS,
    INSTANCE_METHODS,
    QUERY_METHODS,
    EffectKind,
    Method,
    Result,
)
from pulpo_analysis.discovery.bodies.facts import Term
from pulpo_analysis.discovery.bodies.frame import Frame
from pulpo_analysis.discovery.bodies.libraries import call_of_library
from pulpo_analysis.discovery.bodies.project import Function
from pulpo_analysis.discovery.bodies.substitution import apply_summary
from pulpo_analysis.discovery.bodies.summary import parameter_class
from pulpo_analysis.discovery.bodies.values import (
    DATA,
    NEW,
    STORED,
    UNKNOWN,
    Atom,
    AtomKind,
    Value,
    atom,
    elements,
    many,
    merged,
    of_parameter,
)
from pulpo_base.specs import SourceLocation

__all__ = ["Arguments", "attribute", "call", "call_method", "consume"]


@dataclass(frozen=True, slots=True)
class Arguments:
    """What a call is given, and its place.

    `status` is the argument that an `HTTPException` takes for its status; `tested` says that only
    the answer's truth matters.
    """

    positional: tuple[Value, ...]
    keywords: tuple[tuple[str, Value], ...]
    place: SourceLocation
    status: Term | None = None
    tested: bool = False

    def all(self) -> Iterable[Value]:
        """Return every argument's value."""
        yield from self.positional
        yield from (value for _, value in self.keywords)

    def without_first(self) -> Arguments:
        """Return the arguments that are left for a function that is itself the first one."""
        return Arguments(self.positional[1:], self.keywords, self.place)


def call(frame: Frame, callee: Value, arguments: Arguments) -> Value:
    """Note what calling the value does, and return what it may give."""
    if not callee:
        return DATA
    return merged([_call_one(frame, part, arguments) for part in _ordered(callee)])


def _call_one(frame: Frame, callee: Atom, arguments: Arguments) -> Value:
    match callee.kind:
        case AtomKind.FUNCTION:
            function = frame.project.function(callee.key, callee.origin)
            if function is None:
                return frame.unknown()
            bound = atom(AtomKind.INSTANCE, callee.origin, STORED) if callee.origin else None
            return call_function(frame, function, arguments, bound)
        case AtomKind.CLASS:
            return construct(frame, callee.key, arguments)
        case AtomKind.EXTERNAL:
            return call_of_library(
                frame, callee.key, arguments, lambda value, rest: call(frame, value, rest)
            )
        case AtomKind.UNKNOWN | AtomKind.PARAMETER:
            return frame.unknown()
        case AtomKind.INSTANCE:
            return call_method(frame, frozenset({callee}), "__call__", arguments)
    return DATA


def construct(frame: Frame, key: str, arguments: Arguments) -> Value:
    """Note what making an instance of a class of the project does, and return it."""
    made = atom(AtomKind.INSTANCE, key, NEW)
    frame.summary.touched.add(key)
    method = frame.project.method(key, "__init__")
    if method is not None:
        call_function(frame, method, arguments, made)
    return made


def call_function(
    frame: Frame, function: Function, arguments: Arguments, receiver: Value | None
) -> Value:
    """Note what a function of the project does with these arguments, and return its answer."""
    names = [parameter.name for parameter in function.fact.parameters if not parameter.variadic]
    given: dict[str, Value] = {}
    if function.binding in {"instance", "class"} and names:
        if function.binding == "class":
            receiver = atom(AtomKind.CLASS, function.owner)
        if receiver is not None:
            given[names.pop(0)] = receiver
    given.update(zip(names, arguments.positional, strict=False))
    given.update((name, value) for name, value in arguments.keywords if name in names)
    return apply_summary(frame, frame.ask(function), given, arguments.place)


def call_method(frame: Frame, receiver: Value, name: str, arguments: Arguments) -> Value:
    """Note what calling a method of the value does, and return what it may give."""
    if not receiver:
        return DATA
    return merged([_method(frame, part, name, arguments) for part in _ordered(receiver)])


def _method(frame: Frame, receiver: Atom, name: str, arguments: Arguments) -> Value:
    match receiver.kind:
        case AtomKind.CLASS:
            return _class_method(frame, receiver.key, name, arguments)
        case AtomKind.INSTANCE:
            return _instance_method(frame, receiver, name, arguments)
        case AtomKind.PARENT:
            return _parent_method(frame, receiver, name, arguments)
        case AtomKind.QUERY:
            return _beanie(frame, QUERY_METHODS.get(name), receiver, arguments)
        case AtomKind.LINK:
            return _link_method(frame, receiver, name, arguments)
        case AtomKind.MANY | AtomKind.TUPLE:
            return _collection_method(receiver, name)
        case AtomKind.PARAMETER:
            return _parameter_method(frame, receiver, name, arguments)
        case AtomKind.EXTERNAL:
            return _call_one(frame, Atom(receiver.kind, f"{receiver.key}.{name}"), arguments)
        case AtomKind.OBJECT:
            return _object_method(frame, receiver, name, arguments)
        case AtomKind.UNKNOWN:
            return frame.unknown()
    return DATA


def _class_method(frame: Frame, key: str, name: str, arguments: Arguments) -> Value:
    function = frame.project.method(key, name)
    if function is not None:
        return call_function(frame, function, arguments, None)
    itself = Atom(AtomKind.CLASS, key, NEW)
    if frame.project.is_document(key):
        known = CLASS_METHODS.get(name)
        if known is None and name in INSTANCE_METHODS:  # `Order.save(order)`
            return call_method(
                frame, arguments.positional[0] if arguments.positional else DATA, name, arguments
            )
        return _beanie(frame, known, itself, arguments)
    if name in {"model_validate", "model_validate_json", "model_construct", "parse_obj"}:
        return atom(AtomKind.INSTANCE, key, NEW)
    made = merged(
        atom(AtomKind.OBJECT, found)
        for root in sorted(frame.project.lineage(key))
        if (found := frame.exceptions.made_by(f"{root}.{name}"))
    )
    return made or _silent(frame, key)


def _instance_method(frame: Frame, receiver: Atom, name: str, arguments: Arguments) -> Value:
    function = frame.project.method(receiver.key, name)
    itself = frozenset({receiver})
    if function is not None:
        return call_function(frame, function, arguments, itself)
    if frame.project.is_document(receiver.key):
        if name in CLASS_METHODS:
            return _beanie(frame, CLASS_METHODS[name], receiver, arguments)
        return _beanie(frame, INSTANCE_METHODS.get(name), receiver, arguments)
    held = frame.project.attribute(receiver.key, name)
    if held:
        return call(frame, held, arguments)
    if name in {"model_copy", "copy", "with_detail", "with_traceback"}:
        return itself
    return _silent(frame, receiver.key)


def _silent(frame: Frame, key: str) -> Value:
    """Return what a method that the project does not define gives."""
    cls = frame.project.located(key)
    opaque = cls is not None and frame.project.classes.has_unknown_ancestor(cls)
    return frame.unknown() if opaque else DATA


def _parent_method(frame: Frame, receiver: Atom, name: str, arguments: Arguments) -> Value:
    cls = frame.project.located(receiver.key)
    order = frame.project.classes.order(cls) if cls else ()
    home = frame.function.key.rpartition(".")[0]
    keys = [ancestor.key for ancestor in order]
    after = order[keys.index(home) + 1 :] if home in keys else ()
    itself = Atom(AtomKind.INSTANCE, receiver.key, receiver.origin)
    for ancestor in after:
        fact = ancestor.fact.function(name)
        if fact is not None:
            frame.project.know(ancestor.module, fact)
            function = Function(ancestor.module, fact, receiver.key)
            return call_function(frame, function, arguments, frozenset({itself}))
    if frame.project.is_document(receiver.key):
        return _beanie(frame, INSTANCE_METHODS.get(name), itself, arguments)
    return DATA


def _link_method(frame: Frame, receiver: Atom, name: str, arguments: Arguments) -> Value:
    if name == "fetch":
        frame.effect(EffectKind.READ, receiver.key, STORED, arguments.place)
        return atom(AtomKind.INSTANCE, receiver.key, STORED)
    return _instance_method(frame, Atom(AtomKind.INSTANCE, receiver.key, STORED), name, arguments)


def _collection_method(receiver: Atom, name: str) -> Value:
    value = frozenset({receiver})
    match name:
        case "get" | "pop" | "popleft" | "setdefault" | "__getitem__":
            return elements(value)
        case "items":
            return many(frozenset({Atom(AtomKind.TUPLE, items=(DATA, elements(value)))}))
        case "values" | "copy" | "union":
            return many(elements(value))
    return DATA


def _parameter_method(frame: Frame, receiver: Atom, name: str, arguments: Arguments) -> Value:
    """Note what a method does to a document, should one be given for the parameter."""
    model = parameter_class(receiver.key)
    known = CLASS_METHODS.get(name)
    if known is not None:
        return _beanie(frame, known, Atom(AtomKind.CLASS, model, NEW), arguments)
    instance = Atom(AtomKind.INSTANCE, model, of_parameter(receiver.key))
    if name in INSTANCE_METHODS:
        return _beanie(frame, INSTANCE_METHODS[name], instance, arguments)
    return frame.unknown()


def _object_method(frame: Frame, receiver: Atom, name: str, arguments: Arguments) -> Value:
    if name in {"with_detail", "with_traceback"}:
        return frozenset({receiver})
    if name == "create_task" and arguments.positional:
        return arguments.positional[0]
    return call_of_library(
        frame,
        f"{receiver.key}.{name}",
        arguments,
        lambda value, rest: call(frame, value, rest),
    )


def _beanie(frame: Frame, method: Method | None, receiver: Atom, arguments: Arguments) -> Value:
    if method is None:
        return DATA
    kind = method.effect
    if kind is not None:
        if kind is EffectKind.READ and arguments.tested:
            kind = EffectKind.CHECK
        frame.effect(kind, receiver.key, receiver.origin, arguments.place)
    names = {name for name, _ in arguments.keywords}
    if "fetch_links" in names or (method.result is Result.SAME and kind is EffectKind.READ):
        for linked in sorted(frame.project.linked(receiver.key)):
            frame.effect(EffectKind.READ, linked, STORED, arguments.place)
    stored = atom(AtomKind.INSTANCE, receiver.key, STORED)
    match method.result:
        case Result.ONE:
            return stored
        case Result.SAME:
            origin = receiver.origin or STORED
            return atom(AtomKind.INSTANCE, receiver.key, origin)
        case Result.MANY:
            return many(stored)
        case Result.QUERY:
            return atom(AtomKind.QUERY, receiver.key)
    return DATA


def consume(frame: Frame, value: Value, place: SourceLocation, *, tested: bool = False) -> Value:
    """Note that queries run (by `await`, in a loop, by whoever gets them); return their documents."""
    found: list[Value] = []
    for part in _ordered(value):
        if part.kind is AtomKind.QUERY:
            kind = EffectKind.CHECK if tested else EffectKind.READ
            frame.effect(kind, part.key, STORED, place)
            found.append(atom(AtomKind.INSTANCE, part.key, STORED))
        elif part.kind is AtomKind.TUPLE:
            items = tuple(consume(frame, item, place) for item in part.items)
            found.append(frozenset({Atom(part.kind, items=items)}))
        else:
            found.append(frozenset({part}))
    return merged(found)


def attribute(frame: Frame, value: Value, name: str, place: SourceLocation) -> Value:
    """Return what an attribute of the value may be."""
    if not value:
        return DATA
    return merged([_attribute(frame, part, name, place) for part in _ordered(value)])


def _attribute(frame: Frame, owner: Atom, name: str, place: SourceLocation) -> Value:
    match owner.kind:
        case AtomKind.INSTANCE | AtomKind.LINK:
            return _instance_attribute(frame, owner, name, place)
        case AtomKind.CLASS:
            function = frame.project.method(owner.key, name)
            if function is not None:
                return atom(AtomKind.FUNCTION, function.key, owner.key)
            held = frame.project.attribute(owner.key, name) or DATA
            return frozenset(part for part in held if part.kind is AtomKind.CLASS)
        case AtomKind.EXTERNAL:
            return atom(AtomKind.EXTERNAL, f"{owner.key}.{name}")
        case AtomKind.OBJECT:
            return frozenset({owner})
        case AtomKind.PARAMETER | AtomKind.UNKNOWN:
            return UNKNOWN
    return DATA


def _instance_attribute(frame: Frame, owner: Atom, name: str, place: SourceLocation) -> Value:
    held = frame.project.attribute(owner.key, name)
    if held is not None:
        return held
    function = frame.project.method(owner.key, name)
    if function is not None:
        if function.is_property:
            itself = frozenset({owner})
            return call_function(frame, function, Arguments((), (), place), itself)
        return atom(AtomKind.FUNCTION, function.key, owner.key)
    start = frame.project.method(owner.key, "__init__")
    if start is not None:
        return frame.ask(start).attributes.get(name, UNKNOWN)
    return DATA


def _ordered(value: Value) -> list[Atom]:
    """Return the atoms in an order that does not depend on their hashes."""
    return sorted(value, key=repr) if len(value) > 1 else list(value)
