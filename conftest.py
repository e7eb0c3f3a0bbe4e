"""Before the tests of the workspace: the admin UI's bundle, which many of them compile along."""

from __future__ import annotations

import pytest


def pytest_configure(config: pytest.Config) -> None:
    """Build the bundle before workers begin: one that changes under a test would fail it."""
    if hasattr(config, "workerinput"):
        return
    from pulpo_codegen.frontend.files import ensure_bundle

    ensure_bundle(print)
