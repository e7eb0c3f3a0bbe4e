"""Problem details (RFC 9457): one JSON document for every error that leaves an HTTP API.

`install_problem_handlers(app)` is all that an application needs. `problem_from(error)` is the
decision behind it, without a web framework; `problem_responses(...)` documents it in OpenAPI.
"""

from pulpo_utils.problems.document import MEDIA_TYPE, Problem, problem_from
from pulpo_utils.problems.installation import install_problem_handlers
from pulpo_utils.problems.openapi import problem_responses, problem_schema

__all__ = [
    "MEDIA_TYPE",
    "Problem",
    "install_problem_handlers",
    "problem_from",
    "problem_responses",
    "problem_schema",
]
