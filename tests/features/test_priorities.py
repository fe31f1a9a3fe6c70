"""Required before optional, dear before cheap, and nothing that does not pay."""

from __future__ import annotations

from typing import TYPE_CHECKING

from dispatch.planning.costs import REQUIRED
from dispatch.planning.problem import Window
from tests.helpers.builders import EUR, a_job, a_problem, a_shift, solved, written

if TYPE_CHECKING:
    from dispatch.planning.solution import Solution

NOW = (Window(earliest_s=0, latest_s=1500),)
SECOND_ONLY = ["start @0 0-0-0", "job 1 @1 1000-1000-1600", "end @0 2600-2600-2600"]
"""The route with the second of two jobs of ten minutes at 1 km; it costs 4600 ueur."""


def _money_ueur(plan: Solution) -> int:
    """Return the cost without the surcharge of required jobs, which is no money."""
    return sum(line.amount_ueur for line in plan.cost_lines if line.code != REQUIRED)


def test_a_required_job_beats_any_optional_one() -> None:
    """Where only one fits, the required job is done, whatever the other is worth."""
    jobs = [
        a_job(1, windows=NOW, service_s=600, leave_price_ueur=10_000 * EUR),
        a_job(1, windows=NOW, service_s=600, required=True, leave_price_ueur=0),
    ]
    plan = solved(a_problem(jobs=jobs))
    assert (written(plan.routes[0]), plan.unassigned) == (SECOND_ONLY, (0,))
    assert plan.cost_ueur == 10_000 * EUR + 4600


def test_two_required_jobs_beat_one() -> None:
    """As many required jobs as possible; their own prices only decide between equals."""
    jobs = [
        a_job(1, windows=NOW, service_s=9000, required=True, leave_price_ueur=900 * EUR),
        a_job(
            1,
            windows=(Window(earliest_s=0, latest_s=1000),),
            service_s=100,
            required=True,
            leave_price_ueur=0,
        ),
        a_job(1, windows=NOW, service_s=100, required=True, leave_price_ueur=0),
    ]
    plan = solved(a_problem(jobs=jobs, shifts=[a_shift(end_s=2 * 3600)]))
    assert written(plan.routes[0]) == [
        "start @0 0-0-0",
        "job 1 @1 1000-1000-1100",
        "job 2 @1 1100-1100-1200",
        "end @0 2200-2200-2200",
    ]
    assert (plan.unassigned, _money_ueur(plan)) == ((0,), 900 * EUR + 2200 + 2000)


def test_of_two_optional_jobs_the_dearer_one_is_done() -> None:
    """The price of leaving a job is what it competes with."""
    jobs = [
        a_job(1, windows=NOW, service_s=600, leave_price_ueur=20 * EUR),
        a_job(1, windows=NOW, service_s=600, leave_price_ueur=30 * EUR),
    ]
    plan = solved(a_problem(jobs=jobs))
    assert (written(plan.routes[0]), plan.unassigned) == (SECOND_ONLY, (0,))
    assert plan.cost_ueur == 20 * EUR + 4600


def test_a_job_that_costs_more_than_its_price_is_left() -> None:
    """A trip of 16 060 s and 16 km: for a job worth a micro-euro less it is not made."""
    plan = solved(a_problem(jobs=[a_job(8, leave_price_ueur=32_059)]))
    assert (written(plan.routes[0]), plan.unassigned, plan.cost_ueur) == ([], (0,), 32_059)
    plan = solved(a_problem(jobs=[a_job(8, leave_price_ueur=32_061)]))
    assert written(plan.routes[0]) == [
        "start @0 0-0-0",
        "job 0 @8 8000-8000-8060",
        "end @0 16060-16060-16060",
    ]
    assert (plan.unassigned, plan.cost_ueur) == ((), 32_060)
