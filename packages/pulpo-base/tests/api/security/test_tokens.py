"""Tokens of an issuer: which are taken, and how often its keys are fetched."""

import base64
import datetime as dt
import hashlib
import hmac
import json
import sys
from pathlib import Path
from typing import Any

import pytest

from pulpo_base.api.security.key_sets import KeySet

jwt = pytest.importorskip("jwt", reason="tokens need pulpo-base[jwt]")
from cryptography.hazmat.primitives import serialization  # noqa: E402
from cryptography.hazmat.primitives.asymmetric import ec, rsa  # noqa: E402

sys.path.insert(0, str(Path(__file__).parents[1]))
from guarded import Settings, application, asking  # noqa: E402

from pulpo_base.api.security import setup  # noqa: E402
from pulpo_base.api.security.tokens import BadTokenError, Tokens  # noqa: E402

ISSUER = "https://login.example.org/"
RSA_KEY = rsa.generate_private_key(public_exponent=65537, key_size=2048)
EC_KEY = ec.generate_private_key(ec.SECP256R1())


def public(key: Any, kid: str, **more: str) -> dict[str, Any]:
    kind = jwt.algorithms.RSAAlgorithm if key is RSA_KEY else jwt.algorithms.ECAlgorithm
    return {**kind.to_jwk(key.public_key(), as_dict=True), "kid": kid, **more}


class Issuer:
    """An issuer's web server, and a clock."""

    def __init__(self) -> None:
        self.keys = [public(RSA_KEY, "rsa", alg="RS256", use="sig"), public(EC_KEY, "ec")]
        self.asked: list[str] = []
        self.now = 1_000.0
        self.is_up = True
        self.set = KeySet(ISSUER, fetch=self.fetch, clock=lambda: self.now)

    def fetch(self, url: str) -> dict[str, Any]:
        self.asked.append(url)
        if not self.is_up:
            raise ConnectionRefusedError
        if url.endswith("openid-configuration"):
            return {"issuer": ISSUER, "jwks_uri": "https://keys.example.org/"}
        return {"keys": self.keys}

    def tokens(self, **options: Any) -> Tokens:
        return Tokens(ISSUER, "shop", keys=self.set, **options)


def claims(**more: Any) -> dict[str, Any]:
    ends = dt.datetime.now(dt.UTC) + dt.timedelta(minutes=5)
    given = {"iss": ISSUER, "aud": "shop", "sub": "ada", "exp": ends, "scope": "a:read b", **more}
    return {name: value for name, value in given.items() if value is not None}


def token(key: Any = RSA_KEY, kid: str = "rsa", algorithm: str = "RS256", **more: Any) -> str:
    return str(jwt.encode(claims(**more), key, algorithm, headers={"kid": kid}))


async def test_good_tokens_and_their_permissions() -> None:
    issuer = Issuer()
    found = await issuer.tokens().principal(token(name="Ada"))
    assert (found.kind, found.id, found.name) == ("jwt", "ada", "Ada")
    assert found.permissions == {"a:read", "b"}
    assert (await issuer.tokens().principal(token(EC_KEY, "ec", "ES256"))).id == "ada"
    listed = issuer.tokens(permissions_claim="realm_access.roles")
    given = token(realm_access={"roles": ["x", 1, "y"]})
    assert (await listed.principal(given)).permissions == {"x", "y"}
    spaced = issuer.tokens(permissions_claim="https://example.org/roles")
    more: dict[str, Any] = {"https://example.org/roles": ["z"]}
    given = token(**more)
    assert (await spaced.principal(given)).permissions == {"z"}
    assert issuer.asked == [
        f"{ISSUER}.well-known/openid-configuration",
        "https://keys.example.org/",
    ]


def forged(header: dict[str, Any], secret: bytes) -> str:
    """Return a token that is signed as `HS256` wants it."""
    ends = int(dt.datetime.now(dt.UTC).timestamp()) + 300
    parts = [json.dumps(part).encode() for part in (header, claims(exp=ends))]
    text = b".".join(base64.urlsafe_b64encode(part).rstrip(b"=") for part in parts)
    signature = base64.urlsafe_b64encode(hmac.new(secret, text, hashlib.sha256).digest())
    return (text + b"." + signature.rstrip(b"=")).decode()


