"""The admin UI of a compiled shop in a real browser: on a real MongoDB, with something in it."""

from __future__ import annotations

import asyncio
import json
import shutil
import sys
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import httpx
import pytest
from pymongo import AsyncMongoClient, MongoClient

from pulpo_base.database.api_keys import ApiKeys

# What tests of pages share is a module beside them.
sys.path.insert(0, str(Path(__file__).parent))

#: How long a page may take for anything, on a machine that is busy.
PATIENCE_MS = 60_000
ROOT = Path(__file__).resolve().parent.parent.parent
CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser")
OPTIONS = (
    "--headless --no-sandbox --disable-gpu --disable-quic --no-first-run "
    "--disable-background-networking --disable-component-update --disable-sync"
)
#: What the shop has not: an operation that takes its time, and one that takes a secret.
CHECKS = '''
"""Operations for looking at the admin UI."""

import asyncio

from pulpo_base import operation
from pydantic import BaseModel, Field, SecretStr


class Wait(BaseModel):
    seconds: float = Field(default=1, ge=0, le=60)


class Waited(BaseModel):
    seconds: float
    words: list[str]


class Login(BaseModel):
    user: str
    password: SecretStr
    api_token: str = ""


@operation(
    name="checks.wait", category="checks", models_in=[], models_out=[],
    async_enabled=True, in_flow=False,
)
async def wait(request: Wait) -> Waited:
    """Take some time."""
    await asyncio.sleep(request.seconds)
    return Waited(seconds=request.seconds, words=["one", "two"])


@operation(name="checks.login", category="checks", models_in=[], models_out=[], in_flow=False)
async def login(request: Login) -> bool:
    """Take a secret and forget it."""
    return request.password.get_secret_value() != ""
'''

#: What a proxy makes of the requests that it brings from below `/vets`.
PROXIED = """
from run_cache.generated_api import app as inner

async def app(scope, receive, send):
    if scope.get("path", "").startswith("/vets/"):
        scope = {**scope, "root_path": "/vets"}
    await inner(scope, receive, send)
"""

Pulpo = Callable[..., Any]
Serve = Callable[..., AbstractContextManager[httpx.Client]]
OpenPage = Callable[..., Any]


@pytest.fixture(scope="session")
def shop_api(
    tmp_path_factory: pytest.TempPathFactory, pulpo: Pulpo, serve: Serve
) -> Iterator[httpx.Client]:
    """The shop served over HTTP, after one order went through; tests may add to it."""
    folder = tmp_path_factory.mktemp("ui") / "shop"
    ignored = shutil.ignore_patterns("__pycache__", ".pulpo", "run_cache", ".*_cache")
    shutil.copytree(ROOT / "examples" / "shop", folder, ignore=ignored)
    (folder / "operations" / "checks.py").write_text(CHECKS.lstrip(), encoding="utf-8")
    done = pulpo("init", "--no-database", cwd=folder)
    assert done.returncode == 0, done.stderr
    with serve(folder) as client:
        _seed(client, json.loads((folder / "demo.json").read_text("utf-8")))
        yield client


def _seed(client: httpx.Client, demo: dict[str, Any]) -> None:
    """Do what the tour of the shop does: a customer orders two mugs."""
    made: dict[str, str] = {}

    def filled(value: Any) -> Any:
        if isinstance(value, dict):
            return {key: filled(item) for key, item in value.items()}
        if isinstance(value, list):
            return [filled(item) for item in value]
        if isinstance(value, str) and value.startswith("$"):
            return made[value[1:].removesuffix(".id")]
        return value

    for item in demo["create"]:
        answer = client.post(item["path"], json=filled(item["body"]))
        assert answer.status_code == 201, answer.text
        made[item["name"]] = answer.json()["id"]
    begun = client.post(f"/api/flows/{demo['flow']}/runs", json=filled(demo["parameters"]))
    assert begun.status_code == 202, begun.text
    _ended(client, begun.headers["location"])


def _ended(client: httpx.Client, location: str) -> None:
    for _ in range(200):
        run = client.get(location).json()
        if run["state"] != "running":
            break
    assert run["state"] == "succeeded", run


@dataclass(frozen=True)
class Clinic:
    """A served project that asks for keys, behind a proxy that serves it below `/vets`."""

    #: Where the start page is, without a slash at its end.
    url: str
    #: A key that may do everything, one that may read everything, one that has no permissions.
    full: str
    reader: str
    narrow: str
    #: Asks with the key that may do everything.
    api: httpx.Client
    #: The ids of one document of each model, by the last part of the model's path.
    ids: dict[str, str]


@pytest.fixture(scope="session")
def clinic(
    tmp_path_factory: pytest.TempPathFactory, pulpo: Pulpo, serve: Serve, mongodb_url: str
) -> Iterator[Clinic]:
    """Another project than the shop, with other names, types and permissions."""
    folder = tmp_path_factory.mktemp("ui") / "clinic"
    shutil.copytree(ROOT / "tests" / "cases" / "clinic", folder)
    (folder / "proxied.py").write_text(PROXIED.lstrip(), encoding="utf-8")
    done = pulpo("init", "--no-database", cwd=folder)
    assert done.returncode == 0, done.stderr
    with MongoClient[dict[str, Any]](mongodb_url) as mongo:
        before = set(mongo.list_database_names())
        with serve(folder, app="proxied:app") as api:
            [database] = set(mongo.list_database_names()) - before
            full, reader, narrow = asyncio.run(_keys(mongodb_url, database))
            api.headers["X-API-Key"] = full
            ids = _treated(api)
            url = f"{str(api.base_url).rstrip('/')}/vets"
            yield Clinic(url, full, reader, narrow, api, ids)


