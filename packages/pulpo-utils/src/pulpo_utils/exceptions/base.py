"""`PulpoException`: the abstract base, and how a class gets its contract."""

from __future__ import annotations

from pulpo_utils._masked import RedactedDict, masked
from pulpo_utils.exceptions.contract import FIELDS, check_contract, claim_code

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping
    from typing import Any, ClassVar, Self

__all__ = ["PulpoException"]


class PulpoException(Exception):  # noqa: N818 - the name is part of the public design
    """Base of all exceptions with a contract. Abstract: raise a concrete subclass.

    `message` says what went wrong, where, and what to do; credentials in it are masked. `details`
    are facts for programs; they are kept as given and masked wherever they are printed or sent.
    `hint` is the next step for the person who reads a command's output. `retry_after` is the
    number of seconds after which another try makes sense.

    The class attributes are the contract. A subclass inherits it and may override any part; a
    `code` that another class has is a `TypeError` when the class is created, so is a value that
    makes no sense. `class MyBase(InternalError, abstract=True)` declares a base that cannot be
    raised.

    >>> class PaymentDeclined(ApplicationError):
    ...     code = "payment_declined"
    ...     http_status = 402
    >>> error = PaymentDeclined("The bank said no.").with_detail("card_token", "tok_1")
    >>> error
    PaymentDeclined('The bank said no.', details={'card_token': '***'})
    >>> error.http_status, error.exit_code, error.title
    (402, 1, 'Payment declined')
    """

    code: ClassVar[str] = "pulpo_error"
    """Stable name of the kind of error; programs decide by it."""
    title: ClassVar[str] = "Error"
    """Short summary of the kind of error, the same for all occurrences."""
    category: ClassVar[str] = "general"
    """`external_service`, `internal`, `user_input`, `operational` or `general`."""
    http_status: ClassVar[int] = 500
    retryable: ClassVar[bool] = False
    """Whether the same call may succeed later. Left undeclared, the cause decides."""
    exit_code: ClassVar[int] = 1
    """Exit code of a command that ends with this error (BSD sysexits where one fits)."""
    log_level: ClassVar[int] = 40
    """A level of the standard library's `logging`."""
    public: ClassVar[bool] = True
    """Whether a client of an API may read `message`; else it gets `title` only."""

    _abstract: ClassVar[bool] = True

    message: str
    details: dict[str, Any]
    hint: str | None = None
    retry_after: float | None = None

    def __new__(cls, *args: object, **_kwargs: object) -> Self:
        """Refuse abstract classes; in `__new__`, because subclasses may replace `__init__`."""
        if cls._abstract:
            raise TypeError(
                f"{cls.__name__} is abstract and cannot be raised: "
                f"raise {_alternatives(cls)} or a subclass of your own"
            )
        return super().__new__(cls, *args)

    def __init__(
        self,
        message: str,
        details: Mapping[str, Any] | None = None,
        *,
        hint: str | None = None,
        retry_after: float | None = None,
    ) -> None:
        self.message = masked(str(message))
        super().__init__(self.message)
        self.details = RedactedDict(details or ())
        if hint is not None:
            self.hint = masked(hint)
        if retry_after is not None:
            self.retry_after = float(retry_after)

    def __init_subclass__(cls, *, abstract: bool = False, **kwargs: Any) -> None:
        super().__init_subclass__(**kwargs)
        cls._abstract = abstract
        declared = {field: cls.__dict__[field] for field in FIELDS if field in cls.__dict__}
        check_contract(cls, declared)
        if "code" in declared:
            claim_code(cls.code, cls)
            if "title" not in declared:
                cls.title = cls.code.replace("_", " ").capitalize()

    def with_detail(self, key: str, value: Any) -> Self:
        """Add one detail and return the exception itself, so that calls can be chained."""
        self.details[key] = value
        return self

    def to_dict(self) -> dict[str, Any]:
        """Return JSON-ready data: type, contract, message, details, notes and cause.

        Secrets are masked, so what leaves the process cannot be unmasked again.
        """
        from pulpo_utils.exceptions.serialization import error_to_dict

        return error_to_dict(self)

    @classmethod
    def from_dict(cls, data: Mapping[str, Any]) -> Self:
        """Return the exception that `to_dict` described; never imports or calls what `data` names.

        Raises `ValueError` if `data` does not describe a loaded subclass of `cls`.
        """
        from pulpo_utils.exceptions.serialization import error_from_dict

        error = error_from_dict(data)
        if not isinstance(error, cls):
            raise ValueError(  # noqa: TRY004 - the data is wrong, not its type
                f"the data describes {type(error).__name__}, not {cls.__name__}"
            )
        return error

    def __str__(self) -> str:
        return self.message

    def __repr__(self) -> str:
        details = f", details={RedactedDict(self.details)!r}" if self.details else ""
        return f"{type(self).__name__}({masked(self.message)!r}{details})"

    def __reduce__(self) -> tuple[Any, ...]:
        from pulpo_utils.exceptions.transfer import reduce_error

        return reduce_error(self)

    def __copy__(self) -> Self:
        from pulpo_utils.exceptions.transfer import copy_error

        return copy_error(self)

    def __deepcopy__(self, memo: dict[int, Any]) -> Self:
        from pulpo_utils.exceptions.transfer import deepcopy_error

        return deepcopy_error(self, memo)


def _alternatives(cls: type[PulpoException]) -> str:
    """Return the concrete classes below an abstract one, as text."""
    names: list[str] = []
    pending = list(cls.__subclasses__())
    while pending:
        child = pending.pop(0)
        if not child._abstract and child.__name__ not in names:
            names.append(child.__name__)
        pending.extend(child.__subclasses__())
    return ", ".join(names[:10]) or "nothing of it"