async def test_bad_tokens() -> None:
    now = dt.datetime.now(dt.UTC)
    pem = RSA_KEY.public_key().public_bytes(
        serialization.Encoding.PEM, serialization.PublicFormat.SubjectPublicKeyInfo
    )
    other = rsa.generate_private_key(public_exponent=65537, key_size=2048)
    unsigned = str(jwt.encode(claims(), None, "none", headers={"kid": "rsa"}))
    head, body, signature = token().split(".")
    cases = [
        (token(exp=now - dt.timedelta(minutes=1)), "expired"),
        (token(exp=None), "no exp"),
        (token(nbf=now + dt.timedelta(minutes=1)), "not valid yet"),
        (token(aud="bank"), "somebody else"),
        (token(aud=None), "no aud"),
        (token(iss="https://evil.example/"), "another issuer"),
        (token(iss=None), "no iss"),
        (token(sub=None), "no sub"),
        (token(other), "signature"),
        (token(kid="unknown"), "does not have"),
        # The algorithm that the issuer gave the key is the only one for it.
        (token(algorithm="PS256"), "not allowed"),
        (token(EC_KEY, "rsa", "ES256"), "does not have"),
        (token(RSA_KEY, "ec", "RS256"), "signature"),
        (unsigned, "not allowed"),
        (f"{head}.{unsigned.split('.')[1]}.", "signature"),
        (forged({"alg": "HS256", "kid": "rsa"}, pem), "not allowed"),
        (forged({"alg": "RS256", "kid": "rsa"}, pem), "signature"),
        (f"{head}.{body}x.{signature}", "malformed"),
        (f"{head}.{body}", "malformed"),
        ("x", "malformed"),
        ("a" * 20_000, "not allowed"),
    ]
    tokens = Issuer().tokens()
    for given, said in cases:
        with pytest.raises(BadTokenError, match=said):
            await tokens.principal(given)


async def test_keys_are_fetched_when_needed_and_not_more_often() -> None:
    issuer = Issuer()
    assert await issuer.set.key("rsa")
    fetches = len(issuer.asked)
    for number in range(20):
        assert await issuer.set.key(f"made up {number}") is None
    assert len(issuer.asked) == fetches
    issuer.keys.append(public(EC_KEY, "new"))
    issuer.now += 31
    assert await issuer.set.key("new")
    assert len(issuer.asked) == 2 * fetches
    issuer.keys.pop()
    issuer.now += 601
    assert await issuer.set.key("new") is None
    issuer.is_up = False
    issuer.now += 601
    # What is known holds while the issuer is away.
    assert await issuer.set.key("rsa")
    with pytest.raises(ConnectionRefusedError):
        await KeySet(ISSUER, fetch=issuer.fetch).key("rsa")
    assert await issuer.set.key(None) is None


@pytest.mark.parametrize(
    ("wrong", "said"),
    [
        ({"issuer": ""}, "jwt_issuer"),
        ({"issuer": "http://login.example.org/"}, "jwt_issuer"),
        ({"audience": ""}, "jwt_audience"),
        ({"algorithms": ("HS256",)}, "jwt_algorithms"),
        ({"algorithms": ("RS256", "none")}, "jwt_algorithms"),
        ({"algorithms": ()}, "jwt_algorithms"),
    ],
)
def test_settings_that_cannot_be(wrong: dict[str, Any], said: str) -> None:
    options = {"issuer": ISSUER, "audience": "shop", "keys": Issuer().set, **wrong}
    with pytest.raises(ValueError, match=said):
        Tokens(**options)


async def test_over_http(monkeypatch: pytest.MonkeyPatch) -> None:
    issuer = Issuer()
    monkeypatch.setattr(setup, "KeySet", lambda *_: issuer.set)
    app = application(Settings(auth="jwt", jwt_issuer=ISSUER, jwt_audience="shop"))
    assert "Token" in app.openapi()["components"]["securitySchemes"]
    async with asking(app) as client:
        assert (await client.get("/api/me")).status_code == 401
        issuer.is_up = False
        given = {"Authorization": f"Bearer {token()}"}
        away = await client.get("/api/me", headers=given)
        assert (away.status_code, away.headers["retry-after"]) == (503, "5")
        issuer.is_up = True
        assert (await client.get("/api/me", headers=given)).json()["id"] == "ada"
        late = {"Authorization": f"Bearer {token(nbf=dt.datetime(2999, 1, 1, tzinfo=dt.UTC))}"}
        refused = await client.get("/api/me", headers=late)
        assert (
            'error_description="the token is not valid yet"' in refused.headers["www-authenticate"]
        )
