"""`Idempotency-Key`: a request that is sent again has its effect once, and the same answer.

As the IETF's draft-ietf-httpapi-idempotency-key-header has it. Answers are kept for a day in the
collection `pulpo_idempotency`, each written in one transaction with the request's own writes.
"""

from __future__ import annotations

import asyncio
import datetime as dt
import logging
from collections.abc import Awaitable, Callable
from hashlib import sha256
from typing import Any
from weakref import WeakKeyDictionary

from bson.binary import Binary
from fastapi import HTTPException
from pymongo import AsyncMongoClient
from pymongo.asynchronous.collection import AsyncCollection
from pymongo.errors import DuplicateKeyError, PyMongoError
from starlette.requests import Request
from starlette.responses import Response, StreamingResponse

from pulpo_base.api.security.principals import PRINCIPAL
from pulpo_base.api.writes.transactions import Database, How, together

__all__ = ["HEADER", "once"]

HEADER = "Idempotency-Key"

_COLLECTION = "pulpo_idempotency"
_KEPT = dt.timedelta(days=1)
_LONGEST_KEY = 255
_MAX_BODY = 4_000_000
_HEADERS = ("content-type", "etag", "location")

Record = dict[str, Any]
_log = logging.getLogger(__name__)
_indexed: WeakKeyDictionary[AsyncMongoClient[Any], set[str]] = WeakKeyDictionary()


async def once(
    database: Database,
    request: Request,
    act: Callable[[How], Awaitable[Response]],
    *,
    lease: float = 60,
    joined: bool = True,
) -> Response:
    """Answer a request that has a key: by doing it, or with what it was answered before.

    An error of `act` leaves the key free. Where `act` writes in sessions of its own
    (`joined=False`), or the server has no transactions, its answer is kept right after it is
    done, and not in one transaction with it. What died in between, or was cut off there while
    `act` ran, may have had its effect: sent again it is refused, and done again after `lease`
    seconds.

    Raises `HTTPException`: 400 for a malformed key, 409 while the first request with it is being
    done, or where its answer was too long to be kept, 422 for a key that belongs to another
    request.
    """
    claim = await _Claim.made(database, request, lease)
    if claim.answer is not None:
        return claim.answer
    has_begun = in_transaction = False

    async def work(how: How) -> Response:
        nonlocal has_begun, in_transaction
        has_begun, in_transaction = True, how.session is not None
        response = await act(how)
        if in_transaction:
            await claim.keep(response, how)
        return response

    try:
        response = await (together(database, work) if joined else work(How()))
    except BaseException as error:
        # The client may have gone: that must not leave its key taken where nothing was done.
        if in_transaction or not has_begun or isinstance(error, Exception):
            await asyncio.shield(claim.give_up())
        raise
    if not in_transaction:
        await asyncio.shield(claim.keep_what_stands(response))
    return response


