"""Rules about queries that no index serves."""

from __future__ import annotations

from collections.abc import Iterator

from pulpo_analysis.diagnostics.catalogue import finding
from pulpo_analysis.diagnostics.diagnostic import Diagnostic
from pulpo_analysis.discovery.smells import SmellKind
from pulpo_analysis.validation.rule import Project
from pulpo_base.specs import ModelSpec, TypeKind

__all__ = ["indexed_links", "indexed_lists"]


def indexed_lists(project: Project) -> Iterator[Diagnostic]:
    """PLM019: a list is sorted and filtered by what an index has in order already."""
    for model in project.app.models:
        leading = _leading(model)
        known = {spec.name for spec in model.fields}
        for names, done, work in (
            (model.sortable_fields, "sorted", "reads and sorts"),
            (model.filterable_fields, "filtered", "reads"),
        ):
            # What does not begin with a field's name is PLM007.
            bare = [
                name
                for name in dict.fromkeys(names)
                if name not in leading and name.partition(".")[0] in known
            ]
            if bare:
                yield finding(
                    "PLM019",
                    f"lists of {model.name!r} are {done} by {_and(bare)} without an index: MongoDB "
                    f"{work} the whole collection for each page",
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
    """Return the fields that some index begins with: those it can sort and find by.

    Indexes name fields as they are stored, hints to lists as Python does.
    """
    fields = {index.keys[0][0] for index in model.indexes if index.keys}
    fields |= {
        spec.name for spec in model.fields if spec.indexed or spec.unique or spec.alias in fields
    }
    return fields | {"id", "_id"}


def _and(names: list[str]) -> str:
    return " and ".join([", ".join(names[:-1]), names[-1]] if names[1:] else names)
