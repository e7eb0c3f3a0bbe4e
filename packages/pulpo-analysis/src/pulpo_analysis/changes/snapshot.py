"""`Snapshot`: the facts of a project at one time, and their text for `.pulpo/graph.json`.

The text is made to be read in a git diff: sorted, a fact a line, no line numbers (they move with
every edit), no descriptions, nothing of the machine or the day.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from typing import Any, Final

from pulpo_analysis.analysis import Analysis
from pulpo_analysis.config.places import SNAPSHOT_FILE
from pulpo_analysis.graphs.graph import GraphEdge
from pulpo_analysis.registries.app import AppSpec
from pulpo_base.flows.plan import FlowPlan
from pulpo_base.serialisation import from_plain, to_plain

__all__ = ["SNAPSHOT_FILE", "Snapshot", "SnapshotError", "read_snapshot", "snapshot_of"]

_VERSION: Final = 1
#: What is said of things and moves without meaning anything to who uses them.
_LEFT_OUT: Final = frozenset({"description", "locations", "column", "line", "ui", "ui_order"})
#: The lists whose items have a line each.
_BY_LINE: Final = frozenset(
    {
        *("models", "schemas", "enums", "operations", "flows", "edges"),
        *("fields", "relations", "indexes", "members", "steps", "parameters", "results"),
    }
)


class SnapshotError(ValueError):
    """A text that is no snapshot, or one of another version of the format."""


@dataclass(frozen=True, slots=True)
class Snapshot:
    """The facts of a project; one that was read from text knows the files, but no lines."""

    app: AppSpec
    flows: tuple[FlowPlan, ...] = ()
    edges: tuple[GraphEdge, ...] = field(default=(), compare=False)

    def text(self) -> str:
        """Return the JSON text; equal facts give equal text, whatever order they came in."""
        app = to_plain(self.app, defaults=False)
        plain = {
            "version": _VERSION,
            **{
                key: sorted(app.get(key, ()), key=lambda spec: (spec["name"], spec["module"]))
                for key in ("models", "schemas", "enums", "operations")
            },
            "flows": [to_plain(flow, defaults=False) for flow in self.flows],
            "edges": [to_plain(replace(e, location=None), defaults=False) for e in self.edges],
        }
        return "\n".join(_lines(_bare(plain), "")) + "\n"


def snapshot_of(analysis: Analysis) -> Snapshot:
    """Return the facts of an analysed project, without its name: that may be the folder's."""
    return Snapshot(replace(analysis.app, name=""), analysis.flows, analysis.graph.edges)


def read_snapshot(text: str | bytes) -> Snapshot:
    """Return the snapshot that `Snapshot.text` wrote. Raises `SnapshotError` for any other text."""
    try:
        plain = json.loads(text)
        version = plain["version"]
        if version == _VERSION:
            return _read(plain)
    except (KeyError, TypeError, RecursionError) as error:
        raise SnapshotError("it is no snapshot of a project") from error
    except ValueError as error:
        raise SnapshotError(str(error).partition("\n")[0]) from error
    raise SnapshotError(f"it has the format {version!r}; this Pulpo reads {_VERSION}")


def _read(plain: dict[str, Any]) -> Snapshot:
    kinds = ("models", "schemas", "enums", "operations")
    return Snapshot(
        from_plain(AppSpec, {"name": "", **{key: plain[key] for key in kinds}}),
        from_plain(tuple[FlowPlan, ...], plain["flows"]),
        from_plain(tuple[GraphEdge, ...], plain["edges"]),
    )


def _bare(value: Any) -> Any:
    """Return plain values without what moves or says nothing; a field's place is its owner's."""
    if isinstance(value, list):
        return [_bare(item) for item in value]
    if not isinstance(value, dict):
        return value
    owner = "module" in value
    return {
        key: _bare(item)
        for key, item in value.items()
        if key not in _LEFT_OUT and (key != "location" or owner)
    }


def _lines(value: Any, indent: str, before: str = "", after: str = "") -> Iterator[str]:
    """Yield JSON in lines: objects that hold a list of facts are spread, all else is one line."""
    if not isinstance(value, dict) or not _BY_LINE & set(value):
        yield f"{indent}{before}{_compact(value)}{after}"
        return
    yield f"{indent}{before}{{"
    inner = indent + "  "
    last = len(value) - 1
    for index, (key, item) in enumerate(value.items()):
        comma = "," if index < last else ""
        if key in _BY_LINE and item:
            yield f"{inner}{_compact(key)}: ["
            for number, one in enumerate(item, 1):
                yield from _lines(one, inner + "  ", after="," if number < len(item) else "")
            yield f"{inner}]{comma}"
        else:
            yield f"{inner}{_compact(key)}: {_compact(item)}{comma}"
    yield f"{indent}}}{after}"


def _compact(value: Any) -> str:
    # What is no character of its own (a lone surrogate) can be written as an escape only.
    return json.dumps(value, ensure_ascii=True)
