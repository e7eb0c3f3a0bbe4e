"""A MongoDB server on this machine: find the program, start it, wait until it takes writes.

Every server is a replica set of one member, because MongoDB has transactions on replica sets
only. PyMongo is imported when a server is started.
"""

from __future__ import annotations

import importlib.util
import json
import os
import shutil
import signal
import socket
import subprocess
import time
from pathlib import Path
from types import TracebackType
from typing import TYPE_CHECKING, Any, Self

from pulpo_base.interrupts import deferred_interrupts

if TYPE_CHECKING:
    from pymongo import MongoClient

__all__ = ["LocalMongod", "MongodError", "MongodNotFoundError", "find_mongod"]

_REPLICA_SET = "pulpo"
_NOT_YET_INITIALIZED = 94
_WAYS = """\
no MongoDB server was found. Any one of these gives you one:
  - set PULPO_MONGODB_URL (or `database.url` in .pulpo.yml) to a server that runs already
  - install MongoDB so that `mongod` is on PATH
  - pip install 'pulpo-base[local]'
  - docker run -d -p 127.0.0.1:27017:27017 mongo:8
    and PULPO_MONGODB_URL=mongodb://127.0.0.1:27017"""


class MongodError(RuntimeError):
    """The local server did not start; the message says why and where its log is."""


class MongodNotFoundError(MongodError):
    """There is no `mongod` on this machine; the message names the ways to get a database."""

    def __init__(self) -> None:
        super().__init__(_WAYS)


def find_mongod() -> Path:
    """Return the `mongod` on PATH or else the one that the `local` extra installed.

    Raises `MongodNotFoundError` where there is neither.
    """
    on_path = shutil.which("mongod")
    if on_path is not None:
        return Path(on_path)
    # The wheels put the program into the namespace `fiftyone`. It is looked up without an import
    # because the application of that name starts a database when it is imported.
    spec = importlib.util.find_spec("fiftyone")
    for folder in (spec and spec.submodule_search_locations) or ():
        for name in ("mongod", "mongod.exe"):
            program = Path(folder, "db", "bin", name)
            if os.access(program, os.X_OK):
                return program
    raise MongodNotFoundError


