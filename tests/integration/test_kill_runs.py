"""A service that is killed while it plans, and two services on one database that plan as one."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, date, datetime, timedelta
from functools import partial
from typing import TYPE_CHECKING

import pytest

from dispatch.domain.clock import BERLIN
from dispatch.domain.errors import Conflict
from dispatch.domain.job import JobKind, Organisation
from dispatch.domain.plan import PlanStatus
from dispatch.domain.run import ENDINGS, RunOrder, RunPhase, RunStatus
from dispatch.service.publish import PlanChange, publish
from dispatch.service.runs.orders import RunLimits, request_run
from dispatch.store import Store, open_store
from tests.helpers.brokers import until
from tests.helpers.databases import postgresql_url
from tests.helpers.plans import a_plan
from tests.helpers.processes import ServiceProcess
from tests.helpers.runs import CHIEF
from tests.helpers.towns import NOW, TODAY, a_town
from tests.helpers.work import a_job, save

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from dispatch.domain.ids import RunId
    from dispatch.domain.run import Run

pytestmark = pytest.mark.services

PARKS = Organisation.PARKS
PATIENCE_S = 240
"""For machines that do other things too; a run is taken up again half a minute after the kill."""
LONG_S, SHORT_S = 8.0, 1.0


@pytest.fixture(params=["sqlite", "postgresql"])
def url(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """Return the URL of a database that outlives the service."""
    on_server = request.param == "postgresql"
    return postgresql_url() if on_server else f"sqlite:///{tmp_path}/town.sqlite"


def a_town_with_work(url: str) -> Store:
    """Return the database of the town, with a job that the ponds' crew can do on any day."""
    store = open_store(url)
    with store.begin() as tx:
        tx.save_city(a_town())
    save(store, a_job("teich", kind=JobKind.AERATE))
    return store


@pytest.fixture
def store(url: str) -> Iterator[Store]:
    """Return the database of the service, looked at from outside."""
    store = a_town_with_work(url)
    yield store
    store.close()


def tomorrow() -> date:
    """Return a day that can be planned now."""
    return (datetime.now(UTC).astimezone(BERLIN) + timedelta(days=1)).date()


def ask(store: Store, seconds: float, day: date | None = None) -> RunId:
    """Return the id of a run that publishes the parks' plan."""
    order = RunOrder(
        day=day or tomorrow(), organisation=PARKS, seconds=seconds, publish=True, make_jobs=False
    )
    limits = RunLimits(queue=100)
    return request_run(order, actor=CHIEF, now=datetime.now(UTC), store=store, limits=limits).id


def told(store: Store, run_id: RunId) -> set[RunPhase]:
    """Return what the run has told."""
    with store.read() as tx:
        return {event.phase for event in tx.run_events(run_id)}


def searches(store: Store, run_id: RunId, *, times: int = 1) -> bool:
    """Tell whether the run was taken up so often and searches."""
    with store.read() as tx:
        taken = tx.run(run_id).attempts
        last = tx.latest_run_event(run_id)
    return taken == times and last is not None and last.phase is RunPhase.SEARCHING


def over(store: Store, *run_ids: RunId) -> list[Run]:
    """Return the runs when all are over."""
    until(lambda: all(told(store, one) & ENDINGS for one in run_ids), seconds=PATIENCE_S)
    with store.read() as tx:
        return [tx.run(one) for one in run_ids]


def test_killed_while_it_plans(tmp_path: Path, url: str, store: Store) -> None:
    """No half plan is there; after the restart the run comes to its end, and its plan is one."""
    service = ServiceProcess(url, folder=tmp_path)
    service.start()
    run_id = ask(store, LONG_S)
    until(lambda: searches(store, run_id), seconds=PATIENCE_S)
    service.kill()
    with store.read() as tx:
        assert (tx.plans(), tx.current_plans(tomorrow())) == ([], [])
    service.start()
    (run,) = over(store, run_id)
    service.stop()
    assert (run.status, run.attempts, run.issues) == (RunStatus.DONE, 2, ())
    with store.read() as tx:
        (plan,) = tx.plans()
        assert tx.current_plan(run.order.day, PARKS).id == plan.id == run.plan_id
        assert tx.plan_state(plan.id).status is PlanStatus.PUBLISHED


