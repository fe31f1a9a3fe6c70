"""Conditional tags."""

from __future__ import annotations

import pytest

from graphs.conditions import Holds, condition_holds, conditionals
from graphs.profiles import PROFILES
from graphs.working_hours import touches_work


@pytest.mark.parametrize(
    ("profile", "text", "holds"),
    [
        ("truck18", "weight>7.5", Holds.ALWAYS),
        ("van", "weight>7.5", Holds.NEVER),
        ("truck18", "weight > 7,5 t", Holds.ALWAYS),
        ("truck26", "weight>=26", Holds.ALWAYS),
        ("truck26", "weight>26", Holds.NEVER),
        ("truck26", "axles>=3", Holds.ALWAYS),
        ("truck18", "axles>=3", Holds.NEVER),
        ("truck26", "length>9.5", Holds.ALWAYS),
        ("truck18", "axleload>8", Holds.ALWAYS),
        ("truck26", "maxweightrating>7.5 AND Mo-Fr 07:00-09:00", Holds.SOMETIMES),
        ("van", "7:30-19:00 AND weight>7.5", Holds.NEVER),
        ("truck26", "weight>soft", Holds.UNREADABLE),
        ("truck26", "occupants<2", Holds.UNREADABLE),
        ("truck26", "hgv", Holds.ALWAYS),
        ("van", "hgv", Holds.NEVER),
        ("van", "goods", Holds.ALWAYS),
        ("truck26", "bus", Holds.NEVER),
        ("truck26", "destination", Holds.AT_STOPS),
        ("truck26", "delivery AND Mo-Fr 06:00-10:00", Holds.AT_STOPS),
        ("truck26", "permit holder", Holds.AT_STOPS),
        ("van", "22:00-06:00", Holds.NEVER),
        ("van", "22:00-24:00, 0:00-06:00", Holds.NEVER),
        ("van", "19:00-06:00", Holds.SOMETIMES),
        ("van", "Mo-Fr 07:00-17:00", Holds.SOMETIMES),
        ("van", "Su,PH 00:00-24:00", Holds.NEVER),
        ("van", "sunset-sunrise", Holds.SOMETIMES),
        ("van", "Nov-Mar", Holds.SOMETIMES),
        ("van", "2016 Apr 25 - 2016 Sep 26", Holds.DATED),
        ("van", "wet", Holds.NEVER),
        ("van", "moonshine", Holds.UNREADABLE),
        ("van", "", Holds.UNREADABLE),
    ],
)
def test_when_a_condition_holds(profile: str, text: str, holds: Holds) -> None:
    """Vehicles are compared, times held against the working day; the rest is unreadable."""
    assert condition_holds(text, PROFILES[profile]) is holds


@pytest.mark.parametrize(
    ("text", "values"),
    [
        ("no @ (weight>7.5); delivery @ (hgv)", [("no", Holds.ALWAYS), ("delivery", Holds.ALWAYS)]),
        ("no @ (Mo-Fr 22:00-05:00; Su 00:00-24:00)", [("no", Holds.NEVER)]),
        ("no @ Mo-Fr 22:00-05:00; Su 00:00-24:00", [("no", Holds.NEVER)]),
        ("no", [("no", Holds.UNREADABLE)]),
        ("", []),
        ("((@;", [("((", Holds.UNREADABLE)]),
    ],
)
def test_values_of_a_conditional_tag(text: str, values: list[tuple[str, Holds]]) -> None:
    """A tag holds several values, times inside a condition may hold semicolons themselves."""
    assert list(conditionals(text, PROFILES["truck18"])) == values


@pytest.mark.parametrize(
    ("text", "touches"),
    [
        ("05:00-06:00", False),
        ("05:00-06:01", True),
        ("20:00-06:00", False),
        ("19:59-20:00", True),
        ("Sa 08:00-12:00", True),
        ("Su 08:00-12:00; PH 08:00-12:00", False),
        ("Mo-Fr 22:00-05:00, Sa 08:00-12:00", True),
        ("Mo,Tu 22:00-05:00", False),
        ("24/7", True),
    ],
)
def test_which_times_touch_the_working_day(text: str, touches: bool) -> None:
    """Crews drive from 6 to 20 h, not on Sundays and holidays."""
    assert touches_work(text) is touches
