"""The same services in containers: `docker compose` with the generated compose file."""

from __future__ import annotations

import json
import shutil
import subprocess
from collections.abc import Iterable, Mapping
from typing import Any

from pulpo_base.project.definition import Project
from pulpo_base.project.errors import ProjectError, ServiceError
from pulpo_base.project.inputs import find
from pulpo_base.project.ports import is_free

__all__ = ["Compose"]

_LOG_LINES = 15
#: Seconds until every service has to be healthy: a program that ends at its start is started again
#: for ever, and compose would wait as long.
_WAIT = 180
_NO_ENGINE = ("cannot connect to the docker daemon", "is the docker daemon running")
_NO_PLUGIN = (
    "is not a docker command",
    "unknown shorthand flag",
    "unknown flag: --file",
    "unknown command",
)
#: States of a container that was begun and does not run (Podman calls one that ended `stopped`);
#: `created` waits for another.
_ENDED = frozenset({"exited", "stopped", "dead", "restarting"})


class Compose:
    """`docker compose` for one project.

    Every method raises `ProjectError` where there is no Docker, no engine that runs, no compose
    plugin, or no compose file.
    """

    def __init__(self, project: Project) -> None:
        """Find the program and the file."""
        program = shutil.which("docker")
        if program is None:
            raise ProjectError(
                "there is no `docker` on PATH",
                hint="install Docker, or leave --docker out to run the services as processes",
            )
        package = project.app.partition(":")[0].partition(".")[0]
        self.file = project.root / package / "deploy" / "compose.yaml"
        if not self.file.is_file():
            raise ProjectError(
                f"the compose file {self.file} is missing", hint="run `pulpo compile deploy`"
            )
        self._root = project.root
        self._command = [program, "compose", "--file", str(self.file)]
        if (environment := project.root / ".env").is_file():
            # Compose looks for it beside its own file otherwise.
            self._command += ["--env-file", str(environment)]

    def up(self, *, without: frozenset[str] = frozenset()) -> list[dict[str, Any]]:
        """Build and start the services and wait for their health; return them as `services` does.

        Raises `ServiceError` for the first that is not well, with the end of its log, and for one
        whose port another program has; `ProjectError` where there is no image.
        """
        if not (self._root / "pyproject.toml").is_file():
            raise ProjectError(
                "there is no pyproject.toml, which says what the image is to have installed",
                hint="`pulpo init` writes one",
            )
        wanted = {name: one for name, one in self._services().items() if name not in without}
        # Whether there is an engine is known before it is asked to build.
        self.services()
        if self._run("build", shows=True).returncode != 0:
            raise ProjectError(
                "the image could not be built",
                hint=f"what the builder said is above; it followed {self.file.parent}/Dockerfile",
            )
        done = self._run(
            "up", "--detach", "--wait", "--wait-timeout", str(_WAIT), *wanted, shows=True
        )
        rows = self.services()
        if done.returncode == 0:
            return rows
        for row in rows:
            if row["state"] in _ENDED or row["health"] == "unhealthy":
                raise self._ill(row)
        runs = {row["name"] for row in rows if row["state"] == "running"}
        _check_ports({name: one for name, one in wanted.items() if name not in runs})
        for row in rows:
            if row["state"] == "running" and row["health"] == "starting":
                raise self._ill(row)
        raise ProjectError(
            f"docker compose ended with exit status {done.returncode}",
            hint="what it said is above; `./main down --docker` removes what it began",
        )

    def _ill(self, row: Mapping[str, Any]) -> ServiceError:
        lines = self._output("logs", "--no-color", "--tail", str(_LOG_LINES), row["name"])
        still = f"still starting after {_WAIT} s" if row["health"] == "starting" else row["health"]
        return ServiceError(
            row["name"],
            f"is {row['state'] if row['state'] in _ENDED else still}",
            log_lines=lines.splitlines(),
            hint=f"`./main logs --docker --service {row['name']}` shows the whole log",
        )

    def down(self) -> None:
        """Stop and remove the containers and networks; the volumes with the data stay."""
        done = self._run("down", "--remove-orphans", shows=True)
        if done.returncode != 0:
            self._check_engine("")
            raise ProjectError(f"docker compose ended with exit status {done.returncode}")

    def services(self) -> list[dict[str, Any]]:
        """Return each container's service, state, health and published ports."""
        text = self._output("ps", "--all", "--format", "json").strip()
        # One object a line; one list in versions before 2.21.
        found = json.loads(text) if text.startswith("[") else map(json.loads, text.splitlines())
        rows = [_row(item) for item in found]
        return sorted(rows, key=lambda row: str(row["name"]))

    def logs(self, service: str | None, lines: int, *, follow: bool) -> int:
        """Write the logs to the terminal and return compose's exit status.

        Raises `ProjectError` for a service that there is not, and where no container is.
        """
        if service is not None:
            find("service", service, self._services(), listing="./main status --docker")
        if not self._output("ps", "--all", "--quiet").strip():
            raise ProjectError(
                "there are no logs yet", hint="start the services: `./main up --docker`"
            )
        options = ["--tail", str(lines), *(["--follow"] if follow else [])]
        return self._run("logs", *options, *([service] if service else []), shows=True).returncode

    def _services(self) -> dict[str, Any]:
        """Return the services of the file as compose understands it, by name."""
        found: dict[str, Any] = json.loads(self._output("config", "--format", "json"))
        return found["services"] or {}

    def _output(self, *arguments: str) -> str:
        done = self._run(*arguments)
        if done.returncode != 0:
            self._check_engine(done.stderr)
            raise ProjectError(
                f"`docker compose {arguments[0]}` failed",
                details=done.stderr.strip().splitlines()[-_LOG_LINES:],
            )
        return done.stdout

    def _run(self, *arguments: str, shows: bool = False) -> subprocess.CompletedProcess[str]:
        try:
            return subprocess.run(  # noqa: S603 - Docker with our own arguments
                [*self._command, *arguments],
                cwd=self._root,
                capture_output=not shows,
                text=True,
                check=False,
            )
        except OSError as error:
            raise ProjectError(f"cannot run {self._command[0]}: {error.strerror}") from error

    def _check_engine(self, said: str) -> None:
        """Raise `ProjectError` where there is no engine to ask, or no plugin."""
        if any(sign in said.lower() for sign in _NO_PLUGIN):
            raise ProjectError(
                "this Docker has no `compose`",
                details=said.strip().splitlines()[:3],
                hint="install the plugin docker-compose-plugin, or leave --docker out",
            )
        asked = subprocess.run(  # noqa: S603 - as above
            [self._command[0], "version", "--format", "{{.Server.Version}}"],
            capture_output=True,
            text=True,
            check=False,
        )
        if asked.returncode != 0 and any(sign in asked.stderr.lower() for sign in _NO_ENGINE):
            raise ProjectError(
                "Docker does not answer: its engine does not run, or you may not use it",
                details=asked.stderr.strip().splitlines()[-1:],
                hint="start Docker, or leave --docker out to run the services as processes",
            )


