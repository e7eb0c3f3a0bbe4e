"""What a call does and gives back, by what is called."""

from __future__ import annotations

from pulpo_analysis.discovery.bodies.attributes import made_attribute
from pulpo_analysis.discovery.bodies.documents import (
    CLASS_METHODS,
    INSTANCE_METHODS,
    QUERY_METHODS,
    EffectKind,
)
from pulpo_analysis.discovery.bodies.frame import Frame
from pulpo_analysis.discovery.bodies.functions import (
    Arguments,
    call_function,
    construct,
    inherit_attributes,
)
from pulpo_analysis.discovery.bodies.known import Function
from pulpo_analysis.discovery.bodies.libraries import call_of_library
from pulpo_analysis.discovery.bodies.queries import run_method
from pulpo_analysis.discovery.bodies.summary import parameter_class
from pulpo_analysis.discovery.bodies.values import (
    DATA,
    NEW,
    STORED,
    Atom,
    AtomKind,
    Value,
    atom,
    chosen,
    elements,
    many,
    merged,
    of_parameter,
    ordered,
)

__all__ = ["call", "call_method"]


def call(frame: Frame, callee: Value, arguments: Arguments) -> Value:
    """Note what calling the value does, and return what it may give."""
    if not callee:
        return DATA
    return merged([_call_one(frame, part, arguments) for part in ordered(callee)])


def _call_one(frame: Frame, callee: Atom, arguments: Arguments) -> Value:
    match callee.kind:
        case AtomKind.FUNCTION:
            function = frame.project.known.function(callee.key, callee.origin)
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


def call_method(frame: Frame, receiver: Value, name: str, arguments: Arguments) -> Value:
    """Note what calling a method of the value does, and return what it may give."""
    if not receiver:
        return DATA
    return merged([_method(frame, part, name, arguments) for part in ordered(receiver)])


def _method(frame: Frame, receiver: Atom, name: str, arguments: Arguments) -> Value:
    known = _METHODS.get(receiver.kind)
    return known(frame, receiver, name, arguments) if known else DATA


def _class_method(frame: Frame, receiver: Atom, name: str, arguments: Arguments) -> Value:
    key = receiver.key
    function = frame.project.known.method(key, name)
    if function is not None:
        return call_function(frame, function, arguments, None)
    itself = Atom(AtomKind.CLASS, key)
    if frame.project.known.is_document(key):
        known = CLASS_METHODS.get(name)
        if known is None and name in INSTANCE_METHODS:  # `Order.save(order)`
            given = arguments.positional[0] if arguments.positional else DATA
            documents = frozenset(part for part in given if part.kind is AtomKind.INSTANCE)
            return call_method(frame, documents, name, arguments)
        return run_method(frame, known, itself, arguments)
    if name in {"model_validate", "model_validate_json", "model_construct", "parse_obj"}:
        return atom(AtomKind.INSTANCE, key, NEW)
    made = merged(
        atom(AtomKind.OBJECT, found)
        for root in sorted(frame.project.known.lineage(key))
        if (found := frame.exceptions.made_by(f"{root}.{name}"))
    )
    return made or _silent(frame, key)


def _instance_method(frame: Frame, receiver: Atom, name: str, arguments: Arguments) -> Value:
    known = frame.project.known
    function = known.method(receiver.key, name)
    if function is None and name == "__call__":
        function = known.method(receiver.key, "run")  # what `OperationBase` makes of a call
        if function is None:
            return DATA
    itself = frozenset({receiver})
    if function is not None:
        return call_function(frame, function, arguments, itself)
    if name == "result":  # of a task, which counts as what it gives
        return itself
    if frame.project.known.is_document(receiver.key):
        if name in CLASS_METHODS:
            return run_method(frame, CLASS_METHODS[name], receiver, arguments)
        return run_method(frame, INSTANCE_METHODS.get(name), receiver, arguments)
    held = frame.project.attribute(receiver.key, name) or made_attribute(frame, receiver, name)
    if held:
        return call(frame, held, arguments)
    if name in {"model_copy", "copy", "with_detail", "with_traceback"}:
        return itself
    return _silent(frame, receiver.key)


