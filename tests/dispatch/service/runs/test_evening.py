"""By the clock: the next working day is planned once an evening, past days are closed."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta
from typing import TYPE_CHECKING

import pytest

from dispatch.domain.clock import at_local
from dispatch.domain.job import JobStatus, Organisation
from dispatch.domain.plan import PlanStatus
from dispatch.service.runs.evening import (
    EveningPlan,
    ask_in_the_evening,
    close_past_days,
    next_working_day,
)
from dispatch.service.runs.orders import cancel_run
from scenarios.crews import CREW_TYPES, make_fleet
from scenarios.places import BOCHUM
from tests.helpers.plans import a_plan, a_route
from tests.helpers.runs import CHIEF, ask
from tests.helpers.towns import NOW, TODAY
from tests.helpers.work import a_job, save

if TYPE_CHECKING:
    from dispatch.domain.run import Run
    from dispatch.store import Store

USB, PARKS = Organisation.USB, Organisation.PARKS
EVENING = EveningPlan(at=time(18, 30), seconds=30)
FRIDAY = date(2026, 7, 17)


def asked(store: Store, moment: datetime, plan: EveningPlan = EVENING) -> list[tuple[str, date]]:
    """Return the organisations and days of the runs that the clock asks for at that moment."""
    runs = ask_in_the_evening(plan, now=moment, store=store)
    return [(run.order.organisation.value, run.order.day) for run in runs]


def over(store: Store, *runs: Run) -> None:
    """Let all runs be over."""
    with store.read() as tx:
        waiting = tx.unfinished_runs()
    for run in (*runs, *waiting):
        cancel_run(run.id, actor=CHIEF, now=NOW, store=store)


def test_the_next_working_day_is_planned_for_each_organisation(town: Store) -> None:
    """On a Friday evening USB's Monday, and the Saturday of the ponds' crew; published at once."""
    runs = ask_in_the_evening(EVENING, now=at_local(FRIDAY, time(18, 30)), store=town)
    assert [(run.order.organisation, run.order.day) for run in runs] == [
        (USB, date(2026, 7, 20)),
        (PARKS, date(2026, 7, 18)),
    ]
    assert {(run.order.publish, run.order.make_jobs, run.order.seconds) for run in runs} == {
        (True, True, 30)
    }


@pytest.mark.parametrize(
    ("moment", "due"),
    [
        (at_local(TODAY, time(18, 29, 59)), False),
        (at_local(TODAY, time(18, 30)), True),
        (at_local(TODAY, time(23, 59)), True),
        (at_local(TODAY + timedelta(days=1), time(4, 30)), True),
        (at_local(TODAY + timedelta(days=1), time(4, 31)), False),
    ],
)
def test_a_service_that_was_down_in_the_evening_catches_up(
    town: Store, moment: datetime, due: bool
) -> None:
    """Until before the first shift begins, and for the same day as in the evening."""
    tomorrow = TODAY + timedelta(days=1)
    assert asked(town, moment) == ([("usb", tomorrow), ("parks", tomorrow)] if due else [])


def test_it_is_asked_for_once_an_evening(town: Store) -> None:
    """Whoever looks again, after a restart or from another service, finds it done."""
    moment = at_local(TODAY, time(18, 30))
    assert len(asked(town, moment)) == 2
    over(town)
    assert asked(town, moment + timedelta(minutes=1)) == []
    assert asked(town, moment + timedelta(hours=9)) == []
    assert len(asked(town, moment + timedelta(days=1))) == 2


@pytest.mark.parametrize(
    ("day", "moments"),
    [
        # The clocks are put back: half past two comes twice.
        (date(2026, 10, 25), [(0, 29), (0, 31), (1, 31), (2, 31)]),
        # And forward: half past two does not come; it is due when the clocks say half past three.
        (date(2027, 3, 28), [(0, 59), (1, 30), (2, 30), (3, 30)]),
    ],
)
def test_a_change_of_the_clocks_neither_doubles_nor_loses_it(
    town: Store, day: date, moments: list[tuple[int, int]]
) -> None:
    """With a run at half past two in the night of the change there is one."""
    plan = replace(EVENING, at=time(2, 30))
    with town.begin() as tx:
        for organisation in Organisation:  # the night before is not what this is about
            tx.note_scheduled("evening", day - timedelta(days=1), organisation, at=NOW)
    found = [
        asked(town, datetime(day.year, day.month, day.day, hour, minute, tzinfo=UTC), plan)
        for hour, minute in moments
    ]
    assert [len(runs) for runs in found] == [0, 2, 0, 0]


def test_without_a_time_nothing_is_planned_by_the_clock(town: Store) -> None:
    """An empty setting turns it off."""
    assert asked(town, at_local(TODAY, time(18, 30)), replace(EVENING, at=None)) == []


def test_where_somebody_is_planning_already_it_comes_after(town: Store) -> None:
    """The dispatcher's own run goes first; when it is over the evening's is asked for."""
    tomorrow = TODAY + timedelta(days=1)
    mine = ask(town, organisation=USB, day=tomorrow)
    moment = at_local(TODAY, time(18, 30))
    assert asked(town, moment) == [("parks", tomorrow)]
    cancel_run(mine.id, actor=CHIEF, now=NOW, store=town)
    assert asked(town, moment + timedelta(minutes=1)) == [("usb", tomorrow)]


def test_an_organisation_without_crews_has_no_next_working_day() -> None:
    """It is left alone."""
    fleet = make_fleet(BOCHUM, tuple(line for line in CREW_TYPES if line.organisation is USB))
    assert next_working_day(fleet, USB, after=FRIDAY) == date(2026, 7, 20)
    assert next_working_day(fleet, PARKS, after=FRIDAY) is None


def test_past_days_are_closed_at_night(town: Store) -> None:
    """From three o'clock on yesterday's plans are closed, and jobs nobody reported are open."""
    save(town, a_job("glas", status=JobStatus.PLANNED))
    plan = a_plan("a", day=TODAY, routes=(a_route(job="glas"),))
    with town.begin() as tx:
        tx.add_plan(plan)
        tx.set_current(plan)
    night = at_local(TODAY + timedelta(days=1), time(2, 59))
    assert close_past_days(now=at_local(TODAY, time(23)), store=town) == []
    assert close_past_days(now=night, store=town) == []
    assert close_past_days(now=night + timedelta(minutes=1), store=town) == [plan]
    with town.read() as tx:
        assert tx.plan_state(plan.id).status is PlanStatus.CLOSED
        assert tx.job(a_job("glas").id).status is JobStatus.OPEN
    assert close_past_days(now=night + timedelta(minutes=2), store=town) == []
