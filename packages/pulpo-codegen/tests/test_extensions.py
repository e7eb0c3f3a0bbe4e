"""Extensions: how they are found, and how a broken one is told."""

from __future__ import annotations

import re
import textwrap
from collections.abc import Callable, Mapping
from dataclasses import replace
from importlib.resources import files
from itertools import chain, count
from pathlib import Path

import pytest

from pulpo_analysis.analysis import Analysis
from pulpo_analysis.config.settings import ProjectConfig
from pulpo_analysis.diagnostics.diagnostic import Diagnostic
from pulpo_analysis.diagnostics.pages import explanation
from pulpo_codegen import CompileResult, compile_project

#: A module is imported once a process: each test has one of its own.
NUMBERS = count()

HEAD = """
    from collections.abc import Iterable
    from dataclasses import dataclass
    from pathlib import Path
    from pulpo_codegen import Extension, Hooks
    from pulpo_codegen.plan import PlanRow, Row, TableTarget, once

    @dataclass(frozen=True)
    class Named:
        name: str

    def table(path="names.txt", template="names.txt.jinja", name="names", **more):
        row = Row(template=template, each=once, path=path,
                  context=lambda analysis, _: Named(analysis.app.name))
        return TableTarget(name, (row,), **more)

    FOLDERS = (Path(__file__).parent / "templates",)
"""
GOOD = HEAD + '    extension = Extension(name="names", targets=(table(),), templates=FOLDERS)\n'

Project = Callable[..., Analysis]


@pytest.fixture
def project(shop: Analysis, monkeypatch: pytest.MonkeyPatch) -> Project:
    """Return the shop with an extension named in `.pulpo.yml`, in a module of its own."""

    def make(
        code: str, attribute: str = "extension", options: Mapping[str, object] = {}
    ) -> Analysis:
        module = f"extension_{next(NUMBERS)}"
        (shop.root / f"{module}.py").write_text(textwrap.dedent(code))
        templates = shop.root / "templates"
        templates.mkdir(exist_ok=True)
        (templates / "names.txt.jinja").write_text("{# context: Named #}\n{= name | comment =}\n")
        named = f"{module}:{attribute}"
        (shop.root / ".pulpo.yml").write_text(f"extensions:\n  - {named}\n")
        config = ProjectConfig(extensions=(named,), options=dict(options))  # type: ignore[arg-type]
        return replace(shop, config=config)

    return make


def compiled(analysis: Analysis) -> CompileResult:
    """Compile what the extension adds, and the docs."""
    return compile_project(analysis, targets=["names", "docs"], dry_run=False)


def broken(analysis: Analysis, *targets: str) -> Diagnostic:
    """Return the one finding of a compile that wrote nothing."""
    result = compile_project(analysis, targets=targets or ["docs"])
    assert not result.applied
    assert not (analysis.root / "run_cache").exists()
    (found,) = result.errors
    return found


def test_what_pulpo_yml_names_is_a_target_like_the_others(project: Project) -> None:
    analysis = project(GOOD)
    result = compiled(analysis)
    assert not result.errors
    assert result.targets == ("docs", "names")
    text = (analysis.root / "run_cache" / "names.txt").read_text()
    assert text.splitlines()[-1] == "shop"
    assert not list(analysis.root.rglob("__pycache__"))
    again = compile_project(replace(analysis, config=ProjectConfig()), targets=["docs"])
    assert not again.plan.delete
    with pytest.raises(ValueError, match="did you mean 'names'"):
        compile_project(analysis, targets=["name"])


