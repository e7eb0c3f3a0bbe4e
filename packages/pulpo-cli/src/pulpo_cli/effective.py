"""`effective_settings`: every setting with its value and its source."""

from __future__ import annotations

import os
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, fields, is_dataclass
from pathlib import Path
from typing import Any

from pulpo_analysis.config.loading import LoadedConfig, load_config
from pulpo_analysis.diagnostics.diagnostic import Diagnostic

__all__ = ["EffectiveSetting", "effective_settings"]

_PREFIX = "PULPO_"
_ENV_FILE = ".env"
_ENV_LINE = re.compile(r"\s*(?:export\s+)?(PULPO_\w+)\s*=\s*(.*?)\s*$")
#: What the generated settings call keys that are not `api.…`.
_NAMES = {
    ("database", "url"): "MONGODB_URL",
    ("database", "name"): "MONGODB_DATABASE",
    ("api", "host"): "API_HOST",
    ("api", "port"): "API_PORT",
    ("flows", "engine"): "FLOW_ENGINE",
}


@dataclass(frozen=True, slots=True)
class EffectiveSetting:
    """A key such as `api.port`, its value as JSON has it, and where that comes from."""

    key: str
    value: Any
    source: str


def effective_settings(root: Path) -> tuple[list[EffectiveSetting], tuple[Diagnostic, ...]]:
    """Return what holds for the project in `root`, and what is wrong with its configuration.

    The environment comes first, then `.env`, then the file, then the default, as in the settings
    of the running project. Passwords in URLs are not shown.
    """
    loaded = load_config(root)
    given = {**_from_file(root / _ENV_FILE), **_from_environment()}
    return list(_settings(loaded.config, (), loaded, given)), loaded.diagnostics


def _settings(
    section: Any, path: tuple[str, ...], loaded: LoadedConfig, given: Mapping[str, tuple[str, str]]
) -> Iterator[EffectiveSetting]:
    for one in fields(section):
        value, here = getattr(section, one.name), (*path, one.name)
        if is_dataclass(value):
            yield from _settings(value, here, loaded, given)
            continue
        outside = given.get(_variable(here))
        if outside is not None:
            shown, source = outside
        else:
            shown, source = _plain(value), _source(loaded, here)
        yield EffectiveSetting(".".join(here), _masked(shown), source)


def _variable(path: tuple[str, ...]) -> str:
    """Return the environment variable that a setting has in the running project, if any."""
    if path in _NAMES:
        return _PREFIX + _NAMES[path]
    is_running = path[0] == "api"
    return _PREFIX + "_".join(path[1:]).upper() if is_running else ""


def _source(loaded: LoadedConfig, path: tuple[str, ...]) -> str:
    place = loaded.places.get(path)
    if place is not None:
        return f"{place.path}:{place.line}"
    return "the folder's name" if path == ("project", "name") else "default"


def _from_environment() -> dict[str, tuple[str, str]]:
    return {
        name: (value, f"{name} (environment)")
        for name, value in os.environ.items()
        if name.startswith(_PREFIX)
    }


def _from_file(path: Path) -> dict[str, tuple[str, str]]:
    if not path.is_file():
        return {}
    lines = enumerate(path.read_text("utf-8", "replace").splitlines(), start=1)
    found = ((number, _ENV_LINE.match(line)) for number, line in lines)
    return {one[1]: (one[2].strip("\"'"), f"{_ENV_FILE}:{number}") for number, one in found if one}


def _plain(value: Any) -> Any:
    if isinstance(value, tuple):
        return [_plain(item) for item in value]
    if isinstance(value, dict):
        return {key: _plain(item) for key, item in value.items()}
    if is_dataclass(value):
        return {one.name: _plain(getattr(value, one.name)) for one in fields(value)}
    return value


def _masked(value: Any) -> Any:
    from pulpo_base.project.database import masked

    return masked(value) if isinstance(value, str) and "://" in value else value
