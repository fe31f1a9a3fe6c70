"""What would get a job in: the smallest change, confirmed by making just that."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace
from typing import TYPE_CHECKING

from dispatch.planning.causes import cause_of
from dispatch.planning.changes import Change, Kind, ProblemRemedy, apply
from dispatch.planning.check import check
from dispatch.planning.desk import Desk
from dispatch.planning.insertion import cheapest_fit_on
from dispatch.planning.problem import ANYWHERE, Order, Relation, Window, job_visit, reload_visit
from dispatch.planning.remedies import remedies
from dispatch.planning.repair import repaired
from dispatch.planning.reschedule import reschedule
from dispatch.planning.validate import validate
from scenarios.bench.explanations import odd_day
from tests.helpers.builders import EUR, a_facility, a_job, a_problem, a_shift

if TYPE_CHECKING:
    from dispatch.planning.problem import Problem

HOUR_S = 3600


def cured(problem: Problem, orders: list, job: int) -> tuple[str, ProblemRemedy]:
    """Return the cause and the smallest remedy, after filling the plan with it made."""
    cause = cause_of(problem, orders, job)
    remedy = remedies(problem, orders, job, cause=cause)[0]
    changed = apply(problem, remedy)
    assert validate(changed) == []
    desk = Desk(changed, orders)
    desk.fill()
    plan = reschedule(changed, desk.orders)
    assert job not in plan.unassigned
    assert check(changed, plan) == ()
    return cause.code, remedy


def one(kind: Kind, amount: int = 0, **parts: int) -> tuple[Change, ...]:
    """Return this change alone."""
    return (Change(kind=kind, amount=amount, **parts),)


def test_a_skill_is_given_to_the_crew_that_has_time() -> None:
    """Of two crews without it, only the one with a free day can use the skill."""
    jobs = [a_job(1, skills=frozenset({7})), a_job(2, service_s=17_000)]
    problem = a_problem(jobs=jobs, shifts=[a_shift(), a_shift(end_s=21_000)])
    found = cured(problem, [(), (job_visit(1),)], 0)
    assert found == ("no_skill", ProblemRemedy(job=0, shift=0, changes=one(Kind.SKILLS)))


def test_persons_are_added_to_the_largest_crew() -> None:
    """One more on the crew of two is less than two more on the crew of one."""
    problem = a_problem(jobs=[a_job(1, persons=3)], shifts=[a_shift(), a_shift(persons=2)])
    found = cured(problem, [(), ()], 0)
    assert found == ("no_crew_size", ProblemRemedy(job=0, shift=1, changes=one(Kind.PERSONS, 1)))


def test_a_shift_is_allowed() -> None:
    """The only shift named lacks the skill; the one that has it is not named."""
    job = a_job(1, skills=frozenset({1}), shifts=frozenset({0}))
    problem = a_problem(jobs=[job], shifts=[a_shift(), a_shift(skills=frozenset({1}))])
    found = cured(problem, [(), ()], 0)
    assert found == ("not_allowed", ProblemRemedy(job=0, shift=1, changes=one(Kind.SHIFTS)))


def test_the_vehicle_is_made_as_large_as_the_job() -> None:
    """Thirteen do not fit into ten."""
    problem = a_problem(jobs=[a_job(1, loads=(13,))], shifts=[a_shift(capacities=(10,))])
    found = cured(problem, [()], 0)
    assert found[0] == "no_capacity"
    assert found[1].changes == one(Kind.CAPACITY, 3, dimension=0)


def test_room_is_made_for_what_is_on_board() -> None:
    """Six and seven are three more than ten, and there is nowhere to unload."""
    problem = a_problem(
        jobs=[a_job(1, loads=(6,), required=True), a_job(2, loads=(7,))],
        shifts=[a_shift(capacities=(10,))],
    )
    code, remedy = cured(problem, [(job_visit(0),)], 1)
    assert (code, remedy.changes) == ("no_room", one(Kind.CAPACITY, 3, dimension=0))


def test_a_window_is_opened_earlier_or_the_shift_ends_later() -> None:
    """Work lasts until 18000; a window that opens at 19800 must open 1860 s earlier.

    A later end would have to wait for it: 1800 s, 60 s of service and 1000 s back.
    """
    late = a_job(1, windows=(Window(earliest_s=19_800, latest_s=20_000),))
    problem = a_problem(jobs=[late])
    code, first = cured(problem, [()], 0)
    assert code == "outside_windows"
    assert first.changes == one(Kind.LATER_END, 2880)
    second = remedies(problem, [()], 0)[1]
    assert second.changes == one(Kind.WINDOW_EARLIER, 2880)


def test_the_shift_ends_as_many_minutes_later_as_are_lacking() -> None:
    """17 000 s of work, and 2000 s there and back: the new job needs 1060 s beyond the end."""
    long = a_job(1, service_s=15_000, required=True)
    problem = a_problem(jobs=[long, a_job(1, service_s=2060)])
    code, remedy = cured(problem, [(job_visit(0),)], 1)
    assert (code, remedy.changes) == ("no_time", one(Kind.LATER_END, 1080))


def test_an_open_route_needs_no_way_home() -> None:
    """The crew that ends at its last stop lacks only the way there and the service."""
    shift = a_shift(end_s=3000, end_location=ANYWHERE)
    problem = a_problem(jobs=[a_job(3, service_s=600)], shifts=[shift])
    code, remedy = cured(problem, [()], 0)
    assert (code, remedy.changes) == ("too_far", one(Kind.LATER_END, 600))


def test_limits_are_raised_by_what_is_lacking() -> None:
    """One stop more, or six kilometres more."""
    stops = a_problem(jobs=[a_job(1), a_job(2)], shifts=[a_shift(max_stops=1)])
    code, remedy = cured(stops, [(job_visit(1),)], 0)
    assert (code, remedy.changes) == ("limit", one(Kind.STOPS, 1))
    metres = a_problem(jobs=[a_job(5)], shifts=[a_shift(max_distance_m=4000)])
    code, remedy = cured(metres, [()], 0)
    assert (code, remedy.changes) == ("limit", one(Kind.DISTANCE, 6000))


def test_the_battery_is_made_to_last() -> None:
    """Ten kilometres there and back on a range of eight, with nowhere to charge."""
    problem = a_problem(jobs=[a_job(5)], shifts=[a_shift(range_m=8000)])
    code, remedy = cured(problem, [()], 0)
    assert (code, remedy.changes) == ("no_range", one(Kind.RANGE, 2000))


def test_a_conflict_on_every_route_is_the_cause() -> None:
    """Each of two routes has a foe; on a third that is full it is time that is lacking."""
    jobs = [a_job(1), a_job(2), a_job(1)]
    problem = a_problem(jobs=jobs, shifts=[a_shift()] * 2, conflicts=((0, 2), (1, 2)))
    orders = [(job_visit(0),), (job_visit(1),)]
    code, remedy = cured(problem, orders, 2)
    assert (code, remedy.changes) == ("conflict", one(Kind.CONFLICT))


def test_a_strict_route_leaves_no_place() -> None:
    """Nothing may come between the two, and after them the window is over."""
    visits = (job_visit(0), reload_visit(0))
    problem = a_problem(
        jobs=[a_job(1, loads=(1,)), a_job(2, windows=(Window(earliest_s=0, latest_s=2500),))],
        shifts=[a_shift(capacities=(1,), start_s=400, skills=frozenset())],
        facilities=[a_facility(4, 0)],
        relations=(Relation(order=Order.STRICT, shift=0, visits=visits, from_start=True),),
    )
    problem = replace(problem, jobs=(problem.jobs[0], replace(problem.jobs[1], loads=(0,))))
    code, remedy = cured(problem, [visits], 1)
    assert (code, remedy.changes) == ("relation", one(Kind.RELATION))


def test_the_price_is_raised_to_the_next_cent() -> None:
    """The job costs 2 EUR and 4060 ueur more than nothing; at its own price it may stay."""
    problem = a_problem(
        jobs=[a_job(1, leave_price_ueur=EUR)], shifts=[a_shift(use_ueur=3 * EUR - 2060)]
    )
    code, remedy = cured(problem, [()], 0)
    assert (code, remedy.changes) == ("left_on_cost", one(Kind.PRICE, 2 * EUR + 10_000))


def test_two_causes_have_two_changes() -> None:
    """Neither a second person alone nor a later end alone is enough."""
    problem = a_problem(jobs=[a_job(1, persons=2, service_s=17_000)], shifts=[a_shift()])
    code, remedy = cured(problem, [()], 0)
    assert code == "no_crew_size"
    assert {change.kind for change in remedy.changes} == {Kind.PERSONS, Kind.LATER_END}


def test_what_the_law_forbids_has_no_remedy() -> None:
    """Nobody works eleven hours, however long the shift."""
    problem = a_problem(jobs=[a_job(1, service_s=11 * HOUR_S)])
    assert cause_of(problem, [()], 0).code == "too_far"
    assert remedies(problem, [()], 0) == ()


def test_causes_on_random_days_are_confirmed() -> None:
    """On days of any rules, every remedy gets its job in when just that is changed."""
    seen: Counter[str] = Counter()
    for seed in (1, 2, 6, 7):
        problem = odd_day(seed)
        desk = Desk(problem, repaired(problem, [() for _ in problem.shifts]))
        desk.fill()
        before = reschedule(problem, desk.orders)
        for job in before.unassigned[:15]:
            cause = cause_of(problem, before.orders, job)
            for remedy in remedies(problem, before.orders, job, cause=cause, most=1):
                changed = apply(problem, remedy)
                assert validate(changed) == []
                fit = cheapest_fit_on(changed, before.orders, job, remedy.shift)
                assert fit is not None
                orders = list(before.orders)
                orders[fit.shift] = fit.visits
                after = reschedule(changed, orders)
                codes = {v.code for v in check(changed, after)}
                assert codes <= {v.code for v in check(problem, before)}
                assert after.cost_ueur < reschedule(changed, before.orders).cost_ueur
                seen[cause.code] += 1
    assert seen.total() >= 20
    assert len(seen) >= 4
