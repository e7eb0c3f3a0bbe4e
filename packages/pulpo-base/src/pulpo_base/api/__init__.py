"""The runtime of generated APIs: FastAPI on Beanie documents (the `api` extra).

`Resource` serves one kind of document, `OperationRoute` the endpoints of operations,
`BackgroundRoute` those whose runs go on after the answer (`background_runs`, `runs_router`),
`health_router` and `catalogue_router` what every application has.
"""

from pulpo_base.extras import needs_extra

try:
    from pulpo_base.api.background import BackgroundRoute, Run, runs_router
    from pulpo_base.api.catalogue import catalogue_router
    from pulpo_base.api.health import health_router
    from pulpo_base.api.operations import OperationRoute
    from pulpo_base.api.query import ListQuery
    from pulpo_base.api.resource import Resource
    from pulpo_base.api.runs import background_runs
except ModuleNotFoundError as error:
    raise needs_extra("api", error) from error

__all__ = [
    "BackgroundRoute",
    "ListQuery",
    "OperationRoute",
    "Resource",
    "Run",
    "background_runs",
    "catalogue_router",
    "health_router",
    "runs_router",
]
