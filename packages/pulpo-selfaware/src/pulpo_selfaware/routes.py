"""The route label of a request: the template that matched, never the path that was asked for.

Routers write into the scope what they matched. What they write differs: FastAPI (0.137 and later)
keeps a route's path without the prefixes of `include_router`, and neither FastAPI nor Starlette
says which mounts led to a route. Nothing of either is imported here.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, MutableMapping
from typing import Any, TypeVar

__all__ = ["UNMATCHED", "is_unobserved", "route_label", "route_source", "unobserved"]

Scope = MutableMapping[str, Any]

UNMATCHED = "(unmatched)"
_MARK = "selfaware_unobserved"
Endpoint = TypeVar("Endpoint")
_PLACEHOLDER = re.compile(r"\{[^{}]*\}")


def unobserved(endpoint: Endpoint) -> Endpoint:
    """Mark an endpoint whose requests are not counted, like the dashboard's own."""
    setattr(endpoint, _MARK, True)
    return endpoint


def is_unobserved(scope: Scope) -> bool:
    """Say whether the request went to an endpoint that `unobserved` marked."""
    return getattr(scope.get("endpoint"), _MARK, False)


def route_source(scope: Scope) -> object | None:
    """Return the object that decided about the request, None when no router did.

    Two requests with the same source (and no mount between) have the same label.
    """
    source: object = _included_context(scope) or scope.get("route") or scope.get("endpoint")
    return source


def _included_context(scope: Scope) -> object | None:
    """Return what FastAPI notes about a route of an included router: its path with prefixes."""
    nested = scope.get("fastapi")
    if not nested:
        return None
    context: object = nested.get("effective_route_context")
    # What a mount's router noted is still there when the mounted application has routed.
    if context is None or getattr(context, "original_route", None) is scope.get("route"):
        return context
    return context if scope.get("route") is None else None


def route_label(scope: Scope, root_path: str, status: int) -> str:
    """Return the template for a request whose `root_path` was as given before routing.

    A request that no router decided about is `UNMATCHED`, unless something in front of the router
    answered it (a CORS preflight, a rate limit): then the routes of the application are asked.
    """
    if route_source(scope) is None:
        if status in (404, 0):
            return UNMATCHED
        return _would_match(scope) or UNMATCHED
    mounted = scope.get("root_path", "")[len(root_path) :]
    params: Mapping[str, Any] = scope.get("path_params") or {}
    context = _included_context(scope)
    included = getattr(context, "path", None) if not _is_mount(context) else None
    template = included if isinstance(included, str) else _template(scope)
    prefix = _with_names(mounted, params, template)
    if template is None:  # a mounted application decided, and says no more
        return f"{prefix}/{{path}}"
    if included is None:
        local = scope["path"][len(root_path) + len(mounted) :]
        prefix += _missing_prefix(local, template, params)
    return prefix + template


def _template(scope: Scope) -> str | None:
    """Return the path template of the innermost route, None if a mount was the last to match."""
    route = scope.get("route") or _route_of_endpoint(scope)
    path = getattr(route, "path", None)
    # A mount's own entry in the scope outlives it when the mounted application finds no route.
    return path if isinstance(path, str) and not _is_mount(route) else None


def _is_mount(route: object) -> bool:
    return hasattr(route, "routes") and hasattr(route, "app") and not hasattr(route, "methods")


def _route_of_endpoint(scope: Scope) -> object | None:
    """Find a route that leaves no trace but its endpoint, like FastAPI's `/docs`."""
    endpoint = scope.get("endpoint")
    for owner in (scope.get("app"), scope.get("router")):
        for route in getattr(owner, "routes", ()):
            if endpoint is not None and getattr(route, "endpoint", None) is endpoint:
                found: object = route
                return found
    return None


def _missing_prefix(path: str, template: str, params: Mapping[str, Any]) -> str:
    """Return what `template` lacks at its front to match `path`, as a template.

    Empty when the template is complete. Otherwise the tail of the path that fits the template is
    cut off, and names take the place of values in the rest.
    """
    pattern = _PLACEHOLDER.sub("\0", template)
    pattern = re.escape(pattern)
    for placeholder in _PLACEHOLDER.findall(template):
        anything = ".*" if placeholder.endswith(":path}") else "[^/]+"
        pattern = pattern.replace("\0", anything, 1)
    if re.fullmatch(pattern, path):
        return ""
    tail = re.search(f"(?:{pattern})\\Z", path)
    return _with_names(path[: tail.start()], params, template) if tail else ""


def _with_names(prefix: str, params: Mapping[str, Any], template: str | None) -> str:
    """Replace the segments of `prefix` that are values of path parameters by `{name}`."""
    if not prefix or not params:
        return prefix
    own = {name.strip("{}").partition(":")[0] for name in _PLACEHOLDER.findall(template or "")}
    names = {str(value): name for name, value in params.items() if name not in own}
    if not names:
        return prefix
    return "/".join(f"{{{names[part]}}}" if part in names else part for part in prefix.split("/"))


def _would_match(scope: Scope) -> str | None:
    """Ask the application's routes which of them the request was for."""
    if scope.get("method") == "OPTIONS":
        wanted = dict(scope.get("headers") or ()).get(b"access-control-request-method")
        if wanted:
            scope = {**scope, "method": wanted.decode("latin-1")}
    for route in _flattened(getattr(scope.get("app"), "routes", ())):
        path = getattr(route, "path", None)
        if not isinstance(path, str):
            continue
        match, _ = route.matches({**scope})
        if match.value:  # Match.NONE is 0
            return f"{path}/{{path}}" if _is_mount(route) else path
    return None


def _flattened(routes: Iterable[Any]) -> Iterator[Any]:
    """Put FastAPI's routes of included routers, with whole paths, in place of those routers."""
    for route in routes:
        included = getattr(route, "effective_route_contexts", None)
        if included is None:
            yield route
        else:
            yield from included()
