"""What the project needs: a sound configuration, fresh output, free ports."""

from __future__ import annotations

import os
import shlex
from collections.abc import Iterator
from pathlib import Path

from pulpo_cli.doctor.check import Check, State
from pulpo_cli.interface import CLI

__all__ = ["project_checks"]

_DATABASE_PORT, _PREFECT_PORT = 27017, 4200


def project_checks(cli: CLI) -> Iterator[Check]:
    """Yield what is true of the project of `cli`; nothing where there is none."""
    if not (cli.root / ".pulpo.yml").is_file() and not (cli.root / "main").is_file():
        yield Check("project", State.NOTE, f"none in {cli.root}", "pulpo new NAME")
        return
    yield _config(cli.root)
    yield _output(cli)
    yield _database()
    yield _writable(cli.root)
    yield from _ports(cli)


def _config(root: Path) -> Check:
    from pulpo_analysis.config.loading import load_config

    found = load_config(root).diagnostics
    if not found:
        return Check("configuration", State.OK, "no findings")
    first = found[0]
    more = f" and {len(found) - 1} more" if len(found) > 1 else ""
    place = f"{first.locations[0]}: " if first.locations else ""
    return Check(
        "configuration",
        State.PROBLEM,
        f"{place}{first.message}{more}",
        f"pulpo explain {first.code}",
    )


def _output(cli: CLI) -> Check:
    if cli.analysis.errors:
        return Check("code", State.PROBLEM, f"{len(cli.analysis.errors)} errors", "pulpo lint")
    result = cli.compile(dry_run=True)
    if result.errors:
        return Check("output", State.PROBLEM, result.errors[0].message, "pulpo compile --plan")
    if result.plan.has_changes:
        return Check("output", State.PROBLEM, "run_cache/ is not up to date", "pulpo compile")
    return Check("output", State.OK, "run_cache/ is up to date")


def _database() -> Check:
    from pulpo_base.project.database import masked, probe_mongodb

    url = os.environ.get("PULPO_MONGODB_URL", "")
    if not url:
        return Check("database", State.OK, "a local one, started when it is needed")
    why = probe_mongodb(url)
    if why:
        return Check("database", State.PROBLEM, why, "unset PULPO_MONGODB_URL")
    return Check("database", State.OK, f"{masked(url)} answers")


def _writable(root: Path) -> Check:
    if os.access(root, os.W_OK):
        return Check("folder", State.OK, str(root))
    return Check(
        "folder", State.PROBLEM, f"{root} takes no files", f"chmod u+w {shlex.quote(str(root))}"
    )


def _ports(cli: CLI) -> Iterator[Check]:
    from pulpo_base.project.ports import is_free
    from pulpo_base.project.state import ServiceState

    running = ServiceState(cli.root / ".pulpo").read().values()
    ours = {record.port for record in running if record.is_alive}
    api = cli.analysis.config.api
    for name, host, port in (
        ("API port", api.host, api.port),
        ("MongoDB port", "127.0.0.1", _DATABASE_PORT),
        ("Prefect port", "127.0.0.1", _PREFECT_PORT),
    ):
        if port in ours:
            yield Check(name, State.OK, f"{port} is this project's")
        elif is_free(host, port):
            yield Check(name, State.OK, f"{port} is free")
        else:
            yield Check(
                name,
                State.NOTE,
                f"{port} is taken; `up` takes the next free one",
                f"ss -ltnp 'sport = :{port}'",
            )
