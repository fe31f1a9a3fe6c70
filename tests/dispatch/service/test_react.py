"""One new signal at a time: the same jobs as from all signals at once."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import TYPE_CHECKING, Any

import pytest

from dispatch.domain.clock import at_local
from dispatch.domain.job import Job, JobKind, JobStatus
from dispatch.service.ingest import ingest
from dispatch.service.make_jobs import JobsRequest, make_jobs
from dispatch.service.react import Reaction, Reactor
from tests.helpers.databases import fresh_store
from tests.helpers.payloads import a_payload
from tests.helpers.towns import NIGHT, NOW, QUARTER, TODAY, a_poll, a_town, an_uplink, filling

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import datetime

    from dispatch.domain.signal import Payload
    from dispatch.store import Store

HOUR = timedelta(hours=1)
FULL = (60.0, 65.0, 70.0, 75.0, 80.0, 85.0, 90.0, 96.0)


def request(now: datetime = NOW) -> JobsRequest:
    return JobsRequest(now=now, day=TODAY)


def told(jobs: list[Job]) -> set[tuple[str, str, str]]:
    """Return what open jobs say, whichever run made them."""
    return {(job.site_id, job.kind, job.reason.de) for job in jobs}


def open_jobs(store: Store) -> list[Job]:
    with store.read() as tx:
        return tx.open_jobs()


@pytest.fixture
def other_town() -> Iterator[Store]:
    """Yield a second town with the same register."""
    store = fresh_store()
    with store.begin() as tx:
        tx.save_city(a_town())
    yield store
    store.close()


def lows(*oxygen: float, start: datetime) -> list[Payload]:
    """Return a poll for each quarter of an hour."""
    return [a_poll(value, start=start + at * QUARTER) for at, value in enumerate(oxygen)]


def test_a_low_pond_is_a_job_at_once(town: Store) -> None:
    """The third low value within the hour calls for the aerator, not the next run for all."""
    reactor = Reactor(town)
    start = NOW - HOUR
    found: list[Reaction] = [
        reactor.react([payload], request(start + (at + 1) * QUARTER))
        for at, payload in enumerate(lows(1.0, 1.1, 0.9, 1.0, start=start))
    ]
    created = [[job.kind for job in one.jobs.created] for one in found]
    assert created == [[], [], [JobKind.AERATE], []]
    assert [job.kind for job in open_jobs(town)].count(JobKind.AERATE) == 1
    assert found[-1].ingested.stored == 1


def test_other_sites_are_not_looked_at(town: Store) -> None:
    """A pond's signal closes no glass job, and makes none."""
    ingest(filling(*FULL), store=town)
    Reactor(town).react([a_poll(8.0, start=NOW - HOUR)], request())
    assert open_jobs(town) == []
    make_jobs(request(), store=town)
    before = {job.id for job in open_jobs(town)}
    Reactor(town).react([a_poll(8.1, start=NOW - HOUR / 2)], request())
    assert {job.id for job in open_jobs(town)} == before


@pytest.mark.parametrize("in_memory", [0, 1, 100])
def test_reacting_ends_where_looking_at_all_would(
    town: Store, other_town: Store, in_memory: int
) -> None:
    """Payload by payload, mixed and out of order, with much memory, little or none."""
    pond = lows(*[5.0, 4.0, 2.9, 2.0, 2.1, 1.8, 2.2, 3.5, 2.0, 2.2], start=NOW - 3 * HOUR)
    pond[4], pond[5] = pond[5], pond[4]
    payloads = [*filling(*FULL), *pond, an_uplink(320, at=NOW - HOUR / 2)]
    reactor = Reactor(town, sites_in_memory=in_memory)
    for payload in payloads:
        now = max(payload.received_at, NOW - 3 * HOUR)
        reactor.react([payload], request(now))
    reactor.react([a_poll(2.3, start=NOW - QUARTER)], request())
    reactor.react([an_uplink(321, at=NOW)], request())
    ingest([*payloads, a_poll(2.3, start=NOW - QUARTER), an_uplink(321, at=NOW)], store=other_town)
    make_jobs(request(), store=other_town)
    own = {"glas-1", "teich-1"}
    wanted = {job for job in told(open_jobs(other_town)) if job[0] in own}
    assert {job for job in told(open_jobs(town)) if job[0] in own} == wanted
    assert {kind for _, kind, _ in wanted} >= {JobKind.EMPTY, JobKind.AERATE}


