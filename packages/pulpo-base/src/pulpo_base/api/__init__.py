"""The runtime of generated APIs: FastAPI on Beanie documents (the `api` extra).

`Resource` serves one kind of document, `OperationRoute` the endpoints of operations,
`BackgroundRoute` those whose runs go on after the answer (`background_runs`, `runs_router`;
`run_result` is what a run keeps of what one returned),
`flows_router` those of flows, `health_router`, `catalogue_router` and `graph_router` what every
application has.
`secure` puts an application behind credentials, permissions and limits, `FailFast` keeps nobody
waiting while the database is away, `ui_router` serves the admin UI and `capabilities_router`
what it may offer, `PrefixRouter` spares requests a look at every route, `settled_memory` a
collection of all that was loaded.
"""

from pulpo_base.extras import needs_extra

try:
    from pulpo_base.api.application.catalogue import catalogue_router
    from pulpo_base.api.application.graph import graph_router
    from pulpo_base.api.application.health import health_router
    from pulpo_base.api.application.memory import settled_memory
    from pulpo_base.api.application.prefix_router import PrefixRouter
    from pulpo_base.api.capabilities import capabilities_router
    from pulpo_base.api.flows.router import flows_router
    from pulpo_base.api.http.outages import FailFast
    from pulpo_base.api.lists.query import ListQuery
    from pulpo_base.api.operations.background import BackgroundRoute
    from pulpo_base.api.operations.results import run_result
    from pulpo_base.api.operations.route import OperationRoute
    from pulpo_base.api.resources.resource import Resource
    from pulpo_base.api.runs.router import runs_router
    from pulpo_base.api.runs.views import Run
    from pulpo_base.api.security import GuardedRoute, current_principal, me_router, secure
    from pulpo_base.api.ui import UI_PATHS, ui_router
    from pulpo_base.runs.working import background_runs
except ModuleNotFoundError as error:
    raise needs_extra("api", error) from error

__all__ = [
    "UI_PATHS",
    "BackgroundRoute",
    "FailFast",
    "GuardedRoute",
    "ListQuery",
    "OperationRoute",
    "PrefixRouter",
    "Resource",
    "Run",
    "background_runs",
    "capabilities_router",
    "catalogue_router",
    "current_principal",
    "flows_router",
    "graph_router",
    "health_router",
    "me_router",
    "run_result",
    "runs_router",
    "secure",
    "settled_memory",
    "ui_router",
]
