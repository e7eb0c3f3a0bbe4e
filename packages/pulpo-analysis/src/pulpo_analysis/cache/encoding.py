"""Dataclasses as JSON and back, led by their annotations: no list of fields is kept by hand.

JSON because a cache may come along with somebody else's project: reading it must not be able to
do anything. Where the annotation says what a value is, it is written plainly; where it leaves
several possibilities, with its type before it.
"""

from __future__ import annotations

import json
import types
import typing
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field, fields, is_dataclass
from enum import Enum
from functools import cache
from operator import attrgetter
from typing import Any, Union

__all__ = ["Encoding", "encoding_of"]

Convert = Callable[[Any], Any]

_NO_ITEMS: tuple[Any, ...] = ()
_PLAIN = (str, int, bool, float, type(None))


@dataclass(frozen=True, slots=True)
class _Codec:
    """How the values of one annotation are written and read; `None` for: as they are."""

    encode: Convert | None = None
    decode: Convert | None = None
    #: What an empty list stands for.
    empty: Any = ()


_AS_IT_IS = _Codec()


@dataclass(slots=True)
class _Memory:
    """The objects of one text that may stand in it twice, in the order of their first end."""

    places: dict[int, int] = field(default_factory=dict)
    objects: list[Any] = field(default_factory=list)
    ended: int = 0

    def clear(self) -> None:
        self.ended = 0
        self.places.clear()
        self.objects.clear()


class Encoding:
    """Writes and reads the values of one dataclass."""

    def __init__(self, root: type) -> None:
        """Learn from the annotations of `root`, and of the dataclasses that they lead to."""
        self._codecs: dict[Any, _Codec] = {}
        self._tags: dict[type, str] = {}
        self._tagged: dict[str, _Codec] = {}
        self._shapes: dict[str, list[tuple[str, str]]] = {}
        #: Types that stand in a union: an object met again is one object again.
        self._shared: set[type] = set()
        self._memory = _Memory()
        self._root = self._codec(root)

    @property
    def shape(self) -> str:
        """The structure of every type, as text: whatever changes in one changes it."""
        return repr(sorted(self._shapes.items()))

    def encode(self, value: object) -> bytes:
        """Return a value as JSON. Raises `TypeError` where it is not what annotations say."""
        self._memory.clear()
        plain = self._root.encode(value) if self._root.encode else value
        return json.dumps(plain, separators=(",", ":"), ensure_ascii=False).encode()

    def decode(self, data: bytes) -> Any:
        """Return what `encode` wrote. Raises `ValueError` for text of another shape."""
        self._memory.clear()
        try:
            plain = json.loads(data)
            return self._root.decode(plain) if self._root.decode else plain
        except (TypeError, LookupError, AttributeError, RecursionError) as error:
            raise ValueError("not what was written") from error

    def _codec(self, annotation: Any) -> _Codec:
        if annotation not in self._codecs:
            made = self._record(annotation) if _names(annotation) else self._made(annotation)
            self._codecs[annotation] = made
        return self._codecs[annotation]

    def _made(self, annotation: Any) -> _Codec:
        origin, args = typing.get_origin(annotation), typing.get_args(annotation)
        if annotation in _PLAIN or origin is typing.Literal:
            return _AS_IT_IS
        if origin in {Union, types.UnionType}:
            return self._union(args)
        if origin is tuple and args[-1:] == (Ellipsis,):
            return self._items(args[0], tuple)
        if origin is tuple:
            return self._fixed([self._codec(part) for part in args])
        if origin is frozenset:
            return self._items(args[0], frozenset)
        if origin is dict and args[0] is str:
            return self._mapping(self._codec(args[1]))
        if isinstance(annotation, type) and issubclass(annotation, Enum):
            by_name = {member.name: member for member in annotation}
            self._shapes[_name(annotation)] = [(m.name, repr(m.value)) for m in annotation]
            return _Codec(lambda member: member.name, by_name.__getitem__)
        return _Codec(self._encode_any, self._decode_any)

    def _union(self, args: tuple[Any, ...]) -> _Codec:
        kinds = [part for part in args if part is not type(None)]
        if all(kind in _PLAIN for kind in kinds):
            return _AS_IT_IS
        if len(kinds) > 1:
            for kind in kinds:
                self._codec(kind)
                self._shared.add(kind)
            return _Codec(self._encode_any, self._decode_any)
        inner = self._codec(kinds[0])
        encode, decode = inner.encode, inner.decode
        return _Codec(
            encode and (lambda value: None if value is None else encode(value)),
            decode and (lambda plain: None if plain is None else decode(plain)),
        )

    def _items(self, annotation: Any, kind: Callable[[Any], Any]) -> _Codec:
        inner = self._codec(annotation)
        encode, decode = inner.encode, inner.decode
        ordered: Convert = sorted if kind is frozenset else list
        return _Codec(
            (lambda value: [*map(encode, ordered(value))]) if encode else ordered,
            (lambda plain: kind(map(decode, plain))) if decode else kind,
            kind(()),
        )

    @staticmethod
    def _fixed(parts: list[_Codec]) -> _Codec:
        def encode(value: tuple[Any, ...]) -> list[Any]:
            pairs = zip(parts, value, strict=True)
            return [part.encode(item) if part.encode else item for part, item in pairs]

        def decode(plain: list[Any]) -> tuple[Any, ...]:
            pairs = zip(parts, plain, strict=True)
            return tuple([part.decode(item) if part.decode else item for part, item in pairs])

        return _Codec(encode, decode)

    @staticmethod
    def _mapping(inner: _Codec) -> _Codec:
        encode, decode = inner.encode, inner.decode
        return _Codec(
            encode and (lambda value: {name: encode(item) for name, item in value.items()}),
            decode and (lambda plain: {name: decode(item) for name, item in plain.items()}),
        )

    def _record(self, kind: type) -> _Codec:
        names = _names(kind)
        writers: list[tuple[int, Convert]] = []
        readers: list[tuple[int, Convert, Any]] = []
        encode = _writer(kind, writers, self._memory, self._shared)
        decode = _reader(kind, readers, self._memory, self._shared)
        # Known before its fields are: a dataclass may hold itself.
        made = self._codecs[kind] = self._tagged[str(len(self._tags))] = _Codec(encode, decode)
        self._tags[kind] = str(len(self._tags))
        annotations = typing.get_type_hints(kind)
        self._shapes[_name(kind)] = [(name, str(annotations[name])) for name in names]
        for at, name in enumerate(names):
            codec = self._codec(annotations[name])
            if codec.encode is not None:
                writers.append((at, codec.encode))
            if codec.decode is not None:
                readers.append((at, codec.decode, codec.empty))
        return made

    def _encode_any(self, value: Any) -> Any:
        kind = type(value)
        if kind in _PLAIN:
            return value
        if kind is bytes:
            return ["bytes", value.hex()]
        if kind is complex:
            return ["complex", value.real, value.imag]
        if value is Ellipsis:
            return ["..."]
        if kind is tuple or kind is list:
            return [kind.__name__, *map(self._encode_any, value)]
        if kind is dict:
            return ["dict", *(self._encode_any(part) for item in value.items() for part in item)]
        if id(value) in self._memory.places:
            return ["again", self._memory.places[id(value)]]
        encode = self._tagged[self._tags[kind]].encode if kind in self._tags else None
        if encode is None:
            raise TypeError(f"{kind.__qualname__} cannot be kept")
        return [self._tags[kind], encode(value)]

    def _decode_any(self, plain: Any) -> Any:
        if type(plain) is not list:
            return plain
        match plain:
            case ["bytes", text]:
                return bytes.fromhex(text)
            case ["complex", real, imag]:
                return complex(real, imag)
            case ["..."]:
                return Ellipsis
            case ["tuple", *items]:
                return tuple(map(self._decode_any, items))
            case ["list", *items]:
                return list(map(self._decode_any, items))
            case ["dict", *items]:
                parts = iter(map(self._decode_any, items))
                return dict(zip(parts, parts, strict=True))
            case ["again", place]:
                return self._memory.objects[place]
        tag, parts = plain
        decode = self._tagged[tag].decode
        return decode(parts) if decode else parts


