"""`models`, `operations` and `flows` as they are listed."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from pulpo_cli.errors import MISTAKE
from pulpo_cli.output import print_diagnostics, print_json, print_table, print_text
from pulpo_cli.views import INFERRED_LEGEND, models_of

if TYPE_CHECKING:
    from pulpo_analysis import Diagnostic
    from pulpo_cli.interface import CLI

__all__ = ["list_flows", "list_models", "list_operations", "mistakes"]


def list_models(cli: CLI, selection: Sequence[str] | None = None, *, as_json: bool = False) -> int:
    """Print the models, all or those of a selection, and return the exit code."""
    if selection:
        found, errors = cli.select(selection).models, cli.analysis.errors
    else:
        # All models are known without the operations and flows that a selection may speak of.
        found, errors = cli.model_list.models, cli.model_list.errors
    if as_json:
        from pulpo_base.serialisation import to_plain

        print_json([to_plain(model) for model in found])
        return mistakes(cli, errors)
    print_table(
        "Models",
        ("model", "collection", "fields", "relations"),
        [
            (
                model.name,
                model.collection,
                str(len(model.fields)),
                ", ".join(f"{r.name} → {r.target}" for r in model.relations if not r.back) or "-",
            )
            for model in found
        ],
        "the selection holds no model"
        if selection
        else "no models yet: decorate a Beanie document with @datamodel",
    )
    return mistakes(cli, errors)


def list_operations(
    cli: CLI, selection: Sequence[str] | None = None, *, as_json: bool = False
) -> int:
    """Print the operations, all or those of a selection, and return the exit code."""
    # Without a selection nothing is needed of what would read one.
    found = cli.select(selection).operations if selection else cli.analysis.app.operations
    if as_json:
        from pulpo_base.serialisation import to_plain

        print_json([to_plain(operation) for operation in found])
        return mistakes(cli, cli.analysis.errors)
    print_table(
        "Operations",
        ("operation", "takes", "returns", "reads", "writes"),
        [
            (
                operation.name,
                str(operation.inputs or "-"),
                str(operation.outputs or "-"),
                models_of(operation, "models_in") or "-",
                models_of(operation, "models_out") or "-",
            )
            for operation in found
        ],
        "the selection holds no operation"
        if selection
        else "no operations yet: decorate a typed function with @operation",
    )
    if any(operation.inferred for operation in found):
        print_text(INFERRED_LEGEND)
    return mistakes(cli, cli.analysis.errors)


def list_flows(cli: CLI, selection: Sequence[str] | None = None, *, as_json: bool = False) -> int:
    """Print the flows, all or those of a selection, and return the exit code."""
    found = cli.select(selection).flows if selection else cli.analysis.flows
    if as_json:
        from pulpo_base.serialisation import to_plain

        print_json([to_plain(flow) for flow in found])
        return mistakes(cli, cli.analysis.errors)
    print_table(
        "Flows",
        ("flow", "steps", "parameters", "subflows", "stages"),
        [
            (
                flow.name,
                str(len(flow.steps)),
                ", ".join(p.name for p in flow.parameters) or "-",
                ", ".join(flow.subflows) or "-",
                ", ".join(str(stage) for stage in flow.stages) or "-",
            )
            for flow in found
        ],
        "the selection holds no flow"
        if selection
        else "no flows: operations named `flow.task` become one when data connects them",
    )
    return mistakes(cli, cli.analysis.errors)


def mistakes(cli: CLI, errors: Sequence[Diagnostic]) -> int:
    """Print errors of the project, if any: what was shown is not all there is."""
    if not errors:
        return 0
    print_diagnostics(errors, cli.root)
    return MISTAKE
