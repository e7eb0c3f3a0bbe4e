"""What is known of one function: what it does to models, what it raises and what it returns."""

from __future__ import annotations

from dataclasses import dataclass, field

from pulpo_analysis.discovery.bodies.documents import EffectKind
from pulpo_analysis.discovery.bodies.values import DATA, Value
from pulpo_base.specs import SourceLocation

__all__ = ["Effect", "Raised", "Summary", "class_parameter", "parameter_class"]

_CLASS_OF = "$"


@dataclass(frozen=True, slots=True)
class Effect:
    """What is done to documents of the class `model`.

    `parameter` names the parameter whose document is changed: what that means depends on the
    caller's document, which may be new. A `model` made by `parameter_class` is the class of
    whatever is given for a parameter.
    """

    kind: EffectKind
    model: str
    parameter: str = ""


@dataclass(frozen=True, slots=True)
class Raised:
    """An exception's importable class name; `status` where the statement itself gives one."""

    exception: str
    status: str = ""


@dataclass(slots=True)
class Summary:
    """What one function does, the project's functions that it calls included.

    Each effect and exception has the place where it is first done. `touched` are the importable
    names of classes that are mentioned, `attributes` what `__init__` gives `self`. `complete` is
    false where something is called that may do anything.
    """

    effects: dict[Effect, SourceLocation] = field(default_factory=dict)
    raises: dict[Raised, SourceLocation] = field(default_factory=dict)
    returns: Value = DATA
    attributes: dict[str, Value] = field(default_factory=dict)
    touched: set[str] = field(default_factory=set)
    complete: bool = True


def parameter_class(name: str) -> str:
    """Return what stands for the class of whatever is given for a parameter."""
    return _CLASS_OF + name


def class_parameter(model: str) -> str:
    """Return the parameter that a class is given by, empty for a class that is known."""
    return model.removeprefix(_CLASS_OF) if model.startswith(_CLASS_OF) else ""
