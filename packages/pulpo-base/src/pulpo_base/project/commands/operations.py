"""`ops`: the operations of the project, shown and run."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Annotated, Any

import typer

from pulpo_base.command_groups import command_group
from pulpo_base.project.commands.options import (
    AsJson,
    Input,
    InputFile,
    OperationName,
    project_of,
)
from pulpo_base.project.completing import operation_names

if TYPE_CHECKING:
    from pulpo_base.project.typed_options import Field
    from pulpo_base.specs import OperationSpec

__all__ = ["register"]

#: What is behind the name depends on it, the page that `--help` shows included.
_TYPED: dict[str, Any] = {
    "allow_extra_args": True,
    "ignore_unknown_options": True,
    "help_option_names": [],
}
_LISTING = "./main ops list"


def register(app: typer.Typer) -> None:
    """Add the group."""
    group = command_group(help="The operations.", no_args_is_help=True)
    group.command("list")(list_operations)
    group.command("show")(show)
    group.command("run", context_settings=_TYPED)(run)
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


def show(context: typer.Context, name: OperationName, as_json: AsJson = False) -> None:
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
    name: Annotated[
        str | None,
        typer.Argument(
            metavar="NAME", help="The operation's dotted name.", autocompletion=operation_names
        ),
    ] = None,
    input_text: Input = None,
    input_file: InputFile = None,
    remote: Annotated[
        bool, typer.Option("--remote", help="On the running API; PULPO_API_URL names another.")
    ] = False,
    as_json: AsJson = False,
    show_help: Annotated[
        bool, typer.Option("--help", "-h", help="Show this; with NAME, its options.")
    ] = False,
) -> None:
    """Run one operation, in this process on the project's database.

    Each field of its input is an option: `./main ops run NAME --help` shows them. What is missing
    is asked for on a terminal.
    """
    from pulpo_base.project.errors import ProjectError
    from pulpo_base.project.inputs import find, read_input
    from pulpo_base.project.operation_calls import asked_for, call_here, operation_fields
    from pulpo_base.project.output import note, show_value, write_json, write_line
    from pulpo_base.project.remote import call_remote, remote_url
    from pulpo_base.project.typed_options import given_options

    if name is None and show_help:
        write_line(context.get_help())
        return
    if name is None:
        raise ProjectError("Missing argument 'NAME'.", hint="see `./main ops run --help`")
    project = project_of(context)
    operation = find("operation", name, project.load_operations(), listing=_LISTING)
    fields = operation_fields(operation)
    if show_help:
        _show_options(context, name, operation, fields)
        return
    options = given_options(context.args, fields)
    data = asked_for(name, operation, read_input(input_text, input_file), options)
    if remote:
        result = call_remote(remote_url(project.state_directory), name, data.plain)
    else:
        result = call_here(project, name, operation, data.value)
    if as_json:
        write_json(result)
    elif result is None:
        note(f"{name} is done; it returns nothing.")
    else:
        show_value(result, title=name)


def _show_options(
    context: typer.Context, name: str, operation: Callable[..., Any], fields: tuple[Field, ...]
) -> None:
    """Write the page of one operation: what it does, and an option for each field."""
    from pulpo_base.decorators import spec_of
    from pulpo_base.project.output import table, write_line
    from pulpo_base.project.typed_options import FieldKind

    write_line(f"Usage: {context.command_path} {name} [OPTIONS]\n")
    spec = spec_of(operation)
    if spec is not None and spec.description:
        write_line("\n".join(f"  {line}" for line in spec.description.splitlines()) + "\n")
    rows = [
        (
            field.option or f"({field.name}: by --input)",
            "" if field.kind is FieldKind.FLAG else field.metavar,
            "(required)" if field.required else "" if field.default is None else str(field.default),
            field.description + " (again for more)" * (field.kind is FieldKind.LIST),
        )
        for field in fields
    ]
    if rows:
        table(("option", "value", "default", "description"), rows)
    write_line("and --input JSON, --input-file FILE, --remote, --json")


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
