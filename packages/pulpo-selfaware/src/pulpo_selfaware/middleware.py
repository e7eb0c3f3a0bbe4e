"""The ASGI middleware: sees every request, changes none."""

from __future__ import annotations

import logging
from collections.abc import Awaitable, Callable, Collection, MutableMapping
from typing import TYPE_CHECKING, Any, TypedDict, Unpack

from pulpo_selfaware.exchange import Exchange, observed_send
from pulpo_selfaware.report import RequestReporter
from pulpo_selfaware.request_context import current_request
from pulpo_selfaware.tracking import get_tracker

if TYPE_CHECKING:
    from pulpo_selfaware.tracking import EventTracker

__all__ = ["SelfAwarenessMiddleware", "add_selfawareness_middleware"]

Scope = MutableMapping[str, Any]
Message = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[Message]]
Send = Callable[[Message], Awaitable[None]]
ASGIApp = Callable[[Scope, Receive, Send], Awaitable[None]]

_OBSERVED = ("http", "websocket")
_log = logging.getLogger("pulpo_selfaware")


class SelfAwarenessMiddleware:
    """Counts and times every request and turns what went wrong into events.

    Requests pass through unchanged: messages are handed on as they come, exceptions are raised on
    untouched, and no fault of the observation reaches the client.

    slow_request_ms: from here on a request is an API_REQUEST_SLOW event.
    exclude: paths that are not observed at all; a trailing "*" matches every longer path.
    sample_rate: the share (0 to 1) of requests whose warnings become events; counts are always
        exact, and server errors and exceptions are always events.
    record_success: make a DEBUG event "API_REQUEST" of every other request, too.
    safe_fields: names of path and query parameters whose values may be recorded, and of fields
        that a validation error may name. Nothing else that a client sends is ever kept.
    safe_headers: names of request headers whose values may be recorded.
    exception_messages: record an exception's text, which may repeat what a client sent.
    request_id_header: read from the request (if sane) and put on the response.
    response_headers: whether to put the request id and `traceparent` on responses.
    tracker: where to record; the process's tracker if None.
    """

    def __init__(
        self,
        app: ASGIApp,
        *,
        slow_request_ms: float = 1000,
        exclude: Collection[str] = (),
        sample_rate: float = 1.0,
        record_success: bool = False,
        safe_fields: Collection[str] = (),
        safe_headers: Collection[str] = (),
        exception_messages: bool = False,
        request_id_header: str = "x-request-id",
        response_headers: bool = True,
        tracker: EventTracker | None = None,
    ) -> None:
        self.app = app
        self._tracker = tracker
        self._exact, self._prefixes = _excluded(exclude)
        self._excludes = bool(exclude)
        self._id_header = request_id_header.lower().encode("ascii")
        self._adds_ids = response_headers
        self._report = RequestReporter(
            slow_request_ms=slow_request_ms,
            sample_rate=sample_rate,
            record_success=record_success,
            safe_fields=safe_fields,
            safe_headers=safe_headers,
            exception_messages=exception_messages,
        ).report
        self._fault_reported = False

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve one ASGI connection."""
        kind = scope["type"]
        if kind not in _OBSERVED or (self._excludes and self._is_excluded(scope["path"])):
            await self.app(scope, receive, send)
            return
        tracker = get_tracker() if self._tracker is None else self._tracker
        shard = tracker.requests.shard()
        exchange = Exchange(scope, shard, self._id_header)
        token = current_request.set(exchange)
        shard.active.add(exchange)
        error: BaseException | None = None
        try:
            await self.app(scope, receive, observed_send(exchange, send, adds_ids=self._adds_ids))
        except BaseException as raised:
            error = raised
            raise
        finally:
            shard.active.discard(exchange)
            try:
                self._report(tracker, exchange, error)
            except Exception:  # noqa: BLE001
                # The response is out; a bug of ours must not turn it into a failure.
                self._say_once()
            # A frame that an exception keeps must not keep the exception.
            error = None
            current_request.reset(token)

    def _is_excluded(self, path: str) -> bool:
        return path in self._exact or (bool(self._prefixes) and path.startswith(self._prefixes))

    def _say_once(self) -> None:
        if not self._fault_reported:
            self._fault_reported = True
            _log.exception("observing a request failed; further failures are not logged")


def _excluded(paths: Collection[str]) -> tuple[frozenset[str], tuple[str, ...]]:
    if isinstance(paths, str):
        msg = f'exclude is a collection of paths; write exclude=["{paths}"]'
        raise TypeError(msg)
    for path in paths:
        if not path.startswith("/"):
            msg = f'excluded path {path!r} can never match; paths start with "/"'
            raise ValueError(msg)
    exact = frozenset(path for path in paths if not path.endswith("*"))
    return exact, tuple(path[:-1] for path in paths if path.endswith("*"))


class MiddlewareOptions(TypedDict, total=False):
    """The options of `SelfAwarenessMiddleware`, where they are described."""

    exclude: Collection[str]
    sample_rate: float
    record_success: bool
    safe_fields: Collection[str]
    safe_headers: Collection[str]
    exception_messages: bool
    request_id_header: str
    response_headers: bool
    tracker: EventTracker | None


def add_selfawareness_middleware(
    app: Any, slow_request_ms: float = 1000, **options: Unpack[MiddlewareOptions]
) -> None:
    """Put `SelfAwarenessMiddleware` around a FastAPI or Starlette application.

    It becomes the outermost layer, around the one that turns unhandled exceptions into responses:
    only there are those responses seen, and given their request id. The options are those of
    `SelfAwarenessMiddleware`. Raises TypeError if `app` is another kind of ASGI application (wrap
    that one by hand), RuntimeError if it has served requests already or has the middleware.
    """
    build = getattr(app, "build_middleware_stack", None)
    if build is None:
        msg = (
            f"{type(app).__name__} is no FastAPI or Starlette application; "
            "wrap it: app = SelfAwarenessMiddleware(app, …)"
        )
        raise TypeError(msg)
    if getattr(app, "middleware_stack", None) is not None:
        msg = "the application has started; add the middleware where the application is made"
        raise RuntimeError(msg)
    if getattr(build, "adds_selfawareness", False):
        msg = "the application has the self-awareness middleware already; remove one of the calls"
        raise RuntimeError(msg)
    SelfAwarenessMiddleware(app, slow_request_ms=slow_request_ms, **options)  # bad options: now

    def build_observed_stack() -> ASGIApp:
        return SelfAwarenessMiddleware(build(), slow_request_ms=slow_request_ms, **options)

    build_observed_stack.adds_selfawareness = True  # type: ignore[attr-defined]
    app.build_middleware_stack = build_observed_stack