def encoding_of(root: type) -> Encoding:
    """Return the encoding of a dataclass: what annotations say is learnt once."""
    return _learnt(root)


_learnt = cache(Encoding)


def _writer(
    kind: type, writers: list[tuple[int, Convert]], memory: _Memory, shared: set[type]
) -> Convert:
    values = _values(kind)

    def encode(value: Any) -> list[Any]:
        if type(value) is not kind:
            raise TypeError(f"{type(value).__name__} stands where {kind.__name__} belongs")
        parts = [*values(value)]
        for at, write in writers:
            part = parts[at]
            # Nothing, and no items, are themselves to JSON: most fields are that.
            if part is not None and part is not _NO_ITEMS:
                parts[at] = write(part)
        if kind in shared:
            memory.places[id(value)] = memory.ended
            memory.ended += 1
        return parts

    return encode


def _values(kind: type) -> Callable[[Any], Iterable[Any]]:
    """Return what gives the fields of an instance, in their order."""
    names = _names(kind)
    if len(names) > 1:
        return attrgetter(*names)
    return lambda value: [getattr(value, name) for name in names]


def _reader(
    kind: type, readers: list[tuple[int, Convert, Any]], memory: _Memory, shared: set[type]
) -> Convert:
    count = len(_names(kind))

    def decode(plain: list[Any]) -> Any:
        if len(plain) != count:
            raise ValueError(f"{kind.__name__} has {count} fields")
        for at, read, empty in readers:
            part = plain[at]
            if part:
                plain[at] = read(part)
            elif type(part) is list:
                plain[at] = empty
        value = kind(*plain)
        if kind in shared:
            memory.objects.append(value)
        return value

    return decode


def _names(kind: Any) -> tuple[str, ...]:
    """Return the fields of a dataclass or a named tuple, none for other annotations."""
    if not isinstance(kind, type):
        return ()
    if issubclass(kind, tuple):
        names: tuple[str, ...] = getattr(kind, "_fields", ())
        return names
    return tuple(one.name for one in fields(kind)) if is_dataclass(kind) else ()


def _name(kind: type) -> str:
    return f"{kind.__module__}.{kind.__qualname__}"
