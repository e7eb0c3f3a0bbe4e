"""The health check of the generated images, as an engine runs it."""

from __future__ import annotations

import http.server
import subprocess
import sys
import threading

import pytest


class Answer(http.server.BaseHTTPRequestHandler):
    def do_GET(self) -> None:
        self.send_response(200 if self.path == "/health" else 503)
        self.end_headers()

    def log_message(self, *_args: object) -> None:
        """Say nothing."""


def check(url: str) -> tuple[int, str]:
    command = [sys.executable, "-m", "pulpo_base.health", url]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    return done.returncode, done.stdout


@pytest.mark.parametrize(("path", "wanted"), [("/health", (0, "")), ("/ill", (1, "503"))])
def test_a_service_that_answers(path: str, wanted: tuple[int, str]) -> None:
    with http.server.HTTPServer(("127.0.0.1", 0), Answer) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        code, said = check(f"http://127.0.0.1:{server.server_port}{path}")
        server.shutdown()
    assert (code, wanted[1] in said) == (wanted[0], True)


def test_nobody_listens() -> None:
    code, said = check("http://127.0.0.1:1/health")
    assert code == 1
    assert said.startswith("no answer from http://127.0.0.1:1/health")
