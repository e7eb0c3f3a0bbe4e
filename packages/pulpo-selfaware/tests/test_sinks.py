from __future__ import annotations

import asyncio
import json
import logging
import os
import subprocess
import sys
import threading
import time
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pulpo_selfaware import (
    CallableSink,
    EventTracker,
    FrameworkEvent,
    FrameworkEventLevel,
    JsonLinesSink,
    LoggingSink,
    MemorySink,
)

if TYPE_CHECKING:
    from collections.abc import Sequence

INFO, WARN = FrameworkEventLevel.INFO, FrameworkEventLevel.WARN


def event(text: str = "x", **fields: Any) -> FrameworkEvent:
    return FrameworkEvent(INFO, "TEST", "module", text, **fields)


def read(path: Path) -> list[str]:
    return [json.loads(line)["message"] for line in path.read_text("utf-8").splitlines()]


def test_a_sink_gets_all_events_in_order(tracker: EventTracker) -> None:
    sink = MemorySink(10_000)
    worker = tracker.add_sink(sink)
    for number in range(5000):
        tracker.record(event(str(number)))
    assert worker.flush()
    assert [one.message for one in sink.events] == [str(number) for number in range(5000)]
    assert worker.status()["written"] == 5000
    assert worker.close()
    assert sink.closed
    tracker.record(event("late"))
    assert len(sink.events) == 5000


def test_events_arrive_without_a_flush(tracker: EventTracker) -> None:
    sink = MemorySink()
    tracker.add_sink(sink, flush_seconds=0.01)
    for expected in (1, 2, 3):
        tracker.record(event())
        deadline = time.monotonic() + 60
        while len(sink.events) < expected:
            assert time.monotonic() < deadline, "the event did not arrive"
            time.sleep(0.005)


async def test_several_sinks_and_their_status(tracker: EventTracker) -> None:
    first, second = MemorySink(), MemorySink()
    tracker.add_sink(first)
    worker = tracker.add_sink(second)
    tracker.record(event())
    worker.close()
    tracker.record(event())
    tracker.close()
    assert (len(first.events), len(second.events)) == (2, 1)
    assert (await tracker.get_stats())["sinks"] == []


def test_what_is_no_sink_is_refused(tracker: EventTracker) -> None:
    with pytest.raises(TypeError, match="CallableSink"):
        tracker.add_sink(print)  # type: ignore[arg-type]
    with pytest.raises(ValueError, match="max_queue"):
        tracker.add_sink(MemorySink(), max_queue=0)


# ---- JSON lines


def test_json_lines(tracker: EventTracker, tmp_path: Path) -> None:
    path = tmp_path / "deep" / "events.jsonl"
    tracker.add_sink(JsonLinesSink(path))
    made = event("ü\n\u2028", duration_ms=3, metadata={"when": 1, "odd": {1, 2}, "half": "\ud800"})
    tracker.record(made)
    tracker.close()
    (line,) = path.read_bytes().splitlines()
    data = json.loads(line)
    assert data["message"] == made.message
    assert data["metadata"]["odd"] == "{1, 2}"
    assert FrameworkEvent.from_dict(data).timestamp == made.timestamp


def test_files_are_rotated(tmp_path: Path) -> None:
    path = tmp_path / "e.jsonl"
    sink = JsonLinesSink(path, max_bytes=1000, backups=2)
    for start in range(0, 60, 7):
        sink.write([event(f"{number:03}") for number in range(start, min(60, start + 7))])
    sink.close()
    names = sorted(one.name for one in tmp_path.iterdir())
    assert names == ["e.jsonl", "e.jsonl.1", "e.jsonl.2"]
    assert all(one.stat().st_size <= 1000 for one in tmp_path.iterdir())
    kept = [text for name in reversed(names) for text in read(tmp_path / name)]
    assert kept == [f"{number:03}" for number in range(60 - len(kept), 60)]
    assert len(kept) > 10


@settings(max_examples=30, deadline=None)
@given(
    st.lists(st.lists(st.integers(0, 400), max_size=8), max_size=8),
    st.integers(1, 2000),
    st.integers(1, 50),
)
def test_rotation_loses_and_splits_nothing(
    tmp_path_factory: pytest.TempPathFactory, batches: list[list[int]], size: int, backups: int
) -> None:
    path = tmp_path_factory.mktemp("rotation") / "e.jsonl"
    sink = JsonLinesSink(path, max_bytes=size, backups=100)
    texts: list[str] = []
    for batch in batches:
        made = [f"{len(texts) + index}{'x' * length}" for index, length in enumerate(batch)]
        texts += made
        sink.write([event(text) for text in made])
    sink.close()
    files = sorted(
        path.parent.iterdir(), key=lambda one: -int(one.suffix[1:].replace("jsonl", "0"))
    )
    assert [text for one in files for text in read(one)] == texts


