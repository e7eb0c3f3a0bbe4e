"""What OpenAPI shows of operations that take documents: the shape that the rest of the API has.

The shapes describe and do not judge: the operation's own types validate what comes in, and
Beanie's documents understand `id` and links given as ids.
"""

from __future__ import annotations

import copy
from functools import lru_cache
from typing import Any, get_origin

from beanie import Document, Link
from pydantic import BaseModel, ConfigDict, Field, create_model

from pulpo_base.api.shapes.annotations import id_type, is_backlink, link_target, rewrite
from pulpo_base.api.shapes.output import holds_documents
from pulpo_base.database.completion import complete

__all__ = ["acceptable"]


def acceptable(annotation: Any) -> Any:
    """Return the annotation with each document, link and model that holds one replaced.

    The very annotation comes back where there is none.
    """
    return rewrite(annotation, _leaf)


def _leaf(annotation: Any) -> Any:
    if get_origin(annotation) is Link:
        return id_type(link_target(annotation))
    is_model = isinstance(annotation, type) and issubclass(annotation, BaseModel)
    return _input_model(annotation) if is_model and holds_documents(annotation) else annotation


@lru_cache(maxsize=4096)
def _input_model(cls: type[BaseModel]) -> type[BaseModel]:
    complete(cls)
    fields: dict[str, Any] = {}
    for name, info in cls.model_fields.items():
        if is_backlink(info.annotation) or (name == "revision_id" and issubclass(cls, Document)):
            continue
        if name == "id" and issubclass(cls, Document):
            fields[name] = (id_type(cls) | None, Field(None, description=info.description))
        else:
            fields[name] = (rewrite(info.annotation, _leaf), copy.copy(info))
    return create_model(
        f"{cls.__name__}Input",
        __config__=ConfigDict(arbitrary_types_allowed=True, protected_namespaces=()),
        __doc__=vars(cls).get("__doc__"),
        __module__=cls.__module__,
        **fields,
    )
