"""`new`: a project in a folder of its own, ready to run."""

from __future__ import annotations

import shlex
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from pulpo_cli.errors import MISTAKE, UserError

if TYPE_CHECKING:
    from pulpo_codegen import CompileResult

__all__ = ["Template", "register"]


class Template(StrEnum):
    """What a new project starts as."""

    BLANK = "blank"
    TODO = "todo"
    SHOP = "shop"


def register(app: typer.Typer) -> None:
    """Add the command to the application."""
    app.command(rich_help_panel="Start")(new)


def new(
    folder: Annotated[
        Path, typer.Argument(metavar="NAME", help="The project's name: a folder that is made.")
    ],
    template: Annotated[
        Template,
        typer.Option(
            "--template", "-t", help="One model; three operations; or ten models and three flows."
        ),
    ] = Template.BLANK,
) -> None:
    """Make a new project: models, operations, tests, ./main and the first output."""
    from pulpo_cli.output import print_diagnostics, print_done, print_text
    from pulpo_cli.shipped import new_folder

    root = new_folder(folder)
    with _whole_or_nothing(root):
        result = _made(root, template)
    if result.errors:
        print_diagnostics(result.diagnostics, root)
        raise typer.Exit(MISTAKE)
    own = sum(1 for path in root.rglob("*") if path.is_file() and _is_own(path, root))
    print_done(f"{folder}: {own} files of yours, {len(result.plan.create)} generated in run_cache/")
    print_text(
        f"\n  cd {shlex.quote(str(folder))}\n"
        "  pulpo dev        serve it, and again with every change\n"
        "  pulpo help       how it works\n"
        "  uv run pytest    its tests, on a real MongoDB (README.md says how without uv)"
    )


def _made(root: Path, template: Template) -> CompileResult:
    from pulpo_cli.interface import CLI
    from pulpo_cli.shipped import copy_example

    if not root.name.strip():
        raise UserError(f"{root} has no name to give to a project", "name a folder")
    root.mkdir(parents=True, exist_ok=True)
    if template is not Template.BLANK:
        copy_example(template.value, root)
    cli = CLI(root)
    cli.init(root.name)
    result = cli.compile()
    cli.write_snapshot()
    return result


def _is_own(path: Path, root: Path) -> bool:
    return path.relative_to(root).parts[0] not in {"run_cache", ".pulpo"}


@contextmanager
def _whole_or_nothing(root: Path) -> Iterator[None]:
    """Leave no half of a project behind, whatever ends the block."""
    was_there = root.exists()
    try:
        yield
    except BaseException:
        for path in [root] if not was_there else list(root.iterdir()):
            shutil.rmtree(path) if path.is_dir() else path.unlink(missing_ok=True)
        raise
