"""Planning again while the day runs: emergencies, ill crews, and how much may change."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import pytest

from dispatch.domain.errors import InvalidInput
from dispatch.planning.check import check
from dispatch.planning.desk import Desk
from dispatch.planning.problem import job_visit
from dispatch.planning.replan import Scope, replan
from dispatch.planning.reschedule import reschedule
from dispatch.planning.solution import Budget
from dispatch.planning.underway import Cut, called_off, underway_problem
from scenarios.bench.days import a_day
from tests.helpers.builders import EUR, a_job, a_problem, a_shift, written

if TYPE_CHECKING:
    from dispatch.planning.problem import Problem
    from dispatch.planning.solution import Solution

BUDGET = Budget(time_limit_s=20, solution_limit=10)


def planned(problem: Problem, *orders: tuple[int, ...]) -> Solution:
    """Return the plan in which each shift does these jobs in this order."""
    return reschedule(problem, [tuple(job_visit(job) for job in order) for order in orders])


def again(cut: Cut, scope: Scope) -> Solution:
    """Return the plan of the rest of the day; the checker must be silent."""
    found = replan(cut.problem, cut.orders, scope=scope, budget=BUDGET)
    assert check(cut.problem, found) == ()
    return found


def served(solution: Solution) -> list[list[int]]:
    """Return the jobs of each shift in their order."""
    return [[visit.index for visit in route.visits] for route in solution.routes]


@pytest.mark.parametrize("scope", Scope)
def test_an_emergency_comes_next_and_what_is_begun_stays(scope: Scope) -> None:
    """At 1500 s the crew is driving to job 1; the emergency at 4 km comes before jobs 2 and 3."""
    urgent = a_job(4, required=True, due_s=1500, late_ueur_per_s=EUR)
    problem = a_problem(jobs=[a_job(1), a_job(2), a_job(3), a_job(1), urgent])
    plan = planned(problem, (0, 1, 2, 3))
    cut = underway_problem(problem, plan, 1500)
    whole = cut.whole(again(cut, scope))
    assert written(whole[0]) == [
        "start @0 0-0-0",
        "job 0 @1 1000-1000-1060",
        "job 1 @2 2060-2060-2120",
        "job 4 @4 4120-4120-4180",
        "job 2 @3 5180-5180-5240",
        "job 3 @1 7240-7240-7300",
        "end @0 8300-8300-8300",
    ]
    assert whole[0].stops[:3] == plan.routes[0].stops[:3]


def test_the_jobs_of_an_ill_crew_are_spread_over_the_others() -> None:
    """Each of the two others takes the job that lies on its way."""
    jobs = [a_job(1), a_job(5), a_job(5), a_job(9), a_job(9)]
    shifts = [a_shift(max_stops=most, end_s=20_000) for most in (4, 2, 2)]
    problem = a_problem(jobs=jobs, shifts=shifts)
    cut = underway_problem(problem, planned(problem, (0, 1, 3), (2,), (4,)), 500)
    cut = called_off(cut, {0})
    assert served(again(cut, Scope.EVERYTHING)) == [[], [0], [1]]


def test_a_job_moves_only_if_that_saves_more_than_its_price() -> None:
    """Together the jobs at 9 km save 18 km, which is 36 000 ueur."""
    problem = a_problem(jobs=[a_job(9), a_job(9)], shifts=[a_shift(end_s=19_000)] * 2)
    plan = planned(problem, (0,), (1,))
    later = [replace(shift, start_s=200) for shift in problem.shifts]
    problem = replace(problem, shifts=tuple(later))
    calm = underway_problem(problem, plan, -1, move_ueur=50_000)
    assert served(again(calm, Scope.EVERYTHING)) == [[0], [1]]
    cheap = underway_problem(problem, plan, -1, move_ueur=10_000)
    assert sorted(map(len, served(again(cheap, Scope.EVERYTHING)))) == [0, 2]


def test_the_three_scopes_differ() -> None:
    """Job 2 is new at 9 km, where job 1 would best go too; shift 1 is idle, nearer, cheaper.

    Everything: the idle crew takes both. Routes kept: it takes the new one. Insert only: the crew
    that is out takes the new one.
    """
    problem = a_problem(
        jobs=[a_job(1), a_job(9), a_job(9)],
        shifts=[
            a_shift(start_s=100, end_s=20_000, crew_ueur_per_s=2),
            a_shift(start_s=100, start_location=9, end_location=9),
        ],
    )
    cut = underway_problem(problem, planned(problem, (0, 1), ()), -1, move_ueur=1)
    routes = {scope: served(again(cut, scope)) for scope in Scope}
    assert routes[Scope.EVERYTHING] == [[0], [1, 2]] or routes[Scope.EVERYTHING] == [[0], [2, 1]]
    assert routes[Scope.KEEP_ROUTES] == [[0, 1], [2]]
    assert sorted(routes[Scope.INSERT_ONLY][0]) == [0, 1, 2]


def test_inserting_leaves_no_published_job_for_a_dearer_one() -> None:
    """One job has room: the new one is worth more, yet only keeping the route lets it in."""
    jobs = [a_job(5, leave_price_ueur=EUR), a_job(9, leave_price_ueur=50 * EUR)]
    problem = a_problem(jobs=jobs, shifts=[a_shift(start_s=100, end_s=20_000, max_stops=1)])
    cut = underway_problem(problem, planned(problem, (0,)), 0)
    assert served(again(cut, Scope.INSERT_ONLY)) == [[0]]
    assert served(again(cut, Scope.KEEP_ROUTES)) == [[1]]


@pytest.mark.parametrize("scope", Scope)
def test_a_plan_is_never_made_dearer_and_done_stops_never_change(scope: Scope) -> None:
    """On a random day at nine o'clock, with a job more than was known."""
    problem = a_day(3, jobs=40, shifts=6)
    desk = Desk(replace(problem, jobs=problem.jobs[:-1]), [() for _ in problem.shifts])
    desk.fill()
    plan = reschedule(problem, desk.orders)
    cut = underway_problem(problem, plan, 9 * 3600)
    found = again(cut, scope)
    assert found.cost_ueur <= reschedule(cut.problem, cut.orders).cost_ueur
    for before, after in zip(plan.routes, cut.whole(found), strict=True):
        done = [stop for stop in before.stops if stop.departure_s <= 9 * 3600]
        assert list(after.stops[: len(done)]) == done


def test_progress_is_told_of_and_faults_of_the_problem_are_named() -> None:
    """Costs only fall; a problem without sense is refused with its code."""
    problem = a_problem(jobs=[a_job(1), a_job(2)])
    told: list[tuple[int, int | None]] = []
    replan(
        problem,
        [()],
        scope=Scope.EVERYTHING,
        budget=BUDGET,
        progress=lambda _, ueur, left: told.append((ueur, left)),
    )
    assert told
    assert told == sorted(told, reverse=True)
    assert told[-1][1] == 0
    with pytest.raises(InvalidInput, match="P201"):
        replan(replace(problem, horizon_s=10), [()], scope=Scope.EVERYTHING, budget=BUDGET)
