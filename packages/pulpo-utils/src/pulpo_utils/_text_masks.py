"""Secrets inside strings: credentials in URIs, `password=…` assignments, bearer tokens."""

from __future__ import annotations

from pulpo_utils._sensitive_names import is_sensitive

TYPE_CHECKING = False
if TYPE_CHECKING:
    import re

# In these schemes an "@" after the first "/" belongs to the path. Elsewhere (databases, brokers)
# it can only end a password that somebody forgot to percent-encode.
_WEB_SCHEMES = ("http", "https", "ws", "wss")
_MASK = "***"

_patterns: tuple[re.Pattern[str], ...] = ()


def mask_uri(uri: str) -> str:
    """`uri` without the user and password before its `@`, and without secrets in its query.

    >>> mask_uri("mongodb://admin:s3cret@db.example:27017/shop")
    'mongodb://***@db.example:27017/shop'
    """
    scheme, separator, rest = uri.partition("://")
    if separator:
        return f"{scheme}://{_mask_assignments(_mask_authority(rest, scheme))}"
    user, at, rest = uri.rpartition("@")
    if at and ":" in user:
        return f"{_MASK}@{_mask_assignments(rest)}"
    return mask_text(uri)


def mask_text(text: str) -> str:
    """`text` with the secrets masked that can be recognised in it.

    These are credentials inside URIs, values assigned to a sensitive name (`password=…`,
    `"token": "…"`, also in a query string), and `Authorization` and `Bearer` values. What follows
    a colon without quotes is a value if it holds more than letters or is the line's last word: so
    "password: must be longer" stays, and of a `Cookie` line nothing does.

    >>> mask_text("GET https://ann:pw@api.example/?api_key=42&page=2")
    'GET https://***@api.example/?api_key=***&page=2'
    """
    if "://" in text:
        text = _mask_uris(text)
    if "=" in text or ":" in text or "Bearer" in text:
        text = _mask_assignments(text)
    return text


def _compiled() -> tuple[re.Pattern[str], ...]:
    # Compiled on first use: `import re` is a large part of the time that an import may cost.
    global _patterns  # noqa: PLW0603
    if not _patterns:
        import re

        _patterns = (
            re.compile(r'[\s"<>`]'),
            re.compile(r"[/?#]"),
            re.compile(r"(?<![\w.-])([A-Za-z_][\w.-]{0,63})\\*[\"']?\s?([=:])\s?"),
            re.compile(
                r"(?:[bB](?=\\*[\"']))?"  # the repr of bytes
                r"(?P<value>\\+[\"'][^\"']*[\"']|\"(?:[^\"\\]|\\.)*\"|'(?:[^'\\]|\\.)*'"
                r"|[^\s&;,\"'(){}\[\]]+)",
                re.DOTALL,
            ),
            re.compile(
                r"(?i:(?P<key>authorization)[\"']?\s?[:=]\s?[\"']?(?:[a-z-]{1,20}\s)?[^\s\"',]+)"
                r"|(?P<scheme>Bearer\s)(?=[\w.~+/=-]{0,256}\d)[\w.~+/=-]{8,}"
            ),
            re.compile(r"[^\S\n]*(?:\n|$)"),
        )
    return _patterns


def _mask_uris(text: str) -> str:
    head, *pieces = text.split("://")
    masked = [head]
    scheme = _trailing_scheme(head)
    for piece in pieces:
        found = _compiled()[0].search(piece)
        end = found.start() if found else len(piece)
        masked.append(_mask_authority(piece[:end], scheme) + piece[end:])
        scheme = _trailing_scheme(piece)
    return "://".join(masked)


def _trailing_scheme(text: str) -> str:
    """Return the letters just before `://`; twenty characters hold every scheme in use."""
    scheme = ""
    for char in reversed(text[-20:]):
        if not (char.isalnum() or char in "+.-"):
            break
        scheme = char + scheme
    return scheme


def _mask_authority(token: str, scheme: str) -> str:
    """Return the part of a URI after `://`, without its user information."""
    if "@" not in token:
        return token
    if scheme.lower() not in _WEB_SCHEMES:
        return f"{_MASK}@{token.rpartition('@')[2]}"
    found = _compiled()[1].search(token)
    head = token[: found.start()] if found else token
    if "@" in head:
        return f"{_MASK}@{head.rpartition('@')[2]}{token[len(head) :]}"
    # A password with a raw "/" in it ends the authority too early; a port is all digits.
    password = head.rpartition(":")[2] if ":" in head and not head.startswith("[") else "0"
    return token if password.isdigit() else f"{_MASK}@{token.rpartition('@')[2]}"


def _mask_assignments(text: str) -> str:
    _, _, assignment, value_of, authorization, _ = _compiled()
    text = authorization.sub(_hide_authorization, text)
    parts: list[str] = []
    done = 0
    for found in assignment.finditer(text):
        if found.start() < done or not is_sensitive(found[1]):
            continue
        value = value_of.match(text, found.end())
        if value is None:
            continue
        end = value.end()
        if found[2] == ":" and value["value"][0] not in "\\\"'" and not value["value"].isdigit():
            if _is_cookie(found[1]) and value["value"] != _MASK:
                end = _end_of_line(text, found.end())
            elif not _is_secret_after_colon(found, value):
                continue
        quote = value["value"][0] if value["value"][0] in "\"'" else ""
        parts += [text[done : value.start("value")], quote, _MASK, quote]
        done = end
    return "".join(parts) + text[done:]


def _is_cookie(name: str) -> bool:
    return name.lower().endswith(("cookie", "cookies"))


def _end_of_line(text: str, start: int) -> int:
    end = text.find("\n", start)
    return len(text) if end < 0 else end


def _is_secret_after_colon(found: re.Match[str], value: re.Match[str]) -> bool:
    """Whether an unquoted value after `name:` is one, not the first word of a sentence."""
    name, text, word = found[1], found.string, value["value"]
    if name.lower().endswith(("error", "exception", "warning")):
        return False  # "InvalidTokenError: expired"
    if found[0].endswith(":"):
        if text.endswith("//", 0, found.start()):
            return False  # the host in "http://auth:8080/health"
        if "." in name and word.replace("_", "a").isalpha():
            return False  # "shop.auth:log_in" is a function of a module
    if not word.rstrip(".:!?").isalpha():
        return True
    # "field 'password': required" is a message; who quotes names of values quotes the values too
    is_quoted = found[0][len(name)] in "\\\"'"
    return not is_quoted and _compiled()[5].match(text, value.end()) is not None


def _hide_authorization(match: re.Match[str]) -> str:
    return f"{match['key']}={_MASK}" if match["key"] else f"{match['scheme']}{_MASK}"
