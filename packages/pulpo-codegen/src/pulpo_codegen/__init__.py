"""Generates a project's API, flows, command line and docs from Pulpo's analysis."""

from pulpo_codegen.clean import CleanResult, clean_project
from pulpo_codegen.compile import CompileResult, compile_project
from pulpo_codegen.errors import GenerationBugError, UnknownTargetError
from pulpo_codegen.events import append_events
from pulpo_codegen.extensions import Extension, Hooks
from pulpo_codegen.init import InitResult, init_project
from pulpo_codegen.surface import Surface, surface_of
from pulpo_codegen.write.plan import FileAction, WritePlan

__all__ = [
    "CleanResult",
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
    "init_project",
    "surface_of",
]
