"""`Discovery`: the port behind which user code is read, and its answer."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

from pulpo_analysis.config.settings import DiscoveryConfig
from pulpo_analysis.diagnostics.diagnostic import Diagnostic
from pulpo_analysis.discovery.smells import IgnoreComment, Smell
from pulpo_base.specs import EnumSpec, ModelSpec, OperationSpec, SchemaSpec

__all__ = ["Discovered", "Discovery"]


@dataclass(frozen=True, slots=True)
class Discovered:
    """Every declaration found, as written: names may still collide or refer to nothing."""

    source_roots: tuple[str, ...] = (".",)
    models: tuple[ModelSpec, ...] = ()
    schemas: tuple[SchemaSpec, ...] = ()
    enums: tuple[EnumSpec, ...] = ()
    operations: tuple[OperationSpec, ...] = ()
    diagnostics: tuple[Diagnostic, ...] = ()
    smells: tuple[Smell, ...] = ()
    ignores: tuple[IgnoreComment, ...] = ()


class Discovery(Protocol):
    """A way to learn what a project declares."""

    def discover(self, root: Path, config: DiscoveryConfig) -> Discovered:
        """Return what the project in `root` declares; a user's mistake is a diagnostic."""
        ...
