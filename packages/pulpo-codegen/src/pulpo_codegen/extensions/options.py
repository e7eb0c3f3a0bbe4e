"""An extension's options: what `.pulpo.yml` says under `options.<name>`."""

from __future__ import annotations

from typing import TYPE_CHECKING, TypeVar

from pulpo_analysis.analysis import Analysis

if TYPE_CHECKING:
    from pydantic import BaseModel

__all__ = ["options_for"]

Options = TypeVar("Options", bound="BaseModel")


def options_for(analysis: Analysis, name: str, model: type[Options]) -> Options:
    """Return the options of the extension `name`; what is not given has the model's default.

    They are judged before the first target is asked for its rows, so that they are right here.
    """
    return model.model_validate(analysis.config.options.get(name, {}))
