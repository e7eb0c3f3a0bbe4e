"""Where runs go: to a server that takes them, here otherwise, and never to both."""

from __future__ import annotations

import asyncio
import json
import threading
from collections.abc import AsyncIterator, Callable, Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from unittest.mock import AsyncMock

import pytest
from pydantic import BaseModel, SecretStr

pytest.importorskip("pymongo", reason="runs are kept in MongoDB")
pytest.importorskip("httpx", reason="Prefect is asked over HTTP: pulpo-base[project]")

from pymongo import AsyncMongoClient
from pymongo.errors import AutoReconnect

from pulpo_base.flows import dispatch
from pulpo_base.flows.dispatch import (
    EngineUnavailableError,
    begin_operation,
    cancelled,
    settled,
)
from pulpo_base.runs.prefect_api import PrefectApi, PrefectUnreachableError
from pulpo_base.runs.records import RunRecords
from pulpo_base.runs.servers import remember_server
from pulpo_base.runs.working import Runs, background_runs

RUN = "00000000-0000-0000-0000-000000000001"


class Word(BaseModel):
    word: str


class Secret(BaseModel):
    token: SecretStr


class Server:
    """What Prefect's API answers, by the last part of the path; `None` is no answer at all."""

    def __init__(self) -> None:
        self.answers: dict[str, tuple[int, Any] | None] = {
            "pool": (200, {"status": "READY", "is_paused": False}),
            "deployment": (200, {"id": "d"}),
            "create_flow_run": (201, {"id": RUN}),
            "flow_run": (200, {"state_type": "CRASHED"}),
            "task": (200, {}),
            "health": (200, True),
        }
        self.unfinished = ["t"]
        self.url = ""
        #: The `Authorization` without which it answers 401.
        self.wants: str | None = None
        self.begun: list[dict[str, Any]] = []
        self.told: dict[str, str] = {}
        self.over = threading.Event()

    def answer(self, path: str) -> tuple[int, Any] | None:
        if path.endswith("/task_runs/filter"):
            waiting = [{"id": one} for one in self.unfinished if one not in self.told]
            return 200, waiting[:200]
        if path.endswith("/flow_runs/filter"):
            status, _ = self.answers["flow_run"] or (500, {})
            return (200, [{"id": RUN}] if status == 200 else []) if status < 500 else (500, {})
        for part, key in (
            ("/health", "health"),
            ("/work_pools/", "pool"),
            ("/deployments/name/", "deployment"),
            ("/create_flow_run", "create_flow_run"),
            ("/flow_runs/", "flow_run"),
            ("/task_runs/", "task"),
        ):
            if part in path:
                return self.answers[key]
        return 404, {}


@pytest.fixture
def prefect() -> Iterator[Server]:
    server = Server()

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            answer = server.answer(self.path)
            if server.wants is not None and self.headers["Authorization"] != server.wants:
                answer = (401, {})
            if answer is None:
                server.over.wait(60)
                return
            body = json.dumps(answer[1]).encode()
            self.send_response(answer[0])
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def do_POST(self) -> None:
            length = int(self.headers["Content-Length"])
            server.begun.append(json.loads(self.rfile.read(length)))
            if self.path.endswith("/set_state"):
                server.told[self.path.split("/")[-2]] = server.begun[-1]["state"]["type"]
            self.do_GET()

        def log_message(self, *_: Any) -> None:
            """Say nothing."""

    http = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    http.daemon_threads = True
    thread = threading.Thread(target=http.serve_forever)
    thread.start()
    server.url = f"http://127.0.0.1:{http.server_port}/api"
    yield server
    server.over.set()
    http.shutdown()
    http.server_close()
    thread.join()


@pytest.fixture
async def runs(
    mongodb_url: str, database_name: str, prefect: Server, monkeypatch: pytest.MonkeyPatch
) -> AsyncIterator[Runs]:
    monkeypatch.delenv("PREFECT_API_URL", raising=False)
    await remember_server(mongodb_url, database_name, api_url=prefect.url, pool="shop")
    async with (
        AsyncMongoClient[dict[str, Any]](mongodb_url, tz_aware=True) as mongo,
        background_runs(mongo[database_name], engine="auto") as found,
    ):
        yield found


async def here(_run: str) -> str:
    return '"here"'


async def begun(runs: Runs, value: BaseModel) -> dict[str, Any]:
    record = await begin_operation(runs, "a.b", {"data": (type(value), value)}, here, "me")
    async with asyncio.timeout(60):
        await runs.ended(record["_id"])
    return await runs.find(record["_id"]) or record


