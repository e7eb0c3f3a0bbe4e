"""`flows schedule`, against a server that answers as Prefect does."""

from __future__ import annotations

import json
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

import pytest

Shop = Any  # the fixture's class lives in conftest.py, which no test module imports


class Prefect(BaseHTTPRequestHandler):
    paused = False

    def do_GET(self) -> None:
        self._answer({"id": "7", "paused": Prefect.paused, "schedules": [{"active": True}]})

    def do_POST(self) -> None:
        self.rfile.read(int(self.headers["Content-Length"]))
        if self.path.endswith("_deployment"):
            Prefect.paused = self.path.endswith("/7/pause_deployment")
            self._answer(None)
        else:
            self._answer([{"expected_start_time": "2027-01-01T03:00:00Z"}])

    def _answer(self, value: Any) -> None:
        body = json.dumps(value).encode()
        self.send_response(200)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, format: str, *args: Any) -> None:  # noqa: A002 - the base's name
        pass


@pytest.fixture
def server() -> Iterator[str]:
    Prefect.paused = False
    with ThreadingHTTPServer(("127.0.0.1", 0), Prefect) as serving:
        threading.Thread(target=serving.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{serving.server_address[1]}/api"
        serving.shutdown()


def test_schedules_are_shown_and_switched(shop: Shop, server: str) -> None:
    source = shop.root / "run_cache" / "flows.py"
    text = source.read_text("utf-8")
    assert "PLAN = FlowPlan(\n" in text
    shop.write(
        "run_cache/flows.py",
        text.replace("PLAN = FlowPlan(\n", 'PLAN = FlowPlan(\n    schedule="0 3 * * *",\n'),
    )
    row = {"flow": "orders", "schedule": "0 3 * * *", "timezone": "UTC"}

    away = shop.ok("flows", "schedule", "--json")
    assert away.json == [{**row, "state": "no server", "next": None}]
    paused = shop.ok("flows", "schedule", "orders", "--pause", "--json", PREFECT_API_URL=server)
    assert paused.json == [{**row, "state": "paused", "next": None}]
    active = shop.ok("prefect", "schedule", "--resume", PREFECT_API_URL=server)
    assert "active" in active.out
    assert "2027-01-01 03:00" in active.out


def test_a_switch_needs_a_server(shop: Shop) -> None:
    answer = shop.run("flows", "schedule", "--pause")
    assert (answer.code, "no Prefect server is known" in answer.err) == (1, True)
