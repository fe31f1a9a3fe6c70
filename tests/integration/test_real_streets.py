"""A real street graph: the same kind of world, planned, checked and drawn."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

import pytest

from dispatch.planning.solution import Budget
from dispatch.service.workers import SolverProcess
from graphs.osm import read_osm
from graphs.plot import plot_routes
from graphs.street_matrix import StreetMatrix
from scenarios.day import DaySettings, Tools, run_day
from scenarios.metrics import measure
from scenarios.progress import Silent
from scenarios.world import WorldSettings
from tests.helpers.databases import fresh_store

if TYPE_CHECKING:
    from pathlib import Path

pytestmark = [pytest.mark.city_data, pytest.mark.slow]

CITY = [(49.352, 8.573), (49.352, 8.794), (49.460, 8.794), (49.460, 8.573)]
DAY = date(2026, 7, 15)


def test_a_day_on_the_streets_of_heidelberg(shared_dir: Path, tmp_path: Path) -> None:
    """The world generator takes any graph; the plan on it is lawful, complete and drawn."""
    network = read_osm(shared_dir / "osm" / "heidelberg_ors.osm.pbf", clip=CITY)
    store = fresh_store()
    world = WorldSettings(
        today=DAY, glass_sites=60, tree_sites=40, soil_sensors=4, rat_stations=40, ponds=6
    )
    wanted = DaySettings(world=world, day=DAY, signal_days=12, budget=Budget(time_limit_s=4))
    with SolverProcess() as solver:
        tools = Tools(
            network=network,
            streets=StreetMatrix(network),
            store=store,
            solver=solver,
            reporter=Silent(),
        )
        run = run_day(wanted, tools)
    store.close()
    figures = measure(run.plans, list(run.jobs.created))
    routes = [route for plan in run.plans for route in plan.routes]
    explained = {left.job_id for plan in run.plans for left in plan.unassigned}
    served = {job for route in routes for job in route.job_ids}
    assert served | explained == {job.id for job in run.jobs.created}
    assert (figures.violations, figures.required_unassigned) == (0, 0)
    assert len(figures.kinds_served) >= 3
    assert not any(plan.streets.stand_in for plan in run.plans)
    assert all("OpenStreetMap" in plan.streets.attribution for plan in run.plans)
    lines = [
        [(p.lat, p.lon) for stop in route.stops if stop.leg for p in stop.leg.geometry]
        for route in routes
    ]
    picture = tmp_path / "routes.png"
    plot_routes(network, lines, file=picture)
    assert picture.read_bytes().startswith(b"\x89PNG")
