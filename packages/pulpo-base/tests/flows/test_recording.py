"""What is written down of a run fits into the database."""

from __future__ import annotations

from decimal import Decimal
from pathlib import Path

import bson

from pulpo_base.runs.stand_ins import with_stand_ins


def test_what_mongodb_cannot_store_is_a_text() -> None:
    largest = (1 << 63) - 1
    values = {
        "fits": [largest, -largest - 1, True, None, 1.5, "ä"],
        "large": [largest + 1, {"deep": -largest - 2}],
        "half a pair": "\ud800",
        "NUL\0": "NUL\0",
        "what JSON does not know": (Decimal("1.5"), {Path("a\udc80")}),
    }

    stored = bson.decode(bson.encode(with_stand_ins(values)))

    assert stored == {
        "fits": values["fits"],
        "large": [str(largest + 1), {"deep": str(-largest - 2)}],
        "half a pair": "\\ud800",
        "NUL\\0": "NUL\0",
        "what JSON does not know": ["1.5", ["a\\udc80"]],
    }
