"""The six distributions as they are published: content, declared dependencies, own tests.

A shared environment hides an undeclared import. So each distribution gets a new environment with
its wheel, what that declares, and a test runner; there every module is imported and its own
tests run, from the unpacked source distribution. Versions come from `uv.lock`.
"""

from __future__ import annotations

import os
import re
import subprocess
import tarfile
import zipfile
from collections.abc import Callable
from pathlib import Path

import pytest

pytestmark = pytest.mark.slow

ROOT = Path(__file__).parents[1]
NAMES = sorted(path.name for path in (ROOT / "packages").iterdir())
RUNNER = ["pytest", "pytest-asyncio", "hypothesis"]
# What only the tests of a distribution need.
TESTS_NEED = {
    "pulpo-analysis": ["beanie", "email-validator"],
    "pulpo-selfaware": ["httpx", "uvicorn"],
    "pulpo-utils": ["httpx"],
}
# Tests that take long (a Prefect server, a project's services, a million events) run in the
# workspace only: the modules that they exercise are imported here like all others.
APART = {
    "pulpo-base": [
        "--ignore=tests/flows/test_engines_agree.py",
        "--ignore=tests/flows/test_killed.py",
        "--ignore=tests/flows/test_prefect_runs.py",
        "--ignore=tests/project/test_hard_places.py",
        "--ignore=tests/project/test_operations.py",
        "--ignore=tests/project/test_prefect_services.py",
        "--ignore=tests/project/test_services.py",
        "--ignore=tests/project/test_supervisor.py",
    ],
    "pulpo-selfaware": ["--ignore=tests/test_faults.py"],
}
# What a wheel must hold besides its modules.
DATA = {
    "pulpo-analysis": ["docs/errors/*.md -> pulpo_analysis/diagnostics/pages/"],
    "pulpo-cli": ["examples/**/* -> pulpo_cli/examples/"],
    "pulpo-codegen": [
        "packages/pulpo-codegen/src/pulpo_codegen/templates/**/* -> pulpo_codegen/templates/",
        "packages/pulpo-codegen/frontend/src/**/* -> pulpo_codegen/ui_source/src/",
    ],
}
RUBBISH = re.compile(r"(^|/)(__pycache__|run_cache|\.pulpo|\.venv|\.\w+_cache)(/|$)|\.pyc$|~$")
IMPORT_EVERYTHING = """
import importlib, pkgutil, sys
package = importlib.import_module(sys.argv[1])
assert "site-packages" in package.__file__, package.__file__
def broken(name):
    raise
for module in pkgutil.walk_packages(package.__path__, package.__name__ + ".", broken):
    if not module.name.endswith(".__main__"):
        importlib.import_module(module.name)
        print(module.name)
"""


def run(*command: str | Path, cwd: Path = ROOT) -> str:
    """Run a command without the environment of the running tests; return what it printed."""
    kept = {
        name: value
        for name, value in os.environ.items()
        if not name.startswith(("PYTEST", "PYTHON", "VIRTUAL_ENV"))
    }
    done = subprocess.run(
        command,
        cwd=cwd,
        env=kept,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        check=False,
    )
    assert done.returncode == 0, f"{' '.join(map(str, command))}\n{done.stdout}"
    return done.stdout


def module_of(name: str) -> str:
    return name.replace("-", "_")


def content(wheel: Path) -> dict[str, bytes]:
    with zipfile.ZipFile(wheel) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


