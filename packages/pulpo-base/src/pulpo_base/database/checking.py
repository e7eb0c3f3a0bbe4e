"""Which stored documents the present models would not read, counted by place and cause."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

__all__ = ["CheckedModel", "Misfit", "check_documents"]


@dataclass(frozen=True, slots=True)
class Misfit:
    """A cause why documents do not fit: where, why, in how many documents, and one of them.

    `path` names list items by `[]`, so that all items of a list count as one place.
    """

    path: str
    cause: str
    documents: int
    example: str


@dataclass(frozen=True, slots=True)
class CheckedModel:
    """One model: its collection, how many documents were read, and what does not fit."""

    model: str
    collection: str
    read: int
    unfit: int
    misfits: tuple[Misfit, ...]


async def check_documents(documents: Sequence[Any], *, sample: int = 0) -> list[CheckedModel]:
    """Validate the stored documents of each model, `sample` by chance or all with 0.

    Beanie must be connected. Documents are read one by one and not changed.
    """
    return [await _check(cls, sample) for cls in sorted(documents, key=lambda cls: cls.__name__)]


async def _check(cls: Any, sample: int) -> CheckedModel:
    from beanie.odm.utils.parsing import parse_obj
    from pydantic import ValidationError

    collection = cls.get_pymongo_collection()
    chosen = cls.find_all().get_filter_query()
    if sample:
        stages = [{"$match": chosen}, {"$sample": {"size": sample}}]
        cursor = await collection.aggregate(stages)
    else:
        cursor = collection.find(chosen)
    read = unfit = 0
    counts: Counter[tuple[str, str]] = Counter()
    examples: dict[tuple[str, str], str] = {}
    async for plain in cursor:
        read += 1
        try:
            parse_obj(cls, plain)
        except Exception as error:  # noqa: BLE001 - a project's validator may raise anything
            unfit += 1
            found = _causes(error) if isinstance(error, ValidationError) else [_bug(error)]
            # Ten wrong items of one list are one document that does not fit.
            for key in dict.fromkeys(found):
                counts[key] += 1
                examples.setdefault(key, str(plain["_id"]))
    misfits = tuple(
        Misfit(path, cause, count, examples[path, cause])
        for (path, cause), count in sorted(counts.items(), key=lambda item: (-item[1], item[0]))
    )
    return CheckedModel(cls.__name__, collection.name, read, unfit, misfits)


def _causes(error: Any) -> list[tuple[str, str]]:
    # Without the values: they may be secret, and the same cause would be many.
    found = error.errors(include_url=False, include_input=False, include_context=False)
    return [(_path(item["loc"]), item["msg"]) for item in found]


def _bug(error: Exception) -> tuple[str, str]:
    # Without its text, which may hold the value.
    return _path(()), f"a validator raised {type(error).__name__}"


def _path(location: Sequence[str | int]) -> str:
    text = ""
    for part in location:
        text += "[]" if isinstance(part, int) else f".{part}" if text else part
    return text or "document"
