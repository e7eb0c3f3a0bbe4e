"""What the tests of pages do again and again, as somebody with a mouse would."""

from __future__ import annotations

import json
import re
from typing import Any
from urllib.parse import parse_qs, urlsplit

__all__ = ["choose", "errors_at", "query_of", "shows"]


def query_of(page: Any) -> dict[str, str]:
    """Return what the address of the page says after its question mark."""
    return {key: values[0] for key, values in parse_qs(urlsplit(page.url).query).items()}


def shows(page: Any, *names: str) -> None:
    """Wait until the rows are these, by the text of the link in each."""
    page.wait_for_function(
        """names => names === JSON.stringify(
            [...document.querySelectorAll(".documents tbody tr")]
                .map((row) => row.querySelector("a").innerText))""",
        arg=json.dumps(names, separators=(",", ":"), ensure_ascii=False),
    )


def choose(page: Any, label: str, option: str) -> None:
    """Choose an option of the last select of that label by the words that it begins with."""
    page.get_by_label(label, exact=True).last.click()
    # Where it is on the page is not waited for: lists of options move into their place.
    shown = page.locator(".ant-select-dropdown:visible .ant-select-item-option")
    words = re.compile(f"^{re.escape(option)}")
    shown.filter(has_text=words).first.dispatch_event("click")


def errors_at(page: Any, field: str) -> str:
    """Return what the form says is wrong with a field."""
    item = page.locator(".ant-form-item", has=page.locator(f"#root_{field}"))
    text: str = item.get_by_role("alert").inner_text()
    return text
