"""`handle_errors`: turn exceptions of one kind into another, with the cause kept."""

from __future__ import annotations

from pulpo_utils.exceptions.base import PulpoException
from pulpo_utils.redaction import RedactedDict

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable
    from types import TracebackType
    from typing import Any, ParamSpec, Self, TypeVar

    P = ParamSpec("P")
    T = TypeVar("T")

__all__ = ["handle_errors"]

_MESSAGE_PARAMETERS = ("message", "msg", "detail", "reason")


class handle_errors:  # noqa: N801 - used as a statement and as a decorator
    """Convert exceptions of `types` to `reraise_as`: a context manager and decorator.

    Works with `with`, `async with`, and on sync and async functions. `types` left out means every
    `Exception`. The new exception gets `message` (by default that of the old one), `details`, and
    the old one as its `__cause__`. `reraise_as` may be any exception class: details go to its
    constructor where that has parameters of their names (`status_code=404` for an
    `HTTPException`), otherwise into a note. A `PulpoException` that is a `reraise_as` already
    keeps its type. Without `reraise_as`, the exception is raised again with the details added;
    nothing is ever swallowed.

    A message that is taken from a foreign exception may quote input: problem details show the
    title of the new exception instead. Give `message` to tell clients more.

    >>> with handle_errors(ValueError, reraise_as=ValidationError, field="age"):
    ...     int("x")
    Traceback (most recent call last):
    pulpo_utils.exceptions.ValidationError: invalid literal for int() with base 10: 'x'
    """

    def __init__(
        self,
        *types: type[BaseException],
        reraise_as: type[BaseException] | None = None,
        message: str | None = None,
        **details: Any,
    ) -> None:
        for given in types:
            if not _is_exception_class(given):
                raise TypeError(
                    f"handle_errors takes exception classes, not {given!r}: "
                    f"write @handle_errors(ValueError, reraise_as=...)"
                )
        if reraise_as is not None and not _is_exception_class(reraise_as):
            raise TypeError(f"reraise_as must be an exception class, not {reraise_as!r}")
        if isinstance(reraise_as, type) and getattr(reraise_as, "_abstract", False):
            raise TypeError(
                f"reraise_as={reraise_as.__name__} is abstract: choose a concrete class"
            )
        self._types = types or (Exception,)
        self._reraise_as = reraise_as
        self._message = message
        self._details = details

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        exc_type: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        if error is None or not isinstance(error, self._types):
            return
        converted = self._converted(error)
        if converted is not error:
            raise converted from error

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(
        self,
        exc_type: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        self.__exit__(exc_type, error, traceback)

    def __call__(self, function: Callable[P, T]) -> Callable[P, T]:
        """Decorate a sync or async function."""
        from pulpo_utils._functions import refuse_generator, wraps_async

        refuse_generator(function, "handle_errors", "with handle_errors(...) inside it")
        if wraps_async(function):
            return self._around_async(function)
        from functools import wraps

        @wraps(function)
        def converted(*args: P.args, **kwargs: P.kwargs) -> T:
            try:
                return function(*args, **kwargs)
            except self._types as error:
                new = self._converted(error)
                if new is error:
                    raise
                raise new from error

        return converted

    def _around_async(self, function: Callable[P, Any]) -> Callable[P, Any]:
        from functools import wraps

        @wraps(function)
        async def converted(*args: P.args, **kwargs: P.kwargs) -> Any:
            with self:
                return await function(*args, **kwargs)

        return converted

    def _converted(self, error: BaseException) -> BaseException:
        target = self._reraise_as
        keeps_type = isinstance(error, PulpoException) and isinstance(error, target or Exception)
        if target is None or keeps_type:
            _add_details(error, self._details)
            return error
        if self._message is not None:
            return _construct(target, self._message, self._details)
        converted = _construct(target, _message_of(error), self._details)
        if isinstance(converted, PulpoException) and not isinstance(error, PulpoException):
            # Nobody wrote this text for clients of an API; it may quote their input.
            converted.__dict__["public"] = False
        return converted


def _is_exception_class(value: object) -> bool:
    return isinstance(value, type) and issubclass(value, BaseException)


def _message_of(error: BaseException) -> str:
    if isinstance(error, KeyError) and len(error.args) == 1:  # its str() is a bare repr
        return f"missing key {error.args[0]!r}"
    return str(error) or type(error).__name__


def _add_details(error: BaseException, details: dict[str, Any]) -> None:
    if not details:
        return
    if isinstance(error, PulpoException):
        for key, value in details.items():
            error.details.setdefault(key, value)
    else:
        error.add_note(f"details: {RedactedDict(details)!r}")


def _construct(cls: type[BaseException], message: str, details: dict[str, Any]) -> BaseException:
    """Return an instance of any exception class, whatever its constructor wants."""
    rest = dict(details)
    error = _called(cls, message, rest)
    if error is None:  # a constructor that needs what nobody has: leave it out
        error = cls.__new__(cls, message)
        error.args = (message,)
        if isinstance(error, PulpoException):
            PulpoException.__init__(error, message)
    _add_details(error, rest)
    return error


def _called(
    cls: type[BaseException], message: str, details: dict[str, Any]
) -> BaseException | None:
    """`cls` called with the message, and with those of `details` that it has parameters for.

    What was used is taken out of `details`. None if the class cannot be called like that.
    """
    if cls.__init__ is PulpoException.__init__:
        return cls(message)
    names = _parameters(cls)
    used = {name: details[name] for name in names if name in details}
    if "status_code" in names:  # an HTTP error without a status would break its handler
        used.setdefault("status_code", 500)
    slot = next((name for name in _MESSAGE_PARAMETERS if name in names), None)
    ways: list[tuple[tuple[str, ...], dict[str, Any]]] = [((message,), used), ((), used)]
    if slot is not None:
        ways.insert(0, ((), {slot: message, **used}))
    for positional, named in ways:
        try:
            error = cls(*positional, **named)
        except Exception:  # noqa: BLE001, S112 - a foreign constructor may raise anything
            continue
        for name in used:
            details.pop(name, None)
        return error
    return None


def _parameters(cls: type[BaseException]) -> list[str]:
    """Return the names that can be given to the constructor."""
    from inspect import Parameter, signature

    try:
        parameters = signature(cls).parameters.values()
    except (TypeError, ValueError):  # built-in classes have no signature
        return []
    kinds = (Parameter.POSITIONAL_OR_KEYWORD, Parameter.KEYWORD_ONLY)
    return [parameter.name for parameter in parameters if parameter.kind in kinds]
