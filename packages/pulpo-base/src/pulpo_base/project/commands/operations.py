"""`ops`: the operations of the project, shown and run."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Annotated, Any

import typer

from pulpo_base.command_groups import command_group
from pulpo_base.project.commands.options import AsJson, Input, InputFile, project_of

if TYPE_CHECKING:
    from pulpo_base.specs import OperationSpec

__all__ = ["register"]

Name = Annotated[str, typer.Argument(metavar="NAME", help="The operation's dotted name.")]
_LISTING = "./main ops list"


def register(app: typer.Typer) -> None:
    """Add the group."""
    group = command_group(help="The operations.", no_args_is_help=True)
    group.command("list")(list_operations)
    group.command("show")(show)
    group.command("run")(run)
    app.add_typer(group, name="ops", rich_help_panel="Application")


def list_operations(context: typer.Context, as_json: AsJson = False) -> None:
    """List the operations."""
    from pulpo_base.project.output import note, table, write_json

    operations = project_of(context).load_operations()
    if as_json:
        write_json([_plain(name, operations[name]) for name in sorted(operations)])
        return
    if not operations:
        note("The project has no operations.")
        return
    rows = [
        (plain["name"], plain["inputs"] or "", plain["outputs"] or "", _first(plain["description"]))
        for plain in (_plain(name, operations[name]) for name in sorted(operations))
    ]
    table(("operation", "input", "output", "description"), rows)


def show(context: typer.Context, name: Name, as_json: AsJson = False) -> None:
    """Show one operation: what it does, takes and returns."""
    from pulpo_base.invocation import input_type, output_type
    from pulpo_base.project.inputs import find
    from pulpo_base.project.output import short_path, show_value, table, write_json
    from pulpo_base.project.schemas import field_rows, json_schema

    operations = project_of(context).load_operations()
    operation = find("operation", name, operations, listing=_LISTING)
    plain = _plain(name, operation)
    inputs, outputs = input_type(operation), output_type(operation)
    if as_json:
        schemas = {"input_schema": json_schema(inputs), "output_schema": json_schema(outputs)}
        write_json({**plain, **schemas})
        return
    known = {**plain, "location": short_path(plain["location"])}
    show_value({key: value for key, value in known.items() if value not in (None, "", [])})
    for title, kind in (("Input", inputs), ("Output", outputs)):
        rows = field_rows(kind)
        if rows:
            table(("field", "type", "default", "description"), rows, title=title)


def run(
    context: typer.Context,
    name: Name,
    input_text: Input = None,
    input_file: InputFile = None,
    as_json: AsJson = False,
) -> None:
    """Run one operation in this process, on the project's database."""
    from pulpo_base.invocation import OutputError, invoke
    from pulpo_base.project.calls import failure, plain, run_connected
    from pulpo_base.project.errors import ProjectError
    from pulpo_base.project.inputs import find, read_input
    from pulpo_base.project.output import note, show_value, write_json

    project = project_of(context)
    operation = find("operation", name, project.load_operations(), listing=_LISTING)
    data = _validated(name, operation, read_input(input_text, input_file))

    async def call(_database: object) -> Any:
        try:
            return await invoke(operation, data)
        except ProjectError:
            raise
        except OutputError as error:
            raise ProjectError(str(error), hint="mend the operation or its outputs") from error
        except Exception as error:
            raise failure(project, f"operation {name}", error, error) from error

    result = plain(run_connected(project, call))
    if as_json:
        write_json(result)
    elif result is None:
        note(f"{name} is done; it returns nothing.")
    else:
        show_value(result, title=name)


def _validated(name: str, operation: Callable[..., Any], data: Any) -> Any:
    # Checked before a database is started for it, and so that an invalid input is told apart
    # from a ValidationError inside the operation.
    from pydantic import TypeAdapter, ValidationError

    from pulpo_base.invocation import input_type
    from pulpo_base.project.errors import ProjectError
    from pulpo_base.project.inputs import findings

    kind = input_type(operation)
    if kind is None:
        if data:
            raise ProjectError(f"operation {name} takes no input", hint="leave --input out")
        return None
    try:
        return TypeAdapter(kind).validate_python({} if data is None else data)
    except ValidationError as error:
        raise ProjectError(
            f"the input of {name} is not valid",
            details=findings(error),
            hint=f"see `./main ops show {name}`",
        ) from error


def _plain(name: str, operation: Callable[..., Any]) -> dict[str, Any]:
    from pulpo_base.decorators import spec_of
    from pulpo_base.invocation import input_type, output_type
    from pulpo_base.project.schemas import type_name

    spec: OperationSpec | Any = spec_of(operation)
    return {
        "name": name,
        "description": spec.description if spec else "",
        "category": spec.category if spec else "",
        "tags": list(spec.tags) if spec else [],
        "inputs": type_name(input_type(operation)),
        "outputs": type_name(output_type(operation)),
        "location": str(spec.location) if spec else "",
    }


def _first(text: str) -> str:
    return next(iter(text.splitlines()), "")
