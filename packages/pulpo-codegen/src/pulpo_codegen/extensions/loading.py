"""`load_extensions`: those that installed packages bring, and those that `.pulpo.yml` names."""

from __future__ import annotations

import importlib
import sys
from collections.abc import Iterator
from contextlib import contextmanager, redirect_stdout
from dataclasses import dataclass
from pathlib import Path

from pulpo_analysis.analysis import Analysis
from pulpo_analysis.diagnostics.diagnostic import Diagnostic
from pulpo_analysis.diagnostics.suggestions import did_you_mean
from pulpo_base.entry_points import entry_points_of
from pulpo_base.specs import SourceLocation
from pulpo_codegen.extensions import findings
from pulpo_codegen.extensions.extension import Extension
from pulpo_codegen.extensions.fitting import misfits
from pulpo_codegen.extensions.judging import option_findings
from pulpo_codegen.extensions.places import config_place, place_of
from pulpo_codegen.layout import EXTENSIONS

__all__ = ["LoadedExtensions", "load_extensions"]


@dataclass(frozen=True, slots=True)
class LoadedExtensions:
    """The extensions that count, the built-in one first, and what is wrong with the others."""

    extensions: tuple[Extension, ...]
    diagnostics: tuple[Diagnostic, ...] = ()


@dataclass(frozen=True, slots=True)
class _Reference:
    """Where an extension is, `module:object`, and who says so; `index` counts in `.pulpo.yml`."""

    value: str
    index: int | None = None

    def place(self, root: Path) -> SourceLocation:
        if self.index is None:
            return SourceLocation(f"entry point {EXTENSIONS}")
        return config_place(root, "extensions", str(self.index))


def load_extensions(analysis: Analysis, built_in: Extension) -> LoadedExtensions:
    """Return the project's extensions behind the built-in one.

    Their modules are imported, with the project's source roots on `sys.path`; nothing else of
    the user's is. What one of them prints meanwhile goes to standard error.
    """
    root = analysis.root
    extensions: list[tuple[Extension, SourceLocation]] = [(built_in, SourceLocation(""))]
    found: list[Diagnostic] = []
    with _importable(analysis):
        for reference in _references(analysis):
            loaded = _load(reference, root)
            if isinstance(loaded, Diagnostic):
                found.append(loaded)
            elif all(loaded is not one for one, _ in extensions):
                extensions.append((loaded, reference.place(root)))
    found.extend(misfits(extensions))
    chosen = tuple(extension for extension, _ in extensions)
    # Options of an extension that does not load would be told as those of nobody.
    found.extend(() if found else option_findings(analysis, chosen))
    return LoadedExtensions(chosen, tuple(found))


def _references(analysis: Analysis) -> list[_Reference]:
    named = [_Reference(value, index) for index, value in enumerate(analysis.config.extensions)]
    return [*map(_Reference, entry_points_of(EXTENSIONS)), *named]


@contextmanager
def _importable(analysis: Analysis) -> Iterator[None]:
    """Put the project's folders on the import path; no bytecode is left among its files."""
    roots = (".", *analysis.app.source_roots)
    folders = [str(analysis.root / root) for root in dict.fromkeys(roots)]
    path, bytecode = list(sys.path), sys.dont_write_bytecode
    sys.path[:0] = folders
    sys.dont_write_bytecode = True
    importlib.invalidate_caches()
    try:
        with redirect_stdout(sys.stderr):
            yield
    finally:
        sys.path[:], sys.dont_write_bytecode = path, bytecode


def _load(reference: _Reference, root: Path) -> Extension | Diagnostic:
    module_name, _, attribute = reference.value.partition(":")
    try:
        module = importlib.import_module(module_name)
    except ModuleNotFoundError as error:
        if error.name is None or not f"{module_name}.".startswith(f"{error.name}."):
            return _broken(reference, error, root)
        why = f"is in no module: there is no {error.name!r}"
        hint = "write `module:object`; modules are looked for in the project and its environment"
        return findings.cannot_load(reference.value, why, reference.place(root), hint)
    except (Exception, SystemExit) as error:  # noqa: BLE001 - whatever their code raises
        return _broken(reference, error, root)
    found = getattr(module, attribute, None)
    if isinstance(found, Extension):
        return found
    known = [name for name, value in vars(module).items() if isinstance(value, Extension)]
    why = (
        f"does not exist: the module {module_name} has no {attribute!r}"
        if found is None
        else f"is no `pulpo_codegen.Extension` but a {type(found).__name__}"
    )
    hint = did_you_mean(attribute, known) or "make it with `pulpo_codegen.Extension(name=…)`"
    return findings.cannot_load(reference.value, why, reference.place(root), hint)


def _broken(reference: _Reference, error: BaseException, root: Path) -> Diagnostic:
    why = f"cannot be imported: {type(error).__name__}: {error}"
    place = place_of(error, root)
    return findings.cannot_load(
        reference.value, why, place, "mend it, or take it out of `extensions` in .pulpo.yml"
    )
