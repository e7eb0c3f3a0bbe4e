"""`flows`: the flows of the project, shown and run on the local engine."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Any

import typer

from pulpo_base.command_groups import command_group
from pulpo_base.project.commands.options import AsJson, Input, InputFile, project_of

if TYPE_CHECKING:
    from pydantic import BaseModel

    from pulpo_base.flows.definition import FlowDefinition
    from pulpo_base.flows.plan import FlowPlan
    from pulpo_base.flows.run import FlowRun, StepEvent

__all__ = ["register"]

Name = Annotated[str, typer.Argument(metavar="NAME", help="The flow's name.")]
_LISTING = "./main flows list"


def register(app: typer.Typer) -> None:
    """Add the group."""
    group = command_group(help="The flows.", no_args_is_help=True)
    group.command("list")(list_flows)
    group.command("show")(show)
    group.command("run")(run)
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
                plan.schedule or "",
            )
            for plan in plans
        ]
        table(("flow", "steps", "parameters", "schedule"), rows)


def show(context: typer.Context, name: Name, as_json: AsJson = False) -> None:
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
            "(required)" if parameter.required else parameter.default or "(made)",
            parameter.description,
        )
        for parameter in plan.parameters
    ]
    table(("parameter", "type", "default", "description"), parameters, title=f"{plan.name}")
    steps = [
        (
            step.operation,
            ", ".join(step.after),
            "" if step.stage is None else str(step.stage),
            str(step.retries or ""),
            "" if step.timeout is None else f"{step.timeout:g} s",
        )
        for step in plan.steps
    ]
    table(("step", "after", "stage", "retries", "timeout"), steps, title="Steps")
    bindings = [
        (step.operation, binding.field, str(binding), "bind" if binding.explicit else "")
        for step in plan.steps
        for binding in step.bindings
    ]
    table(("step", "field", "comes from", "by"), bindings, title="Bindings")
    edges = [
        (edge.before, edge.after, str(reason), ", ".join(str(place) for place in reason.locations))
        for edge in plan.edges
        for reason in edge.reasons
    ]
    table(("before", "after", "because", "said at"), edges, title="Order")


def run(
    context: typer.Context,
    name: Name,
    input_text: Input = None,
    input_file: InputFile = None,
    as_json: AsJson = False,
) -> None:
    """Run one flow in this process, on the project's database."""
    from pulpo_base.flows import FlowError, build_results, run_plan
    from pulpo_base.project.calls import failure, plain, run_connected
    from pulpo_base.project.inputs import find, read_input

    project = project_of(context)
    flow = find("flow", name, project.load_flows(), listing=_LISTING)
    operations = project.load_operations()
    parameters = _parameters(name, flow, read_input(input_text, input_file))

    async def call() -> FlowRun:
        try:
            return await run_plan(
                flow.plan,
                operations,
                parameters,
                is_retryable=project.load_is_retryable(),
                on_event=_tell,
            )
        except FlowError as error:
            what = f"flow {name}: operation {error.operation}"
            raise failure(project, what, error, error.__cause__ or error) from error

    done = run_connected(project, call)
    _show_run(done, plain(build_results(flow.plan, done.outputs, flow.results)), as_json=as_json)


def _parameters(name: str, flow: FlowDefinition, data: Any) -> BaseModel:
    from pydantic import ValidationError

    from pulpo_base.project.errors import ProjectError
    from pulpo_base.project.inputs import findings, suggestion

    given = {} if data is None else data
    known = flow.parameters.model_fields
    # Pydantic ignores unknown names by default, and so would a mistyped optional parameter be.
    unknown = [key for key in given if key not in known] if isinstance(given, dict) else []
    problems = [f"{key}: there is no such parameter {suggestion(key, known)}" for key in unknown]
    try:
        parameters = flow.parameters.model_validate(given)
    except ValidationError as error:
        problems.extend(findings(error))
    if problems:
        raise ProjectError(
            f"the input of flow {name} is not valid",
            details=list(dict.fromkeys(problems)),
            hint=f"see `./main flows show {name}`",
        )
    return parameters


def _tell(event: StepEvent) -> None:
    from pulpo_base.flows import StepEventKind
    from pulpo_base.project.output import note

    match event.kind:
        case StepEventKind.STARTED:
            text = f"→ {event.operation}"
        case StepEventKind.FINISHED:
            text = f"✓ {event.operation} ({event.duration:.2f} s)"
        case StepEventKind.RETRYING:
            text = f"↻ {event.operation}: try {event.attempt} failed: {_name(event.error)}"
        case StepEventKind.FAILED:
            text = f"✗ {event.operation} ({event.duration:.2f} s): {_name(event.error)}"
        case StepEventKind.CANCELLED:
            text = f"- {event.operation}: cancelled"
    note(text)


def _name(error: BaseException | None) -> str:
    return type(error).__name__


def _show_run(run: FlowRun, results: Any, *, as_json: bool) -> None:
    from pulpo_base.project.output import show_value, write_json

    if not as_json:
        show_value(results, title=f"{run.flow}: {run.status.value}")
        return
    steps = [
        {"operation": name, "seconds": round(timing.duration, 6), "attempts": timing.attempts}
        for name, timing in sorted(run.timings.items(), key=lambda item: item[1].started)
    ]
    write_json({"flow": run.flow, "status": run.status.value, "results": results, "steps": steps})
