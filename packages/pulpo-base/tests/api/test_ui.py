"""The admin UI as it is served: a closed list of files, one page for its addresses, any prefix."""

import sys
from pathlib import Path

import httpx
import pytest
from fastapi import FastAPI
from starlette.applications import Starlette
from starlette.routing import Mount

from pulpo_base.api import UI_PATHS, secure, ui_router

sys.path.insert(0, str(Path(__file__).parent))
from guarded import Settings

PAGE = (
    '<!doctype html><head><base href="./" /><meta name="ui-config" />'
    '<script src="./assets/a-1.js"></script></head>\n'
)
CONFIG = "{&quot;title&quot;: &quot;Shop&quot;, &quot;auth&quot;: &quot;none&quot;}"


@pytest.fixture
def bundle(tmp_path: Path) -> Path:
    folder = tmp_path / "ui"
    (folder / "assets").mkdir(parents=True)
    (folder / "index.html").write_text(PAGE)
    (folder / "favicon.svg").write_text("<svg/>\n")
    (folder / "assets" / "a-1.js").write_text("let answer = 42;\n" * 100)
    (folder / "assets" / "notes.txt").write_text("no part of a page\n")
    (tmp_path / "secret.js").write_text("secret\n")
    (folder / "assets" / "link.js").symlink_to(tmp_path / "secret.js")
    return folder


def application(folder: Path, auth: str = "none") -> FastAPI:
    app = FastAPI()
    secure(app, Settings(auth=auth), public_pages=UI_PATHS)
    app.include_router(ui_router(folder, title="Shop", auth=auth))
    return app


def asking(app: object, **options: object) -> httpx.AsyncClient:
    transport = httpx.ASGITransport(app=app, client=("127.0.0.1", 1))  # type: ignore[arg-type]
    return httpx.AsyncClient(transport=transport, base_url="http://127.0.0.1", **options)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    "path",
    ["/", "/models/orders", "/models/orders/show/a%2Fb", "/operations", "/login", "/monitor"],
)
async def test_the_page_answers_its_addresses(bundle: Path, path: str) -> None:
    async with asking(application(bundle)) as client:
        answer = await client.get(path)
        head = await client.head(path)

    assert answer.status_code == head.status_code == 200
    written = f'name="ui-config" content="{CONFIG}"'
    assert answer.text == PAGE.replace("./", "/", 1).replace('name="ui-config"', written)
    assert answer.headers["cache-control"] == "no-cache"
    policy = answer.headers["content-security-policy"]
    assert "default-src 'none'; script-src 'self'" in policy
    assert "unsafe-eval" not in policy


@pytest.mark.parametrize("path", ["/nothing", "/api/orders", "/modelsx", "/index.html"])
async def test_other_addresses_are_not_the_page(bundle: Path, path: str) -> None:
    async with asking(application(bundle)) as client:
        assert (await client.get(path)).status_code == 404


async def test_below_a_prefix_the_base_is_the_prefix(bundle: Path) -> None:
    outer = Starlette(routes=[Mount("/shop", application(bundle))])
    async with asking(outer) as client:
        page = await client.get("/shop/models/orders")
        script = await client.get("/shop/assets/a-1.js")

    assert '<base href="/shop/" />' in page.text
    assert script.status_code == 200


async def test_a_prefix_is_no_markup(bundle: Path) -> None:
    app = application(bundle)
    app.root_path = '/"><script>'
    async with asking(app) as client:
        page = await client.get("/")

    assert "<script>" not in page.text.replace('<script src="./assets/a-1.js">', "")


async def test_files_named_by_their_hash_are_kept_and_compressed(bundle: Path) -> None:
    async with asking(application(bundle)) as client:
        packed = await client.get("/assets/a-1.js", headers={"accept-encoding": "gzip"})
        plain = await client.get("/assets/a-1.js", headers={"accept-encoding": "identity"})

    assert packed.headers["content-encoding"] == "gzip"
    assert int(packed.headers["content-length"]) < int(plain.headers["content-length"])
    assert packed.text == plain.text == "let answer = 42;\n" * 100
    assert plain.headers["cache-control"] == "public, max-age=31536000, immutable"
    assert plain.headers["vary"] == "Accept-Encoding"
    assert plain.headers["content-type"] == "text/javascript; charset=utf-8"


@pytest.mark.parametrize(
    "name",
    [
        "notes.txt",
        "link.js",
        "../../secret.js",
        "%2e%2e/%2e%2e/secret.js",
        "..%2f..%2fsecret.js",
        "",
    ],
)
async def test_nothing_else_is_served(bundle: Path, name: str) -> None:
    async with asking(application(bundle)) as client:
        answer = await client.get(f"/assets/{name}")

    assert answer.status_code == 404
    assert "secret" not in answer.text


async def test_what_comes_later_is_not_served(bundle: Path) -> None:
    app = application(bundle)
    (bundle / "assets" / "late.js").write_text("late\n")
    async with asking(app) as client:
        assert (await client.get("/assets/late.js")).status_code == 404


async def test_the_page_needs_no_credentials_and_the_rest_does(bundle: Path) -> None:
    async with asking(application(bundle, "api_key")) as client:
        shown = [
            await client.get(path) for path in ("/", "/login", "/assets/a-1.js", "/favicon.svg")
        ]
        config = await client.get("/ui-config.json")
        other = await client.get("/api/orders")
        written = await client.post("/models/orders")

    assert [answer.status_code for answer in shown] == [200] * 4
    assert config.json() == {"title": "Shop", "auth": "api_key"}
    assert other.status_code == written.status_code == 401


async def test_without_a_bundle_the_page_says_so(tmp_path: Path) -> None:
    async with asking(application(tmp_path / "nowhere")) as client:
        answer = await client.get("/")

    assert answer.status_code == 404
    assert "pulpo compile ui" in answer.text


async def test_a_build_of_the_projects_own_takes_the_place_of_the_other(
    bundle: Path, tmp_path: Path
) -> None:
    app = FastAPI()
    own = tmp_path / "own"
    app.include_router(ui_router(bundle, own=own, title="Shop"))
    own.mkdir()
    (own / "index.html").write_text(PAGE.replace("a-1", "own-1"))
    with_own = FastAPI()
    with_own.include_router(ui_router(bundle, own=own, title="Shop"))

    async with asking(app) as before, asking(with_own) as after:
        assert "a-1.js" in (await before.get("/")).text
        assert "own-1.js" in (await after.get("/")).text
        assert (await after.get("/assets/a-1.js")).status_code == 404
