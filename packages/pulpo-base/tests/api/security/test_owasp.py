"""Each of the OWASP API Security Top 10 (2023), tried on a secured application."""

import datetime as dt
import sys
from collections.abc import AsyncIterator
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any

import httpx
import pytest
from fastapi import FastAPI

from pulpo_base.api.security.key_sets import KeySet, fetched
from pulpo_base.database.api_keys import COLLECTION, ApiKeys

sys.path.insert(0, str(Path(__file__).parents[1]))
from guarded import Settings, application, asking, database_of

KEYED = Settings(auth="api_key")
OPEN = "/api/operations/vaults.open"
NO_JSON = {"content": b"{{{", "headers": {"content-type": "application/json"}}


@dataclass
class Place:
    """The application and its database, with clients that have keys."""

    app: FastAPI
    database: Any

    async def client(self, *permissions: str, app: FastAPI | None = None) -> httpx.AsyncClient:
        _, key = await ApiKeys(self.database).create("test", permissions)
        return asking(app or self.app, key)

    async def vault(self) -> tuple[str, str]:
        """Return the ids of a person and of a vault of theirs."""
        async with await self.client("*") as admin:
            person = (await admin.post("/api/people", json={"name": "Ada"})).json()["id"]
            body = {"label": "gold", "owner": person}
            return person, (await admin.post("/api/vaults", json=body)).json()["id"]


@pytest.fixture
async def place(mongodb_url: str, database_name: str) -> AsyncIterator[Place]:
    async with database_of(mongodb_url, database_name) as database:
        yield Place(application(KEYED, database), database)


def code(answer: httpx.Response) -> str:
    """Return the code of a problem, as base alone answers it: in `detail`."""
    return str(answer.json()["detail"]["code"])


async def test_api1_objects_of_others_stay_closed(place: Place) -> None:
    """Broken object level authorization: through ids, links that are followed, and nested paths."""
    person, vault = await place.vault()
    async with await place.client("vaults:read") as reader:
        assert (await reader.get(f"/api/vaults/{vault}")).status_code == 200
        assert (await reader.get(f"/api/vaults/{person}")).status_code == 404
        for path in (
            f"/api/vaults/{vault}?expand=owner",
            "/api/vaults?expand=owner",
            "/api/vaults?fields=owner.name&expand=owner",
            f"/api/people/{person}/vaults",
        ):
            answer = await reader.get(path)
            assert (answer.status_code, code(answer)) == (403, "forbidden"), path
            assert "Ada" not in answer.text
    async with await place.client("vaults:read", "people:*") as both:
        found = (await both.get(f"/api/vaults/{vault}?expand=owner")).json()
        assert found["owner"]["name"] == "Ada"
        assert (await both.get(f"/api/people/{person}/vaults")).json()["total"] == 1


async def test_api2_only_good_credentials_let_in(place: Place) -> None:
    """Broken authentication: missing, wrong, changed, expired and revoked keys."""
    keys = ApiKeys(place.database)
    key, text = await keys.create("ada", ["*"])
    now = dt.datetime.now(dt.UTC)
    _, expired = await keys.create("old", ["*"], expires_at=now - dt.timedelta(seconds=1))
    _, lasting = await keys.create("new", ["*"], expires_at=now + dt.timedelta(hours=1))
    stored = await place.database[COLLECTION].find_one({"_id": key.id})
    secret = text.removeprefix(f"pulpo_{key.id}_")
    assert secret not in str(stored)
    same_id = f"pulpo_{key.id}_{'A' * 43}"
    wrong = ["", "x", same_id, text[:-1], text + "x", text.replace(key.id, "0" * 16), expired]
    wrong += [f"pulpo_{key.id}_{stored['hash']}"[:70], "pulpo_" + "ä" * 16 + "_" + "a" * 43]
    for given in wrong:
        async with asking(place.app) as client:
            headers = {b"x-api-key": given.encode()} if given else {}
            for path in ("/api/vaults", "/api/nothing", "/docs", "/openapi.json", "/api/me"):
                answer = await client.get(path, headers=headers)
                assert (answer.status_code, code(answer)) == (401, "unauthenticated"), given
                assert answer.headers["www-authenticate"].startswith('Bearer realm="api"')
                assert ("invalid_token" in answer.headers["www-authenticate"]) is bool(given)
    for good in (text, lasting):
        async with asking(place.app) as client:
            assert (await client.get("/api/vaults", headers={"X-API-Key": good})).is_success
            bearer = {"Authorization": f"bearer {good}"}
            assert (await client.get("/api/vaults", headers=bearer)).is_success
            assert (await client.get("/health")).is_success
    used = {found.name: found.last_used_at for found in await keys.all()}
    assert used["ada"] is not None
    assert used["old"] is None
    assert await keys.revoke(key.id)
    assert not await keys.revoke("0" * 16)
    async with asking(place.app, text) as client:
        assert (await client.get("/api/vaults")).status_code == 401


