"""What all validators share: the result, the base class, and chains."""

from __future__ import annotations

from abc import ABC, abstractmethod
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from pulpo_utils.exceptions import ExceptionFactory

if TYPE_CHECKING:
    from collections.abc import Callable

__all__ = ["ValidationChain", "ValidationResult", "Validator"]


@dataclass(frozen=True, slots=True)
class ValidationResult:
    """The answer of a validator; true if the value is valid.

    `value` is the normalised value of a valid one and the value as given otherwise. `errors` are
    sentences for people, which do not quote the value; `codes` the same for programs.

    >>> result = ValidationResult.invalid("nope", "too_short", "must have 8 characters or more")
    >>> bool(result), result.errors, result.codes
    (False, ('must have 8 characters or more',), ('too_short',))
    """

    is_valid: bool
    value: Any
    errors: tuple[str, ...] = ()
    codes: tuple[str, ...] = ()

    def __bool__(self) -> bool:
        return self.is_valid

    @classmethod
    def valid(cls, value: Any) -> ValidationResult:
        """Return the result for a valid value, normalised."""
        return cls(True, value)

    @classmethod
    def invalid(cls, value: Any, code: str, error: str) -> ValidationResult:
        """Return the result for a value with one mistake."""
        return cls(False, value, (error,), (code,))

    def require(self, field: str = "value") -> Any:
        """Return the normalised value, or raise `ValidationError` for `field`."""
        if self.is_valid:
            return self.value
        reason = "; ".join(self.errors)
        raise ExceptionFactory.validation_failed(field, self.value, reason).with_detail(
            "codes", list(self.codes)
        )


class Validator(ABC):
    """Checks one value. Subclasses implement `validate`; the other forms follow from it.

    A validator can be called, chained with `&`, and put into `Annotated[str, ...]` for pydantic.
    """

    @abstractmethod
    def validate(self, value: Any) -> ValidationResult:
        """Check `value`, of any type; never raises for what it contains."""

    def __call__(self, value: Any) -> ValidationResult:
        """Check `value`; the same as `validate`."""
        return self.validate(value)

    def check(self, value: Any, *, field: str = "value") -> Any:
        """Return the normalised value, or raise `ValidationError` for `field`."""
        return self.validate(value).require(field)

    def __and__(self, other: Validator) -> ValidationChain:
        if not isinstance(other, Validator):
            return NotImplemented
        return ValidationChain(self, other)

    def json_schema(self) -> dict[str, Any]:
        """Return what JSON Schema can say of the rule."""
        return {}

    def __get_pydantic_core_schema__(
        self, source: Any, handler: Callable[[Any], Any]
    ) -> dict[str, Any]:
        """Let pydantic run this validator after those of the annotated type."""
        from pydantic_core import PydanticCustomError, core_schema

        def validated(value: Any) -> Any:
            result = self.validate(value)
            if result:
                return result.value
            # in braces, the message would be taken for a template
            message = "; ".join(result.errors).replace("{", "(").replace("}", ")")
            raise PydanticCustomError(result.codes[0], message)

        schema = core_schema.no_info_after_validator_function(validated, handler(source))
        return dict(schema)

    def __get_pydantic_json_schema__(
        self, schema: Any, handler: Callable[[Any], dict[str, Any]]
    ) -> dict[str, Any]:
        """Add `json_schema` to the schema of the annotated type."""
        return {**handler(schema), **self.json_schema()}


class ValidationChain(Validator):
    """Validators one after the other, each given what the one before made of the value.

    The first mistake ends the chain; with `collect=True` every validator has its say and all
    mistakes are reported.

    >>> from pulpo_utils.validators import LengthValidator
    >>> chain = LengthValidator(min_length=3) & LengthValidator(max_length=5)
    >>> [bool(chain.validate(text)) for text in ("ab", "abc", "abcdef")]
    [False, True, False]
    """

    def __init__(self, *validators: Validator, collect: bool = False) -> None:
        for validator in validators:
            if not isinstance(validator, Validator):
                raise TypeError(f"a chain is made of Validators, not {validator!r}")
        self._validators = validators
        self._collect = collect

    def validate(self, value: Any) -> ValidationResult:
        """Check `value` with each validator in turn."""
        current = value
        errors: tuple[str, ...] = ()
        codes: tuple[str, ...] = ()
        for validator in self._validators:
            result = validator.validate(current)
            if result:
                current = result.value
                continue
            errors, codes = errors + result.errors, codes + result.codes
            if not self._collect:
                break
        return ValidationResult(not errors, value if errors else current, errors, codes)

    def __and__(self, other: Validator) -> ValidationChain:
        if not isinstance(other, Validator):
            return NotImplemented
        return ValidationChain(*self._validators, other, collect=self._collect)

    def json_schema(self) -> dict[str, Any]:
        """Return the schemas of all members together."""
        schema: dict[str, Any] = {}
        for validator in self._validators:
            schema |= validator.json_schema()
        return schema
