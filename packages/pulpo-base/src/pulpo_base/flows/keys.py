"""The key of a step: the same for the same work, in every try, process and engine."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Any

from pulpo_base.invocation import input_type
from pulpo_base.record_fields import record_fields

if TYPE_CHECKING:
    from pydantic.fields import FieldInfo

__all__ = ["step_key"]


def step_key(
    run: str,
    operation: str,
    fields: Mapping[str, Any],
    function: Callable[..., Any] | None = None,
) -> str:
    """Return the key of an operation in a flow run, given the fields of its input.

    `run` is the id of the run; one that resumes another has the key of the first. What `function`
    takes by default does not count: one engine passes it on, the other leaves it out.
    """
    model = None if function is None else record_fields(input_type(function))
    told = {name: value for name, value in fields.items() if not _is_default(model, name, value)}
    text = json.dumps([run, operation, _plain(told)], sort_keys=True, ensure_ascii=False)
    return hashlib.sha256(text.encode()).hexdigest()


def _is_default(model: Mapping[str, FieldInfo] | None, name: str, value: Any) -> bool:
    info = model.get(name) if model else None
    if info is None or info.is_required() or info.default_factory is not None:
        return False
    return type(value) is type(info.default) and bool(value == info.default)


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
