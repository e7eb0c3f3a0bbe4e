"""The page about what operations refuse."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass

from pulpo_analysis.analysis import Analysis
from pulpo_base.specs import RaiseSpec
from pulpo_codegen.render.source import Source
from pulpo_codegen.targets.docs.types import operation_link

__all__ = ["ErrorsPage", "errors_page"]


@dataclass(frozen=True, slots=True)
class ErrorView:
    """An exception: its class, what clients see, and the operations that raise it."""

    name: str
    status: str
    code: str
    operations: Source


@dataclass(frozen=True, slots=True)
class ErrorsPage:
    """The context of `docs/errors.md`."""

    errors: tuple[ErrorView, ...]


def errors_page(analysis: Analysis, _item: object) -> ErrorsPage:
    """Return the context of the page, exceptions sorted by class."""
    raised: dict[tuple[str, str, str], set[str]] = defaultdict(set)
    for operation in analysis.app.operations:
        for one in operation.raises:
            raised[_seen(one)].add(operation.name)
    return ErrorsPage(
        tuple(
            ErrorView(name, status, code, Source(", ".join(map(operation_link, sorted(names)))))
            for (name, status, code), names in sorted(raised.items())
        )
    )


def _seen(raised: RaiseSpec) -> tuple[str, str, str]:
    return raised.short, str(raised.status or ""), raised.code or ""
