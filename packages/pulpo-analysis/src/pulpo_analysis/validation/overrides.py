"""Rules about override files: they speak of models, names and signatures that exist."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from pulpo_analysis.diagnostics.catalogue import finding
from pulpo_analysis.diagnostics.diagnostic import Diagnostic
from pulpo_analysis.diagnostics.suggestions import did_you_mean
from pulpo_analysis.discovery.override_facts import ApiOverride, OverrideMethod, OverrideName
from pulpo_analysis.registries.app import AppSpec
from pulpo_analysis.registries.overriding import (
    DEPENDENCIES,
    RESOURCE_METHODS,
    RESPONSE,
    override_stem,
    resource_class,
)
from pulpo_base.specs import ModelSpec

__all__ = ["known_overrides"]


def known_overrides(app: AppSpec, overrides: Iterable[ApiOverride]) -> Iterator[Diagnostic]:
    """PLE010 to PLE012: what is overridden exists, and can take the place of what it replaces."""
    models = {override_stem(model): model for model in app.models}
    for override in overrides:
        model = models.get(override.stem)
        if model is None:
            yield finding(
                "PLE010",
                f"there is no model that {override.location.path} could be about",
                override.location,
                hint=did_you_mean(override.stem, models),
            )
        else:
            yield from _names(override, model)


def _names(override: ApiOverride, model: ModelSpec) -> Iterator[Diagnostic]:
    known = (resource_class(model), DEPENDENCIES, RESPONSE)
    for name in override.names:
        if name.name == resource_class(model):
            for method in name.methods:
                yield from _method(name, method)
        elif name.name == RESPONSE:
            yield from _response(name)
        elif name.name not in known and not name.name.startswith("_"):
            yield _unknown(f"{name.name!r} overrides nothing", name, known)


def _method(owner: OverrideName, method: OverrideMethod) -> Iterator[Diagnostic]:
    if method.name.startswith("_"):
        return
    arguments = RESOURCE_METHODS.get(method.name)
    if arguments is None:
        message = f"{owner.name}.{method.name} overrides nothing"
        yield _unknown(message, method, RESOURCE_METHODS)
        return
    if not _fits(method, len(arguments)):
        wanted = f"async def {method.name}({', '.join(('self', *arguments))})"
        yield finding(
            "PLE012",
            f"{owner.name}.{method.name} cannot be called as the generated route calls it",
            method.location,
            hint=f"write `{wanted}`",
        )


def _response(name: OverrideName) -> Iterator[Diagnostic]:
    if name.function is None or not _fits(name.function, 1):
        yield finding(
            "PLE012",
            f"{name.name!r} cannot be called as the generated routes call it",
            name.location,
            hint=f"write `async def {RESPONSE}(answer)`",
        )


def _fits(method: OverrideMethod, count: int) -> bool:
    least, most = method.positional
    return method.is_async and least <= count and (most is None or most >= count)


def _unknown(message: str, name: OverrideName | OverrideMethod, known: Iterable[str]) -> Diagnostic:
    hint = did_you_mean(name.name, known)
    return finding(
        "PLE011",
        message,
        name.location,
        hint=f"{hint}; what is only used here starts with an underscore",
    )
