"""How soon a list can be used: of 1,000 documents and of many, here and in starlette-admin.

In Debian's Chromium, on the shop's customers. Variants take turns; figures are medians. `cold` is
a browser that has never been there, `warm` one that has once, `third` one that has twice: from then
on Chromium keeps compiled scripts.
"""

from __future__ import annotations

import argparse
import os
import shutil
import socket
import statistics
import subprocess
import sys
import tempfile
import time
from collections import defaultdict
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import httpx
from playwright.sync_api import Page, sync_playwright
from pymongo import MongoClient

from pulpo_base.database import LocalMongod

HERE = Path(__file__).parent
SHOP = HERE.parents[1] / "examples" / "shop"
OURS, PEER = "run_cache.generated_api:app", "peer:app"
ARGUMENTS = ["--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run"]
ROWS = {OURS: ".documents tbody tr", PEER: "table tbody tr"}
PATHS = {OURS: "/models/customers", PEER: "/admin/customer/list"}
ADDRESS = {"street": "Main 1", "city": "Rome", "postal_code": "00100", "country": "IT"}
SHOWN = 20


def fill(url: str, database: str, count: int) -> None:
    """Write customers past Beanie: a million in about a minute."""
    start = datetime(2020, 1, 1, tzinfo=UTC)
    with MongoClient[dict[str, Any]](url) as client:
        customers = client[database]["customers"]
        for begin in range(0, count, 20_000):
            numbers = range(begin, min(begin + 20_000, count))
            customers.insert_many(
                {
                    "email": f"c{number}@example.org",
                    "name": f"Customer {number:07}",
                    "address": ADDRESS,
                    "tier": "gold" if number % 7 == 0 else "standard",
                    "points": number % 1000,
                    "created_at": (at := start + timedelta(seconds=number)),
                    "updated_at": at,
                }
                for number in numbers
            )


@contextmanager
def served(app: str, project: Path, url: str, database: str) -> Iterator[str]:
    """Serve an application on a database; yield its address."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    process = subprocess.Popen(
        [sys.executable, "-m", "uvicorn", app, "--port", str(port), "--log-level", "error"],
        cwd=project,
        env={
            **os.environ,
            "PULPO_MONGODB_URL": url,
            "PULPO_MONGODB_DATABASE": database,
            "PYTHONPATH": f"{HERE}{os.pathsep}{project}",
        },
    )
    address = f"http://127.0.0.1:{port}"
    try:
        deadline = time.monotonic() + 60
        while time.monotonic() < deadline and process.poll() is None:
            try:
                httpx.get(address)
                break
            except httpx.TransportError:
                time.sleep(0.1)
        yield address
    finally:
        process.terminate()
        process.wait()


def until_rows(page: Page, address: str, app: str) -> float:
    """Return how many milliseconds it takes until twenty rows are on the screen."""
    started = time.perf_counter()
    page.goto(address + PATHS[app], wait_until="commit")
    page.locator(ROWS[app]).nth(SHOWN - 1).wait_for()
    return (time.perf_counter() - started) * 1000


def steps(page: Page, address: str) -> Iterator[tuple[str, float]]:
    """Do in our list what one does in long ones; yield what it was and its milliseconds."""
    rows = page.locator(ROWS[OURS])

    def timed(path: str) -> float:
        started = time.perf_counter()
        page.goto(f"{address}/models/customers{path}", wait_until="commit")
        rows.nth(SHOWN - 1).wait_for()
        return (time.perf_counter() - started) * 1000

    yield "first page", timed("")
    yield "sorted by an indexed field", timed("?sort=-points")
    before = rows.first.locator("a").first.inner_text()
    started = time.perf_counter()
    page.get_by_role("button", name="Page 2").click()
    rows.first.filter(has_not_text=before).wait_for()
    yield "next page, by cursor", (time.perf_counter() - started) * 1000
    count = page.get_by_role("button", name="Count all")
    if count.count():
        started = time.perf_counter()
        count.click()
        count.wait_for(state="detached")
        yield "count, when asked for", (time.perf_counter() - started) * 1000
    started = time.perf_counter()
    with httpx.stream("GET", f"{address}/api/customers:export?format=csv", timeout=60) as answer:
        next(answer.iter_bytes())
        yield "first bytes of an export", (time.perf_counter() - started) * 1000


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--documents", type=int, default=1_000_000)
    parser.add_argument("--rounds", type=int, default=7)
    options = parser.parse_args()
    with ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory()))
        project = folder / "shop"
        kept = shutil.ignore_patterns("__pycache__", ".pulpo", "run_cache", ".*_cache")
        shutil.copytree(SHOP, project, ignore=kept)
        init = [sys.executable, "-m", "pulpo_cli", "init", "--no-database"]
        subprocess.run(init, cwd=project, check=True, stdout=subprocess.DEVNULL)
        url = stack.enter_context(LocalMongod(folder / "mongod" / "db")).url
        sites: dict[str, tuple[str, str]] = {}
        for count in (1_000, options.documents):
            for app, name in ((OURS, "pulpo"), (PEER, "starlette-admin")):
                database = f"ui{count}"
                at = stack.enter_context(served(app, project, url, database))
                sites[f"{name}, {count:,}"] = (at, app)
            fill(url, database, count)
        browser = stack.enter_context(sync_playwright()).chromium.launch(
            executable_path=shutil.which("chromium"), args=ARGUMENTS
        )
        times: dict[str, list[float]] = defaultdict(list)
        for _ in range(options.rounds):
            for name, (at, app) in sites.items():
                context = browser.new_context(viewport={"width": 1440, "height": 900})
                page = context.new_page()
                for state in ("cold", "warm", "third"):
                    times[f"{name}, {state}"].append(until_rows(page, at, app))
                context.close()
        page = browser.new_page()
        for _ in range(options.rounds):
            for count in (1_000, options.documents):
                for what, taken in steps(page, sites[f"pulpo, {count:,}"][0]):
                    times[f"{what}, {count:,}"].append(taken)
        for name, every in times.items():
            print(f"{name:48} {statistics.median(every):8.0f} ms")
        browser.close()


if __name__ == "__main__":
    main()
