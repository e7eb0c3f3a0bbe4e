"""What the renderer must know of each language: its comments and its quoting functions.

The delimiters are the same for all, `{= value =}`, `{% statement %}` and `{# comment #}`:
none of them can occur in Python, Markdown, YAML or TOML outside of a string.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import PurePosixPath
from typing import Any, Final, TypeAlias

from pulpo_codegen.render.containers import docker_json, docker_str, env_str
from pulpo_codegen.render.escapes import escaped
from pulpo_codegen.render.markdown import anchor, md, md_block, md_code, md_link
from pulpo_codegen.render.python import docstring, py, py_comment, py_name, py_path
from pulpo_codegen.render.source import join, rendered
from pulpo_codegen.render.tables import csv_row
from pulpo_codegen.render.typescript import ts
from pulpo_codegen.render.yaml import toml_str, yaml_str

__all__ = ["Comment", "Language", "language_of"]

Comment: TypeAlias = Callable[[str], str]
_Functions: TypeAlias = Mapping[str, Callable[..., Any]]

_COMMON: Final[_Functions] = {"join": join, "rendered": rendered}


@dataclass(frozen=True, slots=True)
class Language:
    """A language that templates are written in.

    `comment` makes a line of comment, `None` where the language has none (JSON, CSV). `functions`
    can be called, and used as filters, in its templates.
    """

    name: str
    comment: Comment | None
    functions: _Functions


def _hash_comment(text: str) -> str:
    return f"# {escaped(text)}"


def _slash_comment(text: str) -> str:
    return f"// {escaped(text)}"


def _markdown_comment(text: str) -> str:
    # Two hyphens, or what looks like a tag, end a comment for some readers.
    harmless = re.sub(r"[<>{}]", " ", escaped(text)).replace("--", "- -")
    return f"<!-- {harmless} -->"


PYTHON: Final = Language(
    "python",
    _hash_comment,
    {
        **_COMMON,
        "py": py,
        "py_name": py_name,
        "py_path": py_path,
        "py_comment": py_comment,
        "docstring": docstring,
    },
)
MARKDOWN: Final = Language(
    "markdown",
    _markdown_comment,
    {
        **_COMMON,
        "md": md,
        "md_block": md_block,
        "md_code": md_code,
        "md_link": md_link,
        "anchor": anchor,
    },
)
YAML: Final = Language(
    "yaml", _hash_comment, {**_COMMON, "yaml_str": yaml_str, "comment": py_comment}
)
PLAIN: Final = Language(
    "plain", _hash_comment, {**_COMMON, "toml_str": toml_str, "comment": py_comment}
)
DOCKERFILE: Final = Language(
    "dockerfile",
    _hash_comment,
    {**_COMMON, "docker_str": docker_str, "docker_json": docker_json, "comment": py_comment},
)
ENVIRONMENT: Final = Language(
    "environment", _hash_comment, {**_COMMON, "env_str": env_str, "comment": py_comment}
)
TYPESCRIPT: Final = Language("typescript", _slash_comment, {**_COMMON, "ts": ts})
DATA: Final = Language("data", None, _COMMON)
TABLE: Final = Language("table", None, {**_COMMON, "csv_row": csv_row})

_BY_NAME: Final = {"Dockerfile": DOCKERFILE, ".env.example": ENVIRONMENT}

_BY_SUFFIX: Final = {
    ".py": PYTHON,
    ".md": MARKDOWN,
    ".yml": YAML,
    ".yaml": YAML,
    ".json": DATA,
    ".csv": TABLE,
    ".ts": TYPESCRIPT,
}


def language_of(template: str) -> Language:
    """Return the language of a template by its name before `.jinja`; plain where unknown."""
    name = PurePosixPath(template.removesuffix(".jinja"))
    return _BY_NAME.get(name.name) or _BY_SUFFIX.get(name.suffix, PLAIN)
