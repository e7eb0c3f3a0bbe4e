"""The libraries that the benchmarks compare with, and what to do when one is not installed."""

from __future__ import annotations

from collections.abc import Iterable
from importlib.util import find_spec

__all__ = ["PEERS", "installed"]

# Variant: (module, distribution). None of them is a dependency of the package.
PEERS = {
    "prometheus_instrumentator": (
        "prometheus_fastapi_instrumentator",
        "prometheus-fastapi-instrumentator",
    ),
    "opentelemetry": (
        "opentelemetry.instrumentation.fastapi",
        "opentelemetry-instrumentation-fastapi",
    ),
    "sentry": ("sentry_sdk", "sentry-sdk"),
    "logfire": ("logfire", "logfire"),
}


def installed(variants: Iterable[str], *, skip_missing: bool) -> list[str]:
    """Return the variants whose library is installed.

    Ends the program with the command that installs the others, unless `skip_missing`: then they are
    named and left out.
    """
    wanted = list(variants)
    missing = [name for name in wanted if name in PEERS and not _is_installed(PEERS[name][0])]
    if not missing:
        return wanted
    libraries = " ".join(f"--with {PEERS[name][1]}" for name in missing)
    if not skip_missing:
        raise SystemExit(
            f"not installed: what {', '.join(missing)} measure.\n"
            f"Run it as `uv run {libraries} python …`, or leave them out with --skip-missing."
        )
    print(f"left out, since not installed: {', '.join(missing)}")
    return [name for name in wanted if name not in missing]


def _is_installed(module: str) -> bool:
    try:
        return find_spec(module) is not None
    except ModuleNotFoundError:  # a package above it is missing
        return False
