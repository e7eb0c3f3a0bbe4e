"""What all tests share: a tracker of their own and a real server."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Generator
from contextlib import ExitStack, contextmanager
from typing import TYPE_CHECKING, Any

import pytest
import uvicorn

from pulpo_selfaware.testing import scoped_tracker

if TYPE_CHECKING:
    from pulpo_selfaware import EventTracker

Serve = Callable[[Any], int]


@pytest.fixture
def tracker() -> Generator[EventTracker]:
    with scoped_tracker() as fresh:
        yield fresh


@contextmanager
def _running(app: Any) -> Generator[int]:
    config = uvicorn.Config(app, host="127.0.0.1", port=0, log_level="critical", lifespan="auto")
    server = uvicorn.Server(config)
    thread = threading.Thread(target=server.run, daemon=True)
    thread.start()
    deadline = time.monotonic() + 60
    while not server.started:
        assert time.monotonic() < deadline, "the server did not start"
        time.sleep(0.005)
    try:
        yield server.servers[0].sockets[0].getsockname()[1]
    finally:
        server.should_exit = True
        thread.join(10)
        if thread.is_alive():
            server.force_exit = True
            thread.join(5)


@pytest.fixture
def serve() -> Generator[Serve]:
    """Start an application on a free port of the loopback; returns the port."""
    with ExitStack() as stack:
        yield lambda app: stack.enter_context(_running(app))
