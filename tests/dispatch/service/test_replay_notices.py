"""What people told in a past season, replayed as it became known."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any

from dispatch.domain.geo import LatLon
from dispatch.domain.job import JobKind
from dispatch.domain.notice import Notice, NoticeStatus, notice_id
from dispatch.service.ingest import ingest
from dispatch.service.replay import Ending, ReplayedJob, ReplayRequest, replay
from dispatch.service.replay_notices import NoticeBox
from tests.helpers.payloads import a_payload

if TYPE_CHECKING:
    from dispatch.domain.signal import Payload
    from dispatch.store import Store

MONDAY = datetime(2026, 7, 13, tzinfo=UTC)
HOUR, DAY = timedelta(hours=1), timedelta(days=1)
CLOSED = NoticeStatus.CLOSED


def a_notice(number: int, *, at: datetime = MONDAY, **parts: Any) -> Notice:
    """Return litter at the market."""
    usual: dict[str, Any] = {
        "id": notice_id("open311", str(number)),
        "source": "open311",
        "code": "012",
        "name": "Müll am Container",
        "text": "",
        "location": LatLon(51.5, 7.25),
        "requested_at": at,
    }
    return Notice(**usual | parts)


def answer(number: int, at: datetime, **members: Any) -> Payload:
    """Return an Open311 answer with one request."""
    body = {
        "service_request_id": str(number),
        "status": "open",
        "service_name": "Müll am Container",
        "service_code": "012",
        "requested_datetime": at.isoformat(),
        "lat": 51.5,
        "long": 7.25,
    } | members
    return a_payload([body], format_name="open311")


def replayed(store: Store, *payloads: Payload, done_after: timedelta | None) -> list[ReplayedJob]:
    """Return the jobs of a week that people asked for."""
    ingest(payloads, store=store)
    request = ReplayRequest(since=MONDAY, until=MONDAY + 7 * DAY, done_after=done_after)
    found = replay(request, store=store)
    return [one for one in found if one.job.kind in (JobKind.CLEAN, JobKind.NOTICE)]


def test_each_moment_sees_what_had_happened_by_then() -> None:
    """A notice closed later was still open, and one reported later was not there."""
    late = a_notice(2, at=MONDAY + DAY)
    closed = a_notice(1, status=CLOSED, updated_at=MONDAY + 2 * DAY)
    box = NoticeBox([late, closed])
    assert box.known(MONDAY - HOUR) == []
    assert [n.status for n in box.known(MONDAY)] == [NoticeStatus.OPEN]
    assert [n.status for n in box.known(MONDAY + 2 * DAY)] == [CLOSED, NoticeStatus.OPEN]
    assert [box.changed(MONDAY + n * DAY, MONDAY + (n + 1) * DAY) for n in range(3)] == [
        True,
        True,
        False,
    ]


def test_a_notice_closed_nobody_knows_when_was_open() -> None:
    """Else a season's answer, in which all is closed, would ask for nothing."""
    (seen,) = NoticeBox([a_notice(1, status=CLOSED)]).known(MONDAY)
    assert seen.status is NoticeStatus.OPEN


def test_a_notice_is_a_job_until_its_sender_closes_it(town: Store) -> None:
    """The next look after the report asks for it, the first after the closing ends it."""
    told = answer(1, MONDAY + 30 * HOUR)
    ended = {"status": "closed", "updated_datetime": (MONDAY + 80 * HOUR).isoformat()}
    (job,) = replayed(town, told, answer(1, MONDAY + 30 * HOUR, **ended), done_after=None)
    assert job.job.created_at == MONDAY + 30 * HOUR + timedelta(minutes=50)
    assert (job.ending, job.ended_at) == (
        Ending.CLOSED,
        MONDAY + 80 * HOUR + timedelta(minutes=50),
    )
    assert job.job.site_id.startswith("ort-")
    assert job.devices == ()


def test_duplicates_are_one_job_and_done_work_is_not_asked_for_again(town: Store) -> None:
    """Two people, one job; who tells of it after the work is heard again."""
    again = answer(3, MONDAY + 50 * HOUR)
    first = [answer(1, MONDAY + 30 * HOUR), answer(2, MONDAY + 31 * HOUR)]
    found = replayed(town, *first, again, done_after=3 * HOUR)
    assert [one.ending for one in found] == [Ending.DONE, Ending.DONE]
    assert [one.job.created_at for one in found] == [
        MONDAY + 30 * HOUR + timedelta(minutes=50),
        MONDAY + 50 * HOUR + timedelta(minutes=50),
    ]


def test_a_wait_of_two_weeks_becomes_a_must(town: Store) -> None:
    """Although nobody said anything in between."""
    ingest([answer(1, MONDAY)], store=town)
    request = ReplayRequest(since=MONDAY, until=MONDAY + 16 * DAY, done_after=None)
    (found,) = [one for one in replay(request, store=town) if one.job.kind is JobKind.CLEAN]
    assert found.must_from is not None
    assert 14 * DAY <= found.must_from - MONDAY <= 15 * DAY
