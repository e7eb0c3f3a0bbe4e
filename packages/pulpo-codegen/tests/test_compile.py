"""`compile_project` on a real disk: what it writes, keeps, refuses and never touches."""

from __future__ import annotations

import os
import subprocess
import sys
import time
from collections.abc import Callable
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path

import pytest

from pulpo_analysis.analysis import Analysis
from pulpo_analysis.diagnostics.diagnostic import Diagnostic, Severity
from pulpo_base.specs import SourceLocation
from pulpo_codegen import compile_project as compile_with
from pulpo_codegen.errors import GenerationBugError
from pulpo_codegen.plan import EXECUTABLE, Row, TableTarget, once, per_model
from pulpo_codegen.render import Renderer
from pulpo_codegen.targets.docs import DOCS
from pulpo_codegen.testing import only

#: The engine is tested with the one target that takes names of any kind; the targets that make
#: Python are tested on whole projects.
compile_project = partial(compile_with, extensions=only(DOCS))

Tree = Callable[[Path], dict[str, bytes]]
Described = Callable[[Analysis, str], Analysis]


@dataclass(frozen=True, slots=True)
class Named:
    name: str


@pytest.fixture
def renderer(tmp_path: Path) -> Renderer:
    folder = tmp_path / "templates"
    folder.mkdir()
    (folder / "name.py.jinja").write_text("{# context: Named #}\nNAME = {= name | py =}\n")
    (folder / "bad.py.jinja").write_text("{# context: Named #}\nNAME = (\n")
    return Renderer((folder,))


def models_target(name: str = "names", template: str = "name.py.jinja") -> TableTarget:
    return TableTarget(
        name,
        (
            Row(
                template=template,
                each=per_model,
                path=lambda model: f"{name}/{model.name.lower()}.py",
                context=lambda _, model: Named(model.name),
            ),
            Row(
                template=template,
                each=once,
                path=f"{name}/run",
                context=lambda analysis, _: Named(analysis.app.name),
                mode=EXECUTABLE,
            ),
        ),
    )


def without_models(analysis: Analysis) -> Analysis:
    return replace(analysis, app=replace(analysis.app, models=()))


def stamps(root: Path) -> dict[str, tuple[int, int]]:
    return {
        str(path.relative_to(root)): (path.stat().st_mtime_ns, path.stat().st_ino)
        for path in root.rglob("*")
    }


def test_the_second_run_writes_nothing(shop: Analysis) -> None:
    first = compile_project(shop)
    assert first.applied
    assert [action.path for action in first.plan.create] == [
        "docs/api.md",
        "docs/cli.md",
        "docs/errors.md",
        "docs/flows.md",
        "docs/index.md",
        "docs/models.md",
        "docs/operations.md",
    ]
    generated = shop.root / "run_cache"
    before = stamps(generated)
    second = compile_project(shop)
    assert second.applied
    assert not second.plan.has_changes
    assert len(second.plan.keep) == 7
    assert stamps(generated) == before


def test_only_what_changed_is_written(shop: Analysis, described: Described) -> None:
    compile_project(shop)
    generated = shop.root / "run_cache"
    before = stamps(generated)
    result = compile_project(described(shop, "Somebody else."))
    assert [action.path for action in result.plan.update] == ["docs/index.md", "docs/models.md"]
    after = stamps(generated)
    changed = {path for path, stamp in after.items() if before[path] != stamp}
    assert changed == {".manifest.json", "docs", "docs/index.md", "docs/models.md"}


def test_errors_of_the_analysis_stop_everything(shop: Analysis) -> None:
    found = Diagnostic("PLM001", Severity.ERROR, "title", "message", (SourceLocation("a.py"),))
    result = compile_project(replace(shop, diagnostics=(found,)))
    assert result.errors == (found,)
    assert not result.applied
    assert not list(shop.root.iterdir())


def test_warnings_of_the_analysis_do_not(shop: Analysis) -> None:
    found = Diagnostic("PLM009", Severity.WARNING, "title", "message", (SourceLocation("a.py"),))
    result = compile_project(replace(shop, diagnostics=(found,)))
    assert result.applied
    assert result.diagnostics == (found,)


def test_a_dry_run_decides_and_writes_nothing(shop: Analysis) -> None:
    result = compile_project(shop, dry_run=True)
    assert len(result.plan.create) == 7
    assert not result.applied
    assert not list(shop.root.iterdir())


def test_an_unknown_target_is_said_with_a_suggestion(shop: Analysis) -> None:
    with pytest.raises(ValueError, match=r"no target 'dcos'; did you mean 'docs'\?"):
        compile_project(shop, targets=["dcos"])
    assert not list(shop.root.iterdir())


