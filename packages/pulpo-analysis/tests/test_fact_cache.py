"""The facts of a file are kept by its content, and a cache is never needed and never believed."""

from __future__ import annotations

import math
import os
import shutil
import subprocess
import sys
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from types import SimpleNamespace

import pytest

from pulpo_analysis import Analysis, analyse
from pulpo_analysis.cache import version
from pulpo_analysis.cache.encoding import Encoding
from pulpo_analysis.cache.store import Store, remove_cache
from pulpo_analysis.cache.version import code_version
from pulpo_analysis.discovery import sources
from pulpo_analysis.discovery.facts import ModuleFacts
from pulpo_analysis.discovery.reader import read_module
from pulpo_analysis.discovery.static import StaticDiscovery

Project = Callable[..., Path]

MODELS = """
    from beanie import Document
    from pulpo_base import datamodel

    @datamodel()
    class Note(Document):
        "A note."
        text: str = "é"
        _odd: complex = 1j
        raw: bytes = b"\\xff"
        kinds: tuple[int, ...] = ()
        huge: float = 1e999
"""
OPERATIONS = """
    from models import Note
    from pulpo_base import operation

    @operation(name="notes.add", models_out=[Note])
    def add() -> None:
        "Add a note."
"""


@pytest.fixture
def notes(project: Project) -> Path:
    return project({"models.py": MODELS, "operations.py": OPERATIONS, "other.py": "x = 1\n"})


