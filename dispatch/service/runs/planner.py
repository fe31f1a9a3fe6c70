"""The planner: a thread that takes up runs one after the other, and never leaves half a plan."""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from time import perf_counter
from typing import TYPE_CHECKING, Protocol

from dispatch.domain.errors import (
    Conflict,
    DispatchError,
    InvalidInput,
    Issue,
    NothingToPlan,
    Unavailable,
)
from dispatch.domain.run import Area, RunPhase, RunStatus
from dispatch.planning.solution import Budget
from dispatch.service.make_jobs import JobsRequest, make_jobs
from dispatch.service.plan_day import PlanRequest, drawn_plan, keep_draft, prepared
from dispatch.service.publish import publish_within
from dispatch.service.replan_day import ReplanRequest, is_out, plan_of_task, rest_task
from dispatch.service.runs.claims import claim_run, end_run, give_back
from dispatch.service.runs.lease import Lease
from dispatch.service.runs.progress import Ended, Progress, Stopped
from dispatch.store import Store
from graphs.provider import MatrixProvider

if TYPE_CHECKING:
    from dispatch.domain.plan import Plan
    from dispatch.domain.run import Run, RunOrder
    from dispatch.planning.solution import Solution
    from dispatch.service.plan_day import Found, Task
    from dispatch.service.replan_day import RestTask
    from dispatch.service.runs.searchers import Listening
    from dispatch.store import Transaction

Closing = Callable[[Sequence[Area]], tuple[MatrixProvider, MatrixProvider | None]]

log = logging.getLogger(__name__)

POLL_S = 0.5
"""So often an idle planner looks for a run."""


class Searching(Protocol):
    """Anything that searches a day and can be stopped."""

    def search(self, task: Task, listening: Listening) -> Found:
        """Return what was found; whatever the listener raises ends the search."""

    def answer(self, task: RestTask, listening: Listening) -> Solution:
        """Return what was found for the rest of a day, likewise."""

    def stop(self) -> None:
        """End whatever is being searched."""


@dataclass(frozen=True, slots=True, kw_only=True)
class PlannerTools:
    """What a planner works with.

    `jobs` says how jobs are made at a moment for a day, `closing` gives streets and rush hour with
    areas closed; without it no run may close any.
    """

    store: Store
    streets: MatrixProvider
    searchers: Searching
    now: Callable[[], datetime]
    jobs: Callable[[datetime, date], JobsRequest]
    rush: MatrixProvider | None = None
    closing: Closing | None = None

    def streets_for(self, order: RunOrder) -> tuple[MatrixProvider, MatrixProvider | None]:
        """Return the streets of a run, and the same in the rush hours; raises InvalidInput."""
        if not order.closed_areas:
            return self.streets, self.rush
        if self.closing is None:
            raise InvalidInput(_cannot_close())
        return self.closing(order.closed_areas)


