"""One process of a reloading API: libraries are loaded first, the application when it is told.

    python -m pulpo_base.project.reloading.worker MODULE:ATTRIBUTE SOCKET READY

`SOCKET` is the number of a listening socket, `READY` of a pipe that gets `LOADING` when the
application's files are read from then on, and `READY` once requests are answered; it ends when no
further request is taken. A line on standard input loads the application; its end, at any time, ends
the process: nothing stays behind a parent that was killed.
"""

from __future__ import annotations

import asyncio
import gc
import importlib
import importlib.util
import logging
import os
import socket
import sys
import threading
import traceback
from pathlib import Path

__all__ = ["LOADING", "READY", "main"]

LOADING = b"L"
READY = b"R"

#: What every application needs and no edit changes: most of what a start costs.
_LIBRARIES = (
    "beanie.operators",
    "pulpo_base.api",
    "pulpo_base.database.connection",
    "pulpo_base.operation_base",
    "pydantic_settings",
    "uvicorn.lifespan.on",
    "uvicorn.logging",
    "uvicorn.loops.auto",
    "uvicorn.protocols.http.auto",
    "uvicorn.protocols.websockets.auto",
)
#: Installed with every generated project, but no dependency of this package.
_OF_GENERATED_CODE = (
    "pulpo_selfaware.flow_events",
    "pulpo_selfaware.middleware",
    "pulpo_selfaware.mongo",
    "pulpo_selfaware.tracking",
    "pulpo_selfaware.web.router",
    "pulpo_utils.problems.responder",
    "pulpo_utils.request_ids",
)


def main(application: str, listening: int, ready: int) -> None:
    """Wait for the word, then serve until standard input ends or a signal says so."""
    _prepare()
    if not sys.stdin.readline():
        return
    os.write(ready, LOADING)
    import uvicorn

    # The requests, and what goes wrong; who serves them is told by the parent.
    config = uvicorn.Config(application, timeout_graceful_shutdown=2)
    logging.getLogger("uvicorn.error").setLevel(logging.WARNING)

    class Server(uvicorn.Server):
        async def startup(self, sockets: list[socket.socket] | None = None) -> None:
            await super().startup(sockets)
            gc.enable()
            if not self.should_exit:
                self.loop = asyncio.get_running_loop()
                os.write(ready, READY)

        def end(self) -> None:
            self.should_exit = True
            if self.started:
                self.loop.call_soon_threadsafe(self.stop_listening)

        def stop_listening(self) -> None:
            # Now, not when uvicorn looks next: the one that follows listens on the same socket,
            # and who is told of it must not be answered by this one.
            for accepting in self.servers:
                accepting.close()
            os.close(ready)

    server = Server(config)

    def end_with_parent() -> None:
        sys.stdin.read()
        server.end()

    threading.Thread(target=end_with_parent, daemon=True).start()
    sys.path.insert(0, str(Path.cwd()))
    try:
        config.load()
    except Exception as error:  # noqa: BLE001 - whatever the user's code raises when it is imported
        sys.stderr.write(_traceback(error))
        sys.exit(1)
    server.run(sockets=[socket.socket(fileno=listening)])


def _traceback(error: Exception) -> str:
    """Return the traceback from the first line of the project on: those before it are ours."""
    shown = traceback.TracebackException.from_exception(error)
    root = Path.cwd()
    own = [Path(frame.filename).is_relative_to(root) for frame in shown.stack]
    if any(own):
        del shown.stack[: own.index(True)]
    return "".join(shown.format())


def _prepare() -> None:
    """Load the libraries, and what FastAPI itself loads with the first route.

    The garbage collector leaves them alone from then on, and rests until requests are answered:
    while an application is loaded hardly anything is garbage, and looking for it takes a quarter
    of the time.
    """
    from fastapi import FastAPI

    for name in _LIBRARIES:
        importlib.import_module(name)
    for name in _OF_GENERATED_CODE:
        if importlib.util.find_spec(name.partition(".")[0]) is not None:
            importlib.import_module(name)
    FastAPI().get("/", response_model=int)(_prepare)
    gc.collect()
    gc.freeze()
    gc.disable()


if __name__ == "__main__":
    main(sys.argv[1], int(sys.argv[2]), int(sys.argv[3]))
