"""The local server is found, becomes ready, keeps its data, and says why when it cannot start."""

import os
import signal
import socket
import subprocess
import sys
from pathlib import Path

import pytest
from pymongo import MongoClient

from pulpo_base.database import LocalMongod, MongodError, MongodNotFoundError, find_mongod

LIBRARY_ERROR = (
    "mongod: error while loading shared libraries: libldap-2.5.so.0: cannot open shared object file"
)


def mongo(url: str) -> MongoClient[dict[str, object]]:
    # Polling: the extra monitor of the streaming mode may outlive a client this brief.
    return MongoClient(url, serverMonitoringMode="poll", w="majority")


def is_alive(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    return True


def program(folder: Path, text: str) -> Path:
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / "mongod"
    path.write_text(f"#!/bin/sh\n{text}\n")
    path.chmod(0o755)
    return path


def test_a_mongod_on_path_comes_first(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    mine = program(tmp_path / "bin", "exit 0")
    monkeypatch.setenv("PATH", str(mine.parent))
    assert find_mongod() == mine


def test_the_extra_is_used_where_path_has_none(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    assert find_mongod().parts[-4:] == ("fiftyone", "db", "bin", "mongod")


def test_without_any_the_error_names_the_four_ways(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    monkeypatch.setattr(sys, "path", [str(tmp_path)])
    with pytest.raises(MongodNotFoundError) as caught:
        find_mongod()
    for way in ("PULPO_MONGODB_URL", "on PATH", "pip install 'pulpo-base[local]'", "docker run"):
        assert way in str(caught.value)


def test_it_takes_transactions_and_stops(tmp_path: Path) -> None:
    with LocalMongod(tmp_path / "db", log=tmp_path / "logs" / "db.log") as server:
        pid = server.pid
        with mongo(server.url) as client:
            with client.start_session() as session, session.start_transaction():
                client["shop"]["orders"].insert_one({"total": 1}, session=session)
            assert client["shop"]["orders"].count_documents({}) == 1
        assert is_alive(pid)
    assert not is_alive(pid)
    assert (tmp_path / "logs" / "db.log").stat().st_size > 0
    with pytest.raises(MongodError, match="not started"):
        _ = server.url


def test_data_outlives_a_kill_and_a_change_of_port(tmp_path: Path) -> None:
    server = LocalMongod(tmp_path / "db").start()
    first_port = server.port
    with mongo(server.url) as client:
        client["shop"]["orders"].insert_one({"_id": 7})
    pid = server.pid
    os.kill(pid, signal.SIGKILL)
    server.stop()
    assert (tmp_path / "db" / "mongod.lock").read_text().strip() == str(pid)

    (tmp_path / "db" / "mongod.lock").write_text("999999\n")
    with LocalMongod(tmp_path / "db") as again:
        assert again.port != first_port
        with mongo(again.url) as client:
            assert client["shop"]["orders"].find_one() == {"_id": 7}


def test_a_taken_port_is_named(tmp_path: Path) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        server = LocalMongod(tmp_path / "db", taken.getsockname()[1])
        with pytest.raises(MongodError, match=r"(?i)address already in use"):
            server.start()


def test_whoever_was_faster_on_the_port_is_not_taken_for_ours(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    slow = program(tmp_path / "bin", f'sleep 1\nexec "{find_mongod()}" "$@"')
    with LocalMongod(tmp_path / "first") as first:
        monkeypatch.setenv("PATH", f"{slow.parent}{os.pathsep}{os.environ['PATH']}")
        with pytest.raises(MongodError, match="already in use"):
            LocalMongod(tmp_path / "second", first.port).start()


def test_data_in_use_by_another_server_is_an_error(tmp_path: Path) -> None:
    with LocalMongod(tmp_path / "db") as first:
        with pytest.raises(MongodError, match=r"(?i)lock"):
            LocalMongod(tmp_path / "db", log=tmp_path / "second.log").start()
        assert is_alive(first.pid)


def test_a_missing_library_is_named(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    broken = program(tmp_path / "bin", f"echo '{LIBRARY_ERROR}' >&2; exit 127")
    monkeypatch.setenv("PATH", f"{broken.parent}:{os.environ['PATH']}")
    with pytest.raises(MongodError, match=r"127.*libldap-2\.5\.so\.0.*install"):
        LocalMongod(tmp_path / "db").start()


def test_a_server_that_is_never_ready_is_ended(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    silent = program(tmp_path / "bin", f"echo $$ > {tmp_path}/pid; exec sleep 60")
    monkeypatch.setenv("PATH", f"{silent.parent}:{os.environ['PATH']}")
    with pytest.raises(MongodError, match="not ready in time"):
        LocalMongod(tmp_path / "db").start(timeout=0.5)
    assert not is_alive(int((tmp_path / "pid").read_text()))


def test_stop_kills_what_does_not_end(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    stubborn = program(
        tmp_path / "bin", f"trap '' TERM; echo $$ > {tmp_path}/pid; while :; do sleep 0.1; done"
    )
    monkeypatch.setenv("PATH", f"{stubborn.parent}:{os.environ['PATH']}")
    with pytest.raises(MongodError, match="not ready in time"):
        LocalMongod(tmp_path / "db").start(timeout=0.5)
    assert not is_alive(int((tmp_path / "pid").read_text()))


def test_it_outlives_its_starter(tmp_path: Path) -> None:
    code = (
        "import sys; from pathlib import Path\n"
        "from pulpo_base.database import LocalMongod\n"
        "server = LocalMongod(Path(sys.argv[1])).start()\n"
        "print(server.pid, server.url)\n"
    )
    done = subprocess.run(
        [sys.executable, "-c", code, str(tmp_path / "db")],
        check=True,
        capture_output=True,
        text=True,
        timeout=60,
    )
    pid, url = done.stdout.split()
    try:
        with mongo(url) as client:
            assert client.admin.command("ping")["ok"] == 1.0
    finally:
        os.kill(int(pid), signal.SIGTERM)


def test_importing_the_package_imports_no_driver() -> None:
    code = (
        "import sys, pulpo_base.database\n"
        "print([m for m in ('pymongo', 'beanie', 'pydantic') if m in sys.modules])"
    )
    done = subprocess.run([sys.executable, "-c", code], check=True, capture_output=True, text=True)
    assert done.stdout.strip() == "[]"
