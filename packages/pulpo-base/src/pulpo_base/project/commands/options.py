"""Options that several commands share, and the context that Typer hands to each."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from pulpo_base.project.completing import flow_names, operation_names, service_names
from pulpo_base.project.definition import Project

__all__ = [
    "AsJson",
    "FlowName",
    "Follow",
    "InDocker",
    "Input",
    "InputFile",
    "Lines",
    "Names",
    "OperationName",
    "project_of",
]

AsJson = Annotated[bool, typer.Option("--json", help="Write JSON for other programs.")]
Input = Annotated[
    str | None, typer.Option("--input", "-i", metavar="JSON", help="The input as JSON.")
]
InputFile = Annotated[
    Path | None,
    typer.Option("--input-file", metavar="FILE", help="A file with the input; - is stdin."),
]
InDocker = Annotated[
    bool, typer.Option("--docker", help="In containers, with the generated compose file.")
]
Lines = Annotated[int, typer.Option("--lines", "-n", min=0, help="How many lines back.")]
Follow = Annotated[bool, typer.Option("--follow", "-f", help="Go on until Ctrl-C.")]
Names = Annotated[
    list[str] | None,
    typer.Argument(
        metavar="[SERVICE]…", help="As `status --json` names them.", autocompletion=service_names
    ),
]
FlowName = Annotated[
    str, typer.Argument(metavar="NAME", help="The flow's name.", autocompletion=flow_names)
]
OperationName = Annotated[
    str,
    typer.Argument(
        metavar="NAME", help="The operation's dotted name.", autocompletion=operation_names
    ),
]


def project_of(context: typer.Context) -> Project:
    """Return the project whose command line runs."""
    project = context.obj
    if not isinstance(project, Project):
        raise TypeError(f"the context holds {type(project).__name__}, not a Project")
    return project
