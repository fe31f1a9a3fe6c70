"""What a plan costs, and why required jobs come first."""

from __future__ import annotations

from dispatch.planning.costs import COST_TABLE, leave_price_ueur, required_extra_ueur
from dispatch.planning.problem import job_visit
from dispatch.planning.reschedule import reschedule
from tests.helpers.builders import EUR, a_job, a_problem, a_shift


def test_the_cost_sheet_names_every_cost() -> None:
    """Time at the crew's rate, metres at the vehicle's, one use, and every job left."""
    shift = a_shift(crew_ueur_per_s=12_500, ueur_per_m=400, use_ueur=40 * EUR)
    jobs = [
        a_job(1, setup_s=100, service_s=200),
        a_job(2, leave_price_ueur=5 * EUR),
        a_job(3, required=True, leave_price_ueur=7 * EUR),
    ]
    problem = a_problem(jobs=jobs, shifts=[shift])
    plan = reschedule(problem, [[job_visit(0)]])
    assert {line.code: line.amount_ueur for line in plan.cost_lines} == {
        "crew_time": (1000 + 100 + 200 + 1000) * 12_500,
        "distance": 2000 * 400,
        "vehicle_use": 40 * EUR,
        "overtime": 0,
        "lateness": 0,
        "moved": 0,
        "unevenness": 0,
        "jobs_left": 12 * EUR,
        "required_left": problem.required_extra_ueur,
    }
    assert [line.code for line in plan.cost_lines] == [kind.code for kind in COST_TABLE]


def test_the_surcharge_exceeds_all_that_could_be_saved() -> None:
    """One required job outweighs every price and the dearest day of every shift together."""
    shift = a_shift(crew_ueur_per_s=10, ueur_per_m=3, use_ueur=1000, end_s=3600)
    jobs = [a_job(1, leave_price_ueur=50), a_job(2, leave_price_ueur=60)]
    problem = a_problem(jobs=jobs, shifts=[shift, shift])
    dearest_day = 1000 + 3600 * 10 + 3600 * 1 * 3
    assert problem.required_extra_ueur == 1 + 110 + 2 * dearest_day


def test_leaving_a_required_job_costs_its_price_too() -> None:
    """Among plans that leave equally many required jobs their prices decide."""
    job = a_job(1, required=True, leave_price_ueur=9)
    problem = a_problem(jobs=[job])
    assert leave_price_ueur(problem, 0) == problem.required_extra_ueur + 9


def test_no_shifts_leave_only_prices() -> None:
    """The surcharge is defined on a day without shifts as well."""
    assert required_extra_ueur([a_job(leave_price_ueur=4)], [], []) == 5
