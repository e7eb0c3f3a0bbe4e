"""The runtime of a project's own command line, `./main`: services, operations and flows.

Generated code describes the application as a `Project` and calls `create_cli`. Nothing heavy
(FastAPI, Beanie, Prefect, the user's code) is imported before a command needs it.
"""

from pulpo_base.extras import needs_extra

try:
    from pulpo_base.project.cli import ProjectCli, create_cli
    from pulpo_base.project.definition import Project
except ModuleNotFoundError as error:
    raise needs_extra("project", error) from error

__all__ = ["Project", "ProjectCli", "create_cli"]
