"""Generates a project's API, flows, command line and docs from Pulpo's analysis.

Each name is loaded when it is first asked for: a compile that finds nothing to do needs little of
all this.
"""

from typing import TYPE_CHECKING

from pulpo_base.lazy import lazy_names

if TYPE_CHECKING:
    from pulpo_codegen.clean import CleanResult, clean_project
    from pulpo_codegen.collisions import Collision, init_collisions
    from pulpo_codegen.compile import compile_project
    from pulpo_codegen.errors import GenerationBugError, UnknownTargetError
    from pulpo_codegen.events import append_events
    from pulpo_codegen.extensions import Extension, Hooks
    from pulpo_codegen.init import InitResult, init_project
    from pulpo_codegen.result import CompileResult
    from pulpo_codegen.surface import Surface, resource_routes, surface_of
    from pulpo_codegen.write.plan import FileAction, WritePlan

__all__ = [
    "CleanResult",
    "Collision",
    "CompileResult",
    "Extension",
    "FileAction",
    "GenerationBugError",
    "Hooks",
    "InitResult",
    "Surface",
    "UnknownTargetError",
    "WritePlan",
    "append_events",
    "clean_project",
    "compile_project",
    "init_collisions",
    "init_project",
    "resource_routes",
    "surface_of",
]

__getattr__ = lazy_names(
    __name__,
    {
        "clean": ("CleanResult", "clean_project"),
        "collisions": ("Collision", "init_collisions"),
        "compile": ("compile_project",),
        "errors": ("GenerationBugError", "UnknownTargetError"),
        "events": ("append_events",),
        "extensions": ("Extension", "Hooks"),
        "init": ("InitResult", "init_project"),
        "result": ("CompileResult",),
        "surface": ("Surface", "resource_routes", "surface_of"),
        "write.plan": ("FileAction", "WritePlan"),
    },
)


def __dir__() -> list[str]:
    return sorted({*globals(), *__all__})