async def test_api3_properties_that_are_not_writable_are_refused(place: Place) -> None:
    """Broken object property level authorization: mass assignment."""
    _, vault = await place.vault()
    async with await place.client("vaults:*") as client:
        for field in ("id", "_id", "revision_id", "is_admin", "owner.name", "$set"):
            answer = await client.patch(f"/api/vaults/{vault}", json={field: "x"})
            assert answer.status_code == 422, field
        assert set((await client.get(f"/api/vaults/{vault}")).json()) == {"id", "label", "owner"}


async def test_api4_nobody_gets_more_than_their_share(place: Place) -> None:
    """Unrestricted resource consumption: the rate of a key, and large bodies and pages."""
    app = application(KEYED.but(rate_limit=3, max_body_bytes=1_000), place.database)
    async with await place.client("*", app=app) as one, await place.client("*", app=app) as other:
        codes = [(await one.get("/api/vaults")).status_code for _ in range(4)]
        refused = await one.get("/api/vaults")
        assert codes == [200, 200, 200, 429]
        assert code(refused) == "rate_limit_exceeded"
        assert 1 <= int(refused.headers["retry-after"]) <= 20
        assert (await other.get("/api/vaults?page_size=1000000")).status_code == 422
        assert (await other.post("/api/vaults", content=b"x" * 1_001)).status_code == 413
        # Chunked: nobody says beforehand how much is coming.
        headers = {"content-type": "application/json"}
        answer = await other.post("/api/vaults", content=_stream(), headers=headers)
        assert (answer.status_code, code(answer)) == (413, "content_too_large")
    async with asking(app, peer="192.0.2.7") as guessing:
        tries = [(await guessing.get("/api/vaults")).status_code for _ in range(4)]
        assert tries == [401, 401, 401, 429]


async def _stream() -> AsyncIterator[bytes]:
    for _ in range(20):
        yield b"x" * 100


async def test_api5_permissions_come_before_everything_else(place: Place) -> None:
    """Broken function level authorization: judged before a body is read."""
    _, vault = await place.vault()
    async with await place.client("vaults:read", "people") as reader:
        for method, path in (
            ("POST", OPEN),
            ("POST", f"{OPEN}?validate_only=true"),
            ("POST", "/api/vaults"),
            ("POST", "/api/people"),
            ("PATCH", f"/api/vaults/{vault}"),
            ("PATCH", "/api/vaults/no-id"),
        ):
            answer = await reader.request(method, path, **NO_JSON)  # type: ignore[arg-type]
            assert (answer.status_code, code(answer)) == (403, "forbidden"), path
            assert 'error="insufficient_scope"' in answer.headers["www-authenticate"]
    async with await place.client("vaults:open") as opener:
        answer = await opener.post(OPEN, **NO_JSON)  # type: ignore[arg-type]
        assert answer.status_code == 422
        headers = {"Idempotency-Key": "1"}
        done = await opener.post(OPEN, json={"vault": "1"}, headers=headers)
        assert done.json() == "1 opened by test"
        assert (await opener.get("/api/vaults")).status_code == 403
    async with await place.client() as nobody:
        # An answer that is kept for others is nobody else's.
        assert (await nobody.post(OPEN, json={"vault": "1"}, headers=headers)).status_code == 403


