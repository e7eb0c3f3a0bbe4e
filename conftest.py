"""Before the tests of the workspace: the admin UI's bundle, which many of them compile along."""

import pytest

from pulpo_codegen.frontend.files import ensure_bundle


def pytest_configure(config: pytest.Config) -> None:
    """Build the bundle before workers begin: one that changes under a test would fail it."""
    if not hasattr(config, "workerinput"):
        ensure_bundle(print)