def test_an_installed_package_brings_one_by_its_entry_point(
    shop: Analysis,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    site = tmp_path / "site"
    metadata = site / "names_of_all-1.0.dist-info"
    metadata.mkdir(parents=True)
    (metadata / "METADATA").write_text("Metadata-Version: 2.1\nName: names-of-all\nVersion: 1.0\n")
    (metadata / "entry_points.txt").write_text(
        "[pulpo.extensions]\nnames = names_of_all:extension\nsame = names_of_all : extension\n"
    )
    (site / "names_of_all.py").write_text(textwrap.dedent("    print('loaded')" + GOOD))
    (site / "templates").mkdir()
    (site / "templates/names.txt.jinja").write_text("{# context: Named #}\n{= name | comment =}\n")
    monkeypatch.syspath_prepend(site)
    assert compiled(shop).applied
    assert (shop.root / "run_cache" / "names.txt").exists()
    # The output of a command may be JSON.
    printed = capsys.readouterr()
    assert (printed.out, printed.err) == ("", "loaded\n")


BROKEN = {
    "import error": ("import nowhere_at_all", "No module named 'nowhere_at_all'", 1),
    "syntax error": ("x = 1\ny = (", "'(' was never closed", 2),
    "exit": ("import sys\nsys.exit(3)", "SystemExit: 3", 2),
    "exception": ("def f():\n    return 1 / 0\nf()", "ZeroDivisionError", 2),
    "missing": ("x = 1", "has no 'extension'", 2),
    "no extension": ("extension = 5", "is no `pulpo_codegen.Extension` but a int", 2),
}


@pytest.mark.parametrize("case", BROKEN)
def test_what_cannot_be_loaded_is_located(project: Project, case: str) -> None:
    code, message, line = BROKEN[case]
    found = broken(project(code))
    assert found.code == "PLE001"
    assert message in found.message
    assert found.location is not None
    assert found.location.line == line
    in_config = case in {"missing", "no extension"}
    assert (found.location.path == ".pulpo.yml") is in_config
    assert found.location.path.startswith((".pulpo.yml", "extension_"))


def test_an_unknown_module_or_object_is_said_with_a_suggestion(project: Project) -> None:
    found = broken(project(GOOD, "extensoin"))
    assert (found.code, found.hint) == ("PLE001", "did you mean 'extension'?")
    analysis = replace(project(GOOD), config=ProjectConfig(extensions=("no_such.module:it",)))
    assert "there is no 'no_such'" in broken(analysis).message


MISFITS = {
    "its name": ('Extension(name="pulpo")', "two extensions called 'pulpo'"),
    "a target's": (
        'Extension(name="x", targets=(table(name="docs"),))',
        "target 'docs' of the extension 'x' is also one of 'pulpo'",
    ),
    "its need": (
        'Extension(name="x", targets=(table(needs=("apis",)),))',
        "needs 'apis', which does not exist",
    ),
    "no name": ('Extension(name="My Docs")', "'My Docs' cannot be the name"),
}


@pytest.mark.parametrize("case", MISFITS)
def test_what_does_not_fit_is_said(project: Project, case: str) -> None:
    code, message = MISFITS[case]
    found = broken(project(f"{HEAD}    extension = {code}\n"))
    assert found.code == "PLE003"
    assert message in found.message
    assert found.location is not None
    assert (found.location.path, found.location.line) == (".pulpo.yml", 2)


FAILURES = {
    "rows": (
        (
            "class Target:\n"
            "    name, needs = 'names', ()\n"
            "    def rows(self, analysis):\n"
            "        return [analysis.nothing]\n"
            "extension = Extension(name='names', targets=(Target(),))\n"
        ),
        "to make the files of target 'names': AttributeError",
        "return [analysis.nothing]",
    ),
    "another's row": (
        (
            "class Target:\n"
            "    name, needs = 'names', ()\n"
            "    def rows(self, analysis):\n"
            "        return [PlanRow('x', 't', None, 'docs')]\n"
            "extension = Extension(name='names', targets=(Target(),))\n"
        ),
        "'x' is said to belong to target 'docs'",
        "def rows(self, analysis):",
    ),
    **{
        f"hook {hook}": (
            (
                "class Mine(Hooks):\n"
                f"    def {hook}(self, given, proceed):\n"
                "        proceed(given)\n"
                "        raise KeyError('lost')\n"
                "extension = Extension(name='names', hooks=Mine(), targets=(table(),))\n"
            ),
            f"in its hook `{hook}`: KeyError: 'lost'",
            "raise KeyError('lost')",
        )
        for hook in ("plan", "render", "check")
    },
    "hook returns": (
        (
            "class Mine(Hooks):\n"
            "    def render(self, row, proceed):\n"
            "        proceed(row)\n"
            "extension = Extension(name='names', hooks=Mine(), targets=(table(),))\n"
        ),
        "it returned NoneType instead of FileDraft",
        "def render(self, row, proceed):",
    ),
}


@pytest.mark.parametrize("case", FAILURES)
def test_what_fails_is_located_in_its_own_code(project: Project, case: str) -> None:
    code, message, line = FAILURES[case]
    analysis = project(textwrap.dedent(HEAD) + code)
    found = broken(analysis, "docs", "names") if "hook" not in case else broken(analysis)
    assert found.code == "PLE002"
    assert message in found.message
    assert found.location is not None
    source = (analysis.root / found.location.path).read_text().splitlines()
    assert source[found.location.line - 1].strip() == line


PATHS = {
    "../../outside": "PLW003",
    "/etc/passwd": "PLW003",
    ".manifest.json": "PLW003",
    "docs/index.md": "PLW006",
    "Docs/INDEX.md": "PLW006",
}


@pytest.mark.parametrize("path", PATHS)
def test_a_path_that_is_not_its_own_is_refused(project: Project, path: str) -> None:
    code = f"{HEAD}    extension = Extension(name='names', targets=(table({path!r}),))\n"
    result = compile_project(project(code), targets=["docs", "names"])
    assert {found.code for found in result.errors} == {PATHS[path]}
    assert all(found.location for found in result.errors)
    if PATHS[path] == "PLW006":
        assert "of the targets docs and names" in result.errors[0].message


def test_a_failing_template_of_an_extension_is_located(project: Project) -> None:
    analysis = project(GOOD)
    template = analysis.root / "templates" / "names.txt.jinja"
    for text, line, why in (
        ("{# context: Named #}\n\n{= nmae =}\n", 3, "'nmae' is undefined"),
        ("{# context: Named #}\n{% if %}\n", 2, "TemplateSyntaxError"),
        ("{# context: Other #}\n", 1, "wants the dataclass Other, the row has Named"),
        ("{# context: Named #}\nA\n{= name =}\n", 3, "would be printed as it is"),
        ("{# context: Named #}\nno end", 1, "its last line has no end"),
    ):
        template.write_text(text)
        found = broken(analysis, "names")
        assert found.code == "PLE004"
        assert found.location is not None
        assert (found.location.path, found.location.line) == ("templates/names.txt.jinja", line)
        assert why in found.message


def test_a_template_that_is_not_there_is_said(project: Project) -> None:
    code = f"{HEAD}    extension = Extension(name='names', targets=(table(),))\n"
    found = broken(project(code), "names")
    assert found.code == "PLE004"
    assert "'names.txt.jinja' of the target 'names': the template cannot be loaded" in found.message
    assert found.location is not None
    assert found.location.path == ".pulpo.yml"


def test_a_template_of_the_project_takes_the_place_of_a_built_in_one(shop: Analysis) -> None:
    own = shop.root / "overrides" / "templates" / "docs" / "index.md.jinja"
    own.parent.mkdir(parents=True)
    own.write_text("{# context: IndexPage #}\n# Mine: {= title | md =}\n")
    result = compile_project(shop, targets=["docs"])
    assert result.applied
    text = (shop.root / "run_cache" / "docs" / "index.md").read_text()
    assert text.splitlines()[-1] == "# Mine: shop"
    assert (shop.root / "run_cache" / "docs" / "models.md").exists()
    own.write_text("{# context: IndexPage #}\n# Mine: {= titel | md =}\n")
    (found,) = compile_project(shop, targets=["docs"]).errors
    assert found.code == "PLE004"
    assert found.location is not None
    assert found.location.path == "overrides/templates/docs/index.md.jinja"
    assert found.location.line == 2
    own.rename(own.with_name("indx.md.jinja"))
    result = compile_project(shop, targets=["docs"])
    assert result.applied
    (found,) = result.diagnostics
    assert found.code == "PLE005"
    assert found.hint == "did you mean 'docs/index.md.jinja'?"


OPTIONS = """
    from pydantic import BaseModel

    class Options(BaseModel, extra="forbid"):
        colour: str = "red"

    extension = Extension(name="names", options=Options)
"""


@pytest.mark.parametrize(
    ("options", "code", "hint"),
    [
        ({"names": {"color": "blue"}}, "PLE006", "did you mean 'colour'?"),
        ({"names": {"colour": 3}}, "PLE006", "options: colour"),
        ({"pulpo": {"a": 1}}, "PLE006", "remove `options.pulpo`"),
        ({"nmaes": {}}, "PLE007", "did you mean 'names'?"),
    ],
)
def test_options_are_judged(
    project: Project, options: Mapping[str, object], code: str, hint: str
) -> None:
    analysis = project(HEAD + OPTIONS, options=options)
    result = compile_project(analysis, targets=["docs"], dry_run=True)
    (found,) = result.diagnostics
    assert (found.code, found.hint) == (code, hint)
    assert bool(result.errors) is (code == "PLE006")


CODES = [
    re.findall(r'"(PL[EW]\d{3})",\n\s+Severity\.\w+,\n\s+"([^"]+)"', path.read_text("utf-8"))
    for path in Path(str(files("pulpo_codegen"))).rglob("findings.py")
]


@pytest.mark.parametrize(("code", "title"), sorted(chain.from_iterable(CODES)))
def test_every_finding_of_the_generator_has_a_page(code: str, title: str) -> None:
    page = explanation(code)
    assert page.startswith(f"# {code}: {title}\n")
    headings = re.findall(r"^## (.+)$", page, re.MULTILINE)
    assert headings == ["What it means", "Why it matters", "Wrong", "Right"]
