from __future__ import annotations

import subprocess
import sys
import threading
import time
from datetime import UTC, datetime
from typing import TYPE_CHECKING

import pytest

from pulpo_selfaware import FrameworkEvent, FrameworkEventLevel, JsonLinesSink, tail
from pulpo_selfaware.tail import main

if TYPE_CHECKING:
    from pathlib import Path


def event(level: FrameworkEventLevel, text: str) -> FrameworkEvent:
    when = datetime(2026, 1, 2, 3, 4, 5, 678000, tzinfo=UTC)
    metadata = {"route": "/x", "request_id": "r1"}
    return FrameworkEvent(level, "TEST", "api", text, when, 12, metadata=metadata)


@pytest.fixture
def file(tmp_path: Path) -> Path:
    path = tmp_path / "events.jsonl"
    sink = JsonLinesSink(path)
    for number, level in enumerate(FrameworkEventLevel):
        sink.write([event(level, f"number {number}")])
    sink.close()
    return path


def test_lines_to_read(file: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["tail", str(file), "-n", "1"]) == 0
    expected = "2026-01-02 03:04:05.678Z CRITICAL TEST api: number 4 (12 ms) request_id=r1\n"
    assert capsys.readouterr().out == expected


def test_the_last_of_a_level(file: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["tail", str(file), "-n", "2", "--level", "info"]) == 0
    out = capsys.readouterr().out
    assert ["number 3" in out, "number 4" in out, "number 2" in out] == [True, True, False]
    assert main(["tail", str(file), "--level", "error", "--json"]) == 0
    assert capsys.readouterr().out.splitlines() == file.read_text().splitlines()[3:]


def test_damaged_and_hostile_lines_are_shown_harmlessly(
    file: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    with file.open("ab") as stream:
        stream.write(b'not json \x1b[2J\n{"level": 3}\n\xff\xfe\n\n{"cut off')
    JsonLinesSink(file).write([])
    assert main(["tail", str(file)]) == 0
    out = capsys.readouterr().out
    assert "\x1b" not in out
    assert "? not json \\x1b[2J\n" in out
    assert out.count("\n?") == 3


@pytest.mark.parametrize(
    ("arguments", "code", "complaint"),
    [
        (["tail", "nowhere.jsonl"], 1, "cannot read nowhere.jsonl: No such file"),
        (["tail", "x", "--level", "loud"], 2, "unknown event level"),
        (["tail", "x", "-n", "-1"], 2, "must not be negative"),
        ([], 2, "usage: python -m pulpo_selfaware"),
    ],
)
def test_misuse(
    arguments: list[str], code: int, complaint: str, capsys: pytest.CaptureFixture[str]
) -> None:
    try:
        result = main(arguments)
    except SystemExit as exit_:
        result = int(str(exit_.code))
    assert result == code
    assert complaint in capsys.readouterr().err


def test_following_goes_on_after_a_rotation(file: Path) -> None:
    command = [sys.executable, "-m", "pulpo_selfaware", "tail", str(file), "-f", "-n", "1"]
    process = subprocess.Popen(command, stdout=subprocess.PIPE, text=True)
    lines: list[str] = []
    assert process.stdout is not None
    output = process.stdout
    reader = threading.Thread(target=lambda: lines.extend(output), daemon=True)
    reader.start()

    def wait_for(text: str) -> None:
        deadline = time.monotonic() + 60
        while not any(text in line for line in lines):
            assert time.monotonic() < deadline, f"{text!r} did not come; got {lines}"
            time.sleep(0.02)

    try:
        wait_for("number 4")
        sink = JsonLinesSink(file, max_bytes=file.stat().st_size + 300)
        sink.write([event(FrameworkEventLevel.INFO, "in the same file")])
        wait_for("in the same file")
        sink.write([event(FrameworkEventLevel.INFO, "in the next file" + "!" * 200)])
        assert file.with_name("events.jsonl.1").exists()
        wait_for("in the next file")
        sink.close()
    finally:
        process.terminate()
        process.wait(10)
        reader.join(5)
        output.close()


def test_what_was_written_just_before_a_rotation_is_followed(
    file: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(tail, "_POLL_SECONDS", 0)
    lines = tail.event_lines(file, follow=True)
    assert len(list(iter(lambda: next(lines), None))) == 5
    sink = JsonLinesSink(file, max_bytes=file.stat().st_size + 300)
    for text in ("last of the old", "first of the new" + "!" * 200):
        sink.write([event(FrameworkEventLevel.INFO, text)])
    sink.close()
    assert "first of the new" in file.read_text()
    assert "last of the old" in (next(lines) or "")
    assert "first of the new" in (next(lines) or "")


def test_a_reader_that_has_seen_enough_is_no_failure(tmp_path: Path) -> None:
    path = tmp_path / "events.jsonl"
    sink = JsonLinesSink(path)
    sink.write([event(FrameworkEventLevel.WARN, "x" * 200) for _ in range(2000)])
    sink.close()
    command = [sys.executable, "-m", "pulpo_selfaware", "tail", str(path), "-n", "2000"]
    process = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
    assert process.stdout is not None
    assert process.stderr is not None
    with process:
        assert process.stdout.readline().endswith("request_id=r1\n")
        process.stdout.close()
        assert process.stderr.read() == ""
    assert process.returncode == 0
