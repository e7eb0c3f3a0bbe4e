"""Rules about what the configuration says of the code."""

from __future__ import annotations

from collections.abc import Iterator
from fnmatch import fnmatchcase

from pulpo_analysis.config.loading import LoadedConfig
from pulpo_analysis.diagnostics.catalogue import finding
from pulpo_analysis.diagnostics.diagnostic import Diagnostic
from pulpo_analysis.diagnostics.suggestions import did_you_mean
from pulpo_analysis.registries.app import AppSpec

__all__ = ["known_flows"]


def known_flows(read: tuple[AppSpec, LoadedConfig | None]) -> Iterator[Diagnostic]:
    """PLC004: `flows.include` and `flows.exclude` speak of operations that exist."""
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
