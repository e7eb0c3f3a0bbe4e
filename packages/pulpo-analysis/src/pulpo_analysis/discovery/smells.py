"""`Smell`: a place in user code that a lint rule wants to look at, as a plain value.

Readers collect smells without judging them: only the rules know which field is stored and which
function is an operation.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from pulpo_base.specs import SourceLocation

__all__ = ["IgnoreComment", "Smell", "SmellKind"]


class SmellKind(StrEnum):
    """What was seen; `subject` and `detail` of a `Smell` mean what is said here."""

    BACK_LINK = "back_link"
    """A field annotated with `BackLink`; `detail` is its `original_field`, `?` where unknown."""
    BLOCKING_CALL = "blocking_call"
    """A call of `subject` inside `async def`; `detail` is what to use instead."""
    BSON_ENCODERS = "bson_encoders"
    """A class attribute of that name; `subject` is the class around (importable name)."""
    COMPUTED_DEFAULT = "computed_default"
    """A field whose default calls `subject` when the class is made."""
    DEFERRED_TYPE = "deferred_type"
    """A field whose annotation has the name `subject`, imported for type checkers only."""
    LEFT_OUT_NULLS = "left_out_nulls"
    """`keep_nulls = False` in a class; `subject` is the class (importable name)."""
    LOOSE_INDEX = "loose_index"
    """An `Indexed(…)` inside another type; `detail` is `unique` where it says so."""
    NAIVE_NOW = "naive_now"
    """The naive `subject` is called, or (`detail` is `factory`) given as a default factory."""
    PLAIN_CLASS = "plain_class"
    """The class `subject` (importable name) has no base and no decorator."""
    PLAIN_DECIMAL = "plain_decimal"
    """`Decimal` in the annotation of a field."""
    REBUILT = "rebuilt"
    """The name `subject`, in a file that calls `model_rebuild()`."""
    SHARED_DEFAULT = "shared_default"
    """A mutable default of the parameter or (`detail` is `attribute`) class attribute `subject`."""
    TEXT_ARGUMENT = "text_argument"
    """The text `subject` in a list that is the argument `detail` of a decorator."""
    UNIQUE_INDEX = "unique_index"
    """An `Indexed(unique=True)`; `detail` is `partial` or `sparse` where it leaves some out."""
    UNIQUE_EXTRA = "unique_extra"
    """A field whose `Field(…)` says `unique` or `index`, which nobody reads."""


@dataclass(frozen=True, slots=True)
class Smell:
    """One place, from `start` up to `end` (its column excluded).

    `scope` is the qualified name of the class or function around it, empty at the top level.
    `owner` is where the field, function or class that it belongs to is declared.
    """

    kind: SmellKind
    subject: str
    start: SourceLocation
    end: SourceLocation
    scope: str = ""
    detail: str = ""
    owner: SourceLocation | None = None


@dataclass(frozen=True, slots=True)
class IgnoreComment:
    """`# pulpo: ignore[CODE, CODE] reason`, in force from line `first` to line `last`.

    `start` and `end` are the comment's own place; `code_end` is the column at which what stands
    before it ends, 1 where that is nothing.
    """

    codes: tuple[str, ...]
    reason: str
    start: SourceLocation
    end: SourceLocation
    first: int
    last: int
    code_end: int = 1
