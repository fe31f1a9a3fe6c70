"""Notices: many people tell of one matter, at a registered site or at a spot of its own."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

from dispatch.demand.nearby import Nearby
from dispatch.demand.windows import day_window
from dispatch.demand.words import day_and_time, join
from dispatch.domain.clock import seconds_between
from dispatch.domain.ids import SiteId, digest
from dispatch.domain.job import JobDraft, JobKind
from dispatch.domain.notice import Notice, NoticeStatus
from dispatch.domain.site import Place, Site
from dispatch.domain.text import Text

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from datetime import datetime

    from dispatch.demand.history import Occasion
    from dispatch.demand.notice_settings import NoticeService, NoticeSettings
    from dispatch.demand.settings import DemandSettings

DAY_S = 86_400
KINDS = frozenset({JobKind.CLEAN, JobKind.NOTICE})
"""The kinds of job that notices alone call for."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Matter:
    """What one or more notices of one service tell of, oldest first."""

    notices: tuple[Notice, ...]

    @property
    def first(self) -> Notice:
        """The notice that told of it first."""
        return self.notices[0]

    @property
    def open(self) -> tuple[Notice, ...]:
        """The notices whose senders still wait."""
        return tuple(n for n in self.notices if n.status is NoticeStatus.OPEN)


@dataclass(frozen=True, slots=True, kw_only=True)
class NoticeDemand:
    """The drafts of all notices, the spots they need as sites, and every site that was judged."""

    drafts: tuple[JobDraft, ...]
    new_sites: tuple[Site, ...]
    judged: Mapping[SiteId, Site]


def notice_demand(
    notices: Iterable[Notice],
    sites: Iterable[Site],
    settings: DemandSettings,
    occasion: Occasion,
    *,
    last_done: Mapping[SiteId, Mapping[JobKind, datetime]] | None = None,
) -> NoticeDemand:
    """Return what the notices call for: one draft per site and kind of work.

    A matter near a registered site belongs to it, any other becomes a site of its own. Notices
    that were closed by their sender, that are older than the last work on them, or that nobody
    has repeated for long call for nothing.
    """
    rules = settings.notices
    known = Nearby[Site](rules.site_within_m, lambda site: site.location)
    all_sites = {site.id: site for site in sites}
    for registered in all_sites.values():
        known.add(registered)
    at_site: dict[tuple[SiteId, JobKind], list[Matter]] = defaultdict(list)
    new: dict[SiteId, Site] = {}
    past = (n for n in notices if n.requested_at <= occasion.now)
    for matter in matters(past, rules):
        kind = service_of(matter.first, rules).kind
        site = known.nearest(matter.first.location)
        if site is None and _wanted(matter, None, rules, occasion):
            site = _spot(matter)
            new[site.id] = site
            known.add(site)
        if site is None:
            continue
        wanted = _wanted(matter, (last_done or {}).get(site.id, {}).get(kind), rules, occasion)
        at_site[site.id, kind] += [Matter(notices=wanted)] if wanted else []
    judged = all_sites | new
    drafts = tuple(
        _draft(judged[site_id], kind, found, settings, occasion)
        for (site_id, kind), found in at_site.items()
        if found
    )
    return NoticeDemand(drafts=drafts, new_sites=tuple(new.values()), judged=judged)


def matters(notices: Iterable[Notice], rules: NoticeSettings) -> tuple[Matter, ...]:
    """Return the notices by matter: of one service, near to another of it in space and time."""
    ordered = sorted(notices, key=lambda n: (n.requested_at, n.id))
    near = Nearby[tuple[int, Notice]](rules.same_within_m, lambda entry: entry[1].location)
    older = list(range(len(ordered)))
    """For each notice an older one of its matter, the oldest for itself."""

    def oldest(number: int) -> int:
        while older[number] != number:
            older[number] = older[older[number]]
            number = older[number]
        return number

    for number, notice in enumerate(ordered):
        for other, earlier in near.around(notice.location):
            if (earlier.source, earlier.code) == (notice.source, notice.code) and _days(
                earlier.requested_at, notice.requested_at
            ) <= rules.same_within_days:
                # Between two matters it joins them.
                first, second = sorted((oldest(other), oldest(number)))
                older[second] = first
        near.add((number, notice))
    groups: dict[int, list[Notice]] = defaultdict(list)
    for number, notice in enumerate(ordered):
        groups[oldest(number)].append(notice)
    return tuple(Matter(notices=tuple(groups[number])) for number in sorted(groups))


def service_of(notice: Notice, rules: NoticeSettings) -> NoticeService:
    """Return what is done about a notice: by its code, else by a word of its service's name."""
    name = f"{notice.name} ".casefold()
    by_code = (s for s in rules.services if notice.code in s.codes)
    by_word = (s for s in rules.services if any(word in name for word in s.words))
    return next(by_code, None) or next(by_word, None) or rules.other


def _wanted(
    matter: Matter, done: datetime | None, rules: NoticeSettings, occasion: Occasion
) -> tuple[Notice, ...]:
    """Return the notices of a matter that still wait."""
    newest = matter.notices[-1].requested_at
    if _days(newest, occasion.now) > rules.forgotten_days:
        return ()
    return tuple(n for n in matter.open if done is None or n.requested_at > done)


def _spot(matter: Matter) -> Site:
    """Return the site of a matter where nothing is registered; the same matter, the same id."""
    first = matter.first
    return Site(
        id=SiteId(f"ort-{digest('place', first.id)[:12]}"),
        name=first.name or first.code,
        location=first.location,
        asset=Place(matter=first.name or first.code),
    )


def _draft(
    site: Site,
    kind: JobKind,
    found: Sequence[Matter],
    settings: DemandSettings,
    occasion: Occasion,
) -> JobDraft:
    rules = settings.notices
    services = [service_of(matter.first, rules) for matter in found]
    window = day_window(occasion.day, opens=settings.day_opens, closes=settings.day_closes)
    ages = [_days(matter.first.requested_at, occasion.now) for matter in found]
    price = sum(
        service.day_ct * len(matter.notices) * min(1 + age / rules.same_within_days, rules.cap_days)
        for service, matter, age in zip(services, found, ages, strict=True)
    )
    reporters = max(len(matter.notices) for matter in found)
    return JobDraft(
        site_id=site.id,
        kind=kind,
        loads=(),
        service_s=sum(service.service_s for service in services),
        setup_s=rules.setup_s,
        windows=(window,),
        skills=frozenset(s.skill for s in services if s.skill is not None),
        required=reporters >= rules.must_reporters or max(ages) >= rules.must_days,
        leave_price_ct=round(price),
        reason=join(_reason(matter) for matter in found),
        due=min(matter.first.requested_at for matter in found),
        organisation=dict(settings.organisations).get(kind),
    )


def _reason(matter: Matter) -> Text:
    count, since = len(matter.notices), day_and_time(matter.first.requested_at)
    name = matter.first.name or matter.first.code
    if count == 1:
        return Text(de=f"{name}: gemeldet {since.de}", en=f"{name}: reported {since.en}")
    newest = day_and_time(matter.notices[-1].requested_at)
    return Text(
        de=f"{name}: {count} Meldungen seit {since.de}, zuletzt {newest.de}",
        en=f"{name}: {count} notices since {since.en}, the last {newest.en}",
    )


def _days(start: datetime, end: datetime) -> float:
    return seconds_between(start, end) / DAY_S
