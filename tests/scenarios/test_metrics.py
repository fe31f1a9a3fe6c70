"""The figures of a day, counted from a plan made by hand."""

from __future__ import annotations

from dataclasses import replace

from dispatch.domain.job import JobKind, Organisation
from dispatch.domain.plan import StopKind
from scenarios.metrics import measure
from tests.helpers.plans import a_plan, a_route, a_stop, a_stored_job


def test_the_figures_of_a_day_are_sums_over_its_routes() -> None:
    """Two routes of one job each: hours and kilometres are added, euros come from the bill."""
    jobs = [
        a_stored_job("job-1", required=True),
        a_stored_job("job-2", kind=JobKind.WATER),
        a_stored_job("job-3", kind=JobKind.BAIT, required=True),
    ]
    figures = measure([a_plan()], jobs)
    assert (figures.jobs, figures.required, figures.served) == (3, 2, 2)
    assert figures.required_unassigned == 1
    assert figures.kinds_served == ("empty", "water")
    assert (figures.routes, figures.crew_kinds) == (2, ("Kolonne",))
    assert (figures.distance_km, figures.travel_h, figures.service_h) == (8.0, 0.3, 0.2)
    assert (figures.cost_eur, figures.violations, figures.solve_s) == (110.0, 1, 0.5)


def test_the_plans_of_a_day_are_counted_together() -> None:
    """What one organisation leaves and another serves is served; euros and routes are added."""
    mine = a_plan(routes=(a_route(),))
    other = a_plan("b", organisation=Organisation.PARKS, routes=(a_route("rot", job="job-3"),))
    jobs = [a_stored_job("job-1"), a_stored_job("job-3", kind=JobKind.BAIT, required=True)]
    figures = measure([mine, other], jobs)
    assert (figures.routes, figures.served, figures.required_unassigned) == (2, 2, 0)
    assert (figures.cost_eur, figures.violations) == (220.0, 2)


def test_a_crew_that_stays_at_the_yard_is_not_at_work() -> None:
    """A route without a job counts neither as a route nor as a kind of crew."""
    stops = (a_stop(StopKind.START, 0), a_stop(StopKind.END, 0))
    idle = replace(a_route("grün"), stops=stops, crew_name="Grünpflege 1")
    figures = measure([a_plan(routes=(a_route(), idle))], [a_stored_job("job-1")])
    assert (figures.routes, figures.served, figures.crew_kinds) == (1, 1, ("Kolonne",))
