"""Exception classes: what catches which, and the contract that each carries."""

from __future__ import annotations

import builtins
import re
from dataclasses import dataclass, field
from typing import Any

from pulpo_analysis.discovery.bodies.facts import Term, TermKind
from pulpo_analysis.discovery.bodies.project import Project
from pulpo_analysis.discovery.constants import UnknownValueError, constant

__all__ = ["HTTP_EXCEPTION", "Exceptions", "canonical", "status_of"]

HTTP_EXCEPTION = "fastapi.HTTPException"
_HTTP_NAMES = frozenset(
    {HTTP_EXCEPTION, "fastapi.exceptions.HTTPException", "starlette.exceptions.HTTPException"}
)
_OURS = "pulpo_utils.exceptions"
_EVERY = frozenset({"builtins.Exception", "builtins.BaseException"})
_BROAD = _EVERY | {f"{_OURS}.PulpoException"}


def canonical(name: str) -> str:
    """Return the name by which a library's exception is known, however it was imported."""
    if name in _HTTP_NAMES:
        return HTTP_EXCEPTION
    if name.startswith("pulpo_utils."):
        return f"{_OURS}.{name.rpartition('.')[2]}"
    return name


def _status_of_name(name: str) -> str:
    """Return the status in `fastapi.status.HTTP_404_NOT_FOUND` or `http.HTTPStatus.NOT_FOUND`."""
    last = name.rpartition(".")[2]
    found = re.match(r"HTTP_([45]\d\d)_", last)
    if found:
        return found[1]
    if name.startswith("http.HTTPStatus."):
        from http import HTTPStatus

        if last in HTTPStatus.__members__:
            return str(HTTPStatus[last].value)
    return ""


@dataclass(slots=True)
class Exceptions:
    """Answers about the exception classes of one project."""

    project: Project
    _ancestors: dict[str, frozenset[str]] = field(default_factory=dict)

    def ancestors(self, name: str) -> frozenset[str]:
        """Return the names of an exception class and of all that catch it."""
        if name not in self._ancestors:
            lineage = self.project.known.lineage(name)
            found = {canonical(part) for part in lineage}
            for part in tuple(found):
                found |= _of_library(part)
            self._ancestors[name] = frozenset(found)
        return self._ancestors[name]

    def named(self, name: str) -> str:
        """Return the name by which an exception class is known, however it was imported."""
        return name if self.project.known.located(name) else canonical(name)

    def is_broad(self, name: str) -> bool:
        """Whether a handler of that class says nothing of what it catches."""
        return name in _BROAD

    def is_exception(self, name: str) -> bool:
        """Whether the class can be raised, as far as that can be known."""
        found = self.ancestors(name)
        return bool(_EVERY & found) or self.project.known.located(name) is None

    def contract(self, name: str) -> tuple[str | None, int | None]:
        """Return the code and the HTTP status of a class, `None` for what it does not say."""
        cls = self.project.known.located(name)
        if cls is None:
            ours = _our_class(canonical(name))
            return (ours.code, ours.http_status) if ours else (None, None)
        parents = [parent for part in self.ancestor_roots(name) if (parent := _our_class(part))]
        if not parents:
            return None, None
        # The marker lets the other bases speak, as the class itself does.
        spoken = [parent for parent in parents if parent.__name__ != "RetryableError"] or parents
        code = self._declared(name, "code") or spoken[0].code
        status = self._declared(name, "http_status") or spoken[0].http_status
        return code, status

    def ancestor_roots(self, name: str) -> tuple[str, ...]:
        """Return the libraries' classes that a class of the project derives from, in its order."""
        cls = self.project.known.located(name)
        if cls is None:
            return ()
        order = self.project.known.classes.order(cls)
        names = (base for ancestor in order for base in self.project.known.classes.bases(ancestor))
        return tuple(dict.fromkeys(canonical(base) for base in names))

    def made_by(self, name: str) -> str:
        """Return the exception class that a library's function returns, empty where unknown."""
        if not name.startswith("pulpo_utils."):
            return ""
        owner, _, method = name.rpartition(".")
        if owner.rpartition(".")[2] != "ExceptionFactory":
            return ""
        function = getattr(_our_class_named("ExceptionFactory"), method, None)
        annotation = getattr(function, "__annotations__", {}).get("return", "")
        return f"{_OURS}.{annotation}" if isinstance(annotation, str) and annotation else ""

    def _declared(self, name: str, attribute: str) -> Any:
        cls = self.project.known.located(name)
        found = self.project.known.classes.assign(cls, attribute) if cls else None
        if found is None or found[1].value is None:
            return None
        try:
            return constant(self.project.known.sources, found[0].module, found[1].value)
        except UnknownValueError:
            return None


def status_of(term: Term | None, value_names: tuple[str, ...]) -> str:
    """Return the HTTP status that an argument writes out, empty where it does not."""
    if term is None:
        return ""
    if term.kind is TermKind.DATA and term.name.isdecimal():
        return term.name
    return next((status for name in value_names if (status := _status_of_name(name))), "")


def _of_library(name: str) -> frozenset[str]:
    if name == HTTP_EXCEPTION:
        return _HTTP_NAMES | _EVERY
    ours = _our_class(name)
    module, _, last = name.rpartition(".")
    cls = ours or (getattr(builtins, last, None) if module == "builtins" else None)
    if isinstance(cls, type):
        names = {f"{parent.__module__}.{parent.__qualname__}" for parent in cls.__mro__}
        return frozenset(names - {"builtins.object"})
    return frozenset({name}) | _EVERY if last.endswith(("Error", "Exception")) else frozenset()


def _our_class(name: str) -> Any:
    """Return the class of `pulpo_utils` of that name, `None` for every other name."""
    module, _, last = name.rpartition(".")
    found = _our_class_named(last) if module == _OURS else None
    return found if hasattr(found, "http_status") else None


def _our_class_named(name: str) -> Any:
    # Imported when an exception of it is met: most projects' commands need none.
    from pulpo_utils import exceptions

    return getattr(exceptions, name, None)
