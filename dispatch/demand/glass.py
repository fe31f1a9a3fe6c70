"""Glass sites: empty before it overflows, neither earlier nor later."""

from __future__ import annotations

import math
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Final

from dispatch.demand.levels import Filling, filling
from dispatch.demand.windows import day_window
from dispatch.demand.words import clock_time, figure, join, short_day, span, weekday
from dispatch.domain.clock import BERLIN, at_local, seconds_between
from dispatch.domain.job import Dimension, JobDraft, JobKind, Load, Skill
from dispatch.domain.signal import SignalKind
from dispatch.domain.site import Container, GlassBank, GlassColour
from dispatch.domain.text import Text

if TYPE_CHECKING:
    from collections.abc import Sequence

    from dispatch.demand.history import Occasion, SiteHistory
    from dispatch.demand.settings import DemandSettings, GlassSettings

_DIMENSIONS: Final = {
    GlassColour.WHITE: Dimension.WHITE_GLASS_L,
    GlassColour.GREEN: Dimension.GREEN_GLASS_L,
    GlassColour.BROWN: Dimension.BROWN_GLASS_L,
}
_COLOURS: Final = {
    GlassColour.WHITE: Text(de="Weißglas", en="White glass"),
    GlassColour.GREEN: Text(de="Grünglas", en="Green glass"),
    GlassColour.BROWN: Text(de="Braunglas", en="Brown glass"),
}
_OLD_NEWS_H: Final = 24.0
"""A level older than this is called old in the reason."""


@dataclass(frozen=True, slots=True, kw_only=True)
class _Outlook:
    """One container: its filling, at the last emptying of this and of the next service day."""

    container: Container
    filling: Filling
    today_pct: float
    next_pct: float
    overflow_at: datetime | None
    chance: float

    @property
    def litres(self) -> int:
        """What the lorry will take, if it comes last on its round; at most a full container."""
        return math.ceil(self.container.volume_l * min(self.today_pct, 100) / 100)


def draft(
    history: SiteHistory, settings: DemandSettings, occasion: Occasion
) -> tuple[JobDraft, ...]:
    """Return the emptying of one site, if one of its containers asks for it.

    Must when a container is expected to overflow before the last emptying of the next service
    day, may from `may_pct` on if waiting costs at least `least_price_ct`. Containers without a
    believable level ask for nothing; nor does anybody on a Sunday or holiday.
    """
    asset = history.site.asset
    if not isinstance(asset, GlassBank) or not occasion.is_service_day(occasion.day):
        return ()
    glass = settings.glass
    outlooks = _outlooks(asset, history, glass, occasion)
    triggers = [o for o in outlooks if o.today_pct >= glass.may_pct or _overflows(o, glass)]
    if not triggers:
        return ()
    emptied = [o for o in outlooks if o.today_pct >= glass.worth_pct or o in triggers]
    job = _job(history, glass, occasion, triggers=triggers, emptied=emptied)
    return (job,) if job.required or job.leave_price_ct >= glass.least_price_ct else ()


def _outlooks(
    bank: GlassBank, history: SiteHistory, glass: GlassSettings, occasion: Occasion
) -> list[_Outlook]:
    found = []
    for container in bank.containers:
        signals = history.good(SignalKind.FILL_LEVEL, until=occasion.now, part_id=container.id)
        state = filling(signals, glass, now=occasion.now)
        if state is not None:
            found.append(_outlook(container, state, glass, occasion))
    return found


def _outlook(
    container: Container, state: Filling, glass: GlassSettings, occasion: Occasion
) -> _Outlook:
    today = at_local(occasion.day, glass.last_emptying)
    next_time = at_local(occasion.next_service_day(occasion.day), glass.last_emptying)
    return _Outlook(
        container=container,
        filling=state,
        today_pct=state.level_at(today),
        next_pct=state.level_at(next_time),
        overflow_at=state.reaches(glass.overflow_pct),
        chance=state.chance_above(glass.overflow_pct, next_time),
    )


def _overflows(outlook: _Outlook, glass: GlassSettings) -> bool:
    return outlook.next_pct >= glass.overflow_pct


