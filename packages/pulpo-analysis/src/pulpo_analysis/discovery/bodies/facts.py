"""The facts of one function's body: what it binds, calls, returns and raises, unresolved.

Plain values in the order of the code. What says nothing of models and exceptions (numbers,
comparisons, texts) is left out; the names that are mentioned anywhere are kept.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import NamedTuple

from pulpo_analysis.discovery.expressions import Expression

__all__ = [
    "CHOSEN",
    "Attempt",
    "Bind",
    "BodyFact",
    "Branch",
    "Give",
    "Handler",
    "Raise",
    "Run",
    "Step",
    "Term",
    "TermKind",
    "Within",
]


#: The name of an item that is one of several, and not each of them in turn.
CHOSEN = "[]"


class TermKind(StrEnum):
    """The forms of expressions through which models and exceptions pass."""

    NAME = "name"
    """`name` is dotted."""
    ATTRIBUTE = "attribute"
    """`name` of `args[0]`, which is no name itself."""
    CALL = "call"
    """`args` are what is called and then each positional argument."""
    AWAIT = "await"
    ITEM = "item"
    """One element of `args[0]`: by subscript (`name` is `CHOSEN` then), or in a loop over it."""
    SEQUENCE = "sequence"
    """A tuple, list, set or mapping written out; `args` are its elements or values."""
    EACH = "each"
    """A collection whose elements are `args[0]`, as a comprehension makes it."""
    CHOICE = "choice"
    """One of `args`: `a or b`, `a if c else b`."""
    DATA = "data"
    """No model and no exception by itself; `args` are evaluated on the way."""
    UNKNOWN = "unknown"


class Term(NamedTuple):
    """One expression with its place. `tested`: only whether it is there or true matters.

    A named tuple, because a file has thousands and a dataclass costs several times as much.
    """

    kind: TermKind
    name: str = ""
    args: tuple[Term, ...] = ()
    keywords: tuple[tuple[str, Term], ...] = ()
    line: int = 1
    column: int = 1
    tested: bool = False


@dataclass(frozen=True, slots=True)
class Bind:
    """`target = value`: a name, an attribute of `self` (dotted), or a sequence of targets."""

    target: Term
    value: Term | None
    annotation: Expression | None = None


@dataclass(frozen=True, slots=True)
class Run:
    """An expression evaluated for what it does."""

    value: Term


@dataclass(frozen=True, slots=True)
class Give:
    """`return value` or `yield value`; only the first leaves the function."""

    value: Term
    leaves: bool = True
    each: bool = False


@dataclass(frozen=True, slots=True)
class Raise:
    """`raise value`; `None` for the bare statement, which raises again what was caught."""

    value: Term | None
    line: int
    column: int


@dataclass(frozen=True, slots=True)
class Branch:
    """Blocks of which any may run, or none where not `exhaustive`."""

    blocks: tuple[tuple[Step, ...], ...]
    exhaustive: bool = False


@dataclass(frozen=True, slots=True)
class Handler:
    """`except types as name:`; no types means every exception."""

    types: tuple[Term, ...]
    name: str
    body: tuple[Step, ...]


@dataclass(frozen=True, slots=True)
class Attempt:
    """A `try` statement."""

    body: tuple[Step, ...]
    handlers: tuple[Handler, ...]
    otherwise: tuple[Step, ...]
    finally_: tuple[Step, ...]


@dataclass(frozen=True, slots=True)
class Within:
    """`with context as target, …:`; `contexts` are pairs of both."""

    contexts: tuple[tuple[Term, Term | None], ...]
    body: tuple[Step, ...]


Step = Bind | Run | Give | Raise | Branch | Attempt | Within


@dataclass(frozen=True, slots=True)
class BodyFact:
    """What one function does.

    `mentions` are the dotted names that it reads, `tested` the local names that are read in
    conditions only. `whole` is false where an expression was too deep to be kept; a `stub` does
    nothing yet.
    """

    steps: tuple[Step, ...] = ()
    mentions: tuple[str, ...] = ()
    tested: tuple[str, ...] = ()
    whole: bool = True
    stub: bool = False