class _Claim:
    """A key that is taken by this request; `answer` is there where it had been done before."""

    def __init__(self, records: AsyncCollection[Record], record: Record) -> None:
        self._records = records
        self._own = {"_id": record["_id"], "at": record["at"], "state": "running"}
        self.answer = _replayed(record) if record["state"] == "done" else None

    @classmethod
    async def made(cls, database: Database, request: Request, lease: float) -> _Claim:
        """Take the key of a request, or find the answer that it has got."""
        records = await _records(database)
        # Times come back in milliseconds, and are compared with what was sent.
        now = dt.datetime.now(dt.UTC)
        now = now.replace(microsecond=now.microsecond // 1000 * 1000)
        record: Record = {
            "_id": _identity(request),
            "request": await _fingerprint(request),
            "state": "running",
            "at": now,
        }
        try:
            await records.insert_one(record)
        except DuplicateKeyError:
            return cls(records, await _taken_over(records, record, lease))
        return cls(records, record)

    async def keep(self, response: Response, how: How) -> None:
        """Keep the answer. Raises `HTTPException` (409) where another took over meanwhile."""
        done = {"state": "done", **_kept(response)}
        kept = await self._records.update_one(self._own, {"$set": done}, session=how.session)
        if not kept.matched_count:
            raise _in_progress()

    async def keep_what_stands(self, response: Response) -> None:
        """Keep the answer about what cannot be taken back; the client has it in any case."""
        try:
            await self.keep(response, How())
        except (PyMongoError, HTTPException) as error:
            _log.warning(
                "the answer of a request with an Idempotency-Key was not kept: %s: %s",
                *(type(error).__name__, error),
            )

    async def give_up(self) -> None:
        """Leave the key to whoever uses it next."""
        try:
            await self._records.delete_one(self._own)
        except PyMongoError as error:
            # What went wrong before this is what the client should hear of.
            _log.warning("an Idempotency-Key stays taken for a while: %s", error)


def _kept(response: Response) -> Record:
    body = bytes(getattr(response, "body", b""))
    if len(body) > _MAX_BODY or isinstance(response, StreamingResponse):
        return {"status": response.status_code, "body": None}
    headers = {name: response.headers[name] for name in _HEADERS if name in response.headers}
    return {"status": response.status_code, "headers": headers, "body": Binary(body)}


async def _taken_over(records: AsyncCollection[Record], record: Record, lease: float) -> Record:
    found = await records.find_one({"_id": record["_id"]})
    if found is None:
        # Given up just now; the client may try again as well.
        raise _in_progress()
    if found["request"] != record["request"]:
        message = "this Idempotency-Key belongs to a request with another body; use a new one"
        raise HTTPException(422, {"code": "idempotency_key_reused", "detail": message})
    if found["state"] == "done":
        return found
    stale = {"_id": record["_id"], "at": {"$lt": record["at"] - dt.timedelta(seconds=lease)}}
    taken = await records.update_one({**stale, "state": "running"}, {"$set": {"at": record["at"]}})
    if not taken.modified_count:
        raise _in_progress()
    return record


def _in_progress() -> HTTPException:
    detail = {
        "code": "request_in_progress",
        "detail": "the first request with this Idempotency-Key is not done yet",
    }
    return HTTPException(409, detail, {"Retry-After": "1"})


def _replayed(record: Record) -> Response:
    if record["body"] is None:
        detail = "the first request with this Idempotency-Key is done; its answer was not kept"
        raise HTTPException(409, {"code": "answer_not_kept", "detail": detail})
    headers = {**record["headers"], "Idempotent-Replayed": "true"}
    return Response(bytes(record["body"]), record["status"], headers)


def _identity(request: Request) -> str:
    """Return what a key is unique in: one client's requests of one kind."""
    key = request.headers.get(HEADER, "")
    if not 1 <= len(key) <= _LONGEST_KEY or not (key.isascii() and key.isprintable()):
        raise HTTPException(400, f"{HEADER} must be 1 to {_LONGEST_KEY} printable characters")
    parts = (request.method, request.url.path, *_client(request), key)
    return sha256("\0".join(parts).encode()).hexdigest()


def _client(request: Request) -> tuple[str, ...]:
    """Return who asks: the same after a token was renewed, or a key came in another header.

    Where nobody was asked who they are, the application may know by the headers.
    """
    principal = PRINCIPAL.get()
    if principal is not None and principal.id:
        return (principal.kind, principal.id)
    return tuple(request.headers.get(name, "") for name in ("authorization", "x-api-key"))


async def _fingerprint(request: Request) -> str:
    content: bytes = request.scope.get("query_string", b"") + b"\0" + await request.body()
    return sha256(content).hexdigest()


async def _records(database: Database) -> AsyncCollection[Record]:
    """Return the collection, whose old records the server removes."""
    records = database[_COLLECTION]
    known = _indexed.setdefault(database.client, set())
    if database.name not in known:
        await records.create_index("at", expireAfterSeconds=int(_KEPT.total_seconds()))
        known.add(database.name)
    return records