@pytest.fixture
def parsed(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The files that are parsed, in order."""
    paths: list[str] = []

    def read(source: bytes, path: str, module: str, **options: bool) -> object:
        paths.append(path)
        return read_module(source, path, module, **options)

    monkeypatch.setattr(sources, "read_module", read)
    return paths


def _analyse(root: Path) -> Analysis:
    """Analyse by the facts: answers that are kept ask for none."""
    shutil.rmtree(root / ".pulpo" / "cache" / "answers", ignore_errors=True)
    return analyse(root, StaticDiscovery())


def _entries(root: Path) -> list[Path]:
    return sorted((root / ".pulpo" / "cache" / "facts").glob("*"))


def test_only_what_changed_is_parsed_again(notes: Path, parsed: list[str]) -> None:
    first = _analyse(notes)
    assert parsed == ["models.py", "operations.py"]
    parsed.clear()

    assert _analyse(notes) == first
    assert parsed == []

    (notes / "models.py").write_text((notes / "models.py").read_text().replace("A note", "One"))
    assert _analyse(notes).app.models[0].description == "One."
    assert parsed == ["models.py"]


def test_facts_are_the_same_from_the_cache() -> None:
    encoding = Encoding(ModuleFacts)
    for path in sorted(Path(__file__).parent.rglob("*.py")):
        facts = read_module(path.read_bytes(), path.name, path.stem)
        if not isinstance(facts, ModuleFacts):
            continue  # a case of a file that cannot be parsed
        again = encoding.decode(encoding.encode(facts))
        assert again == facts


def test_another_version_finds_nothing(
    notes: Path, parsed: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    _analyse(notes)
    parsed.clear()
    monkeypatch.setattr(version, "sys", SimpleNamespace(version=f"{sys.version} of tomorrow"))

    _analyse(notes)

    assert parsed == ["models.py", "operations.py"]


@dataclass(frozen=True, slots=True)
class _One:
    name: str


@dataclass(frozen=True, slots=True)
class _Two:
    name: str
    line: int | None = None


def test_another_field_is_another_shape() -> None:
    one, two = (Encoding(kind).shape for kind in (_One, _Two))

    assert one.replace("_One", "_Two") != two
    with pytest.raises(ValueError, match="fields"):
        Encoding(_One).decode(Encoding(_Two).encode(_Two("a", 1)))
    with pytest.raises(TypeError):
        Encoding(_One).encode(_Two("a"))


@pytest.mark.parametrize(
    "damage",
    [
        lambda data: b"",
        lambda data: data[: len(data) // 2],
        lambda data: data.replace(b"Note", b"Nota"),
        lambda data: b"pulpo facts\n[]",
        lambda data: os.urandom(200),
        lambda data: b"[" * 100_000,
    ],
    ids=["empty", "cut short", "changed", "foreign", "noise", "nested"],
)
def test_a_damaged_entry_is_ignored_and_rewritten(
    notes: Path, parsed: list[str], damage: Callable[[bytes], bytes]
) -> None:
    first = _analyse(notes)
    sound = {entry: entry.read_bytes() for entry in _entries(notes)}
    for entry, data in sound.items():
        entry.write_bytes(damage(data))
    parsed.clear()

    assert _analyse(notes) == first
    assert parsed == ["models.py", "operations.py"]
    assert {entry: entry.read_bytes() for entry in _entries(notes)} == sound


def test_sound_bytes_of_another_shape_are_no_facts(notes: Path) -> None:
    first = _analyse(notes)
    known = code_version(Encoding(ModuleFacts))
    source = (notes / "models.py").read_bytes()
    for data in (b"[]", b"{}", b"[1,2,3]", b"null", b"[" * 50_000):
        Store(notes, "facts", known).put(data, source, b"models.py", b"models")
        assert _analyse(notes) == first


def test_a_read_only_project_is_no_error(notes: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(path: Path, *_: object, **__: object) -> None:
        raise PermissionError(13, "Permission denied", str(path))

    monkeypatch.setattr(Path, "mkdir", refuse)  # root may write everywhere

    assert _analyse(notes).errors == ()
    assert not (notes / ".pulpo").exists()


def test_a_file_in_the_caches_place_is_no_error(notes: Path) -> None:
    (notes / ".pulpo").write_text("mine")

    assert _analyse(notes).errors == ()
    assert (notes / ".pulpo").read_text() == "mine"


def test_nothing_is_written_through_a_link(notes: Path, tmp_path: Path) -> None:
    elsewhere = tmp_path / "elsewhere"
    elsewhere.mkdir()
    (notes / ".pulpo").symlink_to(elsewhere)

    assert _analyse(notes).errors == ()
    remove_cache(notes)

    assert [*elsewhere.iterdir()] == []


def test_a_folder_that_is_no_project_stays_as_it_is(project: Project) -> None:
    root = project({"script.py": "print(1)\n"})

    analyse(root)

    assert [path.name for path in root.iterdir()] == ["script.py"]


def test_the_oldest_unused_entries_go(project: Project) -> None:
    root = project({})
    old = Store(root, "facts", "1")
    for index in range(700):
        key = str(index).encode()
        old.put(b"x", key)
        os.utime(root / ".pulpo/cache/facts" / old._name((key,)), (index, index))
    new = Store(root, "facts", "2")
    new.put(b"y", b"0")

    new.tidy()

    assert len(_entries(root)) == 502  # what is new, its equal in number, and the spare ones
    assert new.get(b"0") == b"y"
    assert (old.get(b"0"), old.get(b"699")) == (None, b"x")


def test_the_cache_ignores_itself_and_goes_as_a_whole(notes: Path) -> None:
    _analyse(notes)
    cache = notes / ".pulpo" / "cache"
    assert (cache / ".gitignore").read_text() == "*\n"

    remove_cache(notes)

    assert not cache.exists()
    assert (notes / ".pulpo").exists()


def test_odd_constants_survive() -> None:
    encoding = Encoding(ModuleFacts)
    values = ["1e999", "...", "b'x'", "2j", "'\\ud800'", "-0.0", "10**9", "(1, [2])", "0", "''"]
    source = "\n".join(f"v{at} = {value}" for at, value in enumerate(values)).encode()
    facts = read_module(source, "m.py", "m")
    assert isinstance(facts, ModuleFacts)

    again = encoding.decode(encoding.encode(facts))

    assert again == facts
    constants = [fact.value and fact.value.value for fact in again.assigns.values()]
    assert constants[2] == b"x"
    assert math.copysign(1, constants[5]) == -1


def test_processes_that_write_at_once_do_not_disturb_each_other(notes: Path) -> None:
    wanted = analyse(notes, StaticDiscovery(cached=False))
    code = (
        "import sys; from pathlib import Path; from pulpo_analysis import analyse\n"
        "names = {len(analyse(Path(sys.argv[1])).app.models) for _ in range(20)}; print(names)"
    )
    started = [
        subprocess.Popen(
            [sys.executable, "-c", code, str(notes)],
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )
        for _ in range(2)
    ]
    for number in range(20):  # what they both read changes under their hands
        (notes / "other.py").write_text(f"x = {number}  # datamodel\n")
    ended = [process.communicate(timeout=60) for process in started]

    assert ended == [("{1}\n", "")] * 2
    (notes / "other.py").write_text("x = 1\n")
    assert analyse(notes) == wanted
