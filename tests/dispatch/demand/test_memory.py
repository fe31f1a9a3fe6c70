"""What a history remembers spares work and never changes what comes out."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from random import Random
from typing import TYPE_CHECKING

import numpy as np
import pytest

from dispatch.demand.glass_past import REPORTED_KINDS, site_past
from dispatch.demand.habits import GlassHabits, usual_habits
from dispatch.demand.history import Occasion, SiteHistory
from dispatch.demand.outlook import fillings
from dispatch.demand.settings import DemandSettings
from dispatch.demand.table import draft_jobs
from dispatch.domain.clock import BERLIN, day_bounds
from dispatch.domain.ids import DeviceId, PartId
from dispatch.domain.job import Dimension, JobKind
from dispatch.domain.signal import Grade, SignalKind
from dispatch.domain.site import GlassBank, GlassColour, Pond
from tests.helpers.histories import DAY, HOUR, NOW, a_bank, a_device, a_history
from tests.helpers.signals import a_signal

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import datetime

    from dispatch.domain.signal import Signal
    from dispatch.domain.site import Asset

SETTINGS = DemandSettings()
HISTORY_DAYS = 6
START = NOW - 20 * DAY
GRADES = (Grade.GOOD,) * 24 + (Grade.STALE, Grade.SPIKE, Grade.STUCK, Grade.ZERO_RUN)
GLASS = (Dimension.WHITE_GLASS_L, Dimension.GREEN_GLASS_L)
DONE = {JobKind.EMPTY: 0.05, JobKind.AERATE: 0.005, JobKind.SERVICE: 0.005}
BUSY = replace(
    usual_habits(SETTINGS.glass),
    weights=(0.2, 1.4, 1.4, 1.4, 1.4, 0.2, 1.0),
    usual_rate=30.0,
    rates={GlassColour.GREEN: 40.0},
)


def bank_signals(rng: Random) -> Iterator[Signal]:
    """Yield twenty days of white (a sensor), green (seldom a sensor, reports) and brown (reports).

    With noise, faults, gaps, emptyings, and reports on one container or on all.
    """
    level, moment = rng.uniform(0, 80), START
    while moment < NOW:
        moment += rng.choice([HOUR, 2 * HOUR, 2 * HOUR, 9 * HOUR])
        level += rng.uniform(0, 2.5)
        sent = min(max(level + rng.gauss(0, 3), 0.0), 100.0)
        value = rng.choice([sent] * 20 + [0.0, 100.0])
        part = rng.choice(["white"] * 8 + ["green"])
        parts = {"observed_at": moment, "part_id": PartId(part), "device_id": DeviceId(part)}
        yield a_signal(SignalKind.FILL_LEVEL, value, grade=rng.choice(GRADES), **parts)
        if rng.random() < 0.02:
            level = 2.0
        if rng.random() < 0.08:
            reported = rng.choice([PartId("green"), PartId("brown"), None])
            at = {"observed_at": moment, "part_id": reported, "device_id": DeviceId("crew")}
            yield a_signal(SignalKind.FOUND_LEVEL, rng.uniform(30, 95), **at)
            yield a_signal(SignalKind.EMPTIED, 1, **at)


def pond_signals(rng: Random) -> Iterator[Signal]:
    """Yield the oxygen of nights that get lower, with faults and a gap."""
    for at in range(20 * 24 * 4):
        moment = START + at * HOUR / 4
        night = 2.0 if moment.hour in range(2, 9) else 6.0
        value = max(night - at / 700 + rng.gauss(0, 0.4), 0.05)
        if rng.random() < 0.9 and not 500 < at < 560:
            grade = rng.choice(GRADES)
            yield a_signal(SignalKind.DISSOLVED_OXYGEN, value, observed_at=moment, grade=grade)


def occasion_at(now: datetime, habits: GlassHabits | None) -> Occasion:
    """Return the occasion of that moment: for its own day in the morning, for the next later."""
    local = now.astimezone(BERLIN)
    day = local.date() + timedelta(days=local.hour > 12)
    return Occasion(now=now, day=day, glass=habits)


def walked(
    asset: Asset, signals: list[Signal], rng: Random
) -> Iterator[tuple[SiteHistory, SiteHistory, Occasion]]:
    """Yield a history that grew, the same read anew, and the occasion, a signal or some later."""
    devices = (a_device("em310-udl", device_id="white"), a_device("aquatos", device_id="sensor-1"))
    grown = a_history(asset, [], devices=devices)
    known, now = 0, START
    last_done: dict[JobKind, datetime] = {}
    taken: dict[Dimension, tuple[datetime, ...]] = {}
    while known < len(signals):
        more = rng.choice([1, 1, 1, 2, 5, 20])
        news, known = signals[known : known + more], min(known + more, len(signals))
        asked = signals[known - 1].observed_at + rng.choice([0, 0, 1, 10]) * timedelta(minutes=7)
        now = max(now, asked)
        local = now.astimezone(BERLIN).date()
        since = day_bounds(local - timedelta(days=HISTORY_DAYS))[0]
        for kind, chance in DONE.items():
            if rng.random() < chance:
                last_done |= {kind: now}
        grown = grown.grown(news, since=since, rare=REPORTED_KINDS, rare_since=since - 5 * DAY)
        if rng.random() < 0.1:
            taken = taken | {rng.choice(GLASS): (now,)}
        beside = {"last_heard": {}, "last_done": dict(last_done), "waterings": (), "taken": taken}
        grown = grown.beside(devices=devices, **beside)
        stays = [
            s
            for s in signals[:known]
            if s.observed_at >= (since - 5 * DAY if s.kind in REPORTED_KINDS else since)
        ]
        habits = rng.choice([None, None, None, BUSY])
        anew = a_history(asset, stays, devices=devices, **beside)
        yield grown, anew, occasion_at(now, habits)


@pytest.mark.parametrize("seed", range(3))
def test_glass_is_judged_the_same_with_and_without_memory(seed: int) -> None:
    """To the last figure: whatever came before, whoever asked, and for which city."""
    rng = Random(seed)  # noqa: S311  # not a secret
    bank = a_bank(GlassColour.WHITE, GlassColour.GREEN, GlassColour.BROWN)
    assert isinstance(bank, GlassBank)
    wanted = 0
    for grown, anew, occasion in walked(bank, list(bank_signals(rng)), rng):
        assert grown.signals == anew.signals
        jobs = draft_jobs(grown, SETTINGS, occasion)
        assert jobs == draft_jobs(anew, SETTINGS, occasion)
        for mine, other in zip(
            fillings(grown, SETTINGS.glass, occasion),
            fillings(anew, SETTINGS.glass, occasion),
            strict=True,
        ):
            assert mine[1].states == other[1].states
        pasts = (site_past(h, SETTINGS.glass, occasion).pasts for h in (grown, anew))
        for mine, other in zip(*pasts, strict=True):
            assert mine.emptyings == other.emptyings
        wanted += len(jobs)
    assert wanted > 20


@pytest.mark.parametrize("seed", range(2))
def test_a_pond_is_judged_the_same_with_and_without_memory(seed: int) -> None:
    """Also when its history is shorter than the rule looks back, so that hours drop out of it."""
    rng = Random(seed)  # noqa: S311  # not a secret
    wanted = set()
    for grown, anew, occasion in walked(Pond(), list(pond_signals(rng)), rng):
        jobs = draft_jobs(grown, SETTINGS, occasion)
        assert grown.signals == anew.signals
        assert jobs == draft_jobs(anew, SETTINGS, occasion)
        mine, other = (h.course(SignalKind.DISSOLVED_OXYGEN) for h in (grown, anew))
        assert mine.first == other.first
        for part in ("median", "low", "high", "good", "zeros", "seen"):
            np.testing.assert_array_equal(getattr(mine, part), getattr(other, part))
        wanted |= {job.kind for job in jobs}
    assert JobKind.AERATE in wanted