async def test_api6_a_business_flow_is_done_once_for_one_key(place: Place) -> None:
    """Unrestricted access to sensitive business flows: replays, and automation by rate."""
    app = application(KEYED.but(rate_limit=6), place.database)
    async with await place.client("*", app=app) as client:
        body, headers = {"name": "Eve"}, {"Idempotency-Key": "same"}
        first, again = [await client.post("/api/people", json=body, headers=headers) for _ in "12"]
        assert first.json()["id"] == again.json()["id"]
        codes = [(await client.post(OPEN, json={"vault": "1"})).status_code for _ in range(9)]
        assert codes == [200] * 4 + [429] * 5


async def test_an_idempotency_key_belongs_to_a_client_and_not_to_a_header(place: Place) -> None:
    keys = ApiKeys(place.database)
    (_, text), (_, others) = [await keys.create("test", ["*"]) for _ in "12"]
    body, headers = {"name": "Eve"}, {"Idempotency-Key": "same"}
    places = []
    for given in ({"X-API-Key": text}, {"Authorization": f"Bearer {text}"}, {"X-API-Key": others}):
        async with asking(place.app) as client:
            answer = await client.post("/api/people", json=body, headers=headers | given)
            places.append(answer.headers["location"])
    assert places[0] == places[1] != places[2]


async def test_api7_no_request_makes_the_server_fetch_something() -> None:
    """Server side request forgery: the one fetch that there is goes to the configured issuer."""
    for url in ("http://169.254.169.254/latest", "file:///etc/passwd", "ftp://x.org", "//x", ""):
        with pytest.raises(ValueError, match="https"):
            fetched(url)
    asked: list[str] = []

    def fetch(url: str) -> dict[str, Any]:
        asked.append(url)
        return {"issuer": "https://evil.example", "jwks_uri": "http://169.254.169.254/"}

    with pytest.raises(ValueError, match="another issuer"):
        await KeySet("https://login.example.org/", fetch=fetch).key("../../kid?jku=http://evil")
    assert asked == ["https://login.example.org/.well-known/openid-configuration"]


async def test_api8_defaults_are_closed(place: Place) -> None:
    """Security misconfiguration: reach, CORS, headers, traces, and settings that cannot be."""
    open_app = application(Settings(), place.database)
    for server, host, status in (
        ("127.0.0.1", "127.0.0.1", 200),
        ("[::1]", "[::1]:8000", 200),
        ("127.0.0.1", "app.localhost:8000", 200),
        ("127.0.0.1", "evil.example", 403),
        ("192.0.2.1", "192.0.2.1", 403),
        ("192.0.2.1", "127.0.0.1", 403),
    ):
        async with asking(open_app, base_url=f"http://{server}") as client:
            answer = await client.get("/api/me", headers={"host": host})
            assert answer.status_code == status, (server, host)
    told = application(Settings(public_without_auth=True), place.database)
    async with asking(told, base_url="http://192.0.2.1") as client:
        assert (await client.get("/api/me")).json()["kind"] == "anyone"
        failed = await client.post("/api/operations/vaults.break")
        assert failed.status_code == 500
        assert "1234" not in failed.text
        assert "Traceback" not in failed.text
    for wrong in (
        {"auth": "apikey"},
        {"auth": "jwt"},
        {"auth": "jwt", "jwt_issuer": "http://x.org"},
    ):
        with pytest.raises(ValueError, match="auth is"):
            application(Settings().but(**wrong))


