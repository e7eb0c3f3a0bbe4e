"""Whose template a file is made of: the project's, an extension's or ours; and their mistakes."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Final

from pulpo_analysis.diagnostics.diagnostic import Diagnostic
from pulpo_analysis.diagnostics.suggestions import did_you_mean
from pulpo_codegen.errors import GenerationBugError
from pulpo_codegen.extensions import findings
from pulpo_codegen.extensions.extension import Extension
from pulpo_codegen.extensions.places import config_place, located, template_line
from pulpo_codegen.layout import TEMPLATE_OVERRIDES

__all__ = [
    "missing_template",
    "template_failure",
    "template_folders",
    "unknown_overrides",
]

#: Made once, by `pulpo init`, and never looked for in a project.
_NOT_REPLACED: Final = "init/"
_SUFFIX: Final = ".jinja"


def template_folders(root: Path, extensions: Sequence[Extension]) -> tuple[Path, ...]:
    """Return where templates are looked for, in this order: the built-in extension's last."""
    built_in, *others = extensions
    folders = [root / TEMPLATE_OVERRIDES, *(folder for one in others for folder in one.templates)]
    return (*folders, *built_in.templates)


def unknown_overrides(root: Path, folders: Sequence[Path]) -> Iterator[Diagnostic]:
    """Yield a finding for each template of the project that takes the place of none."""
    own, *others = folders
    names = sorted(_names(own)) if own.is_dir() else ()
    for name in names:
        replaces = any((folder / name).is_file() for folder in others)
        if not replaces or name.startswith(_NOT_REPLACED):
            known = {one for folder in others for one in _names(folder)}
            known = {one for one in known if not one.startswith(_NOT_REPLACED)}
            yield findings.unknown_template(
                name, located(own / name, 1, root), did_you_mean(name, known)
            )


def _names(folder: Path) -> Iterator[str]:
    for path in folder.rglob(f"*{_SUFFIX}"):
        yield path.relative_to(folder).as_posix()


def template_failure(
    error: GenerationBugError, folders: Sequence[Path], built_in: Sequence[Path], root: Path
) -> Diagnostic | None:
    """Return whose mistake a failing template is, `None` where it is ours.

    `folders` are those that templates were looked for in, `built_in` our own among them.
    """
    template = next(
        (folder / error.template for folder in folders if (folder / error.template).is_file()),
        None,
    )
    if template is None or any(template.is_relative_to(folder) for folder in built_in):
        return None
    cause = error.__cause__
    why = f"{error.problem}" + (f" (for {error.path})" if error.path else "")
    place = located(template, template_line(cause, template), root)
    hint = (
        "delete it to have the built-in template back"
        if template.is_relative_to(root / TEMPLATE_OVERRIDES)
        else "mend the template of the extension"
    )
    return findings.wrong_template(why, place, hint)


def missing_template(target: str, error: GenerationBugError, root: Path) -> Diagnostic:
    """Return that a target of an extension wants a template that cannot be used for it."""
    return findings.wrong_template(
        f"the template {error.template!r} of the target {target!r}: {error.problem}",
        config_place(root, "extensions"),
        "give the extension the folder that holds it: `templates=(…,)`",
    )
