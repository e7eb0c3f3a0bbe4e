"""`.pulpo.yml`: every mistake is found at its place, and the rest of the file still counts."""

from __future__ import annotations

import random
from collections.abc import Callable
from pathlib import Path

import pytest
import yaml

from pulpo_analysis import Diagnostic
from pulpo_analysis.config.loading import LoadedConfig, load_config
from pulpo_analysis.config.nodes import places_of
from pulpo_analysis.config.plain_yaml import read_plain

Load = Callable[[str | bytes], LoadedConfig]


@pytest.fixture
def load(project: Callable[..., Path]) -> Load:
    return lambda content: load_config(project({".pulpo.yml": content}))


def _short(found: Diagnostic) -> tuple[str, str]:
    return found.code, str(found.location)


def test_no_file_and_an_empty_file_mean_all_defaults(
    project: Callable[..., Path], load: Load
) -> None:
    bare = load_config(project({}))
    assert bare.diagnostics == ()
    assert bare.config.project.name == "project"
    assert load("# nothing\n") == bare
    assert load("project:\nflows:\n").config == bare.config


@pytest.mark.parametrize(
    ("text", "code", "place"),
    [
        ("api:\n  prot: 80\n", "PLC002", ".pulpo.yml:2:3"),
        ("apii:\n  port: 80\n", "PLC002", ".pulpo.yml:1:1"),
        ("1: x\n", "PLC002", ".pulpo.yml:1:1"),
        ("api:\n  port: no\n", "PLC003", ".pulpo.yml:2:3"),
        ("api: 5\n", "PLC003", ".pulpo.yml:1:1"),
        ("flows:\n  stages:\n    - a\n    - [b]\n", "PLC003", ".pulpo.yml:4:7"),
        ("discovery:\n  roots: [nowhere]\n", "PLC003", ".pulpo.yml:2:11"),
        ("discovery:\n  roots: ['..']\n", "PLC003", ".pulpo.yml:2:11"),
        ("lint:\n  ignore: [PLM006, XYZ]\n", "PLC003", ".pulpo.yml:2:20"),
        ("a: [\n", "PLC001", ".pulpo.yml:2:1"),
        ("a: b: c\n", "PLC001", ".pulpo.yml:1:5"),
        ("- a\n", "PLC001", ".pulpo.yml:1:1"),
        ("a: 1\n---\nb: 2\n", "PLC001", ".pulpo.yml:2:1"),
        ("project: {version: 2026-99-99}\n", "PLC001", ".pulpo.yml:1:1"),
        (b"\xff\xfe\xff", "PLC001", ".pulpo.yml:1:1"),
        ("a: !!python/object:os.system x\n", "PLC001", ".pulpo.yml:1:4"),
        ("[" * 5000, "PLC001", ".pulpo.yml:1:1"),
    ],
    ids=lambda value: repr(value)[:30],
)
def test_a_mistake_is_found_at_its_place(
    text: str | bytes, code: str, place: str, load: Load
) -> None:
    assert [_short(found) for found in load(text).diagnostics] == [(code, place)]


def test_the_rest_of_the_file_counts(load: Load) -> None:
    loaded = load(
        "project:\n  name: shop\n  titel: x\n"
        "api:\n  port: -1\n  page_size: 7\n"
        "flows:\n  stages: a\n"
    )
    assert [found.code for found in loaded.diagnostics] == ["PLC002", "PLC003", "PLC003"]
    assert loaded.config.project.name == "shop"
    assert (loaded.config.api.port, loaded.config.api.page_size) == (8000, 7)
    assert loaded.config.flows.stages == ()


def test_unknown_keys_come_with_the_nearest_known_one(load: Load) -> None:
    (found,) = load("discovery:\n  root: [src]\n").diagnostics
    assert found.hint == "did you mean 'roots'?"


def test_aliases_that_multiply_or_hold_themselves_are_no_trap(load: Load) -> None:
    bomb = "a: &a [x]\n" + "".join(
        f"{name}: &{name} [{', '.join([f'*{before}'] * 9)}]\n"
        for before, name in zip("abcdefgh", "bcdefghi", strict=True)
    )
    assert {found.code for found in load(bomb).diagnostics} == {"PLC002"}
    assert {found.code for found in load("flows: &x\n  stages: [*x]\n").diagnostics} == {"PLC003"}


def test_a_folder_of_that_name_is_a_finding(project: Callable[..., Path]) -> None:
    root = project({".pulpo.yml/x": ""})
    assert [found.code for found in load_config(root).diagnostics] == ["PLC001"]


_LINES = (
    "project:",
    "flows:",
    "api:  # a comment",
    "  name: shop",
    "  title: A shop; all of it, the API's too",
    '  title: "A b: #c"',
    "  title: it is: wrong",
    "  description: more",
    "    on the next line",
    "  stages: [a, 'b']",
    '  stages: [a, "b c", 3 , x.*]',
    "  include:",
    "    - a",
    "  - orders.*",
    '    - "b"',
    "  port: 80",
    "  port: 007",
    "  port: 1_000",
    "  on: x",
    "  version: yes",
    "  version: 1.0",
    "  version: 2026-01-02",
    "  version: null",
    "   deeper: 1",
    "name: x",
    "---",
    "# alone",
    "",
)


def test_the_short_way_reads_what_pyyaml_reads() -> None:
    chance = random.Random(5)  # noqa: S311 - no secret
    short = 0
    for _ in range(3000):
        text = "\n".join(chance.choices(_LINES, k=chance.randint(1, 5)))
        simple = read_plain(text)
        if simple is None:
            continue
        short += 1
        places = places_of(yaml.compose(text, Loader=yaml.SafeLoader))
        assert simple.value == yaml.safe_load(text), text
        assert simple.places == {path: (at.line, at.column) for path, at in places}, text
    assert short > 100


def test_pyproject_is_the_configuration_where_there_is_no_other(
    project: Callable[..., Path], load: Load
) -> None:
    root = project(
        {
            "pyproject.toml": """
                [tool.pulpo]
                api.port = "x"
                projct = 1

                [tool.pulpo.lint] # of ours
                ignore = [
                  "PLM",
                ]
                levels = { PLX = "off" }

                [tool.other]
                api = 1

                [tool.pulpo.lint.per_file_ignores]
                "old/*" = ["PLO", "PLY"]
                """
        }
    )
    loaded = load_config(root)
    assert sorted(_short(found) for found in loaded.diagnostics) == [
        ("PLC002", "pyproject.toml:4:1"),
        ("PLC003", "pyproject.toml:10:1"),
        ("PLC003", "pyproject.toml:16:1"),
        ("PLC003", "pyproject.toml:3:1"),
    ]
    assert loaded.config.lint.ignore == ("PLM",)
    assert loaded.config.lint.per_file_ignores == {"old/*": ("PLO", "PLY")}
    both = load("lint: {ignore: [PLO]}")
    assert both.config.lint.ignore == ("PLO",)
    assert [_short(found) for found in both.diagnostics] == [("PLC007", "pyproject.toml:2:1")]


@pytest.mark.parametrize(
    ("text", "codes"),
    [
        ("[tool.pulpo\n", []),
        ("[tool.other]\na = \n", []),
        ("[tool.pulpo]\na = \n", ["PLC001"]),
        ("tool = {pulpo = {}}\n", []),
        (b"\xff", []),
    ],
)
def test_a_pyproject_that_cannot_be_read(
    text: str | bytes, codes: list[str], project: Callable[..., Path]
) -> None:
    loaded = load_config(project({"pyproject.toml": text}))
    assert [found.code for found in loaded.diagnostics] == codes
