"""`flows`: the flows of the project, shown; `flow_runs` has what runs them."""

from __future__ import annotations

from typing import TYPE_CHECKING

import typer

from pulpo_base.command_groups import command_group
from pulpo_base.project.commands.flow_deployments import deploy, serve
from pulpo_base.project.commands.flow_runs import run, runs
from pulpo_base.project.commands.flow_schedules import schedule
from pulpo_base.project.commands.options import AsJson, FlowName, project_of

if TYPE_CHECKING:
    from pulpo_base.flows.plan import FlowPlan

__all__ = ["register"]

_LISTING = "./main flows list"


def register(app: typer.Typer) -> None:
    """Add the group."""
    group = command_group(help="The flows.", no_args_is_help=True)
    group.command("list")(list_flows)
    group.command("show")(show)
    group.command("run")(run)
    group.command("runs")(runs)
    group.command("deploy")(deploy)
    group.command("serve")(serve)
    group.command("schedule")(schedule)
    app.add_typer(group, name="flows", rich_help_panel="Application")


def list_flows(context: typer.Context, as_json: AsJson = False) -> None:
    """List the flows."""
    from pulpo_base.project.output import note, table, write_json

    flows = project_of(context).load_flows()
    plans = [flows[name].plan for name in sorted(flows)]
    if as_json:
        write_json(
            [
                {
                    "name": plan.name,
                    "steps": [step.operation for step in plan.steps],
                    "parameters": [parameter.name for parameter in plan.parameters],
                    "schedule": plan.schedule,
                    "timezone": plan.timezone,
                }
                for plan in plans
            ]
        )
    elif not plans:
        note("The project has no flows.")
    else:
        rows = [
            (
                plan.name,
                str(len(plan.steps)),
                ", ".join(parameter.name for parameter in plan.parameters),
                f"{plan.schedule} {plan.timezone or 'UTC'}" if plan.schedule else "",
            )
            for plan in plans
        ]
        table(("flow", "steps", "parameters", "schedule"), rows)


def show(context: typer.Context, name: FlowName, as_json: AsJson = False) -> None:
    """Show one flow: steps, where their input comes from, and why they run in this order."""
    from pulpo_base.project.inputs import find
    from pulpo_base.project.output import write_json
    from pulpo_base.serialisation import to_plain

    plan = find("flow", name, project_of(context).load_flows(), listing=_LISTING).plan
    if as_json:
        write_json(to_plain(plan))
    else:
        _show_plan(plan)


def _show_plan(plan: FlowPlan) -> None:
    from pulpo_base.project.output import table

    parameters = [
        (
            parameter.name,
            str(parameter.type),
            "(required)" if parameter.required else parameter.default or "(the operation's)",
            parameter.description,
        )
        for parameter in plan.parameters
    ]
    table(("parameter", "type", "default", "description"), parameters, title=f"{plan.name}")

    # Inside of a flow its own name says nothing, and steps may be chosen without it.
    def short(name: str) -> str:
        return name.removeprefix(f"{plan.name}.")

    steps = [
        (
            short(step.operation),
            ", ".join(map(short, step.after)),
            "" if step.stage is None else str(step.stage),
            str(step.retries or ""),
            "" if step.timeout is None else f"{step.timeout:g} s",
        )
        for step in plan.steps
    ]
    table(("step", "after", "stage", "retries", "timeout"), steps, title="Steps")
    bindings = [
        (
            short(step.operation),
            binding.field,
            str(binding.type),
            short(str(binding)),
            "bind" if binding.explicit else "",
        )
        for step in plan.steps
        for binding in step.bindings
    ]
    table(("step", "field", "type", "comes from", "by"), bindings, title="Bindings")
    edges = [
        (
            short(edge.before),
            short(edge.after),
            str(reason),
            ", ".join(str(place) for place in reason.locations),
        )
        for edge in plan.edges
        for reason in edge.reasons
    ]
    table(("before", "after", "because", "said at"), edges, title="Order")
