"""Glass sites: empty before it overflows, neither earlier nor later."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Final

from dispatch.demand.glass_settings import GLASS_DIMENSIONS
from dispatch.demand.glass_words import reason
from dispatch.demand.outlook import Outlook, outlooks
from dispatch.demand.windows import day_window
from dispatch.domain.job import Dimension, JobDraft, JobKind, Load, Skill, TimeWindow
from dispatch.domain.site import GlassBank

if TYPE_CHECKING:
    from collections.abc import Sequence

    from dispatch.demand.glass_settings import GlassSettings
    from dispatch.demand.history import Occasion, SiteHistory
    from dispatch.demand.settings import DemandSettings

_LEAST_CHANCE: Final = 0.01


def draft(
    history: SiteHistory, settings: DemandSettings, occasion: Occasion
) -> tuple[JobDraft, ...]:
    """Return the emptying of one site, if one of its containers asks for it.

    Must when a container overflows before the last emptying of the next service day with
    `must_chance` or more; may from `may_pct` on if waiting costs at least `least_price_ct`.
    Containers of which nothing is known ask for nothing; nor does anybody on a Sunday or holiday.
    """
    if not isinstance(history.site.asset, GlassBank) or not occasion.is_service_day(occasion.day):
        return ()
    glass = settings.glass
    found = outlooks(history, glass, occasion)
    triggers = [o for o in found if _must(o, glass) or _may(o, glass)]
    if not triggers:
        return ()
    emptied = [o for o in found if o.today_pct >= glass.worth_pct or o in triggers]
    job = _job(history, glass, occasion, triggers=triggers, emptied=emptied)
    return (job,) if job.required or job.leave_price_ct >= glass.least_price_ct else ()


def _must(outlook: Outlook, glass: GlassSettings) -> bool:
    return outlook.chance >= glass.must_chance


def _may(outlook: Outlook, glass: GlassSettings) -> bool:
    """Tell whether waiting is a risk worth a word; neighbours without one go along all the same."""
    return outlook.today_pct >= glass.may_pct and outlook.chance >= _LEAST_CHANCE


def _job(
    history: SiteHistory,
    glass: GlassSettings,
    occasion: Occasion,
    *,
    triggers: Sequence[Outlook],
    emptied: Sequence[Outlook],
) -> JobDraft:
    service_s = glass.service_s * len(emptied)
    overflows = [o.full.middle for o in triggers if o.full.middle is not None]
    return JobDraft(
        site_id=history.site.id,
        kind=JobKind.EMPTY,
        loads=_loads(emptied),
        service_s=service_s,
        setup_s=glass.setup_s,
        windows=(_window(glass, occasion, work_s=service_s + glass.setup_s),),
        skills=frozenset({Skill.GLASS_CRANE}),
        required=any(_must(o, glass) for o in triggers),
        leave_price_ct=round(sum(glass.overflow_ct * o.chance for o in triggers)),
        reason=reason(triggers, others=len(emptied) - len(triggers), settings=glass),
        evidence=tuple(i for o in triggers for i in o.filling.evidence),
        due=min(overflows, default=None),
    )


def _window(glass: GlassSettings, occasion: Occasion, *, work_s: int) -> TimeWindow:
    """Return the hours in which noisy work is allowed; on hot days from earlier on, if at all."""
    opens = glass.opens
    hottest = occasion.max_temp_c.get(occasion.day)
    if glass.hot_opens is not None and hottest is not None and hottest >= glass.hot_from_c:
        opens = min(opens, glass.hot_opens)
    return day_window(occasion.day, opens=opens, closes=glass.closes, work_s=work_s)


def _loads(emptied: Sequence[Outlook]) -> tuple[Load, ...]:
    litres: dict[Dimension, int] = {}
    for outlook in emptied:
        dimension = GLASS_DIMENSIONS[outlook.container.colour]
        litres[dimension] = litres.get(dimension, 0) + _litres(outlook)
    return tuple(
        Load(dimension=d, amount=litres[d]) for d in GLASS_DIMENSIONS.values() if d in litres
    )


def _litres(outlook: Outlook) -> int:
    """Return what the lorry takes if it comes last on its round; at most a full container."""
    return math.ceil(outlook.container.volume_l * min(max(outlook.today_pct, 0), 100) / 100)
