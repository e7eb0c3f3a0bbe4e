"""Identities, logs, ports and records, without a service."""

from __future__ import annotations

import os
import shutil
import signal
import socket
import subprocess
import sys
import time
from dataclasses import replace
from itertools import islice
from pathlib import Path

import pytest

from pulpo_base.interrupts import deferred_interrupts
from pulpo_base.project.database import masked
from pulpo_base.project.definition import Project
from pulpo_base.project.errors import ProjectError
from pulpo_base.project.ports import choose_port, is_free
from pulpo_base.project.probing import http_url
from pulpo_base.project.service import SUPERVISOR
from pulpo_base.project.state import ServiceRecord, ServiceState
from pulpo_base.project.supervisor.identity import ProcessIdentity, identity_of, this_process
from pulpo_base.project.supervisor.keeper import BackOff, keep
from pulpo_base.project.supervisor.listening import listens
from pulpo_base.project.supervisor.logs import follow, last_lines, rotate, rotate_open
from pulpo_base.project.supervisor.processes import exit_status, spawn, stop


def _record(name: str, process: ProcessIdentity) -> ServiceRecord:
    return ServiceRecord(
        name, process, "127.0.0.1", 1, "http://x", "x.log", {"a": "b"}, False, (process,)
    )


def _spawn(tmp_path: Path, code: str) -> ProcessIdentity:
    return spawn(
        [sys.executable, "-c", code],
        directory=tmp_path,
        environment=os.environ,
        log=tmp_path / "log",
    )


def test_identity_is_more_than_the_number() -> None:
    me = this_process()
    assert me.pid == os.getpid()
    assert me.is_alive
    assert not ProcessIdentity(me.pid, "another time").is_alive


def test_a_process_that_nobody_reaped_is_not_alive() -> None:
    with subprocess.Popen([sys.executable, "-c", "input()"], stdin=subprocess.PIPE) as child:
        found = identity_of(child.pid)
        assert found is not None
        assert identity_of(child.pid) == found
        child.kill()
        deadline = time.monotonic() + 60
        while found.is_alive and time.monotonic() < deadline:
            time.sleep(0.01)
        assert identity_of(child.pid) is None
        assert Path(f"/proc/{child.pid}").exists()


