"""Smells of class bodies: fields, their annotations and their defaults."""

from __future__ import annotations

import ast
from collections.abc import Iterator

from pulpo_analysis.discovery.body_smells import NAIVE_CLOCKS, dotted_name
from pulpo_analysis.discovery.smell_context import SmellContext
from pulpo_analysis.discovery.smells import Smell, SmellKind
from pulpo_base.specs import SourceLocation

__all__ = ["class_smells"]

_ONCE = frozenset(
    [
        *NAIVE_CLOCKS,
        "datetime.date.today",
        "random.choice",
        "random.randint",
        "random.random",
        "secrets.token_hex",
        "secrets.token_urlsafe",
        "time.time",
        "uuid.uuid1",
        "uuid.uuid4",
    ]
)


def class_smells(context: SmellContext, node: ast.ClassDef, scope: str) -> Iterator[Smell]:
    """Yield what the body of a class holds, `scope` being its qualified name."""
    methods = {part.name for part in node.body if isinstance(part, ast.FunctionDef)}
    plain = not node.bases and not node.decorator_list and not node.keywords
    # A class inside another one, such as `Settings`, is read by somebody who knows it.
    if plain and "." not in scope and "__get_pydantic_core_schema__" not in methods:
        yield context.smell(SmellKind.PLAIN_CLASS, f"{context.module}.{scope}", node)
    for part in node.body:
        match part:
            case ast.AnnAssign(target=ast.Name(id=name), annotation=annotation, value=value):
                if _is_class_variable(annotation):
                    continue  # shared on purpose, and no field
                yield from _field(context, part, name, scope)
                yield from _setting(context, name, value, scope, part)
                if value is not None and context.is_mutable(value):
                    yield from _attribute(context, name, value, scope, part)
            case ast.Assign(targets=[ast.Name(id=name)], value=value):
                yield from _setting(context, name, value, scope, part)
                if context.is_mutable(value):
                    yield from _attribute(context, name, value, scope, part)


def _setting(
    context: SmellContext, name: str, value: ast.expr | None, scope: str, part: ast.stmt
) -> Iterator[Smell]:
    """Yield what an attribute of a class means where the class turns out to be `Settings`."""
    owner = f"{context.module}.{scope}"
    match name, value:
        case "bson_encoders", _:
            yield context.smell(SmellKind.BSON_ENCODERS, owner, part)
        case "keep_nulls", ast.Constant(value=False):
            yield context.smell(SmellKind.LEFT_OUT_NULLS, owner, part)


def _is_class_variable(annotation: ast.expr) -> bool:
    base = annotation.value if isinstance(annotation, ast.Subscript) else annotation
    return dotted_name(base).rpartition(".")[2] == "ClassVar"


def _attribute(
    context: SmellContext, name: str, value: ast.expr, scope: str, part: ast.stmt
) -> Iterator[Smell]:
    if not name.isupper() and not name.startswith("__"):
        yield context.smell(
            SmellKind.SHARED_DEFAULT,
            name,
            value,
            scope=scope,
            detail="attribute",
            owner=context.start(part),
        )


def _field(context: SmellContext, node: ast.AnnAssign, name: str, scope: str) -> Iterator[Smell]:
    owner = context.start(node)
    calls = [node.value] if isinstance(node.value, ast.Call) else []
    for part, depth, quoted in _parts(node.annotation):
        if isinstance(part, ast.Call):
            if _is_indexed(context, part):
                yield from _index(context, part, depth, name, scope, owner)
            calls.append(part)
        else:
            yield from _type_name(context, part, node, scope, quoted=quoted)
    for call in calls:
        yield from _default(context, call, name, scope, owner)


def _type_name(
    context: SmellContext, part: ast.expr, node: ast.AnnAssign, scope: str, *, quoted: bool
) -> Iterator[Smell]:
    """Yield what a name in the annotation of a field means to a rule."""
    owner = context.start(node)
    dotted = dotted_name(part)
    target = context.resolve(dotted)
    if target == "decimal.Decimal":
        detail = "quoted" if quoted else ""
        kind = SmellKind.PLAIN_DECIMAL
        yield context.smell(kind, dotted, part, scope=scope, detail=detail, owner=owner)
    elif target in {"beanie.BackLink", "beanie.odm.fields.BackLink"}:
        detail = _original_field(node)
        kind = SmellKind.BACK_LINK
        yield context.smell(kind, dotted, node, scope=scope, detail=detail, owner=owner)
    elif dotted in context.deferred:
        yield context.smell(SmellKind.DEFERRED_TYPE, dotted, part, scope=scope, owner=owner)


def _is_indexed(context: SmellContext, call: ast.Call) -> bool:
    return context.resolve(dotted_name(call.func)).rpartition(".")[2] == "Indexed"


