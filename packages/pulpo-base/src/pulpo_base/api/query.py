"""What a list request asks for: filters, a search, an order and a page, read from its URL.

Whatever is not understood is refused rather than ignored: a filter with a typing mistake that
was left out would answer with everything.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from beanie import Document, SortDirection
from beanie.odm.utils.encoder import Encoder
from fastapi.exceptions import RequestValidationError
from starlette.requests import Request

from pulpo_base.api.fields import QueryField, query_fields
from pulpo_base.api.filters import filters_of, literal_pattern
from pulpo_base.api.problems import Finding, invalid, suggestion
from pulpo_base.model_base import DataModelBase

__all__ = ["ListQuery", "QueryReader"]

#: Keeps the number of skipped documents within 64 bits.
_MAX_PAGE = 1_000_000_000
_DIGITS = 10
_BY_ID = (("_id", SortDirection.ASCENDING),)


@dataclass(frozen=True, slots=True)
class ListQuery:
    """One page of the documents that fit `filter`, in the order of `sort`.

    `filter` and `sort` are what PyMongo takes; `page` counts from 1.
    """

    filter: dict[str, Any] = field(default_factory=dict)
    sort: tuple[tuple[str, SortDirection], ...] = _BY_ID
    page: int = 1
    page_size: int = 20

    @property
    def skip(self) -> int:
        """The number of documents before the page."""
        return (self.page - 1) * self.page_size


class QueryReader:
    """Reads the list requests of one kind of document.

    Understands `field=value`, `field__op=value`, `sort`, `page`, `page_size` and, where the
    document has `searchable_fields`, `search`. These words win over fields of the same name,
    which `field__eq` reaches. Raises `ValueError` where `searchable_fields` or
    `sortable_fields` name what cannot be searched or sorted by.
    """

    def __init__(self, document: type[Document], page_size: int, max_page_size: int) -> None:
        if not 1 <= page_size <= max_page_size:
            raise ValueError(f"page_size is {page_size}; it must be 1 to {max_page_size}")
        self._document = document
        self._page_size = page_size
        self._max_page_size = max_page_size
        fields = query_fields(document)
        hinted = issubclass(document, DataModelBase)
        self._searched = self._chosen(
            "searchable_fields",
            document.searchable_fields if hinted else (),
            {key: item for key, item in fields.items() if item.is_text},
        )
        sortable = {key: item for key, item in fields.items() if not item.is_list}
        chosen = self._chosen(
            "sortable_fields", document.sortable_fields if hinted else (), sortable
        )
        self._sorts = {item.name: item.path for item in chosen or sortable.values()}
        self._options = {"sort", "page", "page_size"} | ({"search"} if self._searched else set())
        self._filters = filters_of(fields.values(), self._options)

    def read(self, request: Request) -> ListQuery:
        """Return what the request's URL asks for. Raises `RequestValidationError`."""
        given: dict[str, list[str]] = {}
        for name, text in request.query_params.multi_items():
            given.setdefault(name, []).append(text)
        encoder = Encoder(custom_encoders=self._document.get_settings().bson_encoders)
        conditions: list[dict[str, Any]] = []
        options: dict[str, Any] = {}
        findings: list[Finding] = []
        for name, texts in given.items():
            try:
                if name in self._options:
                    options[name] = self._option(name, texts)
                else:
                    conditions.append(self._filter(name).condition(texts, encoder))
            except RequestValidationError as error:
                findings += [(e["type"], e["loc"], e["msg"]) for e in error.errors()]
        if findings:
            raise invalid(findings)
        if "search" in options:
            conditions.append(options["search"])
        return ListQuery(
            filter={"$and": conditions} if len(conditions) > 1 else dict(*conditions),
            sort=options.get("sort", _BY_ID),
            page=options.get("page", 1),
            page_size=options.get("page_size", self._page_size),
        )

    @property
    def parameters(self) -> list[dict[str, Any]]:
        """The parameters as OpenAPI describes them."""
        number = {"type": "integer", "minimum": 1}
        size = {**number, "maximum": self._max_page_size, "default": self._page_size}
        order = "fields to sort by, separated by commas, a minus sign before each to turn round"
        shown: list[tuple[str, str, dict[str, Any]]] = [
            ("page", "which page, from 1", {**number, "default": 1}),
            ("page_size", "how many on a page", size),
            ("sort", f"{order}: {', '.join(self._sorts)}", {"type": "string"}),
        ]
        if self._searched:
            names = ", ".join(item.name for item in self._searched)
            shown.append(
                ("search", f"text that one of these contains: {names}", {"type": "string"})
            )
        return [
            {"name": name, "in": "query", "required": False, "description": text, "schema": schema}
            for name, text, schema in shown
        ] + [item.openapi() for item in self._filters.values()]

    def _chosen(
        self, hint: str, names: Sequence[str], known: Mapping[str, QueryField]
    ) -> list[QueryField]:
        for name in names:
            if name not in known:
                label = f"{self._document.__qualname__}.{hint}"
                kind = "text" if hint == "searchable_fields" else "single-valued"
                hint_text = suggestion(name, known)
                raise ValueError(f"{label}: {name!r} is no {kind} field{hint_text}")
        return [known[name] for name in names]

    def _filter(self, name: str) -> Any:
        found = self._filters.get(name)
        if found is not None:
            return found
        base, _, operator = name.rpartition("__")
        operators = [
            key.rpartition("__")[2] for key in self._filters if key.startswith(f"{base}__")
        ]
        if operators:
            message = f"{base!r} cannot be compared by {operator!r:.30}; use {', '.join(operators)}"
        else:
            hint = suggestion(name, [*self._options, *self._filters])
            message = f"there is no such parameter or field{hint}"
        raise invalid([("unknown_parameter", ("query", name), message)])

    def _option(self, name: str, texts: Sequence[str]) -> Any:
        if name == "sort":
            return self._sort(",".join(texts))
        if len(texts) > 1:
            raise invalid([("repeated", ("query", name), "this is given twice")])
        if name == "search":
            pattern = literal_pattern(texts[0], name)
            return {"$or": [{item.path: pattern} for item in self._searched]}
        return _number(name, texts[0], _MAX_PAGE if name == "page" else self._max_page_size)

    def _sort(self, text: str) -> tuple[tuple[str, SortDirection], ...]:
        keys: dict[str, SortDirection] = {}
        for part in text.split(","):
            name = part.strip().removeprefix("-")
            if name not in self._sorts:
                hint = suggestion(name, self._sorts) or f"; use {', '.join(self._sorts)}"
                message = f"cannot sort by {name!r:.60}{hint}"
                raise invalid([("unknown_field", ("query", "sort"), message)])
            descends = part.strip().startswith("-")
            way = SortDirection.DESCENDING if descends else SortDirection.ASCENDING
            keys.setdefault(self._sorts[name], way)
        # Documents that are equal in all of these would otherwise move between pages.
        keys.setdefault("_id", SortDirection.ASCENDING)
        return tuple(keys.items())


def _number(name: str, text: str, maximum: int) -> int:
    # Anything longer is beyond every maximum, and Python limits the digits that it converts.
    plain = text.isascii() and text.isdigit() and len(text) <= _DIGITS
    if not plain or not 1 <= int(text) <= maximum:
        message = f"must be a whole number from 1 to {maximum}"
        raise invalid([("range", ("query", name), message)])
    return int(text)
