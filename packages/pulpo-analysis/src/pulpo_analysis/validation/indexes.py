"""Rules about queries that no index serves."""

from __future__ import annotations

from collections.abc import Iterator

from pulpo_analysis.diagnostics.catalogue import finding
from pulpo_analysis.diagnostics.diagnostic import Diagnostic
from pulpo_analysis.discovery.smells import SmellKind
from pulpo_analysis.validation.rule import Project
from pulpo_base.specs import ModelSpec, TypeKind

__all__ = ["indexed_links", "indexed_sorts"]


def indexed_sorts(project: Project) -> Iterator[Diagnostic]:
    """PLM019: a list is sorted by what an index has in order already."""
    for model in project.app.models:
        leading = _leading(model)
        bare = [name for name in model.sortable_fields if name not in leading]
        known = {spec.name for spec in model.fields}
        bare = [name for name in bare if name in known]  # the others are PLM007
        if bare:
            yield finding(
                "PLM019",
                f"lists of {model.name!r} are sorted by {_and(bare)} without an index: MongoDB "
                "reads and sorts the whole collection for each page",
                model.location,
                hint=f'add `indexes=["{bare[0]}"]` to @datamodel, or `Indexed()` to the field',
            )


def indexed_links(project: Project) -> Iterator[Diagnostic]:
    """PLM020: what a back link looks up has an index."""
    models = {model.key: model for model in project.app.models}
    said = {smell.owner: smell.detail for smell in project.smelling(SmellKind.BACK_LINK)}
    looked_up: dict[str, dict[str, str]] = {}
    for model in project.app.models:
        for spec in model.fields:
            original = said.get(spec.location, "")
            for ref in spec.type.walk():
                if ref.kind is TypeKind.BACKLINK and ref.args and original not in {"", "?"}:
                    looked_up.setdefault(ref.args[0].name, {})[original] = (
                        f"{model.name}.{spec.name}"
                    )
    for key, fields in sorted(looked_up.items()):
        target = models.get(key)
        known = {spec.name for spec in target.fields} if target else set()
        bare = sorted(name for name in fields if target and not _served(target, name))
        if target and bare and known.issuperset(bare):
            asking = sorted({fields[name] for name in bare})
            verb = "look" if asking[1:] else "looks"
            yield finding(
                "PLM020",
                f"{_and(asking)} {verb} {target.name!r} up by {_and(bare)}, which has no index",
                target.location,
                hint=f'add `indexes=["{bare[0]}.$id"]` to @datamodel',
            )


def _served(model: ModelSpec, link: str) -> bool:
    return bool({link, f"{link}.$id", f"{link}._id"} & _leading(model))


def _leading(model: ModelSpec) -> set[str]:
    """Return the fields that some index begins with: those it can sort and find by."""
    fields = {index.keys[0][0] for index in model.indexes if index.keys}
    fields |= {spec.name for spec in model.fields if spec.indexed or spec.unique}
    return fields | {"id", "_id"}


def _and(names: list[str]) -> str:
    return " and ".join([", ".join(names[:-1]), names[-1]] if names[1:] else names)
