"""Every control of every page: what the UI offers somebody, the API accepts from them.

Each link is followed, each button pressed, and each entry of what a button opens, by whoever may
change everything, may only read, or has no permissions. Deletions are only rehearsed
(`validate_only`), so that one control does not take away what another needs.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import Any

import pytest

OpenPage = Callable[..., Any]

#: The controls of a page, and those of the shell, which are the same on every page.
INSIDE = "main :is(button, [role=tab], [role=switch]):visible:enabled"
SHELL = "header :is(button, [role=switch]):visible:enabled"
#: What a control opens.
OPENED = (
    ":is([role=menuitem], dialog[open] button, .ant-modal-wrap button, .ant-popover button,"
    " .ant-popconfirm button):visible"
)
#: Leaves the page, or is not asked of the API.
LEFT_ALONE = ("Log out", "Reload")


class Watch:
    """What is asked while somebody uses a page, and what of it the API refused."""

    def __init__(self, page: Any) -> None:
        self.refused: list[str] = []
        self.asked = 0
        self._page = page
        self._open: set[Any] = set()
        page.on("request", self._begun)
        page.on("requestfinished", self._ended)
        page.on("requestfailed", self._ended)
        page.on("response", self._judge)

    def settled(self) -> None:
        """Wait until everything that was asked is answered."""
        deadline = time.monotonic() + 60
        self._page.wait_for_timeout(30)
        while self._open and time.monotonic() < deadline:
            self._page.wait_for_timeout(30)
        assert not self._open, [request.url for request in self._open]

    def _begun(self, request: Any) -> None:
        self.asked += 1
        # The stream of events never ends, and the statistics are asked for again and again.
        if "/selfaware/" not in request.url:
            self._open.add(request)

    def _ended(self, request: Any) -> None:
        self._open.discard(request)

    def _judge(self, response: Any) -> None:
        request = response.request
        # A form that is not filled in is refused by what it says: that is what it is for.
        is_validation = response.status == 422 and request.method != "GET"
        if response.status >= 400 and not is_validation:
            self.refused.append(f"{response.status} {request.method} {request.url}")


def _rehearse(page: Any) -> None:
    """Let deletions be judged, and nothing be deleted."""

    def judged(route: Any) -> None:
        request = route.request
        if request.method == "DELETE" or ":bulk_delete" in request.url:
            mark = "&" if "?" in request.url else "?"
            route.continue_(url=f"{request.url}{mark}validate_only=true")
        else:
            route.continue_()

    page.route("**/api/**", judged)


def _ready(page: Any, address: str) -> None:
    page.goto(address)
    page.wait_for_selector("main h1")
    page.locator(".skeleton, .ant-spin-spinning").first.wait_for(state="detached")


#: What a control is called.
NAME = "(one.getAttribute('aria-label') || one.innerText || one.id).trim()"


def _names(page: Any, selector: str) -> list[str]:
    """Return what the controls of a selector are called."""
    names: list[str] = page.locator(selector).evaluate_all(f"all => all.map((one) => {NAME})")
    return names


def _pressed(page: Any, address: str, watch: Watch, where: str = INSIDE) -> int:
    """Press each control of a page, and each that it opens; return how many there were."""
    pressed = 0
    _ready(page, address)
    controls = _names(page, where)
    for index, name in enumerate(controls):
        if name in LEFT_ALONE:
            continue
        if not _press(page, watch, where, index, name):
            continue
        pressed += 1
        for inner, what in enumerate(_names(page, OPENED)):
            if page.locator(OPENED).count() <= inner:
                _ready(page, address)
                _press(page, watch, where, index, name)
            if what not in LEFT_ALONE and _press(page, watch, OPENED, inner, what):
                pressed += 1
        if page.url != address or page.locator(OPENED).count() or _names(page, where) != controls:
            _ready(page, address)
    return pressed


def _press(page: Any, watch: Watch, selector: str, index: int, name: str) -> bool:
    """Press a control if it is still there under that name, and wait for what it asks."""
    # In one step: what is closing just now would be gone between a look and a press.
    is_pressed: bool = page.locator(selector).evaluate_all(
        f"""(all, [index, name]) => {{
            const one = all[index];
            if (!one || {NAME} !== name) return false;
            one.click();
            return true;
        }}""",
        [index, name],
    )
    if is_pressed:
        watch.settled()
        # What it opens may have been loaded just now, and is drawn next.
        page.wait_for_timeout(50)
    return is_pressed


def _walked(page: Any, start: str, watch: Watch, visit: Callable[[str], None]) -> set[str]:
    """Visit each page that a link leads to from the start page, and return their addresses."""
    todo = [start]
    seen: set[str] = set()
    while todo:
        address = todo.pop()
        seen.add(address)
        _ready(page, address)
        assert page.locator("main h1", has_text="There is no such").count() == 0, address
        links = page.locator("a[href^='/vets/']").evaluate_all(
            "all => all.map((one) => new URL(one.getAttribute('href'), document.baseURI).href)"
        )
        todo += sorted({link.split("#")[0] for link in links} - seen - set(todo))
        visit(address)
        assert watch.refused == [], address
    return seen


@pytest.mark.slow
def test_each_page_that_is_offered_may_be_read(clinic: Any, clinic_page: OpenPage) -> None:
    page = clinic_page("/", clinic.narrow)
    watch = Watch(page)
    seen = _walked(page, f"{clinic.url}/", watch, lambda _: watch.settled())
    kinds = {address.removeprefix(clinic.url).split("/")[1] for address in seen}
    assert {"models", "operations", "monitor"} <= kinds
    assert watch.asked > 50


@pytest.mark.slow
@pytest.mark.parametrize(("who", "least"), [("full", 100), ("reader", 30), ("narrow", 30)])
def test_the_api_accepts_whatever_is_offered(
    clinic: Any, clinic_page: OpenPage, who: str, least: int
) -> None:
    page = clinic_page("/", getattr(clinic, who))
    _rehearse(page)
    watch = Watch(page)
    pressed = _pressed(page, f"{clinic.url}/", watch, SHELL)
    assert pressed >= 2

    def visit(address: str) -> None:
        nonlocal pressed
        pressed += _pressed(page, address, watch)

    seen = _walked(page, f"{clinic.url}/", watch, visit)
    # Whoever may read the staff is shown them; new ones are for who may write.
    staff = {address.removeprefix(f"{clinic.url}/models/staff") for address in seen}
    assert ("" in staff) == (who != "narrow")
    assert ("/new" in staff) == (who == "full")
    assert pressed > least
    assert watch.asked > 100
    # Nothing that was there is gone.
    for model, identifier in clinic.ids.items():
        assert clinic.api.get(f"/api/{model}/{identifier}").status_code == 200
