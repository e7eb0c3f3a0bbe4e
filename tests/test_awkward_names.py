"""Names that collide with each other, with Python and with the generated code's own."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Callable, Mapping
from contextlib import AbstractContextManager
from pathlib import Path

import httpx
import pytest

pytestmark = pytest.mark.slow

Pulpo = Callable[..., subprocess.CompletedProcess[str]]
MakeProject = Callable[[Mapping[str, str]], Path]
Serve = Callable[[Path], AbstractContextManager[httpx.Client]]

#: The cache is kept: the libraries behind generated code take longest and never change.
STRICT = (
    "--strict",
    "--follow-imports=silent",
    f"--cache-dir={Path(__file__).resolve().parent.parent / '.mypy_cache' / 'generated'}",
)

HOSTILE = (
    "'''\"\"\"\\\\ {{ x }} {% raw %} {# c #} {= 7 =} ${y} #{z} \\N{BULLET} \\x00 \\u202e</script>"
)

FILES = {
    # Class names that the templates use themselves, in two modules each.
    "first/shapes.py": f"""
        from enum import Enum
        from uuid import UUID, uuid4

        from beanie import Document
        from pydantic import BaseModel, Field
        from pulpo_base import datamodel

        class Depends(str, Enum):
            YES = "yes"
            NO = "no"

        class Outer(BaseModel):
            class Inner(BaseModel):
                depth: int = 1

            inner: Inner = Field(default_factory=Inner)

        @datamodel(description={HOSTILE!r})
        class Resource(Document):
            id: UUID = Field(default_factory=uuid4)
            type: str
            list: int = 0
            class_: str = Field(default="c", alias="class")
            depends: Depends = Depends.YES
            outer: Outer = Field(default_factory=Outer)

            class Settings:
                name = "resources"
    """,
    "second/shapes.py": """
        from beanie import Document
        from pulpo_base import datamodel

        @datamodel(name="router")
        class Resource(Document):
            name: str

            class Settings:
                name = "class"
    """,
    "work.py": f"""
        from pydantic import BaseModel, Field
        from pulpo_base import operation
        from first.shapes import Depends, Outer, Resource
        from second.shapes import Resource as Other

        class data(BaseModel):
            id: int
            type: str = "kind"
            steps: list[str] = []
            from_: str = Field(default="here", alias="from")

        class output(BaseModel):
            input: int
            depends: Depends

        class settings(BaseModel):
            input: int
            type: str = "kind"
            output: output

        @operation(name="flow.task", models_out=[Other], description={HOSTILE!r})
        async def flow(data: data) -> output:
            await Other(name=data.type).insert()
            return output(input=data.id, depends=Depends.NO)

        @operation(name="flow.class.def", models_in=[Other], models_out=[Resource])
        async def task(data: settings) -> list[Resource]:
            made = await Resource.model_validate({{"type": data.type, "class": "x"}}).insert()
            return [made]

        @operation(name="flow.class.import", models_in=[Resource], models_out=[])
        def database() -> None:
            "Synchronous, takes nothing, returns nothing."

        @operation(name="ping")
        async def invoke() -> Outer.Inner:
            return Outer.Inner(depth=7)
    """,
    ".pulpo.yml": f"project: {{name: awkward, title: {json.dumps(HOSTILE)}}}\n",
}


@pytest.fixture
def project(make_project: MakeProject, pulpo: Pulpo) -> Path:
    root = make_project(FILES)
    compiled = pulpo("compile", cwd=root)
    assert compiled.returncode == 0, compiled.stderr
    return root


def test_the_generated_code_is_clean_and_typed(project: Path) -> None:
    for command in (
        ("ruff", "check", "--no-cache", "run_cache"),
        ("ruff", "format", "--no-cache", "--check", "run_cache"),
        ("mypy", *STRICT, "-p", "run_cache"),
    ):
        done = subprocess.run(
            [sys.executable, "-m", *command],
            cwd=project,
            capture_output=True,
            text=True,
            check=False,
        )
        assert done.returncode == 0, done.stdout


def test_the_application_works(project: Path, serve: Serve) -> None:
    with serve(project) as api:
        made = api.post("/api/resources", json={"type": "t", "class": "mine"})
        assert made.status_code == 201, made.text
        found = api.get(f"/api/resources/{made.json()['id']}").json()
        assert (found["type"], found["class"], found["outer"]) == (
            "t",
            "mine",
            {"inner": {"depth": 1}},
        )
        assert api.get("/api/resources/not-a-uuid").status_code == 422
        assert api.post("/api/class", json={"name": "n"}).status_code == 201
        assert api.post("/api/operations/ping").json() == {"depth": 7}
        listed = api.post(
            "/api/operations/flow.class.def",
            json={"input": 1, "output": {"input": 2, "depends": "no"}},
        ).json()
        assert "_id" not in listed[0]
        assert listed[0]["id"]


def test_the_flow_runs_on_both_engines(project: Path, mongodb_url: str, tmp_path: Path) -> None:
    script = tmp_path / "both.py"
    script.write_text(
        "import asyncio, sys\n"
        "sys.path.insert(0, '.')\n"
        "from run_cache.database import database\n"
        "from run_cache.flows import FLOWS\n"
        "from run_cache.operations import OPERATIONS\n"
        "from pulpo_base.flows import run_plan\n"
        "async def local():\n"
        "    async with database():\n"
        "        flow = FLOWS['flow']\n"
        "        run = await run_plan(flow.plan, OPERATIONS, flow.parameters(id=5))\n"
        "        return run.outputs['flow.task'].input\n"
        "print('local', asyncio.run(local()))\n"
        "from prefect.testing.utilities import prefect_test_harness\n"
        "from run_cache.prefect_flows import FLOWS as PREFECT\n"
        "with prefect_test_harness(server_startup_timeout=120):\n"
        "    print('prefect', asyncio.run(PREFECT['flow'](id=6)).task.input)\n"
    )
    done = subprocess.run(
        [sys.executable, str(script)],
        cwd=project,
        env={
            **os.environ,
            "PULPO_MONGODB_URL": mongodb_url,
            "PULPO_MONGODB_DATABASE": "awkward",
            "PREFECT_HOME": str(tmp_path / "home"),
            "PREFECT_SERVER_ANALYTICS_ENABLED": "false",
            "PREFECT_LOGGING_LEVEL": "ERROR",
        },
        capture_output=True,
        text=True,
        check=False,
    )

    assert done.returncode == 0, done.stderr[-4000:]
    assert done.stdout.splitlines() == ["local 5", "prefect 6"]


#: What the templates define, import or take as parameters.
TEMPLATE_NAMES = [
    "app",
    "api",
    "catalogue",
    "changes",
    "connection",
    "data",
    "database",
    "document",
    "flow",
    "flows",
    "gc",
    "given",
    "invoke",
    "lifespan",
    "output",
    "prefect",
    "problem_responses",
    "query",
    "router",
    "routers",
    "run_operation",
    "running_operation",
    "settings",
    "step",
    "steps",
    "task",
    "values",
    "Annotated",
    "Any",
    "APIRouter",
    "ConfigDict",
    "DOCUMENTS",
    "Depends",
    "Document",
    "FLOWS",
    "FastAPI",
    "Field",
    "FlowDefinition",
    "FlowPlan",
    "ListQuery",
    "OPERATIONS",
    "PLAN",
    "Parameters",
    "RESOURCE",
    "Resource",
    "Results",
    "StepGroup",
]
LOWER_NAMES = sorted({name.lower() for name in TEMPLATE_NAMES} - {"operations"})


def _every_use_of_template_names() -> dict[str, str]:
    """Return a project with each name as collection, class, function, flow and flow parameter."""
    documents = ["from beanie import Document", "from pulpo_base import datamodel"]
    for number, name in enumerate(LOWER_NAMES):
        documents += [
            "@datamodel",
            f"class Stored{number}(Document):",
            "    class Settings:",
            f"        name = {name!r}",
        ]
    classes = ["import pydantic"]
    for name in TEMPLATE_NAMES:
        classes += [f"class {name}(pydantic.BaseModel):", "    number: int = 0"]
    classes.append("class Fields(pydantic.BaseModel):")
    classes += [f"    {name}: int" for name in TEMPLATE_NAMES]
    work = ["import pulpo_base", "import classes"]
    for number, name in enumerate(TEMPLATE_NAMES):
        work += [
            f"@pulpo_base.operation(name='named.step{number}')",
            f"async def {name}(given_: classes.{name}) -> classes.{name}:",
            "    return given_",
        ]
    work += [
        "@pulpo_base.operation(name='named.first')",
        "async def first_of_named(given_: classes.Fields) -> None: ...",
        "@pulpo_base.operation(name='named.last', after=[first_of_named])",
        "async def last_of_named(given_: classes.Fields) -> None: ...",
    ]
    for name in LOWER_NAMES:
        work += [
            f"@pulpo_base.operation(name='{name}.one')",
            f"async def one_of_{name}() -> None: ...",
            f"@pulpo_base.operation(name='{name}.two', after=[one_of_{name}])",
            f"async def two_of_{name}(given_: classes.Fields) -> None: ...",
        ]
    return {
        "documents.py": "\n".join(documents),
        "classes.py": "\n".join(classes),
        "work.py": "\n".join(work),
    }


def test_no_name_of_a_template_is_out_of_bounds(make_project: MakeProject, pulpo: Pulpo) -> None:
    root = make_project(_every_use_of_template_names())
    compiled = pulpo("compile", cwd=root)
    assert compiled.returncode == 0, compiled.stderr

    for command in (
        ("-c", "import run_cache.generated_api, run_cache.prefect_flows, run_cache.flows"),
        ("-m", "ruff", "check", "--no-cache", "run_cache"),
        ("-m", "mypy", *STRICT, "-p", "run_cache"),
    ):
        done = subprocess.run(
            [sys.executable, *command], cwd=root, capture_output=True, text=True, check=False
        )
        assert done.returncode == 0, done.stdout + done.stderr
