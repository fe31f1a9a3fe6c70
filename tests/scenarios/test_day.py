"""A small day through the whole house."""

from __future__ import annotations

from typing import TYPE_CHECKING

from dispatch.cli.views import left_of
from dispatch.planning.solution import Budget
from dispatch.service.workers import InProcess
from graphs.street_matrix import StreetMatrix
from scenarios.day import DaySettings, Tools, run_day
from scenarios.metrics import measure
from scenarios.progress import Silent
from tests.helpers.databases import fresh_store
from tests.scenarios.conftest import DAY

if TYPE_CHECKING:
    from graphs.network import StreetNetwork
    from scenarios.world import WorldSettings


def test_a_day_from_payload_bytes_to_a_published_plan(
    network: StreetNetwork, world: WorldSettings
) -> None:
    """Signals are stored, jobs made, every job is on a route or explained, the plan is in force."""
    store = fresh_store()
    tools = Tools(
        network=network,
        streets=StreetMatrix(network),
        store=store,
        solver=InProcess(),
        reporter=Silent(),
    )
    budget = Budget(time_limit_s=10, solution_limit=20)
    run = run_day(DaySettings(world=world, day=DAY, signal_days=8, budget=budget), tools)
    with store.read() as tx:
        assert tx.current_plans(DAY) == sorted(run.plans, key=lambda plan: plan.organisation)
    store.close()
    assert run.ingested.stored > 1_000
    assert run.ingested.duplicates > 0
    figures = measure(run.plans, list(run.jobs.created))
    # Four hundred junctions leave a pond without a street nearby: left, and for that reason.
    known = {job.id: job for job in run.jobs.created}
    required_left = [left for left in left_of(run.plans) if known[left.job_id].required]
    assert {left.code for left in required_left} <= {"unreachable"}
    assert len(required_left) == figures.required_unassigned
    assert figures.violations == 0
    left = {entry.job_id for entry in left_of(run.plans)}
    routes = [route for plan in run.plans for route in plan.routes]
    on_routes = {job for route in routes for job in route.job_ids}
    assert left | on_routes == {job.id for job in run.jobs.created}
    assert not left & on_routes
    legs = [stop.leg for route in routes for stop in route.stops[1:]]
    assert all(leg is not None and len(leg.geometry) >= 1 for leg in legs)
    assert all(plan.streets.stand_in for plan in run.plans)
