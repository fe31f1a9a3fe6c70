"""Runs are asked for and cancelled."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Any

import pytest

from dispatch.domain.access import Role
from dispatch.domain.errors import Conflict, InvalidInput, NotAllowed
from dispatch.domain.ids import CrewId
from dispatch.domain.job import Organisation
from dispatch.domain.run import RunStatus
from dispatch.service.runs.orders import cancel_run, request_run
from tests.helpers.doors import an_actor
from tests.helpers.runs import CHIEF, LIMITS, an_order, ask, run_of, steps_of
from tests.helpers.towns import NOW, TODAY

if TYPE_CHECKING:
    from dispatch.store import Store

USB, PARKS = Organisation.USB, Organisation.PARKS
TOMORROW = TODAY + timedelta(days=1)


def test_a_run_waits_and_is_written_down(town: Store) -> None:
    """It keeps what was asked for and by whom; its first step says that it waits."""
    run = ask(town, crews=frozenset({CrewId("teich-1")}), publish=True)
    assert run_of(town, run) == run
    assert (run.status, run.order.crews, run.actor) == (RunStatus.QUEUED, {"teich-1"}, CHIEF)
    assert steps_of(town, run) == [("waiting", None)]
    with town.read() as tx:
        (entry,) = tx.audit(subject=f"run/{run.id}")
    assert (entry.action, entry.organisation) == ("run.requested", PARKS)


def test_a_day_is_planned_by_one_run_at_a_time(town: Store) -> None:
    """A second request is refused with the first one's id; other days and organisations go on."""
    first = ask(town)
    with pytest.raises(Conflict, match=f"S324 run {first.id}"):
        ask(town)
    ask(town, day=TOMORROW)
    ask(town, organisation=USB)


def test_the_queue_has_an_end(town: Store) -> None:
    """With three runs waiting a fourth is refused, until one is over."""
    runs = [ask(town, day=TODAY + timedelta(days=ahead)) for ahead in range(3)]
    with pytest.raises(Conflict, match="S325"):
        ask(town, organisation=USB)
    cancel_run(runs[0].id, actor=CHIEF, now=NOW, store=town)
    ask(town, organisation=USB)


@pytest.mark.parametrize(
    ("parts", "code"),
    [
        ({"day": TODAY - timedelta(days=1)}, "S321"),
        ({"seconds": 61.0}, "S322"),
        ({"seconds": 0.0}, "S322"),
        ({"crews": frozenset({CrewId("glas-1")})}, "S323 crew glas-1"),
    ],
)
def test_an_order_without_sense_is_refused(town: Store, parts: dict[str, Any], code: str) -> None:
    """A day that is over, a time out of bounds, another's crew; nothing is queued."""
    with pytest.raises(InvalidInput, match=code):
        ask(town, **parts)
    with town.read() as tx:
        assert tx.runs() == []


def test_all_faults_of_an_order_are_told_together(town: Store) -> None:
    """Two faults, two issues."""
    with pytest.raises(InvalidInput) as refused:
        ask(town, day=TODAY - timedelta(days=1), seconds=100.0)
    assert [issue.code for issue in refused.value.issues] == ["S321", "S322"]


def test_another_organisations_runs_are_out_of_reach(town: Store) -> None:
    """USB's dispatcher can neither ask for nor cancel a run of the parks."""
    usb = an_actor(Role.DISPATCHER)
    with pytest.raises(NotAllowed):
        request_run(an_order(), actor=usb, now=NOW, store=town, limits=LIMITS)
    run = ask(town)
    with pytest.raises(NotAllowed):
        cancel_run(run.id, actor=usb, now=NOW, store=town)


def test_a_waiting_run_is_cancelled_at_once(town: Store) -> None:
    """It is over; cancelling it again is refused; the same moment may ask anew."""
    run = ask(town)
    cancel_run(run.id, actor=CHIEF, now=NOW, store=town)
    assert run_of(town, run).status is RunStatus.CANCELLED
    assert steps_of(town, run)[-1] == ("cancelled", None)
    with pytest.raises(Conflict, match="S326"):
        cancel_run(run.id, actor=CHIEF, now=NOW, store=town)
    assert ask(town).id != run.id
