"""`@datamodel` and `@operation`: say what a class or function is, and change nothing about it.

Both attach a spec as `__pulpo__` and return the very object that they were given. They never
look at other specs and keep no list: finding everything is the analysis' work.
"""

from __future__ import annotations

import inspect
from collections.abc import Callable, Iterable, Mapping
from functools import partial
from typing import Any, TypeVar, overload

from pulpo_base.arguments import Arguments, caller_location
from pulpo_base.record_fields import is_record
from pulpo_base.specs import ModelSpec, OperationSpec, SourceLocation, TypeKind, TypeRef

__all__ = [
    "datamodel",
    "declared_types",
    "defining_class",
    "operation",
    "parameters_of",
    "spec_of",
    "written",
]

C = TypeVar("C", bound=type)
F = TypeVar("F", bound=Callable[..., Any])

#: Where `@operation` keeps the classes given as `inputs=` and `outputs=` for `invoke`.
_TYPES = "__pulpo_types__"


@overload
def datamodel(cls: C, /) -> C: ...
@overload
def datamodel(
    *,
    name: str | None = None,
    description: str | None = None,
    tags: Iterable[str] | None = None,
    ui: Mapping[str, Any] | None = None,
    indexes: Iterable[Any] | None = None,
    relations: Iterable[Mapping[str, Any]] | None = None,
    ui_order: int | Iterable[str] | None = None,
    permissions: Iterable[str] | None = None,
    write_permissions: Iterable[str] | None = None,
) -> Callable[[C], C]: ...
def datamodel(
    cls: type | None = None,
    /,
    *,
    name: str | None = None,
    description: str | None = None,
    tags: Iterable[str] | None = None,
    ui: Mapping[str, Any] | None = None,
    indexes: Iterable[Any] | None = None,
    relations: Iterable[Mapping[str, Any]] | None = None,
    ui_order: int | Iterable[str] | None = None,
    permissions: Iterable[str] | None = None,
    write_permissions: Iterable[str] | None = None,
    **unknown: object,
) -> Any:
    """Declare a Beanie document as a model of the project; usable bare or called.

    `name` defaults to the class name, `description` to its docstring. `ui` holds hints for the
    admin UI (JSON values), `indexes` and `relations` are those of `DataModelBase.indexes()` and
    `relations()`, `ui_order` is the model's place in menus (a number) or the order of its
    fields (names). `permissions` are what the API wants of whoever works with these documents,
    `write_permissions` what it wants besides of whoever changes them.

    Raises `TypeError` for what is no class or an argument of the wrong type, `ValueError` for a
    wrong value; both name the place of the call.
    """
    arguments = Arguments("datamodel", caller_location(1))
    arguments.refuse(unknown, datamodel.__kwdefaults__ or ())

    def decorate(target: type) -> type:
        if not isinstance(target, type):
            raise arguments.wrong_type("the decorated object", "a class", target)
        spec = ModelSpec(
            name=arguments.text("name", name, target.__name__),
            module=target.__module__,
            qualname=target.__qualname__,
            location=arguments.location,
            description=arguments.text("description", description, _own_doc(target)),
            tags=arguments.texts("tags", tags),
            ui=arguments.ui("ui", ui),
            ui_order=arguments.ui_order("ui_order", ui_order),
            indexes=arguments.indexes("indexes", indexes),
            relations=arguments.relations("relations", relations),
            permissions=arguments.texts("permissions", permissions),
            write_permissions=arguments.texts("write_permissions", write_permissions),
        )
        if not spec.name.strip():
            raise arguments.wrong_value("name", "is empty")
        # type.__setattr__ because a metaclass (pydantic's) may have its own idea of attributes.
        type.__setattr__(target, "__pulpo__", spec)
        return target

    return decorate if cls is None else decorate(cls)


