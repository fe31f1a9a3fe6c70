"""From signals to jobs: ask every site what it needs, and bring the open jobs up to date."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import date, datetime, timedelta
from functools import lru_cache
from typing import TYPE_CHECKING

from dispatch.demand.habits import GlassHabits
from dispatch.demand.history import Occasion, SiteHistory
from dispatch.demand.merge import MergeResult, merge
from dispatch.demand.notices import KINDS as NOTICE_KINDS
from dispatch.demand.notices import notice_demand
from dispatch.demand.settings import DemandSettings
from dispatch.demand.table import KINDS_IN_USE, RARE_KINDS, draft_jobs, learned_habits, paused_kinds
from dispatch.domain.clock import BERLIN, day_bounds, to_utc
from dispatch.domain.errors import InvalidInput
from dispatch.domain.site import SiteKind
from dispatch.intake.watering_need import run_moment
from dispatch.service.holidays import holidays_around
from dispatch.service.ingest import AT_ONCE
from dispatch.service.weather.source import WaterSources, ask, forecast_maxima, inputs_of
from dispatch.service.work_done import NOTHING_DONE, work_done

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Sequence

    from dispatch.demand.irrigation.inputs import IrrigationInputs
    from dispatch.domain.ids import SiteId
    from dispatch.domain.job import Job, JobDraft
    from dispatch.domain.signal import Payload, Signal
    from dispatch.domain.site import Device
    from dispatch.store import Store, Transaction

RARE_HISTORY = timedelta(days=365)
WATERING_FORMAT = "watering-need"
JOBS_TURN = "jobs"
"""Whoever compares what is needed with the open jobs takes this turn, or both would open one."""
LATEST_RUNS = 10
"""Among so many payloads received last the newest run is looked for; they may come out of order."""


@dataclass(frozen=True, slots=True, kw_only=True)
class JobsRequest:
    """Jobs are made at `now` for work on `day`, from today's signals and `history_days` before.

    `holidays` are the days without noisy work, None for those of North Rhine-Westphalia;
    `max_temp_c` is the forecast maximum of the days ahead, None what the sources of `water`
    forecast. `glass` is how the city's containers fill: `make_jobs` learns it anew; where only
    some sites are looked at, None judges each container by itself and by what is assumed.
    """

    now: datetime
    day: date
    history_days: int = 30
    holidays: frozenset[date] | None = None
    max_temp_c: Mapping[date, float] | None = None
    glass: GlassHabits | None = None
    settings: DemandSettings = field(default_factory=DemandSettings)
    water: WaterSources | None = None
    """Weather and groundwater. Without them trees are watered by the external model or the
    interval, and no day is hot for glass."""

    @property
    def since(self) -> datetime:
        """From when on signals are looked at.

        Days are whole: so within a day a site's past only grows, and what was worked out of it
        holds until the next signal.
        """
        first = self.now.astimezone(BERLIN).date() - timedelta(days=self.history_days)
        return to_utc(day_bounds(first)[0])

    @property
    def rare_since(self) -> datetime:
        """From when on signals of rare kinds are looked at."""
        return self.since - RARE_HISTORY


def make_jobs(request: JobsRequest, *, store: Store) -> MergeResult:
    """Return how the open jobs changed, after saving the change in one transaction.

    Signals from after `request.now` are not looked at, so that a past day can be replayed. All
    sites are judged as they were when the call began, without holding the database meanwhile:
    asking for the weather and judging takes seconds, in which crews report and sensors send. A
    site whose jobs or urgent news moved on by then is left to whoever saw that.
    """
    with store.read() as tx:
        last_look = tx.last_look()
        seen = _standing(tx)
        histories = _histories(request, tx)
        newest_run = _newest_run(request.now, tx)
    learned = replace(request, glass=glass_habits(request, histories))
    occasion = _occasion(learned, histories, newest_run)
    drafts = _drafts(learned, occasion, histories)
    with store.begin() as tx:
        tx.take_turn(JOBS_TURN)
        open_jobs = tx.open_jobs()
        moved = _moved(seen, _standing(tx))
        drafts = [draft for draft in drafts if draft.site_id not in moved]
        judged = [history for history in histories if history.site.id not in moved]
        by_rules = _merged(drafts, judged, open_jobs, occasion, tx)
        # News that came in meanwhile stays on the list.
        tx.forget_looks(until=last_look)
        return by_rules + renewed_by_notices(request, open_jobs, tx)


def _standing(tx: Transaction) -> dict[SiteId, frozenset[object]]:
    """Return what says, for each site, whether somebody else judged or worked there meanwhile."""
    found: dict[SiteId, set[object]] = defaultdict(set)
    for job in tx.open_jobs():
        found[job.site_id].add((job.id, job.status, job.updated_at))
    # Their signals become jobs at once; those of all others wait for calls like this one.
    for site, stored in tx.stored_by_site(AT_ONCE).items():
        found[site].add(stored)
    return {site: frozenset(facts) for site, facts in found.items()}


def _moved(
    seen: Mapping[SiteId, frozenset[object]], now: Mapping[SiteId, frozenset[object]]
) -> frozenset[SiteId]:
    return frozenset(
        site for site in (*seen, *now) if seen.get(site, frozenset()) != now.get(site, frozenset())
    )


def renewed_by_notices(
    request: JobsRequest, open_jobs: Iterable[Job], tx: Transaction
) -> MergeResult:
    """Return how the jobs that people called for changed, after saving the change."""
    since = request.now - timedelta(days=request.settings.notices.history_days)
    demand = notice_demand(
        tx.notices(since=since, until=request.now),
        tx.sites(),
        request.settings,
        Occasion(now=request.now, day=request.day, holidays=_holidays(request)),
        last_done={site: done.last for site, done in work_done(tx, now=request.now).items()},
    )
    tx.save_sites(demand.new_sites)
    result = merge(
        demand.drafts,
        (job for job in open_jobs if job.kind in NOTICE_KINDS),
        now=request.now,
        sites=demand.judged,
    )
    tx.save_jobs([*result.created, *result.updated, *result.closed])
    return result


def renewed_jobs(
    request: JobsRequest,
    histories: Sequence[SiteHistory],
    open_jobs: Iterable[Job],
    tx: Transaction,
) -> MergeResult:
    """Return how the open jobs of these sites changed, after saving the change.

    Those that people called for are left alone: no history knows of them.
    """
    trees = any(history.site.kind is SiteKind.TREE for history in histories)
    newest_run = _newest_run(request.now, tx) if trees else None
    occasion = _occasion(request, histories, newest_run)
    drafts = _drafts(request, occasion, histories)
    return _merged(drafts, histories, open_jobs, occasion, tx)


def _merged(
    drafts: Iterable[JobDraft],
    histories: Iterable[SiteHistory],
    open_jobs: Iterable[Job],
    occasion: Occasion,
    tx: Transaction,
) -> MergeResult:
    result = merge(
        drafts,
        (job for job in open_jobs if job.kind not in NOTICE_KINDS),
        now=occasion.now,
        sites={history.site.id: history.site for history in histories},
        paused=paused_kinds(occasion),
    )
    tx.save_jobs([*result.created, *result.updated, *result.closed])
    return result


def _histories(request: JobsRequest, tx: Transaction) -> list[SiteHistory]:
    """Return every registered site's past, those that never sent anything included."""
    signals = _signals(request, tx)
    heard = {device.casefold(): at for device, at in tx.last_heard(until=request.now).items()}
    devices: dict[SiteId, list[Device]] = defaultdict(list)
    for device in tx.devices():
        devices[device.site_id].append(device)
    done = work_done(tx, now=request.now)
    return [
        SiteHistory(
            site=site,
            signals=tuple(signals.get(site.id, ())),
            devices=tuple(devices.get(site.id, ())),
            last_heard=heard,
            last_done=done.get(site.id, NOTHING_DONE).last,
            waterings=done.get(site.id, NOTHING_DONE).waterings,
            taken=done.get(site.id, NOTHING_DONE).taken,
        )
        for site in tx.sites()
    ]


