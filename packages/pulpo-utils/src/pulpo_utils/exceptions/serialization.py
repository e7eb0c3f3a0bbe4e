"""Exceptions as JSON-ready data and back, without ever importing or calling what the data names."""

from __future__ import annotations

from pulpo_utils.exceptions.base import PulpoException
from pulpo_utils.redaction import mask_text, to_jsonable

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping
    from typing import Any

__all__ = ["ForeignError", "error_from_dict", "error_to_dict"]

_MAX_CAUSES = 32


class ForeignError(Exception):
    """Stands in for an exception whose class this process does not have or cannot rebuild."""

    __module__ = "pulpo_utils.exceptions"

    def __init__(self, type_name: str, message: str) -> None:
        super().__init__(type_name, message)
        self.type_name = type_name
        self.message = message

    def __str__(self) -> str:
        return f"{self.type_name}: {self.message}"


def error_to_dict(error: BaseException) -> dict[str, Any]:
    """Any exception as JSON-ready data; secrets are masked."""
    return _to_dict(error, set())


def error_from_dict(data: Mapping[str, Any]) -> BaseException:
    """Return the exception that `error_to_dict` described.

    Subclasses of `PulpoException` that are loaded, built-in exceptions and exception groups come
    back as what they were, everything else as `ForeignError`.
    """
    return _from_dict(data, _MAX_CAUSES)


def type_name(cls: type) -> str:
    """How a class is called in the data."""
    return f"{cls.__module__}.{cls.__qualname__}"


def _to_dict(error: BaseException, seen: set[int]) -> dict[str, Any]:
    seen.add(id(error))
    data: dict[str, Any] = {"type": type_name(type(error))}
    if isinstance(error, ForeignError):
        data |= {"type": error.type_name, "message": mask_text(error.message)}
    elif isinstance(error, PulpoException):
        data |= _pulpo_facts(error)
    elif isinstance(error, BaseExceptionGroup):
        members = [_to_dict(member, seen) for member in error.exceptions if id(member) not in seen]
        data |= {"message": mask_text(error.message), "exceptions": members}
    else:
        data |= {"message": mask_text(str(error)), "args": to_jsonable(list(error.args))}
    notes = getattr(error, "__notes__", None)
    if notes:
        data["notes"] = [mask_text(str(note)) for note in notes]
    cause = error.__cause__
    if cause is not None and id(cause) not in seen and len(seen) < _MAX_CAUSES:
        data["cause"] = _to_dict(cause, seen)
    return data


def _pulpo_facts(error: PulpoException) -> dict[str, Any]:
    facts: dict[str, Any] = {
        "code": error.code,
        "category": error.category,
        "retryable": error.retryable,
        "message": mask_text(error.message),
        "details": to_jsonable(dict(error.details)),
    }
    if "public" in error.__dict__:
        facts["public"] = error.public
    if error.hint is not None:
        facts["hint"] = error.hint
    if error.retry_after is not None:
        facts["retry_after"] = error.retry_after
    return facts


def _from_dict(data: Any, depth: int) -> BaseException:
    _check_shape(data)
    error = _rebuild(data["type"], data.get("message", ""), data, depth)
    for note in data.get("notes", ()):
        error.add_note(str(note))
    cause = data.get("cause")
    if cause is not None and depth > 0:
        error.__cause__ = _from_dict(cause, depth - 1)
    return error


def _check_shape(data: Any) -> None:
    """Raise `ValueError` for data that no exception has; it may come from anywhere."""
    if not isinstance(data, dict) or not isinstance(data.get("type"), str):
        raise ValueError(  # noqa: TRY004 - the data is wrong, not its type
            f"an exception's data is an object with the text 'type', not {data!r:.80}"
        )
    shapes = {"message": str, "details": dict, "notes": list, "args": list, "exceptions": list}
    for name, shape in shapes.items():
        if not isinstance(data.get(name, shape()), shape):
            raise ValueError(  # noqa: TRY004
                f"{name!r} of an exception's data must be of type {shape.__name__}"
            )


def _rebuild(name: str, message: str, data: Mapping[str, Any], depth: int) -> BaseException:
    known = _loaded(name)
    if known is not None:
        return _rebuild_pulpo(known, message, data)
    if "code" in data:
        raise ValueError(
            f"{name!r} is not a loaded subclass of PulpoException: import the module that "
            f"defines it before reading its data"
        )
    module, _, class_name = name.rpartition(".")
    builtin = _builtin_exception(class_name) if module == "builtins" else None
    if builtin is not None and "exceptions" in data and depth > 0:
        members = [_from_dict(member, depth - 1) for member in data["exceptions"]]
        if members and issubclass(builtin, BaseExceptionGroup):
            return BaseExceptionGroup(message, members)
    if builtin is not None:
        return _rebuild_builtin(builtin, name, message, data)
    return ForeignError(name, message)


def _loaded(name: str) -> type[PulpoException] | None:
    """Return the loaded subclass of `PulpoException` with this name; of several the latest."""
    pending: list[type[PulpoException]] = [PulpoException]
    found = None
    for cls in pending:
        if type_name(cls) == name and not cls._abstract:
            found = cls
        pending.extend(child for child in cls.__subclasses__() if child not in pending)
    return found


def _rebuild_pulpo(
    cls: type[PulpoException], message: str, data: Mapping[str, Any]
) -> PulpoException:
    # The subclass may have a constructor of its own, so the base's is called.
    error = cls.__new__(cls, message)
    PulpoException.__init__(
        error,
        message,
        data.get("details"),
        hint=data.get("hint"),
        retry_after=data.get("retry_after"),
    )
    if data.get("public") is False:
        error.__dict__["public"] = False
    return error


def _builtin_exception(name: str) -> type[BaseException] | None:
    import builtins

    found = getattr(builtins, name, None)
    return found if isinstance(found, type) and issubclass(found, BaseException) else None


def _rebuild_builtin(
    cls: type[BaseException], name: str, message: str, data: Mapping[str, Any]
) -> BaseException:
    try:
        error = cls(*data.get("args", [message]))
    except (TypeError, ValueError):  # built-ins whose arguments JSON cannot carry
        return ForeignError(name, message)
    return error if str(error) == message else ForeignError(name, message)