def _job(
    history: SiteHistory,
    glass: GlassSettings,
    occasion: Occasion,
    *,
    triggers: Sequence[_Outlook],
    emptied: Sequence[_Outlook],
) -> JobDraft:
    service_s = glass.service_s * len(emptied)
    work_s = service_s + glass.setup_s
    overflows = [o.overflow_at for o in triggers if o.overflow_at is not None]
    return JobDraft(
        site_id=history.site.id,
        kind=JobKind.EMPTY,
        loads=_loads(emptied),
        service_s=service_s,
        setup_s=glass.setup_s,
        windows=(day_window(occasion.day, opens=glass.opens, closes=glass.closes, work_s=work_s),),
        skills=frozenset({Skill.GLASS_CRANE}),
        required=any(_overflows(o, glass) for o in triggers),
        leave_price_ct=round(sum(glass.overflow_ct * o.chance for o in triggers)),
        reason=_reason(triggers, emptied, glass, occasion),
        evidence=tuple(i for o in triggers for i in o.filling.evidence),
        due=min(overflows, default=None),
    )


def _loads(emptied: Sequence[_Outlook]) -> tuple[Load, ...]:
    litres: dict[Dimension, int] = {}
    for outlook in emptied:
        dimension = _DIMENSIONS[outlook.container.colour]
        litres[dimension] = litres.get(dimension, 0) + outlook.litres
    return tuple(Load(dimension=d, amount=litres[d]) for d in _DIMENSIONS.values() if d in litres)


def _reason(
    triggers: Sequence[_Outlook],
    emptied: Sequence[_Outlook],
    glass: GlassSettings,
    occasion: Occasion,
) -> Text:
    fullest_first = sorted(triggers, key=lambda o: -o.next_pct)
    parts = [_sentence(o, glass, occasion) for o in fullest_first]
    others = len(emptied) - len(triggers)
    if others:
        worth = figure(glass.worth_pct)
        parts.append(
            Text(
                de=f"dazu {others} {'weiterer' if others == 1 else 'weitere'} ab {worth.de} %",
                en=f"{others} more above {worth.en} %",
            )
        )
    return join(parts)


def _sentence(outlook: _Outlook, glass: GlassSettings, occasion: Occasion) -> Text:
    state = outlook.filling
    name = _COLOURS[outlook.container.colour]
    shown_pct = round(min(state.level_pct, 100))
    level = figure(shown_pct)
    # From the level shown, so that a reader who recomputes it finds the same litres.
    litres = figure(outlook.container.volume_l * shown_pct / 100)
    rate = figure(state.rate_pct_day, sign=True)
    ahead = _ahead(outlook, glass, occasion)
    age = _age(state)
    return Text(
        de=f"{name.de} {level.de} % ({litres.de} l{age.de}), {rate.de} %/Tag: {ahead.de}",
        en=f"{name.en} {level.en} % ({litres.en} l{age.en}), {rate.en} %/day: {ahead.en}",
    )


def _age(state: Filling) -> Text:
    hours = seconds_between(state.measured_at, state.at) / 3600
    if hours < _OLD_NEWS_H:
        return Text(de="", en="")
    age = span(hours)
    return Text(de=f", gemessen vor {age.de}", en=f", measured {age.en} ago")


def _ahead(outlook: _Outlook, glass: GlassSettings, occasion: Occasion) -> Text:
    """Say when it overflows, and when the lorry would come next."""
    if outlook.filling.level_pct >= glass.overflow_pct:
        return Text(de="ist voll", en="is full")
    if outlook.overflow_at is None:
        return Text(de="füllt sich nicht", en="is not filling")
    moment = outlook.overflow_at.astimezone(BERLIN)
    day, pct = short_day(moment.date()), figure(glass.overflow_pct)
    if not _overflows(outlook, glass):
        return Text(de=f"{pct.de} % am {day.de}", en=f"{pct.en} % on {day.en}")
    following = weekday(occasion.next_service_day(occasion.day))
    last = clock_time(at_local(occasion.day, glass.last_emptying))
    return Text(
        de=f"läuft am {day.de} gegen {moment.hour} Uhr über, "
        f"nächste Leerung erst {following.de} bis {last.de}",
        en=f"overflows on {day.en} about {moment.hour}:00, "
        f"next emptying only {following.en} by {last.en}",
    )
