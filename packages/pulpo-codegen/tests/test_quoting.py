"""What stands between user values and generated source."""

from __future__ import annotations

import ast
import json
import subprocess
import sys
from enum import Enum
from pathlib import Path
from typing import Any

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from pulpo_codegen.render.markdown import anchor, md, md_block, md_code
from pulpo_codegen.render.python import docstring, py, py_comment, py_name, py_path
from pulpo_codegen.render.source import Source, join
from pulpo_codegen.render.yaml import toml_str, yaml_str


class Colour(Enum):
    RED = 1


SCALARS = (
    st.text()
    | st.integers()
    | st.booleans()
    | st.none()
    | st.floats(allow_nan=False, allow_infinity=False)
)
VALUES = st.recursive(
    SCALARS,
    lambda inner: (
        st.lists(inner, max_size=4)
        | st.lists(inner, max_size=4).map(tuple)
        | st.dictionaries(st.text(max_size=9), inner, max_size=4)
    ),
    max_leaves=12,
)


@given(VALUES, st.sampled_from([None, 0, 4, 8]))
def test_a_literal_means_the_value(value: Any, indent: int | None) -> None:
    assert ast.literal_eval(py(value, indent=indent)) == value


def test_numbers_without_a_literal() -> None:
    assert py(float("inf")) == 'float("inf")'
    assert py(float("-inf")) == 'float("-inf")'
    assert py(float("nan")) == 'float("nan")'


@pytest.mark.parametrize("value", [{1, 2}, object(), b"bytes", Colour.RED, 1j, [object()]])
def test_what_has_no_literal_is_refused(value: Any) -> None:
    with pytest.raises(TypeError, match="has no literal"):
        py(value)


def test_literals_are_laid_out_as_ruff_does(hostile_texts: dict[str, str], tmp_path: Path) -> None:
    pytest.importorskip("ruff", reason="a development tool")
    texts = [*hostile_texts.values(), "it's", 'say "hi"', 'it\'s "both"', "\x7f\xa0\u200b\ud800"]
    values: list[Any] = [
        *(text for text in texts if len(text) < 1_000),
        *([text] for text in texts if len(text) < 1_000),
        (1,),
        {"a": {"b": [1.5e300, -1e-9, 12345678.0], "c": ()}, "d": (None, True, "x" * 70)},
        {"deep": [{"k" * 30: ["v" * 30, "w" * 30, "x" * 30]}, (("y" * 99,),)]},
    ]
    source = "".join(
        f"v{number} = {py(value)}\n" for number, value in enumerate(values) if len(py(value)) < 80
    )
    source += "".join(
        f"w{number} = {py(value, indent=0)}\n"
        for number, value in enumerate(values)
        if not isinstance(value, str)
    )
    docs = [docstring(text, 4) for text in texts if len(text) < 1_000 and text.strip()]
    source += "".join(f"\n\nclass C{n}:\n    {text}\n" for n, text in enumerate(docs))
    file = tmp_path / "made.py"
    file.write_text(source, "utf-8")
    command = [sys.executable, "-m", "ruff", "format", "--isolated", "--line-length=100"]
    subprocess.run([*command, str(file)], check=True, capture_output=True)
    assert file.read_text("utf-8") == source


@given(st.text())
def test_a_docstring_says_what_the_text_says(text: str) -> None:
    source = f"def f():\n    {docstring(text, 4)}\n"
    function = ast.parse(source).body[0]
    assert isinstance(function, ast.FunctionDef)
    assert len(function.body) == 1
    found = ast.get_docstring(function)
    assert found is not None
    assert found.split() == text.split() or not text.isprintable()


@given(st.text())
def test_a_comment_is_one_line(text: str) -> None:
    assert ast.parse(f"# {py_comment(text)}\nx = 1\n").body[0].lineno == 2


def test_names() -> None:
    assert py_name("größe") == "größe"
    assert py_path("a.b_c") == "a.b_c"
    for bad in ("class", "a b", "", "1a", "a\n", "None"):
        with pytest.raises(ValueError, match="no Python name"):
            py_name(bad)
    for bad in ("a..b", ".a", "a.import", "a;b"):
        with pytest.raises(ValueError, match="no Python name"):
            py_path(bad)


@given(st.text(st.characters(exclude_categories=["Cs"])))
def test_yaml_and_toml_read_the_text_back(text: str) -> None:
    import tomllib

    assert tomllib.loads(f"x = {toml_str(text)}")["x"] == text
    assert yaml.safe_load(f"x: {yaml_str(text)}\ny: 1") == {"x": text, "y": 1}


def test_a_lone_surrogate_survives_nowhere_but_in_python() -> None:
    assert json.loads(yaml_str("a\ud800b")) == "a\ufffdb"
    assert ast.literal_eval(py("a\ud800b")) == "a\ud800b"


@given(st.text())
def test_markdown_stays_on_its_line(text: str) -> None:
    for made in (md(text), md_code(text)):
        assert len(made.splitlines()) <= 1
        assert "<" not in made.replace("<code>", "").replace("</code>", "")
        assert "{{" not in made
    assert not any(line.startswith(("#", ">", "```", "~~~")) for line in md_block(text).split("\n"))


def test_markdown_by_example() -> None:
    assert md("# not a heading") == "\\# not a heading"
    assert md("1. no list, 1.5 no list") == "1\\. no list, 1.5 no list"
    assert md("1.5 stays") == "1.5 stays"
    assert md("a | b\n\nc") == "a \\| b c"
    assert md("`<b>` & {x}") == "\\`&lt;b&gt;\\` &amp; &#123;x&#125;"
    assert md_block("one\ntwo\n\n- three") == "one two\n\n\\- three"
    assert md_code("list[Order]") == "`list[Order]`"
    assert md_code("int | None") == "<code>int &#124; None</code>"
    assert md_code("  ") == ""


def test_anchors_differ_where_names_do() -> None:
    names = ["Order", "order", "a b", "a-b", "a.b", "a/b", "x" * 99, "x" * 98, "日本", "日木"]
    made = {anchor("model", name) for name in names}
    assert len(made) == len(names)
    assert anchor("model", "Order") == "model-Order"


def test_only_quoted_parts_are_joined() -> None:
    assert join([Source("a"), py("b")]) == 'a, "b"'
    with pytest.raises(TypeError, match="not quoted"):
        join([Source("a"), "b"])  # type: ignore[list-item]
