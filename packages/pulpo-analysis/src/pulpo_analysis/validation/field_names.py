"""Rules about the names of fields: ids that should be links, plurals, secrets."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import pairwise

from pulpo_analysis.diagnostics.catalogue import finding
from pulpo_analysis.diagnostics.diagnostic import Diagnostic
from pulpo_analysis.registries.app import AppSpec
from pulpo_analysis.validation.words import is_plural, singular, words_of
from pulpo_base.specs import FieldSpec, ModelSpec, TypeKind, TypeRef

__all__ = ["hidden_secrets", "linked_ids", "plural_lists", "singular_values"]

_MANY = {TypeKind.LIST, TypeKind.SET, TypeKind.TUPLE}
_ID_TYPES = {"str", "beanie.PydanticObjectId", "bson.ObjectId"}

#: What a class of several things is called: `settings: Settings` is one.
_ONE = {TypeKind.LINK, TypeKind.MODEL, TypeKind.SCHEMA, TypeKind.ENUM}

#: Nouns of which a list holds several. Others (`history`, `path`, `stock`) may well name a list.
_COUNTABLE = frozenset(
    [
        "address",
        "attachment",
        "author",
        "category",
        "child",
        "color",
        "comment",
        "country",
        "customer",
        "department",
        "email",
        "employee",
        "event",
        "file",
        "flag",
        "friend",
        "group",
        "image",
        "invoice",
        "item",
        "key",
        "keyword",
        "label",
        "language",
        "line",
        "link",
        "member",
        "message",
        "name",
        "note",
        "number",
        "option",
        "order",
        "owner",
        "page",
        "permission",
        "person",
        "phone",
        "photo",
        "picture",
        "price",
        "product",
        "recipient",
        "review",
        "role",
        "size",
        "skill",
        "student",
        "tag",
        "task",
        "team",
        "topic",
        "url",
        "user",
        "value",
        "variant",
        "warehouse",
        "word",
    ]
)

#: Words, or two words in a row, that name what nobody else should read.
_SECRET_WORDS = frozenset(
    {"cvc", "cvv", "passcode", "passphrase", "passwd", "password", "pwd", "secret", "ssn"}
)
_SECRET_PAIRS = frozenset(
    {
        ("access", "key"),
        ("access", "token"),
        ("api", "key"),
        ("api", "token"),
        ("auth", "token"),
        ("bearer", "token"),
        ("card", "number"),
        ("encryption", "key"),
        ("private", "key"),
        ("refresh", "token"),
        ("session", "token"),
    }
)
#: What a token may be of, by a name of at most two words.
_TOKEN_OF = {(), ("reset",), ("login",), ("csrf",), ("device",), ("verification",)}
#: What is known about a secret, and is none.
_ABOUT = frozenset(
    [
        "age",
        "at",
        "changed",
        "count",
        "date",
        "expires",
        "expiry",
        "id",
        "kind",
        "length",
        "name",
        "policy",
    ]
)
_MASKED = {"pydantic.SecretStr", "pydantic.SecretBytes"}
_READABLE = {"str", "bytes"}


def linked_ids(app: AppSpec) -> Iterator[Diagnostic]:
    """PLM010: the id of another model is a link."""
    models = {"_".join(words_of(model.qualname)): model for model in app.models}
    for model in app.models:
        for spec in model.fields:
            target = models.get(_named_by_id(spec.name))
            if target is not None and _holds_ids(spec.type):
                many = any(ref.kind in _MANY for ref in spec.type.walk())
                link = f"Link[{target.qualname}]"
                yield finding(
                    "PLM010",
                    f"{model.name}.{spec.name} holds ids of {target.name} as {spec.type}: "
                    "nothing checks it, and no page follows it",
                    spec.location or model.location,
                    target.location,
                    hint=f"write `{spec.name.rpartition('_id')[0]}{'s' if many else ''}: "
                    f"{f'list[{link}]' if many else link}`",
                )


def _named_by_id(name: str) -> str:
    for ending in ("_ids", "_id"):
        if name.endswith(ending):
            return name.removesuffix(ending)
    return ""


def _holds_ids(ref: TypeRef) -> bool:
    """Whether a type is one id or a container of ids."""
    ref = ref.without_none()
    if ref.kind in _MANY:
        return len(ref.args) == 1 and _holds_ids(ref.args[0])
    return ref.kind is TypeKind.SCALAR and ref.name in _ID_TYPES


def plural_lists(app: AppSpec) -> Iterator[Diagnostic]:
    """PLM011: a plural name stands for several things."""
    for model in app.models:
        for spec in model.fields:
            *_, last = ("", *words_of(spec.name))
            ref = spec.type.without_none()
            single = ref.kind in _ONE or (ref.kind is TypeKind.SCALAR and ref.name == "str")
            *_, held = ("", *words_of(_class_name(ref)))
            if single and is_plural(last) and not is_plural(held):
                yield finding(
                    "PLM011",
                    f"{model.name}.{spec.name} is one {ref}, and its name says several",
                    spec.location or model.location,
                    hint=f"name it {_with_last(spec.name, last, singular(last))!r}, or make it a "
                    "list",
                )


def singular_values(app: AppSpec) -> Iterator[Diagnostic]:
    """PLM012: a list has a plural name."""
    for model in app.models:
        for spec in model.fields:
            *_, last = ("", *words_of(spec.name))
            ref = spec.type.without_none()
            if ref.kind not in _MANY or not ref.args or is_plural(last):
                continue
            *_, held = ("", *words_of(_class_name(ref.args[0])))
            if last and (last == held or (last in _COUNTABLE and ref.kind is not TypeKind.TUPLE)):
                yield finding(
                    "PLM012",
                    f"{model.name}.{spec.name} is a {ref}, and its name says one",
                    spec.location or model.location,
                    hint="name it in the plural",
                )


def _class_name(ref: TypeRef) -> str:
    """Return the class that a reference speaks of, that of its target for a link."""
    if ref.kind in {TypeKind.LINK, TypeKind.BACKLINK} and ref.args:
        return ref.args[0].short
    return ref.short if ref.kind in _ONE else ""


def _with_last(name: str, last: str, new: str) -> str:
    return name[: len(name) - len(last)] + new if name.endswith(last) else new


def hidden_secrets(app: AppSpec) -> Iterator[Diagnostic]:
    """PLM022: what looks like a secret is masked wherever it is shown."""
    for model in app.models:
        for path, spec in _paths(app, model):
            if _is_secret(spec):
                yield finding(
                    "PLM022",
                    f"{path} looks like a secret, and the API and the UI show it as text",
                    spec.location or model.location,
                    hint="annotate it with `pydantic.SecretStr`, which is masked everywhere",
                )


def _paths(app: AppSpec, model: ModelSpec) -> Iterator[tuple[str, FieldSpec]]:
    """Yield the fields of a model and of the plain models in it by every path to them."""
    pending = [(model.name, model.fields, frozenset({model.key}))]
    while pending:
        path, fields, seen = pending.pop()
        for spec in fields:
            here = f"{path}.{spec.name}"
            yield here, spec
            if spec.excluded:
                continue  # and so is what it holds
            for ref in spec.type.walk():
                nested = app.record(ref.name) if ref.kind is TypeKind.SCHEMA else None
                if nested is not None and nested.key not in seen:
                    pending.append((here, nested.fields, seen | {nested.key}))


def _is_secret(spec: FieldSpec) -> bool:
    scalars = {ref.name for ref in spec.type.walk() if ref.kind is TypeKind.SCALAR}
    if not scalars & _READABLE or scalars & _MASKED or spec.excluded:
        return False
    words = tuple(words_of(spec.name))
    if not words or words[-1] in _ABOUT:
        return False
    singulars = tuple(map(singular, words))
    pairs = set(pairwise(singulars))
    is_token = singulars[-1:] == ("token",) and singulars[:-1] in _TOKEN_OF
    return bool(set(singulars) & _SECRET_WORDS or pairs & _SECRET_PAIRS or is_token)
