"""`./main db seed`: data that fits the models, the same each time, the user's factories first."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest
from pymongo import MongoClient
from pymongo.database import Database

Pulpo = Callable[..., subprocess.CompletedProcess[str]]
MakeProject = Callable[[Mapping[str, str]], Path]
Stored = Database[dict[str, Any]]

FACTORIES = """
from polyfactory.factories.pydantic_factory import ModelFactory

from models import Category, Customer


class CustomerFactory(ModelFactory[Customer]):
    __model__ = Customer

    name = "Ada"


class CategoryFactory(ModelFactory[Category]):
    __model__ = Category

    parent = None
"""
LOOP = """
from beanie import Document, Link
from pulpo_base import datamodel


@datamodel
class Hen(Document):
    egg: Link["Egg"]


@datamodel
class Egg(Document):
    hen: Link[Hen]


Hen.model_rebuild()
"""


@pytest.fixture
def database(mongodb_url: str) -> Iterator[Stored]:
    with MongoClient[dict[str, Any]](mongodb_url) as client:
        name = f"seed_{uuid4().hex}"
        yield client[name]
        client.drop_database(name)


def seeded(
    root: Path, url: str, database: Stored, *options: str
) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "main", "db", "seed", *options],
        cwd=root,
        env={
            **os.environ,
            "NO_COLOR": "1",
            "PULPO_MONGODB_URL": url,
            "PULPO_MONGODB_DATABASE": database.name,
        },
        capture_output=True,
        text=True,
        check=False,
        timeout=120,
    )


def content(database: Stored) -> dict[str, list[dict[str, Any]]]:
    """Return every document, without the time at which the shop's own hook saw it stored."""
    return {
        name: list(database[name].find({}, {"updated_at": 0}).sort("_id"))
        for name in sorted(database.list_collection_names())
    }


@pytest.mark.slow
def test_data_fits_links_and_repeats(shop: Path, mongodb_url: str, database: Stored) -> None:
    done = seeded(shop, mongodb_url, database, "--count", "6", "--seed", "7")

    assert done.returncode == 0, done.stderr
    first = content(database)
    assert {name: len(documents) for name, documents in first.items()} == dict.fromkeys(first, 6)
    assert len(first) == 10
    ids = {name: {one["_id"] for one in documents} for name, documents in first.items()}
    for order in first["orders"]:
        assert order["customer"].collection == "customers"
        assert order["customer"].id in ids["customers"]
    for product in first["products"]:
        assert {one.id for one in product["suppliers"]} <= ids["suppliers"]
    assert all("@" in customer["email"] for customer in first["customers"])
    again = seeded(shop, mongodb_url, database, "--seed", "7")
    assert again.returncode == 1
    assert "has documents already" in again.stderr

    database.client.drop_database(database.name)
    seeded(shop, mongodb_url, database, "--count", "6", "--seed", "7")
    assert content(database) == first
    database.client.drop_database(database.name)
    seeded(shop, mongodb_url, database, "--count", "6", "--seed", "8")
    assert content(database) != first


@pytest.mark.slow
def test_the_user_s_factories_win(own_shop: Path, mongodb_url: str, database: Stored) -> None:
    (own_shop / "factories.py").write_text(FACTORIES)

    done = seeded(own_shop, mongodb_url, database, "--count", "3")

    assert done.returncode == 0, done.stderr
    assert "your factory" in done.stdout
    assert database["customers"].distinct("name") == ["Ada"]
    assert database["categories"].distinct("parent") == [None]
    customers = set(database["customers"].distinct("_id"))
    assert {one["customer"].id for one in database["orders"].find()} <= customers

    (own_shop / "factories.py").write_text("raise RuntimeError('not so')\n")
    broken = seeded(own_shop, mongodb_url, database, "--add")
    assert broken.returncode == 1
    assert "factories.py:1 cannot be imported: RuntimeError: not so" in broken.stderr


def test_what_cannot_be_first_is_said(
    make_project: MakeProject, pulpo: Pulpo, mongodb_url: str, database: Stored
) -> None:
    root = make_project({"models.py": LOOP})
    assert pulpo("init", "--no-database", cwd=root).returncode == 0

    done = seeded(root, mongodb_url, database)

    assert done.returncode == 1
    assert "need each other" in done.stderr
    assert "Traceback" not in done.stderr
