"""What `./main` starts where Prefect itself has to be imported: deploying, serving, the worker.

A process of its own, because Prefect reads its settings from the environment when it is imported:
`python -m pulpo_base.project.prefect_process {deploy|serve|work} PROJECT [ARGUMENT…]`, with the
project as JSON or as `module:attribute`. `work` registers the flows and becomes Prefect's worker.
"""

from __future__ import annotations

import asyncio
import importlib
import json
import os
import sys
from pathlib import Path

from pulpo_base.interrupts import exit_on_termination
from pulpo_base.project.definition import Project
from pulpo_base.project.errors import ProjectError
from pulpo_base.runs.servers import limited_tags, remember_server

__all__ = ["main"]


def main(arguments: list[str]) -> int:
    """Do one of the three and return the exit code."""
    what, plain, *rest = arguments
    try:
        project = _project(plain)
        if what == "serve":
            asyncio.run(_serve(project))
        else:
            for line in asyncio.run(_deploy(project)):
                print(line, flush=True)  # noqa: T201 - this is a command
    except ProjectError as error:
        print(f"error: {error.message}", *error.details, sep="\n  ", file=sys.stderr)  # noqa: T201
        return error.exit_code
    except KeyboardInterrupt:
        return 130
    if what == "work":
        os.execv(sys.executable, [sys.executable, "-m", "prefect", *rest])  # noqa: S606 - no shell
    return 0


def _project(text: str) -> Project:
    if not text.startswith("{"):
        module, _, attribute = text.partition(":")
        found: Project = getattr(importlib.import_module(module), attribute)
        return found
    given = json.loads(text)
    return Project(**{**given, "root": Path(given["root"])})


async def _deploy(project: Project) -> list[str]:
    from pulpo_base.flows.deployment import deploy

    plans = {name: flow.plan for name, flow in project.load_flows().items()}
    settings = project.load_settings()
    pool, server = settings.flow_pool, os.environ["PREFECT_API_URL"]
    url = os.environ.get("PULPO_MONGODB_URL") or settings.mongodb_url
    database = settings.mongodb_database
    try:
        done = await deploy(
            {**project.load_prefect_flows(), **project.load_prefect_operations()},
            plans,
            root=project.root,
            pool=pool,
            pool_type=settings.flow_pool_type,
            job_variables=settings.flow_job_variables,
            tag_limits=settings.flow_tag_limits,
            result_storage=settings.flow_result_storage,
            project=project.name,
            earlier_limits=await limited_tags(url, database, api_url=server) if url else (),
        )
    except LookupError as error:
        raise ProjectError(str(error.args[0])) from error
    if url:
        limits = settings.flow_tag_limits
        await remember_server(url, database, api_url=server, pool=pool, limited_tags=limits)
    return [
        *(f"deployed {name}" for name in done.names),
        *(f"deleted {name}, which is none of this project's any more" for name in done.gone),
        *(f"no limit for the tag {tag} any more" for tag in done.unlimited),
    ]


async def _serve(project: Project) -> None:
    from pulpo_base.flows.deployment import serve

    plans = {name: flow.plan for name, flow in project.load_flows().items()}
    name = f"{project.load_settings().flow_pool}-served"
    await serve(project.load_prefect_flows(), plans, root=project.root, name=name)


if __name__ == "__main__":
    exit_on_termination()
    sys.exit(main(sys.argv[1:]))
