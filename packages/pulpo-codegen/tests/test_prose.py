"""What is left of a docstring for people who do not call the function in Python."""

from __future__ import annotations

import pytest

from pulpo_codegen.render.prose import prose, summary

GOOGLE = """Take the money.

Once a day at most.

Args:
    data: What to pay.

Raises:
    WrongStateError: The order is not confirmed.

Note: refunds are another operation.
"""
NUMPY = """Take the money.

Parameters
----------
data : Payment
    What to pay.

Returns
-------
Receipt
"""
SPHINX = """Take the money.

:param data: What to pay,
    in euros.
:raises WrongStateError: The order is not confirmed.
"""


@pytest.mark.parametrize(
    ("description", "left"),
    [
        ("", ""),
        ("Take the money.", "Take the money."),
        (
            GOOGLE,
            "Take the money.\n\nOnce a day at most.\n\nNote: refunds are another operation.",
        ),
        (SPHINX, "Take the money."),
        ("Raises: the roof.", "Raises: the roof."),
        ("Price list:\n\n    one,\n    two", "Price list:\n\n    one,\n    two"),
    ],
)
def test_sections_go_and_all_else_stays(description: str, left: str) -> None:
    assert prose(description) == left


def test_what_numpy_does_not_indent_goes_as_well() -> None:
    assert prose(NUMPY) == "Take the money."


def test_the_summary_is_the_first_line() -> None:
    assert summary("\n  Take the money.  \nOnce.") == "Take the money."