def test_what_another_wrote_meanwhile_is_seen(town: Store, other_town: Store) -> None:
    """Memory never hides a signal that came in by another door."""
    reactor = Reactor(town)
    first, *rest = filling(*FULL)
    reactor.react([first], request())
    ingest(rest, store=town)
    reactor.react([an_uplink(340, at=NOW - HOUR)], request())
    ingest([first, *rest, an_uplink(340, at=NOW - HOUR)], store=other_town)
    make_jobs(request(), store=other_town)
    glass = {job for job in told(open_jobs(other_town)) if job[0] == "glas-1"}
    assert {job for job in told(open_jobs(town)) if job[0] == "glas-1"} == glass
    assert glass


def test_a_signal_from_the_future_counts_when_its_time_has_come(town: Store) -> None:
    """It is stored at once, and nothing rests on it before."""
    reactor = Reactor(town)
    sinking = [2.3 - 0.1 * quarter for quarter in range(12)]
    ahead = [a_poll(*sinking, start=NOW + HOUR)]
    early = reactor.react(ahead, request())
    assert JobKind.AERATE not in {job.kind for job in early.jobs.created}
    later = reactor.react([a_poll(1.1, start=NOW + 4 * HOUR)], request(NOW + 5 * HOUR))
    assert [job.kind for job in later.jobs.created] == [JobKind.AERATE]


def test_a_payload_sent_twice_changes_nothing(town: Store) -> None:
    """Nor does one that cannot be read, or comes from a stranger."""
    reactor = Reactor(town)
    reactor.react(lows(1.0, 1.0, 1.0, 1.0, start=NOW - HOUR), request())
    before = open_jobs(town)
    for payload in (
        *lows(1.0, start=NOW - HOUR),
        a_payload(b"{", format_name="ttn"),
        an_uplink(900, dev_eui="0000000000000099", at=NIGHT),
    ):
        assert reactor.react([payload], request()).jobs.created == ()
    assert open_jobs(town) == before


def service_request(number: int, **members: Any) -> Payload:
    """Return an Open311 answer with one request at the market."""
    body = {
        "service_request_id": str(number),
        "status": "open",
        "service_name": "Müll am Container",
        "service_code": "012",
        "requested_datetime": f"2026-07-14T0{number}:00:00+02:00",
        "lat": 51.5,
        "long": 7.25,
    } | members
    return a_payload([body], format_name="open311")


def test_a_notice_is_a_job_at_once_and_its_duplicate_the_same_job(town: Store) -> None:
    """Its spot becomes a site; when both senders are answered the job is closed."""
    reactor = Reactor(town)
    (job,) = reactor.react([service_request(6)], request()).jobs.created
    assert (job.kind, job.site_name) == (JobKind.CLEAN, "Müll am Container")
    (again,) = reactor.react([service_request(7)], request()).jobs.updated
    assert again.id == job.id
    assert again.reason.en.startswith("Müll am Container: 2 notices since")
    make_jobs(request(), store=town)
    assert {j.id for j in open_jobs(town) if j.kind is JobKind.CLEAN} == {job.id}
    done = {"status": "closed", "updated_datetime": "2026-07-15T04:00:00+02:00"}
    closed = [service_request(number, **done) for number in (6, 7)]
    assert [j.id for j in reactor.react(closed, request()).jobs.closed] == [job.id]


def test_jobs_of_notices_are_kept_when_their_site_sends(town: Store) -> None:
    """A fill level says nothing about the litter beside the container."""
    reactor = Reactor(town)
    here = {"lat": 51.48, "long": 7.21}
    (job,) = reactor.react([service_request(6, **here)], request()).jobs.created
    assert job.site_id == "glas-1"
    reactor.react([an_uplink(1000, at=at_local(TODAY, NOW.time()) - HOUR)], request())
    assert [j.id for j in open_jobs(town) if j.kind is JobKind.CLEAN] == [job.id]


def test_what_a_crew_cleaned_is_not_asked_for_again(town: Store) -> None:
    """The sender closes the notice days later; who tells of it after the work is heard."""
    reactor = Reactor(town)
    (job,) = reactor.react([service_request(6)], request()).jobs.created
    with town.begin() as tx:
        tx.save_jobs([replace(job, status=JobStatus.DONE, updated_at=NOW)])
    later = request(NOW + 2 * HOUR)
    assert JobKind.CLEAN not in {job.kind for job in make_jobs(later, store=town).created}
    again = service_request(7, requested_datetime="2026-07-15T05:00:00+02:00")
    created = reactor.react([again], later).jobs.created
    assert [new.reason.en for new in created] == ["Müll am Container: reported Wed 15 Jul 05:00"]
