"""From signals to jobs: ask every site what it needs, and bring the open jobs up to date."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import TYPE_CHECKING

from dispatch.demand.history import Occasion, SiteHistory
from dispatch.demand.merge import MergeResult, merge
from dispatch.demand.settings import DemandSettings
from dispatch.demand.table import KINDS_IN_USE, draft_jobs, paused_kinds
from dispatch.domain.errors import InvalidInput
from dispatch.domain.job import Dimension, JobKind
from dispatch.domain.weather import WateringGiven
from dispatch.intake.watering_need import run_moment
from dispatch.service.weather.source import WaterSources, gather

if TYPE_CHECKING:
    from collections.abc import Iterable

    from dispatch.demand.irrigation.inputs import IrrigationInputs
    from dispatch.domain.ids import SiteId
    from dispatch.domain.job import Job, JobDraft
    from dispatch.domain.signal import Payload, Signal
    from dispatch.domain.site import Device
    from dispatch.store import Store, Transaction

WATERING_FORMAT = "watering-need"
DONE_DAYS = 400
"""Work done longer ago says nothing; a season of waterings and the checks of a year do."""
LATEST_RUNS = 10
"""Among so many payloads received last the newest run is looked for; they may come out of order."""


@dataclass(frozen=True, slots=True, kw_only=True)
class JobsRequest:
    """Jobs are made at `now` for work on `day`, from the signals of the last `history_days`."""

    now: datetime
    day: date
    history_days: int = 30
    holidays: frozenset[date] = frozenset()
    settings: DemandSettings = field(default_factory=DemandSettings)
    water: WaterSources | None = None
    """Weather and groundwater for the own irrigation model; without them trees are watered by the
    external model or the interval."""


def make_jobs(request: JobsRequest, *, store: Store) -> MergeResult:
    """Return how the open jobs changed, after saving the change in one transaction.

    Signals from after `request.now` are not looked at, so that a past day can be replayed.
    """
    with store.begin() as tx:
        histories = _histories(request, tx)
        occasion = _occasion(request, tx)
        result = merge(
            _drafts(request, occasion, histories),
            tx.open_jobs(),
            now=request.now,
            sites={history.site.id: history.site for history in histories},
            paused=paused_kinds(occasion),
        )
        tx.save_jobs([*result.created, *result.updated, *result.closed])
    return result


def _histories(request: JobsRequest, tx: Transaction) -> list[SiteHistory]:
    """Return every registered site's past, those that never sent anything included."""
    since = request.now - timedelta(days=request.history_days)
    signals: dict[SiteId, list[Signal]] = dict(
        tx.signals_by_site(since=since, until=request.now, kinds=KINDS_IN_USE)
    )
    heard = {device.casefold(): at for device, at in tx.last_heard(until=request.now).items()}
    devices: dict[SiteId, list[Device]] = defaultdict(list)
    for device in tx.devices():
        devices[device.site_id].append(device)
    done: dict[SiteId, list[Job]] = defaultdict(list)
    for job in tx.done_jobs(since=request.now - timedelta(DONE_DAYS), until=request.now):
        done[job.site_id].append(job)
    return [
        SiteHistory(
            site=site,
            signals=tuple(signals.get(site.id, ())),
            devices=tuple(devices.get(site.id, ())),
            last_heard=heard,
            last_done=_last_done(done.get(site.id, ())),
            waterings=_waterings(done.get(site.id, ())),
        )
        for site in tx.sites()
    ]


def _last_done(jobs: Iterable[Job]) -> dict[JobKind, datetime]:
    """Return when each kind of work was last done; a job is done when it was last changed."""
    return {job.kind: job.updated_at for job in sorted(jobs, key=lambda job: job.updated_at)}


def _waterings(jobs: Iterable[Job]) -> tuple[WateringGiven, ...]:
    """Return the litres of the waterings done, as planned: crews report no other figure yet."""
    return tuple(
        WateringGiven(site_id=job.site_id, given_at=job.updated_at, litres=load.amount)
        for job in jobs
        if job.kind is JobKind.WATER
        for load in job.loads
        if load.dimension is Dimension.WATER_L
    )


def _occasion(request: JobsRequest, tx: Transaction) -> Occasion:
    return Occasion(
        now=request.now,
        day=request.day,
        holidays=request.holidays,
        watering_run_at=_newest_run(request.now, tx),
        irrigation=_irrigation(request),
    )


def _irrigation(request: JobsRequest) -> IrrigationInputs | None:
    if request.water is None:
        return None
    return gather(request.water, now=request.now, settings=request.settings.irrigation)


def _newest_run(now: datetime, tx: Transaction) -> datetime | None:
    """Return when the irrigation model last ran; a payload that cannot be read is no run.

    Read from its payloads, for a run that asks for nothing leaves no signal.
    """
    payloads = tx.latest_payloads(WATERING_FORMAT, until=now, limit=LATEST_RUNS)
    runs = [run_at for payload in payloads if (run_at := _readable_run(payload)) is not None]
    return max((run_at for run_at in runs if run_at <= now), default=None)


def _readable_run(payload: Payload) -> datetime | None:
    try:
        return run_moment(payload)
    except InvalidInput:
        return None


def _drafts(
    request: JobsRequest, occasion: Occasion, histories: list[SiteHistory]
) -> list[JobDraft]:
    return [
        draft for history in histories for draft in draft_jobs(history, request.settings, occasion)
    ]
