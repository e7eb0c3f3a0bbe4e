"""Cron expressions, as Prefect takes them."""

from __future__ import annotations

import pytest

from pulpo_analysis.validation.cron import cron_problem


@pytest.mark.parametrize(
    "text",
    [
        "* * * * *",
        "0 6 * * mon-fri",
        "*/15 8-18 1,15 JAN-jun 0,7",
        "5/10 0 l * *",
        "0 0 * * fri#2",
        "0 0 * * L5",
        "0 0 * * fri-mon",
        "0 0 29 2 *",
        "0 0 31 2 mon",
        "@daily",
        "  @Hourly ",
    ],
)
def test_good(text: str) -> None:
    assert cron_problem(text) is None


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        ("daily", "it has 1 fields, and five are needed"),
        ("0 0 * * * *", "it has 6 fields, and five are needed"),
        ("", "it has 0 fields, and five are needed"),
        ("@often", "there is no shortcut '@often'"),
        ("60 * * * *", "the minute is 60; it goes from 0 to 59"),
        ("0 24 * * *", "the hour is 24; it goes from 0 to 23"),
        ("0 0 0 * *", "the day of the month is 0; it goes from 1 to 31"),
        ("0 0 * 13 *", "the month is 13; it goes from 1 to 12"),
        ("0 0 * * 8", "the day of the week is 8; it goes from 0 to 7"),
        ("0 0 * * frieday", "'frieday' is no day of the week"),
        ("0 0 * mon *", "'mon' is no month"),
        ("30-10 * * * *", "'30-10': the minute goes from 30 down to 10"),
        ("*/0 * * * *", "'*/0': the step must be a number above 0"),
        ("*-5 * * * *", "'*-5': `*` has no range"),
        ("1,,2 * * * *", "'' is no minute"),
        ("٣ * * * *", "'٣' is no minute"),
        ("99999999999999999999 * * * *", "'99999999999999999999' is no minute"),
        ("0 0 31 2,4 *", "no month of these has a day 31"),
        ("0 0 * * fri#6", "'fri#6' is no day of the week"),
    ],
)
def test_bad(text: str, problem: str) -> None:
    assert cron_problem(text) == problem
