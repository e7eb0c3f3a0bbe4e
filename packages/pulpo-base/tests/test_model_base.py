"""`DataModelBase` as a mixin of Beanie documents."""

from __future__ import annotations

from typing import Any

import pytest

from pulpo_base import DataModelBase

beanie = pytest.importorskip("beanie", reason="documents need pulpo-base[api]")


def test_class_attributes_need_no_annotation() -> None:
    class User(beanie.Document, DataModelBase):  # type: ignore[misc,name-defined]
        name: str
        searchable_fields = ["name"]  # noqa: RUF012 - as users write it
        sortable_fields = ["name"]  # noqa: RUF012

        @classmethod
        def relations(cls) -> list[dict[str, Any]]:
            return [{"name": "posts", "target": "Post", "cardinality": "many"}]

    assert set(User.model_fields) == {"id", "revision_id", "name"}
    assert User.searchable_fields == ["name"]
    assert User.relations()[0]["target"] == "Post"
    assert User.indexes() == []


def test_it_may_stand_first() -> None:
    class Post(DataModelBase, beanie.Document):  # type: ignore[misc,name-defined]
        title: str

    assert set(Post.model_fields) == {"id", "revision_id", "title"}
    assert Post.sortable_fields == []
