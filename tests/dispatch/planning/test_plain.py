"""Plain problems rebuilt: plans that the checker accepts, at what the sum of money says."""

from __future__ import annotations

from random import Random

import pytest

from dispatch.planning import plain
from dispatch.planning.check import check
from dispatch.planning.problem import Problem, Visit, Window, job_visit
from dispatch.planning.reschedule import reschedule
from tests.helpers.builders import EUR, a_facility, a_job, a_problem, a_shift, line, solved

Orders = tuple[tuple[Visit, ...], ...]


def a_plain_day(seed: int, *, jobs: int = 24) -> Problem:
    """Return a day of windows, loads, skills, spans and unequal vehicles, without breaks."""
    draw = Random(seed)  # noqa: S311  # no secret hangs on it
    some = [
        a_job(
            draw.randrange(1, 20),
            windows=(Window(earliest_s=(early := draw.randrange(0, 9000)), latest_s=early + 4000),),
            service_s=draw.randrange(0, 300),
            setup_s=draw.randrange(0, 60),
            loads=(draw.randrange(1, 5), draw.randrange(0, 3)),
            skills=frozenset(draw.sample((1, 2), draw.randrange(0, 2))),
            required=draw.random() < 0.5,
            leave_price_ueur=draw.randrange(1, 60) * EUR,
        )
        for _ in range(jobs)
    ]
    shifts = [
        a_shift(
            end_s=20_000,
            capacities=(draw.randrange(9, 25), 12),
            skills=frozenset({1, 2} if number % 2 else {1}),
            crew_ueur_per_s=draw.choice((5000, 12_500)),
            ueur_per_m=draw.choice((0, 300)),
            use_ueur=draw.randrange(0, 20) * EUR,
            max_span_s=draw.choice((None, 9000)),
            break_rule=None,
        )
        for number in range(5)
    ]
    points = [0, *(draw.randrange(-900, 900) for _ in range(19))]
    return a_problem(jobs=some, shifts=shifts, matrices=[line(*points)])


def rebuilt(problem: Problem, start: Orders | None = None, *, steps: int = 2000) -> Orders:
    """Return what some steps make of a start, by default of empty routes."""
    return plain.rebuilt(
        problem, start or ((),) * len(problem.shifts), seconds=60, seed=1, steps=steps
    )


@pytest.mark.parametrize("seed", range(8))
def test_plans_keep_all_rules_and_cost_what_was_told(seed: int) -> None:
    """The checker, which shares no line with the search, agrees on rules and money."""
    problem = a_plain_day(seed)
    told: list[int] = []
    orders = plain.rebuilt(
        problem,
        ((),) * 5,
        seconds=60,
        seed=seed,
        steps=1000,
        watch=lambda _, ueur: told.append(ueur),
    )
    solution = reschedule(problem, orders)
    assert check(problem, solution) == ()
    assert told == sorted(told, reverse=True)
    assert solution.cost_ueur == told[-1]


def test_a_plan_in_the_wrong_order_is_put_right() -> None:
    """Out and back, each stop on the way."""
    problem = a_problem(jobs=[a_job(place) for place in (1, 2, 3, 4)])
    start = (tuple(job_visit(job) for job in (2, 0, 3, 1)),)
    before, after = (reschedule(problem, orders) for orders in (start, rebuilt(problem, start)))
    assert after.cost_ueur < before.cost_ueur
    assert after.cost_ueur == solved(problem).cost_ueur


def test_orders_that_break_a_rule_are_handed_back() -> None:
    """What is wrong from the start is not for this search to mend."""
    problem = a_problem(
        jobs=[a_job(1, loads=(7,)), a_job(2, loads=(7,))], shifts=[a_shift(capacities=(10,))]
    )
    start = ((job_visit(0), job_visit(1)),)
    assert rebuilt(problem, start) == start


def test_the_same_seed_gives_the_same_plan() -> None:
    """With steps counted instead of seconds nothing depends on the machine."""
    problem = a_plain_day(3)
    assert rebuilt(problem, steps=400) == rebuilt(problem, steps=400)


def test_reloads_releases_and_second_windows_are_for_the_other_search() -> None:
    """Each of the three makes a gap depend on more than its two sides."""
    windows = tuple(Window(earliest_s=at, latest_s=at + 60) for at in (0, 600))
    one = a_problem(jobs=[a_job(1)])
    assert plain.suits(one)
    assert not plain.suits(a_problem(jobs=[a_job(1, windows=windows)]))
    assert not plain.suits(a_problem(jobs=[a_job(1, release_s=20_000)]))
    reload = a_problem(
        jobs=[a_job(1, loads=(5,))],
        shifts=[a_shift(capacities=(10,))],
        facilities=[a_facility(2, 0)],
    )
    assert not plain.suits(reload)
