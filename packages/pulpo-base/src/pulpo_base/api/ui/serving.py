"""`ui_router`: the pages of the admin UI, its files, and what it has to know before it begins."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Final

from fastapi import APIRouter, HTTPException, Request
from starlette.responses import Response

from pulpo_base.api.ui.bundle import Bundle

__all__ = ["UI_PATHS", "ui_router"]

#: What the addresses of pages begin with: the same page answers all of them, and its script
#: shows what is meant. Other addresses stay the API's, with its errors.
PAGES: Final = ("/login", "/models", "/operations", "/flows", "/monitor", "/pages")
_ASSETS: Final = "/assets"
_CONFIG: Final = "/ui-config.json"
_ICON: Final = "/favicon.svg"
#: What needs no credentials, because it is the same for everybody: the UI without any data.
UI_PATHS: Final = ("/", _ASSETS, _CONFIG, _ICON, *PAGES)

#: Everything comes from here and no text becomes code. Styles are made by the components' script.
_POLICY: Final = "; ".join(
    (
        "default-src 'none'",
        "script-src 'self'",
        "style-src 'self' 'unsafe-inline'",
        "img-src 'self' data:",
        "connect-src 'self'",
        "base-uri 'self'",
        "form-action 'none'",
        "frame-ancestors 'none'",
    )
)
_PAGE_HEADERS: Final = {"Cache-Control": "no-cache", "Content-Security-Policy": _POLICY}
#: Names of assets hold a hash of their content.
_FOREVER: Final = "public, max-age=31536000, immutable"
#: The icon has always the same name; an old one for a day does no harm.
_A_DAY: Final = "public, max-age=86400"
_GET: Final = ["GET", "HEAD"]


def ui_router(
    folder: Path, *, title: str, auth: str = "none", own: Path | None = None
) -> APIRouter:
    """Return a router that serves the bundle in `folder` at `/`, below whatever prefix there is.

    `own` is where the project's own build of the UI would be: where it has a page, it is served
    in the place of the other. `title` is what the application is called, `auth` how clients say
    who they are (`none`, `api_key`, `jwt`). Where the folder holds no bundle, every page is a
    404 that says so.
    """
    built = Bundle(own) if own is not None else None
    bundle = built if built is not None and built.is_there else Bundle(folder)
    known = json.dumps({"title": title, "auth": auth})
    router = APIRouter(include_in_schema=False)

    def page(request: Request) -> Response:
        if not bundle.is_there:
            raise HTTPException(404, "the admin UI was not generated; `pulpo compile ui` does that")
        content = bundle.page(request.scope.get("root_path", ""), known)
        return Response(content, media_type="text/html", headers=_PAGE_HEADERS)

    def asset(request: Request) -> Response:
        return _file(bundle, request, f"assets/{request.path_params['name']}", _FOREVER)

    def icon(request: Request) -> Response:
        return _file(bundle, request, _ICON.removeprefix("/"), _A_DAY)

    def config() -> Response:
        return Response(known, media_type="application/json", headers={"Cache-Control": "no-cache"})

    router.add_api_route("/", page, methods=_GET)
    for prefix in PAGES:
        router.add_api_route(prefix, page, methods=_GET)
        router.add_api_route(f"{prefix}/{{rest:path}}", page, methods=_GET)
    router.add_api_route(f"{_ASSETS}/{{name:path}}", asset, methods=_GET)
    router.add_api_route(_ICON, icon, methods=_GET)
    router.add_api_route(_CONFIG, config, methods=_GET)
    return router


def _file(bundle: Bundle, request: Request, name: str, caching: str) -> Response:
    found = bundle.asset(name)
    if found is None:
        raise HTTPException(404, "the admin UI has no such file")
    headers = {"Cache-Control": caching}
    content = found.content
    if found.compressed is not None:
        headers["Vary"] = "Accept-Encoding"
        if "gzip" in request.headers.get("accept-encoding", ""):
            headers["Content-Encoding"] = "gzip"
            content = found.compressed
    return Response(content, media_type=found.media_type, headers=headers)
