"""Rules about what Beanie takes without a word, and what then does not work."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator

from pulpo_analysis.diagnostics.catalogue import finding
from pulpo_analysis.diagnostics.diagnostic import Diagnostic, Edit, Fix, Severity
from pulpo_analysis.diagnostics.suggestions import did_you_mean
from pulpo_analysis.discovery.smells import Smell, SmellKind
from pulpo_analysis.registries.app import AppSpec
from pulpo_analysis.validation.rule import Project
from pulpo_base.specs import FieldSpec, ModelSpec, SchemaSpec, SourceLocation, TypeKind

__all__ = [
    "answered_back_links",
    "completed_types",
    "effective_markers",
    "kept_fields",
    "readable_decimals",
    "storable_types",
    "unique_where_present",
]

#: Types that pydantic takes and Beanie's encoder has nothing for, and what to do instead.
_NEVER_STORED = {
    "complex": "store the two parts as numbers",
    "datetime.time": "store it as a text, or say how: `class Settings: bson_encoders = "
    "{time: time.isoformat}`",
}
_NO_DATACLASS = (
    "make {0} a pydantic model, or say how it is stored: `class Settings: bson_encoders = "
    "{{{0}: dataclasses.asdict}}`"
)

#: From how many documents of one name it is open which of them is meant.
_SEVERAL = 2


def readable_decimals(project: Project) -> Iterator[Diagnostic]:
    """PLM005: a plain Decimal is stored as Decimal128, and does not load again.

    A validator that stands before pydantic's own may well convert it.
    """
    mentions: dict[SourceLocation, list[Smell]] = {}
    for smell in project.smelling(SmellKind.PLAIN_DECIMAL):
        if smell.owner is not None:
            mentions.setdefault(smell.owner, []).append(smell)
    for model in project.app.models:
        for path, spec, place in _held(project.app, model):
            if not spec.converted and "decimal.Decimal" in _scalars(spec):
                yield finding(
                    "PLM005",
                    f"{path} is a plain Decimal: it is stored and then fails to load",
                    place,
                    hint="annotate it with `beanie.DecimalAnnotation`",
                    fix=_annotated_decimal(mentions.get(place, [])),
                )


def storable_types(project: Project) -> Iterator[Diagnostic]:
    """PLM028: Beanie knows how to store a value of each field's type.

    `Settings.bson_encoders` may well know more: what they hold is not looked at, and a class
    whose settings come from elsewhere is given the benefit of any of them.
    """
    for model in project.app.models:
        if _may_set(project, model, SmellKind.BSON_ENCODERS):
            continue
        for path, spec, place in _held(project.app, model):
            names = set() if spec.converted else _scalars(spec) & _NEVER_STORED.keys()
            remedies = {name: _NEVER_STORED[name] for name in names}
            for record in _schemas(project.app, spec):
                if record.form == "dataclass":  # of what a validator makes, too
                    remedies[f"dataclass ({record.name})"] = _NO_DATACLASS.format(record.name)
            for name, remedy in sorted(remedies.items()):
                yield finding(
                    "PLM028",
                    f"{path} is a {name}, which Beanie cannot store: saving it fails",
                    place,
                    model.location,
                    hint=remedy,
                )


def _may_set(project: Project, model: ModelSpec, kind: SmellKind) -> bool:
    """Whether the `Settings` of a model, or of a class that it inherits from, may say this."""
    saying = {smell.subject for smell in project.smelling(kind)}
    is_elsewhere = any(not name.endswith(".Settings") for name in saying)
    names = (f"{key}.Settings" for key in (model.key, *model.bases))
    return is_elsewhere or not saying.isdisjoint(names)


def _schemas(app: AppSpec, spec: FieldSpec) -> list[SchemaSpec]:
    refs = (ref for ref in spec.type.walk() if ref.kind is TypeKind.SCHEMA)
    found = (app.record(ref.name) for ref in refs)
    return [record for record in found if isinstance(record, SchemaSpec)]


def _scalars(spec: FieldSpec) -> set[str]:
    return {ref.name for ref in spec.type.walk() if ref.kind is TypeKind.SCALAR}


def _held(app: AppSpec, model: ModelSpec) -> Iterator[tuple[str, FieldSpec, SourceLocation]]:
    """Yield the fields that documents of a model hold at any depth, with their dotted paths.

    A schema that is held in several places is looked at once.
    """
    seen: set[str] = set()
    pending: list[tuple[ModelSpec | SchemaSpec, str]] = [(model, model.name)]
    while pending:
        record, path = pending.pop()
        if record.key in seen:
            continue
        seen.add(record.key)
        nested: list[tuple[ModelSpec | SchemaSpec, str]] = []
        for spec in record.fields:
            yield f"{path}.{spec.name}", spec, spec.location or record.location
            nested.extend((inner, f"{path}.{spec.name}") for inner in _schemas(app, spec))
        # The last one is taken first: what comes first in the class names the way to a schema.
        pending.extend(reversed(nested))


def _annotated_decimal(smells: list[Smell]) -> Fix | None:
    if not smells or any(smell.detail for smell in smells):
        return None  # an alias, or an annotation in quotes, whose inside has no place of its own
    edits = tuple(Edit(smell.start, smell.end, "DecimalAnnotation") for smell in smells)
    return Fix("use `DecimalAnnotation`", edits, (("beanie", "DecimalAnnotation"),))


def kept_fields(project: Project) -> Iterator[Diagnostic]:
    """PLM026: a field of a stored model is stored. Beanie leaves out what pydantic leaves out."""
    for location, (path, spec) in project.stored_fields.items():
        if spec.excluded:
            lost = "and then the document does not load" if spec.required else "its value is lost"
            yield finding(
                "PLM026",
                f"{path} says `exclude=True`: Beanie does not store it, {lost}",
                location,
                hint="take `exclude` out; a secret is a `pydantic.SecretStr`, what is calculated a "
                "`@computed_field`",
                severity=Severity.ERROR if spec.required else None,
            )


def answered_back_links(project: Project) -> Iterator[Diagnostic]:
    """PLM015: a back link says which field of the other model links here."""
    said = {smell.owner: smell.detail for smell in project.smelling(SmellKind.BACK_LINK)}
    by_key = {model.key: model for model in project.app.models}
    for model in project.app.models:
        for spec in model.fields:
            original = said.get(spec.location)
            target = _target(spec, by_key)
            if original is None or original == "?" or target is None:
                continue
            links = [other.name for other in target.fields if _links_to(other, model)]
            if original and original in links:
                continue
            if not original:
                what = f"{model.name}.{spec.name} does not say which field it looks back from: "
                problem = what + "Beanie refuses to start"
            else:
                problem = (
                    f"{model.name}.{spec.name} looks back from {original!r}, which is no link of "
                    f"{target.name!r} to {model.name!r}: it is always empty"
                )
            yield finding(
                "PLM015",
                problem,
                spec.location or model.location,
                target.location,
                hint=_original_hint(original, links, target),
                # Beanie does start with a wrong name.
                severity=Severity.WARNING if original else None,
            )


def _original_hint(original: str, links: list[str], target: ModelSpec) -> str:
    if not links:
        return f"{target.name!r} has no link to this model: add one, or remove the back link"
    if original:
        return did_you_mean(original, links)
    return f'write `= Field(json_schema_extra={{"original_field": "{links[0]}"}})`'


def _target(spec: FieldSpec, by_key: dict[str, ModelSpec]) -> ModelSpec | None:
    back = [ref for ref in spec.type.walk() if ref.kind is TypeKind.BACKLINK and ref.args]
    return by_key.get(back[0].args[0].name) if back else None


def _links_to(spec: FieldSpec, model: ModelSpec) -> bool:
    """Whether a field links to a model; a link to one of its base classes may be enough."""
    return any(
        ref.kind is TypeKind.LINK and ref.args and ref.args[0].name in {model.key, *model.bases}
        for ref in spec.type.walk()
    )


def completed_types(project: Project) -> Iterator[Diagnostic]:
    """PLM016: a type that only type checkers import is a document, or is completed by hand.

    Pulpo's database completes names of documents when it connects; other names nobody does.
    """
    rebuilt = {smell.subject for smell in project.smelling(SmellKind.REBUILT)}
    stored = project.stored_fields
    documents = Counter(model.qualname for model in project.app.models)
    for smell in project.smelling(SmellKind.DEFERRED_TYPE):
        path, spec = stored.get(smell.owner or smell.start, ("", None))
        holder, name = (text.rpartition(".")[2] for text in (smell.scope, smell.subject))
        if spec is None or holder in rebuilt:
            continue
        if documents[name] < _SEVERAL and _is_document(spec, name):
            continue
        why = f"{documents[name]} documents have that name" if documents[name] else "is no document"
        yield finding(
            "PLM016",
            f"{path} names {smell.subject!r}, which is imported for type checkers only, and {why}: "
            "the class is never completed",
            smell.start,
            hint=f"import it for real, or call `{holder}.model_rebuild()` where it is known",
        )


def _is_document(spec: FieldSpec, name: str) -> bool:
    return any(ref.kind is TypeKind.MODEL and ref.short == name for ref in spec.type.walk())


def effective_markers(project: Project) -> Iterator[Diagnostic]:
    """PLM021: what says that a field is unique or indexed makes an index."""
    stored = project.stored_fields
    of_models = {spec.location for model in project.app.models for spec in model.fields}
    for smell in project.smelling(SmellKind.LOOSE_INDEX, SmellKind.UNIQUE_EXTRA):
        path, _ = stored.get(smell.owner or smell.start, ("", None))
        if path and smell.kind is SmellKind.UNIQUE_EXTRA:
            yield finding(
                "PLM021",
                f"`Field(…)` of {path} says `unique` or `index`: nobody reads that, and no index "
                "is made",
                smell.start,
                hint="write `Annotated[…, Indexed(unique=True)]`",
            )
        elif path:
            yield _no_index(path, smell.start)
    for location, (path, spec) in stored.items():
        if location not in of_models and (spec.unique or spec.indexed):
            yield _no_index(path, location)


def unique_where_present(project: Project) -> Iterator[Diagnostic]:
    """PLM029: a value that may be missing is unique among those that are there.

    Beanie stores `None` as null, which is a value to an index that is unique, also to a sparse one.
    """
    indexes = {smell.owner: smell for smell in project.smelling(SmellKind.UNIQUE_INDEX)}
    for model in project.app.models:
        leaves_out_nulls = _may_set(project, model, SmellKind.LEFT_OUT_NULLS)
        for spec in model.fields:
            index = indexes.get(spec.location)
            if index is None or not spec.type.is_optional or index.detail == "partial":
                continue
            if not (leaves_out_nulls and index.detail == "sparse"):
                yield finding(
                    "PLM029",
                    f"{model.name}.{spec.name} may be None and is unique: MongoDB takes null for a "
                    "value, and refuses the second document without one",
                    index.start,
                    hint="write `Indexed(unique=True, sparse=True)`, and `keep_nulls = False` in "
                    "`class Settings`",
                )


def _no_index(path: str, place: SourceLocation) -> Diagnostic:
    return finding(
        "PLM021",
        f"`Indexed(…)` of {path} is inside another type: Beanie makes no index of it",
        place,
        hint="list it in `Settings.indexes` of the model, by its dotted path",
    )
