"""Files as they are found on disks: links, encodings, permissions."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from pulpo_analysis import Analysis, analyse
from pulpo_analysis.config.settings import DiscoveryConfig
from pulpo_analysis.diagnostics.text import SourceLines, diagnostic_text
from pulpo_analysis.discovery.files import SourceFile, source_tree
from pulpo_analysis.discovery.static import StaticDiscovery

MODEL = (
    "from beanie import Document\nfrom pulpo_base import datamodel\n\n\n"
    '@datamodel\nclass {name}(Document):\n    """{doc}."""\n\n    {field}\n'
)


def _model(name: str = "Order", doc: str = "A wish", field: str = "total: int") -> str:
    return MODEL.format(name=name, doc=doc, field=field)


def _files(root: Path, roots: tuple[str, ...] = (), exclude: tuple[str, ...] = ()) -> list[str]:
    config = DiscoveryConfig(roots=roots, exclude=exclude)
    return [file.relative for file in source_tree(root, config).files]


def test_links_are_followed_inside_the_project_only(
    project: Callable[..., Path], tmp_path: Path
) -> None:
    (tmp_path / "outside.py").write_text(_model("Outside"), encoding="utf-8")
    (tmp_path / "project-two").mkdir()
    (tmp_path / "project-two" / "near.py").write_text(_model("Near"), encoding="utf-8")
    root = project({"models.py": _model()})
    (root / "linked.py").symlink_to(tmp_path / "outside.py")
    (root / "near.py").symlink_to(tmp_path / "project-two" / "near.py")
    (root / "inside.py").symlink_to(root / "models.py")
    (root / "nowhere.py").symlink_to(root / "missing.py")
    (root / "circle.py").symlink_to(root / "circle.py")
    (root / "folder").symlink_to(tmp_path / "project-two")
    (root / "loop").symlink_to(root)
    assert _files(root) == ["inside.py", "models.py"]


def test_roots_and_exclude_say_where_to_look(project: Callable[..., Path]) -> None:
    root = project({"app/a.py": "", "app/old/b.py": "", "tools/c.py": "", "app/lib/d.py": ""})
    assert _files(root) == ["app/a.py", "app/lib/d.py", "app/old/b.py", "tools/c.py"]
    assert _files(root, roots=("app",), exclude=("app/old",)) == ["app/a.py", "app/lib/d.py"]
    assert _files(root, roots=("app", "app/lib"), exclude=("*/b.py",)) == [
        "app/a.py",
        "app/lib/d.py",
    ]
    tree = source_tree(root, DiscoveryConfig(roots=("app", "app/lib")))
    assert [file.module for file in tree.files] == ["a", "d", "old.b"]


@pytest.mark.parametrize(
    ("head", "encoding"),
    [("", "utf-8-sig"), ("# -*- coding: latin-1 -*-\n", "latin-1"), ("", "utf-8")],
)
def test_encodings(head: str, encoding: str, analysed: Callable[..., Analysis]) -> None:
    source = head + _model(doc="Größe", field="über: Nope")
    analysis = analysed({"models.py": source.encode(encoding)})
    (model,) = analysis.app.models
    assert model.description == "Größe."
    assert [field.name for field in model.fields] == ["id", "über"]
    (found,) = analysis.diagnostics
    assert found.code == "PLD003"
    assert found.location is not None
    assert found.location.column == 11


def test_bytes_that_are_no_text_are_a_finding(analysed: Callable[..., Analysis]) -> None:
    analysis = analysed({"a.py": b"datamodel = '\xff'\n", "b.py": b"datamodel\x00\n"})
    assert {found.code for found in analysis.diagnostics} >= {"PLD001"}
    assert {str(found.location)[:4] for found in analysis.errors} == {"a.py", "b.py"}


def test_the_caret_stands_below_the_character(analysed: Callable[..., Analysis]) -> None:
    source = _model(field="größe: dict[str, Nope]").replace("\n\n\n@", "\n\f\n\n@")
    analysis = analysed({"models.py": source})
    lines = diagnostic_text(analysis.diagnostics[0], SourceLines(analysis.root)).splitlines()
    assert lines[1][lines[2].index("^") :] == "Nope]"


def test_what_cannot_be_read_is_a_finding(
    project: Callable[..., Path], monkeypatch: pytest.MonkeyPatch
) -> None:
    root = project({"models.py": _model(), "closed.py": _model("Closed")})
    real = SourceFile.read

    def refused(file: SourceFile) -> bytes:
        if file.relative == "closed.py":
            raise PermissionError(13, "Permission denied")
        return real(file)

    monkeypatch.setattr(SourceFile, "read", refused)
    analysis = analyse(root)
    assert [model.name for model in analysis.app.models] == ["Order"]
    (found,) = analysis.errors
    assert (found.code, str(found.location)) == ("PLD002", "closed.py:1:1")


def test_a_folder_that_cannot_be_listed_is_a_finding(
    project: Callable[..., Path], monkeypatch: pytest.MonkeyPatch
) -> None:
    import os

    root = project({"models.py": _model(), "closed/more.py": _model("Closed")})
    real = os.scandir

    def refused(path: Path) -> object:
        if Path(path).name == "closed":
            raise PermissionError(13, "Permission denied")
        return real(path)

    monkeypatch.setattr(os, "scandir", refused)
    found = StaticDiscovery().discover(root, DiscoveryConfig())
    assert [model.name for model in found.models] == ["Order"]
    assert [str(problem.location) for problem in found.diagnostics] == ["closed:1:1"]


def test_a_file_name_that_is_no_text_is_no_trap(project: Callable[..., Path]) -> None:
    root = project({"models.py": _model()})
    import os

    with open(os.fsencode(root) + b"/caf\xe9.py", "wb") as file:  # noqa: PTH123 - bytes
        file.write(_model("Named").encode())
    analysis = analyse(root)
    assert [found.code for found in analysis.diagnostics] == ["PLD007"]
    assert "caf\\xe9.py" in analysis.diagnostics[0].message


def test_a_root_that_is_no_folder_is_refused(tmp_path: Path) -> None:
    with pytest.raises(NotADirectoryError, match="nowhere"):
        analyse(tmp_path / "nowhere")


def test_code_too_deep_for_the_parser_is_a_finding(analysed: Callable[..., Analysis]) -> None:
    deep = "datamodel\nx = " + " + ".join(["1"] * 20_000) + "\n"
    nested = "datamodel\nx = " + "(" * 5_000 + ")" * 5_000 + "\n"
    analysis = analysed({"models.py": _model(), "deep.py": deep, "nested.py": nested})
    assert [model.name for model in analysis.app.models] == ["Order"]
    assert {found.code for found in analysis.errors} <= {"PLD001"}


def test_an_invalid_escape_is_not_our_business(analysed: Callable[..., Analysis]) -> None:
    source = _model() + "PATTERN = '\\d'\n"
    assert analysed({"models.py": source}).diagnostics == ()


def test_lint_ignore_leaves_errors(analysed: Callable[..., Analysis]) -> None:
    files = {
        ".pulpo.yml": "lint:\n  ignore: [PLM, PLO001]\n",
        "models.py": _model(field="total: int\n\n\n@datamodel\nclass Bare(Document): ..."),
        "more.py": _model(),
    }
    assert [found.code for found in analysed(files).diagnostics] == ["PLM001"]
