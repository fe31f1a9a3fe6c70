from __future__ import annotations

from datetime import UTC, date, datetime

import pytest

from dispatch.demand.words import day_and_time, figure, join, short_day, span
from dispatch.domain.text import Text


@pytest.mark.parametrize(
    ("value", "digits", "de", "en"),
    [
        (2760, 0, "2.760", "2,760"),
        (1234567.891, 2, "1.234.567,89", "1,234,567.89"),
        (0.04, 1, "0,0", "0.0"),
        (-3.5, 1, "-3,5", "-3.5"),
    ],
)
def test_figures_are_written_as_each_language_does(
    value: float, digits: int, de: str, en: str
) -> None:
    """German swaps point and comma."""
    assert figure(value, digits=digits) == Text(de=de, en=en)


def test_a_rate_keeps_its_sign() -> None:
    """Plus eight a day."""
    assert figure(8, sign=True) == Text(de="+8", en="+8")


def test_days_and_times_are_bochums() -> None:
    """22:30 UTC in July is half past midnight of the next day."""
    assert short_day(date(2026, 7, 17)) == Text(de="Fr 17.07.", en="Fri 17 Jul")
    assert day_and_time(datetime(2026, 7, 16, 22, 30, tzinfo=UTC)) == Text(
        de="Fr 17.07. 00:30 Uhr", en="Fri 17 Jul 00:30"
    )


@pytest.mark.parametrize(
    ("hours", "de", "en"),
    [(1, "1 Stunde", "1 hour"), (6.2, "6 Stunden", "6 hours"), (60, "2 Tagen", "2 days")],
)
def test_spans_are_hours_first_and_days_from_two_on(hours: float, de: str, en: str) -> None:
    """In the case that follows "seit" and "vor"."""
    assert span(hours) == Text(de=de, en=en)


def test_texts_are_joined_in_both_languages() -> None:
    """One reason from several."""
    assert join([Text(de="a", en="b"), Text(de="c", en="d")]) == Text(de="a; c", en="b; d")
