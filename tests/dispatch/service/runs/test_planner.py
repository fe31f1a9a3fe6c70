"""A planner brings runs to their end, and whatever happens to it no run hangs."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

import pytest

from dispatch.domain.errors import Issue, PlanningFailed
from dispatch.domain.ids import CrewId
from dispatch.domain.job import JobKind, JobStatus, Organisation, Skill
from dispatch.domain.plan import PlanStatus
from dispatch.domain.run import RunStatus, Scope
from dispatch.service.ingest import ingest
from dispatch.service.runs.claims import LEASE
from dispatch.service.runs.orders import cancel_run
from tests.helpers.runs import (
    CHIEF,
    HandClock,
    HereSearch,
    a_planner,
    ask,
    killed,
    plan_of,
    run_of,
    steps_of,
)
from tests.helpers.towns import NOW, TODAY, filling
from tests.helpers.work import a_job, save, served, three_jobs

if TYPE_CHECKING:
    from dispatch.service.plan_day import Found, Task
    from dispatch.service.runs.searchers import Listening
    from dispatch.store import Store

USB, PARKS = Organisation.USB, Organisation.PARKS


@pytest.fixture
def busy_town(town: Store) -> Store:
    """Return the town with a job for each of three crews."""
    save(town, *three_jobs())
    return town


def plans(store: Store) -> list[str]:
    """Return where all plans stand."""
    with store.read() as tx:
        return [state.status.value for state in tx.plan_states(p.id for p in tx.plans()).values()]


def test_a_run_makes_a_draft_and_tells_its_steps(busy_town: Store) -> None:
    """It says what it is at and how many jobs the best plan leaves; nothing is in force yet."""
    run = ask(busy_town)
    assert a_planner(busy_town).step()
    done = run_of(busy_town, run)
    assert (done.status, done.attempts, done.issues) == (RunStatus.DONE, 1, ())
    assert done.started_at is not None
    assert done.ended_at is not None
    assert done.plan_id is not None
    assert steps_of(busy_town, run) == [
        ("waiting", None),
        ("building", None),
        ("searching", None),
        ("searching", 1),
        ("searching", 0),
        ("checking", 0),
        ("done", 0),
    ]
    with busy_town.read() as tx:
        assert served(tx.plan(done.plan_id)) == {"baum", "teich"}
        assert tx.plan_state(done.plan_id).status is PlanStatus.DRAFT
        assert tx.current_plans(TODAY) == []


def test_without_a_run_there_is_nothing_to_do(busy_town: Store) -> None:
    """A step of an idle planner does nothing."""
    assert not a_planner(busy_town).step()


def test_a_run_may_publish_its_plan(busy_town: Store) -> None:
    """The plan is in force in the name of who asked, and its jobs are planned."""
    ask(busy_town, publish=True)
    a_planner(busy_town).step()
    with busy_town.read() as tx:
        plan = tx.current_plan(TODAY, PARKS)
        (entry,) = tx.audit(subject=f"plan/{plan.id}")
        assert entry.actor_id == CHIEF.id
        assert {job.id for job in tx.jobs(status=JobStatus.PLANNED)} == {"baum", "teich"}


def test_a_plan_that_cannot_be_published_is_kept_as_a_draft(busy_town: Store) -> None:
    """A job was cancelled meanwhile: the run is done, says so, and its plan can be looked at."""
    run = ask(busy_town, publish=True)
    gone = a_job("baum", kind=JobKind.WATER, status=JobStatus.CANCELLED)
    a_planner(busy_town, searchers=HereSearch(lambda: save(busy_town, gone))).step()
    done = run_of(busy_town, run)
    assert [issue.code for issue in done.issues] == ["C504"]
    assert (done.status, plans(busy_town)) == (RunStatus.DONE, ["draft"])


def test_only_the_crews_asked_for_work(busy_town: Store) -> None:
    """The others have no route, and what they alone can do is left."""
    run = ask(busy_town, crews=frozenset({CrewId("teich-1")}))
    a_planner(busy_town).step()
    plan = plan_of(busy_town, run)
    assert {route.crew_id for route in plan.routes} == {"teich-1"}
    assert served(plan) == {"teich"}


def test_jobs_are_made_from_the_signals_first(town: Store) -> None:
    """A container that fills up has a job by the time the search begins."""
    ingest(filling(60, 75, 90, 97), store=town)
    run = ask(town, organisation=USB, make_jobs=True)
    a_planner(town).step()
    plan = plan_of(town, run)
    with town.read() as tx:
        kinds = {job.kind for job in tx.jobs_by_id(plan.job_ids).values()}
    assert JobKind.EMPTY in kinds


def test_with_nothing_to_plan_a_run_is_done_without_a_plan(town: Store) -> None:
    """That is no failure; the reason is told."""
    run = ask(town)
    a_planner(town).step()
    done = run_of(town, run)
    assert (done.status, done.plan_id) == (RunStatus.DONE, None)
    assert [issue.code for issue in done.issues] == ["S302"]


class DeadProcess(HereSearch):
    """A search whose process is gone."""

    def search(self, task: Task, listening: Listening) -> Found:
        """Raise what a broken process becomes."""
        del task, listening
        raise PlanningFailed(Issue(code="S303", subject="solver", cause="gone", action="again"))


class Broken(HereSearch):
    """A search with a fault nobody foresaw."""

    def search(self, task: Task, listening: Listening) -> Found:
        """Divide by zero."""
        del task, listening
        raise ZeroDivisionError


@pytest.mark.parametrize(("search", "code"), [(DeadProcess(), "S303"), (Broken(), "S332")])
def test_a_run_that_fails_says_why(busy_town: Store, search: HereSearch, code: str) -> None:
    """No plan is stored, the reason is kept, and the next run is not held up."""
    run = ask(busy_town)
    a_planner(busy_town, searchers=search).step()
    failed = run_of(busy_town, run)
    assert (failed.status, [issue.code for issue in failed.issues]) == (RunStatus.FAILED, [code])
    assert steps_of(busy_town, run)[-1][0] == "failed"
    assert plans(busy_town) == []
    ask(busy_town)
    assert a_planner(busy_town).step()
    assert plans(busy_town) == ["draft"]


def test_a_cancelled_run_leaves_no_plan(busy_town: Store) -> None:
    """Cancelled in the middle of the search, it ends at the next look."""
    run = ask(busy_town)
    search = HereSearch(lambda: cancel_run(run.id, actor=CHIEF, now=NOW, store=busy_town))
    a_planner(busy_town, searchers=search).step()
    assert run_of(busy_town, run).status is RunStatus.CANCELLED
    assert plans(busy_town) == []


def test_a_service_that_stops_gives_its_run_back(busy_town: Store) -> None:
    """The run waits again, and another planner takes it up as if it had never begun."""
    run = ask(busy_town)
    search = HereSearch()
    planner = a_planner(busy_town, searchers=search)
    search.meanwhile = planner._stopping.set
    planner.step()
    assert (run_of(busy_town, run).status, run_of(busy_town, run).attempts) == (
        RunStatus.QUEUED,
        0,
    )
    assert a_planner(busy_town, name="two").step()
    assert run_of(busy_town, run).status is RunStatus.DONE


def dies() -> None:
    """End the planner as the kernel would."""
    raise SystemExit


def test_a_run_whose_planner_died_is_taken_up_once_more(busy_town: Store) -> None:
    """Not before its lease is over; then another planner brings it to its end."""
    run = ask(busy_town)
    clock = HandClock()
    killed(a_planner(busy_town, searchers=HereSearch(dies), clock=clock))
    other = a_planner(busy_town, clock=clock, name="two")
    assert not other.step()
    clock.moment += LEASE
    assert other.step()
    done = run_of(busy_town, run)
    assert (done.status, done.attempts, plans(busy_town)) == (RunStatus.DONE, 2, ["draft"])


def test_a_run_that_kills_its_planners_is_given_up(busy_town: Store) -> None:
    """After the second death it has failed with its reason, and others are told."""
    run = ask(busy_town)
    clock = HandClock()
    for name in ("one", "two"):
        killed(a_planner(busy_town, searchers=HereSearch(dies), clock=clock, name=name))
        clock.moment += LEASE + timedelta(seconds=1)
    assert not a_planner(busy_town, clock=clock, name="three").step()
    failed = run_of(busy_town, run)
    assert (failed.status, failed.issues[0].code) == (RunStatus.FAILED, "S331")
    assert plans(busy_town) == []


def test_a_planner_that_was_away_too_long_does_not_publish(busy_town: Store) -> None:
    """Another has taken the run up meanwhile: of the two plans one is kept."""
    run = ask(busy_town, publish=True)
    clock = HandClock()

    def another_takes_it_up() -> None:
        clock.moment += LEASE + timedelta(seconds=1)
        assert a_planner(busy_town, clock=clock, name="two").step()

    a_planner(busy_town, searchers=HereSearch(another_takes_it_up), clock=clock).step()
    assert plans(busy_town) == ["published"]
    assert (run_of(busy_town, run).status, run_of(busy_town, run).attempts) == (RunStatus.DONE, 2)


def test_a_run_to_be_cancelled_whose_planner_died_is_cancelled(busy_town: Store) -> None:
    """Nobody takes it up again."""
    run = ask(busy_town)
    clock = HandClock()

    def cancelled_then_dead() -> None:
        cancel_run(run.id, actor=CHIEF, now=NOW, store=busy_town)
        dies()

    killed(a_planner(busy_town, searchers=HereSearch(cancelled_then_dead), clock=clock))
    clock.moment += LEASE + timedelta(seconds=1)
    assert not a_planner(busy_town, clock=clock, name="two").step()
    assert run_of(busy_town, run).status is RunStatus.CANCELLED


def test_runs_of_one_day_are_worked_on_one_after_the_other(busy_town: Store) -> None:
    """What both could do is planned by one: the second run begins when the first is over."""
    both = a_job("laub", kind=JobKind.CLEAN, skills=frozenset({Skill.POND_CARE}), required=True)
    save(busy_town, both)
    ask(busy_town, publish=True)
    ask(busy_town, organisation=USB, publish=True)
    other = a_planner(busy_town, name="two")
    taken: list[bool] = []
    search = HereSearch(lambda: taken.append(other.step()))
    a_planner(busy_town, searchers=search).step()
    assert taken == [False]
    assert other.step()
    with busy_town.read() as tx:
        parks, usb = tx.current_plans(TODAY)
    assert served(parks) | served(usb) == {"glas", "baum", "teich", "laub"}
    assert not served(parks) & served(usb)


@pytest.mark.parametrize("scope", list(Scope))
def test_the_order_says_how_much_may_change(busy_town: Store, scope: Scope) -> None:
    """The search is told the scope, and from which plan it begins."""
    ask(busy_town, publish=True)
    a_planner(busy_town).step()
    ask(busy_town, scope=scope)
    told: list[tuple[Scope, bool]] = []

    class Telling(HereSearch):
        def search(self, task: Task, listening: Listening) -> Found:
            told.append((task.request.scope, task.start is not None))
            return super().search(task, listening)

    a_planner(busy_town, searchers=Telling()).step()
    assert told == [(scope, True)]
