"""Each rule that goes through PyVRP, on the line world: its orders, before anything is repaired."""

from __future__ import annotations

import numpy as np

from dispatch.planning.problem import (
    Matrix,
    Problem,
    Visit,
    Window,
    job_visit,
    reload_visit,
)
from dispatch.planning.pyvrp_engine import search
from dispatch.planning.solution import Budget
from tests.helpers.builders import EUR, a_facility, a_job, a_problem, a_shift, line, solved

BUDGET = Budget(time_limit_s=20, solution_limit=40)
COUNTRY_MILES = 1000


def orders_of(problem: Problem) -> tuple[tuple[Visit, ...], ...]:
    """Return what PyVRP makes of a small problem, the same on every machine."""
    return search(problem, budget=BUDGET)


def jobs_of(order: tuple[Visit, ...]) -> list[int]:
    """Return the jobs of an order."""
    return [visit.index for visit in order if visit.kind.value == "job"]


def test_a_round_trip_is_the_shortest() -> None:
    """Out and back, each stop on the way."""
    problem = a_problem(jobs=[a_job(place) for place in (3, 1, 2)])
    (order,) = orders_of(problem)
    assert jobs_of(order) in ([1, 2, 0], [0, 2, 1])


def test_skills_need_no_huge_numbers() -> None:
    """The job goes to the shift that can do it, though another is there for nothing."""
    jobs = [a_job(1), a_job(2, skills=frozenset({1}))]
    able = a_shift(skills=frozenset({1}), use_ueur=5000)
    first, second = orders_of(a_problem(jobs=jobs, shifts=[a_shift(), able]))
    assert 1 in jobs_of(second)
    assert 1 not in jobs_of(first)


def test_what_nobody_can_do_is_left() -> None:
    """A skill that no shift has keeps the job out of the model."""
    problem = a_problem(jobs=[a_job(1, skills=frozenset({7}))])
    assert orders_of(problem) == ((),)


def test_each_compartment_has_its_own_limit() -> None:
    """White glass is full after one job, brown after another; a third finds no room."""
    loads = [(10, 0), (0, 10), (10, 0)]
    jobs = [
        a_job(1 + i, loads=load, leave_price_ueur=(3 - i) * EUR) for i, load in enumerate(loads)
    ]
    (order,) = orders_of(a_problem(jobs=jobs, shifts=[a_shift(capacities=(10, 10))]))
    assert sorted(jobs_of(order)) == [0, 1]


def test_a_full_vehicle_unloads_between() -> None:
    """The reload lies between the two jobs that fill the vehicle."""
    problem = a_problem(
        jobs=[a_job(1, loads=(10,)), a_job(3, loads=(10,))],
        shifts=[a_shift(capacities=(10,))],
        facilities=[a_facility(2, 0)],
    )
    (order,) = orders_of(problem)
    assert order[1] == reload_visit(0)
    assert sorted(jobs_of(order)) == [0, 1]


def test_a_closed_facility_is_no_help() -> None:
    """Its hours hold for PyVRP too."""
    problem = a_problem(
        jobs=[a_job(1, loads=(10,)), a_job(3, loads=(10,))],
        shifts=[a_shift(capacities=(10,))],
        facilities=[a_facility(2, 0, closes_s=1000)],
    )
    (order,) = orders_of(problem)
    assert len(jobs_of(order)) == 1


def partial() -> Problem:
    """Return three jobs that need an unloading of the first of two compartments."""
    return a_problem(
        jobs=[a_job(1, loads=(10, 4)), a_job(3, loads=(10, 4)), a_job(4, loads=(0, 2))],
        shifts=[a_shift(capacities=(10, 10))],
        facilities=[a_facility(2, 0)],
    )


def test_a_partial_reload_is_not_taken_for_a_whole_one() -> None:
    """PyVRP empties everything, so it is not offered a place that empties only a part."""
    (order,) = orders_of(partial())
    assert reload_visit(0) not in order
    assert len(jobs_of(order)) == 2


def test_a_partial_reload_comes_in_afterwards() -> None:
    """The whole solver uses it, under the exact rule."""
    assert solved(partial()).unassigned == ()


def test_a_job_has_several_windows() -> None:
    """One window is over before anyone can be there; the other is met."""
    early, late = Window(earliest_s=0, latest_s=10), Window(earliest_s=9000, latest_s=9500)
    problem = a_problem(jobs=[a_job(2, windows=(early, late)), a_job(1)])
    (order,) = orders_of(problem)
    assert sorted(jobs_of(order)) == [0, 1]


def test_windows_order_the_route() -> None:
    """The far job is due first, so the near one waits for the way back."""
    soon = (Window(earliest_s=0, latest_s=4000),)
    later = (Window(earliest_s=6000, latest_s=8000),)
    problem = a_problem(jobs=[a_job(1, windows=later), a_job(4, windows=soon)])
    assert orders_of(problem) == ((job_visit(1), job_visit(0)),)