@pytest.fixture(scope="session")
def built(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with six source distributions and the wheels made from these."""
    folder = tmp_path_factory.mktemp("built")
    run("uv", "build", "--quiet", "--all-packages", "--out-dir", folder)
    return folder


@pytest.fixture(scope="session")
def wheel(built: Path) -> Callable[[str], Path]:
    def find(name: str) -> Path:
        (found,) = built.glob(f"{module_of(name)}-*.whl")
        return found

    return find


@pytest.fixture(scope="session")
def constraints(built: Path) -> Path:
    """The versions of `uv.lock`, and the built wheels in place of the six."""
    options = ("--frozen", "--all-packages", "--all-extras", "--no-hashes", "--no-emit-workspace")
    lines = run("uv", "export", "--quiet", "--no-header", *options).splitlines()
    wheels = [f"{file.name.split('-')[0]} @ {file.as_uri()}" for file in built.glob("*.whl")]
    file = built / "constraints.txt"
    file.write_text("\n".join([*lines, *wheels]), "utf-8")
    return file


@pytest.fixture
def install(tmp_path: Path, constraints: Path) -> Callable[..., Path]:
    """Make a new environment with `requirements` and return its Python."""

    def make(*requirements: str) -> Path:
        environment = tmp_path / "environment"
        run("uv", "venv", "--quiet", environment)
        python = environment / "bin" / "python"
        run("uv", "pip", "install", "--quiet", "--python", python, "-c", constraints, *requirements)
        return python

    return make


def extras_of(wheel: Path) -> list[str]:
    (metadata,) = [text for name, text in content(wheel).items() if name.endswith("/METADATA")]
    return re.findall(r"^Provides-Extra: (.+)$", metadata.decode(), re.MULTILINE)


@pytest.mark.parametrize("name", NAMES)
def test_what_a_wheel_holds(name: str, wheel: Callable[[str], Path]) -> None:
    files = set(content(wheel(name)))
    source = ROOT / "packages" / name / "src"
    wanted = {f"{module_of(name)}/py.typed"}
    tracked = run("git", "ls-files", source).splitlines()
    wanted |= {str((ROOT / path).relative_to(source)) for path in tracked if path.endswith(".py")}
    for rule in DATA.get(name, []):
        pattern, _, target = rule.partition(" -> ")
        fixed = ROOT / pattern.partition("*")[0]
        data = run("git", "ls-files", fixed).splitlines()
        assert data, f"{rule}: nothing there"
        wanted |= {target + str((ROOT / path).relative_to(fixed)) for path in data}

    assert wanted - files == set()
    assert [path for path in files if path.endswith(".dist-info/licenses/LICENSE")]
    assert [path for path in files if RUBBISH.search(path)] == []


@pytest.mark.parametrize("name", NAMES)
def test_what_a_source_distribution_holds(name: str, built: Path) -> None:
    (file,) = built.glob(f"{module_of(name)}-*.tar.gz")
    with tarfile.open(file) as archive:
        members = archive.getmembers()
    paths = {member.name.partition("/")[2] for member in members}
    tests = run("git", "ls-files", f"packages/{name}/tests").splitlines()

    assert {"README.md", "LICENSE", "pyproject.toml"} <= paths
    assert {path.removeprefix(f"packages/{name}/") for path in tests} - paths == set()
    assert [path for path in paths if RUBBISH.search(path)] == []
    assert [member.name for member in members if not member.isreg()] == []


def test_a_wheel_is_the_same_from_the_tree_and_from_the_source_distribution(
    built: Path, tmp_path: Path
) -> None:
    run("uv", "build", "--quiet", "--all-packages", "--wheel", "--out-dir", tmp_path)

    for from_sdist in sorted(built.glob("*.whl")):
        from_tree = content(tmp_path / from_sdist.name)
        assert content(from_sdist) == from_tree, from_sdist.name


@pytest.mark.parametrize("name", NAMES)
def test_a_distribution_works_with_what_it_declares(
    name: str,
    built: Path,
    wheel: Callable[[str], Path],
    install: Callable[..., Path],
    tmp_path: Path,
) -> None:
    extras = ",".join(extras_of(wheel(name)))
    python = install(f"{name}[{extras}] @ {wheel(name).as_uri()}")
    modules = run(python, "-W", "error", "-c", IMPORT_EVERYTHING, module_of(name), cwd=tmp_path)
    assert modules.split()

    install_more = ("uv", "pip", "install", "--quiet", "--python", python)
    constraints = built / "constraints.txt"
    run(*install_more, "-c", constraints, *RUNNER, *TESTS_NEED.get(name, []))
    (sdist,) = built.glob(f"{module_of(name)}-*.tar.gz")
    with tarfile.open(sdist) as archive:
        archive.extractall(tmp_path, filter="data")
    folder = tmp_path / sdist.name.removesuffix(".tar.gz")
    # The root's settings, without the side-by-side runs that its own environment is made for.
    settings = ("-c", ROOT / "pyproject.toml", "-o", "addopts=--import-mode=importlib -ra")
    options = (*settings, "--rootdir", folder, "-p", "no:cacheprovider", "-q")
    printed = run(python.with_name("pytest"), *options, *APART.get(name, []), "tests", cwd=folder)

    assert re.search(r"\d+ passed", printed), printed


# The distribution, what works without its extras, what does not, and how its error helps.
BARE = [
    ("pulpo-base", "from pulpo_base import datamodel, operation, invoke, DataModelBase"),
    ("pulpo-base", "import pulpo_base.flows"),
    ("pulpo-base", "import pulpo_base.flows.prefect"),
    ("pulpo-utils", "from pulpo_utils.exceptions import handle_errors"),
    ("pulpo-selfaware", "from pulpo_selfaware import SelfAwarenessMiddleware, record_event"),
]
NEEDS_EXTRA = [
    ("pulpo-base", "import pulpo_base.api", "pulpo-base[api]"),
    ("pulpo-base", "import pulpo_base.project", "pulpo-base[project]"),
    (
        "pulpo-utils",
        "from pulpo_utils import problems; problems.install_problem_handlers(None)",
        "pulpo-utils[fastapi]",
    ),
    (
        "pulpo-selfaware",
        "from pulpo_selfaware import selfaware_router; selfaware_router()",
        "pulpo-selfaware[fastapi]",
    ),
]


@pytest.mark.parametrize("name", sorted({name for name, _ in BARE}))
def test_a_core_works_without_extras(
    name: str, wheel: Callable[[str], Path], install: Callable[..., Path], tmp_path: Path
) -> None:
    python = install(f"{name} @ {wheel(name).as_uri()}")

    for line in [line for of, line in BARE if of == name]:
        run(python, "-W", "error", "-c", line, cwd=tmp_path)


@pytest.mark.parametrize(("name", "line", "remedy"), NEEDS_EXTRA)
def test_an_error_names_the_missing_extra(
    name: str,
    line: str,
    remedy: str,
    wheel: Callable[[str], Path],
    install: Callable[..., Path],
    tmp_path: Path,
) -> None:
    python = install(f"{name} @ {wheel(name).as_uri()}")
    catch = f"try:\n    {line}\nexcept ImportError as error:\n    print(error)\n"

    assert remedy in run(python, "-c", catch, cwd=tmp_path)
