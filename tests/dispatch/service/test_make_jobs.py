"""From what was received to the open jobs, seen from any day."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime, time, timedelta
from typing import TYPE_CHECKING

import pytest

from dispatch.domain.clock import at_local
from dispatch.domain.job import Job, JobKind, JobStatus
from dispatch.domain.signal import SignalKind
from dispatch.service.ingest import ingest
from dispatch.service.make_jobs import JobsRequest, make_jobs
from dispatch.service.weather.source import GivenWeather, WaterSources
from tests.helpers.payloads import a_need, a_payload, a_run
from tests.helpers.signals import a_signal
from tests.helpers.soils import weather_days
from tests.helpers.towns import NIGHT, NOW, TODAY, a_poll, an_uplink, filling

if TYPE_CHECKING:
    from collections.abc import Callable

    from dispatch.demand.irrigation.stations import StationWeather
    from dispatch.demand.merge import MergeResult
    from dispatch.store import Store

HOUR = timedelta(hours=1)
SATURDAY, SUNDAY = date(2026, 7, 18), date(2026, 7, 19)
FULL = (60.0, 65.0, 70.0, 75.0, 80.0, 85.0, 90.0, 96.0)


def made(store: Store, *, now: datetime = NOW, day: date = TODAY, history: int = 30) -> MergeResult:
    """Return how the jobs change."""
    return make_jobs(JobsRequest(now=now, day=day, history_days=history), store=store)


def open_jobs(store: Store) -> list[Job]:
    """Return the open jobs as the next plan sees them."""
    with store.read() as tx:
        return tx.open_jobs()


def test_a_full_container_becomes_one_job_with_its_reason(glass_town: Store) -> None:
    """The job names its place and says in both languages what it rests on."""
    ingest(filling(*FULL), store=glass_town)
    (job,) = made(glass_town).created
    assert (job.kind, job.site_id, job.site_name) == (JobKind.EMPTY, "glas-1", "Platz glas-1")
    assert "%" in job.reason.de
    assert "%" in job.reason.en
    assert job.evidence
    assert open_jobs(glass_town) == [job]


def test_signals_from_the_future_are_not_looked_at(glass_town: Store) -> None:
    """A replayed morning does not know the evening, so a past day can be judged fairly."""
    ingest(filling(20.0, 21.0, 22.0, end=NIGHT), store=glass_town)
    # Three readings: a single one would pass for noise.
    full = [an_uplink(350, at=NOW + HOUR * part / 3) for part in (1, 2, 3)]
    ingest(full, store=glass_town)
    assert made(glass_town).created == ()
    later = made(glass_town, now=NOW + 2 * HOUR)
    assert [job.kind for job in later.created] == [JobKind.EMPTY]


def test_making_jobs_twice_changes_nothing(town: Store) -> None:
    """The second look finds the same work, keeps its ids and touches no job."""
    ingest([*filling(*FULL), a_poll(*[1.0, 1.1] * 10)], store=town)
    first = made(town)
    before = open_jobs(town)
    second = made(town, now=NOW)
    assert {job.kind for job in first.created} == {JobKind.EMPTY, JobKind.WATER, JobKind.AERATE}
    assert (second.created, second.updated, second.closed) == ((), (), ())
    assert {job.id for job in second.unchanged} == {job.id for job in first.created}
    assert open_jobs(town) == before


def test_a_sunday_closes_no_glass_job(glass_town: Store) -> None:
    """Nobody asks for glass on a Sunday; that says nothing about the job of Saturday."""
    ingest(filling(*FULL), store=glass_town)
    (job,) = made(glass_town, day=SATURDAY).created
    sunday = made(glass_town, day=SUNDAY)
    assert (sunday.created, sunday.closed) == ((), ())
    assert [job.id for job in open_jobs(glass_town)] == [job.id]


def test_a_holiday_is_a_sunday(glass_town: Store) -> None:
    """On a holiday glass rests too, on the same weekday without one it does not rest."""
    ingest(filling(*FULL), store=glass_town)
    request = JobsRequest(now=NOW, day=TODAY, holidays=frozenset({TODAY}))
    assert make_jobs(request, store=glass_town).created == ()
    assert [job.kind for job in made(glass_town).created] == [JobKind.EMPTY]


def test_the_holidays_of_north_rhine_westphalia_are_known(glass_town: Store) -> None:
    """Nobody has to say that glass rests on Corpus Christi."""
    eve = at_local(date(2026, 6, 3), time(18))
    ingest(filling(*FULL, end=eve), store=glass_town)
    assert JobKind.EMPTY not in {
        job.kind for job in made(glass_town, now=eve, day=date(2026, 6, 4)).created
    }
    friday = made(glass_town, now=eve, day=date(2026, 6, 5)).created
    assert JobKind.EMPTY in {job.kind for job in friday}


def test_emptyings_are_known_for_a_year(glass_town: Store) -> None:
    """A container without a sensor is judged by what crews found months ago."""
    with glass_town.begin() as tx:
        (site,) = tx.sites()
        paper = a_payload({}, format_name="csv")
        tx.add_payloads([paper])
        part = site.asset.containers[0].id
        reports = [
            a_signal(
                kind,
                value,
                observed_at=NOW - timedelta(days=days),
                payload_id=paper.id,
                site_id=site.id,
                part_id=part,
            )
            for days in (15, 29, 43, 57)
            for kind, value in ((SignalKind.FOUND_LEVEL, 80), (SignalKind.EMPTIED, 1))
        ]
        tx.add_signals(reports)
    (job,) = [job for job in made(glass_town, history=10).created if job.kind is JobKind.EMPTY]
    assert "emptied 15 days ago" in job.reason.en


def test_a_job_whose_reason_is_gone_is_closed(glass_town: Store) -> None:
    """Somebody emptied the container: the job is cancelled, kept and no longer open."""
    ingest(filling(*FULL), store=glass_town)
    (job,) = made(glass_town).created
    ingest([an_uplink(1680, at=NOW + HOUR), an_uplink(1670, at=NOW + 9 * HOUR)], store=glass_town)
    evening = made(glass_town, now=NOW + 10 * HOUR)
    assert [closed.id for closed in evening.closed] == [job.id]
    assert open_jobs(glass_town) == []
    with glass_town.read() as tx:
        assert tx.job(job.id).status is JobStatus.CANCELLED


def test_signals_older_than_the_history_are_not_looked_at(glass_town: Store) -> None:
    """With one day of history a level of three days ago makes no job for emptying."""
    ingest(filling(*FULL, end=NOW - timedelta(days=3)), store=glass_town)
    kinds = {job.kind for job in made(glass_town, history=1).created}
    assert JobKind.EMPTY not in kinds


def test_a_watering_run_reaches_the_tree_it_names(town: Store) -> None:
    """The irrigation model's litres become a job at that site."""
    ingest([a_payload(a_run(a_need(latest="2026-07-15")), format_name="watering-need")], store=town)
    jobs = made(town, now=at_local(date(2026, 7, 14), time(18))).created
    (water,) = [job for job in jobs if job.kind is JobKind.WATER]
    assert (water.site_id, [load.amount for load in water.loads]) == ("baum-0001", [100])


