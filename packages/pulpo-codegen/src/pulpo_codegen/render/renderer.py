"""`Renderer`: rows in, drafts out; templates are loaded and their context is checked once."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import is_dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from pulpo_codegen.errors import GenerationBugError
from pulpo_codegen.plan.row import PlanRow
from pulpo_codegen.render.copied import Copied
from pulpo_codegen.render.draft import FileDraft
from pulpo_codegen.render.environments import make_environment
from pulpo_codegen.render.header import with_header
from pulpo_codegen.render.languages import Language, language_of

if TYPE_CHECKING:
    from jinja2 import Environment, Template

__all__ = ["TEMPLATES", "Renderer"]

#: The templates that come with Pulpo.
TEMPLATES: Final = Path(__file__).parent.parent / "templates"

_CONTEXT = re.compile(r"\{#\s*context:\s*(\w+)\s*#\}")


class Renderer:
    """Renders rows with the templates of `folders`, of which the first that has one wins."""

    def __init__(self, folders: Sequence[Path] = (TEMPLATES,)) -> None:
        """Load nothing yet."""
        self._folders = tuple(folders)
        self._environments: dict[str, Environment] = {}
        self._templates: dict[str, tuple[Template, str]] = {}

    def render(self, row: PlanRow, *, header: bool = True) -> FileDraft:
        """Return the text of one file; `header=False` is for files that will be the user's.

        The template sees the public attributes of the context by their names; a context that is a
        `Copied` file is taken as it is. Raises
        `GenerationBugError` where the template does not exist, expects another context, uses
        an unknown name, or prints a value that was not quoted.
        """
        if isinstance(row.context, Copied):
            return FileDraft(row, row.context.text())
        language = language_of(row.template)
        template, expected = self._load(row.template, language)
        actual = type(row.context).__name__
        if actual != expected or not is_dataclass(row.context):
            problem = f"the template wants the dataclass {expected}, the row has {actual}"
            raise GenerationBugError(problem, template=row.template, path=row.path)
        try:
            text = template.render(_names(row.context))
        except Exception as error:
            # Anything may come out of a template, and all of it is our mistake.
            problem = f"the template failed: {type(error).__name__}: {error}"
            raise GenerationBugError(problem, template=row.template, path=row.path) from error
        if header and language.comment is not None:
            text = with_header(text, language.comment, row.origins)
        return FileDraft(row, text)

    def _load(self, name: str, language: Language) -> tuple[Template, str]:
        if name not in self._templates:
            self._templates[name] = self._read(name, language)
        return self._templates[name]

    def _read(self, name: str, language: Language) -> tuple[Template, str]:
        from jinja2 import TemplateError

        if language.name not in self._environments:
            self._environments[language.name] = make_environment(language, self._folders)
        environment = self._environments[language.name]
        try:
            template = environment.get_template(name)
        except TemplateError as error:
            problem = f"the template cannot be loaded: {type(error).__name__}: {error}"
            raise GenerationBugError(problem, template=name) from error
        first = Path(str(template.filename)).read_text("utf-8").partition("\n")[0]
        declared = _CONTEXT.fullmatch(first.strip())
        if declared is None:
            problem = "the first line does not say `{# context: ClassName #}`"
            raise GenerationBugError(problem, template=name)
        return template, declared.group(1)


def _names(context: object) -> dict[str, Any]:
    public = (name for name in dir(type(context)) if not name.startswith("_"))
    # Fields without a default are no attributes of the class unless it has slots.
    fields = getattr(type(context), "__dataclass_fields__", {})
    return {name: getattr(context, name) for name in sorted({*public, *fields})}
