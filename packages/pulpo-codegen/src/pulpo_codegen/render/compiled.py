"""What jinja2 made of our own templates, kept beside them as Python keeps what it compiled.

Compiling the templates takes a tenth of a compile. What is kept here is run as code, so it lies in
the installed package, which is code already, and never in a project, which may be somebody else's.
"""

from __future__ import annotations

import contextlib
import hashlib
import os
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import jinja2
from jinja2.bccache import BytecodeCache

if TYPE_CHECKING:
    from jinja2.bccache import Bucket

__all__ = ["CompiledTemplates"]

_TEMPLATES = Path(__file__).parent.parent / "templates"


class CompiledTemplates(BytecodeCache):
    """The templates that come with Pulpo, compiled; those of others are compiled each time."""

    def __init__(self, folder: Path = _TEMPLATES) -> None:
        """Keep those of `folder`; where nobody may write there, nothing is kept."""
        self._prefix = f"{folder}{os.sep}"
        self._kept = folder / "__pycache__"
        self._version = _version()

    def get_cache_key(self, name: str, filename: str | None = None) -> str:
        """Return the file name of a template, empty for one that is not ours."""
        return name.replace("/", "-") if (filename or "").startswith(self._prefix) else ""

    def get_source_checksum(self, source: str) -> str:
        """Return what changes with a template, and with what compiles it."""
        return hashlib.sha256(f"{self._version}\n{source}".encode()).hexdigest()

    def load_bytecode(self, bucket: Bucket) -> None:
        """Fill the bucket with what is kept, if that is whole."""
        if not bucket.key:
            return
        with contextlib.suppress(OSError):
            digest, data = _split((self._kept / bucket.key).read_bytes())
            if digest == _digest(data):
                bucket.bytecode_from_string(data)

    def dump_bytecode(self, bucket: Bucket) -> None:
        """Keep the code of a bucket; two processes may do so at once."""
        if not bucket.key or sys.dont_write_bytecode:
            return
        data = bucket.bytecode_to_string()
        beside = self._kept / f"{bucket.key}.{os.getpid()}"
        with contextlib.suppress(OSError):
            self._kept.mkdir(exist_ok=True)
            beside.write_bytes(_digest(data) + data)
            beside.replace(self._kept / bucket.key)


def _digest(data: bytes) -> bytes:
    return hashlib.sha256(data).digest()


def _split(kept: bytes) -> tuple[bytes, bytes]:
    size = hashlib.sha256().digest_size
    return kept[:size], kept[size:]


def _version() -> str:
    """Return what a compiled template depends on besides its text.

    jinja2 works out filters of constants while it compiles, so our quoting functions count.
    """
    ours = sorted(Path(__file__).parent.glob("*.py"))
    states = ((path.name, path.stat()) for path in ours)
    marks = [f"{name} {state.st_size} {state.st_mtime_ns}" for name, state in states]
    return "\n".join([sys.version, jinja2.__version__, *marks])
