"""When a person must look at a pond: its logger reads zero, or it is low where no crew aerates."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from dispatch.demand import pond_words
from dispatch.demand.course import hour_of, moment_of
from dispatch.demand.oxygen import ZeroRun, zeros_of
from dispatch.demand.pond_water import PondWater, observed_in
from dispatch.domain.job import JobDraft, JobKind, Skill

if TYPE_CHECKING:
    from dispatch.domain.text import Text


def inspection(water: PondWater, *, mobile: bool) -> tuple[JobDraft, ...]:
    """Return the look at a pond: its logger reads zero, or it is low where no crew aerates."""
    zeros = zeros_of(water.seen.course, water.case.settings.ponds)
    if zeros is not None:
        return _look_at_zeros(water, zeros)
    ponds = water.case.settings.ponds
    since = None if mobile else water.gasping_since()
    if since is None or water.now - since < ponds.unaided_h or _looked(water, since):
        return ()
    at = slice(since - water.first, None)
    lowest = float(np.nanmin(water.seen.course.median[at]))
    reason = pond_words.unaided(water.pond, since=moment_of(since - 1), lowest=lowest)
    return (_look(water, reason, required=True, price_ct=ponds.fish_ct, hours=(since,)),)


def _look_at_zeros(water: PondWater, zeros: ZeroRun) -> tuple[JobDraft, ...]:
    """Return the look at a pond whose logger reads exactly zero, once per run of zeros."""
    ponds = water.case.settings.ponds
    if _looked(water, zeros.since):
        return ()
    recent = water.now - zeros.since <= ponds.zero_recent_h
    fell = zeros.before is None or zeros.before <= ponds.sinking_mg_l
    share = (0.2 if fell else 0.1) if recent else 0.02
    reason = pond_words.zeros(
        since=moment_of(zeros.since),
        hours=zeros.hours,
        on_end=zeros.hours >= 0.9 * (water.now - zeros.since),
        before=zeros.before,
        sank=fell,
    )
    price_ct = ponds.fish_ct * share
    return (_look(water, reason, required=recent, price_ct=price_ct, hours=(zeros.since + 1,)),)


def _looked(water: PondWater, since: int) -> bool:
    done = water.case.history.last_done.get(JobKind.CHECK)
    return done is not None and hour_of(done) > since


def _look(
    water: PondWater, reason: Text, *, required: bool, price_ct: float, hours: tuple[int, ...]
) -> JobDraft:
    ponds = water.case.settings.ponds
    return JobDraft(
        site_id=water.case.history.site.id,
        kind=JobKind.CHECK,
        loads=(),
        service_s=ponds.check_s,
        setup_s=ponds.setup_s,
        windows=(water.case.day_window,),
        skills=frozenset({Skill.POND_CARE}),
        required=required,
        leave_price_ct=round(price_ct),
        reason=reason,
        evidence=tuple(s.id for s in observed_in(water, hours)),
        due=moment_of(hours[0] - 1) if required else None,
    )
