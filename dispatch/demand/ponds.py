"""Ponds: bring a mobile aerator before the fish gasp; look where the logger reads nothing."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from dispatch.demand import pond_words
from dispatch.demand.course import course_until, hour_of, moment_of
from dispatch.demand.history import Case, Occasion, SiteHistory
from dispatch.demand.oxygen import DAY_H, chance_of_low, outlook
from dispatch.demand.pond_looks import inspection
from dispatch.demand.pond_water import OXYGEN, PondWater, observed_in
from dispatch.domain.clock import BERLIN, after, at_local
from dispatch.domain.job import JobDraft, JobKind, Skill, TimeWindow
from dispatch.domain.signal import BELIEVED
from dispatch.domain.site import Pond

if TYPE_CHECKING:
    from datetime import datetime

    from dispatch.demand.course import Counts
    from dispatch.demand.pond_settings import PondSettings
    from dispatch.demand.settings import DemandSettings
    from dispatch.domain.ids import SignalId
    from dispatch.domain.text import Text


def draft(
    history: SiteHistory, settings: DemandSettings, occasion: Occasion
) -> tuple[JobDraft, ...]:
    """Return what one pond needs: an aerator, a look at it, both or nothing.

    Only believed hours call for an aerator: zeros, flat lines and spikes never do.
    """
    pond = history.site.asset
    if not isinstance(pond, Pond):
        return ()
    case = Case(history=history, settings=settings, occasion=occasion)
    look_back_h = settings.ponds.look_back_h
    course = course_until(history, OXYGEN, until=occasion.now, hours=look_back_h)
    if not len(course):
        return ()
    water = PondWater(
        case=case,
        pond=pond,
        seen=outlook(course, pond, settings.ponds, now=occasion.now),
        now=hour_of(occasion.now),
    )
    mobile = pond.in_season(occasion.day) and not pond.fixed_aerator
    aeration = _aeration(water) if mobile else ()
    return (*aeration, *inspection(water, mobile=mobile))


def _aeration(water: PondWater) -> tuple[JobDraft, ...]:
    """Return the aerator to bring: must while the pond gasps or surely will, else may."""
    ponds = water.case.settings.ponds
    stands_until = _stands_until(water)
    marks = water.first + np.flatnonzero(water.seen.low | water.seen.foreseen)
    marks = marks[(marks > stands_until) & (marks > water.now - ponds.stay_h)]
    if not len(marks):
        return ()
    since = water.gasping_since()
    if since is not None:
        return (_emergency(water, since),)
    return (_precaution(water, marks),)


def _stands_until(water: PondWater) -> int:
    """Return the hour until which the aerator brought last stays there: each low prolongs it."""
    done = water.case.history.last_done.get(JobKind.AERATE)
    stay = water.case.settings.ponds.stay_h
    if done is None:
        return water.first - 1
    # What was brought before the weeks looked at may well stand there still.
    cut = len(water.seen.course) >= water.case.settings.ponds.look_back_h
    brought = max(hour_of(done), water.first) if cut else hour_of(done)
    lows = water.first + np.flatnonzero(water.seen.low)
    chain = np.concatenate([[brought], lows[lows > brought]])
    breaks = np.flatnonzero(np.diff(chain) > stay)
    return int(chain[breaks[0]] if len(breaks) else chain[-1]) + stay


def _emergency(water: PondWater, since: int) -> JobDraft:
    ponds, course = water.case.settings.ponds, water.seen.course
    low = slice(since - water.first, None)
    deepest = since + int(np.nanargmin(course.median[low]))
    lowest = float(course.median[deepest - water.first])
    # How deep below the alarm level: from a tenth of the harm at the level to all of it at zero.
    price_ct = ponds.fish_ct * (0.1 + 0.9 * (1 - min(lowest / water.pond.alarm_mg_l, 1.0)))
    values = course.median[np.isfinite(course.median)]
    reason = pond_words.gasping(
        water.pond,
        level=float(values[-1]),
        since=moment_of(since - 1),
        cut=since == water.first,
        lowest=lowest,
        lowest_at=moment_of(deepest),
        nights=_low_nights(water),
    )
    begun = moment_of(since - 1)
    return _job(
        water,
        reason,
        required=True,
        price_ct=price_ct,
        due=begun,
        windows=(_early(water.case, None),),
        hours=(since, deepest),
    )


def _precaution(water: PondWater, marks: Counts) -> JobDraft:
    """Return the job of a pond that is not low now, but was or will be.

    `marks` are the hours that were low or foresaw a low, since the last aerator left.
    """
    ponds, seen = water.case.settings.ponds, water.seen
    mark = int(marks[-1])
    tonight = seen.foreseen[mark - water.first] and water.now < _morning_after(mark, ponds)
    lows = marks[seen.low[marks - water.first]]
    if not tonight and len(lows):
        mark = int(lows[-1])
    at = mark - water.first
    expected = chance_of_low(seen.lowest(at), water.pond, ponds)
    chance = expected if tonight else _recurring(water)
    due = _crossing(water, mark) if tonight else None
    words = pond_words.foreseen if tonight else pond_words.remembered
    reason = words(water.pond, seen, hour=mark, chance=chance, nights=_low_nights(water))
    required = bool(tonight and chance >= ponds.sure)
    return _job(
        water,
        reason,
        required=required,
        price_ct=ponds.fish_ct * chance,
        due=due if required else None,
        windows=(_early(water.case, due),),
        hours=(mark,),
    )


def _morning_after(hour: int, ponds: PondSettings) -> int:
    """Return the hour at which the night that was looked at then is over."""
    clock = moment_of(hour).astimezone(BERLIN).hour
    return hour + (ponds.arrive_by.hour - clock) % DAY_H


def _job(
    water: PondWater,
    reason: Text,
    *,
    required: bool,
    price_ct: float,
    due: datetime | None,
    windows: tuple[TimeWindow, ...],
    hours: tuple[int, ...],
) -> JobDraft:
    ponds = water.case.settings.ponds
    return JobDraft(
        site_id=water.case.history.site.id,
        kind=JobKind.AERATE,
        loads=(),
        service_s=ponds.aerate_s,
        setup_s=ponds.setup_s,
        windows=windows,
        skills=frozenset({Skill.AERATOR}),
        required=required,
        leave_price_ct=round(price_ct),
        reason=reason,
        evidence=_evidence(water, hours),
        due=due,
        late_ct_per_h=round(price_ct / ponds.low_h) if due else 0,
    )


def _evidence(water: PondWater, hours: tuple[int, ...]) -> tuple[SignalId, ...]:
    """Return the good values of the hours that decided."""
    return tuple(s.id for s in observed_in(water, hours) if s.grade in BELIEVED)


def _recurring(water: PondWater) -> float:
    """Return the share of low days of the last week: the chance of one more (persistence)."""
    week = water.seen.low[-7 * DAY_H :]
    return len(np.unique(np.flatnonzero(week) // DAY_H)) / 7


def _low_nights(water: PondWater) -> tuple[int, int]:
    """Return how many of the nights of the last weeks were low, and of how many; noon to noon."""
    offset = water.case.occasion.now.astimezone(BERLIN).utcoffset()
    assert offset is not None  # noqa: S101  # an aware moment has one
    clock = water.first + np.arange(len(water.seen.low)) + int(offset.total_seconds()) // 3600
    nights = (clock - DAY_H // 2 - 1) // DAY_H
    known = np.unique(nights[np.isfinite(water.seen.course.median)])
    return len(np.unique(nights[water.seen.low])), len(known)


def _crossing(water: PondWater, hour: int) -> datetime:
    """Return when the oxygen is expected to pass the alarm level, falling evenly to its lowest."""
    at = hour - water.first
    level, fall = float(water.seen.course.median[at]), float(water.seen.fall[at])
    ponds = water.case.settings.ponds
    share = (level - water.pond.alarm_mg_l) / fall if fall > 0 else 1.0
    lasting = ponds.fall_h * min(max(share, 0.0), 1.0)
    return after(moment_of(hour), lasting * 3600)


def _early(case: Case, due: datetime | None) -> TimeWindow:
    """Return the window before the low, or a short one from now when that is past."""
    ponds, occasion = case.settings.ponds, case.occasion
    earliest = max(at_local(occasion.day, case.settings.day_opens), occasion.now)
    wanted = due if due is not None else at_local(occasion.day, ponds.arrive_by)
    return TimeWindow(earliest=earliest, latest=max(wanted, after(earliest, ponds.hurry_h * 3600)))
