#!/usr/bin/env python3
"""Take the pictures of the admin UI: `uv run python scripts/browser_pictures.py`.

The example shop is made in a folder of its own, served with its database, filled with made-up data
and an order, and looked at with Chromium, which has to be on PATH.
"""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path
from time import monotonic, sleep
from typing import Any

import httpx
from playwright.sync_api import sync_playwright

ROOT = Path(__file__).resolve().parent.parent
PICTURES = ROOT / "docs" / "pictures"
OPTIONS = (
    "--headless --no-sandbox --disable-gpu --disable-quic --no-first-run "
    "--disable-background-networking --disable-component-update --disable-sync"
)
WIDTH, HEIGHT = 1400, 760
RUN_SECONDS = 30


def main() -> None:
    """Take every picture anew."""
    browser = shutil.which("chromium")
    if browser is None:
        raise SystemExit("chromium is not on PATH")
    with tempfile.TemporaryDirectory(prefix="pulpo-pictures-") as temporary:
        shop = Path(temporary) / "shop"
        run("-m", "pulpo_cli", "new", "shop", "--template", "shop", folder=shop.parent)
        try:
            run("main", "up", "--no-prefect", folder=shop)
            run("main", "db", "seed", "--count", "24", "--seed", "7", folder=shop)
            api = served_at(shop)
            order = an_order(api)
            look(browser, api, {"list": "/models/orders?sort=-total", "flow": order})
        finally:
            run("main", "down", folder=shop)


def run(*arguments: str, folder: Path) -> str:
    """Run Python with these arguments; end with what it said where it fails."""
    done = subprocess.run(
        [sys.executable, *arguments], cwd=folder, capture_output=True, text=True, check=False
    )
    if done.returncode:
        raise SystemExit(f"{' '.join(arguments)} failed:\n{done.stdout}{done.stderr}")
    return done.stdout


def served_at(shop: Path) -> str:
    """Return the address of the API."""
    rows = json.loads(run("main", "status", "--json", folder=shop))["services"]
    address: str = next(row["url"] for row in rows if row["name"] == "api")
    return address


def an_order(api: str) -> str:
    """Run the flow of orders once, and return the path of the run's page."""
    with httpx.Client(base_url=api, trust_env=False) as client:
        customer = first(client, "/api/customers")
        category = first(client, "/api/categories")
        mug = {"sku": "MUG-1", "title": "Mug", "price": "9.99", "stock": 5, "category": category}
        client.post("/api/products", json=mug).raise_for_status()
        asked = {"customer_id": customer, "lines": [{"sku": "MUG-1", "quantity": 2}]}
        begun = client.post("/api/flows/orders/runs", json=asked).raise_for_status()
        deadline = monotonic() + RUN_SECONDS
        while (found := client.get(begun.headers["location"]).json())["state"] == "running":
            if monotonic() > deadline:
                raise SystemExit(f"the run does not end: {found}")
            sleep(0.1)
        if found["state"] != "succeeded":
            raise SystemExit(f"the run failed: {found}")
        return f"/flows/orders/runs/{found['id']}"


def first(client: httpx.Client, path: str) -> str:
    """Return the id of the first document of a list."""
    found: str = client.get(path).raise_for_status().json()["items"][0]["id"]
    return found


def look(browser: str, api: str, pages: dict[str, str]) -> None:
    """Write a picture of each page, by its name."""
    PICTURES.mkdir(exist_ok=True)
    with sync_playwright() as runner, tempfile.TemporaryDirectory() as profile:
        context: Any = runner.chromium.launch_persistent_context(
            profile,
            executable_path=browser,
            headless=True,
            args=OPTIONS.split(),
            viewport={"width": WIDTH, "height": HEIGHT},
            reduced_motion="reduce",
        )
        for name, path in pages.items():
            page = context.new_page()
            page.goto(api + path, wait_until="networkidle")
            page.wait_for_selector("main h1")
            page.screenshot(path=PICTURES / f"ui-{name}.png")
            print(f"docs/pictures/ui-{name}.png")
        context.close()


if __name__ == "__main__":
    main()
