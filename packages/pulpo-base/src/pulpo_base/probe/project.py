"""The imported project: which classes are its own, and by which name each class is imported."""

from __future__ import annotations

import sys
from dataclasses import dataclass, field
from pathlib import Path
from types import ModuleType
from typing import Any

from pulpo_base.probe.messages import ProbeRequest
from pulpo_base.specs import SourceLocation

__all__ = ["Project", "importable", "library_class"]


@dataclass(slots=True)
class Project:
    """What the probe knows of the project besides its classes."""

    request: ProbeRequest
    local: frozenset[str] = field(init=False)
    _names: dict[str, list[type]] | None = None

    def __post_init__(self) -> None:
        self.local = frozenset(self.request.local)

    def is_local(self, cls: type) -> bool:
        """Whether a class is written in the project."""
        return cls.__module__ in self.local

    def modules(self) -> list[ModuleType]:
        """Return the project's modules that are loaded, in the order of their names."""
        return [sys.modules[name] for name in sorted(self.local) if name in sys.modules]

    def class_named(self, name: str) -> type | None:
        """Return the project's class of that name where there is exactly one.

        Beanie finds the target of a `Link["Order"]` by the class's name alone, too.
        """
        if self._names is None:
            self._names = {}
            for module in self.modules():
                for value in vars(module).values():
                    if isinstance(value, type) and value.__module__ == module.__name__:
                        self._names.setdefault(value.__name__, []).append(value)
        found = self._names.get(name, [])
        return found[0] if len(found) == 1 else None

    def place(self, path: str, line: int = 1) -> SourceLocation:
        """Return a place, relative to the project where the file is in it."""
        try:
            relative = Path(path).resolve().relative_to(Path(self.request.root).resolve())
        except ValueError:
            return SourceLocation(path, line)
        return SourceLocation(relative.as_posix(), line)

    def file_of(self, module: str) -> str:
        """Return the file of a loaded module, or its name where it has none."""
        return getattr(sys.modules.get(module), "__file__", None) or module


def importable(cls: type) -> str:
    """Return the shortest dotted name that gives a class: `pydantic.EmailStr`.

    Libraries define a class deep inside and export it further up, where people import it from.
    """
    parts, name = cls.__module__.split("."), cls.__qualname__
    for size in range(1, len(parts) + 1):
        module = sys.modules.get(".".join(parts[:size]))
        if module is not None and getattr(module, name, None) is cls:
            return f"{module.__name__}.{name}"
    return f"{cls.__module__}.{name}"


def library_class(module: str, name: str) -> Any:
    """Return a class of a library that the project has imported, `None` where it has not."""
    return getattr(sys.modules.get(module), name, None)
