"""From signals to jobs: ask every site what it needs, and bring the open jobs up to date."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, field, replace
from datetime import date, datetime, timedelta
from typing import TYPE_CHECKING

from dispatch.demand.history import Occasion, SiteHistory
from dispatch.demand.merge import MergeResult, merge
from dispatch.demand.settings import DemandSettings
from dispatch.demand.table import KINDS_IN_USE, draft_jobs, paused_kinds
from dispatch.domain.signal import SignalKind

if TYPE_CHECKING:
    from dispatch.domain.ids import SiteId
    from dispatch.domain.job import JobDraft
    from dispatch.domain.signal import Signal
    from dispatch.domain.site import Device
    from dispatch.store import Store, Transaction


@dataclass(frozen=True, slots=True, kw_only=True)
class JobsRequest:
    """Jobs are made at `now` for work on `day`, from the signals of the last `history_days`."""

    now: datetime
    day: date
    history_days: int = 30
    holidays: frozenset[date] = frozenset()
    settings: DemandSettings = field(default_factory=DemandSettings)


def make_jobs(request: JobsRequest, *, store: Store) -> MergeResult:
    """Return how the open jobs changed, after saving the change in one transaction.

    Signals from after `request.now` are not looked at, so that a past day can be replayed.
    """
    with store.begin() as tx:
        histories = _histories(request, tx)
        occasion = _occasion(request, histories)
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
    devices: dict[SiteId, list[Device]] = defaultdict(list)
    for device in tx.devices():
        devices[device.site_id].append(device)
    return [
        SiteHistory(
            site=site,
            signals=tuple(signals.get(site.id, ())),
            devices=tuple(devices.get(site.id, ())),
        )
        for site in tx.sites()
    ]


def _occasion(request: JobsRequest, histories: list[SiteHistory]) -> Occasion:
    runs = (
        signal.observed_at
        for history in histories
        for signal in history.signals
        if signal.kind is SignalKind.WATERING_NEED
    )
    occasion = Occasion(now=request.now, day=request.day, holidays=request.holidays)
    return replace(occasion, watering_run_at=max(runs, default=None))


def _drafts(
    request: JobsRequest, occasion: Occasion, histories: list[SiteHistory]
) -> list[JobDraft]:
    return [
        draft for history in histories for draft in draft_jobs(history, request.settings, occasion)
    ]