def test_targets_that_are_not_asked_for_stay(shop: Analysis, renderer: Renderer) -> None:
    one, two = models_target("one"), models_target("two")
    compile_project(shop, extensions=only(one, two), renderer=renderer)
    fewer = without_models(shop)
    result = compile_project(fewer, targets=["one"], extensions=only(one, two), renderer=renderer)
    assert result.targets == ("one",)
    assert [a.path for a in result.plan.delete] == ["one/customer.py", "one/order.py"]
    assert (shop.root / "run_cache" / "two" / "customer.py").exists()
    result = compile_project(fewer, extensions=only(one, two), renderer=renderer)
    assert [a.path for a in result.plan.delete] == ["two/customer.py", "two/order.py"]


def test_files_of_a_target_that_is_gone_are_deleted(shop: Analysis, renderer: Renderer) -> None:
    compile_project(shop, extensions=only(models_target()), renderer=renderer)
    result = compile_project(shop, extensions=only(DOCS))
    assert len(result.plan.delete) == 3
    assert not (shop.root / "run_cache" / "names").exists()


def test_stale_files_go_and_unmanaged_files_stay(shop: Analysis, renderer: Renderer) -> None:
    extensions = only(models_target())
    compile_project(shop, extensions=extensions, renderer=renderer)
    folder = shop.root / "run_cache" / "names"
    (folder / "mine.txt").write_text("mine")
    cache = folder / "__pycache__"
    cache.mkdir()
    for name in ("order.cpython-311.pyc", "mine.cpython-311.pyc"):
        (cache / name).write_bytes(b"")
    compile_project(without_models(shop), extensions=extensions, renderer=renderer)
    assert sorted(path.name for path in folder.iterdir()) == ["__pycache__", "mine.txt", "run"]
    assert [path.name for path in cache.iterdir()] == ["mine.cpython-311.pyc"]


@pytest.mark.skipif(os.name == "nt", reason="Windows has no execute bit")
def test_modes(shop: Analysis, renderer: Renderer) -> None:
    extensions = only(models_target())
    compile_project(shop, extensions=extensions, renderer=renderer)
    script = shop.root / "run_cache" / "names" / "run"
    assert os.access(script, os.X_OK)
    assert not os.access(script.with_name("order.py"), os.X_OK)
    script.chmod(0o644)
    result = compile_project(shop, extensions=extensions, renderer=renderer)
    assert [action.reason for action in result.plan.update] == ["other permissions"]
    assert os.access(script, os.X_OK)


def test_a_bug_in_a_template_leaves_the_tree(shop: Analysis, renderer: Renderer) -> None:
    with pytest.raises(GenerationBugError, match=r"bad\.py\.jinja.*bug of Pulpo"):
        compile_project(
            shop, extensions=only(models_target(template="bad.py.jinja")), renderer=renderer
        )
    assert not list(shop.root.iterdir())


def test_a_hand_edit_stops_everything_and_force_overrides(
    shop: Analysis, described: Described, tree: Tree
) -> None:
    compile_project(shop)
    generated = shop.root / "run_cache"
    edited = generated / "docs" / "operations.md"
    edited.write_text("mine\n")
    before = tree(shop.root)
    result = compile_project(described(shop, "Somebody else."))
    assert not result.applied
    assert [found.code for found in result.errors] == ["PLW001"]
    assert str(result.errors[0].location) == "run_cache/docs/operations.md:1:1"
    assert tree(shop.root) == before
    forced = compile_project(described(shop, "Somebody else."), force=True)
    assert forced.applied
    assert edited.read_text() != "mine\n"
    assert "Somebody else." in (generated / "docs" / "models.md").read_text()


def test_a_deleted_file_comes_back(shop: Analysis) -> None:
    compile_project(shop)
    gone = shop.root / "run_cache" / "docs" / "index.md"
    gone.unlink()
    result = compile_project(shop)
    assert [(a.path, a.reason) for a in result.plan.create] == [("docs/index.md", "was missing")]
    assert gone.exists()


@pytest.mark.parametrize("damage", [None, b"", b"{not json", b'{"format": 99}'])
def test_without_a_manifest_equal_files_are_adopted(
    shop: Analysis, damage: bytes | None, described: Described
) -> None:
    compile_project(shop)
    manifest = shop.root / "run_cache" / ".manifest.json"
    whole = manifest.read_bytes()
    if damage is None:
        manifest.unlink()
    else:
        manifest.write_bytes(damage)
    refused = compile_project(described(shop, "Somebody else."))
    assert {found.code for found in refused.errors} == {"PLW002"}
    result = compile_project(shop)
    assert result.applied
    assert not result.plan.has_changes
    assert [found.code for found in result.diagnostics] == ([] if damage is None else ["PLW007"])
    assert manifest.read_bytes() == whole
    assert not compile_project(described(shop, "Somebody else.")).errors


