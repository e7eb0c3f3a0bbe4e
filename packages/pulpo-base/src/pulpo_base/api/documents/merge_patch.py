"""JSON merge patch (RFC 7396) on validated values: objects merge, `null` removes."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from pydantic import AliasChoices, BaseModel

from pulpo_base.api.shapes.annotations import accepted_names, is_backlink, is_nullable
from pulpo_base.database.completion import complete

__all__ = ["merged", "merged_fields"]


def merged(current: Any, patch: Any) -> Any:
    """Return the value that a patch makes of the current one.

    A model comes back as the values that its class is to validate.
    """
    if not isinstance(patch, dict):
        return patch
    if isinstance(current, BaseModel):
        return _merged_model(current, patch)
    result = dict(current) if isinstance(current, Mapping) else {}
    for name, change in patch.items():
        if change is None:
            result.pop(name, None)
        else:
            result[name] = merged(result.get(name), change)
    return result


def merged_fields(current: BaseModel, changes: Mapping[str, Any]) -> dict[str, Any]:
    """Return a model's values by field name with the changes, by field name as well, in them.

    `None` for a field that cannot be null takes it out, so that its default applies.
    """
    cls = type(current)
    complete(cls)
    values = {**(current.__pydantic_extra__ or {})}
    for name, info in cls.model_fields.items():
        if not is_backlink(info.annotation):
            values[name] = getattr(current, name)
    for name, change in changes.items():
        known = cls.model_fields.get(name)
        if change is None and not (known is not None and is_nullable(known.annotation)):
            values.pop(name, None)
        else:
            values[name] = merged(values.get(name), change)
    return values


def _merged_model(current: BaseModel, patch: dict[str, Any]) -> Any:
    cls = type(current)
    complete(cls)
    keys = {name: _input_key(cls, name) for name in cls.model_fields}
    if None in keys.values():
        # Values of such a model cannot be handed to its class again; it is replaced whole.
        return patch
    names = {
        key: name for name, info in cls.model_fields.items() for key in accepted_names(name, info)
    }
    changes = {names.get(key, key): change for key, change in patch.items()}
    values = merged_fields(current, changes)
    return {keys.get(name) or name: value for name, value in values.items()}


def _input_key(cls: type[BaseModel], name: str) -> str | None:
    """Return the key under which a class takes a field; `None` where it is a path into others."""
    info, config = cls.model_fields[name], cls.model_config
    if config.get("populate_by_name") or config.get("validate_by_name"):
        return name
    choices = info.validation_alias or info.alias or name
    every = choices.choices if isinstance(choices, AliasChoices) else [choices]
    return next((choice for choice in every if isinstance(choice, str)), None)
