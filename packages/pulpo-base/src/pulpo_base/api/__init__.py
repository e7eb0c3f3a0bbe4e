"""The runtime of generated APIs: FastAPI on Beanie documents (the `api` extra).

`Resource` serves one kind of document, `OperationRoute` the endpoints of operations,
`BackgroundRoute` those whose runs go on after the answer (`background_runs`, `runs_router`),
`flows_router` those of flows, `health_router`, `catalogue_router` and `graph_router` what every
application has.
`secure` puts an application behind credentials, permissions and limits, `FailFast` keeps nobody
waiting while the database is away, `ui_router` serves the admin UI and `capabilities_router`
what it may offer, `PrefixRouter` spares requests a look at every route, `settled_memory` a
collection of all that was loaded.
"""

from pulpo_base.extras import needs_extra

try:
    from pulpo_base.api.background import BackgroundRoute
    from pulpo_base.api.capabilities import capabilities_router
    from pulpo_base.api.catalogue import catalogue_router
    from pulpo_base.api.flows import flows_router
    from pulpo_base.api.graph import graph_router
    from pulpo_base.api.health import health_router
    from pulpo_base.api.operations import OperationRoute
    from pulpo_base.api.outages import FailFast
    from pulpo_base.api.prefixes import PrefixRouter
    from pulpo_base.api.query import ListQuery
    from pulpo_base.api.resource import Resource
    from pulpo_base.api.run_views import Run
    from pulpo_base.api.runs import runs_router
    from pulpo_base.api.security import GuardedRoute, current_principal, me_router, secure
    from pulpo_base.api.settling import settled_memory
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
    "runs_router",
    "secure",
    "settled_memory",
    "ui_router",
]
