"""The dashboard as one page: its parts are separate files here and one document out there."""

from __future__ import annotations

import base64
import hashlib
from importlib.resources import files

__all__ = ["dashboard_page"]


def dashboard_page() -> tuple[str, str]:
    """Return the page and the content security policy that allows it and nothing else."""
    style = _read("dashboard.css")
    script = _read("dashboard.js").replace("/*{tables}*/", _read("dashboard_tables.js"))
    page = _read("dashboard.html")
    page = page.replace("/*{style}*/", style).replace("/*{script}*/", script)
    policy = (
        f"default-src 'none'; style-src '{_digest(style)}'; script-src '{_digest(script)}'; "
        "connect-src 'self'; img-src data:; base-uri 'none'; form-action 'none'; "
        "frame-ancestors 'none'"
    )
    return page, policy


def _read(name: str) -> str:
    return files("pulpo_selfaware.web").joinpath(name).read_text("utf-8")


def _digest(text: str) -> str:
    return "sha256-" + base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()
