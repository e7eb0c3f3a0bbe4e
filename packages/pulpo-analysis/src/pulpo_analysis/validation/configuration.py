"""Rules about what the configuration says of the code."""

from __future__ import annotations

from collections.abc import Iterator
from fnmatch import fnmatchcase

from pulpo_analysis.config.loading import LoadedConfig
from pulpo_analysis.diagnostics.catalogue import finding
from pulpo_analysis.diagnostics.diagnostic import Diagnostic
from pulpo_analysis.diagnostics.suggestions import did_you_mean
from pulpo_analysis.registries.app import AppSpec
from pulpo_analysis.validation.cron import cron_problem

__all__ = ["known_flows"]


def known_flows(read: tuple[AppSpec, LoadedConfig | None]) -> Iterator[Diagnostic]:
    """PLC003, PLC004, PLO036: `flows` speaks of what exists, and can be kept to."""
    app, loaded = read
    if loaded is None:
        return
    namespaces = {operation.namespace for operation in app.operations} - {""}
    for index, name in enumerate(loaded.config.flows.include):
        if name not in namespaces:
            yield finding(
                "PLC004",
                f"`flows.include` names {name!r}, which is no namespace of operations",
                loaded.place("flows", "include", str(index)),
                hint=did_you_mean(name, namespaces),
            )
    for name, schedule in loaded.config.flows.schedules.items():
        place = loaded.place("flows", "schedules", name)
        if name not in namespaces:
            yield finding(
                "PLC004",
                f"`flows.schedules` names {name!r}, which is no namespace of operations",
                place,
                hint=did_you_mean(name, namespaces),
            )
        if problem := cron_problem(schedule):
            yield finding(
                "PLO036",
                f"the schedule {schedule!r} of the flow {name!r} is no cron expression: {problem}",
                place,
                hint="write minute, hour, day, month and weekday: `0 6 * * mon-fri`",
            )
    yield from _known_tags(app, loaded)
    names = [operation.name for operation in app.operations]
    for index, pattern in enumerate(loaded.config.flows.exclude):
        if not any(fnmatchcase(name, pattern) for name in names):
            yield finding(
                "PLC004",
                f"`flows.exclude` has {pattern!r}, which matches no operation",
                loaded.place("flows", "exclude", str(index)),
                hint=f"write `{pattern}.*` for all of a flow"
                if pattern in namespaces
                else did_you_mean(pattern, names),
            )


def _known_tags(app: AppSpec, loaded: LoadedConfig) -> Iterator[Diagnostic]:
    # A step also has its namespaces as tags.
    tags = {tag for operation in app.operations for tag in operation.tags}
    for operation in app.operations:
        parts = operation.name.split(".")
        tags |= {".".join(parts[:size]) for size in range(1, len(parts))}
    for tag, limit in loaded.config.flows.tag_limits.items():
        place = loaded.place("flows", "tag_limits", tag)
        if tag not in tags:
            yield finding(
                "PLC004",
                f"`flows.tag_limits` names {tag!r}, which no operation has as a tag",
                place,
                hint=did_you_mean(tag, tags),
            )
        if limit < 1:
            yield finding(
                "PLC003",
                f"`flows.tag_limits.{tag}` is {limit}: no step with this tag could run",
                place,
                hint="write 1 or more, or leave the limit out",
            )
