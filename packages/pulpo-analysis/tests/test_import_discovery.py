"""What import discovery makes of modules that fail, end the process, hang or print."""

from __future__ import annotations

import sys
import time
from collections.abc import Callable, Mapping
from pathlib import Path

import pytest

from pulpo_analysis import Analysis, analyse
from pulpo_analysis.config.settings import DiscoveryConfig
from pulpo_analysis.discovery.imported import ImportDiscovery
from pulpo_analysis.discovery.protocol import Discovered
from pulpo_analysis.validation.cross_check import cross_check

Project = Callable[[Mapping[str, str]], Path]

OPERATION = """
from pulpo_base import operation


@operation(name="a.good", models_out=[])
async def good() -> None: ...
"""
HEAD = "from pulpo_base import operation\n"


def _found(root: Path, timeout: float = 30) -> Discovered:
    return ImportDiscovery().discover(root, DiscoveryConfig(import_timeout=timeout))


def _texts(found: Discovered) -> list[str]:
    return [f"{item.code} {item.location}: {item.message}" for item in found.diagnostics]


def test_each_module_that_raises_is_a_finding_and_the_rest_is_read(project: Project) -> None:
    files = {
        "good.py": OPERATION,
        "raises.py": HEAD + "import inner\n",
        "also.py": HEAD + "import raises\n",
        "inner.py": "def f():\n    raise ValueError('no\\nsecond line')\n\n\nf()\n",
        "leaves.py": HEAD + "raise SystemExit(3)\n",
        "asks.py": HEAD + "input()\n",
        "missing.py": HEAD + "import no_such_library\n",
        "wrong.py": HEAD + "operation(retries='x')(print)\n",
        "broken.py": HEAD + "def (:\n",
    }
    found = _found(project(files))
    assert [operation.name for operation in found.operations] == ["a.good"]
    texts = [text for text in _texts(found) if text.startswith("PLD009")]
    fails = "PLD009 {}.py:2:1: importing {} fails: {}"
    assert texts[:-1] == [
        fails.format("inner", "also", "ValueError: no"),
        fails.format("asks", "asks", "EOFError: EOF when reading a line"),
        fails.format("broken", "broken", "SyntaxError: invalid syntax (broken.py, line 2)"),
        fails.format("leaves", "leaves", "SystemExit: 3"),
        fails.format(
            "missing", "missing", "ModuleNotFoundError: No module named 'no_such_library'"
        ),
    ]
    # The decorators' own messages start with the place, as an absolute path.
    assert texts[-1].startswith(fails.format("wrong", "wrong", "TypeError: "))
    assert "`retries` must be a whole number" in texts[-1]


@pytest.mark.parametrize(
    ("code", "what"),
    [
        ("import os\nos._exit(0)", "ends the process with status 0"),
        ("import os\nos.kill(os.getpid(), 9)", "kills the process (SIGKILL)"),
        ("import ctypes\nctypes.string_at(0)", "kills the process (SIGSEGV)"),
    ],
)
def test_a_process_that_dies_is_located(project: Project, code: str, what: str) -> None:
    found = _found(project({"good.py": OPERATION, "operations.py": HEAD + code}))
    (text,) = _texts(found)
    assert text.startswith("PLD010 operations.py:")
    assert text.endswith(f"importing operations {what}")
    if "SIGSEGV" in what:
        assert ":3:1:" in text
    assert found.operations == ()


def test_a_hang_is_located_and_what_it_started_is_ended(project: Project, tmp_path: Path) -> None:
    pid = tmp_path / "pid"
    code = f"""
import pathlib, subprocess, sys, time
from pulpo_base import operation

child = subprocess.Popen([sys.executable, "-c", "import time; time.sleep(600)"])
pathlib.Path({str(pid)!r}).write_text(str(child.pid))


def forever() -> None:
    while True:
        time.sleep(0.01)


forever()
"""
    (text,) = _texts(_found(project({"operations.py": code}), timeout=1.5))
    assert text.startswith("PLD010 operations.py:1")
    assert text.endswith("importing operations does not end within 1.5 s")
    child = Path(f"/proc/{pid.read_text(encoding='utf-8')}")
    for _ in range(1000):  # a signal takes its time
        if not _is_running(child):
            return
        time.sleep(0.01)
    pytest.fail("the child still runs")


def _is_running(process: Path) -> bool:
    try:
        return (process / "stat").read_text(encoding="utf-8").split()[2] != "Z"
    except OSError:
        return False