def test_a_manifest_that_points_outside_deletes_nothing(shop: Analysis) -> None:
    compile_project(shop)
    victim = shop.root / "victim.txt"
    victim.write_text("precious")
    manifest = shop.root / "run_cache" / ".manifest.json"
    manifest.write_text(manifest.read_text().replace('"docs/flows.md"', '"../victim.txt"'), "utf-8")
    result = compile_project(shop)
    assert [found.code for found in result.diagnostics] == ["PLW007"]
    assert victim.read_text() == "precious"


@pytest.mark.parametrize("path", ["../out.py", "/pulpo-out.py", "a/../../../out.py"])
def test_no_path_leaves_the_tree(shop: Analysis, renderer: Renderer, path: str) -> None:
    row = Row(template="name.py.jinja", each=once, path=path, context=lambda _a, _i: Named("x"))
    result = compile_project(shop, extensions=only(TableTarget("t", (row,))), renderer=renderer)
    assert [found.code for found in result.errors] == ["PLW003"]
    assert not list(shop.root.iterdir())


@pytest.mark.parametrize("linked", ["run_cache", "run_cache/docs"])
def test_a_linked_folder_is_not_followed(shop: Analysis, tmp_path: Path, linked: str) -> None:
    outside = tmp_path / "outside"
    outside.mkdir()
    link = shop.root / linked
    link.parent.mkdir(exist_ok=True)
    link.symlink_to(outside, target_is_directory=True)
    for force in (False, True):
        result = compile_project(shop, force=force)
        assert {found.code for found in result.errors} == {"PLW003"}
        assert not list(outside.iterdir())


def test_a_linked_file_is_not_written_through(shop: Analysis, tmp_path: Path) -> None:
    outside = tmp_path / "outside.md"
    outside.write_text("precious")
    folder = shop.root / "run_cache" / "docs"
    folder.mkdir(parents=True)
    (folder / "index.md").symlink_to(outside)
    result = compile_project(shop, force=True)
    assert [found.code for found in result.errors] == ["PLW002"]
    assert outside.read_text() == "precious"


def test_a_managed_file_that_became_a_link_is_not_deleted_through(
    shop: Analysis, renderer: Renderer, tmp_path: Path
) -> None:
    extensions = only(models_target())
    compile_project(shop, extensions=extensions, renderer=renderer)
    folder = shop.root / "run_cache" / "names"
    moved = tmp_path / "moved"
    folder.rename(moved)
    folder.symlink_to(moved, target_is_directory=True)
    result = compile_project(
        without_models(shop), extensions=extensions, renderer=renderer, force=True
    )
    assert {found.code for found in result.errors} == {"PLW003"}
    assert len(list(moved.iterdir())) == 3


def test_a_file_in_place_of_the_tree_is_said(shop: Analysis) -> None:
    (shop.root / "run_cache").write_text("mine")
    result = compile_project(shop)
    assert {found.code for found in result.errors} == {"PLW002"}
    assert (shop.root / "run_cache").read_text() == "mine"


def test_two_compiles_at_once(shop: Analysis, tmp_path: Path) -> None:
    """The second says who holds the lock, or waits until the first is done."""
    script = (
        "import sys, time\n"
        "from pathlib import Path\n"
        "from pulpo_codegen.write.lock import compile_lock\n"
        "with compile_lock(Path(sys.argv[1]), timeout=1):\n"
        "    print('held', flush=True)\n"
        "    sys.stdin.read()\n"
    )
    holder = subprocess.Popen(
        [sys.executable, "-c", script, str(shop.root)],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )
    with holder:
        assert holder.stdout is not None
        assert holder.stdout.readline() == "held\n"
        result = compile_project(shop, lock_seconds=0.1)
        assert [found.code for found in result.errors] == ["PLW005"]
        assert f"process {holder.pid}" in result.errors[0].message
        assert not (shop.root / "run_cache").exists()
        assert compile_project(shop, dry_run=True).plan.create
        assert holder.stdin is not None
        holder.stdin.close()
        started = time.monotonic()
        assert compile_project(shop, lock_seconds=30).applied
        assert time.monotonic() - started < 20


def test_the_lock_of_a_killed_compile_is_free(shop: Analysis) -> None:
    script = (
        "import os, signal, sys\n"
        "from pathlib import Path\n"
        "from pulpo_codegen.write.lock import compile_lock\n"
        "with compile_lock(Path(sys.argv[1]), timeout=1):\n"
        "    os.kill(os.getpid(), signal.SIGKILL)\n"
    )
    done = subprocess.run([sys.executable, "-c", script, str(shop.root)], check=False)
    assert done.returncode != 0
    assert compile_project(shop, lock_seconds=0).applied
