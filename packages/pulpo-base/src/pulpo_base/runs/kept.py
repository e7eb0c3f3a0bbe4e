"""What is kept of a step that succeeded; imports no driver."""

from __future__ import annotations

from dataclasses import dataclass

__all__ = ["KeptText"]


@dataclass(frozen=True, slots=True)
class KeptText:
    """What a step returned, as text, under the key of the step."""

    key: str
    operation: str
    text: str
