"""Making orders lawful by taking visits out."""

from __future__ import annotations

import numpy as np

from dispatch.planning.problem import (
    Matrix,
    Window,
    job_visit,
    reload_visit,
)
from dispatch.planning.repair import fault, repaired, repaired_order
from tests.helpers.builders import EUR, a_facility, a_job, a_problem, a_shift, line


def test_a_sound_order_stays_as_it_is() -> None:
    """Nothing is taken out without need."""
    problem = a_problem(jobs=[a_job(1), a_job(2)])
    order = (job_visit(0), job_visit(1))
    assert repaired(problem, [order]) == [order]


def test_the_cheapest_of_what_helps_goes() -> None:
    """Two jobs do not both fit into the vehicle: the one of less price is left."""
    jobs = [a_job(1, loads=(6,)), a_job(2, loads=(6,), leave_price_ueur=EUR)]
    problem = a_problem(jobs=jobs, shifts=[a_shift(capacities=(10,))])
    assert repaired_order(problem, 0, (job_visit(0), job_visit(1))) == (job_visit(0),)


def test_a_job_that_makes_others_late_goes() -> None:
    """The long way there costs two windows; without it both are kept."""
    soon = (Window(earliest_s=0, latest_s=3000),)
    jobs = [a_job(9), a_job(1, windows=soon), a_job(2, windows=soon)]
    order = tuple(job_visit(i) for i in range(3))
    assert repaired_order(a_problem(jobs=jobs), 0, order) == order[1:]


def test_a_leg_without_road_is_avoided() -> None:
    """One of its two ends is taken out."""
    cut = np.array(line(*range(0, 10_000, 1000)).duration_s)
    cut[1, 2] = -1
    matrix = Matrix(duration_s=cut, distance_m=cut)
    problem = a_problem(jobs=[a_job(1), a_job(2)], matrices=[matrix])
    order = (job_visit(0), job_visit(1))
    assert fault(problem, 0, order).no_road == 1
    assert len(repaired_order(problem, 0, order)) == 1


def test_a_reload_after_closing_goes() -> None:
    """A facility that is shut is not visited."""
    problem = a_problem(
        jobs=[a_job(1, loads=(5,))],
        shifts=[a_shift(capacities=(10,))],
        facilities=[a_facility(2, 0, closes_s=1000)],
    )
    assert repaired_order(problem, 0, (job_visit(0), reload_visit(0))) == (job_visit(0),)
