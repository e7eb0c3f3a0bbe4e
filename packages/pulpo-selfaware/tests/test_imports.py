"""What importing costs and needs."""

from __future__ import annotations

import subprocess
import sys

import pytest

import pulpo_selfaware


def run(code: str) -> str:
    command = [sys.executable, "-c", code]
    done = subprocess.run(command, capture_output=True, text=True, timeout=60, check=False)
    assert done.returncode == 0, done.stderr
    return done.stdout.strip()


def test_every_public_name_can_be_imported() -> None:
    for name in pulpo_selfaware.__all__:
        assert getattr(pulpo_selfaware, name) is not None
    assert set(pulpo_selfaware.__all__) <= set(dir(pulpo_selfaware))


def test_an_unknown_name_is_an_attribute_error() -> None:
    with pytest.raises(AttributeError, match="no attribute 'nothing'"):
        getattr(pulpo_selfaware, "nothing")  # noqa: B009 - the name is wrong on purpose


def test_the_core_imports_nothing_of_others() -> None:
    code = (
        "import sys; before = set(sys.modules)\n"
        "from pulpo_selfaware import events, tracking, middleware, timing, testing, sinks, tail\n"
        "from pulpo_selfaware import *\n"
        "tops = {name.partition('.')[0] for name in set(sys.modules) - before}\n"
        "print(sorted(top for top in tops if top not in sys.stdlib_module_names))"
    )
    assert run(code) == "['pulpo_selfaware']"


@pytest.mark.parametrize(
    ("missing", "use", "extra"),
    [
        ("fastapi", "p.selfaware_router()", "fastapi"),
        ("prometheus_client", "p.metrics_app()", "prometheus"),
        ("prometheus_client", "p.selfaware_router(metrics=True)", "prometheus"),
        ("opentelemetry.sdk", "p.OpenTelemetrySink()", "otel"),
        ("pymongo.monitoring", "p.observe_mongo(None)", "mongo"),
    ],
)
def test_a_missing_extra_is_named(missing: str, use: str, extra: str) -> None:
    code = (
        f"import sys; sys.modules[{missing!r}] = None\n"
        "import pulpo_selfaware as p\n"
        f"try:\n    {use}\n"
        "except ImportError as error:\n    print(error)\n"
    )
    assert f"pip install 'pulpo-selfaware[{extra}]'" in run(code)
