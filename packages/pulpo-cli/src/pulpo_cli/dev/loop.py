"""`Loop`: each change compiled, judged and served."""

from __future__ import annotations

import threading
import time
from collections.abc import Sequence
from pathlib import PurePath
from typing import TYPE_CHECKING

from pulpo_cli.dev.api import ReloadedApi
from pulpo_cli.dev.watching import changes
from pulpo_cli.output import fail, out, print_diagnostics, print_done, print_styled
from pulpo_cli.planned import counted

if TYPE_CHECKING:
    from pulpo_cli.interface import CLI

__all__ = ["Loop"]

#: More changed files than these are counted.
_NAMED = 3


class Loop:
    """One `pulpo dev` of one project."""

    def __init__(self, cli: CLI, command: Sequence[str]) -> None:
        """Speak of the project of `cli`, served by `command`."""
        self._cli = cli
        self._end = threading.Event()
        self._changed_at = time.monotonic()
        self._url = ""
        self._api = ReloadedApi(command, cli.root, self._hear, self._end.set)

    def run(self) -> int:
        """Go on until Ctrl-C, or until the API's process ends; return the exit code.

        However this ends, nothing of ours keeps running.
        """
        try:
            if self._compile():
                self._api.load()
            for changed in changes(self._cli.root, self._end):
                self._act(changed)
        except KeyboardInterrupt:
            _say("■", "stopping")
        finally:
            self._api.end()
        return self._api.exit_code or 0

    def _act(self, changed: Sequence[str]) -> None:
        self._changed_at = time.monotonic()
        if out().is_terminal:
            # In place of what was said about the files as they were.
            out().clear()
        named = ", ".join(changed[:_NAMED])
        more = f" and {len(changed) - _NAMED} more" if len(changed) > _NAMED else ""
        _say(time.strftime("%H:%M:%S"), named + more, style="bold")
        if self._compile() and not all(map(_is_test, changed)):
            self._api.load()

    def _compile(self) -> bool:
        """Compile, say what is wrong, and return whether the output is that of the sources."""
        cli = self._cli
        cli.forget()
        try:
            result = cli.compile()
        except OSError as error:
            fail(f"{error.filename or 'run_cache'}: {error.strerror}", "mend it and save again")
            return False
        print_diagnostics(result.diagnostics, cli.root)
        if result.errors:
            still = f"; {self._url} serves what compiled last" if self._url else ""
            _say("✗", f"not compiled{still}")
            return False
        print_done(f"run_cache/: {counted(result.plan)}")
        return True

    def _hear(self, event: str, _seconds: float, url: str) -> None:
        took = time.monotonic() - self._changed_at
        if event == "ready":
            print_done(
                f"{url}/docs serves it, {took:.1f} s after the change"
                if self._url
                else f"{url}/docs; save a file to see it served, Ctrl-C ends"
            )
            self._url = url
        elif event == "failed":
            still = f"{url} goes on with what loaded last" if self._url else "nothing is served"
            _say("✗", f"the application does not load, see above; {still}")
        else:
            self._url = ""
            _say("✗", "the API has ended; save a file to start it again")


def _say(mark: str, text: str, style: str = "red") -> None:
    from rich.text import Text

    print_styled(Text.assemble((mark, style), " ", text))


def _is_test(path: str) -> bool:
    name = PurePath(path).name
    return path.startswith("tests/") or name.startswith("test_") or name == "conftest.py"
