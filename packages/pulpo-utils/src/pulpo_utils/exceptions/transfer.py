"""Pickling and copying that keep what the standard machinery drops or breaks on.

Python's own way calls the class with `args` again, which fails for constructors of another shape,
and forgets `__cause__`. Here an exception is rebuilt without its constructor, causes travel along,
and a part that cannot be pickled is replaced by its masked text instead of failing the whole.
"""

from __future__ import annotations

from pulpo_utils.exceptions.base import PulpoException
from pulpo_utils.exceptions.serialization import ForeignError, type_name
from pulpo_utils.redaction import mask_text

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any, TypeVar

    E = TypeVar("E", bound=PulpoException)

__all__ = ["copy_error", "deepcopy_error", "reduce_error"]

_MAX_CAUSES = 32


def reduce_error(error: PulpoException) -> tuple[Any, ...]:
    """Return the answer of `PulpoException.__reduce__`."""
    chain: list[tuple[bytes, str, str]] = []
    seen = {id(error)}
    link: BaseException = error
    while (cause := link.__cause__) is not None and id(cause) not in seen:
        if len(chain) == _MAX_CAUSES:
            break
        chain.append((_packed(cause), type_name(type(cause)), mask_text(str(cause))))
        seen.add(id(cause))
        link = cause
    return _restore, (*_parts(error), chain, error.__suppress_context__)


def _parts(error: PulpoException) -> tuple[type, tuple[Any, ...], dict[str, Any]]:
    own = {key: value for key, value in error.__dict__.items() if key != "details"}
    state = {key: _portable(value) for key, value in own.items()}
    details = {key: _portable(value) for key, value in error.details.items()}
    return type(error), tuple(_portable(arg) for arg in error.args), state | {"details": details}


def _packed(cause: BaseException) -> bytes:
    """`cause` alone as a pickle, without its own cause; empty if it cannot be pickled."""
    import pickle

    try:
        return pickle.dumps(_parts(cause) if isinstance(cause, PulpoException) else cause)
    except Exception:  # noqa: BLE001 - __reduce__ of any class may raise anything
        return b""


def _portable(value: Any) -> Any:
    """`value`, or its masked text where it cannot make the journey."""
    if value is None or isinstance(value, (str, int, float, bool)):
        return value
    import pickle

    try:
        pickle.loads(pickle.dumps(value))  # noqa: S301 - it was made in the same line
    except Exception:  # noqa: BLE001 - __reduce__ of any class may raise anything
        return mask_text(repr(value))
    return value


def _restore(
    cls: type[E],
    args: tuple[Any, ...],
    state: dict[str, Any],
    chain: list[tuple[bytes, str, str]],
    suppress_context: bool,
) -> E:
    """Return the inverse of `reduce_error`; pickles name this function."""
    error = _assembled(cls, args, state)
    link: BaseException = error
    for packed, name, text in chain:
        cause = _unpacked(packed, name, text)
        link.__cause__ = cause
        link = cause
    error.__suppress_context__ = suppress_context
    return error


def _unpacked(packed: bytes, name: str, text: str) -> BaseException:
    import pickle

    try:
        # Part of a pickle that the caller has chosen to load already.
        cause: Any = pickle.loads(packed)  # noqa: S301
    except Exception:  # noqa: BLE001 - a foreign constructor may raise anything
        return ForeignError(name, text)
    if isinstance(cause, tuple):
        rebuilt: BaseException = _assembled(*cause)
        return rebuilt
    return cause if isinstance(cause, BaseException) else ForeignError(name, text)


def _assembled(cls: type[E], args: tuple[Any, ...], state: dict[str, Any]) -> E:
    from pulpo_utils.redaction import RedactedDict

    error = cls.__new__(cls, *args)
    error.__dict__.update(state)
    error.details = RedactedDict(state["details"])
    return error


def copy_error(error: E) -> E:
    """Return a shallow copy with its own `details` and notes, and the same cause."""
    state = {key: _own(value) for key, value in error.__dict__.items()}
    return _with_origin(_assembled(type(error), error.args, state), error)


def deepcopy_error(error: E, memo: dict[int, Any]) -> E:
    """Return a copy with deeply copied details; the cause, something that happened, is shared."""
    from copy import Error, deepcopy

    def copied(value: Any) -> Any:
        try:
            return deepcopy(value, memo)
        except (TypeError, NotImplementedError, Error):  # locks, sockets and the like stay shared
            return value

    state = {key: copied(value) for key, value in error.__dict__.items() if key != "details"}
    state["details"] = {key: copied(value) for key, value in error.details.items()}
    duplicate = _with_origin(_assembled(type(error), error.args, state), error)
    memo[id(error)] = duplicate
    return duplicate


def _own(value: Any) -> Any:
    return value.copy() if isinstance(value, (list, dict)) else value


def _with_origin(duplicate: E, error: E) -> E:
    duplicate.__cause__ = error.__cause__
    duplicate.__context__ = error.__context__
    duplicate.__suppress_context__ = error.__suppress_context__
    return duplicate
