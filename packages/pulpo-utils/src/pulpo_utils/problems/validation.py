"""What is wrong with an input, one entry per mistake, without the values that were sent.

A location is a JSON Pointer in its URI fragment form (RFC 6901, 6; the form that RFC 9457 shows):
`#/items/0/price` for the body, `#/limit` with `"in": "query"` for a parameter.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any
from urllib.parse import quote

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from pulpo_utils.exceptions import ValidationError

__all__ = ["entry", "errors_of_request", "errors_of_validation", "pointer_to", "without_value"]

_PLACES = frozenset({"body", "query", "path", "header", "cookie"})
# What RFC 3986 allows in a fragment besides letters and digits, and needs no escape.
_FRAGMENT_SAFE = "!$&'()*+,;=:@?-._"
# pydantic's own messages that quote the input, and what they say without it.
_QUOTING = {
    "uuid_parsing": "Input should be a valid UUID",
    "timezone_offset": "Input should have another timezone offset",
    "date_from_datetime_parsing": "Input should be a valid date or datetime",
    "url_parsing": "Input should be a valid URL",
    "bytes_invalid_encoding": "Data should be valid in its encoding",
    "json_invalid": "The body is not valid JSON",
    "json_type": "Input should be JSON text",
}
# Types whose message was written by an application and may quote anything.
_OWN_TEXT = frozenset({"value_error", "assertion_error"})
_MAX_LEAVES = 1000
_INPUT = "[input]"
_RECOGNISABLE = 3  # characters; less than that is found inside any word


def errors_of_request(
    errors: Iterable[Mapping[str, Any]], body: object
) -> tuple[Mapping[str, str], ...]:
    """Return the entries for pydantic's `errors` about a request with this `body`."""
    return tuple(_request_entry(error, body) for error in errors)


def errors_of_validation(error: ValidationError) -> tuple[Mapping[str, str], ...]:
    """Return the entry for a `ValidationError` that names a `field`; dots and brackets nest."""
    field = error.details.get("field")
    if not isinstance(field, str) or not field:
        return ()
    path = [part for part in re.split(r"[.\[\]]", field) if part]
    reason = str(error.details.get("reason", error.message if error.public else error.title))
    detail = without_value(reason, error.details.get("value"))
    return (entry(pointer_to(path), "body", detail, error.code),)


def entry(pointer: str, place: str, detail: str, code: str) -> Mapping[str, str]:
    """One entry of a problem's `errors`."""
    return {"pointer": pointer, "in": place, "detail": detail, "code": code}


def pointer_to(path: Sequence[str | int]) -> str:
    """`path` as a JSON Pointer in URI fragment form.

    >>> pointer_to(["items", 0, "a/b"])
    '#/items/0/a~1b'
    """
    tokens = (str(part).replace("~", "~0").replace("/", "~1") for part in path)
    return "#" + "".join(
        "/" + quote(token, safe=_FRAGMENT_SAFE + "~", errors="replace") for token in tokens
    )


def _request_entry(error: Mapping[str, Any], body: object) -> Mapping[str, str]:
    code = str(error.get("type", "invalid"))
    place, *path = error.get("loc") or ("body",)
    if place not in _PLACES:
        place, path = "body", [place, *path]
    if code == "json_invalid":  # the location is an offset into text that is no document
        path = []
    elif place == "body":
        path = list(_existing(path, body))
    return entry(pointer_to(path), str(place), _detail(error, code), code)


def _existing(path: Sequence[Any], node: Any) -> Iterator[str | int]:
    """Leave out of `path` the names of union members that pydantic puts between real steps."""
    if not isinstance(node, (dict, list)):  # a form, or a body that is not known
        yield from path
        return
    for position, part in enumerate(path):
        if _has(node, part):
            node = node[part]
        elif position < len(path) - 1 or not isinstance(node, dict):
            continue
        yield part


def _has(node: Any, part: Any) -> bool:
    if isinstance(node, list):
        return isinstance(part, int) and part < len(node)
    return isinstance(node, dict) and part in node


def _detail(error: Mapping[str, Any], code: str) -> str:
    """Pydantic's message, or what remains of it without the input."""
    if code in _QUOTING:
        return _QUOTING[code]
    context = error.get("ctx") or {}
    if code == "union_tag_invalid":
        return f"Input tag should be one of {context.get('expected_tags', 'the expected ones')}"
    message = str(error.get("msg", "Invalid value"))
    if code in _OWN_TEXT or not _is_known(code):
        return without_value(message, error.get("input"))
    return message


def _is_known(code: str) -> bool:
    """Whether pydantic wrote the message itself."""
    from typing import get_args

    from pydantic_core.core_schema import ErrorType

    return code in get_args(ErrorType)


def without_value(message: str, value: object) -> str:
    """Return `message` with every scalar of `value` that it quotes replaced by `[input]`."""
    for text in sorted(set(_leaves(value)), key=len, reverse=True):
        if text and text.lower() in message.lower():
            pattern = re.escape(text)
            if len(text) < _RECOGNISABLE:
                pattern = rf"(?<!\w){pattern}(?!\w)"
            message = re.sub(pattern, lambda _: _INPUT, message, flags=re.IGNORECASE)
    return message


def _leaves(value: object) -> Iterator[str]:
    pending = [value]
    for _ in range(_MAX_LEAVES):
        if not pending:
            return
        node = pending.pop()
        if isinstance(node, dict):
            pending.extend(node.values())
        elif isinstance(node, (list, tuple, set, frozenset)):
            pending.extend(node)
        elif isinstance(node, str):
            yield from (node, node.strip(), repr(node)[1:-1])
        elif node is not None and not isinstance(node, bool):
            yield from (str(node), repr(node))