def test_a_run_that_asks_for_nothing_ends_older_needs(town: Store) -> None:
    """After rain the model says "no need": nobody waters because of last week's need."""
    model = {"name": "bochum-irrigation", "run_id": "2026-07-14T05:00:00+02:00"}
    evening = at_local(date(2026, 7, 14), time(18))
    need = a_run(a_need(latest="2026-07-15"))
    ingest([a_payload(need, format_name="watering-need")], store=town)
    assert JobKind.WATER in {job.kind for job in made(town, now=evening).created}
    ingest([a_payload(a_run(model=model), format_name="watering-need")], store=town)
    closed = made(town, now=evening + HOUR).closed
    assert [job.kind for job in closed] == [JobKind.WATER]


def dry_summer() -> WaterSources:
    """Return measured weather from April on without a drop of rain."""
    return WaterSources(sources=(GivenWeather(days=weather_days(105, rain_mm=0.0)),))


def test_without_an_external_run_the_own_model_waters_by_the_weather(town: Store) -> None:
    """Weather files in, a job with its figures out; once it was done, the soil is wet."""
    evening = at_local(date(2026, 7, 14), time(18))
    request = JobsRequest(now=evening, day=date(2026, 7, 15), water=dry_summer())
    jobs = make_jobs(request, store=town).created
    (water,) = [job for job in jobs if job.kind is JobKind.WATER]
    assert water.reason.de.startswith("200 l spätestens ")
    assert "eigenes Modell" in water.reason.de
    done = replace(water, status=JobStatus.DONE, updated_at=evening + HOUR)
    with town.begin() as tx:
        tx.save_jobs([done])
    later = replace(request, now=evening + 24 * HOUR, day=date(2026, 7, 16))
    kinds = [job.kind for job in make_jobs(later, store=town).created]
    assert JobKind.WATER not in kinds


