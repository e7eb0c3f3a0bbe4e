"""Evaluates one function's body: statement by statement, every value as what it may be."""

from __future__ import annotations

from collections.abc import Iterable

from pulpo_analysis.discovery.bodies.catching import (
    CONVERT,
    catching,
    caught_types,
    class_names,
    convert,
    decorator_term,
    guard_name,
    instances,
    raise_exception,
)
from pulpo_analysis.discovery.bodies.facts import (
    Attempt,
    Bind,
    Branch,
    Give,
    Raise,
    Run,
    Step,
    Term,
    TermKind,
    Within,
)
from pulpo_analysis.discovery.bodies.frame import Frame, Guard
from pulpo_analysis.discovery.bodies.summary import Summary
from pulpo_analysis.discovery.bodies.valuation import value_of, values_of
from pulpo_analysis.discovery.bodies.values import (
    DATA,
    STORED,
    UNKNOWN,
    Atom,
    AtomKind,
    Value,
    atom,
    elements,
    inside,
    many,
    merged,
    of_parameter,
    ordered,
)

__all__ = ["evaluate_function"]


_CLASSES = frozenset({AtomKind.CLASS, AtomKind.EXTERNAL})


def evaluate_function(frame: Frame) -> Summary:
    """Return what the function of the frame does, with what is known of the others by now."""
    fact = frame.function.fact
    body = fact.body
    _bind_parameters(frame)
    if body is None or body.stub:
        frame.summary.complete = False
    if body is not None:
        frame.summary.complete &= body.whole
        around = [term for term in map(decorator_term, fact.decorators) if term is not None]
        _within(frame, [term for term in around if guard_name(frame, term)], body.steps)
        _mention(frame, body.mentions)
    _settle_result(frame)
    return frame.summary


def _bind_parameters(frame: Frame) -> None:
    function = frame.function
    for index, parameter in enumerate(function.fact.parameters):
        origin = of_parameter(parameter.name)
        if index == 0 and function.binding in {"class", "instance"}:
            kind = AtomKind.CLASS if function.binding == "class" else AtomKind.INSTANCE
            is_class = kind is AtomKind.CLASS
            made_of = () if is_class else function.made_of
            value = frozenset({Atom(kind, function.owner, "" if is_class else origin, made_of)})
        elif parameter.annotation is None:
            value = UNKNOWN
        else:
            home = frame.project.known.located(function.owner)
            value = frame.project.annotations.read(
                function.module, parameter.annotation, origin, home
            )
            if any(part.kind in _CLASSES for part in value):
                # The annotation says which class it is at least, the caller which one it is.
                value |= atom(AtomKind.PARAMETER, parameter.name)
        if parameter.variadic:
            value = many(value)
        frame.bind(parameter.name, _with_parameter(value, parameter.name))
        frame.touch(value)


def _with_parameter(value: Value, name: str) -> Value:
    """Return the value with the parameter itself where it may be anything."""
    return frozenset(
        Atom(AtomKind.PARAMETER, name)
        if part.kind is AtomKind.UNKNOWN
        else Atom(
            part.kind,
            part.key,
            part.origin,
            tuple(_with_parameter(item, name) for item in part.items),
        )
        for part in value
    )


def _mention(frame: Frame, mentions: Iterable[str]) -> None:
    for dotted in mentions:
        if frame.look_up(dotted.partition(".")[0]) is None:
            frame.touch(frame.project.name(frame.function.module, dotted.partition(".")[0]))
            frame.touch(frame.project.name(frame.function.module, dotted))


def _settle_result(frame: Frame) -> None:
    """Let the annotation say what the body does not."""
    returns = frame.function.fact.returns
    found = frame.summary.returns
    if returns is None:
        return
    said = frame.project.annotations.read(frame.function.module, returns)
    frame.touch(said)
    if not found or any(part.kind is AtomKind.UNKNOWN for part in inside(found)):
        known = not any(part.kind is AtomKind.UNKNOWN for part in inside(said))
        frame.summary.returns = said if known else found or said


def _block(frame: Frame, steps: Iterable[Step]) -> bool:
    """Evaluate steps; return whether the block always ends by leaving."""
    leaves = False
    for step in steps:
        leaves = _step(frame, step) or leaves
    return leaves


