"""One door for what cannot wait: payloads in, and at once the jobs of the sites they speak of."""

from __future__ import annotations

from collections import OrderedDict
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from dispatch.demand.history import SiteHistory
from dispatch.demand.merge import MergeResult
from dispatch.demand.table import KINDS_IN_USE, RARE_KINDS
from dispatch.domain.ids import DeviceId
from dispatch.service.ingest import IngestResult, take_in
from dispatch.service.make_jobs import JOBS_TURN, renewed_by_notices, renewed_jobs
from dispatch.service.work_done import NOTHING_DONE, work_done

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from dispatch.domain.ids import SiteId
    from dispatch.domain.signal import Payload, Signal
    from dispatch.domain.site import Device, Site
    from dispatch.service.make_jobs import JobsRequest
    from dispatch.store import Store
    from dispatch.store.repository import Transaction

SITES_IN_MEMORY = 100
"""A month of a pond logger's signals is some 10 MB."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Reaction:
    """What became of the payloads, and how the jobs of the sites they speak of changed."""

    ingested: IngestResult
    jobs: MergeResult


@dataclass(frozen=True, slots=True, kw_only=True)
class _Memory:
    """A site's past from one moment to another, and how many signals were ever stored by then.

    `latest` is when the last of them was observed, of a kind in use or not.
    """

    since: datetime
    until: datetime
    latest: datetime
    stored: int
    history: SiteHistory


class Reactor:
    """Takes payloads in and looks at the sites they touch, keeping the last sites in memory.

    Memory only spares reading: signals are never changed, so a site for which no more were stored
    than by us has no others, whoever else writes meanwhile.
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

    def _react(
        self, payloads: Sequence[Payload], request: JobsRequest, tx: Transaction
    ) -> Reaction:
        taken = take_in(payloads, tx)
        news: dict[SiteId, list[Signal]] = {}
        for signal in taken.signals:
            if signal.site_id is not None:
                news.setdefault(signal.site_id, []).append(signal)
        if news or taken.result.notices:
            tx.take_turn(JOBS_TURN)
        jobs = MergeResult()
        if taken.result.notices:
            jobs += renewed_by_notices(request, tx.open_jobs(), tx)
        if news:
            histories = [
                self._history(site, news[site.id], request, tx) for site in taken.sites.values()
            ]
            jobs += self._renewed(histories, taken.devices, request, tx)
        return Reaction(ingested=taken.result, jobs=jobs)

    def look_at_news(self, request: JobsRequest) -> tuple[MergeResult, bool]:
        """Look at the site whose stored news has waited longest, or at the notices.

        Returns how its jobs changed, and whether there was any news at all. One transaction:
        news stays on its list until the jobs are saved, whoever is killed in between.
        """
        try:
            with self._store.begin() as tx:
                tx.take_turn(JOBS_TURN)
                wanted = tx.next_look()
                if wanted is None:
                    return MergeResult(), False
                if wanted[0] is None:
                    return renewed_by_notices(request, tx.open_jobs(), tx), True
                sites = tx.sites_by_id([wanted[0]])
                histories = [self._history(site, None, request, tx) for site in sites]
                devices = tx.devices_at([site.id for site in sites])
                return self._renewed(histories, devices, request, tx), True
        except BaseException:
            # What was remembered may have been rolled back.
            self._sites.clear()
            raise

    def _renewed(
        self,
        histories: Sequence[SiteHistory],
        devices: Sequence[Device],
        request: JobsRequest,
        tx: Transaction,
    ) -> MergeResult:
        found = _beside_work_and_devices(histories, devices, request.now, tx)
        jobs = renewed_jobs(request, found, tx.open_jobs([h.site.id for h in found]), tx)
        for history in found:  # with what the rules picked out of it
            memory = self._sites.get(history.site.id)
            if memory is not None:
                self._sites[history.site.id] = replace(memory, history=history)
        return jobs

    def _history(
        self, site: Site, news: Sequence[Signal] | None, request: JobsRequest, tx: Transaction
    ) -> SiteHistory:
        """Return the site's past; without `news` what came later is looked for."""
        memory = self._sites.pop(site.id, None)
        if memory is not None:
            if news is None:
                news = _after(memory, request.now, tx)
            memory = _continued(memory, site, news, request)
        keep = True
        if memory is None or memory.stored != tx.stored_at(site.id):
            memory = _read(site, request, tx)
            # Signals from the future are not in it: it would be wrong when their time has come.
            keep = not tx.has_signals_after(site.id, request.now)
        if keep:
            self._sites[site.id] = memory
        while len(self._sites) > self._most:
            self._sites.popitem(last=False)
        return memory.history


