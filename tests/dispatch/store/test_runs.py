"""Planning runs in the store: one unfinished run a day, leases, steps."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import pytest

from dispatch.domain.access import Role
from dispatch.domain.errors import Conflict, NotFound
from dispatch.domain.ids import CrewId, RunId
from dispatch.domain.job import Organisation
from dispatch.domain.run import Run, RunOrder, RunPhase, RunStatus, Scope
from tests.helpers.doors import an_actor
from tests.helpers.plans import DAY, at

if TYPE_CHECKING:
    from typing import Any

    from dispatch.store import Store

USB, PARKS = Organisation.USB, Organisation.PARKS


def a_run(name: str = "run-1", *, minute: int = 0, **parts: Any) -> Run:
    """Return a waiting run of USB."""
    order = RunOrder(
        day=DAY,
        organisation=parts.pop("organisation", USB),
        seconds=2.5,
        crews=frozenset({CrewId("grün")}),
        scope=Scope.KEEP_ROUTES,
    )
    defaults: dict[str, Any] = {
        "id": RunId(name),
        "order": order,
        "actor": an_actor(Role.DISPATCHER),
        "requested_at": at(minute),
    }
    return Run(**defaults | parts)


def test_a_run_comes_back_the_same(city_store: Store) -> None:
    """With its order and who asked."""
    with city_store.begin() as tx:
        tx.save_run(a_run())
        assert tx.run(RunId("run-1")) == a_run()
        with pytest.raises(NotFound, match="DB250 run nope"):
            tx.run(RunId("nope"))


def test_a_day_has_one_unfinished_run_of_an_organisation(city_store: Store) -> None:
    """The database refuses a second one; when the first is over there may be another."""
    with city_store.begin() as tx:
        tx.save_run(a_run())
        tx.save_run(a_run("run-p", organisation=PARKS))
    with pytest.raises(Conflict, match="DB103"), city_store.begin() as tx:
        tx.save_run(a_run("run-2"))
    with city_store.begin() as tx:
        tx.save_run(a_run(status=RunStatus.DONE))
        tx.save_run(a_run("run-2", minute=1))
        assert [run.id for run in tx.runs(organisation=USB)] == ["run-2", "run-1"]
        assert [run.id for run in tx.unfinished_runs()] == ["run-p", "run-2"]
        assert tx.count_runs(USB) == 2


def test_a_lease_is_renewed_by_its_planner_alone(city_store: Store) -> None:
    """A run that is not renewed in time has lapsed; whose it is not cannot renew it."""
    running = replace(a_run(), status=RunStatus.RUNNING, attempts=1)
    with city_store.begin() as tx:
        tx.save_run(running, planner="one", lease_until=at(1))
        assert (tx.lapsed_runs(at(1)), tx.lapsed_runs(at(2))) == ([], [running])
        assert tx.hold_run(running.id, "one", until=at(5))
        assert tx.lapsed_runs(at(2)) == []
        assert not tx.hold_run(running.id, "two", until=at(9))
        tx.save_run(replace(running, status=RunStatus.DONE))
        assert not tx.hold_run(running.id, "one", until=at(9))


def test_steps_count_up_and_are_told_from_any_on(city_store: Store) -> None:
    """Each run has its own numbers; the last step is found at once."""
    with city_store.begin() as tx:
        tx.save_run(a_run())
        assert tx.latest_run_event(RunId("run-1")) is None
        for phase in (RunPhase.WAITING, RunPhase.BUILDING):
            tx.add_run_event(RunId("run-1"), phase, at=at(0))
        tx.add_run_event(RunId("run-1"), RunPhase.SEARCHING, at=at(1), cost_ct=900, unserved=3)
    with city_store.read() as tx:
        assert [event.number for event in tx.run_events(RunId("run-1"))] == [1, 2, 3]
        (last,) = tx.run_events(RunId("run-1"), after=2)
        assert tx.latest_run_event(RunId("run-1")) == last
        assert (last.phase, last.cost_ct, last.unserved) == (RunPhase.SEARCHING, 900, 3)


def test_the_steps_of_old_runs_go_but_for_the_last(city_store: Store) -> None:
    """However old, a run says how it ended; one that goes on or ended of late keeps all steps."""
    phases = (RunPhase.WAITING, RunPhase.SEARCHING, RunPhase.SEARCHING, RunPhase.DONE)
    done = {"status": RunStatus.DONE}
    runs = (
        a_run("old", **done, ended_at=at(4)),
        a_run("older", **done, ended_at=at(3)),
        a_run("late", **done, ended_at=at(5)),
        a_run("unfinished"),
    )
    with city_store.begin() as tx:
        for run in runs:
            tx.save_run(run)
            for phase in phases:
                tx.add_run_event(run.id, phase, at=at(1))
    with city_store.begin() as tx:
        gone = [tx.delete_run_events(before=at(5), limit=4) for _ in range(3)]
        assert gone == [4, 2, 0]
        left = {run.id: [event.number for event in tx.run_events(run.id)] for run in runs}
        assert left == {
            "old": [4],
            "older": [4],
            "late": [1, 2, 3, 4],
            "unfinished": [1, 2, 3, 4],
        }
        last = tx.latest_run_event(RunId("old"))
        assert last is not None
        assert last.phase is RunPhase.DONE


def test_an_evening_is_noted_once(city_store: Store) -> None:
    """The database refuses the second service."""
    with city_store.begin() as tx:
        assert not tx.was_scheduled("evening", DAY, USB)
        tx.note_scheduled("evening", DAY, USB, at=at(0))
    with city_store.read() as tx:
        assert tx.was_scheduled("evening", DAY, USB)
        assert not tx.was_scheduled("evening", DAY, PARKS)
    with pytest.raises(Conflict, match="DB103"), city_store.begin() as tx:
        tx.note_scheduled("evening", DAY, USB, at=at(1))
