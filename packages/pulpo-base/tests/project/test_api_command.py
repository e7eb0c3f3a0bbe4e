"""The command that serves the API ends in time, whatever is open."""

from __future__ import annotations

import signal
import socket
import subprocess
from pathlib import Path

import httpx
import pytest

from pulpo_base.project import services

APPLICATION = """
import asyncio

async def app(scope, receive, send):
    if scope["type"] == "lifespan":
        await receive()
        await send({"type": "lifespan.startup.complete"})
        await receive()
        print("closed", flush=True)
        await send({"type": "lifespan.shutdown.complete"})
        return
    await send({"type": "http.response.start", "status": 200, "headers": []})
    while True:
        await send({"type": "http.response.body", "body": b"event", "more_body": True})
        await asyncio.sleep(0.05)
"""


def test_an_open_stream_does_not_keep_the_api_from_closing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(services, "LAST_REQUESTS_SECONDS", 1)
    (tmp_path / "streaming.py").write_text(APPLICATION)
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    command = services.api_command("streaming:app", "127.0.0.1", port)
    process = subprocess.Popen(
        command, cwd=tmp_path, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    )
    try:
        assert process.stderr is not None
        while "running on" not in process.stderr.readline():
            assert process.poll() is None
        with httpx.stream("GET", f"http://127.0.0.1:{port}/", trust_env=False) as answer:
            next(answer.iter_bytes())
            process.send_signal(signal.SIGTERM)
            out, _ = process.communicate(timeout=12)
    finally:
        process.kill()
    assert "closed" in out
