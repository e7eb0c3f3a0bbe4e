"""`list_models`: the models of a project alone, for a tenth of the cost of an analysis."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from pulpo_analysis.config.loading import LoadedConfig, load_config
from pulpo_analysis.diagnostics.diagnostic import Diagnostic, Severity, sort_diagnostics
from pulpo_analysis.garbage import collector_paused
from pulpo_analysis.kept import Kept, state_of
from pulpo_base.specs import ModelSpec

__all__ = ["ModelList", "list_models"]


@dataclass(frozen=True, slots=True)
class ModelList:
    """The models of a project, as its `AppSpec` has them, and why some may be missing.

    `errors` are those of the configuration, of files that may declare a model, and of the models'
    names and relations. What is wrong with operations and flows is not looked for, nor what lint
    would say of a model.
    """

    models: tuple[ModelSpec, ...] = ()
    errors: tuple[Diagnostic, ...] = ()


def list_models(root: Path) -> ModelList:
    """Return the models of the project in `root`, which must be a folder."""
    root = root.resolve()
    with collector_paused():
        loaded = load_config(root)
        kept = Kept(root, state_of(root, loaded), "models", ModelList)
        answer = kept.get()
        if answer is None:
            answer = _read(root, loaded)
            if answer.models:  # a list of nothing is not worth a folder
                kept.put(answer)
    return answer


def _read(root: Path, loaded: LoadedConfig) -> ModelList:
    # Only here: a list that is kept needs nothing of what would find it.
    from pulpo_analysis.discovery.declared_models import discover_models
    from pulpo_analysis.registries.build import build_models

    discovered = discover_models(root, loaded.config.discovery)
    models, naming = build_models(discovered)
    found = (*loaded.diagnostics, *discovered.diagnostics, *naming)
    errors = (diagnostic for diagnostic in found if diagnostic.severity is Severity.ERROR)
    return ModelList(models, sort_diagnostics(errors))
