"""Whole projects whose every text is hostile: what is generated is clean, and it imports.

Two projects by default, each full of texts; `PULPO_HYPOTHESIS_EXAMPLES=100` tries more.
"""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Sequence
from pathlib import Path

import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from pulpo_analysis import analyse
from pulpo_codegen import compile_project

DEFAULT = 2
#: What mypy knows of libraries, for all projects of a run.
MYPY_CACHE = Path(tempfile.gettempdir()) / f"pulpo-mypy-{os.getuid()}"
EXAMPLES = int(os.environ.get("PULPO_HYPOTHESIS_EXAMPLES", str(DEFAULT)))

SNIPPETS = (
    "'", '"', "'''", '"""', "\\", "\\\n", "\n", "\r\n", "\t", "\x00", "\x1b[31m", "\u2028",
    "{", "}", "{{ 7 * 7 }}", "{% raw %}", "{# c #}", "{= 7 =}", "${HOME}", "$(id)", "#{x}", "%(x)s",
    "f'{1/0}'", "<script>alert(1)</script>", "-->", "*/", "`", "```\n", "| a | b |", "# head",
    "- item", "key: value", "!!python/object:os.system", "&a *a", "../../etc/passwd", "C:\\x",
    "\u202e", "日本", "\U0001f419", "=1+1", "@cmd", "]]>", "\\N{BULLET}", "\\x41", "import os",
)  # fmt: skip
TEXTS = st.lists(
    st.sampled_from(SNIPPETS) | st.text(st.characters(codec="utf-8"), max_size=8),
    min_size=1,
    max_size=8,
).map("".join)
LONG = st.sampled_from(SNIPPETS).map(lambda text: (text + " word ") * (10_000 // (len(text) + 6)))
#: Names that generated modules, Python or the languages of templates use themselves.
NAMES = st.lists(
    st.sampled_from(
        ["Resource", "Depends", "Response", "APIRouter", "Any", "Settings", "router", "data",
         "query", "Flow", "Mapping", "Übergröße", "日本", "Null", "Type", "Request", "docs"]
    ),
    min_size=3,
    max_size=3,
    unique_by=str.lower,
)  # fmt: skip


@st.composite
def projects(draw: st.DrawFn) -> dict[str, str]:
    """Return the files of a project: three models, each with an enumeration and an operation."""

    def text() -> str:
        return repr(draw(TEXTS))

    project = {key: draw(TEXTS) for key in ("title", "description", "version")}
    files = {
        ".pulpo.yml": json.dumps({"project": {"name": draw(TEXTS).strip()[:8] or "x", **project}})
    }
    for number, name in enumerate(draw(NAMES)):
        long = repr(draw(LONG)) if number == 0 else text()
        # An annotation that is longer than a line is not laid out as the formatter would.
        short = repr(draw(st.sampled_from(SNIPPETS)))
        files[f"models_{number}.py"] = f"""\
from enum import Enum
from typing import Literal

from beanie import Document
from pulpo_base import datamodel, operation
from pydantic import BaseModel, Field


class Kind{number}(Enum):
    A = {text()}
    B = 2


@datamodel(description={long}, tags=[{text()}, {text()}])
class {name}(Document):
    plain: str = Field(default={text()}, description={text()})
    chosen: Literal[{text()}, 3] = 3
    kind: Kind{number} = Kind{number}.B

    class Settings:
        name = "things{number}"


class Input{number}(BaseModel):
    word{number}: str = Field(default={text()}, description={text()})
    choice{number}: Literal[{short}] | None = None


@operation(
    name="flow{number % 2}.step{number}",
    description={text()},
    category={text()},
    tags=[{text()}],
    permissions=[{text()}],
    models_out=[{name}],
    stage={number},
    async_enabled={number == 1},
)
async def step{number}(given: Input{number}) -> {name}:
    return {name}()
"""
    return files


IMPORT = """
import importlib, sys
from pathlib import Path
sys.path.insert(0, "")
for path in sorted(Path("run_cache").rglob("*.py")):
    if "workflows" not in path.parts and path.name != "prefect_flows.py":
        importlib.import_module(".".join(path.with_suffix("").parts).removesuffix(".__init__"))
"""


def _passes(command: Sequence[str], folder: Path) -> None:
    done = subprocess.run(
        [sys.executable, *command], cwd=folder, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stdout + done.stderr[-3000:]


@pytest.mark.slow
@settings(
    max_examples=EXAMPLES,
    deadline=None,
    # The same projects each time, unless more are asked for; a smaller one says no more.
    derandomize=EXAMPLES == DEFAULT,
    phases=(Phase.explicit, Phase.reuse, Phase.generate),
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@given(files=projects())
def test_everything_generated_is_clean_and_imports(
    tmp_path_factory: pytest.TempPathFactory, files: dict[str, str]
) -> None:
    root = tmp_path_factory.mktemp("hostile")
    for name, text in files.items():
        (root / name).write_text(text, encoding="utf-8", newline="")
    result = compile_project(analyse(root))
    assert not result.errors, result.errors[0]
    assert result.applied
    _passes(["-m", "ruff", "check", "--no-cache", "run_cache"], root)
    _passes(["-m", "ruff", "format", "--no-cache", "--check", "run_cache"], root)
    if EXAMPLES != DEFAULT:
        # Awkward names are type-checked by default; here texts are what matters.
        _passes(["-m", "mypy", "--strict", "--cache-dir", str(MYPY_CACHE), "-p", "run_cache"], root)
    _passes(["-c", IMPORT], root)
    assert not compile_project(analyse(root)).plan.has_changes
    shutil.rmtree(root)
