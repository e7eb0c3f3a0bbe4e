"""Rules about what the code itself does: calls in functions, and defaults."""

from __future__ import annotations

from collections.abc import Iterator

from pulpo_analysis.diagnostics.catalogue import finding
from pulpo_analysis.diagnostics.diagnostic import Diagnostic, Edit, Fix
from pulpo_analysis.discovery.smells import Smell, SmellKind
from pulpo_analysis.validation.rule import Project
from pulpo_base.specs import SourceLocation

__all__ = [
    "aware_clocks",
    "aware_defaults",
    "fresh_defaults",
    "unblocked_loops",
    "unshared_defaults",
]

_UTC = (("datetime", "UTC"),)
_UTCNOW = "utcnow"


def unblocked_loops(project: Project) -> Iterator[Diagnostic]:
    """PLO033: an async function does not stop the event loop."""
    for smell in project.smelling(SmellKind.BLOCKING_CALL):
        yield finding(
            "PLO033",
            f"`{_spoken(smell)}` blocks the event loop: while {smell.scope!r} waits, nothing "
            "else runs",
            smell.start,
            hint=f"use `{smell.detail}`, or make it a plain `def`",
        )


def aware_clocks(project: Project) -> Iterator[Diagnostic]:
    """PLO034: a moment has a time zone."""
    defaults = _default_places(project)
    for smell in project.smelling(SmellKind.NAIVE_NOW):
        if not smell.detail and smell.start not in defaults:
            yield finding(
                "PLO034",
                f"`{_spoken(smell)}()` gives a datetime without a time zone",
                smell.start,
                hint="write `datetime.now(UTC)`",
                fix=_utc_now(smell),
            )


def aware_defaults(project: Project) -> Iterator[Diagnostic]:
    """PLM017: a default that is a moment has a time zone."""
    defaults = _default_places(project)
    for smell in project.smelling(SmellKind.NAIVE_NOW):
        if smell.detail or smell.start in defaults:
            yield finding(
                "PLM017",
                f"the default `{_spoken(smell)}` of {_field(project, smell)} has no time zone",
                smell.start,
                hint="write `default_factory=lambda: datetime.now(UTC)`",
                fix=_utc_now(smell),
            )


def fresh_defaults(project: Project) -> Iterator[Diagnostic]:
    """PLM018: a default that differs from object to object is made for each of them."""
    for smell in project.smelling(SmellKind.COMPUTED_DEFAULT):
        if smell.owner not in project.fields:
            continue
        yield finding(
            "PLM018",
            f"`{_spoken(smell)}()` is called once, when the class is made: every {smell.scope} "
            "gets the same value",
            smell.start,
            hint="write `Field(default_factory=…)` with a function",
        )


def unshared_defaults(project: Project) -> Iterator[Diagnostic]:
    """PLO035: a default is no list or mapping that all calls share.

    Fields of pydantic models are no such thing: pydantic copies their defaults.
    """
    plain = {
        (smell.start.path, smell.subject.rpartition(".")[2])
        for smell in project.smelling(SmellKind.PLAIN_CLASS)
    }
    classes = {(op.location.path, op.qualname) for op in project.app.operations if op.is_class}
    unshared = plain | classes
    for smell in project.smelling(SmellKind.SHARED_DEFAULT):
        if smell.detail == "parameter":
            yield finding(
                "PLO035",
                f"the default of `{smell.subject}` is made once: all calls of {smell.scope!r} "
                "share it",
                smell.start,
                hint=f"write `{smell.subject}=None`, and make it inside the function",
            )
        elif (smell.start.path, smell.scope) in unshared:
            yield finding(
                "PLO035",
                f"`{smell.subject}` is an attribute of the class: all objects of {smell.scope!r} "
                "share it",
                smell.start,
                hint="make it in `__init__`; where it is meant, say so with `ClassVar`",
            )


def _default_places(project: Project) -> set[SourceLocation]:
    return {smell.start for smell in project.smelling(SmellKind.COMPUTED_DEFAULT)}


def _field(project: Project, smell: Smell) -> str:
    path, _ = project.stored_fields.get(smell.owner or smell.start, ("", None))
    return path or f"a field of {smell.scope}"


def _spoken(smell: Smell) -> str:
    """Return a name as people write it: `open` and `datetime.now`, not where they are from."""
    return smell.subject.removeprefix("builtins.").removeprefix("datetime.")


def _utc_now(smell: Smell) -> Fix | None:
    """Return the fix of `utcnow`, which means the same moment; `now` may mean any zone."""
    if not smell.subject.endswith(f".{_UTCNOW}") or smell.start.line != smell.end.line:
        return None
    if smell.detail:
        # The name ends where the smell does.
        start = SourceLocation(smell.end.path, smell.end.line, smell.end.column - len(_UTCNOW))
        edits = (
            Edit(smell.start, smell.start, "lambda: "),
            Edit(start, smell.end, "now(UTC)"),
        )
        return Fix("ask for UTC", edits, _UTC)
    start = SourceLocation(smell.end.path, smell.end.line, smell.end.column - len(f"{_UTCNOW}()"))
    return Fix("ask for UTC", (Edit(start, smell.end, "now(UTC)"),), _UTC)
