"""Glass containers fill up, crews have emptied them, and a distance sensor in the lid reports."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from dispatch.domain.clock import BERLIN
from dispatch.intake.codecs.milesight import encode_em310_udl
from scenarios.feeds.envelopes import Uplink, things_stack

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import datetime

    from dispatch.domain.signal import Payload
    from dispatch.domain.site import Container, Device
    from scenarios.feeds.clockwork import FeedPeriod

REPORT_EVERY_H = 8
EMPTIED_PCT = 3.0
NOISE_PCT = 1.5

# Share of a week's glass thrown in per weekday, Monday first: Saturday is the busiest, and on
# Sundays throwing in is forbidden, yet some people do.
WEEKDAY_FACTOR = (1.05, 0.9, 0.9, 1.0, 1.1, 1.6, 0.45)


@dataclass(slots=True)
class ContainerTruth:
    """The true state of one container, which nobody but the simulation knows."""

    level_pct: float
    rate_pct_d: float
    emptied_at_pct: float


def container_payloads(
    device: Device, container: Container, period: FeedPeriod, *, tilted_from: datetime | None
) -> Iterator[Payload]:
    """Yield the uplinks of one container's sensor: raw bytes, as The Things Stack delivers them.

    From `tilted_from` on the sensor has been knocked over and says so.
    """
    rng = period.rng(device.id, "fill")
    truth = _draw(rng)
    offset_s = float(rng.uniform(0, REPORT_EVERY_H * 3600))
    battery = int(rng.integers(55, 100))
    for count, moment in enumerate(period.every(REPORT_EVERY_H, offset_s=offset_s)):
        _advance(truth, moment, rng)
        yield things_stack(
            Uplink(
                dev_eui=device.id,
                name=container.id,
                application="usb-glas",
                model=device.model,
                port=85,
                count=count,
                sent_at=moment,
                frame=encode_em310_udl(
                    battery_pct=battery,
                    distance_mm=_distance_mm(container, truth.level_pct, rng),
                    tilted=tilted_from is not None and moment >= tilted_from,
                ),
            )
        )


def _draw(rng: np.random.Generator) -> ContainerTruth:
    # A container fills in about a fortnight; a fixed round finds it 60 % full on average
    # (Recyclingmagazin 2021), sensor-driven crews let it get fuller.
    return ContainerTruth(
        level_pct=float(rng.uniform(5, 85)),
        rate_pct_d=float(rng.lognormal(np.log(6.5), 0.4)),
        emptied_at_pct=float(rng.uniform(78, 100)),
    )


def _advance(truth: ContainerTruth, moment: datetime, rng: np.random.Generator) -> None:
    local = moment.astimezone(BERLIN)
    step = truth.rate_pct_d * REPORT_EVERY_H / 24 * WEEKDAY_FACTOR[local.weekday()]
    truth.level_pct += step * float(rng.gamma(4, 0.25))
    crew_is_out = local.weekday() < 5 and 7 <= local.hour < 18
    if crew_is_out and truth.level_pct >= truth.emptied_at_pct:
        truth.level_pct = EMPTIED_PCT
        truth.emptied_at_pct = float(rng.uniform(78, 100))
    truth.level_pct = min(truth.level_pct, 103.0)


def _distance_mm(container: Container, level_pct: float, rng: np.random.Generator) -> int:
    measured = level_pct + float(rng.normal(0, NOISE_PCT))
    span = container.empty_mm - container.full_mm
    return max(30, round(container.empty_mm - measured / 100 * span))