async def test_api8_what_a_proxy_passes_on_was_not_asked_here(place: Place) -> None:
    app = application(Settings(), place.database)
    async with asking(app) as client, asking(place.app) as closed:
        for name in ("Forwarded", "X-Forwarded-For", "X-Real-IP", "Via", "CF-Connecting-IP"):
            answer = await client.get("/api/me", headers={name: "203.0.113.9"})
            assert (answer.status_code, code(answer)) == (403, "loopback_only"), name
            # Credentials are asked for, whichever way a request came.
            assert (await closed.get("/api/me", headers={name: "x"})).status_code == 401
        assert (await client.get("/health", headers={"Via": "1.1 x"})).status_code == 200


@pytest.mark.parametrize(
    ("host", "headers", "status"),
    [
        ("shop.test", {}, 200),
        ("SHOP.test:8000", {}, 200),
        ("a.shop.example", {"X-Forwarded-For": "203.0.113.9"}, 200),
        ("localhost:8000", {}, 200),
        ("localhost:8000", {"X-Forwarded-For": "203.0.113.9"}, 421),
        ("shop.example", {}, 421),
        ("evil.example", {}, 421),
        ("shop.test.evil.example", {}, 421),
        ("[", {}, 421),
    ],
)
async def test_api8_an_api_answers_to_its_names(
    place: Place, host: str, headers: dict[str, str], status: int
) -> None:
    """DNS rebinding: a container is asked from elsewhere, so only the name tells."""
    names = ("shop.test", "*.shop.example")
    app = application(Settings(public_without_auth=True, allowed_hosts=names), place.database)
    async with asking(app, base_url="http://192.0.2.1") as client:
        answer = await client.get("/api/me", headers={"host": host, **headers})
        assert answer.status_code == status
        assert status == 200 or code(answer) == "host_not_allowed"
        assert (await client.get("/health", headers={"host": "10.0.0.7:8000"})).status_code == 200
    keyed = application(KEYED.but(allowed_hosts=names), place.database)
    async with asking(keyed, base_url="http://192.0.2.1") as client:
        # Who has a key may be passed on by a proxy that calls us by the name of this machine.
        is_ours = status == 200 or host.startswith("localhost")
        answer = await client.get("/api/me", headers={"host": host, **headers})
        assert answer.status_code == (401 if is_ours else 421)
    here = application(Settings(allowed_hosts=names), place.database)
    async with asking(here) as client:
        answer = await client.get("/api/me", headers={"host": host, **headers})
        assert answer.status_code == (200 if status == 200 and not headers else 403)


OTHERS = [
    {"Origin": "https://evil.example", "Sec-Fetch-Site": "cross-site"},
    {"Origin": "http://127.0.0.1:3000", "Sec-Fetch-Site": "same-site"},
    {"Origin": "null", "Sec-Fetch-Site": "cross-site"},
    {"Sec-Fetch-Site": "cross-site"},
    {"Origin": "https://evil.example"},
    {"Origin": "null"},
]
OWN = [
    {},
    {"Origin": "http://127.0.0.1", "Sec-Fetch-Site": "same-origin"},
    # A development server passes on what its own page asks for.
    {"Origin": "http://127.0.0.1:5173", "Sec-Fetch-Site": "same-origin"},
    {"Sec-Fetch-Site": "none"},
    {"Origin": "http://127.0.0.1"},
]


@pytest.mark.parametrize("public", [False, True])
async def test_api8_pages_of_other_sites_change_nothing(place: Place, public: bool) -> None:
    """Cross-site request forgery: where nobody is asked, a browser is all that a page needs."""
    trusted = "https://admin.example.org"
    settings = Settings(public_without_auth=public, cors_origins=(trusted,))
    app = application(settings, place.database)
    async with asking(app) as client:
        for headers in OTHERS:
            for method in ("POST", "PUT", "PATCH", "DELETE"):
                answer = await client.request(method, "/api/people", headers=headers)
                assert (answer.status_code, code(answer)) == (403, "another_site"), headers
            assert (await client.get("/api/me", headers=headers)).status_code == 200
        for headers in (*OWN, {"Origin": trusted, "Sec-Fetch-Site": "cross-site"}):
            answer = await client.post("/api/people", json={"name": "Ada"}, headers=headers)
            assert answer.status_code == 201, headers
    async with await place.client("*") as client:
        # No browser adds a key by itself: who has it may send it from anywhere.
        answer = await client.post("/api/people", json={"name": "Ada"}, headers=OTHERS[0])
        assert answer.status_code == 201


