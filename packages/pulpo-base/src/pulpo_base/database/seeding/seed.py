"""`seed`: a number of documents of every model."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from random import Random
from typing import Any

from beanie import Document, PydanticObjectId
from polyfactory.exceptions import ParameterException
from polyfactory.factories.base import BaseFactory
from pydantic import ValidationError
from pymongo.errors import DuplicateKeyError, WriteError

from pulpo_base.database.seeding.factory import DocumentFactory, LikelyValues, PlainRecordFactory
from pulpo_base.database.seeding.links import SeedError, in_order, links_of

__all__ = ["Seeded", "seed"]

#: How often another value is tried where one is taken or refused by the model's own rules.
_TRIES = 25


@dataclass(frozen=True, slots=True)
class Seeded:
    """How many documents of a model were made; fewer than wanted where unique values ran out."""

    model: str
    made: int
    wanted: int


async def seed(
    documents: Sequence[type[Document]],
    *,
    count: int,
    number: int,
    until: datetime,
    own: Mapping[type[Document], type[BaseFactory[Any]]],
) -> list[Seeded]:
    """Store `count` new documents of each model, the same for the same `number` and `until`.

    `own` are the user's factories: what they say of a field counts, links included. The documents
    must be connected. Raises `SeedError` where one cannot be made.
    """
    random = Random(number)  # noqa: S311 - made-up data
    made: dict[type[Document], list[Document]] = {}
    seeded = []
    for document in in_order(documents):
        factory = own.get(document) or _factory(document)
        factory.seed_random(random.getrandbits(64))
        for base in (DocumentFactory, PlainRecordFactory):
            base.seed_random(random.getrandbits(64))
        LikelyValues.until = until
        made[document] = []
        for _ in range(count):
            one = await _stored(document, factory, made, random)
            if one is None:
                break
            made[document].append(one)
        seeded.append(Seeded(document.__name__, len(made[document]), count))
    return seeded


def _factory(document: type[Document]) -> type[BaseFactory[Any]]:
    return DocumentFactory.create_factory(model=document)


async def _stored(
    document: type[Document],
    factory: type[BaseFactory[Any]],
    made: Mapping[type[Document], Sequence[Document]],
    random: Random,
) -> Document | None:
    """Return a new document that is in the database, `None` where its unique values are used up."""
    refused = ""
    for _ in range(_TRIES):
        given = {"revision_id": None, **_id(document, random), **links_of(document, made, random)}
        free = {name: value for name, value in given.items() if not _says(factory, name)}
        try:
            one: Document = factory.build(**free)
            await one.insert()
        except ValidationError as error:
            first = error.errors(include_url=False, include_input=False)[0]
            field = ".".join(str(part) for part in first["loc"]) or "the whole"
            refused = f"{field}: {first['msg']}"
        except ParameterException as error:
            refused = str(error).partition("\n")[0]
        except DuplicateKeyError:
            continue
        except WriteError as error:  # what an index or a validator of the collection wants
            refused = f"MongoDB refuses it: {str(error).partition(', full error')[0]}"
        else:
            return one
    if refused:
        raise SeedError(
            f"no {document.__name__} can be made up: {refused}",
            f"write a factory for {document.__name__} in factories.py (docs/database.md)",
        )
    return None


def _id(document: type[Document], random: Random) -> dict[str, Any]:
    """Return an id that the number decides, where MongoDB would make one by time."""
    annotation = str(document.model_fields["id"].annotation)
    if "PydanticObjectId" not in annotation:
        return {}
    return {"id": PydanticObjectId(random.getrandbits(96).to_bytes(12, "big"))}


def _says(factory: type[BaseFactory[Any]], name: str) -> bool:
    """Whether a factory of the user's says something of a field."""
    return any(
        name in vars(cls) for cls in factory.__mro__ if not cls.__module__.startswith("poly")
    )