def test_writing_goes_on_in_an_existing_file(tmp_path: Path) -> None:
    path = tmp_path / "e.jsonl"
    for text in ("one", "two"):
        sink = JsonLinesSink(path)
        sink.write([event(text)])
        sink.close()
    assert read(path) == ["one", "two"]


def test_no_backups_means_one_file(tmp_path: Path) -> None:
    path = tmp_path / "e.jsonl"
    sink = JsonLinesSink(path, max_bytes=500, backups=0)
    for number in range(20):
        sink.write([event(str(number))])
    sink.close()
    assert [one.name for one in tmp_path.iterdir()] == ["e.jsonl"]
    assert read(path)[-1] == "19"


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="needs /dev/full")
async def test_a_full_disk_costs_events_and_nothing_else(
    tracker: EventTracker, caplog: pytest.LogCaptureFixture
) -> None:
    worker = tracker.add_sink(JsonLinesSink("/dev/full"), flush_seconds=0.01)
    for _ in range(3):
        tracker.record(event())
        assert worker.flush()
    status = (await tracker.get_stats())["sinks"][0]
    assert (status["written"], status["dropped"], status["failures"]) == (0, 3, 3)
    assert "No space left" in status["last_failure"]
    assert caplog.text.count("JsonLinesSink failed") == 1


# ---- logging


def test_logging(tracker: EventTracker, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.INFO, logger="pulpo_selfaware.events")
    tracker.add_sink(LoggingSink())
    tracker.record(FrameworkEvent(WARN, "SLOW", "api", "100 % slow", duration_ms=3))
    tracker.record(FrameworkEvent(FrameworkEventLevel.DEBUG, "X", "api", "quiet"))
    tracker.close()
    (record,) = caplog.records
    assert record.name == "pulpo_selfaware.events.api"
    assert record.levelno == logging.WARNING
    assert record.getMessage() == "SLOW: 100 % slow (3 ms)"
    assert record.__dict__["selfaware_event"]["duration_ms"] == 3
    assert "event" not in record.__dict__, "structured formatters call the message so"


# ---- a user's callable


def test_a_plain_function(tracker: EventTracker) -> None:
    got: list[str] = []
    tracker.add_sink(CallableSink(lambda events: got.extend(one.message for one in events)))
    tracker.record(event("a"))
    tracker.close()
    assert got == ["a"]


def test_an_asynchronous_function_has_one_loop(tracker: EventTracker) -> None:
    loops: set[int] = set()
    got: list[str] = []

    async def take(events: Sequence[FrameworkEvent]) -> None:
        await asyncio.sleep(0)
        loops.add(id(asyncio.get_running_loop()))
        got.extend(one.message for one in events)

    worker = tracker.add_sink(CallableSink(take), flush_seconds=0.01)
    for text in "abc":
        tracker.record(event(text))
        assert worker.flush()
    tracker.close()
    assert got == ["a", "b", "c"]
    assert len(loops) == 1


async def test_a_function_in_the_applications_loop(tracker: EventTracker) -> None:
    threads: set[int] = set()

    async def take(events: Sequence[FrameworkEvent]) -> None:
        threads.add(threading.get_ident())

    sink = CallableSink(take, loop=asyncio.get_running_loop())
    worker = tracker.add_sink(sink, flush_seconds=0.01)
    tracker.record(event())
    assert await asyncio.to_thread(worker.flush)
    assert threads == {threading.get_ident()}


@pytest.mark.parametrize("in_loop", [True, False])
async def test_a_function_that_takes_too_long_is_cancelled(
    tracker: EventTracker, *, in_loop: bool
) -> None:
    async def take(events: Sequence[FrameworkEvent]) -> None:
        await asyncio.sleep(60)

    loop = asyncio.get_running_loop() if in_loop else None
    sink = CallableSink(take, loop=loop, timeout=0.05)
    worker = tracker.add_sink(sink, flush_seconds=0.01)
    tracker.record(event())
    assert await asyncio.to_thread(worker.flush)
    assert worker.status()["failures"] == 1


