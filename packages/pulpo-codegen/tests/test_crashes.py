"""A crash or a failing disk at every single change; the next run repairs the tree."""

from __future__ import annotations

import errno
import os
import pickle
import shutil
import signal
import subprocess
import sys
from collections.abc import Callable
from dataclasses import replace
from functools import partial
from pathlib import Path

import pytest

from pulpo_analysis.analysis import Analysis
from pulpo_codegen import Extension, clean_project
from pulpo_codegen import compile_project as compile_with
from pulpo_codegen.plan import TableTarget
from pulpo_codegen.render import Renderer
from pulpo_codegen.targets.docs import DOCS
from pulpo_codegen.testing import FaultyFiles, only

Tree = Callable[[Path], dict[str, bytes]]
Described = Callable[[Analysis, str], Analysis]
NEVER = 10**9


class Crash(BaseException):
    """Passes every handler, as the end of a process does."""


#: Templates are compiled once; only the disk matters here.
compile_project = partial(compile_with, renderer=Renderer(), extensions=only(DOCS))


def crash() -> None:
    raise Crash


def disk_full() -> None:
    raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))


def forbidden() -> None:
    raise PermissionError(errno.EACCES, os.strerror(errno.EACCES))


#: What the docs target was in an "older version": two more files, one in a folder of its own.
OLDER = TableTarget(
    "docs",
    (
        *DOCS.table,
        replace(DOCS.table[0], path="old/deep/gone.md"),
        replace(DOCS.table[1], path="docs/gone.md"),
    ),
)


def old_and_new(shop: Analysis, described: Described) -> tuple[Analysis, Analysis]:
    return shop, described(shop, "Somebody else.")


def count_steps(analysis: Analysis, before: Callable[[], object], run: str) -> int:
    before()
    files = FaultyFiles(NEVER, crash)
    if run == "compile":
        assert compile_project(analysis, files=files).applied
    else:
        assert clean_project(analysis.root, files=files).removed
    return files.steps


def reset(root: Path) -> None:
    shutil.rmtree(root / "run_cache", ignore_errors=True)


@pytest.mark.parametrize(
    ("fault", "fresh"),
    [
        pytest.param(crash, True, id="crash-first-compile"),
        pytest.param(disk_full, False, id="disk_full-recompile"),
        pytest.param(crash, False, id="crash-recompile", marks=pytest.mark.slow),
        pytest.param(disk_full, True, id="disk_full-first-compile", marks=pytest.mark.slow),
        pytest.param(forbidden, True, id="forbidden-first-compile", marks=pytest.mark.slow),
        pytest.param(forbidden, False, id="forbidden-recompile", marks=pytest.mark.slow),
    ],
)
def test_a_fault_at_every_change(
    shop: Analysis, described: Described, tree: Tree, fresh: bool, fault: Callable[[], None]
) -> None:
    old, new = old_and_new(shop, described)
    generated = shop.root / "run_cache"

    def start() -> None:
        reset(shop.root)
        if not fresh:
            assert compile_project(old, extensions=only(OLDER)).applied

    steps = count_steps(new, start, "compile")
    wanted = tree(generated)
    assert steps > 15
    for at in range(steps):
        start()
        mine = generated / "mine.txt"
        if not fresh:
            mine.write_text("mine")
        try:
            result = compile_project(new, files=FaultyFiles(at, fault))
        except Crash:
            assert fault is crash
        else:
            # The last folders are removed after everything is done; a failure there is told too.
            assert [found.code for found in result.errors] == ["PLW004"], at
            assert not result.applied
            assert "Make room or give permission" in result.errors[0].hint
            assert str(shop.root) not in result.errors[0].message
        for name, data in tree(generated).items() if generated.exists() else ():
            if name.startswith(("docs/", "old/")) and not name.endswith(".tmp"):
                assert data.endswith(b"\n"), f"{name} is torn after a fault at {at}"
        repaired = compile_project(new)
        assert not repaired.errors, at
        assert repaired.applied
        left = tree(generated)
        if not fresh:
            assert left.pop("mine.txt") == b"mine"
        assert left == wanted, at
        assert not (generated / "old").exists(), at
        assert not compile_project(new).plan.has_changes


def test_a_crash_then_a_change_then_a_crash(
    shop: Analysis, described: Described, tree: Tree
) -> None:
    """An interrupted run is followed by one that wants something else, also interrupted."""
    compile_project(shop)
    for at in range(0, 20, 3):
        for other in range(1, 20, 4):
            for text, step in (("second", at), ("third", other)):
                try:
                    compile_project(described(shop, text), files=FaultyFiles(step, crash))
                except Crash:
                    continue
            final = compile_project(described(shop, "fourth"))
            assert not final.errors, (at, other)
    assert not [name for name in tree(shop.root / "run_cache") if name.endswith(".tmp")]