async def test_api8_browsers_are_told_what_they_may(place: Place) -> None:
    origin, evil = "https://admin.example.org", "https://evil.example"
    app = application(KEYED.but(cors_origins=(origin,), public_paths=("/docs",)), place.database)
    ask = {"Access-Control-Request-Method": "PATCH", "Access-Control-Request-Headers": "if-match"}
    async with asking(app) as client, asking(place.app) as closed:
        allowed = await client.options("/api/vaults", headers={"Origin": origin, **ask})
        assert allowed.headers["access-control-allow-origin"] == origin
        assert "PATCH" in allowed.headers["access-control-allow-methods"]
        for refused in (
            await client.options("/api/vaults", headers={"Origin": evil, **ask}),
            await closed.options("/api/vaults", headers={"Origin": origin, **ask}),
        ):
            assert "access-control-allow-origin" not in refused.headers
        answer = await client.get("/api/vaults", headers={"Origin": origin})
        assert answer.status_code == 401
        assert answer.headers["access-control-allow-origin"] == origin
        assert answer.headers["x-content-type-options"] == "nosniff"
        assert answer.headers["x-frame-options"] == "DENY"
        assert answer.headers["cache-control"] == "private, no-cache"
        assert answer.headers["content-security-policy"].startswith("default-src 'none'")
        page = await client.get("/docs")
        assert page.headers["content-security-policy"] == "frame-ancestors 'none'"
        assert (await client.get("/docsx")).status_code == 401


async def test_api9_the_inventory_says_what_every_route_wants(place: Place) -> None:
    """Improper inventory management: OpenAPI is complete, and closed like all the rest."""
    schema = place.app.openapi()
    assert schema["components"]["securitySchemes"]["ApiKey"]["name"] == "X-API-Key"
    paths = schema["paths"]
    assert paths["/health"]["get"]["security"] == []
    listed, created = paths["/api/vaults"]["get"], paths["/api/vaults"]["post"]
    assert listed["x-permissions"] == ["vaults:read"]
    assert created["x-permissions"] == ["vaults:read", "vaults:write"]
    assert created["security"] == [{"ApiKey": ["vaults:read", "vaults:write"]}]
    assert {"401", "403", "413"} <= created["responses"].keys()
    assert paths[OPEN]["post"]["x-permissions"] == ["vaults:open"]
    async with await place.client("vaults:read") as reader:
        me = (await reader.get("/api/me")).json()
        for name, may in me["models"].items():
            path = {"Person": "/api/people", "Vault": "/api/vaults"}[name]
            written = await reader.post(path, json={})
            assert (written.status_code != 403) is ("write" in may)
        assert me["models"] == {"Person": [], "Vault": ["read"]}
        assert me["operations"] == ["vaults.break"]
    assert "securitySchemes" not in application(Settings()).openapi()["components"]


async def test_api10_what_an_issuer_answers_is_not_believed() -> None:
    """Unsafe consumption of APIs: of the one service that is asked, only public keys are taken."""
    bad: list[Any] = [
        {"kty": "oct", "kid": "a", "k": "c2VjcmV0"},
        {"kty": "RSA", "kid": "a", "use": "enc"},
        "a",
        None,
        {},
    ]
    for keys in (bad, "a", None, {"a": 1}):
        answer = {"keys": keys}
        found = KeySet("https://x.org", "https://x.org/k", fetch=partial(_same, answer))
        assert await found.key("a") is None


def _same(answer: dict[str, Any], _url: str) -> dict[str, Any]:
    return answer
