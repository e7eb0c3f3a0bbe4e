"""Before the tests of the workspace: what many of them need of the process that runs them."""

import signal

import pytest

from pulpo_codegen.frontend.files import ensure_bundle


def pytest_configure(config: pytest.Config) -> None:
    """Build the admin UI's bundle, and let processes of tests be interrupted."""
    # A shell lets what it starts in the background ignore Ctrl-C, and all that this starts, too.
    if signal.getsignal(signal.SIGINT) is signal.SIG_IGN:
        signal.signal(signal.SIGINT, signal.default_int_handler)
    # Before workers begin: a bundle that changes under a test would fail it.
    if not hasattr(config, "workerinput"):
        ensure_bundle(print)
