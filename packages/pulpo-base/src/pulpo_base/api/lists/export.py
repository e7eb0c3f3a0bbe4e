"""Whole lists as a stream of JSON lines or CSV: in batches, so that memory stays flat."""

from __future__ import annotations

import csv
import io
import json
import re
from collections.abc import AsyncIterator, Iterator, Sequence
from typing import Any

from beanie import Document
from pydantic import BaseModel, RootModel
from pydantic_core import to_json
from starlette.responses import StreamingResponse

from pulpo_base.api.documents.store import Store
from pulpo_base.api.lists.pages import selected
from pulpo_base.api.lists.query import ListQuery
from pulpo_base.api.shapes.annotations import without_none
from pulpo_base.api.shapes.output import read_model

__all__ = ["exported"]

_MEDIA = {"csv": "text/csv; charset=utf-8", "jsonl": "application/jsonl"}

_BATCH = 500
#: A spreadsheet takes text that begins so for a formula (OWASP, CSV injection).
_FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n")
#: A number is none, and an apostrophe would make it a text; decimals come as text.
_NUMBER = re.compile(r"-\d+(\.\d+)?(E[+-]?\d+)?", re.IGNORECASE | re.ASCII)
_MAX_DEPTH = 4

Plain = dict[str, Any]


async def exported(store: Store[Any], query: ListQuery, form: str, name: str) -> StreamingResponse:
    """Answer with all documents that fit, as `csv` or `jsonl`, in a file called by `name`.

    A CSV has one column for each field that holds no list, nested objects taken apart, in the order
    of `fields` where that is given; lists and free mappings are JSON in their cells. Text that a
    spreadsheet would take for a formula, and that is no number, begins with an apostrophe.
    """
    batches = _batches(store, query)
    # What is wrong with the query or the database comes out before the answer has begun.
    first: list[Plain] = await anext(batches, [])
    lines = _csv_lines(store.document, query) if form == "csv" else _json_lines
    headers = {"Content-Disposition": f'attachment; filename="{name}.{form}"'}
    return StreamingResponse(
        _stream(first, batches, lines), headers=headers, media_type=_MEDIA[form]
    )


async def _stream(
    first: list[Plain], rest: AsyncIterator[list[Plain]], lines: Any
) -> AsyncIterator[bytes]:
    yield lines(first, is_first=True)
    async for batch in rest:
        yield lines(batch, is_first=False)


async def _batches(store: Store[Any], query: ListQuery) -> AsyncIterator[list[Plain]]:
    batch: list[Plain] = []
    async for values in store.many(query.filter, sort=query.sort):
        batch.append(values)
        if len(batch) == _BATCH:
            yield await selected(store.representation.plain_list(batch), query.selection)
            batch = []
    if batch:
        yield await selected(store.representation.plain_list(batch), query.selection)


def _json_lines(items: Sequence[Plain], *, is_first: bool) -> bytes:
    del is_first  # there is no head
    return b"".join(to_json(item) + b"\n" for item in items)


def _csv_lines(document: type[Document], query: ListQuery) -> Any:
    columns = list(_columns(read_model(document), "", 0))
    if query.selection.fields:
        wanted = query.selection.fields
        columns = [column for column in columns if _is_wanted(column.split("."), wanted)]
        columns.sort(key=lambda column: _place(column.split("."), wanted))

    def lines(items: Sequence[Plain], *, is_first: bool) -> bytes:
        text = io.StringIO()
        writer = csv.writer(text)
        if is_first:
            writer.writerow(_cell(column) for column in columns)
        for item in items:
            writer.writerow(_cell(_at(item, column)) for column in columns)
        return text.getvalue().encode()

    return lines


def _columns(model: type[BaseModel], prefix: str, depth: int) -> Iterator[str]:
    for name, info in model.model_fields.items():
        shown = prefix + (info.serialization_alias or info.alias or name)
        kind = without_none(info.annotation)
        is_nested = isinstance(kind, type) and issubclass(kind, BaseModel)
        if is_nested and not issubclass(kind, RootModel) and depth < _MAX_DEPTH:
            yield from _columns(kind, f"{shown}.", depth + 1)
        else:
            yield shown


def _is_wanted(path: Sequence[str], tree: Plain) -> bool:
    node = tree
    for part in path:
        if not node:
            return True
        if part not in node:
            return False
        node = node[part]
    return True


def _place(path: Sequence[str], tree: Plain) -> list[int]:
    """Return where a wanted column stands among those that were asked for, level by level."""
    place: list[int] = []
    node = tree
    for part in path:
        if part not in node:
            break
        place.append(list(node).index(part))
        node = node[part]
    return place


def _at(item: Any, column: str) -> Any:
    for part in column.split("."):
        item = item.get(part) if isinstance(item, dict) else None
    return item


def _cell(value: Any) -> Any:
    if isinstance(value, list | dict):
        value = json.dumps(value, ensure_ascii=False)
    if isinstance(value, bool):
        return "true" if value else "false"
    is_formula = isinstance(value, str) and value.startswith(_FORMULA)
    return f"'{value}" if is_formula and not _NUMBER.fullmatch(value) else value
