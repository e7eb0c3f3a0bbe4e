"""The dashboard in a real browser."""

from __future__ import annotations

import shutil
from typing import TYPE_CHECKING, Any

import httpx
import pytest
from fastapi import FastAPI, HTTPException

from pulpo_selfaware import (
    EventTracker,
    FrameworkEventLevel,
    add_selfawareness_middleware,
    record_event,
    selfaware_router,
)

if TYPE_CHECKING:
    from collections.abc import Callable, Generator
    from pathlib import Path

    Serve = Callable[[Any], int]

playwright: Any = pytest.importorskip("playwright.sync_api", reason="needs playwright")
CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser")
pytestmark = pytest.mark.skipif(CHROMIUM is None, reason="needs chromium on PATH")
OPTIONS = (
    "--headless --no-sandbox --disable-gpu --disable-quic --no-first-run "
    "--disable-background-networking --disable-component-update --disable-sync"
)
HOSTILE = "<img src=x onerror=alert(1)>"


@pytest.fixture(scope="module")
def browser(tmp_path_factory: pytest.TempPathFactory) -> Generator[Any]:
    with playwright.sync_playwright() as runner:
        context = runner.chromium.launch_persistent_context(
            tmp_path_factory.mktemp("profile"),
            executable_path=CHROMIUM,
            headless=True,
            args=OPTIONS.split(),
            viewport={"width": 1300, "height": 900},
        )
        yield context
        context.close()


@pytest.fixture
def page(browser: Any, tracker: EventTracker, serve: Serve) -> Generator[Any]:
    app = FastAPI()
    add_selfawareness_middleware(app)
    app.include_router(selfaware_router(), prefix="/selfaware")

    @app.get("/items/{item}")
    async def show(item: int) -> int:
        if item == 0:
            raise HTTPException(503)
        return item

    @app.get("/boom")
    async def boom() -> None:
        raise RuntimeError

    port = serve(app)
    # A server closes the connection after an unhandled exception: a new one for each request.
    close = {"connection": "close"}
    with httpx.Client(base_url=f"http://127.0.0.1:{port}", headers=close) as client:
        for path in ("/items/1", "/items/2", "/items/0", "/items/x", "/boom", "/boom"):
            client.get(path)
    record_event(FrameworkEventLevel.INFO, "NOTE", "app", HOSTILE)
    problems: list[str] = []
    made = browser.new_page()
    made.on("pageerror", lambda error: problems.append(str(error)))
    made.on("console", lambda message: problems.append(message.text))
    made.goto(f"http://127.0.0.1:{port}/selfaware/dashboard")
    made.wait_for_selector("#state[data-state=live]")
    made.wait_for_selector("#events tbody td.wrap")
    yield made
    made.close()
    assert problems == []


def texts(page: Any, selector: str) -> list[str]:
    return [one.strip() for one in page.locator(selector).all_inner_texts()]


def test_it_shows_what_happened(page: Any, tmp_path: Path) -> None:
    assert texts(page, "#tile-total") == ["6"]
    assert set(texts(page, "#routes tbody td.route")) == {"GET/items/{item}", "GET/boom"}
    summary = texts(page, "#exceptions summary")[0]
    assert "2 ×" in summary
    assert "RuntimeError" in summary
    messages = texts(page, "#events tbody td.wrap")
    assert HOSTILE in messages
    assert len(messages) == 5
    shot = tmp_path / "dashboard.png"
    page.screenshot(path=shot, full_page=True)
    assert shot.stat().st_size > 20_000


def test_events_arrive_while_one_looks(page: Any) -> None:
    record_event(FrameworkEventLevel.ERROR, "LATER", "app", "while you look")
    page.wait_for_selector("text=while you look", timeout=5000)


def test_pausing_holds_and_resuming_catches_up(page: Any) -> None:
    page.click("#pause")
    record_event(FrameworkEventLevel.ERROR, "LATER", "app", "while paused")
    page.wait_for_timeout(1500)
    assert page.locator("text=while paused").count() == 0
    assert texts(page, "#state") == ["paused"]
    page.click("#pause")
    page.wait_for_selector("text=while paused", timeout=5000)


def test_events_can_be_searched(page: Any) -> None:
    page.select_option("#level", "ERROR")
    assert len(texts(page, "#events tbody td.wrap")) == 3
    page.fill("#search", "boom")
    assert len(texts(page, "#events tbody td.wrap")) == 2
    page.fill("#search", "nothing like that")
    assert texts(page, "#events tbody td") == ["No event fits."]


def test_the_keyboard_reaches_everything(page: Any) -> None:
    reached = set()
    for _ in range(40):
        page.keyboard.press("Tab")
        reached.add(page.evaluate("document.activeElement.id || document.activeElement.tagName"))
    assert {"pause", "theme", "level", "search", "svg", "SUMMARY", "BUTTON"} <= reached
    page.locator("#exceptions summary").first.focus()
    page.keyboard.press("Enter")
    page.wait_for_selector("#exceptions details[open] pre")
    page.wait_for_timeout(2500)  # a refresh keeps it open, and the focus where it was
    assert page.locator("#exceptions details[open]").count() == 1
    assert page.evaluate("document.activeElement.tagName") == "SUMMARY"
    page.locator("#chart-rate svg").focus()
    page.keyboard.press("ArrowLeft")
    assert "all " in page.locator("#chart-rate .readout").inner_text()


def test_routes_can_be_sorted(page: Any) -> None:
    page.click("#routes th[data-key=count] button")
    assert texts(page, "#routes tbody td.route")[0] == "GET/items/{item}"
    assert page.get_attribute("#routes th[data-key=count]", "aria-sort") == "descending"


def test_the_theme_is_remembered(page: Any) -> None:
    page.select_option("#theme", "dark")
    dark = page.evaluate("getComputedStyle(document.body).backgroundColor")
    page.reload()
    assert page.evaluate("getComputedStyle(document.body).backgroundColor") == dark
    page.select_option("#theme", "light")
    assert page.evaluate("getComputedStyle(document.body).backgroundColor") != dark


def test_it_fits_a_narrow_window(page: Any) -> None:
    page.set_viewport_size({"width": 360, "height": 700})
    page.wait_for_timeout(300)
    assert page.evaluate("document.documentElement.scrollWidth") <= 360
    edges = page.evaluate(
        "[...document.querySelectorAll('figure, .tiles, section:not([hidden]) > .scroll, details')]"
        ".map((one) => Math.round(one.getBoundingClientRect().right))"
    )
    assert len(set(edges)) == 1, "something is wider than the rest"


def test_axe_finds_nothing_serious(page: Any) -> None:
    """In both themes, wide and narrow, with a group of exceptions open and closed."""
    axe = pytest.importorskip("axe_playwright_python.sync_playwright", reason="needs axe").Axe()

    def serious() -> dict[str, list[str]]:
        report = axe.run(page).response
        assert len(report["passes"]) > 30, "axe saw an empty page"
        return {
            one["id"]: [node["html"] for node in one["nodes"]]
            for one in report["violations"]
            if one["impact"] in {"serious", "critical"}
        }

    for theme in ("light", "dark"):
        page.select_option("#theme", theme)
        page.locator("#exceptions summary").first.click()
        for width in (1300, 360):
            page.set_viewport_size({"width": width, "height": 900})
            # Colours of rows that have just arrived are on their way.
            page.evaluate("document.getAnimations().forEach((one) => one.finish())")
            assert serious() == {}, (theme, width)
    page.evaluate("document.documentElement.style.setProperty('--quiet', '#333')")
    assert "color-contrast" in serious(), "it would not have found anything"
