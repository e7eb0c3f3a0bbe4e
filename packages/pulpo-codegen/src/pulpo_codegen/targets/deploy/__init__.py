"""The `deploy` target: an image, a compose file and the environment variables there are."""

from __future__ import annotations

from typing import Final

from pulpo_codegen.plan import Reads, Row, TableTarget, once
from pulpo_codegen.targets.deploy.containers import compose, dockerfile, ignored
from pulpo_codegen.targets.deploy.environment import environment

__all__ = ["DEPLOY"]

DEPLOY: Final = TableTarget(
    "deploy",
    (
        Row(
            template="deploy/Dockerfile.jinja",
            reads=Reads(config=("project", "api", "flows"), project=("has_flows", "has_runs")),
            each=once,
            path="deploy/Dockerfile",
            context=dockerfile,
        ),
        # Docker reads the rules of a Dockerfile beside it before those of the whole folder.
        Row(
            template="deploy/Dockerfile.dockerignore.jinja",
            each=once,
            path="deploy/Dockerfile.dockerignore",
            context=ignored,
        ),
        Row(
            template="deploy/compose.yaml.jinja",
            reads=Reads(
                config=("project", "database", "api", "flows"), project=("has_flows", "has_runs")
            ),
            each=once,
            path="deploy/compose.yaml",
            context=compose,
        ),
        Row(
            template="deploy/.env.example.jinja",
            reads=Reads(config=("project", "database", "api", "flows")),
            each=once,
            path="deploy/.env.example",
            context=environment,
        ),
    ),
    needs=("core", "api"),
)
