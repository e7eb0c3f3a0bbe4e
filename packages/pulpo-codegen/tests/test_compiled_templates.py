"""Templates are compiled once; whatever is wrong with what is kept, they say what they say."""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path

import pytest
from jinja2 import Environment, FileSystemLoader

from pulpo_codegen.render.compiled import CompiledTemplates

NAME = "api/page.md.jinja"


@pytest.fixture
def ours(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setattr("sys.dont_write_bytecode", False)
    folder = tmp_path / "templates"
    (folder / "api").mkdir(parents=True)
    (folder / NAME).write_text("Hello {{ name }}")
    return folder


def said(ours: Path, *folders: Path) -> str:
    """Render the template as a process does that has loaded nothing yet."""
    loader = FileSystemLoader([str(folder) for folder in (*folders, ours)])
    environment = Environment(
        loader=loader,
        bytecode_cache=CompiledTemplates(ours),
        autoescape=False,  # noqa: S701 - what is printed here is ours
    )
    return environment.get_template(NAME).render(name="you")


def kept(ours: Path) -> list[Path]:
    return sorted((ours / "__pycache__").glob("*"))


def test_a_template_is_compiled_once(ours: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    assert said(ours) == "Hello you"
    assert len(kept(ours)) == 1

    def compiled(*_: object) -> None:
        raise AssertionError("compiled again")

    monkeypatch.setattr(Environment, "compile", compiled)
    assert said(ours) == "Hello you"


def test_a_changed_template_is_compiled_again(ours: Path) -> None:
    said(ours)
    (ours / NAME).write_text("Bye {{ name }}")

    assert said(ours) == "Bye you"


@pytest.mark.parametrize(
    "damage",
    [
        lambda data: b"",
        lambda data: data[: len(data) // 2],
        lambda data: data[:-1] + bytes([data[-1] ^ 1]),
        lambda data: os.urandom(len(data)),
    ],
    ids=["empty", "cut short", "changed", "noise"],
)
def test_what_is_damaged_is_compiled_and_kept_anew(
    ours: Path, damage: Callable[[bytes], bytes]
) -> None:
    said(ours)
    (file,) = kept(ours)
    sound = file.read_bytes()
    file.write_bytes(damage(sound))

    assert said(ours) == "Hello you"
    assert file.read_bytes() == sound


def test_a_folder_that_takes_nothing_is_no_error(
    ours: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(path: Path, *_: object, **__: object) -> None:
        raise PermissionError(13, "Permission denied", str(path))

    monkeypatch.setattr(Path, "mkdir", refuse)  # root may write everywhere

    assert said(ours) == "Hello you"
    assert not kept(ours)


def test_templates_of_others_are_not_kept(ours: Path, tmp_path: Path) -> None:
    theirs = tmp_path / "theirs"
    (theirs / "api").mkdir(parents=True)
    (theirs / NAME).write_text("Mine, {{ name }}")

    assert said(ours, theirs) == "Mine, you"
    assert not kept(ours)
    assert not (theirs / "__pycache__").exists()
