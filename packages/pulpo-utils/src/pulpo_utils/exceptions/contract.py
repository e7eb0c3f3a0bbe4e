"""The contract that an exception class carries, and the rule that a code names one class only."""

from __future__ import annotations

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any, Final

__all__ = ["FIELDS", "check_contract", "claim_code"]

FIELDS: Final = (
    "code",
    "title",
    "category",
    "http_status",
    "retryable",
    "exit_code",
    "log_level",
    "public",
)
_MIN_STATUS, _MAX_STATUS = 400, 599
_MAX_EXIT_CODE = 255

_owners: dict[str, type] = {}


def claim_code(code: str, owner: type) -> None:
    """Make `owner` the class of `code`; `TypeError` if another class has it already.

    A class that is defined again under the same name (a reloaded module, a notebook cell that is
    run twice) takes over from its former self.
    """
    current = _owners.get(code)
    if current is not None and _name(current) != _name(owner):
        raise TypeError(
            f"{_name(owner)} declares the code {code!r}, which {_name(current)} has already: "
            f"codes are permanent and name one class; choose another, or leave it out to inherit "
            f"the code of the base class"
        )
    _owners[code] = owner


def check_contract(owner: type, declared: dict[str, Any]) -> None:
    """Raise `TypeError` for a value in `declared` that the contract cannot mean."""
    for field, value in declared.items():
        problem = _problem_with(field, value)
        if problem:
            raise TypeError(f"{_name(owner)}.{field} = {value!r}: {problem}")


def _problem_with(field: str, value: Any) -> str | None:
    if field in {"retryable", "public"}:
        return None if isinstance(value, bool) else "must be True or False"
    if field in {"code", "title", "category"}:
        return _problem_with_text(field, value)
    if not isinstance(value, int) or isinstance(value, bool):
        return "must be a whole number"
    if field == "http_status" and not _MIN_STATUS <= value <= _MAX_STATUS:
        return f"an error's HTTP status is between {_MIN_STATUS} and {_MAX_STATUS}"
    if field == "exit_code" and not 1 <= value <= _MAX_EXIT_CODE:
        return f"a failing command's exit code is between 1 and {_MAX_EXIT_CODE}"
    return None


def _problem_with_text(field: str, value: Any) -> str | None:
    if not isinstance(value, str) or not value:
        return "must be a text"
    plain = value.replace("_", "a")
    if field == "code" and not (plain.isascii() and plain.isalnum() and value == value.lower()):
        return "a code is made of lower-case letters, digits and underscores"
    return None


def _name(cls: type) -> str:
    return f"{cls.__module__}.{cls.__qualname__}"
