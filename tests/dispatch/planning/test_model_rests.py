"""Where the model lets crews rest: bounds that law and clock agree on."""

from __future__ import annotations

from dispatch.planning.law import EC_561
from dispatch.planning.model_rests import Piece, rests_of
from dispatch.planning.problem import Underway
from tests.helpers.builders import a_job, a_problem, a_shift, line

HOUR, MINUTE = 3600, 60
SHORT_WAYS = [line(*range(10))]


def test_a_break_lies_within_six_hours_and_not_at_once() -> None:
    """Of 8.5 hours: after an hour and a half, before six are full, no stretch beyond six."""
    problem = a_problem(shifts=[a_shift(end_s=8 * HOUR + 1800)], matrices=SHORT_WAYS)
    rests = rests_of(problem, problem.shifts[0])
    piece = Piece(earliest_s=90 * MINUTE, latest_s=6 * HOUR, length_s=30 * MINUTE)
    assert (rests.pieces, rests.stretch_s) == ((piece,), 6 * HOUR)


def test_ten_hours_owe_a_quarter_more_from_the_ninth_on() -> None:
    """Who is home after nine hours of work owes half an hour only."""
    problem = a_problem(shifts=[a_shift(end_s=10 * HOUR)], matrices=SHORT_WAYS)
    pieces = rests_of(problem, problem.shifts[0]).pieces
    assert [(p.latest_s, p.length_s) for p in pieces] == [
        (6 * HOUR, 30 * MINUTE),
        (9 * HOUR + 30 * MINUTE, 15 * MINUTE),
    ]


def test_long_drives_leave_room_to_move_a_break() -> None:
    """With drives of 2.5 h a break in ten hours of work may have to move by one."""
    problem = a_problem(shifts=[a_shift(end_s=10 * HOUR + 1800)])
    assert rests_of(problem, problem.shifts[0]).pieces[0].latest_s == 6 * HOUR - 9000


def test_a_break_may_have_to_move_before_a_setup() -> None:
    """The clock rests before a setup of two minutes: later at first, and stretches are shorter."""
    job = a_job(1, setup_s=120)
    problem = a_problem(jobs=[job], shifts=[a_shift(end_s=8 * HOUR)], matrices=SHORT_WAYS)
    rests = rests_of(problem, problem.shifts[0])
    assert (rests.pieces[0].earliest_s, rests.stretch_s) == (92 * MINUTE, 6 * HOUR - 120)


def test_a_short_shift_has_no_break() -> None:
    """Six hours or less need none, nor does a shift without a rule."""
    problem = a_problem(shifts=[a_shift(end_s=6 * HOUR), a_shift(end_s=9 * HOUR, break_rule=None)])
    assert [rests_of(problem, shift).pieces for shift in problem.shifts] == [(), ()]


def test_a_crew_that_has_rested_owes_no_more_than_a_short_stop() -> None:
    """Underway since six hours, rested two hours ago: only the stretch can ask for more."""
    behind = Underway(began_s=0, loads=(), rest_end_s=4 * HOUR, rested_s=30 * MINUTE)
    shift = a_shift(start_s=6 * HOUR, end_s=9 * HOUR, underway=behind)
    later = a_shift(start_s=6 * HOUR, end_s=9 * HOUR + 1800, underway=behind, break_rule=None)
    problem = a_problem(shifts=[shift, later], matrices=SHORT_WAYS)
    assert [rests_of(problem, s).length_s for s in problem.shifts] == [0, 0]


def test_little_driving_needs_no_full_break() -> None:
    """A start with two hours at the wheel: driving is capped, the break stays that of ArbZG."""
    problem = a_problem(shifts=[a_shift(end_s=8 * HOUR, break_rule=EC_561)], matrices=SHORT_WAYS)
    rests = rests_of(problem, problem.shifts[0], driven_s=2 * HOUR)
    assert (rests.length_s, rests.drive_cap_s) == (30 * MINUTE, 4 * HOUR + 1800)


def test_much_driving_takes_a_full_break_amid_the_day() -> None:
    """More than a stretch at the wheel: 45 minutes with no more than 4.5 hours on either side."""
    problem = a_problem(shifts=[a_shift(end_s=9 * HOUR, break_rule=EC_561)], matrices=SHORT_WAYS)
    rests = rests_of(problem, problem.shifts[0], driven_s=5 * HOUR)
    assert (rests.length_s, rests.stretch_s, rests.drive_cap_s) == (45 * 60, 16200, None)
