"""Two services on one PostgreSQL behave as one."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from dataclasses import replace
from datetime import timedelta
from functools import partial
from threading import Barrier, Thread
from typing import TYPE_CHECKING, Any

import pytest
from sqlalchemy import create_engine, text

from dispatch.domain.ids import PlanId
from dispatch.domain.job import JobKind, Organisation
from dispatch.service.ingest import IngestResult, ingest, take_in
from dispatch.service.make_jobs import JobsRequest, make_jobs
from dispatch.service.react import Reactor
from dispatch.store import Store, open_store
from tests.helpers.databases import fresh_store, postgresql_url
from tests.helpers.payloads import a_payload
from tests.helpers.plans import DAY, a_city, a_plan, a_stored_job
from tests.helpers.standards import a_container, an_event
from tests.helpers.towns import LID_SENSOR, NOW, QUARTER, TODAY, a_poll, a_town, filling

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from dispatch.domain.signal import Payload

pytestmark = pytest.mark.services

SERVICES = 4
HOUR = timedelta(hours=1)
FULL = (60.0, 65.0, 70.0, 75.0, 80.0, 85.0, 90.0, 96.0)


@pytest.fixture
def url() -> str:
    """Return the URL of an empty schema."""
    return postgresql_url()


@pytest.fixture
def services(url: str) -> Iterator[list[Store]]:
    """Return four services' ways to one database, which holds the town."""
    stores = [open_store(url) for _ in range(SERVICES)]
    with stores[0].begin() as tx:
        tx.save_city(a_town())
    yield stores
    for store in stores:
        store.close()


