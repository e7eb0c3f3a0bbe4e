"""`db seed`: made-up data."""

from __future__ import annotations

from typing import Annotated

import typer

from pulpo_base.project.commands.options import AsJson, project_of

__all__ = ["register"]


def register(group: typer.Typer) -> None:
    """Add the command to the group `db`."""
    group.command("seed")(seed)


def seed(
    context: typer.Context,
    count: Annotated[int, typer.Option("--count", "-n", min=1, help="Of each model.")] = 20,
    number: Annotated[
        int | None,
        typer.Option("--seed", min=0, help="The same number makes the same data, times included."),
    ] = None,
    add: Annotated[
        bool, typer.Option("--add", help="Also where there are documents already.")
    ] = False,
    as_json: AsJson = False,
) -> None:
    """Store made-up documents of every model, with links between them.

    Your own polyfactory classes in factories.py say how a model is made where they are there.
    """
    from datetime import UTC, datetime
    from importlib.util import find_spec
    from secrets import randbits

    from pulpo_base.project.calls import run_connected
    from pulpo_base.project.errors import ProjectError
    from pulpo_base.project.factories import own_factories
    from pulpo_base.project.output import note, table, write_json

    if find_spec("polyfactory") is None or find_spec("faker") is None:
        raise ProjectError(
            "what makes data up is not installed", hint="pip install 'pulpo-base[seed]'"
        )
    from pulpo_base.database.seeding.links import SeedError
    from pulpo_base.database.seeding.seed import Seeded
    from pulpo_base.database.seeding.seed import seed as store

    project = project_of(context)
    documents = project.load_documents()
    own = own_factories(project, documents)
    chosen = randbits(32) if number is None else number
    fixed = datetime(2025, 1, 1, tzinfo=UTC)

    async def call(_database: object) -> list[Seeded]:
        for document in () if add else documents:
            if await document.find_all(limit=1).count():
                name = document.get_collection_name()
                raise ProjectError(
                    f"{name} has documents already",
                    hint="`./main db drop` empties the database, `--add` adds to it",
                )
        until = datetime.now(UTC) if number is None else fixed
        return await store(documents, count=count, number=chosen, until=until, own=own)

    try:
        seeded = run_connected(project, call)
    except SeedError as error:
        raise ProjectError(str(error), hint=error.hint) from error
    if as_json:
        write_json({"seed": chosen, "models": {one.model: one.made for one in seeded}})
        return
    rows = [
        (one.model, str(one.made), "your factory" * (one.model in {d.__name__ for d in own}))
        for one in seeded
    ]
    table(("model", "documents", "made by"), rows)
    for one in seeded:
        if one.made < one.wanted:
            note(f"{one.model}: {one.made} of {one.wanted}, no more unique values were found.")