async def _keys(url: str, database: str) -> tuple[str, str, str]:
    async with AsyncMongoClient[dict[str, Any]](url, tz_aware=True) as client:
        keys = ApiKeys(client[database])
        _, full = await keys.create("Everything", ("*",))
        _, reader = await keys.create("The auditor", ("staff:read",))
        _, narrow = await keys.create("Ada's laptop", ())
        return full, reader, narrow


def _treated(api: httpx.Client) -> dict[str, str]:
    """Store a cat that was treated, and return the ids of what that takes."""
    ids: dict[str, str] = {}

    def made(path: str, **values: Any) -> None:
        answer = api.post(f"/api/{path}", json=values)
        assert answer.status_code == 201, answer.text
        ids[path] = answer.json()["id"]

    made("owners", full_name="Ada Lovelace", channel="phone", standing=1, phones=["1", "2"])
    made("staff", name="Dr. Eve", licence="X-1")
    made("animals", name="Old cat", species="cat", owner=ids["owners"], weight_kg="4.250")
    rabies = {"against": "rabies", "on": "2024-05-01"}
    parvo = {"against": "parvo", "on": "2024-06-01", "lot": "L1"}
    made(
        "animals",
        name="Kit",
        species="cat",
        owner=ids["owners"],
        mother=ids["animals"],
        weight_kg="1.125",
        born="2024-02-29",
        vaccinations=[rabies, parvo],
        habitat={"indoors": False, "square_metres": 12.5},
        raw={"seen": [1, {"by": None}], "chip": None},
    )
    doses = [{"amount": "1.50", "unit": "ml"}]
    made(
        "visits",
        animal=ids["animals"],
        vets=[ids["staff"]],
        at="2026-03-01T10:00:00+02:00",
        took="PT1H30M",
        treatments=[
            {"kind": "medication", "drug": "Something", "doses": doses},
            {"kind": "advice", "text": "Rest"},
        ],
        fee="120.50",
    )
    return ids


@contextmanager
def _watched(browser: Any) -> Iterator[tuple[Callable[[], Any], list[str]]]:
    """Yield what opens pages, and what went wrong in them: at the end that has to be nothing.

    What the browser itself writes to the console of an answer that says no (422, say) is no error
    of the page.
    """
    problems: list[str] = []
    opened: list[Any] = []

    def said(message: Any) -> None:
        if "Failed to load resource" not in message.text:
            problems.append(message.text)

    def new() -> Any:
        page = browser.new_page()
        opened.append(page)
        page.on("pageerror", lambda error: problems.append(str(error)))
        page.on("console", said)
        page.set_default_timeout(PATIENCE_MS)
        return page

    yield new, problems
    for page in opened:
        page.close()
    assert problems == []


@pytest.fixture
def clinic_page(browser: Any, clinic: Clinic) -> Iterator[OpenPage]:
    """Open a path of the clinic as whoever has a key: `clinic_page("/", clinic.full)`.

    The test fails where a script failed, wrote to the console, or asked for what is not below the
    prefix, which a proxy would not have brought here.
    """
    with _watched(browser) as (new, problems):

        def asked(request: Any) -> None:
            if not request.url.startswith((f"{clinic.url}/", "data:", "blob:")):
                problems.append(f"not below the prefix: {request.url}")

        def go(path: str, key: str | None = None, *, width: int = 1440) -> Any:
            page = new()
            page.set_viewport_size({"width": width, "height": 900})
            page.on("request", asked)
            if key is not None:
                page.add_init_script(f"sessionStorage.setItem('pulpo.credentials', '{key}')")
            page.goto(clinic.url + path)
            page.wait_for_selector("main h1")
            return page

        yield go


# Not for the session: Playwright's loop runs for as long as it lives, and the asynchronous tests of
# other modules in this process need their own.
@pytest.fixture(scope="module")
def browser(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Any]:
    """Debian's Chromium with a profile of its own."""
    playwright: Any = pytest.importorskip("playwright.sync_api", reason="needs playwright")
    if CHROMIUM is None:
        pytest.skip("needs chromium on PATH")
    with playwright.sync_playwright() as runner:
        context = runner.chromium.launch_persistent_context(
            tmp_path_factory.mktemp("profile"),
            executable_path=CHROMIUM,
            headless=True,
            args=OPTIONS.split(),
            viewport={"width": 1440, "height": 900},
            reduced_motion="reduce",
        )
        yield context
        context.close()


@pytest.fixture
def open_page(browser: Any, shop_api: httpx.Client) -> Iterator[OpenPage]:
    """Open a path of the UI: `open_page("/operations", scheme="dark", width=390)`.

    The test fails where a page's script failed or wrote to the console.
    """
    with _watched(browser) as (new, _):

        def go(path: str, *, scheme: str = "light", width: int = 1440) -> Any:
            page = new()
            page.emulate_media(color_scheme=scheme, reduced_motion="reduce")
            page.set_viewport_size({"width": width, "height": 900})
            page.goto(str(shop_api.base_url).rstrip("/") + path)
            page.wait_for_selector("main h1")
            return page

        yield go


@pytest.fixture(scope="session")
def serious() -> Callable[[Any], dict[str, list[str]]]:
    """Return what axe finds serious or critical on a page, by rule."""
    axe = pytest.importorskip("axe_playwright_python.sync_playwright", reason="needs axe").Axe()

    def found(page: Any) -> dict[str, list[str]]:
        # Colours of what has just appeared are on their way.
        page.evaluate("document.getAnimations().forEach((one) => one.finish())")
        report = axe.run(page).response
        assert len(report["passes"]) > 15, "axe saw an empty page"
        return {
            one["id"]: [node["html"] for node in one["nodes"]]
            for one in report["violations"]
            if one["impact"] in {"serious", "critical"}
        }

    return found
