"""Evaluates one function's body: statement by statement, every value as what it may be."""

from __future__ import annotations

from collections.abc import Iterable

from pulpo_analysis.discovery.bodies.calls import (
    Arguments,
    attribute,
    call,
    call_method,
    consume,
)
from pulpo_analysis.discovery.bodies.facts import (
    Attempt,
    Bind,
    Branch,
    Give,
    Handler,
    Raise,
    Run,
    Step,
    Term,
    TermKind,
    Within,
)
from pulpo_analysis.discovery.bodies.frame import Frame, Guard
from pulpo_analysis.discovery.bodies.summary import Raised, Summary
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
)
from pulpo_analysis.discovery.expressions import Expression, ExpressionKind
from pulpo_base.specs import SourceLocation

__all__ = ["evaluate_function"]

_CONVERT = "handle_errors"
_SUPPRESS = "contextlib.suppress"
_GROWING = frozenset({"add", "append", "appendleft", "extend", "insert"})


def evaluate_function(frame: Frame) -> Summary:
    """Return what the function of the frame does, with what is known of the others by now."""
    fact = frame.function.fact
    body = fact.body
    _bind_parameters(frame)
    if body is None or body.stub:
        frame.summary.complete = False
    if body is not None:
        frame.summary.complete &= body.whole
        around = [term for term in map(_as_term, fact.decorators) if term is not None]
        _within(frame, [term for term in around if _guard_name(frame, term)], body.steps)
        _mention(frame, body.mentions)
    _settle_result(frame)
    return frame.summary


def _bind_parameters(frame: Frame) -> None:
    function = frame.function
    for index, parameter in enumerate(function.fact.parameters):
        origin = of_parameter(parameter.name)
        if index == 0 and function.binding in {"class", "instance"}:
            kind = AtomKind.CLASS if function.binding == "class" else AtomKind.INSTANCE
            value = atom(kind, function.owner, "" if kind is AtomKind.CLASS else origin)
        elif parameter.annotation is None:
            value = UNKNOWN
        else:
            value = frame.project.annotation(function.module, parameter.annotation, origin)
        if parameter.variadic:
            value = many(value)
        frame.bind(parameter.name, _with_parameter(value, parameter.name))
        _touch(frame, value)


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


def _touch(frame: Frame, value: Value) -> None:
    keys = (part.key for part in inside(value) if part.kind is not AtomKind.EXTERNAL)
    frame.summary.touched.update(key for key in keys if key)


def _mention(frame: Frame, mentions: Iterable[str]) -> None:
    for dotted in mentions:
        if frame.look_up(dotted.partition(".")[0]) is None:
            _touch(frame, frame.project.name(frame.function.module, dotted.partition(".")[0]))
            _touch(frame, frame.project.name(frame.function.module, dotted))


def _settle_result(frame: Frame) -> None:
    """Let the annotation say what the body does not."""
    returns = frame.function.fact.returns
    found = frame.summary.returns
    if returns is None:
        return
    said = frame.project.annotation(frame.function.module, returns)
    _touch(frame, said)
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
            _value(frame, value)
        case Give():
            return _give(frame, step)
        case Raise():
            _raise(frame, step)
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
                held = _value(frame, context)
                if target is not None:
                    _assign(frame, target, held)
            around = [term for term, _ in contexts if _guard_name(frame, term)]
            return _within(frame, around, body)
    return False


def _alone(frame: Frame, block: Iterable[Step]) -> tuple[bool, dict[str, Value]]:
    frame.enter()
    leaves = _block(frame, block)
    return leaves, frame.leave()


def _give(frame: Frame, step: Give) -> bool:
    value = _value(frame, step.value)
    if step.each:
        value = many(value)
    _touch(frame, value)
    frame.summary.returns = merged([frame.summary.returns, value])
    return step.leaves


def _bind(frame: Frame, step: Bind) -> None:
    value = DATA
    if step.value is not None:
        term = step.value
        tested = frame.function.fact.body and step.target.name in frame.function.fact.body.tested
        value = _value(frame, term, tested=bool(tested))
    if step.annotation is not None:
        said = frame.project.annotation(frame.function.module, step.annotation)
        _touch(frame, said)
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
                frame.summary.attributes[name] = merged([held, _without_parameters(value)])
        case TermKind.SEQUENCE:
            _unpack(frame, target.args, value)
        case TermKind.EACH:
            _assign(frame, target.args[0], many(elements(value)))
        case TermKind.DATA:
            _all(frame, target.args)


def _without_parameters(value: Value) -> Value:
    """Return what is left of a value when the call that made it is over."""
    return frozenset(
        Atom(AtomKind.UNKNOWN)
        if part.kind is AtomKind.PARAMETER
        else Atom(part.kind, part.key, STORED if part.origin else "", part.items)
        for part in value
    )


