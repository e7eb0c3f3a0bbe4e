"""Values of user code in Dockerfiles and `.env` files: on one line, between double quotes."""

from __future__ import annotations

import json
import re

from pulpo_codegen.render.escapes import one_line
from pulpo_codegen.render.source import Source

__all__ = ["docker_json", "docker_str", "env_str"]

_SPECIAL = re.compile(r'["$\\]')


def docker_str(text: str) -> Source:
    """Return `text` as a word of a Dockerfile's instruction, such as the value of a label."""
    return Source(f'"{_SPECIAL.sub(_escaped, one_line(text))}"')


def docker_json(text: str) -> Source:
    """Return `text` as a word of a command in its JSON form, where no shell reads it."""
    return Source(json.dumps(one_line(text), ensure_ascii=False))


def env_str(text: str) -> Source:
    """Return `text` as a value of a `.env` file.

    A `$` becomes `_`: whoever reads such a file has an escape of their own for it, or none.
    """
    return docker_str(one_line(text).replace("$", "_"))


def _escaped(special: re.Match[str]) -> str:
    return "\\" + special.group()