@pytest.mark.skipif(shutil.which("ps") is None, reason="systems without /proc have ps; not here")
def test_identity_without_proc(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("pulpo_base.project.supervisor.identity.sys.platform", "darwin")
    me = this_process()
    assert me.is_alive
    assert identity_of(2**22 + 1) is None


def test_stop_ends_children_too_and_kills_the_stubborn(tmp_path: Path) -> None:
    code = (
        "import signal, subprocess, sys, time\n"
        "signal.signal(signal.SIGTERM, signal.SIG_IGN)\n"
        "child = subprocess.Popen([sys.executable, '-c', 'import time; time.sleep(600)'])\n"
        "print(child.pid, flush=True)\n"
        "time.sleep(600)\n"
    )
    process = _spawn(tmp_path, code)
    deadline = time.monotonic() + 60
    while not (lines := last_lines(tmp_path / "log", 1)) and time.monotonic() < deadline:
        time.sleep(0.02)
    child = identity_of(int(lines[0]))
    assert child is not None
    stop(process, grace=0.2)
    assert not process.is_alive
    deadline = time.monotonic() + 60
    while child.is_alive and time.monotonic() < deadline:
        time.sleep(0.02)
    assert not child.is_alive
    stop(process)


def test_how_a_process_ended(tmp_path: Path) -> None:
    process = _spawn(tmp_path, "raise SystemExit(7)")
    deadline = time.monotonic() + 60
    while process.is_alive and time.monotonic() < deadline:
        time.sleep(0.02)
    assert exit_status(process) == "ended with exit status 7"
    with pytest.raises(ProjectError, match=r"cannot start .*nonesuch: No such file"):
        spawn(["/nonesuch"], directory=tmp_path, environment={}, log=tmp_path / "log")


def test_logs_turn_over(tmp_path: Path) -> None:
    log = tmp_path / "a.log"
    for number in range(6):
        log.write_text(f"{number}" * 10)
        rotate(log, large=10)
    assert sorted(path.name for path in tmp_path.iterdir()) == ["a.log.1", "a.log.2", "a.log.3"]
    assert log.with_name("a.log.1").read_text() == "5" * 10
    log.write_text("small")
    rotate(log, large=10)
    assert log.exists()


def test_open_log_is_copied_and_emptied(tmp_path: Path) -> None:
    log = tmp_path / "a.log"
    with log.open("a", buffering=1) as output:
        output.write("first\n")
        rotate_open(log, large=6)
        output.write("second\n")
    assert log.read_text() == "second\n"
    assert log.with_name("a.log.1").read_text() == "first\n"


def test_waits_grow_and_begin_anew_after_recovery() -> None:
    wait = BackOff()
    waits: list[float] = []
    now = 1000.0
    for _ in range(9):
        wait.failed(now)
        waits.append(wait.wait)
        now = wait.due
    assert waits == [0.5, 1, 2, 4, 8, 16, 30, 30, 30]
    wait.is_waiting = False
    wait.failed(wait.due + 10)
    assert wait.wait == 30, "ten seconds are no recovery"
    wait.is_waiting = False
    wait.failed(wait.due + 61)
    assert (wait.wait, wait.is_waiting) == (0.5, True)


def test_last_lines(tmp_path: Path) -> None:
    log = tmp_path / "a.log"
    assert last_lines(log, 5) == []
    log.write_text("".join(f"line {number}\n" for number in range(50_000)))
    assert last_lines(log, 2) == ["line 49998", "line 49999"]
    assert last_lines(log, 0) == []
    since = log.stat().st_size
    with log.open("a") as target:
        target.write("new\n")
    assert last_lines(log, 5, since=since) == ["new"]


def test_follow_sees_whole_lines_and_a_new_file(tmp_path: Path) -> None:
    log = tmp_path / "a.log"
    log.write_text("old\n")
    lines = follow({"a": log})
    with log.open("a") as target:
        target.write("one\ntwo\nhal")
    assert list(islice(lines, 3)) == [("a", "one"), ("a", "two"), ("", "")]
    log.write_text("x\n")
    assert next(line for line in lines if line[0]) == ("a", "x")


def test_ports() -> None:
    with socket.socket() as other:
        other.bind(("127.0.0.1", 0))
        other.listen()
        port = other.getsockname()[1]
        assert not is_free("127.0.0.1", port)
        chosen = choose_port("127.0.0.1", port)
        assert chosen != port
        assert choose_port("127.0.0.1", port, taken=frozenset({chosen})) not in {port, chosen}
    with pytest.raises(OSError, match="assign requested address"):
        is_free("192.0.2.1", 8000)


def test_records_survive_the_disk(tmp_path: Path) -> None:
    state = ServiceState(tmp_path / "state")
    assert state.read() == {}
    records = {name: _record(name, this_process()) for name in ("api", "mongodb")}
    with state.locked():
        for record in records.values():
            state.put(record)
        assert state.read() == records
        state.remove("api")
        state.remove("api")
        assert list(state.read()) == ["mongodb"]
        state.remove("mongodb")
    assert list((tmp_path / "state").iterdir()) == []


def test_interrupts_wait() -> None:
    done: list[int] = []

    def interrupted() -> None:
        with deferred_interrupts():
            signal.raise_signal(signal.SIGINT)
            done.append(1)
        done.append(2)

    with pytest.raises(KeyboardInterrupt):
        interrupted()
    assert done == [1]


def test_addresses_as_they_are_shown() -> None:
    assert http_url("0.0.0.0", 80) == "http://127.0.0.1:80"  # noqa: S104 - shown, not bound
    assert http_url("::1", 80) == "http://[::1]:80"
    assert masked("mongodb://ann:p@ss@host/db") == "mongodb://ann:***@host/db"
    assert masked("mongodb://host:27017/") == "mongodb://host:27017/"


def test_only_its_own_session_counts_as_listening(tmp_path: Path) -> None:
    with socket.socket() as ours:
        ours.bind(("127.0.0.1", 0))
        port = ours.getsockname()[1]
        assert listens(os.getsid(0), port) is False
        ours.listen()
        assert listens(os.getsid(0), port) is True
        process = _spawn(tmp_path, "import time; time.sleep(60)")
        assert listens(process.pid, port) is False
        stop(process)


def test_the_supervisor_outlives_a_folder_that_cannot_be_read(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    project = Project("p", tmp_path, app="", settings="", documents="", operations="")
    state = ServiceState(project.state_directory)
    with state.locked():
        state.put(ServiceRecord(SUPERVISOR, this_process(), "", 0, "", str(tmp_path / "log")))
    read, reads = ServiceState.read, iter([OSError("no space"), ProjectError("half a file")])

    def blinking(self: ServiceState) -> dict[str, ServiceRecord]:
        if (error := next(reads, None)) is not None:
            raise error
        return read(self)

    monkeypatch.setattr(ServiceState, "read", blinking)
    monkeypatch.setattr("pulpo_base.project.supervisor.keeper._POLL", 0.01)
    keep(project)  # ends, as nothing is to be watched
    assert next(reads, None) is None
    assert state.read() == {}


def test_a_supervisor_whose_record_is_gone_ends(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    project = Project("p", tmp_path, app="", settings="", documents="", operations="")
    service = _record("api", this_process())
    mine = ServiceRecord(SUPERVISOR, this_process(), "", 0, "", str(tmp_path / "log"))
    watched = {SUPERVISOR: mine, "api": replace(service, kept=True, uses={})}
    # `down` takes the record away between two looks.
    looks = iter([watched, {"api": watched["api"]}])
    monkeypatch.setattr(ServiceState, "read", lambda _self: dict(next(looks)))
    monkeypatch.setattr("pulpo_base.project.supervisor.keeper._POLL", 0.01)
    keep(project)
    assert next(looks, None) is None
