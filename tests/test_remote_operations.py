"""`./main ops run --remote`: operations called on an API that runs elsewhere."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Callable
from contextlib import AbstractContextManager
from pathlib import Path

import httpx

Serve = Callable[..., AbstractContextManager[httpx.Client]]


def main(root: Path, *arguments: str, **environment: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "main", *arguments],
        cwd=root,
        env={"PATH": "", "NO_COLOR": "1", **environment},
        capture_output=True,
        text=True,
        check=False,
        timeout=60,
    )


def test_an_operation_runs_where_the_api_does(shop: Path, serve: Serve) -> None:
    arguments = ("ops", "run", "catalog.import_suppliers", "--remote", "--json")
    feed = '{"code": "ACME", "name": "Acme"}'
    with serve(shop) as api:
        # A proxy is of no use on the way to this machine itself.
        url = {"PULPO_API_URL": str(api.base_url), "HTTP_PROXY": "http://127.0.0.1:9"}
        done = main(shop, *arguments, "--suppliers", feed, **url)
        assert done.returncode == 0, done.stderr
        assert api.get("/api/suppliers").json()["items"][0]["name"] == "Acme"

        refused = main(
            shop,
            "ops",
            "run",
            "orders.cancel",
            "--remote",
            "--order-id",
            "0" * 24,
            "--reason",
            "none",
            **url,
        )
        assert refused.returncode == 1
        assert "(404)" in refused.stderr
        assert "Traceback" not in refused.stderr

    away = main(shop, *arguments, "--suppliers", feed, PULPO_API_URL=str(api.base_url))
    assert away.returncode == 1
    assert "does not answer" in away.stderr
    assert away.stdout == ""


def test_without_an_api_it_says_so(shop: Path) -> None:
    order = ("--order-id", "0" * 24, "--reason", "none")
    done = main(shop, "ops", "run", "orders.cancel", "--remote", *order)
    assert done.returncode == 1
    assert "no API is running here" in done.stderr
