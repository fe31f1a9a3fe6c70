"""Stored news becomes jobs without anybody asking."""

from __future__ import annotations

from datetime import date, datetime
from typing import TYPE_CHECKING

import pytest

from dispatch.demand.settings import DemandSettings
from dispatch.domain.clock import BERLIN
from dispatch.domain.errors import NotFound
from dispatch.domain.ids import SiteId
from dispatch.domain.job import JobKind
from dispatch.service.inbox import Inbox
from dispatch.service.ingest import ingest
from dispatch.service.make_jobs import JobsRequest, make_jobs
from dispatch.service.reactions import Reactions, working_day
from tests.helpers.payloads import a_payload
from tests.helpers.towns import NOW, QUARTER, TODAY, a_poll, an_uplink, filling

if TYPE_CHECKING:
    from dispatch.domain.signal import Payload
    from dispatch.store import Store

NOTICE = {
    "jurisdiction_id": "bochum.de",
    "answer": [
        {
            "service_request_id": "638344",
            "status": "open",
            "service_code": "006",
            "service_name": "Glascontainer voll",
            "description": "Alles liegt daneben",
            "requested_datetime": "2026-07-15T03:30:00+02:00",
            "lat": 51.48,
            "long": 7.21,
        }
    ],
}


def lows(count: int = 12) -> list[Payload]:
    """Return a poll of hardly any oxygen for each quarter of the last three hours."""
    return [a_poll(1.0 + at / 100, start=NOW - 12 * QUARTER + at * QUARTER) for at in range(count)]


def kinds(store: Store) -> list[JobKind]:
    with store.read() as tx:
        return sorted(job.kind for job in tx.open_jobs())


def reactions(store: Store) -> Reactions:
    return Reactions(store, now=lambda: NOW)


def test_a_low_pond_is_a_job_without_a_planning_run(town: Store) -> None:
    """Many messages of one pond are one look at it."""
    inbox = Inbox(town)
    for payload in lows():
        inbox.submit([payload]).result(timeout=60)
    background = reactions(town)
    assert background.look() == 1
    assert JobKind.AERATE in kinds(town)
    assert background.look() == 0


def test_news_outlives_the_process_that_stored_it(town: Store) -> None:
    """A service that was killed before it looked does so when it starts again."""
    ingest(lows(), store=town)
    again = reactions(town)
    again.start()
    again.stop()
    # It may have been stopped before it began: nothing is lost then either.
    again = reactions(town)
    again.look()
    assert JobKind.AERATE in kinds(town)


def test_later_news_is_judged_with_the_past(town: Store) -> None:
    """What was remembered of a pond is carried on, also when late news comes between."""
    background = reactions(town)
    polls = lows()
    polls[4], polls[5] = polls[5], polls[4]
    for payload in polls:
        ingest([payload], store=town)
        assert background.look() == 1
    assert JobKind.AERATE in kinds(town)


def test_containers_wait_for_the_planning_run(town: Store) -> None:
    """They take days to fill, and thousands of them send every hour."""
    ingest([*filling(80.0, 90.0, 96.0), an_uplink(310)], store=town)
    assert reactions(town).look() == 0
    assert kinds(town) == []


def test_what_people_tell_is_looked_at(town: Store) -> None:
    """A notice is a job at once."""
    ingest([a_payload(NOTICE, format_name="open311")], store=town)
    assert reactions(town).look() == 1
    assert kinds(town)


def test_a_planning_run_leaves_nothing_to_look_at(town: Store) -> None:
    """It looks at all sites anyway."""
    ingest(lows(), store=town)
    make_jobs(JobsRequest(now=NOW, day=TODAY), store=town)
    assert reactions(town).look() == 0


def fail_after_taking(store: Store) -> None:
    with store.begin() as tx:
        assert tx.next_look() is not None
        tx.site(SiteId("nowhere"))  # fails, as anything might


def test_news_stays_when_looking_fails(town: Store) -> None:
    """A database that fails in between loses no emergency."""
    ingest(lows(), store=town)

    class Broken(Exception):
        pass

    def clock() -> datetime:
        raise Broken

    with pytest.raises(Broken):
        Reactions(town, now=clock).look()
    with pytest.raises(NotFound):
        fail_after_taking(town)
    assert reactions(town).look() == 1


@pytest.mark.parametrize(
    ("hour", "day"), [(0, TODAY), (20, TODAY), (21, date(2026, 7, 16)), (23, date(2026, 7, 16))]
)
def test_in_the_evening_the_work_is_for_tomorrow(hour: int, day: date) -> None:
    """A job found after the last shift has its window on the next day."""
    at = datetime(2026, 7, 15, hour, 5, tzinfo=BERLIN)
    assert working_day(at, DemandSettings()) == day