def _step(frame: Frame, step: Step) -> bool:
    match step:
        case Bind():
            _bind(frame, step)
        case Run(value=value):
            value_of(frame, value)
        case Give():
            return _give(frame, step)
        case Raise():
            raise_exception(frame, step)
            return True
        case Branch(blocks=blocks, exhaustive=exhaustive):
            outcomes = [_alone(frame, block) for block in blocks]
            left = [outcome for leaves, outcome in outcomes if not leaves]
            frame.join(left, exhaustive=exhaustive and bool(left))
            return exhaustive and not left
        case Attempt():
            _attempt(frame, step)
        case Within(contexts=contexts, body=body):
            for context, target in contexts:
                held = value_of(frame, context)
                if target is not None:
                    _assign(frame, target, held)
            around = [term for term, _ in contexts if guard_name(frame, term)]
            return _within(frame, around, body)
    return False


def _alone(frame: Frame, block: Iterable[Step]) -> tuple[bool, dict[str, Value]]:
    frame.enter()
    leaves = _block(frame, block)
    return leaves, frame.leave()


def _give(frame: Frame, step: Give) -> bool:
    value = value_of(frame, step.value)
    if step.each:
        value = many(value)
    frame.touch(value)
    frame.summary.returns = merged([frame.summary.returns, value])
    return step.leaves


def _bind(frame: Frame, step: Bind) -> None:
    value = DATA
    if step.value is not None:
        term = step.value
        tested = frame.function.fact.body and step.target.name in frame.function.fact.body.tested
        value = value_of(frame, term, tested=bool(tested))
    if step.annotation is not None:
        said = frame.project.annotations.read(frame.function.module, step.annotation)
        frame.touch(said)
        known = not any(part.kind is AtomKind.UNKNOWN for part in inside(said))
        unclear = not inside(value) or any(p.kind is AtomKind.UNKNOWN for p in inside(value))
        if known and said and (unclear or not _models_in(value)):
            value = said
    _assign(frame, step.target, value)


def _models_in(value: Value) -> bool:
    return any(part.key for part in inside(value))


def _assign(frame: Frame, target: Term, value: Value) -> None:
    match target.kind:
        case TermKind.NAME:
            frame.bind(target.name, value)
            owner, _, name = target.name.partition(".")
            names = [parameter.name for parameter in frame.function.fact.parameters[:1]]
            if name and frame.function.owner and names == [owner]:
                held = frame.summary.attributes.get(name, DATA)
                frame.summary.attributes[name] = merged([held, _kept(value)])
        case TermKind.SEQUENCE:
            _unpack(frame, target.args, value)
        case TermKind.EACH:
            _assign(frame, target.args[0], many(elements(value)))
        case TermKind.DATA:
            values_of(frame, target.args)


def _kept(value: Value) -> Value:
    """Return what is left of a value when the call that made it is over."""
    return frozenset(
        Atom(part.kind, part.key, STORED if part.origin else "", part.items) for part in value
    )


def _unpack(frame: Frame, targets: tuple[Term, ...], value: Value) -> None:
    for index, target in enumerate(targets):
        found = [
            part.items[index]
            if part.kind is AtomKind.TUPLE and len(part.items) == len(targets)
            else elements(frozenset({part}))
            for part in ordered(value)
        ]
        _assign(frame, target, merged(found))


def _attempt(frame: Frame, step: Attempt) -> None:
    known = [caught_types(frame, handler) for handler in step.handlers]
    guard = Guard([(types, {}) for types in map(catching, known)])
    frame.guards.append(guard)
    left, outcome = _alone(frame, step.body)
    frame.guards.pop()
    frame.join([outcome], exhaustive=False)
    if not left:
        _block(frame, step.otherwise)
    outcomes = []
    for handler, types, (_, caught) in zip(step.handlers, known, guard.handlers, strict=True):
        frame.caught.append((handler.name, caught, types))
        frame.enter()
        if handler.name:
            frame.bind(handler.name, instances(frame, types))
        if not _block(frame, handler.body):
            outcomes.append(frame.leave())
        else:
            frame.leave()
        frame.caught.pop()
    frame.join(outcomes, exhaustive=False)
    _block(frame, step.finally_)


def _within(frame: Frame, around: list[Term], steps: Iterable[Step]) -> bool:
    """Evaluate steps inside of context managers that catch or convert exceptions."""
    guards: list[tuple[Term, Guard, tuple[str, ...]]] = []
    for term in around:
        types = tuple(name for part in term.args[1:] for name in class_names(frame, part))
        guard = Guard([(catching(types or ("builtins.Exception",)), {})])
        guards.append((term, guard, types))
        frame.guards.append(guard)
    leaves = _block(frame, steps)
    for term, guard, types in reversed(guards):
        frame.guards.pop()
        if guard_name(frame, term) == CONVERT:
            convert(frame, term, guard, types)
            continue
        leaves = False
    return leaves
