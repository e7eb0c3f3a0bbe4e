from __future__ import annotations

import threading
import time

import pytest

from pulpo_selfaware import request_statistics
from pulpo_selfaware.request_statistics import OTHER_ROUTES, RequestStatistics


def count(statistics: RequestStatistics, route: str, status: int, seconds: float) -> None:
    shard = statistics.shard()
    counters = statistics.counters(shard, "GET", route)
    shard.note(counters, status, seconds, time.perf_counter(), 0)


def test_counts_are_exact_over_threads() -> None:
    statistics = RequestStatistics()
    together = threading.Barrier(8)

    def work() -> None:
        together.wait()
        for number in range(5000):
            count(statistics, f"/{number % 3}", 500 if number % 10 == 0 else 200, 0.001)

    threads = [threading.Thread(target=work) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    snapshot = statistics.snapshot()
    assert snapshot["total"]["count"] == 40_000
    assert snapshot["total"]["server_errors"] == 4000
    assert sum(row["count"] for row in snapshot["routes"]) == 40_000
    assert sum(slot["count"] for slot in snapshot["history"]) == 40_000


def test_the_cap_holds_over_threads() -> None:
    statistics = RequestStatistics(max_routes=50)
    together = threading.Barrier(8)

    def work(start: int) -> None:
        together.wait()
        for number in range(200):
            count(statistics, f"/{start}/{number}", 200, 0.001)

    threads = [threading.Thread(target=work, args=(start,)) for start in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    rows = statistics.snapshot()["routes"]
    assert len(rows) <= 51
    assert {row["route"]: row["count"] for row in rows}[OTHER_ROUTES] >= 1600 - 50
    assert statistics.snapshot()["total"]["count"] == 1600


def test_quantiles() -> None:
    statistics = RequestStatistics()
    for milliseconds in range(1, 101):
        count(statistics, "/", 200, milliseconds / 1000)
    (row,) = statistics.snapshot()["routes"]
    assert row["p50_ms"] == pytest.approx(50, rel=1 / 32)
    assert row["p95_ms"] == pytest.approx(95, rel=1 / 32)
    assert row["p99_ms"] == pytest.approx(99, rel=1 / 32)
    assert row["max_ms"] == 100
    assert row["mean_ms"] == pytest.approx(50.5)


def test_the_history_is_bounded_and_leaves_out_empty_times(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    statistics = RequestStatistics()
    now = 1_000_000.0
    monkeypatch.setattr(request_statistics, "time", lambda: now)
    monkeypatch.setattr(request_statistics, "perf_counter", lambda: now)
    monkeypatch.setattr(time, "perf_counter", lambda: now)
    count(statistics, "/", 200, 0.1)
    now += 3600
    for _ in range(200):
        now += 5
        count(statistics, "/", 404, 0.1)
    history = statistics.history()
    assert len(history) == 120
    times = [slot["time"] for slot in history]
    assert times == list(range(times[0], times[0] + 600, 5))
    assert {(slot["count"], slot["client_errors"]) for slot in history} == {(1, 1)}


def test_reading_while_counting() -> None:
    statistics = RequestStatistics()
    stop = threading.Event()

    def work() -> None:
        number = 0
        while not stop.is_set():
            number += 1
            count(statistics, f"/{number % 300}", 200, number % 100 / 1000)

    thread = threading.Thread(target=work)
    thread.start()
    deadline = time.monotonic() + 1
    counts = []
    while time.monotonic() < deadline:
        counts.append(statistics.snapshot()["total"]["count"])
    stop.set()
    thread.join()
    assert counts == sorted(counts)
    assert counts[-1] > 0


def test_a_cap_of_nothing_is_refused() -> None:
    with pytest.raises(ValueError, match="max_routes"):
        RequestStatistics(max_routes=0)


def test_a_request_does_not_wait_for_a_reader(monkeypatch: pytest.MonkeyPatch) -> None:
    statistics = RequestStatistics()
    count(statistics, "/", 200, 0.001)
    reading, read_on = threading.Event(), threading.Event()

    def slowly(_seconds: float) -> int:
        reading.set()
        assert read_on.wait(10)
        return 7

    monkeypatch.setattr(request_statistics, "bucket_of", slowly)
    reader = threading.Thread(target=statistics.snapshot)
    reader.start()
    assert reading.wait(10)
    for _ in range(1000):  # were one to wait, the reader would never be let on
        count(statistics, "/", 404, 0.001)
    read_on.set()
    reader.join()
    total = statistics.snapshot()["total"]
    assert (total["count"], total["client_errors"]) == (1001, 1000)
