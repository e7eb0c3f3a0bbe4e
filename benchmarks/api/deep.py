"""Long lists: the cost of a late page, and of an export of everything in time and memory."""

from __future__ import annotations

import statistics
import tempfile
import time
from base64 import urlsafe_b64decode, urlsafe_b64encode
from pathlib import Path

import httpx
from bson import ObjectId
from serving import Server, compiled, fill, pulpo_command, served

from pulpo_base.database import LocalMongod

DOCUMENTS = 100_000
PAGE_SIZE = 20
LATE = 4_000
ROUNDS = 200


def cursor_behind(client: httpx.Client, key: ObjectId, first: ObjectId) -> str:
    """Return the cursor of the page before, made of the first page's: only its id differs."""
    page = client.get("/api/items", params={"page_size": PAGE_SIZE}).json()
    text = page["next"]
    content = urlsafe_b64decode(text + "=" * (-len(text) % 4))
    assert first.binary in content
    return urlsafe_b64encode(content.replace(first.binary, key.binary)).decode().rstrip("=")


def pages(client: httpx.Client, ids: list[ObjectId]) -> None:
    late = cursor_behind(client, ids[(LATE - 1) * PAGE_SIZE - 1], ids[PAGE_SIZE - 1])
    size = {"page_size": str(PAGE_SIZE)}
    choices = {"page 1": size, f"page {LATE}": {**size, "after": late}}
    last = client.get("/api/items", params=choices[f"page {LATE}"]).json()["items"]
    assert last[0]["id"] == str(ids[(LATE - 1) * PAGE_SIZE])
    times: dict[str, list[float]] = {name: [] for name in choices}
    for _ in range(ROUNDS):
        for name, params in choices.items():
            started = time.perf_counter()
            client.get("/api/items", params=params).raise_for_status()
            times[name].append((time.perf_counter() - started) * 1000)
    first, behind = (statistics.median(taken) for taken in times.values())
    print(f"page 1: {first:.2f} ms, page {LATE}: {behind:.2f} ms, ratio {behind / first:.2f}")


def exports(client: httpx.Client, server: Server) -> None:
    for form in ("csv", "jsonl"):
        before, most, lines = server.resident_mib(), 0.0, 0
        started = time.perf_counter()
        with client.stream("GET", f"/api/items:export?format={form}") as answer:
            for number, piece in enumerate(answer.iter_bytes()):
                lines += piece.count(b"\n")
                if number % 50 == 0:
                    most = max(most, server.resident_mib())
        seconds = time.perf_counter() - started
        growth = max(most, server.resident_mib()) - before
        print(f"{form}: {lines:,} lines in {seconds:.1f} s, {growth:.1f} MiB more than before")


def main() -> None:
    with tempfile.TemporaryDirectory() as folder, LocalMongod(Path(folder, "mongod", "db")) as db:
        ids = fill(db.url, "deep", DOCUMENTS)
        project = compiled(Path(folder))
        running = served("pulpo", pulpo_command(), db.url, database="deep", cwd=project)
        with running as server, httpx.Client(base_url=server.url(""), timeout=120) as client:
            for _ in range(100):
                client.get("/api/items").raise_for_status()
            pages(client, ids)
            exports(client, server)


if __name__ == "__main__":
    main()
