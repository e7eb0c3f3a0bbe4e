"""Rules about the JSON that operations and models become."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator

from pulpo_analysis.diagnostics.catalogue import finding
from pulpo_analysis.diagnostics.diagnostic import Diagnostic
from pulpo_analysis.discovery.smells import SmellKind
from pulpo_analysis.registries.app import AppSpec
from pulpo_analysis.validation.rule import Project
from pulpo_analysis.validation.words import pascal_case
from pulpo_base.specs import EnumSpec, ModelSpec, SchemaSpec, SourceLocation, TypeKind, TypeRef

__all__ = ["distinct_fields", "distinct_names", "distinct_types", "json_types"]

#: Modules whose classes have no JSON: files, sockets, threads, tables in memory.
_NO_JSON_MODULES = frozenset(
    {"asyncio", "contextvars", "io", "motor", "multiprocessing", "numpy", "pandas", "polars"}
    | {"socket", "sqlite3", "subprocess", "threading", "torch", "types"}
)
_ITERATION = ("AsyncGenerator", "AsyncIterable", "AsyncIterator", "Generator", "Iterator")
_NO_JSON = frozenset(
    [
        "bson.ObjectId",
        "builtins.memoryview",
        "builtins.range",
        "builtins.type",
        "datetime.tzinfo",
        *(
            f"{home}.{name}"
            for home in ("typing", "collections.abc")
            for name in ("Awaitable", "Callable", "Coroutine", *_ITERATION)
        ),
    ]
)


def json_types(project: Project) -> Iterator[Diagnostic]:
    """PLO031: what an operation takes and gives can be written as JSON."""
    plain = {smell.subject for smell in project.smelling(SmellKind.PLAIN_CLASS)}
    for operation in project.app.operations:
        for what, ref in (("input", operation.inputs), ("output", operation.outputs)):
            if ref is None:
                continue
            for path, bad, place in _without_json(project.app, ref, what, plain):
                yield finding(
                    "PLO031",
                    f"{path} of {operation.name!r} is {bad}, which has no JSON form",
                    place or operation.location,
                    *([operation.location] if place else []),
                    hint="use a pydantic model, a dataclass, or a type that pydantic knows",
                )


def _without_json(
    app: AppSpec, ref: TypeRef, path: str, plain: set[str]
) -> Iterator[tuple[str, str, SourceLocation | None]]:
    """Yield the path, the type and the place of everything inside `ref` that is no JSON."""
    seen: set[str] = set()
    # A stack and no recursion: schemas may stand in each other deeper than Python calls.
    pending: list[tuple[TypeRef, str, SourceLocation | None]] = [(ref, path, None)]
    while pending:
        whole, where, place = pending.pop()
        for part in whole.walk():
            known = part.kind in {TypeKind.SCHEMA, TypeKind.MODEL}
            record = app.record(part.name) if known else None
            if record is not None and record.key not in seen:
                seen.add(record.key)
                pending.extend(
                    (spec.type, f"{where}.{spec.name}", spec.location)
                    for spec in reversed(record.fields)
                )
            elif part.kind in {TypeKind.EXTERNAL, TypeKind.SCALAR} and _is_no_json(
                part.name, plain
            ):
                yield where, part.name.removeprefix("builtins."), place


def _is_no_json(name: str, plain: set[str]) -> bool:
    return name in _NO_JSON or name in plain or name.partition(".")[0] in _NO_JSON_MODULES


def distinct_types(app: AppSpec) -> Iterator[Diagnostic]:
    """PLM024: types have different names in OpenAPI and TypeScript."""
    named: defaultdict[str, list[ModelSpec | SchemaSpec | EnumSpec]] = defaultdict(list)
    every: tuple[ModelSpec | SchemaSpec | EnumSpec, ...] = (*app.models, *app.schemas, *app.enums)
    # A generic class is one schema for each choice of arguments, which its names there say.
    classes = {(spec.module, spec.qualname): spec for spec in reversed(every)}
    for spec in sorted(classes.values(), key=lambda spec: spec.location):
        short = spec.qualname.rpartition(".")[2]
        named[pascal_case(short) if short.isascii() else short].append(spec)
    for name, (first, *others) in sorted(named.items()):
        for other in others:
            yield finding(
                "PLM024",
                f"{first.key} and {other.key} are both `{name}` in OpenAPI and TypeScript, so "
                "both get long names there",
                other.location,
                first.location,
                hint="rename one of the classes",
            )


def distinct_fields(app: AppSpec) -> Iterator[Diagnostic]:
    """PLM025: two fields of one class have different names in JSON."""
    records: tuple[ModelSpec | SchemaSpec, ...] = (*app.models, *app.schemas)
    for record in records:
        known: dict[str, str] = {}
        for spec in record.fields:
            name = spec.alias or spec.name
            other = known.setdefault(name, spec.name)
            if other != spec.name:
                yield finding(
                    "PLM025",
                    f"{record.name}.{other} and {record.name}.{spec.name} are both {name!r} in "
                    "JSON: one hides the other",
                    spec.location or record.location,
                    hint="give one of them another alias",
                )


def distinct_names(app: AppSpec) -> Iterator[Diagnostic]:
    """PLO038: a name on the command line means one thing."""
    models = {model.name: model for model in app.models}
    for operation in app.operations:
        for name, what in ((operation.name, "an operation"), (operation.namespace, "a flow")):
            model = models.get(name)
            if model is not None:
                yield finding(
                    "PLO038",
                    f"{name!r} is a model and {what}: commands that take a name mean the model",
                    operation.location,
                    model.location,
                    hint="rename one of them",
                )
