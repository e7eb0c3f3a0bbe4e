"""`code_version`: what an answer depends on besides the project."""

from __future__ import annotations

import sys
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING

from pulpo_analysis.cache.code_state import code_state

if TYPE_CHECKING:
    from pulpo_analysis.cache.encoding import Encoding

__all__ = ["code_version"]

#: Ours; the second says what declarations may say, the third what exceptions mean.
_PACKAGES = ("pulpo_analysis", "pulpo_base", "pulpo_utils")


def code_version(encoding: Encoding, also: tuple[Path, ...] = ()) -> str:
    """Return the version of Python, of the answer's types, and of the code that makes answers.

    `also` are folders and files of code besides ours that make them.
    """
    found = (find_spec(name) for name in _PACKAGES)
    places = (Path(spec.origin).parent for spec in found if spec is not None and spec.origin)
    return "\n".join([sys.version, encoding.shape, *map(code_state, (*places, *also))])