def _index(
    context: SmellContext, call: ast.Call, depth: int, name: str, scope: str, owner: SourceLocation
) -> Iterator[Smell]:
    """Yield what an `Indexed(…)` that stands inside `depth` other types says."""
    is_unique = _says(call, "unique")
    if depth:
        detail = "unique" if is_unique else ""
        kind = SmellKind.LOOSE_INDEX
        yield context.smell(kind, name, call, scope=scope, detail=detail, owner=owner)
    elif is_unique:
        given = {word.arg for word in call.keywords}
        is_partial = not given.isdisjoint({"partialFilterExpression", None})
        detail = "partial" if is_partial else "sparse" if _says(call, "sparse") else ""
        kind = SmellKind.UNIQUE_INDEX
        yield context.smell(kind, name, call, scope=scope, detail=detail, owner=owner)


def _default(
    context: SmellContext, call: ast.Call, name: str, scope: str, owner: SourceLocation
) -> Iterator[Smell]:
    """Yield what a default, or the `Field(…)` that gives it, does only once or naively."""
    if context.resolve(dotted_name(call.func)).rpartition(".")[2] != "Field":
        yield from _once(context, call, scope, owner)
        return
    if _says(call, "unique") or _says(call, "index") or _extra(call, "unique"):
        yield context.smell(SmellKind.UNIQUE_EXTRA, name, call, scope=scope, owner=owner)
    given = {keyword.arg: keyword.value for keyword in call.keywords}
    default = call.args[0] if call.args else given.get("default")
    if isinstance(default, ast.Call):
        yield from _once(context, default, scope, owner)
    factory = given.get("default_factory")
    target = context.resolve(dotted_name(factory)) if factory is not None else ""
    if factory is not None and target in NAIVE_CLOCKS:
        kind = SmellKind.NAIVE_NOW
        yield context.smell(kind, target, factory, scope=scope, detail="factory", owner=owner)


def _once(
    context: SmellContext, call: ast.Call, scope: str, owner: SourceLocation
) -> Iterator[Smell]:
    target = context.resolve(dotted_name(call.func))
    if target in _ONCE:
        yield context.smell(SmellKind.COMPUTED_DEFAULT, target, call, scope=scope, owner=owner)


def _parts(annotation: ast.expr) -> Iterator[tuple[ast.expr, int, bool]]:
    """Yield the names and calls of an annotation: inside how many types, and whether quoted.

    `Annotated` is no type of its own: its metadata belong to what stands around it.
    """
    pending: list[tuple[ast.expr, int, bool]] = [(annotation, 0, False)]
    while pending:
        node, depth, quoted = pending.pop()
        match node:
            case ast.Name() | ast.Attribute() | ast.Call():
                yield node, depth, quoted
            case ast.Subscript(value=base, slice=inner):
                yield base, depth, quoted
                name = dotted_name(base).rpartition(".")[2]
                items = inner.elts if isinstance(inner, ast.Tuple) else [inner]
                if name != "Literal":
                    deeper = depth + (name != "Annotated")
                    pending.extend((item, deeper, quoted) for item in items)
            case ast.BinOp(left=left, right=right):
                pending.extend([(left, depth + 1, quoted), (right, depth + 1, quoted)])
            case ast.Constant(value=str() as text) if "\n" not in text:
                pending.extend((part, depth, True) for part in _quoted(text, node))


def _quoted(text: str, place: ast.Constant) -> list[ast.expr]:
    """Return the expression in a string annotation, all of it at the place of the string."""
    try:
        found = ast.parse(text.strip(), mode="eval").body
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return []
    for part in ast.walk(found):
        if isinstance(part, ast.expr):
            ast.copy_location(part, place)
    return [found]


def _says(call: ast.Call, name: str) -> bool:
    return any(
        keyword.arg == name and isinstance(keyword.value, ast.Constant) and keyword.value.value
        for keyword in call.keywords
    )


def _extra(call: ast.Call, name: str) -> ast.expr | None:
    """Return an entry of the literal `json_schema_extra` of a `Field(…)`."""
    for keyword in call.keywords:
        if keyword.arg == "json_schema_extra" and isinstance(keyword.value, ast.Dict):
            for key, value in zip(keyword.value.keys, keyword.value.values, strict=True):
                if isinstance(key, ast.Constant) and key.value == name:
                    return value
    return None


def _original_field(node: ast.AnnAssign) -> str:
    """Return what a back link's `Field(…)` calls the link at its other end; `?` if unknown."""
    calls = [part for part in ast.walk(node) if isinstance(part, ast.Call)]
    for call in calls:
        direct = [word.value for word in call.keywords if word.arg == "original_field"]
        for value in (*direct, _extra(call, "original_field")):
            if isinstance(value, ast.Constant) and isinstance(value.value, str):
                return value.value
            if value is not None:
                return "?"
        open_ended = [
            word
            for word in call.keywords
            if word.arg is None
            or (word.arg == "json_schema_extra" and not isinstance(word.value, ast.Dict))
        ]
        if open_ended:
            return "?"
    return "" if node.value is None or calls or isinstance(node.value, ast.Constant) else "?"
