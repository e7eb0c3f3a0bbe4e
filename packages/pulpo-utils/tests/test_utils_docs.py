"""Every example of the README and of the docstrings runs, and gives what it says."""

from __future__ import annotations

import ast
import doctest
import importlib
import pkgutil
import re
from pathlib import Path
from typing import Any

import pytest

import pulpo_utils
import pulpo_utils.exceptions

ROOT = Path(__file__).parents[1]
README = (ROOT / "README.md").read_text()
BLOCKS = re.findall(r"^```(python|pycon)\n(.*?)^```", README, re.DOTALL | re.MULTILINE)
MODULES = sorted(info.name for info in pkgutil.walk_packages(pulpo_utils.__path__, "pulpo_utils."))
FLAGS = doctest.ELLIPSIS | doctest.IGNORE_EXCEPTION_DETAIL


def docstrings(path: Path) -> list[tuple[str, str]]:
    """The docstrings of a file by name, found without importing it."""
    kinds = (ast.Module, ast.ClassDef, ast.FunctionDef, ast.AsyncFunctionDef)
    return [
        (getattr(node, "name", path.stem), text)
        for node in ast.walk(ast.parse(path.read_text()))
        if isinstance(node, kinds) and (text := ast.get_docstring(node)) and ">>>" in text
    ]


EXAMPLES = [
    pytest.param(path, text, id=f"{path.stem}.{name}")
    for path in sorted((ROOT / "src").rglob("*.py"))
    for name, text in docstrings(path)
]


def run(text: str, name: str, names: dict[str, Any]) -> int:
    """Run the examples in `text`; the number of them."""
    test = doctest.DocTestParser().get_doctest(text, names, name, None, 0)
    out: list[str] = []
    result = doctest.DocTestRunner(optionflags=FLAGS).run(test, out=out.append, clear_globs=False)
    assert result.failed == 0, "".join(out)
    return result.attempted


def module_of(path: Path) -> str:
    parts = path.relative_to(ROOT / "src").with_suffix("").parts
    return ".".join(part for part in parts if part != "__init__")


@pytest.mark.parametrize(("path", "text"), EXAMPLES)
def test_the_examples_of_a_docstring(path: Path, text: str) -> None:
    public = pulpo_utils.exceptions
    names = {name: getattr(public, name) for name in public.__all__}
    names |= vars(importlib.import_module(module_of(path)))
    assert run(text, path.name, names) > 0


def test_there_are_examples() -> None:
    assert len(EXAMPLES) >= 15
    assert len(BLOCKS) >= 6


@pytest.mark.parametrize(
    ("kind", "code"), BLOCKS, ids=[f"{number}" for number in range(len(BLOCKS))]
)
def test_the_examples_of_the_readme(
    kind: str, code: str, capsys: pytest.CaptureFixture[str]
) -> None:
    names: dict[str, Any] = {"__name__": "readme"}
    if kind == "pycon":
        assert run(code, "README.md", names) > 0
        return
    exec(compile(code, "README.md", "exec"), names)  # noqa: S102
    said = re.findall(r"# prints (.*)$", code, re.MULTILINE)
    assert capsys.readouterr().out.split() == " ".join(said).split()


@pytest.mark.parametrize("name", MODULES)
def test_every_public_name_is_exported_and_documented(name: str) -> None:
    module = importlib.import_module(name)
    assert module.__doc__
    if name.rpartition(".")[2].startswith("_") and not hasattr(module, "__all__"):
        return
    for public in module.__all__:
        value = getattr(module, public)
        if isinstance(value, type) or callable(value):
            assert value.__doc__, public


def test_links_of_the_readme_point_at_files_or_the_web() -> None:
    for target in re.findall(r"\]\(([^)]+)\)", README):
        assert target.startswith("https://") or (ROOT / target).exists(), target