@overload
def operation(function: F, /) -> F: ...
@overload
def operation(
    *,
    name: str | None = None,
    description: str | None = None,
    category: str | None = None,
    inputs: type | None = None,
    outputs: Any = None,
    tags: Iterable[str] | None = None,
    permissions: Iterable[str] | None = None,
    async_enabled: bool = False,
    models_in: Iterable[str | type] | None = None,
    models_out: Iterable[str | type] | None = None,
    stage: int | str | None = None,
    after: Any = None,
    bind: Mapping[str, str] | None = None,
    in_flow: bool = True,
    retries: int = 0,
    timeout: float | None = None,
    schedule: str | None = None,
    on_failure: Any = None,
) -> Callable[[F], F]: ...
def operation(
    function: Callable[..., Any] | None = None,
    /,
    *,
    name: str | None = None,
    description: str | None = None,
    category: str | None = None,
    inputs: type | None = None,
    outputs: Any = None,
    tags: Iterable[str] | None = None,
    permissions: Iterable[str] | None = None,
    async_enabled: bool = False,
    models_in: Iterable[str | type] | None = None,
    models_out: Iterable[str | type] | None = None,
    stage: int | str | None = None,
    after: Any = None,
    bind: Mapping[str, str] | None = None,
    in_flow: bool = True,
    retries: int = 0,
    timeout: float | None = None,
    schedule: str | None = None,
    on_failure: Any = None,
    **unknown: object,
) -> Any:
    """Declare a function (or an `OperationBase` class) as an operation; usable bare or called.

    `name` is dotted, `flow.subflow.task`, and defaults to the function's name. `inputs` and
    `outputs` default to the annotations, `description` to the docstring. `category` and `tags` are
    for catalogues and selections, `permissions` are what the API wants of whoever calls it. With
    `async_enabled` a call over HTTP is answered with 202 and goes on as a run. `models_in` and
    `models_out` name the models that are read and written. `after` names operations (strings or
    functions) that must have run before; `bind` maps an input field to
    `"operation.name.output_field"`. `stage` is a number or a name from the configuration, `timeout`
    is in seconds and applies to each try. `retries` counts tries after the first, which are made
    for errors that are worth one: connection errors, timeouts, and exceptions of `pulpo_utils` that
    say so (`retryable = True`); a `RuntimeError` is not. `schedule` is a cron expression.
    `on_failure` names an operation that undoes this one where its flow fails; that one is no step
    of a flow itself. With `in_flow=False` the operation is reachable by API and
    command line only.

    Raises `TypeError` for what is not callable or an argument of the wrong type, `ValueError`
    for a wrong value; both name the place of the call.
    """
    arguments = Arguments("operation", caller_location(1))
    arguments.refuse(unknown, operation.__kwdefaults__ or ())
    if inputs is not None and not is_record(inputs):
        raise arguments.wrong_type("inputs", "a pydantic model or a dataclass", inputs)

    def decorate(target: Callable[..., Any]) -> Callable[..., Any]:
        if not callable(target):
            raise arguments.wrong_type("the decorated object", "a function or class", target)
        runner = _runner(target, arguments)
        source = written(target)
        label = getattr(source, "__name__", type(source).__name__)
        spec = OperationSpec(
            name=arguments.dotted_name("name", name, label),
            module=source.__module__,
            qualname=getattr(source, "__qualname__", label),
            location=_defined_at(target, arguments.location),
            description=arguments.text("description", description, _own_doc(source)),
            category=arguments.text("category", category),
            inputs=_input_type(inputs, runner),
            outputs=_type_ref(outputs if outputs is not None else _annotation(runner, "return")),
            tags=arguments.texts("tags", tags),
            permissions=arguments.texts("permissions", permissions),
            is_async=inspect.iscoroutinefunction(runner),
            is_class=isinstance(target, type),
            async_enabled=arguments.boolean("async_enabled", async_enabled),
            models_in=arguments.model_names("models_in", models_in),
            models_out=arguments.model_names("models_out", models_out),
            stage=arguments.stage("stage", stage),
            after=arguments.operation_names("after", after),
            bind=arguments.bindings("bind", bind),
            in_flow=arguments.boolean("in_flow", in_flow),
            retries=arguments.count("retries", retries),
            timeout=arguments.seconds("timeout", timeout),
            schedule=arguments.text("schedule", schedule) or None,
            on_failure=arguments.operation_names("on_failure", on_failure),
        )
        try:
            for attribute, value in (("__pulpo__", spec), (_TYPES, (inputs, outputs))):
                setattr(target, attribute, value)
        except (AttributeError, TypeError) as error:
            wanted = "a function or class written in Python"
            raise arguments.wrong_type("the decorated object", wanted, target) from error
        return target

    return decorate if function is None else decorate(function)


