"""The `docs` target: Markdown pages about models, operations and flows, with diagrams."""

from typing import Final

from pulpo_codegen.plan import Reads, Row, TableTarget, once
from pulpo_codegen.targets.docs.api import api_page
from pulpo_codegen.targets.docs.cli import cli_page
from pulpo_codegen.targets.docs.errors import errors_page
from pulpo_codegen.targets.docs.flows import flow_places, flows_page
from pulpo_codegen.targets.docs.index import index_page
from pulpo_codegen.targets.docs.models import model_places, models_page
from pulpo_codegen.targets.docs.operations import operation_places, operations_page

__all__ = ["DOCS"]

DOCS: Final = TableTarget(
    "docs",
    (
        Row(
            template="docs/index.md.jinja",
            reads=Reads(
                models=("name", "summary", "relations"),
                operations=("name", "summary", "models_in", "models_out"),
                flows=("name", "steps"),
                config=("project",),
            ),
            each=once,
            path="docs/index.md",
            context=index_page,
        ),
        Row(
            template="docs/models.md.jinja",
            reads=Reads(
                models=(
                    "name",
                    "class",
                    "line",
                    "description",
                    "collection",
                    "tags",
                    "fields",
                    "relations",
                    "indexes",
                ),
                schemas=("name", "class", "line", "description", "fields"),
                enums=("name", "class", "line", "members"),
            ),
            each=once,
            path="docs/models.md",
            context=models_page,
            origins=model_places,
        ),
        Row(
            template="docs/operations.md.jinja",
            reads=Reads(
                models=("name",),
                schemas=("name", "class", "fields"),
                operations=(
                    "name",
                    "line",
                    "description",
                    "inputs",
                    "outputs",
                    "raises",
                    "category",
                    "tags",
                    "permissions",
                    "stage",
                    "retries",
                    "timeout",
                    "schedule",
                    "flow",
                    "models_in",
                    "models_out",
                ),
            ),
            each=once,
            path="docs/operations.md",
            context=operations_page,
            origins=operation_places,
        ),
        Row(
            template="docs/api.md.jinja",
            reads=Reads(
                models=("name", "collection", "targets", "permissions", "write_permissions"),
                operations=("name", "summary", "async_enabled", "permissions"),
            ),
            each=once,
            path="docs/api.md",
            context=api_page,
        ),
        Row(
            template="docs/cli.md.jinja",
            reads=Reads(
                operations=("name", "summary", "options"),
                flows=("name", "parameter_names"),
            ),
            each=once,
            path="docs/cli.md",
            context=cli_page,
        ),
        Row(
            template="docs/errors.md.jinja",
            reads=Reads(project=("refusals",)),
            each=once,
            path="docs/errors.md",
            context=errors_page,
        ),
        Row(
            template="docs/flows.md.jinja",
            reads=Reads(flows=("plan", "steps")),
            each=once,
            path="docs/flows.md",
            context=flows_page,
            origins=flow_places,
        ),
    ),
)
