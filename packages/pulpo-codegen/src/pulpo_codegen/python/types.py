"""`TypeRef` as a Python type expression."""

from __future__ import annotations

from pulpo_analysis.registries.app import AppSpec
from pulpo_base.specs import TypeKind, TypeRef
from pulpo_codegen.python.imports import Imports
from pulpo_codegen.render.python import py
from pulpo_codegen.render.source import Source

__all__ = ["type_source"]

_LINKS = {TypeKind.LINK: "Link", TypeKind.BACKLINK: "BackLink"}


def type_source(ref: TypeRef | None, imports: Imports, app: AppSpec) -> Source:
    """Return the annotation for a type, importing what it needs; unknown types are `Any`."""
    if ref is None:
        return imports.use("typing", "Any")
    match ref.kind:
        case TypeKind.NONE:
            return Source("None")
        case TypeKind.ANY | TypeKind.UNKNOWN:
            return imports.use("typing", "Any")
        case TypeKind.LITERAL:
            values = ", ".join(py(value) for value in ref.values)
            return Source(f"{imports.use('typing', 'Literal')}[{values}]")
        case TypeKind.UNION:
            return Source(" | ".join(type_source(arg, imports, app) for arg in ref.args))
        case TypeKind.LINK | TypeKind.BACKLINK:
            return _generic(imports.use("beanie", _LINKS[ref.kind]), ref, imports, app)
        case TypeKind.LIST | TypeKind.SET | TypeKind.DICT | TypeKind.TUPLE:
            return _container(ref, imports, app)
        case TypeKind.SCALAR if "." not in ref.name:
            return Source(ref.name)
        case _:
            return _class(ref, imports, app)


def _class(ref: TypeRef, imports: Imports, app: AppSpec) -> Source:
    name = imports.use(*_place(ref, app))
    return _generic(name, ref, imports, app) if ref.args else name


def _place(ref: TypeRef, app: AppSpec) -> tuple[str, str]:
    """Return the module and qualified name; the project's own classes may be nested."""
    spec = app.record(ref.name) or app.enum(ref.name)
    if spec is not None:
        return spec.module, spec.qualname
    module, _, name = ref.name.rpartition(".")
    return module, name


def _container(ref: TypeRef, imports: Imports, app: AppSpec) -> Source:
    any_ = TypeRef(TypeKind.ANY)
    size = 2 if ref.kind is TypeKind.DICT else 1
    args = ref.args or (any_,) * size
    if ref.kind is TypeKind.TUPLE:
        inner = [type_source(arg, imports, app) for arg in args]
        # Discovery drops the ellipsis: one parameter means "any number of these".
        return Source(f"tuple[{', '.join([*inner, '...'] if len(inner) == 1 else inner)}]")
    return _generic(Source(ref.kind.value), TypeRef(ref.kind, args=args), imports, app)


def _generic(outer: Source, ref: TypeRef, imports: Imports, app: AppSpec) -> Source:
    inner = ", ".join(type_source(arg, imports, app) for arg in ref.args)
    return Source(f"{outer}[{inner}]")