def spec_of(target: object) -> ModelSpec | OperationSpec | None:
    """Return the spec attached to a class or function itself, `None` where there is none.

    A subclass of a declared model is not declared by inheritance.
    """
    found = vars(target).get("__pulpo__") if hasattr(target, "__dict__") else None
    return found if isinstance(found, ModelSpec | OperationSpec) else None


def declared_types(target: object) -> tuple[type | None, Any]:
    """Return the `inputs=` and `outputs=` given to `@operation`, `None` where left out."""
    found: tuple[type | None, Any] = vars(target).get(_TYPES, (None, None))
    return found


def written(target: Callable[..., Any]) -> Callable[..., Any]:
    """Return the function in the source that a `partial` or a wrapper stands for."""
    while isinstance(target, partial):
        target = target.func
    source: Callable[..., Any] = inspect.unwrap(target)
    return source


def parameters_of(target: Callable[..., Any]) -> list[inspect.Parameter]:
    """Return the parameters that a caller has to give: what a `partial` gives is left out."""
    given = target.keywords if isinstance(target, partial) else {}
    parameters = inspect.signature(target).parameters.values()
    return [parameter for parameter in parameters if parameter.name not in given]


def defining_class(target: Callable[..., Any]) -> type | None:
    """Return the class that the `run` of a class with one stands in, `None` for a function.

    What its annotations name may be declared in that class.
    """
    ancestors = target.__mro__ if isinstance(target, type) else ()
    return next((cls for cls in ancestors if "run" in vars(cls)), None)


def _own_doc(target: object) -> str:
    # A class without a docstring would otherwise show pydantic's or Beanie's.
    own = vars(target).get("__doc__") if isinstance(target, type) else target.__doc__
    return inspect.cleandoc(own) if isinstance(own, str) else ""


def _runner(target: Callable[..., Any], arguments: Arguments) -> Callable[..., Any]:
    if not isinstance(target, type):
        return target
    run = getattr(target, "run", None)
    if not callable(run):
        raise arguments.wrong_type("the decorated class", "one with a `run` method", target)
    return run  # type: ignore[no-any-return]  # a class attribute has no static type


def _defined_at(target: Callable[..., Any], fallback: SourceLocation) -> SourceLocation:
    code = getattr(inspect.unwrap(target), "__code__", None)
    if code is None:
        return fallback
    return SourceLocation(code.co_filename, code.co_firstlineno)


def _annotation(function: Callable[..., Any], name: str) -> Any:
    return getattr(written(function), "__annotations__", {}).get(name)


def _input_type(inputs: type | None, runner: Callable[..., Any]) -> TypeRef | None:
    if inputs is not None:
        return _type_ref(inputs)
    names = [key for key in getattr(runner, "__annotations__", {}) if key != "return"]
    return _type_ref(_annotation(runner, names[0])) if len(names) == 1 else None


def _type_ref(annotation: Any) -> TypeRef | None:
    if annotation is None:
        return None
    if isinstance(annotation, str):
        return TypeRef(TypeKind.UNKNOWN, annotation)
    if isinstance(annotation, type):
        kind = TypeKind.SCHEMA if is_record(annotation) else TypeKind.EXTERNAL
        return TypeRef(kind, f"{annotation.__module__}.{annotation.__qualname__}")
    return TypeRef(TypeKind.UNKNOWN, str(annotation))