def test_output_is_located_and_disturbs_nothing(project: Project) -> None:
    loud = "import os, sys\n\n\ndef shout():\n    print('{\"models\": []}')\n\n\nshout()\n"
    more = "os.write(1, b'raw\\n')\nsys.stdout.flush()\n"
    found = _found(project({"loud.py": HEAD + loud + more, "good.py": OPERATION}))
    (text,) = _texts(found)
    assert text == "PLD011 loud.py:6:1: importing the project prints '{\"models\": []}'"
    assert [operation.name for operation in found.operations] == ["a.good"]


def test_a_class_that_cannot_say_what_it_is_is_a_finding(project: Project) -> None:
    model = """
        from beanie import Document
        from pulpo_base import DataModelBase, datamodel


        @datamodel
        class Order(Document, DataModelBase):
            @classmethod
            def relations(cls):
                raise RuntimeError("no database")
        """
    found = _found(project({"models.py": model, "good.py": OPERATION}))
    (text,) = _texts(found)
    assert text == "PLD009 models.py:7:1: reading models.Order fails: RuntimeError: no database"
    assert [operation.name for operation in found.operations] == ["a.good"]


@pytest.mark.parametrize("python", ["/no/such/python", "/bin/false", ".venv/bin/python"])
def test_a_python_that_cannot_do_it_is_a_finding(project: Project, python: str) -> None:
    config = DiscoveryConfig(python=python)
    (problem,) = cross_check(project({"good.py": OPERATION}), config)
    assert problem.code == "PLD015"
    assert python in problem.message


def test_the_projects_own_python_may_be_named(project: Project) -> None:
    root = project({"good.py": OPERATION})
    (root / ".venv" / "bin").mkdir(parents=True)
    # A link to the interpreter would lose its environment: a program that starts it does not.
    python = root / ".venv" / "bin" / "python"
    python.write_text(f'#!/bin/sh\nexec {sys.executable} "$@"\n', encoding="utf-8")
    python.chmod(0o755)
    assert cross_check(root, DiscoveryConfig(python=".venv/bin/python")) == ()


def test_the_project_is_left_as_it_was_and_its_roots_are_the_path(project: Project) -> None:
    files = {
        "src/shop/models.py": "import shop.more\nimport beside\n" + OPERATION,
        "src/shop/more.py": "",
        "beside.py": "",
    }
    root = project(files)
    before = sorted(root.rglob("*"))
    found = _found(root)
    assert [operation.key for operation in found.operations] == ["shop.models.good"]
    assert sorted(root.rglob("*")) == before


def test_analysis_works_with_either_discovery(example: Path) -> None:
    static, imported = analyse(example), analyse(example, ImportDiscovery())
    assert (imported.app, imported.flows) == (static.app, static.flows)


def test_cross_check_names_place_field_and_both_values(
    project: Project, analysed: Callable[..., Analysis]
) -> None:
    model = """
        from beanie import Document, Link
        from pulpo_base import datamodel, operation
        from pydantic import create_model


        @datamodel
        class Order(Document):
            total: int
            note: str
            buyer: Link["Order"]


        Order.__pydantic_fields__["total"].annotation = float
        Order.__pydantic_fields__["buyer"].annotation = list[Link[Order]]
        del Order.__pydantic_fields__["note"]
        Dynamic = datamodel(create_model("Dynamic", __base__=Document, __module__=__name__))


        @operation(name="a.b", models_in=[Order])
        async def hidden() -> None: ...


        del hidden
        """
    root = project({"models.py": model})
    found = cross_check(root, DiscoveryConfig())
    assert [f"{item.location}: {item.message}" for item in found] == [
        "models.py:9:5: type of models.Order.total is int in the source and float in running code",
        "models.py:10:5: models.Order.note is declared in the source only",
        (
            "models.py:11:5: relation of models.Order.buyer is models.Order (one) in the source "
            "and models.Order (many) in running code"
        ),
        (
            "models.py:11:5: type of models.Order.buyer is Link[Order] in the source and "
            "list[Link[Order]] in running code"
        ),
        "models.py:17:1: models.Dynamic is declared in running code only",
        "models.py:21:1: models.hidden is declared in the source only",
    ]


def test_cross_check_of_a_module_that_fails_reports_the_failure_only(project: Project) -> None:
    root = project({"good.py": OPERATION + "\nraise ValueError('x')\n"})
    (found,) = cross_check(root, DiscoveryConfig())
    assert found.code == "PLD009"


def test_a_module_named_like_one_of_pythons_own_does_not_take_its_place(project: Project) -> None:
    files = {
        "json.py": "TEXT = 1\n",
        "colorsys.py": "TEXT = 1\n",
        "good.py": "import colorsys, json\n\nN = json.loads('1'), colorsys.ONE_SIXTH\n" + OPERATION,
    }
    found = _found(project(files))
    assert [operation.name for operation in found.operations] == ["a.good"]
    assert {problem.code for problem in found.diagnostics} == set()
