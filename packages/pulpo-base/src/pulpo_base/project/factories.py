"""The user's own factories: `factories.py`, or the files of the folder `factories/`."""

from __future__ import annotations

import importlib
import pkgutil
from collections.abc import Iterable
from typing import TYPE_CHECKING, Any

from pulpo_base.project.definition import Project, place_in_project
from pulpo_base.project.errors import ProjectError

if TYPE_CHECKING:
    from types import ModuleType

    from polyfactory.factories.base import BaseFactory

__all__ = ["own_factories"]

_MODULE = "factories"


def own_factories(
    project: Project, documents: Iterable[type[Any]]
) -> dict[type[Any], type[BaseFactory[Any]]]:
    """Return the project's polyfactory classes by document; no file is none.

    The project's code must be importable by now. Raises `ProjectError` for a file that is not.
    """
    from polyfactory.factories.base import BaseFactory

    known = set(documents)
    found: dict[type[Any], type[BaseFactory[Any]]] = {}
    for module in _modules(project):
        for value in vars(module).values():
            if isinstance(value, type) and issubclass(value, BaseFactory):
                model = getattr(value, "__model__", None)
                if model in known and value.__module__ == module.__name__:
                    found[model] = value
    return found


def _modules(project: Project) -> Iterable[ModuleType]:
    if not any((project.root / name).exists() for name in (f"{_MODULE}.py", _MODULE)):
        return
    try:
        top = importlib.import_module(_MODULE)
        yield top
        for one in pkgutil.iter_modules(getattr(top, "__path__", ())):
            yield importlib.import_module(f"{_MODULE}.{one.name}")
    except Exception as error:
        place = place_in_project(error, project.root)
        raise ProjectError(
            f"{place or _MODULE} cannot be imported: {type(error).__name__}: {error}",
            hint="mend it, or add --debug before the command to see the whole traceback",
        ) from error