def _continued(
    memory: _Memory, site: Site, news: Sequence[Signal], request: JobsRequest
) -> _Memory | None:
    """Return the memory with the news; None if they do not simply come after it."""
    history, since, until = memory.history, request.since, request.now
    ordered = sorted(news, key=lambda signal: (signal.observed_at, signal.id))
    if since < memory.since or until < memory.until or history.site != site:
        return None
    early = ordered and ordered[0].observed_at < memory.latest
    if early or (ordered and ordered[-1].observed_at > until):
        return None
    used = [signal for signal in ordered if signal.kind in KINDS_IN_USE]
    return _Memory(
        since=since,
        until=until,
        latest=ordered[-1].observed_at if ordered else memory.latest,
        stored=memory.stored + len(news),
        history=history.grown(used, since=since, rare=RARE_KINDS, rare_since=request.rare_since),
    )


def _after(memory: _Memory, until: datetime, tx: Transaction) -> list[Signal]:
    """Return the site's signals observed after all that are remembered; late ones are missed."""
    site_id = memory.history.site.id
    since = memory.latest + timedelta.resolution
    return dict(tx.signals_by_site(since=since, until=until, sites=[site_id])).get(site_id, [])


def _read(site: Site, request: JobsRequest, tx: Transaction) -> _Memory:
    since, until = request.since, request.now
    # Asked first: what another stores while we read makes the number too small, and is read later.
    stored = tx.stored_at(site.id)
    read = tx.signals_by_site(since=since, until=until, sites=[site.id])
    found = dict(read).get(site.id, [])
    before = since - timedelta.resolution
    rare = tx.signals_by_site(
        since=request.rare_since, until=before, kinds=RARE_KINDS, sites=[site.id]
    )
    reported = dict(rare).get(site.id, [])
    used = tuple(signal for signal in found if signal.kind in KINDS_IN_USE)
    return _Memory(
        since=since,
        until=until,
        latest=found[-1].observed_at if found else since,
        stored=stored,
        history=SiteHistory(site=site, signals=(*reported, *used)),
    )


def _beside_work_and_devices(
    histories: Iterable[SiteHistory], devices: Sequence[Device], now: datetime, tx: Transaction
) -> list[SiteHistory]:
    """Return the histories with devices, when each was last heard, and the work done there."""
    found = list(histories)
    at_site = {
        history.site.id: [d for d in devices if d.site_id == history.site.id] for history in found
    }
    silent = [d for h in found for d in at_site[h.site.id] if not h.sent_by(d)]
    # A sender may write a name in capitals or in small letters.
    names = {DeviceId(name) for d in silent for name in (d.id, d.id.lower(), d.id.upper())}
    heard = tx.last_heard(until=now, devices=names) if names else {}
    last_heard = {name.casefold(): at for name, at in heard.items()}
    done = work_done(tx, now=now, sites=[history.site.id for history in found])
    return [
        history.beside(
            devices=at_site[history.site.id],
            last_heard=last_heard,
            last_done=done.get(history.site.id, NOTHING_DONE).last,
            waterings=done.get(history.site.id, NOTHING_DONE).waterings,
            taken=done.get(history.site.id, NOTHING_DONE).taken,
        )
        for history in found
    ]
