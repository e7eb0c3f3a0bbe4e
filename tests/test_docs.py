"""The documentation is whole: every page is reachable, every link leads somewhere, and the
references name what there is."""

from __future__ import annotations

import dataclasses
import re
from collections.abc import Iterator
from pathlib import Path
from types import FunctionType

import pytest

import pulpo_codegen
from pulpo_analysis.config.settings import ProjectConfig
from pulpo_base import datamodel, operation

ROOT = Path(__file__).parents[1]
DOCS = ROOT / "docs"
PAGES = sorted(DOCS.glob("*.md"))
LINK = re.compile(r"\]\(([^)\s]+)\)")
CODE = re.compile(r"^```.*?^```$", re.MULTILINE | re.DOTALL)
ROW = re.compile(r"^\| `([\w.]+)` \|.*\| (?:`(PULPO_\w+)` )?\|$", re.MULTILINE)
SETTINGS = Path(pulpo_codegen.__file__).parent / "templates" / "core" / "settings.py.jinja"


def anchors(page: Path) -> set[str]:
    """Return the anchors of headings, as the forges make them."""
    headings = re.findall(r"^#+ (.*)$", CODE.sub("", page.read_text("utf-8")), re.MULTILINE)
    return {re.sub(r"[^\w\- ]", "", text.lower()).strip().replace(" ", "-") for text in headings}


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.stem)
def test_links_lead_somewhere(page: Path) -> None:
    for link in LINK.findall(CODE.sub("", page.read_text("utf-8"))):
        place, _, anchor = link.partition("#")
        if ":" in place:
            continue
        target = (page.parent / place).resolve() if place else page
        assert target.exists(), link
        assert not anchor or anchor in anchors(target), link


def test_the_index_leads_to_every_page_and_the_readme_to_the_index() -> None:
    linked = set(LINK.findall((DOCS / "index.md").read_text("utf-8")))

    assert {page.name for page in PAGES} - linked == {"index.md"}
    assert "docs/index.md" in LINK.findall((ROOT / "README.md").read_text("utf-8"))


@pytest.mark.parametrize("decorator", [datamodel, operation], ids=lambda one: one.__name__)
def test_every_argument_of_a_decorator_has_its_row(decorator: FunctionType) -> None:
    page = (DOCS / "decorators.md").read_text("utf-8")
    _, *sections = re.split(r"^## `@(\w+)`$", page, flags=re.MULTILINE)
    texts = dict(zip(sections[::2], sections[1::2], strict=True))

    rows = re.findall(r"^\| `(\w+)` \|", texts[decorator.__name__], re.MULTILINE)

    assert sorted(rows) == sorted(decorator.__kwdefaults__ or ())


def keys(config: type, before: str = "") -> Iterator[str]:
    for field in dataclasses.fields(config):
        value = None
        if field.default is not dataclasses.MISSING:
            value = field.default
        elif field.default_factory is not dataclasses.MISSING:
            value = field.default_factory()
        name = f"{before}{field.name}"
        if dataclasses.is_dataclass(value):
            yield from keys(type(value), f"{name}.")
        else:
            yield name


def test_every_key_of_the_configuration_has_its_row_and_its_variable() -> None:
    page = (DOCS / "configuration.md").read_text("utf-8")
    rows: dict[str, str] = {}
    for section, text in re.findall(r"^## (.*?)\n(.*?)(?=^## |\Z)", page, re.MULTILINE | re.DOTALL):
        prefix = "" if "extensions" in section else f"{section.strip('`')}."
        rows |= {f"{prefix}{key}": variable for key, variable in ROW.findall(text)}
    variables = re.findall(r"^    (\w+): .* = ", SETTINGS.read_text("utf-8"), re.MULTILINE)

    assert sorted(rows) == sorted(keys(ProjectConfig))
    documented = {*rows.values(), *re.findall(r"`(PULPO_\w+)=", page)} - {""}
    assert documented == {f"PULPO_{name.upper()}" for name in variables}
