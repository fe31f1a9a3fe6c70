"""Searching processes: what they find and tell, and that they can be ended at any moment."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import pytest

from dispatch.domain.errors import InvalidInput, PlanningFailed
from dispatch.domain.run import Scope
from dispatch.planning.solution import Budget
from dispatch.service.plan_day import PlanRequest, drawn_plan, prepared
from dispatch.service.runs.searchers import Listening, Searchers
from graphs.provider import CrowFlies
from tests.helpers.runs import a_planner, ask
from tests.helpers.towns import NOW, TODAY
from tests.helpers.work import save, served, three_jobs

if TYPE_CHECKING:
    from collections.abc import Iterator

    from dispatch.domain.job import Organisation
    from dispatch.service.plan_day import Task
    from dispatch.store import Store

FOR_EVER = Budget(time_limit_s=3600)


@pytest.fixture(scope="module")
def searchers() -> Iterator[Searchers]:
    """Start two processes, which the tests of this file share."""
    with Searchers(cores=2) as both:
        yield both


def a_task(store: Store, organisation: Organisation, budget: Budget) -> Task:
    """Return the town's day, ready to be searched."""
    request = PlanRequest(day=TODAY, organisation=organisation, now=NOW, budget=budget)
    return prepared(request, store=store, streets=CrowFlies())


@pytest.fixture
def task(town: Store) -> Task:
    """Return the parks' day with two jobs."""
    save(town, *three_jobs())
    run = ask(town)
    return a_task(town, run.order.organisation, Budget(time_limit_s=20, solution_limit=20))


def test_the_day_is_searched_judged_and_told_of(searchers: Searchers, task: Task) -> None:
    """The plan serves all jobs and breaks no rule; better plans were told with the jobs left."""
    told: list[tuple[int, int | None]] = []
    ticks: list[None] = []
    found = searchers.search(
        task,
        Listening(watch=lambda _, *plan: told.append(plan), tick=lambda: ticks.append(None)),
    )
    assert served(drawn_plan(task, found)) == {"baum", "teich"}
    assert (found.violations, found.unassigned) == ((), ())
    assert (found.solution.cost_ueur, 0) in told
    assert ticks
    assert found.solver == "PyVRP, strings rebuilt, OR-Tools"


class NotWanted(Exception):  # not an error
    """Nobody wants the plan any more."""


def test_a_search_ends_when_it_is_not_wanted(searchers: Searchers, task: Task) -> None:
    """An hour of search ends at once, and the next search has new processes."""
    long = replace(task, request=replace(task.request, budget=FOR_EVER))
    heard: list[int] = []

    def stop_at_first(_seconds: float, ueur: int, _left: int | None) -> None:
        heard.append(ueur)
        raise NotWanted

    with pytest.raises(NotWanted):
        searchers.search(long, Listening(watch=stop_at_first, tick=lambda: None))
    assert len(heard) == 1
    assert searchers.search(task, Listening(watch=_ignore, tick=lambda: None)).violations == ()


def test_a_process_that_dies_is_told(searchers: Searchers, task: Task) -> None:
    """Killed in the middle, the search fails with S303, and the next one goes well."""
    long = replace(task, request=replace(task.request, budget=FOR_EVER))

    def kill(*_: object) -> None:
        for worker in searchers._workers:
            worker._process.kill()

    with pytest.raises(PlanningFailed, match="S303"):
        searchers.search(long, Listening(watch=kill, tick=lambda: None))
    assert searchers.search(task, Listening(watch=_ignore, tick=lambda: None)).violations == ()


def test_a_problem_without_sense_is_refused_with_its_codes(
    searchers: Searchers, task: Task
) -> None:
    """The faults come out of the process as they are."""
    senseless = replace(task.built, problem=replace(task.built.problem, horizon_s=10))
    with pytest.raises(InvalidInput, match="P201"):
        searchers.search(
            replace(task, built=senseless), Listening(watch=_ignore, tick=lambda: None)
        )


@pytest.mark.parametrize("scope", [Scope.KEEP_ROUTES, Scope.INSERT_ONLY])
def test_a_plan_in_force_is_changed_no_more_than_the_scope_allows(
    searchers: Searchers, town: Store, task: Task, scope: Scope
) -> None:
    """The jobs stay with the crews they were published for."""
    del task
    with town.read() as tx:
        (waiting,) = tx.unfinished_runs()
    a_planner(town).step()
    with town.read() as tx:
        run = tx.run(waiting.id)
        assert run.plan_id is not None
        before = tx.plan(run.plan_id)
    with town.begin() as tx:
        tx.set_current(before)
    again = a_task(town, before.organisation, Budget(time_limit_s=20, solution_limit=20))
    scoped = replace(again, request=replace(again.request, scope=scope))
    found = searchers.search(scoped, Listening(watch=_ignore, tick=lambda: None))
    after = drawn_plan(scoped, found)
    assert [(route.crew_id, route.job_ids) for route in after.routes] == [
        (route.crew_id, route.job_ids) for route in before.routes
    ]


def _ignore(_seconds: float, _ueur: int, _left: int | None) -> None:
    """Hear nothing."""
