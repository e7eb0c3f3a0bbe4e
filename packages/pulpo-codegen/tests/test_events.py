"""What a compile tells of itself: one start and one end a target, errors, and what was slow."""

from __future__ import annotations

import errno
import json
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import pytest

from pulpo_analysis.analysis import Analysis
from pulpo_analysis.diagnostics.diagnostic import Diagnostic, Severity
from pulpo_codegen import append_events, compile_project, events
from pulpo_codegen.targets.deploy import DEPLOY
from pulpo_codegen.targets.docs import DOCS
from pulpo_codegen.testing import only
from pulpo_selfaware.events import FrameworkEvent, FrameworkEventLevel
from pulpo_selfaware.sinks.jsonlines import JsonLinesSink


def lines(root: Path) -> list[FrameworkEvent]:
    text = (root / ".pulpo" / "events.jsonl").read_text("utf-8")
    return [FrameworkEvent.from_dict(json.loads(line)) for line in text.splitlines()]


def test_each_target_begins_and_ends(shop: Analysis) -> None:
    write = append_events(shop.root)
    compile_project(shop, extensions=only(DOCS, DEPLOY), events=write)
    compile_project(shop, extensions=only(DOCS), targets=["docs"], events=write)
    compile_project(shop, extensions=only(DOCS), dry_run=True, events=write)
    first, second = lines(shop.root)[:6], lines(shop.root)[6:]
    told = [(str(event.event_type), event.metadata.get("target")) for event in first]
    assert told == [
        ("CODEGEN_START", None),
        ("CODEGEN_START", "docs"),
        ("CODEGEN_START", "deploy"),
        ("CODEGEN_COMPLETE", "docs"),
        ("CODEGEN_COMPLETE", "deploy"),
        ("CODEGEN_COMPLETE", None),
    ]
    ends = {event.metadata.get("target"): event for event in first[3:]}
    assert ends["docs"].metadata["created"] == 7
    assert ends[None].metadata["files"] == 11
    whole, docs, deploy = (ends[name].duration_ms for name in (None, "docs", "deploy"))
    assert whole is not None
    assert docs is not None
    assert deploy is not None
    # Rounded, each of the three.
    assert docs + deploy <= whole + 2
    assert [event.metadata.get("written") for event in second] == [None, None, 0, 0]


def test_a_failure_is_an_error_event(shop: Analysis) -> None:
    found = Diagnostic("PLM001", Severity.ERROR, "title", "two Orders")
    write = append_events(shop.root)
    compile_project(replace(shop, diagnostics=(found,)), extensions=only(DOCS), events=write)
    start, error = lines(shop.root)
    assert str(start.event_type) == "CODEGEN_START"
    assert str(error.event_type) == "CODEGEN_ERROR"
    assert error.level is FrameworkEventLevel.ERROR
    assert error.error_details == {"codes": ["PLM001"]}
    assert "two Orders" in error.message


def test_a_slow_target_is_told(shop: Analysis, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(events, "SLOW_MS", -1)
    told: list[FrameworkEvent] = []
    compile_project(shop, extensions=only(DOCS), events=told.extend)
    (slow,) = [event for event in told if str(event.event_type) == "CODEGEN_SLOW"]
    assert slow.level is FrameworkEventLevel.WARN
    assert slow.metadata["target"] == "docs"


def test_a_full_disk_does_not_fail_the_compile(
    shop: Analysis, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(_self: JsonLinesSink, _events: Sequence[FrameworkEvent]) -> None:
        raise OSError(errno.ENOSPC, "full")

    monkeypatch.setattr(JsonLinesSink, "write", full)
    result = compile_project(shop, extensions=only(DOCS), events=append_events(shop.root))
    assert result.applied


def test_progress_counts_the_files(shop: Analysis) -> None:
    heard: list[tuple[int, int]] = []
    compile_project(shop, extensions=only(DOCS), progress=lambda *told: heard.append(told))
    assert heard == [(done, 7) for done in range(7)]
