"""The revision of a stored document: a strong entity tag (RFC 9110, 8.8.3) made of its bytes.

Nothing is stored for it, so whoever writes, Beanie or any other program, makes a new revision.
"""

from __future__ import annotations

from base64 import urlsafe_b64encode
from collections.abc import Iterator
from hashlib import blake2b
from typing import Any, get_args, get_origin

import bson
from beanie import Document
from bson.codec_options import CodecOptions
from pydantic import BaseModel, SecretBytes, SecretStr

from pulpo_base.api.shapes.annotations import without_none
from pulpo_base.database.completion import complete

__all__ = ["Hidden", "entity_tag"]

_DIGEST_BYTES = 12
_MAX_DEPTH = 4
_CONTAINERS = (list, set, frozenset, tuple)

Path = tuple[str, ...]


class Hidden:
    """The values of a document that no answer shows: those do not go into its tag either.

    Whoever knows the rest of a document could find a short secret by trying values against the
    tag. `revision_id` is none: it is random, and changes with every write.
    """

    def __init__(self, document: type[Document]) -> None:
        self._paths = tuple(_hidden(document, (), 0))

    def left_out(self, raw: bytes, options: CodecOptions[Any]) -> bytes:
        """Return a stored document without these values; the very bytes where there are none."""
        if not self._paths:
            return raw
        values = bson.decode(raw, options)
        for path in self._paths:
            _remove(values, path)
        return bson.encode(values, codec_options=options)


def entity_tag(content: bytes) -> str:
    """Return the strong entity tag for these bytes, quotes included."""
    digest = blake2b(content, digest_size=_DIGEST_BYTES).digest()
    return f'"{urlsafe_b64encode(digest).decode()}"'


def _hidden(model: type[BaseModel], place: Path, depth: int) -> Iterator[Path]:
    complete(model)
    for name, info in model.model_fields.items():
        path = (*place, info.alias or name)
        kind = without_none(info.annotation)
        if get_origin(kind) in _CONTAINERS:
            kind = without_none(get_args(kind)[0])
        is_class = isinstance(kind, type)
        if is_class and issubclass(kind, SecretStr | SecretBytes):
            yield path
        elif info.exclude:
            if name != "revision_id":
                yield path
        elif is_class and issubclass(kind, BaseModel) and depth < _MAX_DEPTH:
            yield from _hidden(kind, path, depth + 1)


def _remove(node: Any, path: Path) -> None:
    if isinstance(node, list):
        for item in node:
            _remove(item, path)
    elif isinstance(node, dict):
        head, *rest = path
        if rest:
            _remove(node.get(head), tuple(rest))
        else:
            node.pop(head, None)