async def test_an_operation_goes_to_a_worker_that_takes_runs(runs: Runs, prefect: Server) -> None:
    record = await begun(runs, Word(word="x"))

    assert (record["_id"], record["engine"], record["state"]) == (RUN, "prefect", "running")
    assert (record["operation"], record["owner"]) == ("a.b", "me")
    assert [one["parameters"] for one in prefect.begun] == [{"data": {"word": "x"}}]


@pytest.mark.parametrize(
    ("key", "answer"),
    [
        ("pool", (200, {"status": "NOT_READY", "is_paused": False})),
        ("pool", (200, {"status": "READY", "is_paused": True})),
        ("deployment", (404, {})),
        ("create_flow_run", (422, {})),
        ("create_flow_run", (404, {})),  # the deployment was deleted a moment ago
        ("pool", (401, {})),
    ],
)
async def test_it_stays_here_where_nobody_takes_it_and_says_so(
    runs: Runs, prefect: Server, key: str, answer: Any, caplog: pytest.LogCaptureFixture
) -> None:
    prefect.answers[key] = answer

    record = await begun(runs, Word(word="x"))

    assert (record["state"], record["result"]) == ("succeeded", '"here"')
    warned = [one.message for one in caplog.records if one.levelname == "WARNING"]
    assert [one for one in warned if one.startswith("operation a.b runs in this process: ")]
    runs.engine = "prefect"
    with pytest.raises(EngineUnavailableError):
        await begun(runs, Word(word="x"))


@pytest.mark.parametrize(
    ("variable", "value", "header"),
    [
        ("PREFECT_API_KEY", "pnu_1", "Bearer pnu_1"),
        ("PREFECT_API_AUTH_STRING", "admin:pässword", "Basic YWRtaW46cMOkc3N3b3Jk"),
    ],
)
async def test_a_protected_server_is_told_who_asks(
    runs: Runs,
    prefect: Server,
    monkeypatch: pytest.MonkeyPatch,
    variable: str,
    value: str,
    header: str,
) -> None:
    monkeypatch.setenv(variable, value)
    prefect.wants = header

    assert (await begun(runs, Word(word="x")))["engine"] == "prefect"

    monkeypatch.delenv(variable)
    assert (await begun(runs, Word(word="x")))["result"] == '"here"'


async def test_a_deployment_that_is_gone_is_an_error(prefect: Server) -> None:
    async with PrefectApi(prefect.url) as api:
        with pytest.raises(PrefectUnreachableError, match="knows no deployment x: run"):
            await api.schedule_of("x")


async def test_secrets_stay_here(runs: Runs, prefect: Server) -> None:
    record = await begun(runs, Secret(token=SecretStr("s")))

    assert record["state"] == "succeeded"
    assert prefect.begun == []


async def test_what_prefect_may_have_begun_is_begun_nowhere_else(
    runs: Runs, prefect: Server
) -> None:
    prefect.answers["create_flow_run"] = (500, {})

    with pytest.raises(EngineUnavailableError) as failure:
        await begun(runs, Word(word="x"))

    assert failure.value.may_run
    assert await runs.records.listed({}, limit=1) == []


@pytest.mark.parametrize("answers", [True, False])
async def test_a_run_that_cannot_be_written_down_is_taken_back(
    runs: Runs, prefect: Server, monkeypatch: pytest.MonkeyPatch, answers: bool
) -> None:
    monkeypatch.setattr(runs.records, "announce", AsyncMock(side_effect=AutoReconnect("blip")))
    prefect.answers["flow_run"] = (200, {"state_type": "SCHEDULED"}) if answers else (500, {})

    with pytest.raises(AutoReconnect if answers else EngineUnavailableError) as failure:
        await begun(runs, Word(word="x"))

    assert prefect.told == ({RUN: "CANCELLED"} if answers else {})
    # It is not begun here as well.
    assert await runs.records.listed({}, limit=1) == []
    assert answers or RUN in str(failure.value)


async def test_a_silent_server_does_not_hold_up_what_is_known(
    runs: Runs, prefect: Server, monkeypatch: pytest.MonkeyPatch
) -> None:
    record = await begun(runs, Word(word="x"))
    prefect.answers["flow_run"] = None
    monkeypatch.setattr(dispatch, "_PATIENCE", 0.05)

    async with asyncio.timeout(60):
        assert (await settled(runs, record))["state"] == "running"

    prefect.answers["flow_run"] = (200, {"state_type": "CRASHED"})
    monkeypatch.setattr(dispatch, "_PATIENCE", 30)
    assert (await settled(runs, record))["state"] == "failed"


