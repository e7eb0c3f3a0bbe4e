"""The admin UI's source in a project: built there, checked by TypeScript, and overridden."""

from __future__ import annotations

import subprocess
from collections.abc import Callable, Mapping
from pathlib import Path

import pytest

from pulpo_codegen.frontend.building import find_node

pytestmark = pytest.mark.slow

ROOT = Path(__file__).resolve().parent.parent
PACKAGES = ROOT / "packages" / "pulpo-codegen" / "frontend" / "node_modules"

#: Names and texts that would end a comment, a string or a type, were they not quoted.
MODELS = '''
    """Models."""

    from enum import Enum
    from typing import Any, Literal

    from beanie import BackLink, DecimalAnnotation, Document, Link
    from pulpo_base import datamodel
    from pydantic import BaseModel, Field


    class Mood(Enum):
        QUOTED = 'say "hi"'
        COMMENT = "*/ export default 1; /*"
        LINES = "one\\ntwo\\u2028"
        NUMBER = 3


    class Resources(BaseModel):
        """Ends */ early."""

        mood: Mood | None = None
        pair: tuple[int, str] = (1, "")
        by_name: dict[str, list[DecimalAnnotation | None]] = {}


    @datamodel(name="string")
    class Text(Document):
        """Takes `string` ${for} its name."""

        value: str = Field(alias='the "value"')
        kind: Literal["a'b", 1, True]
        nested: Resources
        anything: Any = None
        others: list[Link["Größe"]] = []


    @datamodel
    class Größe(Document):
        größe: float | None = None
        texts: list[BackLink[Text]] = Field(
            default=[], json_schema_extra={"original_field": "others"}
        )


    Text.model_rebuild()
    Größe.model_rebuild()
'''
OVERRIDES = """
    import { Tag } from "antd";

    import type { Cell, Overrides } from "@/overrides/types";
    import type { ResourceName, Resources } from "@/project";

    const names: ResourceName[] = ["string", "Größe"];
    const Kind: Cell = ({ values }) => {
      const { kind, nested, id } = values as unknown as Resources["string"];
      return <Tag title={id}>{kind} {nested.pair[0].toFixed()} {nested.mood} {names.length}</Tag>;
    };

    const overrides: Overrides = { cells: { "string.kind": Kind } };
    export default overrides;
"""


@pytest.fixture
def node() -> Callable[..., subprocess.CompletedProcess[str]]:
    """Run one of the tools of the source's packages with Node, in a folder."""
    found = find_node()
    if found is None or not PACKAGES.is_dir():
        pytest.skip("needs the packages of the admin UI: a compile in a checkout fetches them")

    def run(tool: str, *arguments: str, cwd: Path) -> subprocess.CompletedProcess[str]:
        command = [str(found), str(PACKAGES / tool), *arguments]
        return subprocess.run(
            command, cwd=cwd, capture_output=True, text=True, check=False, timeout=300
        )

    return run


def test_built_in_a_project_it_is_what_is_shipped_and_overrides_are_seen(
    make_project: Callable[[Mapping[str, str]], Path],
    pulpo: Callable[..., subprocess.CompletedProcess[str]],
    node: Callable[..., subprocess.CompletedProcess[str]],
) -> None:
    project = make_project(
        {
            ".pulpo.yml": "project: {name: hostile}",
            "models/__init__.py": "",
            "models/all.py": MODELS,
        }
    )
    done = pulpo("compile", "ui", cwd=project)
    assert done.returncode == 0, done.stdout + done.stderr
    source = project / "run_cache" / "generated_frontend"
    (source / "node_modules").symlink_to(PACKAGES)

    done = node("vite/bin/vite.js", "build", cwd=source)
    assert done.returncode == 0, done.stdout + done.stderr
    assert _files(source / "dist") == _files(project / "run_cache" / "ui")

    overrides = project / "overrides" / "ui"
    overrides.mkdir(parents=True)
    (overrides / "index.ts").write_text('export { default } from "./all";\n')
    (overrides / "all.tsx").write_text(OVERRIDES, "utf-8")
    done = node("typescript/bin/tsc", "--noEmit", cwd=source)
    assert done.returncode == 0, done.stdout
    (overrides / "all.tsx").write_text(OVERRIDES.replace("nested.mood", "nested.mod"), "utf-8")
    done = node("typescript/bin/tsc", "--noEmit", cwd=source)
    assert "Property 'mod' does not exist on type 'Resources2'" in done.stdout


def _files(folder: Path) -> dict[str, bytes]:
    """Every file but for the end of its last line, which a generated file always has."""
    return {
        path.relative_to(folder).as_posix(): path.read_bytes().removesuffix(b"\n")
        for path in folder.rglob("*")
        if path.is_file()
    }
