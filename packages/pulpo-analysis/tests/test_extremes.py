"""Files that no person writes end in a result or in a finding with a place, never in a crash."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from pulpo_analysis import analyse

HEAD = "from beanie import Document\nfrom pulpo_base import datamodel, operation\n"
MODEL = '@datamodel()\nclass A(Document):\n    "d"\n    x: int = 0\n'
N = 2000


def _model(annotation: str) -> str:
    return f'@datamodel()\nclass A(Document):\n    "d"\n    x: {annotation}\n'


def _chain(last: str, link: str = "A{0} = A{1}") -> str:
    links = "\n".join(link.format(at, at + 1) for at in range(N))
    return f"from typing import Optional\n{links}\nA{N} = {last}\n"


GIVEN_UP = {
    "brackets": f"x = {'[' * 5000}{']' * 5000}\n",
    "calls": f"x = {'f(' * 5000}{')' * 5000}\n",
    "sum": f"x = {' + '.join(['1'] * 5000)}\n",
    "attributes": f"x = a{'.b' * 5000}\n",
    "signs": f"x = {'-' * 5000}1\n",
    "not": f"x = {'not ' * 5000}1\n",
    "lambdas": f"x = {'lambda: ' * 5000}1\n",
    "indents": "".join(f"{' ' * at}if x:\n" for at in range(500)) + " " * (500) + "x\n",
    "branches": "if x:\n  y = 1\n" + "elif x:\n  y = 1\n" * 5000,
    "digits": f"x = {'9' * 5000}\n",
    "null byte": "x = 1\0\n",
}
READ = {
    "lines": "x = 1\n" * N,
    "literal": f'x = "{"a" * 1_000_000}"\n',
    "mapping": f"x = {{{','.join(f'{at}: {at}' for at in range(N))}}}\n",
    "blocks": "try:\n x = 1\nexcept A: pass\n" * N,
    "classes": "".join(f"{'  ' * at}class C{at}:\n" for at in range(99)) + "  " * 99 + "x: int\n",
    "decorators": "@x\n" * N + "def f(): pass\n",
    "stars": "".join(f"from m{at} import *\n" for at in range(N)),
}
FOUND = {
    "alias of alias": (_chain("int") + _model("A0"), {"PLD030"}),
    "constant of constant": (_chain('"x"') + MODEL.replace("()", "(name=A0)", 1), {"PLD030"}),
    "type of type": (_chain("int", "A{0} = Optional[A{1}]") + _model("A0"), {"PLD030"}),
    "base of base": (
        "class B0(Document): pass\n"
        + "".join(f"class B{at + 1}(B{at}): pass\n" for at in range(N))
        + MODEL.replace("Document", f"B{N}"),
        {"PLD030"},
    ),
    "segments": (
        f'@operation(name="{".".join("a" * N)}")\ndef f() -> None:\n    "d"\n',
        {"PLD005", "PLO005", "PLO006"},
    ),
    "brackets in text": (_model('"' + "list[" * N + "int" + "]" * N + '"'), {"PLD003"}),
    "long number": (_model(f"int = 0x{'f' * 5000}"), set()),
    "schema in schema": (
        "from pydantic import BaseModel\n"
        + "".join(f'class S{at}(BaseModel): s: "S{at + 1}"\n' for at in range(5000))
        + "class S5000(BaseModel): x: int\n"
        + _model("S0"),
        set(),
    ),
    "schema in schema of an operation": (
        "from pydantic import BaseModel\n"
        + "".join(f'class S{at}(BaseModel): s: "S{at + 1}"\n' for at in range(5000))
        + "class S5000(BaseModel):\n    x: int\n"
        + '@operation(name="notes.make", models_in=[], models_out=[])\n'
        + 'def make(data: S0) -> None:\n    "Keeps a note for whoever asks."\n    print(data)\n',
        set(),
    ),
    "helper of helper": (
        MODEL
        + "".join(f"async def h{at}(): return await h{at + 1}()\n" for at in range(N))
        + f"async def h{N}(): return await A().insert()\n"
        + '@operation(name="notes.make")\nasync def make() -> None:\n'
        + '    "Keeps a note for whoever asks."\n    await h0()\n',
        set(),
    ),
    "value of value": (
        "".join(f"v{at} = v{at + 1}\n" for at in range(N))
        + '@operation(name="notes.make")\ndef make() -> None:\n'
        + '    "Keeps a note for whoever asks."\n    v0.save()\n',
        {"PLD030", "PLO005"},
    ),
}


@pytest.mark.parametrize("name", GIVEN_UP)
def test_what_python_does_not_parse_is_a_finding(name: str, project: Callable[..., Path]) -> None:
    analysis = analyse(project({"m.py": HEAD + MODEL + GIVEN_UP[name]}))

    # How deep the parser goes differs between versions of Python; some depth it gives up at.
    places = [(found.code, found.location and found.location.path) for found in analysis.errors]
    assert places == [("PLD001", "m.py")] or (places == [] and analysis.app.models)


@pytest.mark.parametrize("name", READ)
def test_what_python_parses_is_read(name: str, project: Callable[..., Path]) -> None:
    analysis = analyse(project({"m.py": HEAD + MODEL + READ[name]}))

    assert [model.name for model in analysis.app.models] == ["A"]
    assert analysis.diagnostics == ()


@pytest.mark.parametrize("name", FOUND)
def test_what_is_too_deep_to_follow_is_a_finding(name: str, project: Callable[..., Path]) -> None:
    source, codes = FOUND[name]

    analysis = analyse(project({"m.py": HEAD + source}))

    assert {found.code for found in analysis.diagnostics} == codes
    assert all(found.location and found.location.path == "m.py" for found in analysis.diagnostics)
