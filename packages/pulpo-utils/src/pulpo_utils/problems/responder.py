"""The parts that run inside an application: the exception handler and the innermost middleware."""

from __future__ import annotations

import inspect
import logging
from typing import TYPE_CHECKING, Any

from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response

from pulpo_utils.exceptions import PulpoException
from pulpo_utils.problems.document import MEDIA_TYPE, Problem, problem_from
from pulpo_utils.request_ids import HEADER, request_id_of

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable

    from starlette.types import ASGIApp, Message, Receive, Scope, Send

    OnProblem = Callable[[Any, BaseException, Problem], Awaitable[None] | None]

__all__ = ["ProblemMiddleware", "ProblemResponder"]

_logger = logging.getLogger("pulpo_utils.problems")
_BODILESS = frozenset({204, 205, 304})
_UNAUTHORIZED = 401
_SERVER_ERRORS = 500
_UNAVAILABLE = 503
_SEEN = "pulpo_utils.problem"


class ProblemResponder:
    """Answers exceptions with problem documents; one per application."""

    def __init__(
        self, *, type_base: str, retry_after: int, authenticate: str, on_problem: OnProblem | None
    ) -> None:
        self._type_base = type_base
        self._retry_after = retry_after
        self._authenticate = authenticate
        self._on_problem = on_problem

    @property
    def handled(self) -> list[type[Exception]]:
        """The exception classes that have a handler of their own in Starlette's table."""
        classes: list[type[Exception]] = [PulpoException, HTTPException]
        try:
            from fastapi.exceptions import RequestValidationError
        except ImportError:  # Starlette alone
            return classes
        return [*classes, RequestValidationError]

    def problem(self, scope: Scope, error: BaseException) -> Problem:
        """Return the problem that `error` is for the client of this request."""
        problem = problem_from(error, type_base=self._type_base, retry_after=self._retry_after)
        return problem.with_request_id(request_id_of(scope))

    async def handle(self, request: Any, error: Exception) -> Response:
        """Answer `error`; a Starlette exception handler."""
        problem = self.problem(request.scope, error)
        if request.scope.get(_SEEN) is not error:  # the outermost layer gets it a second time
            request.scope[_SEEN] = error
            _log(problem, error)
            await self._tell(request, error, problem)
        return self._response(problem)

    async def _tell(self, request: Any, error: BaseException, problem: Problem) -> None:
        if self._on_problem is None:
            return
        try:
            answer = self._on_problem(request, error, problem)
            if inspect.isawaitable(answer):
                await answer
        except Exception:  # an observer must not take the answer from the client
            _logger.exception("on_problem failed for request_id=%s", problem.request_id)

    def _response(self, problem: Problem) -> Response:
        headers = dict(problem.headers)
        names = {name.lower() for name in headers}
        if problem.status == _UNAUTHORIZED and "www-authenticate" not in names:
            headers["WWW-Authenticate"] = self._authenticate  # RFC 9110, 15.5.2: must be there
        if problem.request_id is not None and HEADER.lower() not in names:
            headers[HEADER] = problem.request_id
        if problem.status in _BODILESS:
            return Response(status_code=problem.status, headers=headers)
        return Response(
            problem.to_bytes(),
            status_code=problem.status,
            headers=headers,
            media_type=MEDIA_TYPE,
        )


class ProblemMiddleware:
    """Answers, next to the router, the exceptions that Starlette's table has no class for."""

    def __init__(self, app: ASGIApp, responder: ProblemResponder) -> None:
        self._app = app
        self._responder = responder

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Handle one request; other scopes pass through."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        started = False

        async def watched(message: Message) -> None:
            nonlocal started
            started = started or message["type"] == "http.response.start"
            await send(message)

        try:
            await self._app(scope, receive, watched)
        except Exception as error:
            if started:
                raise
            response = await self._responder.handle(Request(scope), error)
            await response(scope, receive, send)
            if not problem_from(error).expected:
                raise


def _log(problem: Problem, error: BaseException) -> None:
    """Log one line at the level of the contract; a traceback too where the server is at fault.

    What is unavailable is named instead: each request meets it, and the code is not to blame.
    """
    extra = {"request_id": problem.request_id, "code": problem.code, "status": problem.status}
    if not problem.expected:
        _logger.error(
            "unforeseen %s, answered with %s, request_id=%s",
            type(error).__name__,
            problem.status,
            problem.request_id,
            exc_info=error,
            extra=extra,
        )
        return
    unavailable = problem.status == _UNAVAILABLE
    level = error.log_level if isinstance(error, PulpoException) else _level_of(problem.status)
    _logger.log(
        level,
        "%s %s: %s%s, request_id=%s",
        problem.status,
        problem.code,
        error.message if isinstance(error, PulpoException) else problem.detail,
        f" ({type(error).__name__})" if unavailable else "",
        problem.request_id,
        exc_info=error if problem.status >= _SERVER_ERRORS and not unavailable else None,
        extra=extra,
    )


def _level_of(status: int) -> int:
    return logging.ERROR if status >= _SERVER_ERRORS else logging.INFO
