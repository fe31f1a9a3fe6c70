"""Planning runs of the small town: how they are asked for, and a planner that searches here."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, field, replace
from datetime import date, datetime, timedelta
from typing import TYPE_CHECKING, Any

from dispatch.domain.access import Role
from dispatch.domain.job import Organisation
from dispatch.domain.run import RunOrder
from dispatch.service.make_jobs import JobsRequest
from dispatch.service.plan_day import judged
from dispatch.service.runs.orders import RunLimits, request_run
from dispatch.service.runs.planner import Planner, PlannerTools
from dispatch.service.workers import InProcess
from graphs.provider import CrowFlies
from tests.helpers.doors import an_actor
from tests.helpers.towns import NOW, TODAY

if TYPE_CHECKING:
    from dispatch.domain.plan import Plan
    from dispatch.domain.run import Run
    from dispatch.service.plan_day import Found, Task
    from dispatch.service.runs.searchers import Listening
    from dispatch.store import Store

CHIEF = an_actor(Role.ADMIN)
LIMITS = RunLimits(queue=3, seconds=60)


class HandClock:
    """A clock that goes on by a second whenever it is looked at, and by hand."""

    def __init__(self, moment: datetime = NOW) -> None:
        self.moment = moment

    def __call__(self) -> datetime:
        """Return the moment."""
        self.moment += timedelta(seconds=1)
        return self.moment


@dataclass
class HereSearch:
    """Searches in this process; `meanwhile` is done while it searches, before it has a plan."""

    meanwhile: Callable[[], Any] = field(default=lambda: None)
    searched: int = 0
    stopped: int = 0

    def search(self, task: Task, listening: Listening) -> Found:
        """Return what a small, exactly repeatable search finds."""
        self.searched += 1
        listening.watch(0.1, 10**13, 1)
        listening.tick()
        self.meanwhile()
        listening.tick()
        budget = replace(task.request.budget, solution_limit=20)
        solution = InProcess().solve(task.built.problem, budget=budget, start=task.start)
        listening.watch(0.2, solution.cost_ueur, len(solution.unassigned))
        listening.tick()
        return judged(task.built, solution, budget=budget, solve_s=0.5)

    def stop(self) -> None:
        """Count."""
        self.stopped += 1


def an_order(**parts: Any) -> RunOrder:
    """Return the order of a draft for the parks' today from the jobs that are there."""
    defaults: dict[str, Any] = {
        "day": TODAY,
        "organisation": Organisation.PARKS,
        "seconds": 10.0,
        "make_jobs": False,
    }
    return RunOrder(**defaults | parts)


def ask(store: Store, *, now: datetime = NOW, **parts: Any) -> Run:
    """Return a run that was asked for."""
    return request_run(an_order(**parts), actor=CHIEF, now=now, store=store, limits=LIMITS)


def a_planner(
    store: Store, *, searchers: Any = None, clock: Any = None, name: str = "one"
) -> Planner:
    """Return a planner that has not been started: its steps are taken by hand."""
    tools = PlannerTools(
        store=store,
        streets=CrowFlies(),
        searchers=searchers or HereSearch(),
        now=clock or HandClock(),
        jobs=_jobs,
    )
    return Planner(tools, name=name)


def run_of(store: Store, run: Run) -> Run:
    """Return the run as it stands now."""
    with store.read() as tx:
        return tx.run(run.id)


def plan_of(store: Store, run: Run) -> Plan:
    """Return the plan that the run made."""
    plan_id = run_of(store, run).plan_id
    assert plan_id is not None
    with store.read() as tx:
        return tx.plan(plan_id)


def steps_of(store: Store, run: Run) -> list[tuple[str, int | None]]:
    """Return phases and unserved jobs as they were told."""
    with store.read() as tx:
        return [(event.phase.value, event.unserved) for event in tx.run_events(run.id)]


def killed(planner: Planner) -> None:
    """Let the planner die in the middle of its run, as by kill -9: nothing more is written."""
    with suppress(SystemExit):
        planner.step()


def _jobs(now: datetime, day: date) -> JobsRequest:
    return JobsRequest(now=now, day=day)
