"""Each reason is the true one, with the figures behind it."""

from __future__ import annotations

from dataclasses import replace
from datetime import time
from typing import TYPE_CHECKING

import pytest

from dispatch.domain.job import Dimension, Load, Skill
from dispatch.planning.explain import explain
from dispatch.planning.problem import job_visit
from dispatch.planning.reschedule import reschedule
from dispatch.planning.solution import Budget
from dispatch.planning.solve import solve
from tests.helpers.city_builders import a_city_facility, a_city_job, a_city_shift, built, hours

if TYPE_CHECKING:
    from dispatch.domain.plan import Unassigned

BUDGET = Budget(time_limit_s=20, solution_limit=40)


def reason(job: object, shifts: list | None = None, **parts: object) -> Unassigned:
    """Return why this one job was left after solving a day of it alone."""
    made = built([job], shifts, **parts)  # type: ignore[list-item, arg-type]  # test data
    (found,) = explain(made, solve(made.problem, budget=BUDGET))
    return found


def test_a_missing_skill_is_named() -> None:
    """Nobody on duty can do it: the sentence says what they would have to be able to do."""
    found = reason(a_city_job(skills=frozenset({Skill.SEWER_ENTRY, Skill.GLASS_CRANE})))
    assert found.code == "no_skill"
    assert found.text.de == "Keine Schicht des Tages hat: Kanaleinstieg."
    assert found.text.en == "No shift of the day has: sewer entry."


def test_skills_that_nobody_has_together_are_named_together() -> None:
    """Each skill is there, but not in one shift."""
    crane = a_city_shift("s1")
    sewer = a_city_shift("s2")
    vehicle = replace(sewer.vehicle, skills=frozenset({Skill.SEWER_ENTRY}))
    job = a_city_job(skills=frozenset({Skill.SEWER_ENTRY, Skill.GLASS_CRANE}))
    found = reason(job, [crane, replace(sewer, vehicle=vehicle)])
    assert found.text.en == "No shift of the day has all at once: glass crane, sewer entry."


def test_too_small_a_vehicle_is_told_with_both_amounts() -> None:
    """What is needed, and what the largest suitable vehicle holds."""
    found = reason(a_city_job(loads=(Load(dimension=Dimension.WATER_L, amount=700),)))
    assert found.code == "no_capacity"
    assert found.text.en == "700 l of water needed, the largest suitable vehicle holds 500."


def test_a_window_at_night_is_outside_the_shifts() -> None:
    """The window is today, but nobody works then."""
    found = reason(a_city_job(windows=(hours(time(20), time(21)),)))
    assert found.code == "outside_windows"


def test_too_far_is_told_in_minutes() -> None:
    """Sixteen kilometres at walking pace do not fit into 8.5 hours; by how much is said."""
    found = reason(a_city_job(east=16))
    assert found.code == "too_far"
    assert "60 min" in found.text.en


def test_a_full_plan_says_how_much_is_lacking() -> None:
    """The job would fit alone, but not into this plan; the nearest miss is named."""
    jobs = [
        a_city_job("long", service_s=4 * 3600, required=True, east=4),
        a_city_job("short", service_s=3 * 3600, leave_price_ct=100_000, east=4),
    ]
    made = built(jobs)
    (found,) = explain(made, solve(made.problem, budget=BUDGET))
    assert (found.job_id, found.code) == ("short", "no_time")
    assert "Crew s1" in found.text.de


def test_a_full_vehicle_says_by_how_much() -> None:
    """There is time, but no room and nowhere to unload."""
    jobs = [a_city_job("a", required=True), a_city_job("b", leave_price_ct=100_000)]
    loads = (Load(dimension=Dimension.WHITE_GLASS_L, amount=2000),)
    made = built([replace(job, loads=loads) for job in jobs])
    (found,) = explain(made, solve(made.problem, budget=BUDGET))
    assert found.code == "no_room"
    assert "1000 l of white glass too much" in found.text.en


def test_left_on_cost_is_told_in_euros() -> None:
    """Trip 0.56 h at 45 EUR/h, setup and service, 2 km at 1 EUR, 10 EUR for the vehicle."""
    found = reason(a_city_job(leave_price_ct=1000))
    assert found.code == "left_on_cost"
    assert found.text.en == (
        "Cheapest with Crew s1 for 41.50 EUR: 31.50 EUR more than its price of 10.00 EUR."
    )
    assert "41,50 EUR" in found.text.de


def test_the_price_named_is_the_price_that_counts() -> None:
    """With the cost that the reason names as its price, one cent more, the job is done."""
    made = built([a_city_job(leave_price_ct=4151)])
    assert solve(made.problem, budget=BUDGET).unassigned == ()


def test_a_job_that_still_fits_is_told_so() -> None:
    """For a plan made by hand the reason is honest too: it fits, nobody put it in."""
    made = built([a_city_job("a", leave_price_ct=100_000), a_city_job("b", east=2)])
    (found,) = explain(made, reschedule(made.problem, [[job_visit(1)]]))
    assert (found.job_id, found.code) == ("a", "fits")


def test_unloading_is_tried_before_saying_that_there_is_no_room() -> None:
    """A full vehicle that could unload on the way has room: the reason is then the price."""
    loads = (Load(dimension=Dimension.WHITE_GLASS_L, amount=3000),)
    jobs = [
        a_city_job("a", required=True, loads=loads),
        a_city_job("b", loads=loads, leave_price_ct=1),
    ]
    made = built(jobs, facilities=[a_city_facility()])
    (found,) = explain(made, solve(made.problem, budget=BUDGET))
    assert (found.job_id, found.code) == ("b", "left_on_cost")


@pytest.mark.parametrize("shifts", [[], None])
def test_jobs_left_out_while_building_keep_their_reason(shifts: list | None) -> None:
    """One list holds all reasons, wherever they were found."""
    night = hours(time(8), time(9)) if shifts == [] else None
    job = a_city_job(windows=(night,) if night else (), skills=frozenset({Skill.AERATOR}))
    assert reason(job, shifts).code == ("no_shift" if shifts == [] else "no_skill")