class Planner:
    """Carries out runs in the background; `name` is its own among all planners of a database."""

    def __init__(self, tools: PlannerTools, *, name: str) -> None:
        self._tools = tools
        self._planner = name
        self._stopping = threading.Event()
        self._thread = threading.Thread(target=self._work, name="planner", daemon=True)

    name = "planner"

    def fault(self) -> str | None:
        """Return what is wrong with it: that nobody carries out runs."""
        return None if self._thread.is_alive() else "the planner does not run"

    def start(self) -> None:
        """Begin; returns at once."""
        self._thread.start()

    def stop(self) -> None:
        """Give back the run in hand, take up none, and return when the thread has ended."""
        self._stopping.set()
        self._thread.join()
        self._tools.searchers.stop()

    def step(self) -> bool:
        """Take up one run and bring it to its end; False if there is none."""
        run = claim_run(self._planner, now=self._tools.now(), store=self._tools.store)
        if run is None:
            return False
        log.info("run %s: %s %s", run.id, run.order.day, run.order.organisation)
        self._carry_out(run)
        return True

    def _work(self) -> None:
        while not self._stopping.is_set():
            try:
                worked = self.step()
            except Exception:
                # The database may be away for a while: the run's lease ends, and it is taken up.
                log.exception("the planner could not finish a run")
                worked = False
            if not worked:
                self._stopping.wait(POLL_S)

    def _carry_out(self, run: Run) -> None:
        tools = self._tools
        try:
            with Lease(run.id, self._planner, store=tools.store, now=tools.now) as lease:
                ends = {Ended.STOPPING: self._stopping, Ended.LOST: lease.lost}
                self._plan(run, Progress(run, tools.store, tools.now, ends))
        except Stopped as stopped:
            self._put_down(run, stopped.why)
        except NothingToPlan as error:
            self._end(run, RunStatus.DONE, error.issues)
        except Unavailable:
            # The database is away or busy: nothing was kept. The lease ends, and it is taken up.
            raise
        except DispatchError as error:
            self._end(run, RunStatus.FAILED, error.issues)
        except Exception:
            log.exception("run %s failed", run.id)
            self._end(run, RunStatus.FAILED, [_unexpected(run)])

    def _plan(self, run: Run, progress: Progress) -> None:
        tools, order = self._tools, run.order
        now = tools.now()
        if order.make_jobs:
            make_jobs(tools.jobs(now, order.day), store=tools.store)
            progress.tick()
        with tools.store.read() as tx:
            out = is_out(tx, order.day, order.organisation, now)
        planned = self._rest_of_day if out or order.disruptions else self._whole_day
        plan, before = planned(order, progress, now)
        progress.tick()
        self._keep(run, plan, before)

    def _whole_day(
        self, order: RunOrder, progress: Progress, now: datetime
    ) -> tuple[Plan, Plan | None]:
        """Return the plan of the day and the one that is in force, if there is one."""
        request = PlanRequest(
            day=order.day,
            organisation=order.organisation,
            now=now,
            budget=Budget(time_limit_s=order.seconds),
            crews=order.crews,
            scope=order.scope,
        )
        streets, rush = self._tools.streets_for(order)
        task = prepared(request, store=self._tools.store, streets=streets, rush=rush)
        progress.begin_search(task.built)
        found = self._tools.searchers.search(task, progress.listening)
        progress.phase(RunPhase.CHECKING)
        return drawn_plan(task, found), task.before

    def _rest_of_day(self, order: RunOrder, progress: Progress, now: datetime) -> tuple[Plan, Plan]:
        """Return the plan of the day from now on and the one that is in force."""
        if order.crews is not None:
            raise InvalidInput(_crews_are_out(order))
        request = ReplanRequest(
            day=order.day,
            organisation=order.organisation,
            now=now,
            budget=Budget(time_limit_s=order.seconds),
            scope=order.scope,
            disruptions=order.disruptions,
        )
        streets, rush = self._tools.streets_for(order)
        task = rest_task(request, store=self._tools.store, streets=streets, rush=rush)
        progress.begin_search(task.basis.built)
        began = perf_counter()
        solution = self._tools.searchers.answer(task, progress.listening)
        progress.phase(RunPhase.CHECKING)
        return plan_of_task(task, solution, solve_s=perf_counter() - began), task.before

    def _keep(self, run: Run, plan: Plan, before: Plan | None) -> None:
        """Store the plan, publish it if that was asked for, and end the run: all or nothing."""
        now = self._tools.now()
        with self._tools.store.begin() as tx:
            tx.take_turn("jobs")
            tx.take_turn("runs")
            self._must_be_wanted(run, tx, now)
            kept = keep_draft(tx, plan, based_on=before)
            issues = _published(run, kept, tx, now) if run.order.publish else ()
            end_run(tx, run, RunStatus.DONE, now=now, issues=issues, plan=kept)

    def _must_be_wanted(self, run: Run, tx: Transaction, now: datetime) -> None:
        if not tx.hold_run(run.id, self._planner, until=now):
            raise Stopped(Ended.LOST)
        if tx.run(run.id).cancel_wanted:
            raise Stopped(Ended.CANCELLED)

    def _put_down(self, run: Run, why: Ended) -> None:
        log.info("run %s: %s", run.id, why)
        if why is Ended.CANCELLED:
            self._end(run, RunStatus.CANCELLED)
        elif why is Ended.STOPPING:
            give_back(run, self._planner, now=self._tools.now(), store=self._tools.store)

    def _end(self, run: Run, status: RunStatus, issues: Sequence[Issue] = ()) -> None:
        now = self._tools.now()
        with self._tools.store.begin() as tx:
            tx.take_turn("runs")
            if tx.hold_run(run.id, self._planner, until=now):
                end_run(tx, run, status, now=now, issues=issues)


def _published(run: Run, plan: Plan, tx: Transaction, now: datetime) -> tuple[Issue, ...]:
    """Return why the plan stays a draft; nothing if it is in force now."""
    try:
        publish_within(tx, plan, actor=run.actor, now=now)
    except Conflict as refused:
        return refused.issues
    return ()


def _crews_are_out(order: RunOrder) -> Issue:
    return Issue(
        code="S343",
        subject=f"crews of {order.day.isoformat()}",
        cause="crews are out already, so they cannot be chosen any more",
        action="Name those that fail as disruptions of their shifts",
    )


def _cannot_close() -> Issue:
    return Issue(
        code="S344",
        subject="closed areas",
        cause="the streets of this service cannot be closed",
        action="Plan without closed areas, or on a street graph",
    )


def _unexpected(run: Run) -> Issue:
    return Issue(
        code="S332",
        subject=f"run {run.id}",
        cause="planning failed in a way nobody foresaw; the service's log says how",
        action="Try again; if it stays, report the time of the run",
    )