def test_killed_again_and_again_a_run_is_given_up(tmp_path: Path, url: str, store: Store) -> None:
    """After the second kill it has failed with its reason, and does not keep the next from it."""
    service = ServiceProcess(url, folder=tmp_path)
    run_id = ask(store, LONG_S)
    for times in (1, 2):
        service.start()
        until(partial(searches, store, run_id, times=times), seconds=PATIENCE_S)
        service.kill()
    service.start()
    (run,) = over(store, run_id)
    assert (run.status, [issue.code for issue in run.issues]) == (RunStatus.FAILED, ["S331"])
    with store.read() as tx:
        assert tx.plans() == []
    (second,) = over(store, ask(store, SHORT_S))
    service.stop()
    assert (second.status, second.attempts) == (RunStatus.DONE, 1)


def test_a_service_that_ends_gives_its_run_back(tmp_path: Path, url: str, store: Store) -> None:
    """Ended as an operator does, the run waits for the next service, which takes it up at once."""
    service = ServiceProcess(url, folder=tmp_path)
    service.start()
    run_id = ask(store, LONG_S)
    until(lambda: searches(store, run_id), seconds=PATIENCE_S)
    service.stop()
    with store.read() as tx:
        assert (tx.run(run_id).status, tx.run(run_id).attempts) == (RunStatus.QUEUED, 0)
    service.start()
    (run,) = over(store, run_id)
    service.stop()
    assert (run.status, run.attempts) == (RunStatus.DONE, 1)


def test_two_services_on_one_database_plan_each_day_once(tmp_path: Path) -> None:
    """Six days asked for at once: each is planned by one of the two, and once."""
    url = postgresql_url()
    store = a_town_with_work(url)
    services = []
    for name in ("one", "two"):
        (tmp_path / name).mkdir()
        services.append(ServiceProcess(url, folder=tmp_path / name))
        services[-1].start()
    days = [tomorrow() + timedelta(days=ahead) for ahead in range(6)]
    with ThreadPoolExecutor(6) as threads:
        run_ids = list(threads.map(lambda day: ask(store, SHORT_S, day), days))
    runs = over(store, *run_ids)
    for service in services:
        service.stop()
    assert {(run.status, run.attempts) for run in runs} == {(RunStatus.DONE, 1)}
    with store.read() as tx:
        plans = tx.plans()
        # One job: on the plan of one day it is not to do on another.
        assert len(tx.plans_in_force()) == 1
        assert sorted(plan.id for plan in plans) == sorted(r.plan_id for r in runs if r.plan_id)
    store.close()


def test_of_many_who_publish_at_once_one_wins() -> None:
    """Eight drafts of one state on PostgreSQL: one comes into force, seven are told that."""
    url = postgresql_url()
    stores = [open_store(url) for _ in range(8)]
    drafts = [
        a_plan(f"draft-{n}", day=TODAY, revision=n + 1, routes=(), violations=()) for n in range(8)
    ]
    with stores[0].begin() as tx:
        for draft in drafts:
            tx.add_plan(draft)

    def told(number: int) -> str:
        change = PlanChange(plan_id=drafts[number].id, actor=CHIEF, now=NOW)
        try:
            publish(change, store=stores[number])
        except Conflict as refused:
            return refused.issues[0].code
        return "published"

    with ThreadPoolExecutor(8) as threads:
        assert sorted(threads.map(told, range(8))) == ["C503"] * 7 + ["published"]
    with stores[0].read() as tx:
        assert len(tx.plans_in_force()) == 1
    for store in stores:
        store.close()
