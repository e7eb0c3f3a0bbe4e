"""An answer is kept for as long as nothing that it was made of has changed, and no longer."""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path

import pytest

from pulpo_analysis import Analysis, analyse
from pulpo_analysis.cache.encoding import encoding_of
from pulpo_analysis.cache.store import Store
from pulpo_analysis.cache.version import code_version
from pulpo_analysis.config.loading import load_config
from pulpo_analysis.discovery.answers import FileAnswers
from pulpo_analysis.discovery.file_reading import FileReading
from pulpo_analysis.discovery.files import source_tree
from pulpo_analysis.discovery.static import StaticDiscovery


@pytest.fixture
def asked(monkeypatch: pytest.MonkeyPatch) -> list[Path]:
    """The projects that had to be discovered, in order."""
    roots: list[Path] = []
    real = StaticDiscovery.discover

    def discover(self: StaticDiscovery, root: Path, config: object) -> object:
        roots.append(root)
        return real(self, root, config)  # type: ignore[arg-type] # as it was called

    monkeypatch.setattr(StaticDiscovery, "discover", discover)
    return roots


def _fresh(root: Path) -> Analysis:
    return analyse(root, StaticDiscovery(cached=False))


def test_the_second_answer_equals_the_first(example: Path, asked: list[Path]) -> None:
    first = analyse(example)
    again = analyse(example)

    assert again == first == _fresh(example)
    assert len(asked) == 2
    assert again.app.models[0].ui == first.app.models[0].ui


def _write(root: Path, path: str, text: str) -> None:
    (root / path).parent.mkdir(parents=True, exist_ok=True)
    (root / path).write_text(text)


CHANGES: dict[str, Callable[[Path], object]] = {
    "a new file": lambda root: _write(root, "more.py", "x = 1\n"),
    "a new folder": lambda root: _write(root, "src/thing.py", "x = 1\n"),
    "the configuration": lambda root: _write(root, ".pulpo.yml", "flows:\n  stages: [a]\n"),
    "another configuration": lambda root: _write(root, "pyproject.toml", "[tool.pulpo]\n"),
    "a file moved": lambda root: max(root.rglob("*.py")).rename(root / "moved.py"),
    "a file gone": lambda root: max(root.rglob("*.py")).unlink(),
}


@pytest.mark.parametrize("change", CHANGES)
def test_a_change_is_seen(change: str, example: Path, asked: list[Path]) -> None:
    analyse(example)
    CHANGES[change](example)

    assert analyse(example) == _fresh(example)
    assert len(asked) == 3


def test_a_change_of_equal_size_and_time_is_seen(example: Path) -> None:
    path = max(example.rglob("*.py"), key=lambda file: file.stat().st_size)
    before = path.stat()
    analyse(example)
    path.write_bytes(path.read_bytes()[:-2] + b"#\n")
    os.utime(path, ns=(before.st_atime_ns, before.st_mtime_ns))

    assert analyse(example) == _fresh(example)


@pytest.mark.parametrize("kind", ["analysis", "answers"])
@pytest.mark.parametrize("data", [b"", b"{}", b"pulpo analysis\n[]", b"[" * 9999])
def test_a_damaged_answer_is_worked_out_again(kind: str, data: bytes, example: Path) -> None:
    first = analyse(example)
    for folder in {"analysis", kind}:
        kept = list((example / ".pulpo/cache" / folder).iterdir())
        assert kept
        for entry in kept:
            entry.write_bytes(data)

    assert analyse(example) == first


def test_sound_bytes_of_another_shape_are_no_answers(example: Path) -> None:
    first = StaticDiscovery().discover(example, load_config(example).config.discovery)
    encoding = encoding_of(FileAnswers)
    files = source_tree(example, load_config(example).config.discovery).files
    for data in (b"[]", b"{}", b"[1,2,3,4]", b"null", b"[" * 50_000):
        for file in files:
            store = Store(example, "answers", code_version(encoding))
            store.put(data, file.read(), file.relative.encode(), file.module.encode())
        again = StaticDiscovery().discover(example, load_config(example).config.discovery)
        assert again == first


def test_one_changed_file_is_read_with_those_that_looked_at_it(
    project: Callable[..., Path], monkeypatch: pytest.MonkeyPatch
) -> None:
    root = project(
        {
            "one.py": "from beanie import Document\nfrom pulpo_base import datamodel\n"
            "@datamodel()\nclass One(Document):\n    text: str\n",
            "two.py": "from beanie import Document, Link\nfrom pulpo_base import datamodel\n"
            "from one import One\n@datamodel()\nclass Two(Document):\n    one: Link[One]\n",
            "three.py": "from beanie import Document, Link\nfrom pulpo_base import datamodel\n"
            "from two import Two\n@datamodel()\nclass Three(Document):\n    two: Link[Two]\n",
        }
    )
    config = load_config(root).config.discovery
    read: list[str] = []
    real = FileReading.declared

    def declared(self: FileReading) -> object:
        read.append(self.file.relative)
        return real(self)

    monkeypatch.setattr(FileReading, "declared", declared)
    StaticDiscovery().discover(root, config)
    assert read == ["one.py", "three.py", "two.py"]
    read.clear()
    (root / "one.py").write_text((root / "one.py").read_text() + "    more: int = 0\n")
    StaticDiscovery().discover(root, config)
    assert read == ["one.py", "two.py"]


def test_what_is_wrong_with_the_configuration_is_said_each_time(example: Path) -> None:
    _write(example, ".pulpo.yml", "nonsense: 1\n")

    assert [found.code for found in analyse(example).diagnostics if found.code[:3] == "PLC"]
    assert analyse(example) == analyse(example) == _fresh(example)
