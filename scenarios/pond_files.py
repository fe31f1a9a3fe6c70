"""The city's real pond files through the real door, and the jobs of one day beside the curves."""

from __future__ import annotations

import csv
import io
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from typing import TYPE_CHECKING

from dispatch.domain.city import City
from dispatch.domain.clock import at_local
from dispatch.domain.fleet import Fleet
from dispatch.domain.geo import LatLon
from dispatch.domain.ids import DeviceId, SiteId
from dispatch.domain.job import Job, JobStatus
from dispatch.domain.signal import Payload, Signal, SignalKind, payload_of
from dispatch.domain.site import Device, Pond, Site
from dispatch.intake.files import body_of_file
from dispatch.service.ingest import IngestResult, ingest
from dispatch.service.make_jobs import JobsRequest, make_jobs

if TYPE_CHECKING:
    from pathlib import Path

    from dispatch.demand.merge import MergeResult
    from dispatch.store import Store
    from scenarios.progress import Reporter

FORMAT = "terratransfer-csv"
LOOKS = (time(4, 30), time(18, 0))
"""Jobs are made before the first shift and in the evening."""


@dataclass(frozen=True, slots=True, kw_only=True)
class PondDay:
    """What the files held, and what the day's looks at them asked for."""

    day: date
    city: City
    ingested: IngestResult
    jobs: tuple[tuple[datetime, Job], ...]
    curves: dict[SiteId, list[Signal]]


def pond_payloads(folder: Path, *, received_at: datetime) -> list[Payload]:
    """Return every published pond file below the folder as one payload each."""
    return [
        payload_of(
            body_of_file(path.read_bytes(), file_name=path.name, format_name=FORMAT),
            format_name=FORMAT,
            received_at=received_at,
        )
        for path in sorted(folder.glob("*.csv*"))
    ]


def pond_city(payloads: list[Payload]) -> City:
    """Return a register of the ponds the files name: one site and logger per file."""
    sites, devices = [], []
    for payload in payloads:
        row = next(csv.DictReader(io.StringIO(payload.body.decode())))
        site = Site(
            id=SiteId(f"teich-{row['logger_id']}"),
            name=row["name"],
            location=LatLon(float(row["latitude"]), float(row["longitude"])),
            asset=Pond(),
        )
        sites.append(site)
        devices.append(
            Device(
                id=DeviceId(row["logger_id"]),
                model="aquatos",
                site_id=site.id,
                mounted_from=datetime(2023, 10, 1, tzinfo=UTC),
            )
        )
    fleet = Fleet(crews=(), vehicles=(), depots=(), facilities=(), patterns=())
    return City(name="Bochum", sites=tuple(sites), devices=tuple(devices), fleet=fleet)


def run_pond_day(folder: Path, day: date, *, store: Store, reporter: Reporter) -> PondDay:
    """Return the jobs that the real signals would have made on the day, from the files' folder."""
    payloads = pond_payloads(folder, received_at=at_local(day + timedelta(days=100), time()))
    city = pond_city(payloads)
    with store.begin() as tx:
        tx.save_city(city)
    with reporter.step("Pond files ingested", len(payloads)) as advance:
        ingested = ingest(payloads, store=store, on_progress=advance)
    jobs = jobs_of_day(day, store=store, reporter=reporter)
    since, until = at_local(day - timedelta(days=2), time()), at_local(day, time(23, 59))
    with store.read() as tx:
        curves = dict(
            tx.signals_by_site(since=since, until=until, kinds=[SignalKind.DISSOLVED_OXYGEN])
        )
    return PondDay(day=day, city=city, ingested=ingested, jobs=jobs, curves=curves)


def jobs_of_day(day: date, *, store: Store, reporter: Reporter) -> tuple[tuple[datetime, Job], ...]:
    """Return the open jobs at each look of the day, with the moment of the look.

    Nobody reports work as done here: a job made in the morning is still open in the evening.
    """
    jobs: list[tuple[datetime, Job]] = []
    for look in LOOKS:
        now = at_local(day, look)
        with reporter.step(f"Jobs as of {look:%H:%M}"):
            made = make_jobs(JobsRequest(now=now, day=day), store=store)
        jobs += [(now, job) for job in _open(made)]
    return tuple(jobs)


def _open(made: MergeResult) -> list[Job]:
    jobs = (*made.created, *made.updated, *made.unchanged)
    return sorted((j for j in jobs if j.status is JobStatus.OPEN), key=lambda job: job.site_name)