def test_a_crash_and_then_the_change_is_taken_back(
    shop: Analysis, described: Described, tree: Tree
) -> None:
    """What was under way is not wanted any more; its half-written files go all the same."""
    old, new = old_and_new(shop, described)
    compile_project(old)
    wanted = tree(shop.root / "run_cache")
    steps = count_steps(new, lambda: compile_project(old), "compile")
    for at in range(steps):
        assert compile_project(old).applied
        with pytest.raises(Crash):
            compile_project(new, files=FaultyFiles(at, crash))
        assert not compile_project(old).errors
        assert tree(shop.root / "run_cache") == wanted, at


def test_a_crash_while_cleaning(shop: Analysis, tree: Tree) -> None:
    steps = count_steps(shop, lambda: compile_project(shop), "clean")
    for at in range(steps):
        compile_project(shop)
        (shop.root / "run_cache" / "mine.txt").write_text("mine")
        with pytest.raises(Crash):
            clean_project(shop.root, files=FaultyFiles(at, crash))
        assert not clean_project(shop.root).diagnostics
        assert tree(shop.root / "run_cache") == {"mine.txt": b"mine"}, at


@pytest.mark.skipif(os.name == "nt", reason="SIGKILL")
@pytest.mark.parametrize("at", [0, 3, 6, 11, 16, 21])
def test_a_real_kill(
    shop: Analysis, described: Described, tree: Tree, tmp_path: Path, at: int
) -> None:
    old, new = old_and_new(shop, described)
    compile_project(new)
    wanted = tree(shop.root / "run_cache")
    reset(shop.root)
    compile_project(old, extensions=only(OLDER))
    pickled = tmp_path / "analysis.pickle"
    pickled.write_bytes(pickle.dumps(new))
    script = (
        "import pickle, sys\n"
        "from functools import partial\n"
        "import pulpo_codegen\n"
        "from pulpo_codegen.targets.docs import DOCS\n"
        "from pulpo_codegen.testing import only\n"
        "compile_project = partial(pulpo_codegen.compile_project, extensions=only(DOCS))\n"
        "from pulpo_codegen.testing import FaultyFiles, kill_process\n"
        "analysis = pickle.loads(open(sys.argv[1], 'rb').read())\n"
        "compile_project(analysis, files=FaultyFiles(int(sys.argv[2]), kill_process))\n"
    )
    done = subprocess.run([sys.executable, "-c", script, str(pickled), str(at)], check=False)
    assert done.returncode == -signal.SIGKILL
    repaired = compile_project(new, lock_seconds=0)
    assert not repaired.errors
    assert tree(shop.root / "run_cache") == wanted


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has no such limit")
def test_the_system_refuses_a_write(shop: Analysis, tree: Tree, tmp_path: Path) -> None:
    """A limit on file sizes fails as a full disk does, in the middle of a file."""
    pickled = tmp_path / "analysis.pickle"
    pickled.write_bytes(pickle.dumps(shop))
    script = (
        "import pickle, resource, sys\n"
        "from functools import partial\n"
        "import pulpo_codegen\n"
        "from pulpo_codegen.targets.docs import DOCS\n"
        "from pulpo_codegen.testing import only\n"
        "compile_project = partial(pulpo_codegen.compile_project, extensions=only(DOCS))\n"
        "analysis = pickle.loads(open(sys.argv[1], 'rb').read())\n"
        "resource.setrlimit(resource.RLIMIT_FSIZE, (1000, 1000))\n"
        "print(*(found.message for found in compile_project(analysis).errors))\n"
    )
    done = subprocess.run(
        [sys.executable, "-c", script, str(pickled)], check=True, capture_output=True, text=True
    )
    assert "File too large" in done.stdout
    assert not list((shop.root / "run_cache").rglob("*.tmp"))
    assert compile_project(shop).applied
    assert len(tree(shop.root / "run_cache")) == 8


@pytest.mark.skipif(not hasattr(os, "geteuid") or os.geteuid() == 0, reason="root may do anything")
def test_a_folder_without_permission(shop: Analysis, described: Described) -> None:
    compile_project(shop)
    folder = shop.root / "run_cache" / "docs"
    folder.chmod(0o555)
    try:
        result = compile_project(described(shop, "Somebody else."))
    finally:
        folder.chmod(0o755)
    assert [found.code for found in result.errors] == ["PLW004"]
    assert result.errors[0].location is not None
    assert result.errors[0].location.path.startswith("run_cache/docs/")
    assert compile_project(described(shop, "Somebody else.")).applied


def test_a_file_becomes_a_folder_and_back(shop: Analysis, tree: Tree) -> None:
    def docs_at(path: str) -> tuple[Extension, ...]:
        row = replace(DOCS.table[0], path=path)
        return only(TableTarget("docs", (row,)))

    assert compile_project(shop, extensions=docs_at("a")).applied
    assert compile_project(shop, extensions=docs_at("a/b")).applied
    assert set(tree(shop.root / "run_cache")) == {".manifest.json", "a/b"}
    refused = compile_project(shop, extensions=docs_at("a"))
    assert [found.code for found in refused.errors] == ["PLW002"]
    assert clean_project(shop.root).removed == ("a/b",)
    assert compile_project(shop, extensions=docs_at("a")).applied
