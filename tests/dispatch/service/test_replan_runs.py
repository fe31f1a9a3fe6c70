"""Runs of a day on which crews are out: planned again from now on, with what has happened."""

from __future__ import annotations

from contextlib import closing
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any

import pytest

from dispatch.domain.access import Role
from dispatch.domain.clock import at_local
from dispatch.domain.disruption import Disruption, DisruptionKind
from dispatch.domain.geo import LatLon
from dispatch.domain.ids import CrewId, ShiftId
from dispatch.domain.job import Organisation
from dispatch.domain.plan import PlanStatus
from dispatch.domain.run import Area, RunOrder, RunStatus
from dispatch.service.runs.orders import RunLimits, request_run
from dispatch.service.runs.planner import Planner, PlannerTools
from graphs.provider import CrowFlies
from tests.helpers.databases import fresh_store
from tests.helpers.doors import an_actor
from tests.helpers.handmade import TODAY, a_glass_day

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from dispatch.domain.plan import Plan
    from dispatch.domain.run import Run
    from dispatch.planning.solution import Solution
    from dispatch.service.replan_day import RestTask
    from dispatch.service.runs.searchers import Listening
    from dispatch.store import Store

A = ShiftId(f"glas-a@{TODAY}")
HALF_PAST_SIX = at_local(TODAY, (datetime.min + timedelta(hours=6, minutes=30)).time())  # noqa: DTZ901
CLOSED: Area = (LatLon(51.4, 7.1), LatLon(51.5, 7.1), LatLon(51.5, 7.2))


class RestOnly:
    """Searches the rest of days in this process, and nothing else."""

    def search(self, task: Any, listening: Any) -> Any:
        """Refuse a whole day."""
        raise AssertionError(task, listening)

    def answer(self, task: RestTask, listening: Listening) -> Solution:
        """Return what a small, exactly repeatable search finds."""
        listening.tick()
        budget = replace(task.request.budget, solution_limit=4)
        found: Solution = task.search(budget=budget, progress=listening.watch)
        return found

    def stop(self) -> None:
        """Nothing is left to stop."""


@dataclass
class Closing:
    """Gives slow streets where any are closed, and remembers what was."""

    asked: tuple[Area, ...] = ()

    def __call__(self, areas: Sequence[Area]) -> tuple[CrowFlies, None]:
        """Return the streets."""
        self.asked = tuple(areas)
        return CrowFlies(speed_kmh=12), None


@pytest.fixture
def day() -> Iterator[tuple[Store, Plan]]:
    """Return a database with a published plan of two crews."""
    with closing(fresh_store()) as store:
        yield store, a_glass_day(store)


def carried_out(store: Store, *, can_close: Closing | None = None, **parts: Any) -> Run:
    """Return the run of today, asked for at half past six, when its planner is through with it."""
    order = RunOrder(
        day=TODAY,
        organisation=Organisation.USB,
        seconds=20,
        make_jobs=False,
        publish=True,
        **parts,
    )
    limits, actor = RunLimits(), an_actor(Role.DISPATCHER)
    run = request_run(order, actor=actor, now=HALF_PAST_SIX, store=store, limits=limits)
    tools = PlannerTools(
        store=store,
        streets=CrowFlies(),
        searchers=RestOnly(),
        now=lambda: HALF_PAST_SIX,
        jobs=lambda *_: pytest.fail("no jobs were to be made"),
        closing=can_close,
    )
    assert Planner(tools, name="one").step()
    with store.read() as tx:
        return tx.run(run.id)


def test_a_run_of_a_running_day_keeps_what_is_done(day: tuple[Store, Plan]) -> None:
    """Crews are out at half past six: their first stops stay, and the plan is in force at once."""
    store, before = day
    run = carried_out(store)
    assert (run.status, run.issues) == (RunStatus.DONE, ())
    with store.read() as tx:
        plan = tx.current_plan(TODAY, Organisation.USB)
        assert tx.plan_state(before.id).status is PlanStatus.REPLACED
    assert plan.id == run.plan_id
    for old, new in zip(before.routes, plan.routes, strict=True):
        assert new.stops[:2] == old.stops[:2]


def test_a_run_is_told_who_is_ill(day: tuple[Store, Plan]) -> None:
    """The crew's route ends with its second job, at which it has been since 06:26."""
    store, _ = day
    ill = Disruption(kind=DisruptionKind.CREW_ILL, shift_id=A)
    run = carried_out(store, disruptions=(ill,))
    with store.read() as tx:
        assert run.plan_id is not None
        route = tx.plan(run.plan_id).routes[0]
    assert (route.shift_id, route.job_ids) == (A, ("g-0", "g-1"))


def test_streets_are_closed_for_a_run(day: tuple[Store, Plan]) -> None:
    """The run is planned on what the service makes of its streets; without that it fails (S344)."""
    store, before = day
    can_close = Closing()
    run = carried_out(store, can_close=can_close, closed_areas=(CLOSED,))
    assert (run.status, can_close.asked) == (RunStatus.DONE, (CLOSED,))
    with store.read() as tx:
        assert run.plan_id is not None
        plan = tx.plan(run.plan_id)
    assert plan.routes[0].stops[-1].departs_at > before.routes[0].stops[-1].departs_at
    failed = carried_out(store, closed_areas=(CLOSED,))
    assert (failed.status, failed.issues[0].code) == (RunStatus.FAILED, "S344")


def test_crews_cannot_be_chosen_once_they_are_out(day: tuple[Store, Plan]) -> None:
    """A run with some crews fails (S343); the plan stays in force."""
    store, before = day
    run = carried_out(store, crews=frozenset({CrewId("glas-a")}))
    assert (run.status, run.issues[0].code) == (RunStatus.FAILED, "S343")
    with store.read() as tx:
        assert tx.current_plan(TODAY, Organisation.USB) == before
