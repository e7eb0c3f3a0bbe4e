"""`.pulpo/services.json`: which processes were started for this project, and by whom."""

from __future__ import annotations

import fcntl
import json
import os
import tempfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import asdict, dataclass, field, replace
from pathlib import Path
from typing import Any

from pulpo_base.project.errors import ProjectError
from pulpo_base.project.supervisor.identity import ProcessIdentity

__all__ = ["ServiceRecord", "ServiceState"]

_FORMAT = 1


@dataclass(frozen=True, slots=True)
class ServiceRecord:
    """One started service.

    `uses` are the addresses of other services that it was started with. `kept` says that it
    runs until it is stopped by hand; otherwise it runs as long as one of `holders` does (the
    commands that use it). `restarts` counts how often it was started again because its process
    ended by itself, `trouble` says why it did last.
    """

    name: str
    process: ProcessIdentity
    host: str
    port: int
    url: str
    log: str
    uses: Mapping[str, str] = field(default_factory=dict)
    kept: bool = True
    holders: tuple[ProcessIdentity, ...] = ()
    restarts: int = 0
    trouble: str = ""

    @property
    def is_alive(self) -> bool:
        """Whether the recorded process still runs."""
        return self.process.is_alive

    def held_by(self, holders: tuple[ProcessIdentity, ...]) -> ServiceRecord:
        """Return the record with other holders."""
        return replace(self, holders=holders)


class ServiceState:
    """The records on disk. Change them only while `locked`."""

    def __init__(self, directory: Path) -> None:
        """Use `directory` (the project's `.pulpo`), which need not exist yet."""
        self.directory = directory
        self._path = directory / "services.json"

    @contextmanager
    def locked(self) -> Iterator[None]:
        """Let one command at a time start and stop services; others wait here.

        Raises `ProjectError` where the folder cannot be written.
        """
        try:
            self.directory.mkdir(parents=True, exist_ok=True)
            handle = os.open(self.directory, os.O_RDONLY)
        except OSError as error:
            raise ProjectError(f"cannot use {self.directory}: {error.strerror}") from error
        try:
            # The folder itself is locked: a lock file would be left behind.
            fcntl.flock(handle, fcntl.LOCK_EX)
            yield
        finally:
            os.close(handle)

    def read(self) -> dict[str, ServiceRecord]:
        """Return the records by service name; none where nothing was started.

        Raises `ProjectError` where the file is not one of ours.
        """
        try:
            text = self._path.read_text(encoding="utf-8")
        except FileNotFoundError:
            return {}
        try:
            return _records(json.loads(text))
        except (ValueError, KeyError, TypeError) as error:
            raise ProjectError(
                f"{self._path} is no record of services: {error}",
                hint="stop what still runs by hand, then delete the file",
            ) from error

    def put(self, record: ServiceRecord) -> None:
        """Write a record, in place of an older one of that service."""
        self._write({**self.read(), record.name: record})

    def remove(self, name: str) -> None:
        """Forget a service; the file goes with the last one."""
        records = self.read()
        if records.pop(name, None) is not None:
            self._write(records)

    def _write(self, records: Mapping[str, ServiceRecord]) -> None:
        if not records:
            self._path.unlink(missing_ok=True)
            return
        plain = {
            "format": _FORMAT,
            "services": [asdict(records[name]) for name in sorted(records)],
        }
        handle, name = tempfile.mkstemp(dir=self.directory, prefix=".services-")
        written = Path(name)
        try:
            with os.fdopen(handle, "w", encoding="utf-8") as target:
                json.dump(plain, target, indent=2)
                target.flush()
                os.fsync(target.fileno())
            written.replace(self._path)
        finally:
            written.unlink(missing_ok=True)


def _records(plain: Mapping[str, Any]) -> dict[str, ServiceRecord]:
    if plain["format"] != _FORMAT:
        raise ValueError(f"its format is {plain['format']}, not {_FORMAT}")
    return {item["name"]: _record(item) for item in plain["services"]}


def _record(plain: Mapping[str, Any]) -> ServiceRecord:
    return ServiceRecord(
        name=plain["name"],
        process=_identity(plain["process"]),
        host=plain["host"],
        port=int(plain["port"]),
        url=plain["url"],
        log=plain["log"],
        uses=dict(plain["uses"]),
        kept=bool(plain["kept"]),
        holders=tuple(_identity(holder) for holder in plain["holders"]),
        restarts=int(plain.get("restarts", 0)),
        trouble=str(plain.get("trouble", "")),
    )


def _identity(plain: Mapping[str, Any]) -> ProcessIdentity:
    return ProcessIdentity(int(plain["pid"]), str(plain["started"]))
