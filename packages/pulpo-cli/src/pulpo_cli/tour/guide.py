"""`Guide`: leads through one example, step by step, and checks each."""

from __future__ import annotations

import json
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from pulpo_base.interrupts import deferred_interrupts
from pulpo_cli.errors import UserError
from pulpo_cli.interface import CLI
from pulpo_cli.output import note, out, print_diagnostics, print_table
from pulpo_cli.shipped import copy_example, example_folder, new_folder
from pulpo_cli.tour.script import TourScript, filled, load_script

__all__ = ["Guide", "TourError"]

_REQUEST_SECONDS = 10.0


class TourError(Exception):
    """A step of the tour did not do what it should."""


@dataclass(slots=True)
class Guide:
    """One tour of one example, in a folder of its own."""

    example: str
    into: Path | None = None
    done: list[tuple[str, str, str]] = field(default_factory=list)
    links: dict[str, str] = field(default_factory=dict)

    def run(self, *, serve: bool) -> bool:
        """Lead the tour; return whether every step was verified.

        Whatever happens, Ctrl-C included, no process is left behind.
        """
        with _one_interrupt(), self._folder() as folder:
            try:
                verified = self._tour(folder)
                self._summary(verified)
                if serve and verified:
                    self._serve(folder)
                return verified
            finally:
                # A first Ctrl-C only now must not end what stops the services.
                with deferred_interrupts():
                    self._down(folder)

    def _tour(self, folder: Path) -> bool:
        script = load_script(example_folder(self.example))
        try:
            self._lint(folder)
            self._compile(folder)
            url = self._up(folder)
            records = self._create(url, script)
            self._flow(folder, script, records)
            self._verify(url, script, records)
        except TourError as error:
            self.done.append(("[red]✗[/]", "failed", str(error)))
            return False
        return True

    def _lint(self, folder: Path) -> None:
        with self._step("lint") as result:
            analysis = CLI(folder).analysis
            if analysis.errors:
                print_diagnostics(analysis.diagnostics, folder)
                raise TourError("the example has errors")
            app = analysis.app
            result.append(
                f"{len(app.models)} models, {len(app.operations)} operations, "
                f"{len(analysis.flows)} flows, no errors"
            )

    def _compile(self, folder: Path) -> None:
        with self._step("compile") as result:
            compiled = CLI(folder).compile()
            if compiled.errors:
                print_diagnostics(compiled.diagnostics, folder)
                raise TourError("the example does not compile")
            again = CLI(folder).compile()
            if again.plan.has_changes:
                raise TourError("compiling twice changed files")
            result.append(f"{len(compiled.plan.create)} files in run_cache/")

    def _up(self, folder: Path) -> str:
        with self._step("start MongoDB and the API") as result:
            # The flow of the tour runs on the local engine: nobody has to wait for Prefect.
            answer = self._main(folder, "up", "--no-prefect", "--json")
            services = {item["name"]: item for item in answer["services"]}
            url = str(services["api"]["url"]).rstrip("/")
            self.links.update(
                {
                    "Admin UI": f"{url}/",
                    "API documentation": f"{url}/docs",
                    "Health": f"{url}/health",
                    "Requests, errors, latency": f"{url}/selfaware/dashboard",
                    "MongoDB": str(services["mongodb"]["url"]),
                }
            )
            self._expect_answer(f"{url}/health", {"status": "ok"})
            result.append(f"both healthy at {url}")
        return url

    def _create(self, url: str, script: TourScript) -> dict[str, dict[str, Any]]:
        records: dict[str, dict[str, Any]] = {}
        with self._step("create records over HTTP") as result:
            for creation in script.create:
                body = filled(creation.body, records)
                status, answer = _request("POST", url + creation.path, body)
                if status != 201 or "id" not in answer:  # noqa: PLR2004 - HTTP's "Created"
                    raise TourError(f"POST {creation.path} answered {status}: {answer}")
                records[creation.name] = answer
            result.append(", ".join(creation.path for creation in script.create))
        return records

    def _flow(self, folder: Path, script: TourScript, records: dict[str, dict[str, Any]]) -> None:
        with self._step(f"run the flow {script.flow}") as result:
            parameters = json.dumps(filled(script.parameters, records))
            started = time.perf_counter()
            answer = self._main(
                folder, "flows", "run", script.flow, "--input", parameters, "--json"
            )
            seconds = time.perf_counter() - started
            steps = len(answer["steps"]) if "steps" in answer else len(answer)
            result.append(f"{steps} steps on the local engine, {seconds:.1f} s with start-up")

    def _verify(self, url: str, script: TourScript, records: dict[str, dict[str, Any]]) -> None:
        for expectation in script.expect:
            with self._step("verify") as result:
                path = "/".join(str(filled(part, records)) for part in expectation.path.split("/"))
                self._expect_answer(url + path, filled(expectation.answer, records))
                result.append(expectation.what)

    @staticmethod
    def _expect_answer(url: str, wanted: dict[str, Any]) -> None:
        status, answer = _request("GET", url)
        for key, value in wanted.items():
            if answer.get(key) != value:
                raise TourError(
                    f"GET {url} answered {status} with {key}={answer.get(key)!r}, not {value!r}"
                )

    @contextmanager
    def _step(self, name: str) -> Iterator[list[str]]:
        """Show that a step is under way, then its result, and keep it for the summary."""
        result: list[str] = []
        with out().status(f"{name} …"):
            try:
                yield result
            except TourError:
                raise
            except UserError as error:
                raise TourError(f"{name}: {error.message}") from error
        text = "; ".join(result)
        self.done.append(("[green]✓[/]", name, text))
        note(f"[green]✓[/] {name}: {text}")

    def _main(self, folder: Path, *arguments: str) -> Any:
        """Run the project's `./main` and return what it printed as JSON."""
        command = [sys.executable, str(folder / "main"), *arguments]
        done = subprocess.run(  # noqa: S603
            command, cwd=folder, capture_output=True, text=True, check=False
        )
        if done.returncode != 0:
            lines = (done.stderr or done.stdout).strip().splitlines()
            raise TourError(f"./main {arguments[0]} failed: " + " / ".join(lines[-6:]))
        return json.loads(done.stdout)

    @staticmethod
    def _down(folder: Path) -> None:
        """Stop what runs, however impatient the hand at the terminal is."""
        main = folder / "main"
        if not main.exists():
            return
        code = -signal.SIGINT
        # In a session of its own Ctrl-C does not reach it. Before it has that session, it does.
        while code == -signal.SIGINT:
            code = subprocess.run(  # noqa: S603
                [sys.executable, str(main), "down"],
                cwd=folder,
                capture_output=True,
                check=False,
                start_new_session=True,
            ).returncode

    def _summary(self, verified: bool) -> None:
        from rich import box
        from rich.table import Table

        title = f"pulpo demo {self.example}: " + ("verified" if verified else "failed")
        table = Table(title=title, box=box.ROUNDED, title_justify="left")
        for column in ("", "step", "what happened"):
            table.add_column(column, overflow="fold")
        for row in self.done:
            table.add_row(*row)
        out().print()
        out().print(table)
        if self.links:
            print_table("", ("open", "at"), list(self.links.items()), "")

    @staticmethod
    def _serve(folder: Path) -> None:
        note(f"[dim]the project is in {folder}; keep one with --into FOLDER[/]")
        note("serving; press Ctrl-C to stop")
        try:
            signal.pause()
        except KeyboardInterrupt:
            note("stopping …")

    @contextmanager
    def _folder(self) -> Iterator[Path]:
        """Give a copy of the example; a temporary one goes when the tour ends."""
        if self.into is not None:
            folder = new_folder(self.into)
            self._copy(folder)
            yield folder
            return
        with tempfile.TemporaryDirectory(prefix="pulpo-demo-") as temporary:
            folder = Path(temporary).resolve() / self.example
            self._copy(folder)
            yield folder

    def _copy(self, folder: Path) -> None:
        copy_example(self.example, folder)
        CLI(folder).init(self.example)


@contextmanager
def _one_interrupt() -> Iterator[None]:
    """Let Ctrl-C, or a polite `kill`, end the tour once; whatever else comes is too late.

    An impatient hand, or `uv run`, sends several: a second one raised while the first is on its
    way to the clean-up would skip it and leave the services running.
    """
    is_ending = False

    def interrupt(_signal: int, _frame: object) -> None:
        nonlocal is_ending
        if not is_ending:
            is_ending = True
            raise KeyboardInterrupt

    signals = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)
    before = {number: signal.signal(number, interrupt) for number in signals}
    try:
        yield
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)


def _request(method: str, url: str, body: Any = None) -> tuple[int, dict[str, Any]]:
    import httpx

    try:
        answer = httpx.request(method, url, json=body, timeout=_REQUEST_SECONDS)
    except httpx.HTTPError as error:
        raise TourError(f"{method} {url}: {type(error).__name__}: {error}") from error
    try:
        plain = answer.json()
    except ValueError as error:
        raise TourError(f"{method} {url} answered no JSON: {answer.text[:200]!r}") from error
    return answer.status_code, plain if isinstance(plain, dict) else {"items": plain}
