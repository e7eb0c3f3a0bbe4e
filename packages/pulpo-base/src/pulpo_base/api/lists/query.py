"""What a list request asks for, read from its URL: filters, a search, an order, a page, fields.

Whatever is not understood is refused rather than ignored: a filter with a typing mistake that
was left out would answer with everything.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from beanie import Document, SortDirection
from beanie.odm.utils.encoder import Encoder
from fastapi import HTTPException
from fastapi.exceptions import RequestValidationError
from starlette.requests import Request

from pulpo_base.api.http.parameters import truth
from pulpo_base.api.http.problems import Finding, Place, invalid, not_allowed, suggestion
from pulpo_base.api.lists.allowed_fields import Allowed, allowed_fields
from pulpo_base.api.lists.filter_groups import group_condition
from pulpo_base.api.lists.filters import Filter, filters_of, literal_pattern
from pulpo_base.api.lists.selection import Selection, selection

__all__ = ["FORMATS", "ListQuery", "QueryReader"]

#: Keeps the number of skipped documents within 64 bits.
_MAX_PAGE = 1_000_000_000
_DIGITS = 10
_BY_ID = (("_id", SortDirection.ASCENDING),)
_OF_PAGES = {"page", "page_size", "after", "with_total"}
FORMATS = ("csv", "jsonl")
_PLAIN_OPTIONS = ("after", "expand", "fields")


@dataclass(frozen=True, slots=True)
class ListQuery:
    """One page of the documents that fit `filter`, in the order of `sort`.

    `filter` and `sort` are what PyMongo takes; `page` counts from 1. `after` is the cursor
    behind which the page begins, and no page then counts. `with_total` asks how many fit in all.
    """

    filter: dict[str, Any] = field(default_factory=dict)
    sort: tuple[tuple[str, SortDirection], ...] = _BY_ID
    page: int = 1
    page_size: int = 20
    after: str | None = None
    with_total: bool = False
    selection: Selection = field(default_factory=Selection)

    @property
    def skip(self) -> int:
        """The number of documents before the page."""
        return (self.page - 1) * self.page_size


class QueryReader:
    """Reads the list requests of one kind of document.

    Understands `field=value`, `field__op=value`, `filter`, `sort`, `page`, `page_size`, `after`,
    `with_total`, `fields`, `expand` and, where the document has `searchable_fields`, `search`.
    These words win over fields of the same name, which `field__eq` reaches. Raises `ValueError`
    where the document's hints name what cannot be searched, filtered or sorted by.
    """

    def __init__(self, document: type[Document], page_size: int, max_page_size: int) -> None:
        if not 1 <= page_size <= max_page_size:
            raise ValueError(f"page_size is {page_size}; it must be 1 to {max_page_size}")
        self._document = document
        self._page_size = page_size
        self._max_page_size = max_page_size
        self.allowed: Allowed = allowed_fields(document)
        self._options = {"sort", "page", "page_size", "with_total", "filter", *_PLAIN_OPTIONS}
        self._options |= {"search"} if self.allowed.searched else set()
        self._filters = filters_of(self.allowed.every.values(), self._options)

    def read(self, request: Request) -> ListQuery:
        """Return what the request's URL asks for.

        Raises `RequestValidationError`, and `HTTPException` (400) for filters and orders by
        fields that the document does not offer for it.
        """
        if not request.scope.get("query_string"):
            return ListQuery(page_size=self._page_size)
        given: dict[str, list[str]] = {}
        for name, text in request.query_params.multi_items():
            given.setdefault(name, []).append(text)
        return self.understood(given)

    def understood(self, given: Mapping[str, Sequence[str]]) -> ListQuery:
        """Return what parameters, each with its values, ask for; as `read`."""
        encoder = Encoder(custom_encoders=self._document.get_settings().bson_encoders)
        conditions: list[dict[str, Any]] = []
        options: dict[str, Any] = {}
        findings: list[Finding] = []
        for name, texts in given.items():
            try:
                if name in ("filter", "search") and name in self._options:
                    conditions.append(self._condition(name, texts, encoder))
                elif name in self._options:
                    options[name] = self._option(name, texts)
                else:
                    found = self._filter(name, ("query", name))
                    conditions.append(found.condition(texts, encoder))
            except RequestValidationError as error:
                findings += [(e["type"], e["loc"], e["msg"]) for e in error.errors()]
        if "after" in options and "page" in options:
            findings.append(("exclusive", ("query", "after"), "give a cursor or a page, not both"))
        if findings:
            raise invalid(findings)
        chosen = selection(self._document, options.pop("fields", None), options.pop("expand", None))
        options.setdefault("page_size", self._page_size)
        combined = {"$and": conditions} if len(conditions) > 1 else dict(*conditions)
        return ListQuery(filter=combined, selection=chosen, **options)

    def read_export(self, request: Request) -> tuple[ListQuery, str]:
        """Return what an export asks for, and its `format`. Raises as `read` does."""
        given: dict[str, list[str]] = {}
        for name, text in request.query_params.multi_items():
            given.setdefault(name, []).append(text)
        form = given.pop("format", ["csv"])
        if len(form) > 1 or form[0] not in FORMATS:
            raise invalid([("format", ("query", "format"), f"use one of {', '.join(FORMATS)}")])
        for name in _OF_PAGES & given.keys():
            message = "an export has no pages"
            raise invalid([("unknown_parameter", ("query", name), message)])
        return self.understood(given), form[0]

    @property
    def parameters(self) -> list[dict[str, Any]]:
        """The parameters as OpenAPI describes them."""
        number = {"type": "integer", "minimum": 1}
        size = {**number, "maximum": self._max_page_size, "default": self._page_size}
        order = "fields to sort by, separated by commas, a minus sign before each to turn round"
        text = {"type": "string"}
        shown: list[tuple[str, str, dict[str, Any]]] = [
            ("page", "which page, from 1", {**number, "default": 1}),
            ("page_size", "how many on a page", size),
            ("after", "`next` of the page before: what comes after that one", text),
            ("with_total", "whether to count all that fit", {"type": "boolean", "default": False}),
            ("sort", f"{order}: {', '.join(self.allowed.sorted_by)}", text),
            (
                "filter",
                'comparisons in groups, as JSON: {"or": [{"a": 1}, {"b": {"gt": 2}}]}',
                text,
            ),
            ("fields", "the fields to answer with, separated by commas", text),
            ("expand", "the links to follow, separated by commas", text),
        ]
        if self.allowed.searched:
            names = ", ".join(item.name for item in self.allowed.searched)
            schema = {**text, "minLength": 1, "maxLength": 1000}
            shown.append(("search", f"text that one of these contains: {names}", schema))
        return [
            {"name": name, "in": "query", "required": False, "description": text, "schema": schema}
            for name, text, schema in shown
        ] + [
            item.openapi() for item in self._filters.values() if self.allowed.may_filter(item.field)
        ]

    def _filter(self, name: str, place: Place) -> Filter:
        found = self._filters.get(name)
        if found is None:
            raise invalid([("unknown_parameter", place, self._unknown(name))])
        if not self.allowed.may_filter(found.field):
            raise self._refused("filter", found.field.name, self.allowed.filtered, place)
        return found

    def _refused(self, what: str, name: str, names: Iterable[str], place: Place) -> HTTPException:
        return not_allowed(what, name, names, place, self.allowed.label)

    def _unknown(self, name: str) -> str:
        base, _, operator = name.rpartition("__")
        operators = [
            key.rpartition("__")[2] for key in self._filters if key.startswith(f"{base}__")
        ]
        if operators:
            return f"{base!r} cannot be compared by {operator!r:.30}; use {', '.join(operators)}"
        hint = suggestion(name, [*self._options, *self._filters])
        return f"there is no such parameter or field{hint}"

    def _condition(self, name: str, texts: Sequence[str], encoder: Encoder) -> dict[str, Any]:
        text = _only(name, texts)
        if name == "filter":
            return group_condition(text, self._filter, encoder)
        pattern = literal_pattern(text, ("query", name))
        return {"$or": [{item.path: pattern} for item in self.allowed.searched]}

    def _option(self, name: str, texts: Sequence[str]) -> Any:
        if name == "sort":
            return self._sort(",".join(texts))
        text = _only(name, texts)
        if name in _PLAIN_OPTIONS:
            return text
        if name == "with_total":
            return truth(text, ("query", name))
        return _number(name, text, _MAX_PAGE if name == "page" else self._max_page_size)

    def _sort(self, text: str) -> tuple[tuple[str, SortDirection], ...]:
        keys: dict[str, SortDirection] = {}
        place: Place = ("query", "sort")
        for part in text.split(","):
            name = part.strip().removeprefix("-")
            known = self.allowed.sortable.get(name)
            if known is None:
                hint = suggestion(name, self.allowed.sorted_by)
                hint = hint or f"; use {', '.join(self.allowed.sorted_by)}"
                raise invalid([("unknown_field", place, f"cannot sort by {name!r:.60}{hint}")])
            if name not in self.allowed.sorted_by:
                raise self._refused("sort", name, self.allowed.sorted_by, place)
            descends = part.strip().startswith("-")
            way = SortDirection.DESCENDING if descends else SortDirection.ASCENDING
            keys.setdefault(known.path, way)
        # Documents that are equal in all of these would otherwise move between pages. The ids go
        # the way of the field, so that an index of both is read from its beginning or its end.
        keys.setdefault("_id", way)
        return tuple(keys.items())


def _only(name: str, texts: Sequence[str]) -> str:
    if len(texts) > 1:
        raise invalid([("repeated", ("query", name), "this is given twice")])
    return texts[0]


def _number(name: str, text: str, maximum: int) -> int:
    # Anything longer is beyond every maximum, and Python limits the digits that it converts.
    plain = text.isascii() and text.isdigit() and len(text) <= _DIGITS
    if not plain or not 1 <= int(text) <= maximum:
        message = f"must be a whole number from 1 to {maximum}"
        raise invalid([("range", ("query", name), message)])
    return int(text)
