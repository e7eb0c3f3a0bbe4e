"""The docs target, byte for byte, and with every text hostile."""

from __future__ import annotations

import os
import pickle
import re
import subprocess
import sys
from collections.abc import Callable
from dataclasses import replace
from functools import partial
from pathlib import Path

import pytest

from pulpo_analysis.analysis import Analysis
from pulpo_codegen import compile_project as compile_with
from pulpo_codegen.targets.docs import DOCS
from pulpo_codegen.testing import only

#: The engine is tested with the one target that takes names of any kind; the targets that make
#: Python are tested on whole projects.
compile_project = partial(compile_with, extensions=only(DOCS))

GOLDEN = Path(__file__).parent / "golden" / "docs"
PAGES = ("index.md", "models.md", "operations.md", "flows.md", "api.md", "cli.md", "errors.md")


@pytest.mark.parametrize("page", PAGES)
def test_the_pages_of_the_shop(shop: Analysis, page: str) -> None:
    """Run with PULPO_UPDATE_GOLDEN=1 to accept what is generated now."""
    result = compile_project(shop, targets=["docs"])
    assert not result.errors
    made = (shop.root / "run_cache" / "docs" / page).read_text("utf-8")
    golden = GOLDEN / page
    if os.environ.get("PULPO_UPDATE_GOLDEN") == "1":
        golden.parent.mkdir(parents=True, exist_ok=True)
        golden.write_text(made, "utf-8")
    assert made == golden.read_text("utf-8")


def test_an_empty_project_has_pages_too(shop: Analysis) -> None:
    app = replace(shop.app, models=(), schemas=(), enums=(), operations=())
    compile_project(replace(shop, app=app, flows=()))
    for page in PAGES:
        assert "None yet." in (shop.root / "run_cache" / "docs" / page).read_text("utf-8")


@pytest.mark.parametrize("page", PAGES)
def test_hostile_texts_are_inert(hostile: Analysis, page: str) -> None:
    result = compile_project(hostile)
    assert not result.errors
    whole = (hostile.root / "run_cache" / "docs" / page).read_bytes().decode("utf-8")
    header, _, text = whole.partition("\n\n")
    assert all(re.fullmatch(r"<!-- ((?!--)[^<>])* -->", line) for line in header.splitlines())
    assert "<script" not in text
    assert "{{" not in text
    assert "{%" not in text
    assert "{=" not in text
    assert "49" not in re.sub(r"&#\d+;|-[0-9a-f]{8}\b", "", text)
    assert not re.search(r"(?<!\\)\]\((?!(models|operations|flows|api|cli|errors)\.md)", text)
    assert "\u202e" not in text
    assert "\x00" not in text
    assert "\x1b" not in text
    # Every heading, fence, comment and tag is one of the template's own.
    allowed = re.compile(
        r'# (Models|Enumerations|Operations|Flows|\\?<?.*)$|## (<a id="[\w.-]+"></a>|\[)'
        r"|## (What reads and writes what|How they are reached|Operations|Flows)$"
        r"|### (Parameters|Steps|Order|Results)$"
    )
    headings = [line for line in text.splitlines() if line.startswith("#")]
    assert all(allowed.match(line) for line in headings)
    assert sum(line.startswith("# ") for line in headings) <= 2
    assert set(re.findall(r"^[ \t]*```.*$", text, re.MULTILINE)) <= {"```mermaid", "```"}
    tags = set(re.findall(r"</?[a-zA-Z!][^>]*>", text))
    assert all(re.fullmatch(r'<a id="[\w.-]+">|</a>|</?code>|<!--.*-->', tag) for tag in tags)


def test_every_row_of_a_table_has_as_many_cells_as_its_head(hostile: Analysis) -> None:
    compile_project(hostile)
    for page in PAGES:
        text = (hostile.root / "run_cache" / "docs" / page).read_text("utf-8")
        columns = 0
        for line in text.splitlines():
            if not line.startswith("|"):
                columns = 0
                continue
            cells = len(re.findall(r"(?<!\\)\|", line)) - 1
            columns = columns or cells
            assert cells == columns, line[:200]


def test_every_link_has_its_anchor(shop: Analysis) -> None:
    compile_project(shop)
    folder = shop.root / "run_cache" / "docs"
    texts = {page: (folder / page).read_text("utf-8") for page in PAGES}
    links = [link for text in texts.values() for link in re.findall(r"\]\(([^)]*)\)", text)]
    assert len(links) > 10
    for link in links:
        page, _, target = link.partition("#")
        assert page in PAGES
        assert not target or f'<a id="{target}"></a>' in texts[page]


def test_the_diagram_holds_hostile_names_as_codes(hostile: Analysis) -> None:
    compile_project(hostile)
    text = (hostile.root / "run_cache" / "docs" / "flows.md").read_text("utf-8")
    diagrams = re.findall(r"^```mermaid\n(.*?)^```$", text, re.MULTILINE | re.DOTALL)
    assert len(diagrams) == len(hostile.flows)
    line = re.compile(
        r'flowchart LR| +subgraph g_\w+\["[^"\[\]`<>]*"\]| +s\d+\["[^"\[\]`<>]*"\]| +end'
        r'|    s\d+ (-->|-\.->)(\|"[^"|`<>]*"\|)? s\d+'
        r'|    p\d+x\d+\(\["[^"\[\]`<>]*"\]\)|    p\d+x\d+ --> s\d+'
    )
    for diagram in diagrams:
        assert all(line.fullmatch(one) for one in diagram.splitlines())


def test_the_same_bytes_with_any_hash_seed(
    hostile: Analysis, tmp_path: Path, tree: Callable[[Path], dict[str, bytes]]
) -> None:
    script = (
        "import pickle, sys\n"
        "from functools import partial\n"
        "import pulpo_codegen\n"
        "from pulpo_codegen.targets.docs import DOCS\n"
        "from pulpo_codegen.testing import only\n"
        "compile_project = partial(pulpo_codegen.compile_project, extensions=only(DOCS))\n"
        "analysis = pickle.loads(open(sys.argv[1], 'rb').read())\n"
        "assert not compile_project(analysis).errors\n"
    )
    trees = []
    for seed in ("1", "4711"):
        root = tmp_path / f"seed{seed}"
        root.mkdir()
        pickled = tmp_path / f"{seed}.pickle"
        pickled.write_bytes(pickle.dumps(replace(hostile, root=root)))
        environment = {**os.environ, "PYTHONHASHSEED": seed}
        subprocess.run([sys.executable, "-c", script, str(pickled)], env=environment, check=True)
        trees.append(tree(root / "run_cache"))
    assert len(trees[0]) == len(PAGES) + 1
    assert trees[0] == trees[1]