def _unpack(frame: Frame, targets: tuple[Term, ...], value: Value) -> None:
    for index, target in enumerate(targets):
        found = [
            part.items[index]
            if part.kind is AtomKind.TUPLE and len(part.items) == len(targets)
            else elements(frozenset({part}))
            for part in sorted(value, key=repr)
        ]
        _assign(frame, target, merged(found))


def _raise(frame: Frame, step: Raise) -> None:
    place = frame.place(step.line, step.column)
    name = step.value.name if step.value and step.value.kind is TermKind.NAME else ""
    for caught_as, caught, types in reversed(frame.caught):
        if step.value is None or (name and name == caught_as):
            _raise_again(frame, caught, types, place)
            return
    if step.value is None:
        return
    for part in sorted(_value(frame, step.value), key=repr):
        if part.kind in {AtomKind.INSTANCE, AtomKind.CLASS, AtomKind.OBJECT, AtomKind.EXTERNAL}:
            status = part.origin if part.kind is AtomKind.OBJECT else ""
            if frame.exceptions.is_exception(part.key):
                frame.throw(Raised(frame.exceptions.named(part.key), status), place)


def _raise_again(
    frame: Frame,
    caught: dict[Raised, SourceLocation],
    types: tuple[str, ...],
    place: SourceLocation,
) -> None:
    for raised, where in tuple(caught.items()):
        frame.throw(raised, where)
    if not caught:
        for name in types:
            if not frame.exceptions.is_broad(name):
                frame.throw(Raised(name), place)


def _attempt(frame: Frame, step: Attempt) -> None:
    known = [_types(frame, handler) for handler in step.handlers]
    guard = Guard([(types, {}) for types in map(_catching, known)])
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
            frame.bind(handler.name, _instances(frame, types))
        if not _block(frame, handler.body):
            outcomes.append(frame.leave())
        else:
            frame.leave()
        frame.caught.pop()
    frame.join(outcomes, exhaustive=False)
    _block(frame, step.finally_)


def _types(frame: Frame, handler: Handler) -> tuple[str, ...]:
    """Return the names of the classes that a handler catches; empty for every exception."""
    return tuple(name for term in handler.types for name in _class_names(frame, term))


def _instances(frame: Frame, types: tuple[str, ...]) -> Value:
    found = (
        Atom(AtomKind.INSTANCE if frame.project.located(name) else AtomKind.OBJECT, name)
        for name in types
        if name
    )
    return frozenset(found) or atom(AtomKind.OBJECT, "builtins.BaseException")


def _catching(types: tuple[str, ...]) -> frozenset[str] | None:
    return frozenset(types) or None


def _class_names(frame: Frame, term: Term) -> list[str]:
    value = _value(frame, term)
    classes = {AtomKind.CLASS, AtomKind.EXTERNAL}
    found = [part for part in inside(value) if part.kind in classes]
    return sorted(frame.exceptions.named(part.key) for part in found) or [""]


def _guard_name(frame: Frame, term: Term) -> str:
    """Return which known context manager (or decorator) a term calls, empty for none."""
    if term.kind is not TermKind.CALL or term.args[0].kind is not TermKind.NAME:
        return ""
    value = frame.project.name(frame.function.module, term.args[0].name)
    names = {part.key for part in value if part.kind is AtomKind.EXTERNAL}
    if _SUPPRESS in names:
        return _SUPPRESS
    return (
        _CONVERT
        if any(name.startswith("pulpo_utils.") and name.endswith(_CONVERT) for name in names)
        else ""
    )


def _within(frame: Frame, around: list[Term], steps: Iterable[Step]) -> bool:
    """Evaluate steps inside of context managers that catch or convert exceptions."""
    guards: list[tuple[Term, Guard, tuple[str, ...]]] = []
    for term in around:
        types = tuple(name for part in term.args[1:] for name in _class_names(frame, part))
        catching = _catching(types or ("builtins.Exception",))
        guards.append((term, Guard([(catching, {})]), types))
        frame.guards.append(guards[-1][1])
    leaves = _block(frame, steps)
    for term, guard, types in reversed(guards):
        frame.guards.pop()
        if _guard_name(frame, term) == _CONVERT:
            _convert(frame, term, guard, types)
            continue
        leaves = False
    return leaves


def _convert(frame: Frame, term: Term, guard: Guard, types: tuple[str, ...]) -> None:
    """Raise what `handle_errors` makes of what it caught."""
    target = dict(term.keywords).get("reraise_as")
    names = _class_names(frame, target) if target is not None else []
    place = frame.place(term.line, term.column)
    caught = guard.handlers[0][1]
    for raised, where in tuple(caught.items()):
        kept = not names or frame.exceptions.ancestors(raised.exception) & set(names)
        if kept:
            frame.throw(raised, where)
    if types or caught:
        for name in filter(None, names):
            frame.throw(Raised(name), place)


