"""What was found out about one file, each answer with all that it was made of."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field

from pulpo_analysis.diagnostics.diagnostic import Diagnostic
from pulpo_analysis.discovery.smells import IgnoreComment, Smell
from pulpo_analysis.discovery.sources import Sources
from pulpo_analysis.discovery.trail import Trail
from pulpo_base.specs import EnumSpec, ModelSpec, OperationSpec, SchemaSpec, TypeRef

__all__ = [
    "Basis",
    "Declared",
    "FileAnswers",
    "Mentioned",
    "Met",
    "NamedDeclaration",
    "Notes",
    "Operations",
    "basis_of",
]


@dataclass(frozen=True, slots=True)
class Basis:
    """All that an answer was made of; while it is the same, so is the answer.

    `files` are the digests of the files that were read, by relative path. `modules` say where each
    name led that was looked up, empty for nowhere (`Sources.place`).
    """

    files: dict[str, str] = field(default_factory=dict)
    modules: dict[str, str] = field(default_factory=dict)

    def holds(self, sources: Sources) -> bool:
        """Return whether all of it is still so."""
        return all(sources.digest(path) == digest for path, digest in self.files.items()) and all(
            sources.place(name) == place for name, place in self.modules.items()
        )


def basis_of(sources: Sources, trail: Trail) -> Basis:
    """Return what was looked at, as it is now."""
    return Basis(
        {path: sources.digest(path) for path in sorted(trail.files)},
        {name: sources.place(name) for name in sorted(trail.modules)},
    )


@dataclass(frozen=True, slots=True)
class Met:
    """A class that types led to: the name of the type, and where the class is written."""

    type: str
    path: str
    qualname: str


@dataclass(frozen=True, slots=True)
class NamedDeclaration:
    """The importable name of a declared class or function, and the name that it declares.

    `assigned` is the importable name that `place = operation(…)(…)` gives it besides.
    """

    key: str
    name: str | None
    assigned: str = ""


@dataclass(frozen=True, slots=True)
class Declared:
    """What a file declares, its operations by name only.

    `aliases` are its own names for the decorators. Without a `basis` an answer is not kept.
    """

    basis: Basis | None
    aliases: tuple[str, ...] = ()
    names: tuple[NamedDeclaration, ...] = ()
    models: tuple[ModelSpec, ...] = ()
    operates: bool = False
    met: tuple[Met, ...] = ()
    diagnostics: tuple[Diagnostic, ...] = ()


@dataclass(frozen=True, slots=True)
class Operations:
    """The operations of a file, with what their bodies do.

    `names` and `models` are what was asked by importable name: what any declaration is called, and
    what a model is.
    """

    basis: Basis | None
    names: dict[str, str | None]
    models: dict[str, str | None]
    operations: tuple[OperationSpec, ...] = ()
    met: tuple[Met, ...] = ()
    diagnostics: tuple[Diagnostic, ...] = ()

    def holds(
        self, names: Callable[[str], str | None], models: Callable[[str], str | None]
    ) -> bool:
        """Return whether the names still mean the same."""
        return all(names(key) == name for key, name in self.names.items()) and all(
            models(key) == name for key, name in self.models.items()
        )


@dataclass(frozen=True, slots=True)
class Mentioned:
    """A schema or an enumeration of a file, as the type `ref` mentions it; neither is too deep."""

    basis: Basis | None
    ref: TypeRef
    schema: SchemaSpec | None = None
    enum: EnumSpec | None = None
    met: tuple[Met, ...] = ()
    diagnostics: tuple[Diagnostic, ...] = ()


@dataclass(frozen=True, slots=True)
class Notes:
    """What the text of a file says by itself to lint."""

    smells: tuple[Smell, ...] = ()
    ignores: tuple[IgnoreComment, ...] = ()


@dataclass(slots=True)
class FileAnswers:
    """What is known about one file; `None` for what is not."""

    declared: Declared | None = None
    operations: Operations | None = None
    mentioned: dict[str, Mentioned] = field(default_factory=dict)
    notes: Notes | None = None
