"""API keys: made once, shown once, and stored as hashes.

A key is `pulpo_<id>_<secret>`. The id finds the record; the secret has 256 random bits, so that a
plain SHA-256 of it cannot be guessed backwards (a slow hash is for passwords that people choose).
Nothing but PyMongo is needed here: the command line makes keys without starting the rest.
"""

from __future__ import annotations

import datetime as dt
import re
import secrets
from collections.abc import Iterable
from dataclasses import dataclass
from hashlib import sha256
from hmac import compare_digest
from typing import TYPE_CHECKING, Any, Final

if TYPE_CHECKING:
    from pymongo.asynchronous.database import AsyncDatabase

__all__ = ["COLLECTION", "ApiKey", "ApiKeys"]

COLLECTION: Final = "pulpo_api_keys"

_FORM: Final = re.compile(r"pulpo_([0-9a-f]{16})_([A-Za-z0-9_-]{43})", re.ASCII)
_USE_IS_KEPT_FOR: Final = dt.timedelta(minutes=1)
#: What the secret of an unknown key is compared with, so that it takes as long.
_NOTHING: Final = sha256(b"").hexdigest()

Record = dict[str, Any]


@dataclass(frozen=True, slots=True)
class ApiKey:
    """What is known of a key besides its secret; times are in UTC."""

    id: str
    name: str
    permissions: tuple[str, ...]
    created_at: dt.datetime
    expires_at: dt.datetime | None = None
    revoked_at: dt.datetime | None = None
    last_used_at: dt.datetime | None = None

    def state(self, now: dt.datetime) -> str:
        """Return `active`, `expired` or `revoked`."""
        if self.revoked_at is not None:
            return "revoked"
        return "expired" if self.expires_at is not None and self.expires_at <= now else "active"


class ApiKeys:
    """The keys of one database; its client has to be aware of time zones."""

    def __init__(self, database: AsyncDatabase[Record]) -> None:
        self._records = database[COLLECTION]

    async def create(
        self, name: str, permissions: Iterable[str], *, expires_at: dt.datetime | None = None
    ) -> tuple[ApiKey, str]:
        """Store a new key; return it and its text, which nobody can find out again."""
        key, secret = secrets.token_hex(8), secrets.token_urlsafe(32)
        record: Record = {
            "_id": key,
            "hash": _hash(secret),
            "name": name,
            "permissions": sorted(set(permissions)),
            "created_at": _now(),
            "expires_at": expires_at,
            "revoked_at": None,
            "last_used_at": None,
        }
        await self._records.insert_one(record)
        return _key(record), f"pulpo_{key}_{secret}"

    async def all(self) -> list[ApiKey]:
        """Return every key, the oldest first."""
        found = self._records.find({}, {"hash": False}).sort([("created_at", 1), ("_id", 1)])
        return [_key(record) async for record in found]

    async def revoke(self, key: str) -> bool:
        """Make a key useless from now on; return whether there is one with this id."""
        now = _now()
        # As a pipeline, so that the first time is kept.
        change = [{"$set": {"revoked_at": {"$ifNull": ["$revoked_at", now]}}}]
        return bool((await self._records.update_one({"_id": key}, change)).matched_count)

    async def known(self, text: str) -> ApiKey | None:
        """Return the key with this text, `None` for one that is unknown, expired or revoked."""
        form = _FORM.fullmatch(text)
        if form is None:
            return None
        record = await self._records.find_one({"_id": form[1]})
        fits = compare_digest((record or {}).get("hash", _NOTHING), _hash(form[2]))
        if record is None or not fits:
            return None
        key, now = _key(record), _now()
        if key.state(now) != "active":
            return None
        if key.last_used_at is None or now - key.last_used_at > _USE_IS_KEPT_FOR:
            await self._records.update_one({"_id": key.id}, {"$max": {"last_used_at": now}})
        return key


def _hash(secret: str) -> str:
    return sha256(secret.encode()).hexdigest()


def _now() -> dt.datetime:
    return dt.datetime.now(dt.UTC)


def _key(record: Record) -> ApiKey:
    return ApiKey(
        id=record["_id"],
        name=record["name"],
        permissions=tuple(record["permissions"]),
        created_at=record["created_at"],
        expires_at=record["expires_at"],
        revoked_at=record["revoked_at"],
        last_used_at=record["last_used_at"],
    )
