"""`db init|check|backup|restore|drop|shell`: what is stored."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from pulpo_base.project.commands.options import AsJson, project_of

if TYPE_CHECKING:
    from pulpo_base.database.checking import CheckedModel

__all__ = ["register"]


def register(group: typer.Typer) -> None:
    """Add the commands to the group `db`."""
    for command in (init, check, backup, restore, drop, shell):
        group.command(command.__name__)(command)


def init(context: typer.Context, as_json: AsJson = False) -> None:
    """Create the collections' indexes; does nothing where they are there."""
    from pulpo_base.project.calls import run_connected
    from pulpo_base.project.output import note, write_json

    project = project_of(context)
    documents = project.load_documents()

    async def names(_database: object) -> list[str]:
        return sorted({cls.get_pymongo_collection().name for cls in documents})

    found = run_connected(project, names)
    database = project.load_settings().mongodb_database
    if as_json:
        write_json({"database": database, "collections": found})
    else:
        note(f"{database} is ready: {', '.join(found) or 'the project has no models'}.")


def check(
    context: typer.Context,
    sample: Annotated[
        int, typer.Option("--sample", "-n", min=0, help="Only so many of each model, by chance.")
    ] = 0,
    as_json: AsJson = False,
) -> None:
    """Read the stored documents as the present models; the exit code is 1 where some do not fit."""
    from pulpo_base.database.checking import check_documents
    from pulpo_base.project.calls import run_connected
    from pulpo_base.project.output import write_json

    project = project_of(context)
    documents = project.load_documents()
    checked = run_connected(project, lambda _: check_documents(documents, sample=sample))
    fit = not any(one.unfit for one in checked)
    if as_json:
        write_json({"fit": fit, "models": [_plain(one) for one in checked]})
    else:
        _show(checked)
    raise typer.Exit(0 if fit else 1)


def backup(
    context: typer.Context,
    folder: Annotated[
        Path | None, typer.Argument(help="A new folder; by default in .pulpo/backups.")
    ] = None,
    without_snapshot: Annotated[
        bool,
        typer.Option(
            "--without-snapshot", help="Each collection as it is when it is read, however long."
        ),
    ] = False,
    as_json: AsJson = False,
) -> None:
    """Write all documents, options and indexes to a folder, as at one moment where possible."""
    import time

    from pulpo_base.project.archive import write_archive
    from pulpo_base.project.output import note, write_json, write_line
    from pulpo_base.project.storage import open_database

    project = project_of(context)
    named = time.strftime("%Y%m%d-%H%M%S")
    with open_database(project) as database:
        target = folder or project.state_directory / "backups" / f"{database.name}-{named}"
        archive = write_archive(database, target, at_one_moment=not without_snapshot)
    counts = {one.name: one.documents for one in archive.collections if not one.is_view}
    if not archive.consistent:
        note(
            "Not all collections are as at one moment (the server is no replica set, some are "
            "capped, or no snapshot was wanted): what was written meanwhile may be in one and "
            "not in another."
        )
    if as_json:
        plain = {"folder": str(target), "consistent": archive.consistent, "documents": counts}
        write_json(plain)
        return
    note(f"{sum(counts.values())} documents of {len(counts)} collections")
    write_line(str(target))


def restore(
    context: typer.Context,
    folder: Annotated[Path, typer.Argument(help="What `backup` wrote.")],
    replace: Annotated[
        bool, typer.Option("--replace", help="In place of collections that have documents.")
    ] = False,
    with_keys: Annotated[
        bool,
        typer.Option(
            "--with-keys", help="The backup's API keys, too, where there are some: as they were."
        ),
    ] = False,
) -> None:
    """Verify a backup, then put it into the database. Other collections stay as they are."""
    from pulpo_base.project.archive import read_archive
    from pulpo_base.project.output import note
    from pulpo_base.project.restoring import restore_archive
    from pulpo_base.project.storage import open_database

    archive = read_archive(folder)
    archive.verify()  # before a database is started for it
    with open_database(project_of(context)) as database:
        restored = restore_archive(archive, database, replace=replace, with_keys=with_keys)
    count = sum(one.documents for one in restored.collections)
    note(f"{count} documents of {archive.database} restored, as of {archive.created}.")
    if len(restored.collections) < len(archive.collections):
        note(
            "The API keys are as they were before: with those of the backup, keys that were "
            "revoked since would work again (--with-keys)."
        )


def drop(
    context: typer.Context,
    name: Annotated[
        str | None, typer.Option("--name", help="The database's name, instead of being asked.")
    ] = None,
) -> None:
    """Delete the database with all documents, after its name was typed."""
    from pulpo_base.project.errors import ProjectError
    from pulpo_base.project.output import note
    from pulpo_base.project.storage import open_database

    project = project_of(context)
    wanted = project.load_settings().mongodb_database
    if name is None:
        if not sys.stdin.isatty():
            raise ProjectError(
                "nobody can be asked for the database's name here", hint=f"add --name {wanted}"
            )
        name = typer.prompt(f"All documents of {wanted} are deleted. Its name", err=True)
    if name != wanted:
        raise ProjectError(f"the database is not called {name!r}: nothing was deleted")
    with open_database(project) as database:
        database.client.drop_database(wanted)
    note(f"{wanted} is deleted.")


def shell(context: typer.Context) -> None:
    """Open mongosh on the database, or Python with `db` where there is none."""
    import code
    import shutil

    from pulpo_base.interrupts import run_in_terminal
    from pulpo_base.project.database import configured_url
    from pulpo_base.project.output import flush
    from pulpo_base.project.storage import open_database

    project = project_of(context)
    program = shutil.which("mongosh")
    with open_database(project) as database:
        host, port = database.client.address or ("127.0.0.1", 27017)
        # Other users of the machine see arguments, and a configured URL may hold a password.
        if program is not None and not configured_url(project.load_settings()):
            flush()
            url = f"mongodb://{host}:{port}/{database.name}?directConnection=true"
            raise typer.Exit(run_in_terminal([program, url]))
        banner = f"`db` is the database {database.name} (PyMongo); Ctrl-D ends."
        code.interact(banner=banner, local={"db": database}, exitmsg="")


def _plain(one: CheckedModel) -> dict[str, Any]:
    return {
        "model": one.model,
        "collection": one.collection,
        "read": one.read,
        "unfit": one.unfit,
        "misfits": [
            {"path": m.path, "cause": m.cause, "documents": m.documents, "example": m.example}
            for m in one.misfits
        ],
    }


def _show(checked: list[CheckedModel]) -> None:
    from pulpo_base.project.output import table

    table(
        ("model", "collection", "read", "do not fit"),
        [(one.model, one.collection, str(one.read), str(one.unfit)) for one in checked],
    )
    rows = [
        (one.model, m.path, m.cause, str(m.documents), m.example)
        for one in checked
        for m in one.misfits
    ]
    if rows:
        table(("model", "field", "cause", "documents", "for example"), rows)
