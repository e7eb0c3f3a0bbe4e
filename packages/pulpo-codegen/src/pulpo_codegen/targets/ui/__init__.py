"""The `ui` target: the admin UI's bundle, and its source for a project that changes it."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final

from pulpo_analysis.analysis import Analysis
from pulpo_codegen.frontend.files import bundle_files, frontend_source
from pulpo_codegen.plan import Reads, Row, TableTarget, once
from pulpo_codegen.render.copied import Copied
from pulpo_codegen.targets.ui.typescript import project_types

__all__ = ["UI"]


def _bundle(_analysis: Analysis) -> Iterable[Copied]:
    return bundle_files()


def _source(_analysis: Analysis) -> Iterable[Copied]:
    return frontend_source()


def _itself(_analysis: Analysis, file: Copied) -> Copied:
    return file


UI: Final = TableTarget(
    "ui",
    (
        Row(
            template="",
            each=_bundle,
            path=lambda file: f"ui/{file.name}",
            context=_itself,
        ),
        Row(
            template="",
            each=_source,
            path=lambda file: f"generated_frontend/{file.name}",
            context=_itself,
        ),
        Row(
            template="ui/project.ts.jinja",
            reads=Reads(
                models=("name", "fields", "computed_fields"),
                schemas=("name", "fields", "computed_fields"),
                enums=("name", "members"),
            ),
            each=once,
            path="generated_frontend/src/project.ts",
            context=project_types,
        ),
    ),
    needs=("core", "api"),
)
