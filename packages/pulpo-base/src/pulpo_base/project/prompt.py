"""A Python prompt whose statements may `await`, all on one event loop."""

from __future__ import annotations

import ast
import asyncio
import code
import inspect
import types
from collections.abc import Mapping
from typing import Any

__all__ = ["AwaitingConsole"]


class AwaitingConsole(code.InteractiveConsole):
    """Python's console, where `await` stands at the top as well."""

    def __init__(self, runner: asyncio.Runner, names: Mapping[str, Any]) -> None:
        """Run statements that await on the loop of `runner`; `names` are known from the start."""
        super().__init__({"__name__": "__console__", "__doc__": None, **names})
        self.compile.compiler.flags |= ast.PyCF_ALLOW_TOP_LEVEL_AWAIT
        self._runner = runner

    def runcode(self, code: types.CodeType) -> None:
        """Run one statement; what it raises is shown, and the prompt goes on."""
        try:
            result = types.FunctionType(code, self.locals)()
            if inspect.iscoroutine(result):
                self._runner.run(result)
        except SystemExit:
            raise
        except BaseException:  # noqa: BLE001 - Ctrl-C ends the statement, and not the prompt
            self.showtraceback()
