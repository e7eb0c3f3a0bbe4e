"""The examples of the README run as they are written."""

from __future__ import annotations

import json
import re
import subprocess
import sys
from pathlib import Path

import pytest

README = Path(__file__).parent.parent / "README.md"
PYTHON = re.compile(r"(<!-- needs mongod -->\n)?```python\n(.*?)```", re.DOTALL)
EXAMPLES = PYTHON.findall(README.read_text("utf-8"))
RUNNABLE = [code for needs, code in EXAMPLES if not needs]


def run(code: str) -> str:
    command = [sys.executable, "-W", "error", "-c", code]
    done = subprocess.run(command, capture_output=True, text=True, timeout=60, check=False)
    assert done.returncode == 0, done.stderr
    return done.stdout


@pytest.mark.parametrize("code", RUNNABLE, ids=range(len(RUNNABLE)))
def test_an_example_runs(code: str) -> None:
    run(code)


def test_the_first_example_does_what_is_said() -> None:
    ask = """
import asyncio, httpx, json
async def ask():
    transport = httpx.ASGITransport(app, raise_app_exceptions=False)
    async with httpx.AsyncClient(transport=transport, base_url="http://localhost") as client:
        for item in ("1", "0", "x"):
            await client.get(f"/items/{item}")
        for path in ("dashboard", "stats", "events"):
            assert (await client.get("/selfaware/" + path)).status_code == 200
        events = (await client.get("/selfaware/events")).json()
        print(json.dumps([one["event_type"] for one in events]))
asyncio.run(ask())
"""
    printed = run(RUNNABLE[0] + ask)
    assert json.loads(printed) == ["API_VALIDATION_ERROR", "API_REQUEST_ERROR"]


def test_the_examples_print_what_they_should() -> None:
    own = next(code for code in RUNNABLE if "get_warnings" in code)
    printed = run(own)
    assert "'API generation took 2.5s'" in printed
    assert "{'CODEGEN_SLOW': 1, 'BILLING_SLOW': 1}" in printed
    sinks = next(code for code in RUNNABLE if "JsonLinesSink" in code)
    assert "sending 1" in run(sinks)


def test_the_mongo_example_is_valid() -> None:
    (code,) = [code for needs, code in EXAMPLES if needs]
    compile(code, "README.md", "exec")
