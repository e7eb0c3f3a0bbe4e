"""The key of a step: the same for the same work, in every try, process and engine."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from typing import Any

__all__ = ["step_key"]


def step_key(run: str, operation: str, fields: Mapping[str, Any]) -> str:
    """Return the key of an operation in a flow run, given the fields of its input.

    `run` is the id of the run; one that resumes another has the key of the first.
    """
    text = json.dumps([run, operation, _plain(fields)], sort_keys=True, ensure_ascii=False)
    return hashlib.sha256(text.encode()).hexdigest()


def _plain(value: Any) -> Any:
    from pydantic import BaseModel
    from pydantic_core import to_jsonable_python

    if isinstance(value, BaseModel):
        # By hand: what is excluded from dumps, or has a serializer, belongs to the input too.
        return {name: _plain(getattr(value, name)) for name in type(value).model_fields}
    if isinstance(value, Mapping):
        return {str(key): _plain(item) for key, item in value.items()}
    if isinstance(value, list | tuple):
        return [_plain(item) for item in value]
    if isinstance(value, set | frozenset):
        return sorted(json.dumps(_plain(item), sort_keys=True) for item in value)
    return to_jsonable_python(value, fallback=repr, inf_nan_mode="strings")
