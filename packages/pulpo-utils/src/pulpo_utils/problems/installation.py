"""`install_problem_handlers`: every error response of an application becomes a problem document."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from pulpo_utils._extras import require
from pulpo_utils.problems.document import DEFAULT_RETRY_AFTER, DEFAULT_TYPE_BASE

if TYPE_CHECKING:
    from starlette.applications import Starlette

    from pulpo_utils.problems.responder import OnProblem

__all__ = ["install_problem_handlers"]


def install_problem_handlers(
    app: Starlette,
    *,
    type_base: str = DEFAULT_TYPE_BASE,
    retry_after: int = DEFAULT_RETRY_AFTER,
    authenticate: str = "Bearer",
    on_problem: OnProblem | None = None,
    document: bool = True,
) -> None:
    """Answer every exception in `app`, a FastAPI or Starlette application, with problem details.

    The answer is made inside the application's middleware, so that CORS and other headers which
    middleware adds are on a 500 too. An exception that nobody foresaw is logged with its request
    id on the logger `pulpo_utils.problems`, answered without internals, and raised on, so that
    servers, middleware and test clients still see it.

    `type_base` is put before a problem's code to make its `type`. `retry_after` is the number of
    seconds on a 503 that has none. `authenticate` is the `WWW-Authenticate` header of a 401 that
    has none. `on_problem(request, error, problem)`, sync or async, is called for each problem.
    With `document`, the OpenAPI schema shows problem documents for errors, FastAPI's own 422
    included.

    An application that is mounted in another answers its own errors: install the handlers there
    too. A second call replaces the settings of the first. `RuntimeError` if the application has
    started; `MissingExtraError` without the `fastapi` extra.
    """
    require("starlette", extra="fastapi", needed_by="install_problem_handlers")
    from pulpo_utils.problems.responder import ProblemMiddleware, ProblemResponder

    responder = ProblemResponder(
        type_base=type_base,
        retry_after=retry_after,
        authenticate=authenticate,
        on_problem=on_problem,
    )
    if app.middleware_stack is not None:
        raise RuntimeError(
            "install_problem_handlers must be called before the application handles its first "
            "request: call it where the application is made"
        )
    for key in responder.handled:
        app.add_exception_handler(key, responder.handle)
    # Errors of outer middleware: only Starlette's outermost layer can still answer those.
    app.add_exception_handler(Exception, responder.handle)
    _install_innermost(app, ProblemMiddleware, responder)
    if document and hasattr(app, "openapi"):
        from pulpo_utils.problems.openapi import document_problems

        document_problems(app)


def _install_innermost(app: Starlette, middleware: Any, responder: object) -> None:
    """Add the middleware next to the router; `add_middleware` would make it the outermost."""
    from starlette.middleware import Middleware

    app.user_middleware[:] = [item for item in app.user_middleware if item.cls is not middleware]
    app.user_middleware.append(Middleware(middleware, responder))
