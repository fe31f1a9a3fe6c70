from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from time import perf_counter

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dispatch.domain.signal import Grade, SignalKind
from dispatch.intake.quality import GRADE_RULES, describe, grade
from tests.helpers.signals import START, a_series, a_signal

OXYGEN = SignalKind.DISSOLVED_OXYGEN
G, R, S, F, Z = Grade.GOOD, Grade.OUT_OF_RANGE, Grade.SPIKE, Grade.STUCK, Grade.ZERO_RUN
J = Grade.JUMP


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


@pytest.mark.parametrize("other", [2, 14])
def test_a_level_that_cannot_be_reached_so_fast_is_a_jump(other: float) -> None:
    """From the third value that agrees it is no spike any more; up or down alike."""
    assert grades(8, 8, 8, *[other] * 5) == [G, G, G, S, S, J, J, J]


def test_a_jump_that_stays_for_three_hours_is_the_new_level() -> None:
    """By then a probe was moved or cleaned, or the water did change: fish cannot wait longer."""
    found = grades(8, 8, 8, *[2] * 14)
    assert found == [G] * 3 + [S] * 2 + [J] * 10 + [G] * 2


def test_back_on_the_old_level_the_values_are_good_at_once() -> None:
    """A probe out of the water for an hour does not spoil the hours after it."""
    assert grades(3, 3, 3, 12, 12, 12, 12, 3.2, 3.1) == [G, G, G, S, S, J, J, G, G]


def test_wild_values_that_do_not_agree_are_spikes_each() -> None:
    """Three in a row make no level."""
    assert grades(4, 4, 4, 15, 24, 10, 18, 4) == [G, G, G, S, S, S, S, G]


def test_water_that_changes_steadily_is_never_a_jump() -> None:
    """A green pond goes from 3 to 15 mg/l in a sunny forenoon."""
    assert set(grades(*(3 + 0.75 * at for at in range(17)))) == {G}


def test_soil_gets_wet_at_once_but_never_dry() -> None:
    """A watering is believed; a probe that was pulled out is not."""
    series = a_series(SignalKind.SOIL_MOISTURE, [12, 38, 37, 36, 4, 5])
    assert [s.grade for s in grade(series)] == [G, G, G, G, S, S]


def test_what_was_observed_in_the_future_has_a_wrong_clock() -> None:
    """A logger set to summer time is an hour ahead; ten minutes are forgiven."""
    ahead = [
        a_signal(OXYGEN, 8, observed_at=START + timedelta(minutes=minutes), received_at=START)
        for minutes in (5, 60)
    ]
    assert [s.grade for s in grade(ahead)] == [G, Grade.CLOCK]


def test_a_clock_that_runs_behind_shows_in_the_same_delay_each_time() -> None:
    """Heard every quarter of an hour, and always three hours old."""
    series = a_series(OXYGEN, [8, 8.1, 8.3, 8.2, 8, 8.1])
    late = [replace(s, received_at=s.observed_at + timedelta(hours=3)) for s in series]
    assert [s.grade for s in grade(late)] == [G, G, G] + [Grade.CLOCK] * 3


def test_what_comes_in_long_after_it_was_observed_is_stale_not_wrong() -> None:
    """A logger that was offline for two days sends it all at once."""
    series = a_series(OXYGEN, [5 + 0.1 * at for at in range(150)])
    backlog = [replace(s, received_at=series[-1].observed_at) for s in series]
    found = [s.grade for s in grade(backlog)]
    assert found == [Grade.STALE] * 49 + [G] * 101


def test_a_published_collection_is_not_stale() -> None:
    """Last summer's file is taken in today; its values are as good as they were."""
    series = [replace(s, received_at=START + timedelta(days=99)) for s in a_series(OXYGEN, [5, 6])]
    archived = {series[0].payload_id}
    assert {s.grade for s in grade(series, archived=archived)} == {G}
    assert {s.grade for s in grade(series)} == {Grade.STALE}


def test_a_year_is_graded_in_the_time_of_its_values() -> None:
    """Also where every value is late, off its level and flat: nothing is searched twice."""
    values = [4.2, 4.2, 16.0, 0.0] * 2_000
    late = [
        replace(s, received_at=s.observed_at + timedelta(hours=3)) for s in a_series(OXYGEN, values)
    ]
    started = perf_counter()
    grade(late)
    assert perf_counter() - started < 1


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
    st.sampled_from([0, 150, 420]),
)
def test_grades_do_not_depend_on_how_the_stream_is_cut(
    values: list[float], cut: int, late_min: int
) -> None:
    """Row by row or as a year's file: with its past as context a signal gets the same grade."""
    late = timedelta(minutes=late_min)
    series = [replace(s, received_at=s.observed_at + late) for s in a_series(OXYGEN, values)]
    whole = grade(series)
    assert (*grade(series[:cut]), *grade(series[cut:], context=series[:cut])) == whole
