"""A past season as if it were happening: what came in by then, and which jobs it would have made.

The signals are in the store already, graded by their past only, so that each is what it was at
the time. The clock is put forward step by step; nobody can look ahead.
"""

from __future__ import annotations

from bisect import bisect_right
from collections import defaultdict
from dataclasses import dataclass, field, replace
from datetime import date, datetime, timedelta
from enum import StrEnum
from typing import TYPE_CHECKING, Final

from dispatch.demand.course import course_of
from dispatch.demand.history import Occasion, SiteHistory
from dispatch.demand.merge import MergeResult, merge
from dispatch.demand.notices import KINDS as NOTICE_KINDS
from dispatch.demand.notices import notice_demand
from dispatch.demand.settings import DemandSettings
from dispatch.demand.table import KINDS_IN_USE, draft_emergencies, draft_jobs, paused_kinds
from dispatch.domain.clock import BERLIN, to_utc
from dispatch.domain.errors import InvalidInput
from dispatch.domain.ids import DeviceId
from dispatch.domain.job import Job, JobKind
from dispatch.domain.signal import SignalKind
from dispatch.intake.watering_need import run_moment
from dispatch.service.make_jobs import WATERING_FORMAT
from dispatch.service.replay_notices import NoticeBox

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from dispatch.domain.ids import JobId, SiteId
    from dispatch.domain.job import JobDraft
    from dispatch.domain.signal import Payload, Signal
    from dispatch.domain.site import Device, Site
    from dispatch.store import Store, Transaction

ALL_RUNS: Final = 100_000
WORK: Final = NOTICE_KINDS | {JobKind.AERATE, JobKind.CHECK, JobKind.WATER, JobKind.BAIT}
UPKEEP_EVERY: Final = timedelta(hours=12)
LAID_OUT: Final = (SignalKind.DISSOLVED_OXYGEN,)
"""Kinds whose rules look at weeks of values: laid out by the hour once."""


class Ending(StrEnum):
    """What became of a job."""

    OPEN = "open"
    DONE = "done"
    CLOSED = "closed"


@dataclass(frozen=True, slots=True, kw_only=True)
class ReplayRequest:
    """The clock runs from `since` to `until` in steps of `every`, the first after `offset`.

    At ten to each hour three of the hour's four values of a pond logger are in. Work that leaves
    no trace in the signals (`WORK`) is taken to be done `done_after` after it was asked for;
    never, if None. Emptied containers and mended sensors show in the data themselves.
    """

    since: datetime
    until: datetime
    every: timedelta = timedelta(hours=1)
    offset: timedelta = timedelta(minutes=50)
    done_after: timedelta | None = timedelta(hours=3)
    history_days: int = 30
    holidays: frozenset[date] = frozenset()
    settings: DemandSettings = field(default_factory=DemandSettings)

    def moments(self) -> Iterator[datetime]:
        """Yield the moments at which jobs are made, in UTC."""
        moment = to_utc(self.since) + self.offset
        while moment <= self.until:
            yield moment
            moment += self.every


@dataclass(frozen=True, slots=True, kw_only=True)
class ReplayedJob:
    """A job as it was asked for first, by which devices, and what became of it, when.

    Where people asked for it there is no device.
    `must_from` is when it became a must, None if it never did.
    """

    job: Job
    devices: tuple[DeviceId, ...]
    must_from: datetime | None
    ending: Ending = Ending.OPEN
    ended_at: datetime | None = None


def replay(
    request: ReplayRequest,
    *,
    store: Store,
    on_progress: Callable[[int], None] = lambda _: None,
) -> tuple[ReplayedJob, ...]:
    """Return every job that the stored signals would have made, in the order of being asked for.

    `on_progress` is told the steps done so far.
    """
    desk = _Desk(request, store)
    for done, moment in enumerate(request.moments(), start=1):
        desk.turn_to(moment)
        on_progress(done)
    return tuple(desk.jobs.values())


def _runs_of_the_model(tx: Transaction, *, until: datetime) -> list[datetime]:
    """Return when the irrigation model ran, in order of time."""
    payloads = tx.latest_payloads(WATERING_FORMAT, until=until, limit=ALL_RUNS)
    return sorted(run for payload in payloads if (run := _readable_run(payload)) is not None)


def _readable_run(payload: Payload) -> datetime | None:
    try:
        return run_moment(payload)
    except InvalidInput:
        return None