# ---- what sinks do wrong


class Raising:
    def __init__(self) -> None:
        self.broken = True
        self.got = 0

    def write(self, events: Sequence[FrameworkEvent]) -> None:
        if self.broken:
            raise OSError("down")
        self.got += len(events)

    def close(self) -> None:
        raise OSError("still down")


class Hanging:
    def __init__(self) -> None:
        self.release = threading.Event()

    def write(self, events: Sequence[FrameworkEvent]) -> None:
        self.release.wait(30)

    def close(self) -> None:
        """Nothing is held."""


def test_a_raising_sink_is_reported_once_and_may_recover(
    tracker: EventTracker, caplog: pytest.LogCaptureFixture
) -> None:
    sink = Raising()
    worker = tracker.add_sink(sink, flush_seconds=0.01)
    for _ in range(5):
        tracker.record(event())
        assert worker.flush()
    assert caplog.text.count("Raising failed (OSError: down)") == 1
    assert worker.status()["failures"] == 5
    sink.broken = False
    tracker.record(event())
    worker.close()
    status = worker.status()
    assert (sink.got, status["written"], status["dropped"]) == (1, 1, 5)


def test_a_hanging_sink_fills_its_queue_and_then_drops(tracker: EventTracker) -> None:
    sink = Hanging()
    worker = tracker.add_sink(sink, max_queue=100, flush_seconds=0.01)
    tracker.record(event())
    time.sleep(0.3)  # the sink hangs with the first event
    started = time.perf_counter()
    for _ in range(1000):
        tracker.record(event())
    assert time.perf_counter() - started < 10, "recording waited for the sink"
    status = worker.status()
    assert (status["queued"], status["dropped"]) == (100, 900)
    started = time.perf_counter()
    assert worker.close(timeout=0.1) is False
    assert time.perf_counter() - started < 10, "closing waited for the sink"
    sink.release.set()


def test_drops_are_exact_between_threads(tracker: EventTracker) -> None:
    sink = Hanging()
    worker = tracker.add_sink(sink, max_queue=10, flush_seconds=0.01)
    tracker.record(event())
    time.sleep(0.3)

    def capture() -> None:
        for _ in range(5000):
            tracker.record(event())

    threads = [threading.Thread(target=capture) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    status = worker.status()
    assert status["queued"] + status["dropped"] == 20_000
    worker.close(timeout=0)
    sink.release.set()


def run(code: str, *arguments: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-c", code, *arguments]
    return subprocess.run(command, capture_output=True, text=True, timeout=30, check=False)


def test_events_of_the_last_moment_are_written_at_exit(tmp_path: Path) -> None:
    code = (
        "import sys, pulpo_selfaware as p\n"
        "p.get_tracker().add_sink(p.JsonLinesSink(sys.argv[1]), flush_seconds=60)\n"
        "p.record_event(p.FrameworkEventLevel.INFO, 'BYE', 'm', 'last words')\n"
    )
    done = run(code, str(tmp_path / "e.jsonl"))
    assert (done.returncode, done.stderr) == (0, "")
    assert read(tmp_path / "e.jsonl") == ["last words"]


@pytest.mark.skipif(not hasattr(os, "fork"), reason="needs fork")
def test_a_forked_child_writes_its_own_events_once(tmp_path: Path) -> None:
    code = (
        "import os, sys, time, pulpo_selfaware as p\n"
        "w = p.get_tracker().add_sink(p.JsonLinesSink(sys.argv[1]), flush_seconds=0.05)\n"
        "p.record_event(20, 'A', 'm', 'parent')\n"
        "child = os.fork()\n"
        "if child == 0:\n"
        "    p.record_event(20, 'A', 'm', 'child')\n"
        "    w.flush()\n"
        "    os._exit(0)\n"
        "os.waitpid(child, 0)\n"
    )
    done = run(code, str(tmp_path / "e.jsonl"))
    assert (done.returncode, done.stderr) == (0, "")
    assert sorted(read(tmp_path / "e.jsonl")) == ["child", "parent"]


def test_a_hanging_sink_does_not_keep_the_program() -> None:
    code = (
        "import time, pulpo_selfaware as p\n"
        "p.get_tracker().add_sink(p.CallableSink(lambda events: time.sleep(60)))\n"
        "p.record_event(20, 'A', 'm', 'x')\n"
    )
    started = time.perf_counter()
    assert run(code).returncode == 0
    assert time.perf_counter() - started < 10
