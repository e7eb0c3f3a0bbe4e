"""`flows run` and `flows runs`: a flow or a part of it, run in this process, and earlier runs."""

from __future__ import annotations

from typing import Annotated, Any, Literal

import typer

from pulpo_base.project.commands.options import AsJson, FlowName, Input, InputFile, project_of
from pulpo_base.project.completing import flow_names

__all__ = ["run", "runs"]

Steps = Annotated[
    list[str] | None, typer.Option(metavar="STEP", help="Only this step; may repeat.")
]
From = Annotated[
    list[str] | None,
    typer.Option("--from-nodes", metavar="STEP", help="This step and what comes after it."),
]
To = Annotated[
    list[str] | None,
    typer.Option("--to-nodes", metavar="STEP", help="This step and what comes before it."),
]
Tags = Annotated[list[str] | None, typer.Option(metavar="TAG", help="The steps with this tag.")]
EngineName = Annotated[
    Literal["auto", "local", "prefect"],
    typer.Option(
        "--engine", help="`local` is this process; `auto` is Prefect where a worker takes runs."
    ),
]
DryRun = Annotated[bool, typer.Option("--dry-run", help="Show what would run, and run nothing.")]
Resume = Annotated[
    str | None,
    typer.Option(
        metavar="RUN", help="Do again what failed in this run (`last`: the newest of the flow)."
    ),
]


def run(
    context: typer.Context,
    name: FlowName,
    input_text: Input = None,
    input_file: InputFile = None,
    only: Steps = None,
    from_nodes: From = None,
    to_nodes: To = None,
    tags: Tags = None,
    dry_run: DryRun = False,
    resume: Resume = None,
    engine: EngineName = "auto",
    as_json: AsJson = False,
) -> None:
    """Run one flow, or a part of it, on the project's database.

    It runs in this process, or on Prefect where the flow is deployed and a worker takes runs.

    What the part takes from steps outside it becomes a parameter of --input. An interrupted or
    failed run is resumed with --resume: steps that succeeded are kept.
    """
    from pulpo_base.project.flow_calls import FlowCommand
    from pulpo_base.project.inputs import read_input

    project = project_of(context)
    command = FlowCommand(
        project,
        name,
        read_input(input_text, input_file),
        part={
            "only": only or (),
            "from_nodes": from_nodes or (),
            "to_nodes": to_nodes or (),
            "tags": tags or (),
        },
        resume=resume or "",
        engine=engine,
        as_json=as_json,
    )
    if dry_run:
        command.show()
    else:
        command.run()


def runs(
    context: typer.Context,
    name: Annotated[
        str | None,
        typer.Argument(metavar="[NAME]", help="The flow's name.", autocompletion=flow_names),
    ] = None,
    limit: Annotated[int, typer.Option("--limit", "-n", min=1, help="How many.")] = 20,
    as_json: AsJson = False,
) -> None:
    """List the newest runs of flows, whoever started them."""
    from pulpo_base.project.calls import plain, run_connected
    from pulpo_base.project.inputs import find
    from pulpo_base.project.output import note, table, write_json

    project = project_of(context)
    if name is not None:
        find("flow", name, project.load_flows(), listing="./main flows list")

    async def call(database: Any) -> list[dict[str, Any]]:
        from pulpo_base.runs.records import RunRecords

        if database is None:
            return []
        which = {"flow": name or {"$exists": True}}
        return await RunRecords(database, "", 0).listed(which, limit=limit)

    found = plain(run_connected(project, call))
    shown = [
        {
            "id": record["_id"],
            "flow": record["flow"],
            "state": record["state"],
            "began": record["created_at"],
            "done": _done(record),
            "engine": record["engine"],
            "problem": (record.get("problem") or {}).get("code", ""),
        }
        for record in found
    ]
    if as_json:
        write_json(shown)
    elif not shown:
        note("No flow has run yet.")
    else:
        table(tuple(shown[0]), [tuple(_for_people(row).values()) for row in shown])


def _for_people(row: dict[str, Any]) -> dict[str, str]:
    """Return a row of the table: minutes are enough, and most runs are local ones."""
    began = row["began"][:16].replace("T", " ")
    engine = "" if row["engine"] == "local" else row["engine"]
    return {key: str(value) for key, value in {**row, "began": began, "engine": engine}.items()}


def _done(record: dict[str, Any]) -> str:
    done = sum(step["state"] in {"succeeded", "kept"} for step in record["steps"])
    return f"{done} of {len(record['steps'])}"