class _Desk:
    """The dispatcher's desk as time passes: what is known of each site, and the open jobs."""

    def __init__(self, request: ReplayRequest, store: Store) -> None:
        self.request = request
        self.jobs: dict[JobId, ReplayedJob] = {}
        self._open: dict[JobId, Job] = {}
        self._looked: datetime | None = None
        self._done: dict[SiteId, dict[JobKind, datetime]] = defaultdict(dict)
        self._heeded = request.since
        start = request.since - timedelta(days=request.history_days)
        told_since = request.since - timedelta(days=request.settings.notices.history_days)
        with store.read() as tx:
            self._heard = {d.casefold(): at for d, at in tx.last_heard(until=start).items()}
            signals = dict(tx.signals_by_site(since=start, until=request.until, kinds=KINDS_IN_USE))
            devices: dict[SiteId, list[Device]] = defaultdict(list)
            for device in tx.devices():
                devices[device.site_id].append(device)
            self._sites = {site.id: site for site in tx.sites()}
            self._runs = _runs_of_the_model(tx, until=request.until)
            self._box = NoticeBox(tx.notices(since=told_since, until=request.until))
        self._shelves = {
            site.id: _Shelf(
                site,
                signals.get(site.id, []),
                devices[site.id],
                heard=self._heard,
                done=self._done[site.id],
            )
            for site in self._sites.values()
        }

    def turn_to(self, now: datetime) -> None:
        """Put the clock forward: work is done, signals came in, jobs are made."""
        self._finish(now)
        occasion = self._occasion(now)
        since = now - timedelta(days=self.request.history_days)
        drafts: list[JobDraft] = []
        thorough = self._thorough(now)
        ask = draft_jobs if thorough else draft_emergencies
        for shelf in self._shelves.values():
            drafts += ask(shelf.history(now, since=since), self.request.settings, occasion)
        paused = paused_kinds(occasion) | (frozenset() if thorough else {JobKind.SERVICE})
        measured = [job for job in self._open.values() if job.kind not in NOTICE_KINDS]
        self._note(merge(drafts, measured, now=now, sites=self._sites, paused=paused), now)
        if len(self._box) and (thorough or self._box.changed(self._heeded, now)):
            self._heed(occasion)

    def _heed(self, occasion: Occasion) -> None:
        """Look at what people told; twice a day as well when nobody did, for prices grow."""
        now = self._heeded = occasion.now
        demand = notice_demand(
            self._box.known(now),
            self._sites.values(),
            self.request.settings,
            occasion,
            last_done=self._done,
        )
        self._sites |= {site.id: site for site in demand.new_sites}
        told = [job for job in self._open.values() if job.kind in NOTICE_KINDS]
        self._note(merge(demand.drafts, told, now=now, sites=demand.judged), now)

    def _thorough(self, now: datetime) -> bool:
        """Tell whether sensors are looked at too: not at each step, they can wait."""
        if self._looked is not None and now - self._looked < UPKEEP_EVERY:
            return False
        self._looked = now
        return True

    def _occasion(self, now: datetime) -> Occasion:
        known = bisect_right(self._runs, now)
        return Occasion(
            now=now,
            day=now.astimezone(BERLIN).date(),
            holidays=self.request.holidays,
            watering_run_at=self._runs[known - 1] if known else None,
        )

    def _finish(self, now: datetime) -> None:
        """Take what was asked for long enough ago as done."""
        if self.request.done_after is None:
            return
        for job in [job for job in self._open.values() if job.kind in WORK]:
            if now - job.created_at >= self.request.done_after:
                self._done[job.site_id][job.kind] = now
                self._end(job, Ending.DONE, now)

    def _note(self, result: MergeResult, now: datetime) -> None:
        for job in result.created:
            shelf = self._shelves.get(job.site_id)
            devices = shelf.senders(job) if shelf and job.kind not in NOTICE_KINDS else ()
            must_from = now if job.required else None
            self.jobs[job.id] = ReplayedJob(job=job, devices=devices, must_from=must_from)
            self._open[job.id] = job
        for job in result.updated:
            self._open[job.id] = job
            noted = self.jobs[job.id]
            if job.required and noted.must_from is None:
                self.jobs[job.id] = replace(noted, must_from=now)
        for job in result.closed:
            self._end(job, Ending.CLOSED, now)

    def _end(self, job: Job, ending: Ending, now: datetime) -> None:
        del self._open[job.id]
        self.jobs[job.id] = replace(self.jobs[job.id], ending=ending, ended_at=now)


class _Shelf:
    """One site's signals, laid out as far as the clock has come."""

    def __init__(
        self,
        site: Site,
        signals: list[Signal],
        devices: list[Device],
        *,
        heard: dict[str, datetime],
        done: dict[JobKind, datetime],
    ) -> None:
        self._signals = signals
        self._times = [signal.observed_at for signal in signals]
        self._known = 0
        self._heard = heard
        courses = {
            kind: course_of([signal for signal in signals if signal.kind is kind])
            for kind in LAID_OUT
        }
        # Work done and devices heard are noted in place: the history shows them as of now.
        self._history = SiteHistory(
            site=site,
            signals=(),
            devices=tuple(devices),
            last_done=done,
            last_heard=heard,
            courses=courses,
        )

    def history(self, now: datetime, *, since: datetime) -> SiteHistory:
        """Return the site's past as known at a moment; moments only ever go forward."""
        known = bisect_right(self._times, now)
        news = self._signals[self._known : known]
        for signal in news:
            self._heard[signal.device_id.casefold()] = signal.observed_at
        self._history = self._history.grown(news, since=since)
        self._known = known
        return self._history

    def senders(self, job: Job) -> tuple[DeviceId, ...]:
        """Return the devices whose signals a job rests on, else all devices of the site."""
        evidence = set(job.evidence)
        found = [s.device_id for s in self._history.signals if s.id in evidence]
        return tuple(dict.fromkeys(found or [device.id for device in self._history.devices]))