def _check_ports(services: Mapping[str, Mapping[str, Any]]) -> None:
    """Raise `ServiceError` for the first of these services that has a port of another program's."""
    for name, service in services.items():
        for host, port in _published(service.get("ports") or ()):
            if not is_free(host, port):
                raise ServiceError(
                    name,
                    f"port {port} of {host} is taken",
                    hint="end what listens there, or set another in .env: PULPO_API_PORT for the "
                    "API, PREFECT_PORT for Prefect's server",
                )


def _published(ports: Iterable[Mapping[str, Any]]) -> Iterable[tuple[str, int]]:
    for port in ports:
        # Neither a range nor one that the engine chooses can be asked for.
        if (number := str(port.get("published", ""))).isdigit():
            yield port.get("host_ip") or "0.0.0.0", int(number)  # noqa: S104 - asked, not served


def _row(plain: Mapping[str, Any]) -> dict[str, Any]:
    ports = sorted(
        {
            f"{item.get('URL') or '127.0.0.1'}:{item['PublishedPort']}"
            for item in plain.get("Publishers") or ()
            if item.get("PublishedPort")
        }
    )
    return {
        "name": str(plain.get("Service", "")),
        "state": str(plain.get("State", "")),
        "health": str(plain.get("Health", "")),
        "ports": ports,
    }
