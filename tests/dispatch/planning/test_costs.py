"""What a plan costs, and why required jobs come first."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from dispatch.planning.costs import (
    COST_TABLE,
    leave_price_ueur,
    required_extra_ueur,
    route_costs,
)
from dispatch.planning.problem import Period, Underway, Window, job_visit, matrix_of
from dispatch.planning.reschedule import reschedule
from tests.helpers.builders import EUR, a_job, a_problem, a_shift, line
from tests.helpers.hand_clock import Pause, by_hand

if TYPE_CHECKING:
    from dispatch.planning.solution import Solution


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


def test_overtime_is_paid_until_the_crew_is_home() -> None:
    """Only the time after the regular end, and only on routes that go out."""
    shift = a_shift(overtime_from_s=3000, overtime_ueur_per_s=7)
    problem = a_problem(jobs=[a_job(2)], shifts=[shift, shift])
    plan = by_hand(problem, (job_visit(0),), ())
    assert route_costs(problem, plan.routes[0])["overtime"] == (2000 + 60 + 2000 - 3000) * 7
    assert amounts(plan)["overtime"] == 1060 * 7
    early = replace(problem, shifts=(replace(shift, overtime_from_s=4060),) * 2)
    assert amounts(by_hand(early, (job_visit(0),), ()))["overtime"] == 0


def test_lateness_counts_from_when_the_job_is_due() -> None:
    """Each second between due and start of service at the job's own rate; no due, no lateness."""
    jobs = [
        a_job(1, due_s=400, late_ueur_per_s=3),
        a_job(2, due_s=2060, late_ueur_per_s=5),
        a_job(3, late_ueur_per_s=9),
    ]
    plan = by_hand(a_problem(jobs=jobs), [job_visit(n) for n in range(3)])
    assert amounts(plan)["lateness"] == 600 * 3


def test_a_published_job_pays_for_its_move() -> None:
    """It pays on another shift, not on its own, and left it pays its price only."""
    job = a_job(1, published=1, move_ueur=30, leave_price_ueur=8)
    problem = a_problem(jobs=[job, a_job(2, move_ueur=40)], shifts=[a_shift(), a_shift()])
    visits = (job_visit(0), job_visit(1))
    assert amounts(by_hand(problem, visits, ()))["moved"] == 30
    assert amounts(by_hand(problem, (), visits))["moved"] == 0
    left = amounts(by_hand(problem, (), (job_visit(1),)))
    assert (left["moved"], left["jobs_left"]) == (0, 8)


def test_unevenness_is_the_longest_day_of_work_less_the_shortest() -> None:
    """Breaks and waiting are no work; shifts that stay at home are not compared."""
    jobs = [a_job(1, setup_s=40), a_job(3)]
    problem = a_problem(jobs=jobs, shifts=[a_shift()] * 3, uneven_ueur_per_s=5)
    both = by_hand(problem, (job_visit(0),), (Pause(length_s=900), job_visit(1)), ())
    assert amounts(both)["unevenness"] == ((6000 + 60) - (2000 + 40 + 60)) * 5
    one = by_hand(problem, (job_visit(0), job_visit(1)), (), ())
    assert amounts(one)["unevenness"] == 0


def test_a_leg_costs_what_its_hour_makes_it() -> None:
    """Seconds and metres come from the matrix of the period in which the leg begins."""
    slow = matrix_of([[0, 3000], [3000, 0]], [[0, 1500], [1500, 0]])
    shift = a_shift(crew_ueur_per_s=1, ueur_per_m=1, periods=(Period(from_s=1060, matrix=1),))
    problem = a_problem(jobs=[a_job(1)], shifts=[shift], matrices=[line(0, 1000), slow])
    sums = amounts(by_hand(problem, (job_visit(0),)))
    assert (sums["crew_time"], sums["distance"]) == (1000 + 60 + 3000, 1000 + 1500)


def test_a_shift_underway_pays_no_second_day_rate() -> None:
    """Its vehicle is out already: it pays the way home, even without visits."""
    behind = Underway(began_s=0, loads=(), rest_end_s=0)
    shift = a_shift(start_location=4, start_s=100, use_ueur=99, underway=behind)
    sums = amounts(by_hand(a_problem(shifts=[shift]), ()))
    assert (sums["crew_time"], sums["distance"], sums["vehicle_use"]) == (4000, 4000, 0)


def test_the_surcharge_exceeds_overtime_lateness_moves_and_unevenness() -> None:
    """Each new price is in it at the most that a plan could come to."""
    window = (Window(earliest_s=0, latest_s=500),)
    shift = a_shift(crew_ueur_per_s=0, ueur_per_m=0, end_s=3600)
    plain = a_job(leave_price_ueur=50)
    late = a_job(windows=window, due_s=100, late_ueur_per_s=2, published=0, move_ueur=6)
    late = replace(late, leave_price_ueur=0)
    overtime = replace(shift, overtime_from_s=3000, overtime_ueur_per_s=7)
    tables = [line(0, 1000)]
    assert required_extra_ueur([plain], [shift], tables) == 51
    assert required_extra_ueur([plain, late], [shift], tables) == 51 + 400 * 2 + 6
    assert required_extra_ueur([plain], [overtime], tables) == 51 + 600 * 7
    assert required_extra_ueur([plain], [shift], tables, uneven_ueur_per_s=2) == 51 + 3600 * 2
    fast = matrix_of([[0, 1], [1, 0]], [[0, 30], [30, 0]])
    by_road = replace(shift, ueur_per_m=1, periods=(Period(from_s=9, matrix=1),))
    assert required_extra_ueur([plain], [by_road], [*tables, fast]) == 51 + 3600 * 30


def test_every_cost_has_a_german_and_an_english_name() -> None:
    """The bill is read by people who did not write the code."""
    for kind in COST_TABLE:
        assert kind.label.de != kind.label.en
        assert kind.meaning.de
        assert kind.meaning.en
    assert len({kind.label.de for kind in COST_TABLE}) == len(COST_TABLE) == 9


def amounts(plan: Solution) -> dict[str, int]:
    """Return the cost sheet as a table."""
    return {line.code: line.amount_ueur for line in plan.cost_lines}
