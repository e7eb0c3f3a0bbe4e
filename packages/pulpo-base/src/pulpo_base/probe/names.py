"""Annotations that are still text: what their names mean where they stand."""

from __future__ import annotations

import builtins
import sys
from dataclasses import dataclass
from typing import Any

from pulpo_base.probe.project import Project

__all__ = ["Scope", "evaluated"]


@dataclass(frozen=True, slots=True)
class Scope:
    """Where an annotation stands: names in it are those of the module and of the class.

    `cls` is the class whose field is read, which may inherit it from `owner`.
    """

    module: str
    owner: type | None = None
    cls: type | None = None


def evaluated(text: str, project: Project, scope: Scope, module: str) -> Any:
    """Return what an annotation written as text means in `module`.

    It is the project's own expression, evaluated where the project was imported anyway, so it
    may raise whatever it likes; a name that does not exist at run time raises `NameError`.
    """
    return eval(text, {}, _Names(project, scope, module))  # noqa: S307


class _Names(dict[str, Any]):
    """The names that an annotation may use, the nearest first."""

    def __init__(self, project: Project, scope: Scope, module: str) -> None:
        super().__init__()
        self.project, self.scope, self.module = project, scope, module

    def __missing__(self, name: str) -> Any:
        owner = self.scope.owner
        if owner is not None and name == owner.__name__:
            return owner
        inside = vars(owner).get(name) if owner is not None else None
        if isinstance(inside, type):
            return inside
        module = sys.modules.get(self.module)
        for home in (module, builtins):
            if home is not None and name in vars(home):
                return vars(home)[name]
        found = self.project.class_named(name)
        if found is None:
            raise NameError(name)
        return found