def at_once(*works: Callable[[], Any]) -> list[Any]:
    """Return what each of the works returned, all begun in the same moment."""
    ready = Barrier(len(works))
    done: dict[int, Any] = {}
    faults: list[BaseException] = []

    def run(number: int, work: Callable[[], Any]) -> None:
        ready.wait()
        try:
            done[number] = work()
        except BaseException as error:
            faults.append(error)

    threads = [Thread(target=run, args=item) for item in enumerate(works)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert faults == []
    return [done[number] for number in sorted(done)]


def publish(store: Store, name: str, times: int) -> None:
    """Publish so many plans of the day, one after the other."""
    for count in range(times):
        with store.begin() as tx:
            revision = tx.next_revision(DAY, Organisation.USB)
            plan = replace(a_plan(), id=PlanId(f"{name}-{count}"), revision=revision)
            tx.add_plan(plan)
            tx.set_current(plan)


def test_who_publishes_at_once_gets_one_number_after_the_other(services: list[Store]) -> None:
    """Revisions have no gap and no twin, and the last one is in force."""
    with services[0].begin() as tx:
        tx.save_city(a_city())
        tx.save_jobs([a_stored_job()])
    at_once(*(partial(publish, store, f"s{n}", 5) for n, store in enumerate(services)))
    with services[0].read() as tx:
        revisions = sorted(plan.revision for plan in tx.plans())
        assert revisions == list(range(1, 5 * SERVICES + 1))
        assert tx.current_plan(DAY, Organisation.USB).revision == 5 * SERVICES
        assert len(tx.current_plans(DAY)) == 1


def one_by_one(payloads: Sequence[Payload], store: Store) -> IngestResult:
    """Take the payloads in, each in its own transaction."""
    return sum((ingest([payload], store=store) for payload in payloads), IngestResult())


def alone(payloads: Sequence[Payload]) -> IngestResult:
    """Return what one service with a database of its own makes of the payloads."""
    with closing(fresh_store()) as store:
        with store.begin() as tx:
            tx.save_city(a_town())
        return ingest(payloads, store=store)


@pytest.mark.parametrize("take", [lambda p, s: ingest(p, store=s), one_by_one])
def test_the_same_payloads_taken_in_by_all_are_stored_once(
    services: list[Store], take: Callable[[Sequence[Payload], Store], IngestResult]
) -> None:
    """Nobody fails, nobody waits in a circle, and every signal is counted by one of them."""
    payloads = [*filling(*range(20, 60), every_h=1), a_poll(*[8.0] * 40)]
    orders = [payloads, payloads[::-1], payloads[20:] + payloads[:20], payloads]
    results: list[IngestResult] = at_once(
        *(partial(take, order, store) for order, store in zip(orders, services, strict=True))
    )
    expected = alone(payloads)
    assert sum(result.stored for result in results) == expected.stored
    assert sum(result.duplicates for result in results) == (SERVICES - 1) * expected.stored
    with services[0].read() as tx:
        assert tx.count_payloads() == len(payloads)
        assert sum(tx.count_signals().values()) == expected.stored


def test_bytes_without_a_time_are_one_observation(services: list[Store]) -> None:
    """Received by all within seconds, they count as of whoever stored them first."""
    entity = a_container(fillingLevel=0.5, refDevice=f"urn:ngsi-ld:Device:{LID_SENSOR}")
    first = a_payload(entity, format_name="ngsi-ld")
    copies = [
        replace(first, received_at=first.received_at + timedelta(seconds=n))
        for n in range(SERVICES)
    ]
    results: list[IngestResult] = at_once(
        *(partial(one_by_one, [copy], store) for copy, store in zip(copies, services, strict=True))
    )
    assert sorted(result.stored for result in results) == [0, 0, 0, 1]


def test_jobs_made_by_all_at_once_are_made_once(services: list[Store]) -> None:
    """There is one open job for a site and kind, whoever was first."""
    ingest([*filling(*FULL), a_poll(1.0, 1.1, 0.9, 1.0, start=NOW - HOUR)], store=services[0])
    request = JobsRequest(now=NOW, day=TODAY)
    results = at_once(*(partial(make_jobs, request, store=store) for store in services))
    with services[0].read() as tx:
        found = tx.open_jobs()
    assert len({(job.site_id, job.kind) for job in found}) == len(found) >= 2
    assert sum(len(result.created) for result in results) == len(found)


def test_an_emergency_told_to_all_at_once_is_one_job(services: list[Store]) -> None:
    """Each service hears another value of the pond; together they call one crew."""
    start = NOW - HOUR
    polls = [a_poll(1.0 - n / 10, start=start + n * QUARTER) for n in range(SERVICES)]
    request = JobsRequest(now=NOW, day=TODAY)
    for _ in range(2):
        at_once(
            *(
                partial(Reactor(store).react, [poll], request)
                for store, poll in zip(services, polls, strict=True)
            )
        )
    with services[0].read() as tx:
        assert [job.kind for job in tx.open_jobs()].count(JobKind.AERATE) == 1
        assert tx.count_payloads() == SERVICES


def wait_until_one_waits(url: str) -> None:
    """Return when a connection to the database waits for a lock of another."""
    engine = create_engine(url)
    waiting = text(
        "SELECT count(*) FROM pg_stat_activity "
        "WHERE datname = current_database() AND wait_event_type = 'Lock'"
    )
    with engine.connect() as connection:
        while not connection.execute(waiting).scalar_one():
            connection.rollback()
    engine.dispose()


def test_an_event_that_comes_in_two_forms_counts_once(url: str, services: list[Store]) -> None:
    """Its key says that it is one event, also while the other form is still being stored."""
    sensor = f"urn:ngsi-ld:Device:{LID_SENSOR}"
    one, other = (
        a_payload(
            an_event(a_container(refDevice=sensor, fillingLevel=level), id="E-1"),
            format_name="cloudevents",
            received_at=NOW + timedelta(hours=level),
        )
        for level in (0.5, 1)
    )
    with ThreadPoolExecutor(1) as pool:
        with services[0].begin() as tx:
            assert take_in([one], tx).result.stored == 1
            second = pool.submit(ingest, [other], store=services[1])
            wait_until_one_waits(url)
        assert (second.result().stored, second.result().duplicates) == (0, 1)