def _all(frame: Frame, terms: Iterable[Term]) -> list[Value]:
    return [_value(frame, term) for term in terms]


def _value(frame: Frame, term: Term, *, tested: bool = False) -> Value:
    """Return what a term may be; what it does on the way is noted."""
    tested = tested or term.tested
    if term.kind is not TermKind.CALL:
        for _, beside in term.keywords:
            _value(frame, beside)
    match term.kind:
        case TermKind.NAME:
            return _name(frame, term)
        case TermKind.ATTRIBUTE:
            place = frame.place(term.line, term.column)
            return attribute(frame, _value(frame, term.args[0]), term.name, place)
        case TermKind.CALL:
            return _call(frame, term, tested=tested)
        case TermKind.AWAIT:
            place = frame.place(term.line, term.column)
            inner = _value(frame, term.args[0], tested=tested)
            return consume(frame, inner, place, tested=tested)
        case TermKind.ITEM:
            return _item(frame, term)
        case TermKind.SEQUENCE:
            items = tuple(_all(frame, term.args))
            return frozenset({Atom(AtomKind.TUPLE, items=items)}) if items else many(DATA)
        case TermKind.EACH:
            return many(_value(frame, term.args[0]))
        case TermKind.CHOICE:
            return merged(_all(frame, term.args))
        case TermKind.DATA:
            _all(frame, term.args)
            return DATA
    return UNKNOWN


def _item(frame: Frame, term: Term) -> Value:
    inner = _value(frame, term.args[0])
    place = frame.place(term.args[0].line, term.args[0].column)
    queries = frozenset(part for part in inner if part.kind is AtomKind.QUERY)
    if queries:
        consume(frame, queries, place)
    return elements(inner)


def _name(frame: Frame, term: Term) -> Value:
    parts = term.name.split(".")
    for size in range(len(parts), 0, -1):
        local = frame.look_up(".".join(parts[:size]))
        if local is not None:
            place = frame.place(term.line, term.column)
            for part in parts[size:]:
                local = attribute(frame, local, part, place)
            return local
    module = frame.function.module
    whole = frame.project.symbol(module, term.name)
    if whole is not None or len(parts) == 1:
        return whole if whole is not None else frame.project.name(module, term.name)
    base = _name(frame, Term(TermKind.NAME, ".".join(parts[:-1]), line=term.line))
    return attribute(frame, base, parts[-1], frame.place(term.line, term.column))


def _call(frame: Frame, term: Term, *, tested: bool) -> Value:
    callee, *given = term.args
    positional = tuple(_all(frame, given))
    keywords = tuple((name, _value(frame, value)) for name, value in term.keywords)
    named = dict(term.keywords)
    arguments = Arguments(
        positional,
        keywords,
        frame.place(term.line, term.column),
        named.get("status_code") or next(iter(given), None),
        tested,
    )
    for value in arguments.all():
        consumed = frozenset(part for part in value if part.kind is AtomKind.QUERY)
        if consumed:
            consume(frame, consumed, arguments.place)
    if callee.kind is TermKind.ATTRIBUTE:
        return call_method(frame, _value(frame, callee.args[0]), callee.name, arguments)
    if callee.kind is TermKind.NAME:
        return _call_name(frame, callee, arguments)
    return call(frame, _value(frame, callee), arguments)


def _call_name(frame: Frame, callee: Term, arguments: Arguments) -> Value:
    base, _, name = callee.name.rpartition(".")
    if not base:
        return call(frame, _name(frame, callee), arguments)
    if frame.look_up(callee.name.partition(".")[0]) is None:
        whole = frame.project.symbol(frame.function.module, callee.name)
        if whole is not None:
            return call(frame, whole, arguments)
    owner = Term(TermKind.NAME, base, line=callee.line, column=callee.column)
    receiver = _name(frame, owner)
    if name in _GROWING and frame.look_up(base) is not None:
        grown = [many(elements(receiver)), *(many(_grown(v, name)) for v in arguments.positional)]
        frame.bind(base, merged(grown) if any(p.items for p in receiver) else receiver)
    return call_method(frame, receiver, name, arguments)


def _grown(value: Value, method: str) -> Value:
    return elements(value) if method == "extend" else value


def _as_term(expression: Expression) -> Term | None:
    """Return a decorator's call as a term, `None` for what no guard is written as."""
    if expression.kind is ExpressionKind.NAME:
        return Term(TermKind.NAME, expression.value, (), (), expression.line, expression.column)
    if expression.kind is not ExpressionKind.CALL:
        return None
    args = tuple(_as_term(part) or Term(TermKind.DATA) for part in expression.args)
    keywords = tuple(
        (key, _as_term(value) or Term(TermKind.DATA)) for key, value in expression.keywords
    )
    return Term(TermKind.CALL, "", args, keywords, expression.line, expression.column)
