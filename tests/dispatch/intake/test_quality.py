from __future__ import annotations

from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dispatch.domain.signal import Grade, SignalKind
from dispatch.intake.quality import GRADE_RULES, describe, grade
from tests.helpers.signals import START, a_series, a_signal

OXYGEN = SignalKind.DISSOLVED_OXYGEN
G, R, S, F, Z = Grade.GOOD, Grade.OUT_OF_RANGE, Grade.SPIKE, Grade.STUCK, Grade.ZERO_RUN


def grades(*values: float, every_min: int = 15) -> list[Grade]:
    series = a_series(OXYGEN, values, every=timedelta(minutes=every_min))
    return [s.grade for s in grade(series)]


def test_every_kind_has_a_rule_and_every_grade_a_name() -> None:
    """A new kind of signal cannot slip past grading."""
    assert set(GRADE_RULES) == set(SignalKind)
    assert all(describe(g).de and describe(g).en for g in Grade)


@pytest.mark.parametrize(
    ("kind", "value"),
    [
        (OXYGEN, 9999),
        (OXYGEN, 184),
        (OXYGEN, -0.1),
        (SignalKind.SOIL_CONDUCTIVITY, 28_200),
        (SignalKind.SOIL_MOISTURE, 100.5),
        (SignalKind.FILL_LEVEL, -40),
        (SignalKind.WATER_TEMPERATURE, 9999),
        (SignalKind.WATER_LEVEL, 9999),
    ],
)
def test_what_cannot_be_is_out_of_range(kind: SignalKind, value: float) -> None:
    """The figures the real loggers send when they are broken."""
    assert grade([a_signal(kind, value)])[0].grade is Grade.OUT_OF_RANGE


def test_a_single_jump_is_a_spike_and_the_next_value_is_good_again() -> None:
    """One wild value neither counts nor spoils its neighbours."""
    assert grades(8, 8.1, 15.9, 8.2, 8.1) == [G, G, S, G, G]


def test_a_jump_that_stays_is_a_new_level() -> None:
    """After three values the new level is believed."""
    assert grades(8, 8, 8, 2, 2, 2, 2, 2) == [G, G, G, S, S, S, G, G]


def test_after_a_gap_nothing_is_called_a_spike() -> None:
    """A value from before the night says nothing about the morning."""
    assert grades(9, 2, every_min=240) == [G, G]


def test_exact_zeros_are_never_good() -> None:
    """A logger writes 0 for a probe that does not answer; such a zero must not raise an alarm."""
    assert grades(3.1, 0, 0, 3.0, 0.01) == [G, Z, Z, G, G]


def test_a_flat_line_is_stuck_after_six_hours() -> None:
    """Living water moves; 4.20, 4.21, 4.20 for six hours is a dead probe."""
    found = grades(*([4.20, 4.21] * 13))
    assert found == [G] * 24 + [F] * 2


def test_water_that_moves_a_little_is_not_stuck() -> None:
    """A calm night's tenth of a milligram suffices."""
    assert set(grades(*(4 + 0.004 * at for at in range(60)))) == {G}


def test_a_gap_begins_the_flat_window_anew() -> None:
    """Nobody knows what happened while nothing came."""
    early = a_series(OXYGEN, [4.2] * 20)
    late = a_series(OXYGEN, [4.2] * 20, start=START + timedelta(hours=10))
    assert {s.grade for s in grade([*early, *late])} == {G}


def test_a_bad_grade_from_before_is_kept() -> None:
    """A level that calibration put out of range stays so."""
    (found,) = grade([a_signal(SignalKind.FILL_LEVEL, 50, grade=Grade.OUT_OF_RANGE)])
    assert found.grade is Grade.OUT_OF_RANGE


def test_nothing_in_nothing_out() -> None:
    """An empty series is no special case for the caller."""
    assert grade([]) == ()


@given(
    st.lists(st.sampled_from([0.0, 0.01, 4.2, 4.21, 9.0, 16.0, 9999.0]), max_size=80),
    st.integers(0, 80),
)
def test_grades_do_not_depend_on_how_the_stream_is_cut(values: list[float], cut: int) -> None:
    """Row by row or as a year's file: with its past as context a signal gets the same grade."""
    series = a_series(OXYGEN, values)
    whole = grade(series)
    assert (*grade(series[:cut]), *grade(series[cut:], context=series[:cut])) == whole