def test_a_job_that_costs_more_than_its_price_is_left() -> None:
    """Five kilometres out and back cost more than nine thousand millionths."""
    jobs = [a_job(5, leave_price_ueur=9000), a_job(1, leave_price_ueur=9000)]
    (order,) = orders_of(a_problem(jobs=jobs))
    assert jobs_of(order) == [1]


def test_a_required_job_outweighs_a_dear_one() -> None:
    """There is time for one of them only."""
    one = (Window(earliest_s=1900, latest_s=2000),)
    jobs = [a_job(2, windows=one), a_job(1, windows=one, required=True, leave_price_ueur=1)]
    problem = a_problem(jobs=jobs, shifts=[a_shift(end_s=4100)])
    (order,) = orders_of(problem)
    assert jobs_of(order) == [1]


def test_setup_is_due_once_per_place() -> None:
    """Two jobs at one place fit into a day that has time for one setup."""
    jobs = [a_job(1, setup_s=1000), a_job(1, setup_s=1000)]
    problem = a_problem(jobs=jobs, shifts=[a_shift(end_s=3200)])
    (order,) = orders_of(problem)
    assert sorted(jobs_of(order)) == [0, 1]


def test_a_missing_road_is_not_driven() -> None:
    """From 1 to 2 and back there is no way: one vehicle serves each."""
    lengths = line(*range(0, 10_000, COUNTRY_MILES)).duration_s
    cut = np.array(lengths)
    cut[1, 2] = cut[2, 1] = -1
    matrix = Matrix(duration_s=cut, distance_m=cut)
    problem = a_problem(jobs=[a_job(1), a_job(2)], shifts=[a_shift(), a_shift()], matrices=[matrix])
    assert sorted(len(order) for order in orders_of(problem)) == [1, 1]


def test_a_release_time_delays_the_trip() -> None:
    """What is ready only late is served; nobody leaves with it before."""
    problem = a_problem(jobs=[a_job(1, release_s=5000), a_job(2)])
    assert solved(problem).unassigned == ()


def test_it_goes_on_from_a_start() -> None:
    """A good start with a reload in it is not lost."""
    problem = a_problem(
        jobs=[a_job(1, loads=(10,)), a_job(3, loads=(10,))],
        shifts=[a_shift(capacities=(10,))],
        facilities=[a_facility(2, 0)],
    )
    start = ((job_visit(0), reload_visit(0), job_visit(1)),)
    once = Budget(time_limit_s=20, solution_limit=1)
    (order,) = search(problem, budget=once, start=start)
    assert sorted(jobs_of(order)) == [0, 1]


def test_better_solutions_are_heard_of_as_they_are_found() -> None:
    """Each is cheaper and later than the one before; the last is the one that is returned."""
    heard: list[tuple[float, int]] = []
    problem = a_problem(jobs=[a_job(place) for place in (3, 1, 2)])
    search(problem, budget=BUDGET, watch=lambda seconds, ueur: heard.append((seconds, ueur)))
    costs = [ueur for _, ueur in heard]
    times = [seconds for seconds, _ in heard]
    assert costs == sorted(set(costs), reverse=True)
    assert times == sorted(times)
    assert costs[-1] == solved(problem).cost_ueur


def test_listening_changes_nothing() -> None:
    """The orders are the same with and without an ear."""
    problem = a_problem(jobs=[a_job(1 + place % 7) for place in range(12)])
    heard = search(problem, budget=BUDGET, watch=lambda _seconds, _ueur: None)
    assert heard == orders_of(problem)


def test_a_dear_vehicle_stays_at_home() -> None:
    """Twice the rates, the same roads: the cheap one does it all, whichever comes first."""
    dear, cheap = (a_shift(crew_ueur_per_s=rate, ueur_per_m=rate) for rate in (2, 1))
    jobs = [a_job(1), a_job(2)]
    assert [len(order) for order in orders_of(a_problem(jobs=jobs, shifts=[dear, cheap]))] == [0, 2]
    assert [len(order) for order in orders_of(a_problem(jobs=jobs, shifts=[cheap, dear]))] == [2, 0]


def test_rates_decide_whether_a_job_pays() -> None:
    """Ten kilometres and a minute cost a third of its price at one rate, more at four."""
    job = a_job(5, leave_price_ueur=3 * 20_060)
    shifts = [a_shift(crew_ueur_per_s=rate, ueur_per_m=rate) for rate in (4, 1)]
    both, dear = a_problem(jobs=[job], shifts=shifts), a_problem(jobs=[job], shifts=shifts[:1])
    assert [len(order) for order in orders_of(both)] == [0, 1]
    assert orders_of(dear) == ((),)
