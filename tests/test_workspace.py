"""What the six distributions have in common, and what the README, CI and the lock file promise."""

from __future__ import annotations

import re
import tomllib
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest

ROOT = Path(__file__).parents[1]
NAMES = sorted(path.name for path in (ROOT / "packages").iterdir())
PUBLIC_HOSTS = {"pypi.org", "files.pythonhosted.org"}


def project(name: str) -> dict[str, Any]:
    text = (ROOT / "packages" / name / "pyproject.toml").read_text("utf-8")
    table: dict[str, Any] = tomllib.loads(text)["project"]
    return table


def requirements(name: str) -> list[str]:
    table = project(name)
    extras = table.get("optional-dependencies", {}).values()
    return [*table["dependencies"], *(line for extra in extras for line in extra)]


def code_lines(markdown: str, language: str) -> list[str]:
    blocks = re.findall(rf"^```{language}\n(.*?)^```", markdown, re.MULTILINE | re.DOTALL)
    return [line.partition("#")[0].strip() for block in blocks for line in block.splitlines()]


def test_one_version_everywhere() -> None:
    root = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))

    assert len(NAMES) == 6
    assert {project(name)["version"] for name in NAMES} == {root["project"]["version"]}


@pytest.mark.parametrize("name", NAMES)
def test_the_six_pin_each_other_exactly(name: str) -> None:
    wanted = f"=={project(name)['version']}"
    others = [line for line in requirements(name) if line.startswith("pulpo-")]

    for line in others:
        if re.split(r"[\[=<>~! ;]", line)[0] == name:
            continue  # an extra that sums up others of the same distribution
        assert line.endswith(wanted), line


@pytest.mark.parametrize("name", NAMES)
def test_metadata_of_each(name: str) -> None:
    table = project(name)

    assert table["name"] == name
    assert table["requires-python"] == ">=3.11"
    assert table["license"] == "MIT"
    assert table["license-files"] == ["LICENSE"]
    assert table["description"].endswith(".")
    assert "Typing :: Typed" in table["classifiers"]


@pytest.mark.parametrize("name", NAMES)
def test_the_license_of_each_is_the_workspace_s(name: str) -> None:
    assert (ROOT / "packages" / name / "LICENSE").read_bytes() == (ROOT / "LICENSE").read_bytes()


@pytest.mark.parametrize("name", NAMES)
def test_the_readme_of_each_installs_and_shows_code(name: str) -> None:
    text = (ROOT / "packages" / name / "README.md").read_text("utf-8")

    assert text.startswith(f"# {name}\n")
    installs = [line.replace("'", "") for line in code_lines(text, "sh")]
    assert any(re.match(rf"pip install {name}\b", line) for line in installs)
    assert any(code_lines(text, "python"))


def test_the_console_script() -> None:
    scripts = {name: project(name).get("scripts", {}) for name in NAMES}

    assert scripts.pop("pulpo-cli") == {"pulpo": "pulpo_cli.main:main"}
    assert {script for table in scripts.values() for script in table} & {"pulpo"} == set()


def test_the_readme_s_commands_and_ci_agree() -> None:
    readme = code_lines((ROOT / "README.md").read_text("utf-8"), "sh")
    ci = [line.strip() for line in (ROOT / ".ci" / "run").read_text("utf-8").splitlines()]

    assert {"uv run pulpo demo", "uv run pytest"} <= set(readme)
    assert "uv run pytest" in ci
    assert any(line.startswith("scripts/check ") for line in ci)


def test_ci_and_pre_commit_call_the_same_script() -> None:
    hooks = (ROOT / ".pre-commit-config.yaml").read_text("utf-8")

    assert "entry: scripts/check\n" in hooks
    assert (ROOT / "scripts" / "check").stat().st_mode & 0o111


def test_the_lock_file_names_public_hosts_only() -> None:
    text = (ROOT / "uv.lock").read_text("utf-8")
    hosts = {urlsplit(url).hostname for url in re.findall(r'https?://[^"\s]+', text)}

    assert hosts == PUBLIC_HOSTS
