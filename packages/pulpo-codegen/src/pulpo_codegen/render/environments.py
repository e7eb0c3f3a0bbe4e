"""jinja2, set up once a language."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from pulpo_codegen.render.languages import Language
from pulpo_codegen.render.source import Source

if TYPE_CHECKING:
    from jinja2 import Environment

__all__ = ["make_environment"]


def make_environment(language: Language, folders: Sequence[Path]) -> Environment:
    """Return an environment that prints quoted values only; the first folder with a name wins."""
    from jinja2 import Environment, FileSystemLoader, StrictUndefined

    from pulpo_codegen.render.compiled import CompiledTemplates

    # HTML escaping is no safety in Python or YAML; `_printable` is what guards them.
    environment = Environment(
        loader=FileSystemLoader([str(folder) for folder in folders], encoding="utf-8"),
        undefined=StrictUndefined,
        autoescape=False,  # noqa: S701
        finalize=_printable,
        variable_start_string="{=",
        variable_end_string="=}",
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
        auto_reload=False,
        cache_size=-1,
        bytecode_cache=CompiledTemplates(),
    )
    environment.globals.update(language.functions)
    environment.filters.update(language.functions)
    return environment


def _printable(value: object) -> object:
    kind = type(value)
    if kind is Source or kind is int:
        return value
    from jinja2 import Undefined

    if isinstance(value, Source | Undefined):
        return value
    raise TypeError(
        f"{value!r:.80} would be printed as it is; pass it through a quoting function, or a "
        "macro's result through `rendered`"
    )
