"""JSON Web Tokens of an OpenID Connect issuer (the `jwt` extra)."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, Final

from pulpo_base.addresses import is_trustworthy
from pulpo_base.api.security.key_sets import KeySet
from pulpo_base.api.security.principals import Principal
from pulpo_base.extras import needs_extra

try:
    import jwt
except ModuleNotFoundError as error:
    raise needs_extra("jwt", error) from error

__all__ = ["ALGORITHMS", "BadTokenError", "Tokens"]

#: Signatures that a public key checks. With `none`, or an algorithm whose key signs as well,
#: whoever knows the public key could make tokens (RFC 8725, 2.1).
ALGORITHMS: Final = frozenset(
    {"RS256", "RS384", "RS512", "PS256", "PS384", "PS512", "ES256", "ES384", "ES512", "EdDSA"}
)
_CLOCKS_DIFFER_S: Final = 30
_LONGEST: Final = 16_384
_REQUIRED: Final = ["exp", "iss", "aud", "sub"]


class BadTokenError(Exception):
    """A token that is not taken; the text may be shown and holds nothing of the token."""


class Tokens:
    """Judges tokens: signature, issuer, audience, `exp` and `nbf`.

    `permissions_claim` names the claim with the permissions, a list or a text with spaces; with
    dots it is one inside another (`realm_access.roles`). Raises `ValueError` for settings that
    would let everybody in, or nobody.
    """

    def __init__(
        self,
        issuer: str,
        audience: str,
        *,
        keys: KeySet,
        algorithms: Iterable[str] = ("RS256", "ES256", "EdDSA"),
        permissions_claim: str = "scope",
    ) -> None:
        allowed = frozenset(algorithms)
        if not is_trustworthy(issuer):
            raise ValueError("auth is jwt: jwt_issuer must be the https URL of the issuer")
        if not audience:
            raise ValueError("auth is jwt: jwt_audience must name whom tokens are for")
        if not allowed or not allowed <= ALGORITHMS:
            raise ValueError(f"auth is jwt: jwt_algorithms may be {', '.join(sorted(ALGORITHMS))}")
        self._issuer = issuer
        self._audience = audience
        self._keys = keys
        self._algorithms = allowed
        self._claim = permissions_claim

    async def principal(self, token: str) -> Principal:
        """Return whom a token stands for.

        Raises `BadTokenError`, and `OSError` or `ValueError` where the issuer's keys cannot be
        had.
        """
        algorithm, kid = self._header(token)
        key = await self._keys.key(kid)
        if key is None or key.get("alg", algorithm) != algorithm:
            raise BadTokenError("the token is signed with a key that the issuer does not have")
        return self._principal(self._claims(token, key, algorithm))

    def _header(self, token: str) -> tuple[str, str | None]:
        """Return what the token says of its signature; only the choice of a key follows."""
        try:
            header = jwt.get_unverified_header(token) if len(token) <= _LONGEST else {}
        except jwt.PyJWTError as error:
            raise BadTokenError("the token is malformed") from error
        algorithm, kid = header.get("alg"), header.get("kid")
        if algorithm not in self._algorithms:
            raise BadTokenError("the token is signed in a way that is not allowed")
        return algorithm, kid

    def _claims(self, token: str, key: dict[str, Any], algorithm: str) -> dict[str, Any]:
        try:
            return jwt.decode(
                token,
                jwt.PyJWK(key, algorithm),
                algorithms=[algorithm],
                audience=self._audience,
                issuer=self._issuer,
                leeway=_CLOCKS_DIFFER_S,
                options={"require": _REQUIRED},
            )
        except jwt.ExpiredSignatureError as error:
            raise BadTokenError("the token has expired") from error
        except jwt.ImmatureSignatureError as error:
            raise BadTokenError("the token is not valid yet") from error
        except jwt.InvalidAudienceError as error:
            raise BadTokenError("the token is for somebody else") from error
        except jwt.InvalidIssuerError as error:
            raise BadTokenError("the token is of another issuer") from error
        except jwt.MissingRequiredClaimError as error:
            raise BadTokenError(f"the token has no {error.claim}") from error
        except (jwt.PyJWTError, ValueError, TypeError) as error:
            raise BadTokenError("the token's signature or claims are wrong") from error

    def _principal(self, claims: dict[str, Any]) -> Principal:
        found: Any = claims.get(self._claim, claims)
        if found is claims:
            for part in self._claim.split("."):
                found = found.get(part) if isinstance(found, dict) else None
        given = found.split() if isinstance(found, str) else found
        names = given if isinstance(given, list) else []
        permissions = frozenset(name for name in names if isinstance(name, str))
        name = claims.get("name")
        return Principal("jwt", claims["sub"], name if isinstance(name, str) else "", permissions)
