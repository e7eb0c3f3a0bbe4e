"""Every Python that the distributions are declared for, where it is on this machine."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
DECLARED = re.findall(
    r"Programming Language :: Python :: (\d\.\d+)",
    (ROOT / "packages" / "pulpo-base" / "pyproject.toml").read_text("utf-8"),
)
OTHERS = [one for one in DECLARED if one != f"{sys.version_info.major}.{sys.version_info.minor}"]
IMPORT_EVERYTHING = """
import importlib, pkgutil
for name in ("base", "utils", "selfaware", "analysis", "codegen", "cli"):
    package = importlib.import_module(f"pulpo_{name}")
    for module in pkgutil.walk_packages(package.__path__, package.__name__ + "."):
        if not module.name.endswith(".__main__"):
            importlib.import_module(module.name)
            print(module.name)
"""
# Without servers, browsers and the environments that some tests make themselves.
QUICK = ["packages/pulpo-utils/tests", "packages/pulpo-analysis/tests", "packages/pulpo-base/tests"]
APART = ["packages/pulpo-base/tests/project", "packages/pulpo-base/tests/flows"]


def interpreter(version: str) -> str:
    """Return a Python of this version: one that uv knows of, or one of pyenv's."""
    command = ["uv", "python", "find", "--no-python-downloads", "--no-project", version]
    found = subprocess.run(command, capture_output=True, text=True, check=False)
    if found.returncode == 0:
        return found.stdout.strip()
    pyenv = Path(os.environ.get("PYENV_ROOT", Path.home() / ".pyenv"))
    for python in sorted(pyenv.glob(f"versions/{version}.*/bin/python")):
        return str(python)
    pytest.skip(f"there is no Python {version} on this machine")


@pytest.fixture(scope="module", params=OTHERS)
def python(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The Python of an environment with the versions of `uv.lock`."""
    folder = tmp_path_factory.mktemp(f"python-{request.param}")
    environment = folder / "environment"
    sync = ["uv", "sync", "--quiet", "--locked", "--python", interpreter(request.param)]
    done = subprocess.run(
        sync,
        cwd=ROOT,
        env={**os.environ, "UV_PROJECT_ENVIRONMENT": str(environment)},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    return environment / "bin" / "python"


def run(python: Path, *arguments: str) -> str:
    """Run a Python in the environment; return what it printed."""
    commands = f"{python.parent}{os.pathsep}{os.environ['PATH']}"
    done = subprocess.run(
        [python, *arguments],
        cwd=ROOT,
        env={**os.environ, "PATH": commands},
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stdout
    return done.stdout


def test_every_module_can_be_imported(python: Path) -> None:
    imported = run(python, "-c", IMPORT_EVERYTHING).splitlines()

    assert {"pulpo_base.decorators", "pulpo_cli.main", "pulpo_selfaware.middleware"} < set(imported)


@pytest.mark.slow
def test_the_tests_pass(python: Path) -> None:
    ignored = [f"--ignore={path}" for path in APART]

    report = run(python, "-m", "pytest", "-q", "-p", "no:cacheprovider", *QUICK, *ignored)

    assert " passed" in report
