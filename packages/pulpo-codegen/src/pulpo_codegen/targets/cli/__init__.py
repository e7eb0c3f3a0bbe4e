"""The `cli` target: the project's own command line, which `./main` starts."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from pulpo_analysis.analysis import Analysis
from pulpo_codegen.plan import Reads, Row, TableTarget, once

__all__ = ["CLI"]


@dataclass(frozen=True, slots=True)
class CliContext:
    """The context of `run_cache/cli.py`."""

    name: str


def _context(analysis: Analysis, _item: object) -> CliContext:
    return CliContext(analysis.config.project.name)


CLI: Final = TableTarget(
    "cli",
    (
        Row(
            template="cli/cli.py.jinja",
            reads=Reads(config=("project",)),
            each=once,
            path="cli.py",
            context=_context,
        ),
    ),
    needs=("core",),
)