def _silent(frame: Frame, key: str) -> Value:
    """Return what a method that the project does not define gives."""
    cls = frame.project.known.located(key)
    opaque = cls is not None and frame.project.known.classes.has_unknown_ancestor(cls)
    return frame.unknown() if opaque else DATA


def _parent_method(frame: Frame, receiver: Atom, name: str, arguments: Arguments) -> Value:
    cls = frame.project.known.located(receiver.key)
    order = frame.project.known.classes.order(cls) if cls else ()
    home = frame.function.key.rpartition(".")[0]
    keys = [ancestor.key for ancestor in order]
    after = order[keys.index(home) + 1 :] if home in keys else ()
    itself = Atom(AtomKind.INSTANCE, receiver.key, receiver.origin)
    for ancestor in after:
        fact = ancestor.fact.function(name)
        if fact is not None:
            frame.project.known.know(ancestor.module, fact)
            function = Function(ancestor.module, fact, receiver.key)
            if name == "__init__":
                inherit_attributes(frame, function, arguments)
            return call_function(frame, function, arguments, frozenset({itself}))
    if frame.project.known.is_document(receiver.key):
        return run_method(frame, INSTANCE_METHODS.get(name), itself, arguments)
    return DATA


def _link_method(frame: Frame, receiver: Atom, name: str, arguments: Arguments) -> Value:
    if name == "fetch":
        frame.effect(EffectKind.READ, receiver.key, STORED, arguments.place)
        return atom(AtomKind.INSTANCE, receiver.key, STORED)
    return _instance_method(frame, Atom(AtomKind.INSTANCE, receiver.key, STORED), name, arguments)


def _collection_method(_: Frame, receiver: Atom, name: str, _given: Arguments) -> Value:
    value = frozenset({receiver})
    match name:
        case "get" | "pop" | "popleft" | "setdefault" | "__getitem__":
            return chosen(value)
        case "items":
            return many(frozenset({Atom(AtomKind.TUPLE, items=(DATA, elements(value)))}))
        case "result":
            return value
        case "values" | "copy" | "union":
            return many(elements(value))
    return DATA


def _parameter_method(frame: Frame, receiver: Atom, name: str, arguments: Arguments) -> Value:
    """Note what a method does to a document, should one be given for the parameter."""
    model = parameter_class(receiver.key)
    known = CLASS_METHODS.get(name)
    if known is not None:
        return run_method(frame, known, Atom(AtomKind.CLASS, model), arguments)
    instance = Atom(AtomKind.INSTANCE, model, of_parameter(receiver.key))
    if name in INSTANCE_METHODS:
        return run_method(frame, INSTANCE_METHODS[name], instance, arguments)
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


def _query_method(frame: Frame, receiver: Atom, name: str, arguments: Arguments) -> Value:
    return run_method(frame, QUERY_METHODS.get(name), receiver, arguments)


def _module_function(frame: Frame, receiver: Atom, name: str, arguments: Arguments) -> Value:
    return _call_one(frame, Atom(receiver.kind, f"{receiver.key}.{name}"), arguments)


def _any_method(frame: Frame, _receiver: Atom, _name: str, _given: Arguments) -> Value:
    return frame.unknown()


_METHODS = {
    AtomKind.CLASS: _class_method,
    AtomKind.EXTERNAL: _module_function,
    AtomKind.INSTANCE: _instance_method,
    AtomKind.LINK: _link_method,
    AtomKind.MANY: _collection_method,
    AtomKind.OBJECT: _object_method,
    AtomKind.PARAMETER: _parameter_method,
    AtomKind.PARENT: _parent_method,
    AtomKind.QUERY: _query_method,
    AtomKind.TUPLE: _collection_method,
    AtomKind.UNKNOWN: _any_method,
}
