"""A plan cut at a moment of its day: what is frozen, what lies behind, what can be kept no more."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from dispatch.domain.plan import StopKind
from dispatch.planning.check import check
from dispatch.planning.desk import Desk
from dispatch.planning.law import EC_561
from dispatch.planning.problem import Order, Problem, Relation, Window, job_visit, reload_visit
from dispatch.planning.reschedule import reschedule
from dispatch.planning.underway import called_off, underway_problem
from dispatch.planning.validate import validate
from scenarios.bench.bochum_days import bochum_day
from tests.helpers.builders import DAY_S, a_facility, a_job, a_problem, a_shift, written

if TYPE_CHECKING:
    from dispatch.planning.solution import Solution


def planned(problem: Problem, *orders: tuple[int, ...]) -> Solution:
    """Return the plan in which each shift does these jobs in this order."""
    return reschedule(problem, [tuple(job_visit(job) for job in order) for order in orders])


def a_line(*places: int) -> Problem:
    """Return one shift and a job at each place."""
    return a_problem(jobs=[a_job(place) for place in places])


def test_done_and_started_stops_are_frozen_and_the_rest_goes_on_from_there() -> None:
    """At 1500 s job 0 is done and the crew is driving to job 1: both stay as they are."""
    problem = a_line(1, 2, 3)
    plan = planned(problem, (0, 1, 2))
    cut = underway_problem(problem, plan, 1500)
    assert cut.jobs == (2,)
    assert cut.orders == ((job_visit(0),),)
    rest = reschedule(cut.problem, cut.orders)
    assert written(rest.routes[0]) == [
        "start @2 2120-2120-2120",
        "job 0 @3 3120-3120-3180",
        "end @0 6180-6180-6180",
    ]
    assert cut.whole(rest) == plan.routes


def test_a_crew_that_waits_for_a_window_may_go_elsewhere() -> None:
    """At 2000 s it has stood at job 0 for 1000 s, which opens at 4000 s: nothing is begun."""
    late = a_job(1, windows=(Window(earliest_s=4000, latest_s=9000),))
    problem = a_problem(jobs=[late, a_job(2)])
    cut = underway_problem(problem, planned(problem, (0, 1)), 2000)
    assert cut.jobs == (0, 1)
    on = cut.problem.shifts[0]
    assert (on.start_location, on.start_s) == (1, 2000)
    assert on.underway is not None
    assert (on.underway.driven_s, on.underway.distance_m) == (1000, 1000)


def test_loads_rests_and_driving_lie_behind_a_shift() -> None:
    """Unloaded once, then collected 3; rested 45 minutes, from which driving counts anew."""
    jobs = [a_job(9, loads=(5,), service_s=9000), a_job(5, loads=(3,)), a_job(1, loads=(1,))]
    shift = a_shift(capacities=(6,), end_s=9 * 3600, break_rule=EC_561)
    problem = a_problem(jobs=jobs, shifts=[shift], facilities=[a_facility(9, 0)])
    order = (job_visit(0), reload_visit(0), job_visit(1), job_visit(2))
    plan = reschedule(problem, [order])
    rest = next(stop for stop in plan.routes[0].stops if stop.kind is StopKind.BREAK)
    cut = underway_problem(problem, plan, rest.departure_s + 1)
    behind = cut.problem.shifts[0].underway
    assert behind is not None
    assert (behind.began_s, behind.rested_s, behind.rest_end_s) == (0, 2700, rest.departure_s)
    assert not behind.half_rest
    assert behind.driven_since_s < behind.driven_s
    later = underway_problem(problem, plan, plan.routes[0].stops[-2].arrival_s - 1)
    assert [stop.loads for stop in later.behind[0]][-1] == (4,)


def test_a_shift_that_is_not_out_yet_goes_out_from_now_on_and_one_that_is_home_no_more() -> None:
    """Shift 0 came home at 2060 s, shift 1 stayed idle, shift 2 begins later."""
    shifts = [a_shift(), a_shift(), a_shift(start_s=9000)]
    problem = a_problem(jobs=[a_job(1), a_job(2)], shifts=shifts)
    cut = underway_problem(problem, planned(problem, (0,), (), (1,)), 3000)
    assert [shift.max_stops for shift in cut.problem.shifts] == [0, None, None]
    assert [shift.start_s for shift in cut.problem.shifts][1:] == [3000, 9000]
    assert all(shift.underway is None for shift in cut.problem.shifts)


def test_what_was_reported_done_counts_and_not_what_was_planned() -> None:
    """Job 0 took 500 s longer, so at 2500 s the crew is on its way to job 1 and there at 2560 s."""
    problem = a_line(1, 2, 3)
    cut = underway_problem(problem, planned(problem, (0, 1, 2)), 2500, {0: 1560})
    assert written(cut.whole(reschedule(cut.problem, cut.orders))[0])[2:4] == [
        "job 1 @2 2560-2560-2620",
        "job 2 @3 3620-3620-3680",
    ]


def test_a_job_that_should_be_over_but_is_not_reported_ends_now() -> None:
    """At 5000 s nobody has heard of job 1, which was due to end at 2120 s."""
    problem = a_line(1, 2, 3)
    cut = underway_problem(problem, planned(problem, (0, 1, 2)), 5000, {0: 1060})
    assert cut.problem.shifts[0].start_s == 5000
    assert cut.jobs == (2,)


def test_jobs_that_the_crew_passed_over_are_free() -> None:
    """Job 1 was reported done before job 0: job 0 is in no order, but still published there."""
    problem = a_line(1, 2, 3)
    cut = underway_problem(problem, planned(problem, (0, 1, 2)), 2130, {1: 2120})
    assert cut.jobs == (0,)
    assert cut.orders == ((),)
    assert cut.problem.jobs[0].published == 0


def test_an_ill_crew_leaves_its_jobs_free_and_its_vehicle_where_it_stands() -> None:
    """The route ends with the last frozen stop; what is on board is written there."""
    jobs = [a_job(1, loads=(3,)), a_job(2, loads=(2,))]
    problem = a_problem(jobs=jobs, shifts=[a_shift(capacities=(9,)), a_shift(capacities=(9,))])
    cut = called_off(underway_problem(problem, planned(problem, (0, 1), ()), 500), {0})
    rest = reschedule(cut.problem, cut.orders)
    assert rest.unassigned == (0,)
    assert cut.problem.jobs[0].published == -1
    last = cut.whole(rest)[0].stops[-1]
    assert (last.kind, last.index, last.location, last.loads) == (StopKind.JOB, 0, 1, (3,))


def test_locked_work_whose_window_is_missed_is_widened_and_said() -> None:
    """Job 1 was promised first until 1500 s, but job 0 took until 3000 s."""
    jobs = [a_job(1), a_job(2, windows=(Window(earliest_s=0, latest_s=2500),))]
    visits = (job_visit(0), job_visit(1))
    locked = Relation(order=Order.STRICT, shift=0, visits=visits, from_start=True)
    problem = a_problem(jobs=jobs, relations=(locked,))
    plan = planned(problem, (0, 1))
    cut = underway_problem(problem, plan, 1030, {})
    assert cut.relaxed == ()
    cut = underway_problem(problem, plan, 3000, {})
    assert [(v.code, v.subject, v.amount) for v in cut.relaxed] == [("V201", "job 0", 1500)]
    assert validate(cut.problem) == []
    assert check(cut.problem, reschedule(cut.problem, cut.orders)) == ()


def test_a_crew_that_cannot_be_home_in_time_comes_home_late_and_that_is_said() -> None:
    """Its shift ends at 5000 s; at 4800 s it is still at work 2000 s from home."""
    problem = a_problem(jobs=[a_job(2)], shifts=[a_shift(end_s=5000)])
    cut = underway_problem(problem, planned(problem, (0,)), 4800, {})
    assert [(v.code, v.subject, v.amount) for v in cut.relaxed] == [("V302", "shift 0", 1800)]
    assert check(cut.problem, reschedule(cut.problem, cut.orders)) == ()


def test_a_strict_relation_that_has_begun_goes_on_at_once_and_conflicts_are_remembered() -> None:
    """Jobs 0 and 1 are bound together, and 3 may not be on the shift that has done 0."""
    bond = Relation(order=Order.STRICT, shift=0, visits=(job_visit(0), job_visit(1)))
    jobs = [a_job(place) for place in (1, 2, 3, 4)]
    shifts = [a_shift(), a_shift()]
    problem = a_problem(jobs=jobs, shifts=shifts, relations=(bond,), conflicts=((0, 3),))
    cut = underway_problem(problem, planned(problem, (0, 1, 2), ()), 900)
    assert cut.problem.relations == (replace(bond, visits=(job_visit(0),), from_start=True),)
    assert cut.problem.conflicts == ()
    assert cut.problem.jobs[2].shifts == frozenset({1})


def test_a_vehicle_that_left_before_the_release_does_not_have_it_on_board() -> None:
    """What job 1 needs lies ready from 500 s on, the vehicle left at 0 s."""
    problem = a_problem(jobs=[a_job(1), a_job(2)], shifts=[a_shift(), a_shift()])
    plan = planned(problem, (0,), ())
    late = replace(problem, jobs=(problem.jobs[0], a_job(2, release_s=500)))
    assert underway_problem(late, plan, 700).problem.jobs[0].shifts == frozenset({1})


def test_a_sound_plan_stays_the_same_wherever_it_is_cut_even_twice() -> None:
    """On a city day with all rules the rest is sound, and frozen and rest are the old plan."""
    problem = bochum_day(1, jobs=60, shifts=5)
    desk = Desk(problem, [() for _ in problem.shifts])
    desk.fill()
    plan = reschedule(problem, desk.orders)
    ends = [route.stops[-1].departure_s for route in plan.routes if route.stops]
    for now_s in range(6 * 3600, DAY_S - 6 * 3600, 4999):
        cut = underway_problem(problem, plan, now_s)
        rest = reschedule(cut.problem, cut.orders)
        assert validate(cut.problem) == []
        assert (cut.relaxed, check(cut.problem, rest)) == ((), ())
        whole = cut.whole(rest)
        assert [route.visits for route in whole] == [route.visits for route in plan.routes]
        assert [r.stops[-1].departure_s for r in whole if r.stops] == ends
        again = underway_problem(cut.problem, rest, now_s + 1800)
        assert check(again.problem, reschedule(again.problem, again.orders)) == ()