def _signals(request: JobsRequest, tx: Transaction) -> dict[SiteId, list[Signal]]:
    """Return each site's signals; what crews report is rare, so that a year of it is little."""
    since, now = request.since, request.now
    found = dict(tx.signals_by_site(since=since, until=now, kinds=KINDS_IN_USE))
    before = since - timedelta.resolution
    rare = tx.signals_by_site(since=request.rare_since, until=before, kinds=RARE_KINDS)
    for site, reports in rare:
        found[site] = [*reports, *found.get(site, ())]
    return found


def glass_habits(request: JobsRequest, histories: Iterable[SiteHistory]) -> GlassHabits:
    """Return how the city's glass containers fill, learned from all of them together."""
    occasion = Occasion(now=request.now, day=request.day, holidays=_holidays(request))
    return learned_habits(occasion, histories, request.settings)


def _holidays(request: JobsRequest) -> frozenset[date]:
    return holidays_around(request.day) if request.holidays is None else request.holidays


def _occasion(
    request: JobsRequest, histories: Iterable[SiteHistory], newest_run: datetime | None
) -> Occasion:
    kinds = {history.site.kind for history in histories}
    irrigation, maxima = _weather(request, kinds)
    return Occasion(
        now=request.now,
        day=request.day,
        holidays=_holidays(request),
        glass=request.glass,
        max_temp_c=maxima,
        watering_run_at=newest_run,
        irrigation=irrigation,
    )


def _weather(
    request: JobsRequest, kinds: Collection[SiteKind]
) -> tuple[IrrigationInputs | None, Mapping[date, float]]:
    """Return the irrigation model's inputs and the maxima, as far as these sites need them.

    The sources are asked once, or not at all: one may be on the other side of the world.
    """
    water, settings = request.water, request.settings
    trees = SiteKind.TREE in kinds
    heat = SiteKind.GLASS in kinds and settings.glass.hot_opens is not None
    maxima = request.max_temp_c
    if water is None or not (trees or (heat and maxima is None)):
        return None, maxima or {}
    found = ask(water, now=request.now, settings=settings.irrigation)
    return (
        inputs_of(found, water, now=request.now, settings=settings.irrigation) if trees else None,
        forecast_maxima(found) if maxima is None else maxima,
    )


def _newest_run(now: datetime, tx: Transaction) -> datetime | None:
    """Return when the irrigation model last ran; a payload that cannot be read is no run.

    Read from its payloads, for a run that asks for nothing leaves no signal.
    """
    payloads = tx.latest_payloads(WATERING_FORMAT, until=now, limit=LATEST_RUNS)
    runs = [run_at for payload in payloads if (run_at := _readable_run(payload)) is not None]
    return max((run_at for run_at in runs if run_at <= now), default=None)


# One new signal at a tree must not cost reading ten days' runs: each is read once.
@lru_cache(maxsize=4 * LATEST_RUNS)
def _readable_run(payload: Payload) -> datetime | None:
    try:
        return run_moment(payload)
    except InvalidInput:
        return None


def _drafts(
    request: JobsRequest, occasion: Occasion, histories: Iterable[SiteHistory]
) -> list[JobDraft]:
    return [
        draft for history in histories for draft in draft_jobs(history, request.settings, occasion)
    ]
