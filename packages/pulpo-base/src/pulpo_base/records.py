"""`dataclass`: what `dataclasses.dataclass` makes of a class, for a third of its import time.

The standard decorator writes each method of each class as source and compiles it, every time a
process starts: close to a millisecond for a frozen class. A command that ends within a tenth of a
second cannot pay that for seventy classes. Here `__init__` alone is compiled; the rest are
closures. The result is a dataclass to everybody: `fields`, `replace`, `copy`, pickle, pydantic.
"""

from __future__ import annotations

from dataclasses import field, replace
from typing import TYPE_CHECKING

__all__ = ["dataclass", "field", "replace"]

if TYPE_CHECKING:
    from dataclasses import dataclass
else:
    import dataclasses
    from operator import attrgetter

    _MISSING = dataclasses.MISSING

    def dataclass(*, frozen=False, slots=False, order=False):
        """Return a decorator that makes a dataclass of a class, as the standard one does.

        Inheritance between frozen and other classes, `kw_only` and `InitVar` are not known here:
        use the standard decorator for those.
        """

        def decorate(cls):
            if not cls.__doc__:
                cls.__doc__ = cls.__name__  # the standard decorator would work out a signature
            own = {name for name in ("__repr__", "__eq__", "__hash__") if name in cls.__dict__}
            made = dataclasses.dataclass(init=False, repr=False, eq=False, slots=slots)(cls)
            fields = dataclasses.fields(made)
            made.__init__ = _init(made, fields, frozen=frozen, slots=slots)
            if "__repr__" not in own:
                made.__repr__ = _repr(fields)
            values = _values(fields)
            if "__eq__" not in own:
                made.__eq__ = _compared(values, tuple.__eq__)
                made.__hash__ = _hash(values) if frozen else None
            if order:
                for name in ("__lt__", "__le__", "__gt__", "__ge__"):
                    setattr(made, name, _compared(values, getattr(tuple, name)))
            if frozen:
                made.__setattr__, made.__delattr__ = _refuse_set, _refuse_delete
                if slots:
                    made.__getstate__, made.__setstate__ = _getstate, _setstate
            made.__dataclass_params__ = dataclasses._DataclassParams(
                init=True, repr=True, eq=True, order=order, unsafe_hash=False, frozen=frozen
            )
            return made

        return decorate

    def _init(cls, fields, *, frozen, slots):
        """Return `__init__`, the one method that is written as source and compiled.

        A slot of a frozen class is set by its descriptor, which asks `__setattr__` nothing.
        """
        scope = {"_missing": _MISSING, "_set": object.__setattr__}
        parameters, body = [], []
        for one in fields:
            given = one.name
            if one.default_factory is not _MISSING:
                scope[f"_make_{one.name}"] = one.default_factory
                given = f"_make_{one.name}() if {one.name} is _missing else {one.name}"
                default = "=_missing" if one.init else ""
                given = given if one.init else f"_make_{one.name}()"
            elif one.default is not _MISSING:
                scope[f"_default_{one.name}"] = one.default
                default = f"=_default_{one.name}"
                given = given if one.init else f"_default_{one.name}"
            else:
                default = ""
            if one.init:
                parameters.append(f"{one.name}{default}")
            elif not default and one.default_factory is _MISSING:
                continue  # somebody else sets it
            if frozen and slots:
                scope[f"_set_{one.name}"] = getattr(cls, one.name).__set__
                body.append(f"_set_{one.name}(self, {given})")
            elif frozen:
                body.append(f"_set(self, {one.name!r}, {given})")
            else:
                body.append(f"self.{one.name} = {given}")
        if hasattr(cls, "__post_init__"):
            body.append("self.__post_init__()")
        lines = "\n ".join(body or ["pass"])
        exec(f"def __init__({', '.join(['self', *parameters])}):\n {lines}", scope)  # noqa: S102
        init = scope["__init__"]
        init.__qualname__ = f"{cls.__qualname__}.__init__"
        init.__annotations__ = {one.name: one.type for one in fields if one.init}
        return init

    def _values(fields):
        names = [one.name for one in fields if one.compare]
        if len(names) == 1:
            only = attrgetter(names[0])
            return lambda self: (only(self),)
        return attrgetter(*names) if names else lambda _self: ()

    def _compared(values, compare):
        def method(self, other):
            if other.__class__ is not self.__class__:
                return NotImplemented
            return compare(values(self), values(other))

        return method

    def _hash(values):
        return lambda self: hash(values(self))

    def _repr(fields):
        names = [one.name for one in fields if one.repr]

        def method(self):
            inside = ", ".join(f"{name}={getattr(self, name)!r}" for name in names)
            return f"{self.__class__.__qualname__}({inside})"

        return method

    def _refuse_set(_self, name, _value):
        raise dataclasses.FrozenInstanceError(f"cannot assign to field {name!r}")

    def _refuse_delete(_self, name):
        raise dataclasses.FrozenInstanceError(f"cannot delete field {name!r}")

    def _getstate(self):
        return [getattr(self, one.name) for one in dataclasses.fields(self)]

    def _setstate(self, state):
        for one, value in zip(dataclasses.fields(self), state, strict=True):
            object.__setattr__(self, one.name, value)
