"""Each reason is the true one, with the figures behind it."""

from __future__ import annotations

from dataclasses import replace
from datetime import time
from typing import TYPE_CHECKING

import pytest

from dispatch.domain.job import Dimension, Load, Skill
from dispatch.domain.plan import RemedyChange
from dispatch.planning.explain import MOST_SOUGHT, explain
from dispatch.planning.problem import job_visit
from dispatch.planning.reschedule import reschedule
from dispatch.planning.solution import Budget
from dispatch.planning.solve import solve
from tests.helpers.city_builders import a_city_facility, a_city_job, a_city_shift, built, hours

if TYPE_CHECKING:
    from dispatch.domain.plan import Unassigned

BUDGET = Budget(time_limit_s=20, solution_limit=40)
DEAR_CT = 100_000
"""A price that every place in a plan is worth."""


def reason(job: object, shifts: list | None = None, **parts: object) -> Unassigned:
    """Return why this one job was left after solving a day of it alone."""
    made = built([job], shifts, **parts)  # type: ignore[list-item, arg-type]  # test data
    (found,) = explain(made, solve(made.problem, budget=BUDGET))
    return found


def test_a_missing_skill_is_named() -> None:
    """Nobody on duty can do it: the sentence says what they would have to be able to do."""
    both = frozenset({Skill.SEWER_ENTRY, Skill.GLASS_CRANE})
    found = reason(a_city_job(skills=both, leave_price_ct=DEAR_CT))
    assert (found.code, found.further) == ("no_skill", ())
    assert found.text.de == "Keine Schicht des Tages hat: Kanaleinstieg."
    assert found.text.en == "No shift of the day has: sewer entry."


def test_skills_that_nobody_has_together_are_named_together() -> None:
    """Each skill is there, but not in one shift."""
    crane = a_city_shift("s1")
    sewer = a_city_shift("s2")
    vehicle = replace(sewer.vehicle, skills=frozenset({Skill.SEWER_ENTRY}))
    both = frozenset({Skill.SEWER_ENTRY, Skill.GLASS_CRANE})
    job = a_city_job(skills=both, leave_price_ct=DEAR_CT)
    found = reason(job, [crane, replace(sewer, vehicle=vehicle)])
    assert found.text.en == "No shift of the day has all at once: glass crane, sewer entry."


def test_too_small_a_vehicle_is_told_with_both_amounts() -> None:
    """What is needed, and what the largest suitable vehicle holds."""
    water = (Load(dimension=Dimension.WATER_L, amount=700),)
    found = reason(a_city_job(loads=water, leave_price_ct=DEAR_CT))
    assert found.code == "no_capacity"
    assert found.text.en == "700 l of water needed, the largest suitable vehicle holds 500."


def test_a_second_reason_is_named_with_the_first() -> None:
    """Three persons would do, but not at that price: both are said, and both are the remedy."""
    found = reason(a_city_job(persons=3))
    assert (found.code, found.further) == ("no_crew_size", ("left_on_cost",))
    assert found.text.de == (
        "3 Personen nötig, die größte passende Kolonne hat 2. "
        "Dazu kommt bei Crew s1: Kosten 21,51 EUR über seinem Preis."
    )
    assert found.text.en == (
        "3 persons needed, the largest suitable crew has 2. "
        "On top of that with Crew s1: costs 21.51 EUR above its price."
    )
    (remedy,) = found.remedies
    assert remedy.shift_id == "s1"
    assert remedy.changes == (
        RemedyChange(kind="persons", amount=1),
        RemedyChange(kind="price", amount=2151),
    )
    assert (
        remedy.text.de == "Bei Crew s1 möglich mit: 1 Person mehr; sein Preis um 21,51 EUR höher."
    )


def test_what_is_not_in_the_way_is_not_named() -> None:
    """Nearest in time is the crew at work nearby, but only the other needs a single change.

    With the first the job lacks minutes and then costs more than its price; with the second it
    lacks nothing but room, and that is what is named.
    """
    near, far = a_city_shift("near"), a_city_shift("far")
    near = replace(near, vehicle=replace(near.vehicle, km_ct=9000))
    water = (Load(dimension=Dimension.WATER_L, amount=400),)
    jobs = [
        a_city_job("long", service_s=int(7.6 * 3600), required=True),
        a_city_job("wet", loads=water, required=True, east=3),
        a_city_job("left", loads=water, leave_price_ct=20_000, east=4),
    ]
    made = built(jobs, [near, far])
    (found,) = explain(made, reschedule(made.problem, [[job_visit(0)], [job_visit(1)]]))
    assert (found.code, found.further) == ("no_room", ())
    assert found.text.en == "Nearest with Crew far, but there: 300 l of water too much."
    assert found.remedies[0].changes == (
        RemedyChange(kind="capacity", amount=300, dimension=Dimension.WATER_L),
    )


def test_where_the_law_forbids_it_was_looked_for_in_vain() -> None:
    """Eleven hours of work are nobody's: there is a reason, and no remedy, and both are known."""
    found = reason(a_city_job(service_s=11 * 3600, leave_price_ct=DEAR_CT))
    assert (found.code, found.remedies, found.sought) == ("too_far", (), True)


def test_no_time_for_remedies_leaves_the_reason() -> None:
    """When planning may take no longer, the reason is told without what would get it in."""
    made = built([a_city_job(persons=3)])
    (found,) = explain(made, reschedule(made.problem, [()]), seconds=0)
    assert (found.code, found.further, found.sought) == ("no_crew_size", (), False)
    assert found.remedies == ()


def test_the_dearest_jobs_are_sought_first() -> None:
    """Beyond the greatest number that is sought for, only the reason is told; the cheapest lack."""
    jobs = [a_city_job(f"j{n}", persons=3, leave_price_ct=n) for n in range(MOST_SOUGHT + 2)]
    made = built(jobs)
    left = explain(made, reschedule(made.problem, [()]))
    assert [one.job_id for one in left] == [job.id for job in jobs]
    assert [one.job_id for one in left if not one.sought] == ["j0", "j1"]


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