class Interrupted:
    """A weather service that takes its time: meanwhile a crew reports."""

    def __init__(self, meanwhile: Callable[[], None]) -> None:
        self._meanwhile = meanwhile

    def weather(self, first: date, last: date) -> StationWeather:
        """Let that happen, and return dry days."""
        self._meanwhile()
        return GivenWeather(days=weather_days(105, rain_mm=0.0)).weather(first, last)


def test_what_a_crew_reports_while_jobs_are_made_stands(town: Store) -> None:
    """Weather is asked for without holding the database, and a finished job is not made again."""
    evening = at_local(date(2026, 7, 14), time(18))
    request = JobsRequest(now=evening, day=date(2026, 7, 15), water=dry_summer())
    (water,) = [j for j in make_jobs(request, store=town).created if j.kind is JobKind.WATER]
    done = replace(water, status=JobStatus.DONE, updated_at=evening + HOUR)

    def report() -> None:
        with town.begin() as tx:
            tx.save_jobs([done])

    slow = WaterSources(sources=(Interrupted(report),))
    again = make_jobs(replace(request, now=evening + HOUR, water=slow), store=town)
    assert JobKind.WATER not in {job.kind for job in (*again.created, *again.updated)}
    with town.read() as tx:
        assert tx.job(water.id) == done


def test_news_of_a_pond_that_comes_while_jobs_are_made_stays_to_be_looked_at(town: Store) -> None:
    """A pond's signals from after the look are left to the next look, which is on the list."""
    evening = at_local(date(2026, 7, 14), time(18))

    def send() -> None:
        ingest([a_poll(2.0, start=evening - HOUR)], store=town)

    slow = WaterSources(sources=(Interrupted(send),))
    make_jobs(JobsRequest(now=evening, day=date(2026, 7, 15), water=slow), store=town)
    with town.begin() as tx:
        assert tx.next_look() == ("teich-1",)


def test_silence_is_counted_from_the_last_signal_however_long_ago(glass_town: Store) -> None:
    """What fell out of the history is not forgotten: 45 days, not the time since mounting."""
    ingest(filling(20.0, end=NOW - timedelta(days=45)), store=glass_town)
    reasons = [job.reason.en for job in made(glass_town).created if job.kind is JobKind.SERVICE]
    assert any("silent for 45 days" in reason for reason in reasons)
    never = [job.reason.en for job in made(glass_town).unchanged]
    assert not any("silent for 1" in reason for reason in [*reasons, *never])


@pytest.mark.parametrize("hour", [4, 18])
def test_a_town_that_never_sent_anything_needs_no_lorry(glass_town: Store, hour: int) -> None:
    """Without a signal no container counts as full: somebody looks after the sensor."""
    jobs = made(glass_town, now=at_local(TODAY, time(hour))).created
    assert {job.kind for job in jobs} == {JobKind.SERVICE}


def test_a_tree_the_model_never_spoke_of_is_watered_by_the_calendar(town: Store) -> None:
    """Without a run of the model a young tree gets its fixed round."""
    watered = [job.site_id for job in made(town).created if job.kind is JobKind.WATER]
    assert watered == ["baum-0001"]