class LocalMongod:
    """A `mongod` on 127.0.0.1 that keeps its data in `data` and appends its log to `log`.

    Without a `port` a free one is taken at each start; without a `log` it is `mongod.log` beside
    the data. The server runs in a session of its own and outlives this process unless `stop` is
    called; `with LocalMongod(…) as server:` stops it at the end of the block.
    """

    def __init__(self, data: Path, port: int | None = None, *, log: Path | None = None) -> None:
        self.data = data
        self.log = log if log is not None else data.with_name("mongod.log")
        self._wanted_port = port
        self._port = 0
        self._process: subprocess.Popen[bytes] | None = None

    @property
    def port(self) -> int:
        """The TCP port of the running server. Raises `MongodError` where it is not started."""
        if self._process is None:
            raise MongodError("the MongoDB server is not started")
        return self._port

    @property
    def url(self) -> str:
        """The connection string of the running server."""
        # A direct connection does not depend on what the replica set calls its member.
        return f"mongodb://127.0.0.1:{self.port}/?directConnection=true"

    @property
    def pid(self) -> int:
        """The process id of the running server. Raises `MongodError` where it is not started."""
        if self._process is None:
            raise MongodError("the MongoDB server is not started")
        return self._process.pid

    def start(self, timeout: float = 30.0) -> Self:
        """Start the server and return once it takes writes, in at most `timeout` seconds.

        A lock that a killed server left behind is no obstacle. Raises `MongodNotFoundError`
        without a program to start and `MongodError` where it ends early or is never ready;
        nothing is left running then.
        """
        if self._process is not None:
            raise MongodError(f"the MongoDB server is started already (pid {self.pid})")
        program = find_mongod()
        self.data.mkdir(parents=True, exist_ok=True)
        self.log.parent.mkdir(parents=True, exist_ok=True)
        self._port = self._wanted_port or _free_port()
        try:
            with self.log.open("ab") as log, deferred_interrupts():
                log_start = log.tell()
                self._process = subprocess.Popen(  # noqa: S603  # a program of our own choosing
                    self._command(program),
                    stdin=subprocess.DEVNULL,
                    stdout=log,
                    stderr=subprocess.STDOUT,
                    start_new_session=True,
                )
            self._wait_until_primary(time.monotonic() + timeout, log_start)
        except BaseException:
            self.stop(patience=1.0)
            raise
        return self

    def stop(self, patience: float = 20.0) -> None:
        """End the server that `start` started; killed when not gone after `patience` seconds.

        Does nothing where none is running.
        """
        process, self._process = self._process, None
        if process is None:
            return
        process.send_signal(signal.SIGTERM)
        try:
            process.wait(patience)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()

    def __enter__(self) -> Self:
        return self.start()

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        self.stop()

    def _command(self, program: Path) -> list[str]:
        options = {
            "--dbpath": str(self.data.resolve()),
            "--port": str(self._port),
            "--bind_ip": "127.0.0.1",
            "--replSet": _REPLICA_SET,
            # By default the cache takes half of the machine's memory.
            "--wiredTigerCacheSizeGB": "0.5",
        }
        arguments = [part for option in options.items() for part in option]
        if os.name == "posix":
            arguments.append("--nounixsocket")
        return [str(program), *arguments]

    def _wait_until_primary(self, deadline: float, log_start: int) -> None:
        from pymongo import MongoClient
        from pymongo.errors import PyMongoError

        while not _accepts(self._port):
            self._check_alive(log_start)
            if time.monotonic() > deadline:
                raise self._late("it did not listen")
            time.sleep(0.02)
        # Polling, because the extra monitor of the streaming mode may outlive a client this brief.
        client: MongoClient[dict[str, Any]] = MongoClient(
            self.url, serverSelectionTimeoutMS=200, serverMonitoringMode="poll"
        )
        problem = "it did not become primary"
        with client:
            while time.monotonic() < deadline:
                self._check_alive(log_start)
                try:
                    if not self._answers(client):
                        problem = f"another server answers on port {self._port}"
                    elif client.admin.command("hello").get("isWritablePrimary"):
                        return
                    else:
                        _configure(client, f"127.0.0.1:{self._port}")
                except PyMongoError as error:
                    # Expected until the server has elected itself.
                    problem = str(error)
                time.sleep(0.02)
        raise self._late(problem)

    def _answers(self, client: MongoClient[dict[str, Any]]) -> bool:
        """Whether the server behind `client` works on our data.

        Another one may have taken the port just before; ours is about to end, and that one must
        neither be taken for it nor be made a replica set.
        """
        options = client.admin.command("getCmdLineOpts")["parsed"]
        return bool(options.get("storage", {}).get("dbPath") == str(self.data.resolve()))

    def _late(self, problem: str) -> MongodError:
        return MongodError(f"the MongoDB server was not ready in time: {problem}; see {self.log}")

    def _check_alive(self, log_start: int) -> None:
        assert self._process is not None  # noqa: S101  # set by the only caller
        code = self._process.poll()
        if code is None:
            return
        with self.log.open("rb") as log:
            log.seek(log_start)
            reason = _reason(log.read().decode(errors="replace"))
        raise MongodError(
            f"the MongoDB server ended at once with exit code {code}: {reason} (log: {self.log})"
        )


def _configure(client: MongoClient[dict[str, Any]], host: str) -> None:
    """Make the server a replica set of one member, called `host`."""
    from pymongo.errors import OperationFailure

    try:
        config = client.admin.command("replSetGetConfig")["config"]
    except OperationFailure as error:
        if error.code != _NOT_YET_INITIALIZED:
            raise
        members = [{"_id": 0, "host": host}]
        client.admin.command("replSetInitiate", {"_id": _REPLICA_SET, "members": members})
        return
    if [member["host"] for member in config["members"]] != [host]:
        # The data was last served on another port: the only member must learn its new name.
        config["members"] = [{"_id": 0, "host": host}]
        config["version"] += 1
        client.admin.command("replSetReconfig", config, force=True)


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


def _accepts(port: int) -> bool:
    try:
        socket.create_connection(("127.0.0.1", port), timeout=0.2).close()
    except OSError:
        return False
    return True


def _reason(output: str) -> str:
    """Return what a server that ended said about it."""
    lines = output.strip().splitlines()
    plain = [line for line in lines if not line.startswith("{")]
    for line in plain:
        if "shared librar" in line:
            return f"{line.strip()}; install the system package that provides this library"
    errors = [entry for entry in map(_log_entry, lines) if entry.get("s") in ("E", "F")]
    if errors:
        details = errors[0].get("attr", {}).get("error", "")
        text = details if isinstance(details, str) else json.dumps(details)
        return f"{errors[0].get('msg', '')} {text}".strip()
    return " ".join(plain[-3:]) or "it said nothing"


def _log_entry(line: str) -> dict[str, Any]:
    try:
        entry = json.loads(line)
    except ValueError:
        return {}
    return entry if isinstance(entry, dict) else {}
