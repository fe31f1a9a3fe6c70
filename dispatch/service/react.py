"""One door for what cannot wait: payloads in, and at once the jobs of the sites they speak of."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections import OrderedDict
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from operator import attrgetter
from typing import TYPE_CHECKING

from dispatch.demand.history import SiteHistory
from dispatch.demand.merge import MergeResult
from dispatch.demand.table import KINDS_IN_USE
from dispatch.domain.ids import DeviceId
from dispatch.service.ingest import IngestResult, take_in
from dispatch.service.make_jobs import renewed_jobs

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from dispatch.domain.ids import SiteId
    from dispatch.domain.signal import Payload, Signal
    from dispatch.domain.site import Site
    from dispatch.service.make_jobs import JobsRequest
    from dispatch.store import Store
    from dispatch.store.repository import Transaction

SITES_IN_MEMORY = 100
"""A month of a pond logger's signals is some 10 MB."""

LATEST = datetime(9999, 1, 1, tzinfo=UTC)
"""Signals from the future are kept too: their time will come."""

_observed_at = attrgetter("observed_at")


@dataclass(frozen=True, slots=True, kw_only=True)
class Reaction:
    """What became of the payloads, and how the jobs of the sites they speak of changed."""

    ingested: IngestResult
    jobs: MergeResult


@dataclass(slots=True)
class _Memory:
    """The signals of a site since a moment, and how many of all kinds the store had then."""

    since: datetime
    count: int
    signals: list[Signal]


class Reactor:
    """Takes payloads in and looks at the sites they touch, keeping the last sites in memory.

    Memory only spares reading: signals are never changed or taken out of the store, so a site
    whose count is as it was has no others, whoever else writes meanwhile.
    """

    def __init__(self, store: Store, *, sites_in_memory: int = SITES_IN_MEMORY) -> None:
        self._store = store
        self._most = sites_in_memory
        self._sites: OrderedDict[SiteId, _Memory] = OrderedDict()

    def react(self, payloads: Sequence[Payload], request: JobsRequest) -> Reaction:
        """Return what became of the payloads and of the jobs, saved in one transaction.

        The jobs of other sites are not looked at. The sites touched are judged as `make_jobs`
        would judge them at `request.now`.
        """
        try:
            with self._store.begin() as tx:
                return self._react(payloads, request, tx)
        except BaseException:
            # What was remembered may have been rolled back.
            self._sites.clear()
            raise

    def _react(self, payloads: Sequence[Payload], request: JobsRequest, tx: Transaction) -> Reaction:
        taken = take_in(payloads, tx)
        news: dict[SiteId, list[Signal]] = {}
        for signal in taken.signals:
            if signal.site_id is not None:
                news.setdefault(signal.site_id, []).append(signal)
        if not news:
            return Reaction(ingested=taken.result, jobs=MergeResult())
        since = request.now - timedelta(days=request.history_days)
        histories = [
            self._history(site, news[site.id], since, request.now, tx)
            for site in tx.sites_by_id(news)
        ]
        histories = _with_devices(histories, request.now, tx)
        jobs = renewed_jobs(request, histories, tx.open_jobs(news), tx)
        return Reaction(ingested=taken.result, jobs=jobs)

    def _history(
        self,
        site: Site,
        news: Sequence[Signal],
        since: datetime,
        until: datetime,
        tx: Transaction,
    ) -> SiteHistory:
        memory = self._remembered(site.id, news, since, tx)
        first = bisect_left(memory.signals, since, key=_observed_at)
        last = bisect_right(memory.signals, until, key=_observed_at)
        return SiteHistory(site=site, signals=tuple(memory.signals[first:last]))

    def _remembered(
        self, site_id: SiteId, news: Sequence[Signal], since: datetime, tx: Transaction
    ) -> _Memory:
        memory = self._sites.pop(site_id, None)
        if memory is not None and memory.since <= since:
            fresh = [s for s in news if s.observed_at >= memory.since]
            memory.count += len(fresh)
            if memory.count == tx.count_signals_of_site(site_id, since=memory.since):
                memory.signals += [s for s in fresh if s.kind in KINDS_IN_USE]
                # Nearly sorted already: one pass.
                memory.signals.sort(key=lambda s: (s.observed_at, s.id))
                return self._keep(site_id, memory)
        return self._keep(site_id, _read(site_id, since, tx))

    def _keep(self, site_id: SiteId, memory: _Memory) -> _Memory:
        self._sites[site_id] = memory
        while len(self._sites) > self._most:
            self._sites.popitem(last=False)
        return memory


def _read(site_id: SiteId, since: datetime, tx: Transaction) -> _Memory:
    found = dict(
        tx.signals_by_site(since=since, until=LATEST, kinds=KINDS_IN_USE, sites=[site_id])
    )
    count = tx.count_signals_of_site(site_id, since=since)
    return _Memory(since, count, found.get(site_id, []))


def _with_devices(
    histories: Iterable[SiteHistory], now: datetime, tx: Transaction
) -> list[SiteHistory]:
    """Return the histories with the devices of their sites, and when each was last heard."""
    found = list(histories)
    devices = tx.devices_at([history.site.id for history in found])
    # A sender may write a name in capitals or in small letters.
    names = {DeviceId(n) for d in devices for n in (d.id, d.id.lower(), d.id.upper())}
    heard = {name.casefold(): at for name, at in tx.last_heard(until=now, devices=names).items()}
    return [
        replace(
            history,
            devices=tuple(d for d in devices if d.site_id == history.site.id),
            last_heard=heard,
        )
        for history in found
    ]
