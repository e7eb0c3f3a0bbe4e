"""What is written down of a run fits into the database."""

from __future__ import annotations

import bson

from pulpo_base.flows.recording import storable


def test_what_mongodb_cannot_store_is_a_text() -> None:
    largest = (1 << 63) - 1
    values = {
        "fits": [largest, -largest - 1, True, None, 1.5, "ä"],
        "large": [largest + 1, {"deep": -largest - 2}],
        "half a pair": "\ud800",
        "NUL\0": "NUL\0",
    }

    stored = bson.decode(bson.encode(storable(values)))

    assert stored == {
        "fits": values["fits"],
        "large": [str(largest + 1), {"deep": str(-largest - 2)}],
        "half a pair": "\\ud800",
        "NUL\\0": "NUL\0",
    }
