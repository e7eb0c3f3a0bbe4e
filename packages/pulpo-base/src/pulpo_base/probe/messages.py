"""What the analysis asks the probe, and what it answers."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Literal

from pulpo_base.specs import EnumSpec, ModelSpec, OperationSpec, SchemaSpec, SourceLocation

__all__ = ["IMPORTED", "STACK", "Noise", "ProbeAnswer", "ProbeRequest", "Problem", "reason"]


#: The last line of the progress: every module was imported.
IMPORTED = "."

#: The file, beside the progress, that a crash or the timeout writes the running lines to.
STACK = "stack"


@dataclass(frozen=True, slots=True)
class ProbeRequest:
    """Which project to import.

    `root` and `source_roots` are absolute paths, `modules` are imported in this order, `local`
    are all modules of the project, `scalars` and `containers` map importable names to what a
    `TypeRef` calls them, `constraints` are the names of pydantic's constraints, `timeout` is in
    seconds.
    """

    root: str
    source_roots: tuple[str, ...]
    modules: tuple[str, ...]
    local: tuple[str, ...]
    scalars: dict[str, str]
    containers: dict[str, str]
    constraints: tuple[str, ...]
    timeout: float


@dataclass(frozen=True, slots=True)
class Problem:
    """What kept a declaration from being a spec; `location` may be the file only.

    `import`: the module raised. `class`: a class raised when it was asked what it is.
    `signature`: an operation cannot be called. `document`: a model is no Beanie document.
    `unknown`: a type is named that does not exist at run time.
    """

    kind: Literal["import", "class", "signature", "document", "unknown"]
    message: str
    location: SourceLocation
    owner: str = ""


@dataclass(frozen=True, slots=True)
class Noise:
    """The first thing that importing printed, and the line that did."""

    text: str
    location: SourceLocation


@dataclass(frozen=True, slots=True)
class ProbeAnswer:
    """What the modules declare.

    Lines and columns are not known here, except where Python keeps them: `owners` maps a record's
    key to the class that declares each of its fields, so that whoever reads the source can place
    them.
    """

    models: tuple[ModelSpec, ...] = ()
    schemas: tuple[SchemaSpec, ...] = ()
    enums: tuple[EnumSpec, ...] = ()
    operations: tuple[OperationSpec, ...] = ()
    owners: dict[str, dict[str, str]] = field(default_factory=dict)
    problems: tuple[Problem, ...] = ()
    noise: tuple[Noise, ...] = ()


def reason(error: BaseException) -> str:
    """Return an error's kind and the first line of what it says."""
    lines = str(error).strip().splitlines()
    return ": ".join([type(error).__name__, *lines[:1]])
