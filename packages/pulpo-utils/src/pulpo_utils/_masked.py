"""What an exception needs of the redaction when it is made, without loading all of it."""

from __future__ import annotations

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

__all__ = ["RedactedDict", "masked"]


class RedactedDict(dict[str, "Any"]):
    """A dict that gives out its values as they are but never prints a secret."""

    def __repr__(self) -> str:
        from pulpo_utils.redaction import mask_text, redact

        return mask_text(repr(redact(dict(self))))

    __str__ = __repr__


def masked(text: str) -> str:
    """Return `mask_text(text)`; a text without these signs has nothing to mask."""
    if "=" in text or ":" in text or "Bearer" in text:
        from pulpo_utils.redaction import mask_text

        return mask_text(text)
    return text
