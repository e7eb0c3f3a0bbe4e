"""The findings about extensions, one function a code, so that a code is written once."""

from __future__ import annotations

from pulpo_analysis.diagnostics.diagnostic import Diagnostic, Severity
from pulpo_base.specs import SourceLocation

__all__ = [
    "cannot_load",
    "does_not_fit",
    "failed",
    "unknown_options",
    "unknown_template",
    "wrong_options",
    "wrong_template",
]


def cannot_load(reference: str, why: str, place: SourceLocation, hint: str) -> Diagnostic:
    """What an entry point or `.pulpo.yml` names is no extension."""
    return Diagnostic(
        "PLE001",
        Severity.ERROR,
        "extension cannot be loaded",
        f"the extension {reference!r} {why}; nothing was written",
        (place,),
        hint,
    )


def failed(name: str, doing: str, why: str, place: SourceLocation) -> Diagnostic:
    """The code of an extension raised something, or returned what it must not."""
    return Diagnostic(
        "PLE002",
        Severity.ERROR,
        "extension failed",
        f"the extension {name!r} failed {doing}: {why}; nothing was written",
        (place,),
        "mend the extension, or take it out of `extensions` in .pulpo.yml",
    )


def does_not_fit(why: str, place: SourceLocation, hint: str) -> Diagnostic:
    """Two extensions, or their targets, cannot be used together."""
    return Diagnostic("PLE003", Severity.ERROR, "extension does not fit", why, (place,), hint)


def wrong_template(why: str, place: SourceLocation, hint: str) -> Diagnostic:
    """A template of the project or of an extension fails, or makes something wrong."""
    return Diagnostic(
        "PLE004",
        Severity.ERROR,
        "template fails",
        f"{why}; nothing was written",
        (place,),
        hint,
    )


def unknown_template(name: str, place: SourceLocation, hint: str) -> Diagnostic:
    """A file below `overrides/templates/` replaces nothing."""
    return Diagnostic(
        "PLE005",
        Severity.WARNING,
        "template that replaces nothing",
        f"no generated file is made from a template called {name!r}",
        (place,),
        hint,
    )


def wrong_options(why: str, place: SourceLocation, hint: str) -> Diagnostic:
    """An extension does not take what `.pulpo.yml` says under its name."""
    return Diagnostic("PLE006", Severity.ERROR, "wrong option of an extension", why, (place,), hint)


def unknown_options(name: str, place: SourceLocation, hint: str) -> Diagnostic:
    """`.pulpo.yml` has options for an extension that is not there."""
    return Diagnostic(
        "PLE007",
        Severity.WARNING,
        "options of no extension",
        f"`options.{name}` belongs to no extension of this project",
        (place,),
        hint,
    )
