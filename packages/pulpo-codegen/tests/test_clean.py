"""`clean_project` removes what the manifest lists, and nothing else."""

from __future__ import annotations

from functools import partial
from pathlib import Path

from pulpo_analysis.analysis import Analysis
from pulpo_codegen import clean_project
from pulpo_codegen import compile_project as compile_with
from pulpo_codegen.targets.docs import DOCS
from pulpo_codegen.testing import only

#: The engine is tested with the one target that takes names of any kind; the targets that make
#: Python are tested on whole projects.
compile_project = partial(compile_with, extensions=only(DOCS))


def test_everything_generated_goes(shop: Analysis) -> None:
    compile_project(shop)
    result = clean_project(shop.root)
    assert len(result.removed) == 7
    assert not result.diagnostics
    assert not (shop.root / "run_cache").exists()


def test_a_project_without_anything_generated(tmp_path: Path) -> None:
    assert clean_project(tmp_path).removed == ()
    assert not list(tmp_path.iterdir())


def test_a_dry_run_says_and_keeps(shop: Analysis) -> None:
    compile_project(shop)
    assert len(clean_project(shop.root, dry_run=True).removed) == 7
    assert (shop.root / "run_cache" / "docs" / "index.md").exists()


def test_what_is_not_ours_stays(shop: Analysis) -> None:
    compile_project(shop)
    mine = shop.root / "run_cache" / "docs" / "mine.md"
    mine.write_text("mine")
    clean_project(shop.root)
    assert [path.name for path in (shop.root / "run_cache").rglob("*")] == ["docs", "mine.md"]


def test_an_edited_file_stops_it(shop: Analysis) -> None:
    compile_project(shop)
    edited = shop.root / "run_cache" / "docs" / "models.md"
    edited.write_text("mine\n")
    refused = clean_project(shop.root)
    assert refused.removed == ()
    assert [found.code for found in refused.diagnostics] == ["PLW001"]
    assert (shop.root / "run_cache" / "docs" / "index.md").exists()
    assert len(clean_project(shop.root, force=True).removed) == 7
    assert not edited.exists()
