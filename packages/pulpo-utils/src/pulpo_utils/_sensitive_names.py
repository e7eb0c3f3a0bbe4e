"""Which names announce a secret."""

from __future__ import annotations

# Matched anywhere in the name once case and punctuation are gone: `dbPassword`, `x-api-key`.
_ANYWHERE = (
    "password",
    "passwd",
    "passphrase",
    "pwd",
    "secret",
    "authorization",
    "credential",
    "cookie",
    "apikey",
    "accesskey",
    "privatekey",
    "signingkey",
    "encryptionkey",
    "sessionid",
)
# Matched as a whole word: `auth` but not `author`, `token` but not `tokenizer`.
_WORDS = frozenset(
    {"token", "tokens", "auth", "jwt", "pass", "pin", "otp", "cvv", "cvc", "ssn", "bearer"}
)
# A word after `token` that says that the value counts or describes tokens.
_MEASURES = frozenset({"count", "counts", "limit", "type", "usage", "budget", "length", "ttl"})
_COUNTERS = frozenset({"max", "min", "total", "prompt", "completion", "input", "output", "num"})


def is_sensitive(name: object) -> bool:
    """Whether a value under `name` is to be hidden: `password`, `X-Api-Key`, `accessToken`.

    >>> [is_sensitive(name) for name in ("db_password", "Authorization", "author", "max_tokens")]
    [True, True, False, False]
    """
    if isinstance(name, bytes):
        name = name.decode("latin-1")
    if not isinstance(name, str):
        return False
    squeezed = "".join(char for char in name.lower() if char.isalnum())
    if any(part in squeezed for part in _ANYWHERE):
        return True
    words = _words(name)
    hits = _WORDS.intersection(words)
    if hits and hits <= {"token", "tokens"}:
        return words[-1] not in _MEASURES and not ("tokens" in hits and _COUNTERS & set(words))
    return bool(hits)


def _words(name: str) -> list[str]:
    """Return the words of a snake_case, kebab-case or camelCase name, in lower case."""
    words = [""]
    previous_lower = False
    for char in name:
        if not char.isalnum():
            words.append("")
        elif char.isupper() and previous_lower:
            words.append(char)
        else:
            words[-1] += char
        previous_lower = char.islower() or char.isdigit()
    return [word.lower() for word in words if word] or [""]