async def test_a_run_that_prefect_has_forgotten_ends(runs: Runs, prefect: Server) -> None:
    record = await begun(runs, Word(word="x"))
    prefect.answers["flow_run"] = (404, {})

    found = await settled(runs, record)

    assert (found["state"], found["problem"]["code"]) == ("failed", "run_lost")


async def test_a_run_that_prefect_has_forgotten_is_cancelled_at_once(
    runs: Runs, prefect: Server
) -> None:
    record = await begun(runs, Word(word="x"))
    prefect.answers["flow_run"] = (404, {})

    found = await cancelled(runs, record)

    assert (found["state"], found.get("problem"), prefect.told) == ("cancelled", None, {})


async def test_a_run_that_prefect_has_forgotten_ends_though_nobody_looks(
    runs: Runs, prefect: Server
) -> None:
    await begun(runs, Word(word="x"))
    async with background_runs(runs.database, beat=0.01, lease=0.1):
        await asyncio.sleep(0.5)
        waiting = await runs.find(RUN)
        assert waiting is not None
        assert waiting["state"] == "running"

        prefect.answers["flow_run"] = (404, {})
        found = await once(runs, lambda record: record["state"] != "running")
    assert found["problem"]["code"] == "run_lost"


async def test_what_answers_in_the_place_of_prefect_ends_no_run(
    runs: Runs, prefect: Server
) -> None:
    record = await begun(runs, Word(word="x"))
    prefect.answers["flow_run"] = prefect.answers["health"] = (404, {})

    assert (await settled(runs, record))["state"] == "running"
    assert (await cancelled(runs, record))["state"] == "running"


async def test_a_run_that_was_taken_meanwhile_goes_on(runs: Runs, prefect: Server) -> None:
    record = await begun(runs, Word(word="x"))
    prefect.answers["flow_run"] = (404, {})
    await RunRecords(runs.database, "elsewhere:1:x", 0).add("a.b", "", name=RUN)

    assert (await settled(runs, record))["state"] == "running"


@pytest.mark.parametrize(
    ("cancelling", "state", "told"),
    [(False, "failed", "CRASHED"), (True, "cancelled", "CANCELLED")],
)
async def test_prefect_is_told_of_a_run_whose_process_died(
    runs: Runs, prefect: Server, cancelling: bool, state: str, told: str
) -> None:
    prefect.answers["flow_run"] = (500, {})
    dead = RunRecords(runs.database, "elsewhere:1:x", 0)
    await dead.add("a.b", "", name=RUN, engine="prefect")
    if cancelling:
        await dead.ask_to_cancel(RUN)
    async with background_runs(runs.database, beat=0.01, lease=0.1):
        found = await once(runs, lambda record: record["state"] != "running")
        assert (found["state"], prefect.told) == (state, {})

        # It is told as soon as it answers, once.
        prefect.answers["flow_run"] = (200, {"state_type": "RUNNING"})
        await once(runs, lambda record: "untold" not in record)
    assert prefect.told == {RUN: told, "t": told}


async def test_prefect_is_told_of_every_task_of_a_long_run(runs: Runs, prefect: Server) -> None:
    prefect.answers["flow_run"] = (200, {"state_type": "RUNNING"})
    prefect.unfinished = [f"t{number}" for number in range(450)]

    async with PrefectApi(prefect.url) as api:
        await api.lost(RUN, was_cancelled=False)

    assert prefect.told == dict.fromkeys([RUN, *prefect.unfinished], "CRASHED")


async def test_a_process_shows_that_it_is_alive_while_it_tells_prefect(
    runs: Runs, prefect: Server
) -> None:
    await RunRecords(runs.database, "elsewhere:1:x", 0).add("a.b", "", name=RUN, engine="prefect")
    prefect.answers["flow_run"] = None
    async with background_runs(runs.database, beat=0.01, lease=0.3) as telling:
        over = asyncio.Event()

        async def work(_run: str) -> str:
            await over.wait()
            return "1"

        await once(runs, lambda record: "untold" in record)
        mine = await telling.start("a.b", work)
        await asyncio.sleep(1)
        await telling.records.fail_lost()
        over.set()
        await telling.ended(mine["_id"])
        found = await telling.find(mine["_id"])
    assert found is not None
    assert found["state"] == "succeeded"


async def once(runs: Runs, holds: Callable[[dict[str, Any]], bool]) -> dict[str, Any]:
    """Return the run when that holds of it."""
    async with asyncio.timeout(60):
        while True:
            found = await runs.find(RUN)
            if found is not None and holds(found):
                return found
            await asyncio.sleep(0.02)
