"""`events`: what compiles told of themselves."""

from __future__ import annotations

import json
from collections import deque
from collections.abc import Iterator
from pathlib import Path
from typing import Annotated, Any

import typer

from pulpo_cli.errors import UserError
from pulpo_cli.options import AsJson
from pulpo_cli.output import print_json, print_table, print_text
from pulpo_cli.project import project_of

__all__ = ["register"]

_PANEL = "Generate"


def register(app: typer.Typer) -> None:
    """Add the command to the application."""
    app.command(rich_help_panel=_PANEL)(events)


def events(
    context: typer.Context,
    count: Annotated[int, typer.Option("--lines", "-n", min=1, help="How many, the last.")] = 20,
    follow: Annotated[
        bool, typer.Option("--follow", "-f", help="Wait for more; with --json, one a line.")
    ] = False,
    as_json: AsJson = False,
) -> None:
    """Show what compiles did and how long each target took (.pulpo/events.jsonl)."""
    from pulpo_codegen.layout import EVENTS, STATE

    path = project_of(context).root / STATE / EVENTS
    if not path.exists():
        raise UserError("no compile has been recorded yet", "`pulpo compile` records one")
    lines = _read(path, follow=follow)
    last: deque[dict[str, Any]] = deque(maxlen=count)
    for event in lines:
        if event is None:
            break
        last.append(event)
    if follow:
        for event in last:
            _print_line(event, as_json=as_json)
        for event in lines:
            if event is not None:
                _print_line(event, as_json=as_json)
    elif as_json:
        print_json(list(last))
    else:
        columns = ("time", "event", "ms", "what")
        print_table("Events", columns, [_row(event) for event in last], "no events")


def _read(path: Path, *, follow: bool) -> Iterator[dict[str, Any] | None]:
    """Yield the events there are, then `None`; with `follow` those to come."""
    from pulpo_selfaware.tail import event_lines

    for line in event_lines(path, follow=follow):
        if line is None:
            yield None
            continue
        try:
            event = json.loads(line)
        except ValueError:
            continue  # a line that somebody else left there
        if isinstance(event, dict):
            yield event


def _row(event: dict[str, Any]) -> tuple[str, str, str, str]:
    took = event.get("duration_ms")
    return (
        str(event.get("timestamp", ""))[:19].replace("T", " "),
        str(event.get("event_type", "")),
        "" if took is None else str(took),
        str(event.get("message", "")),
    )


def _print_line(event: dict[str, Any], *, as_json: bool) -> None:
    import sys

    if as_json:
        print_text(json.dumps(event, ensure_ascii=False))
    else:
        moment, kind, took, what = _row(event)
        print_text(f"{moment}  {kind:<16}  {took:>6}  {what}")
    sys.stdout.flush()
