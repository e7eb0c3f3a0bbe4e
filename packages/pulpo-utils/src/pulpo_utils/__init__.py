"""Exceptions that mean the same thing on HTTP, on command lines, in retries and in logs.

The package is a namespace of small modules; importing it costs nothing:

- `pulpo_utils.exceptions`: the hierarchy, `ExceptionFactory`, `handle_errors`, `retry_on_error`
- `pulpo_utils.problems`: RFC 9457 problem details for FastAPI and Starlette
- `pulpo_utils.logging`, `pulpo_utils.logging_config`: structured logs
- `pulpo_utils.validators`: values checked by well-kept libraries
- `pulpo_utils.redaction`: what hides secrets in all of the above
"""

__all__ = ["__version__"]


def __getattr__(name: str) -> str:
    if name == "__version__":
        from importlib.metadata import version

        return version("pulpo-utils")
    msg = f"module {__name__!r} has no attribute {name!r}"
    raise AttributeError(msg)
