"""What the sensors of the demo world send: real formats, and the faults of every day."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

import pytest

from dispatch.domain.clock import at_local
from dispatch.domain.errors import InvalidInput
from dispatch.domain.signal import SignalKind
from dispatch.intake.decoders import decode
from scenarios.day import PLANNED_AT
from scenarios.feed import feed
from scenarios.feeds.clockwork import FeedPeriod
from tests.scenarios.conftest import DAY

if TYPE_CHECKING:
    from dispatch.domain.city import City
    from dispatch.domain.signal import Payload

PERIOD = FeedPeriod(now=at_local(DAY, PLANNED_AT), days=5, seed=44)


@pytest.fixture(scope="module")
def payloads(city: City) -> list[Payload]:
    """Return what the small world sent in five days."""
    return feed(city, PERIOD)


def test_the_same_seed_sends_the_same_bytes(city: City, payloads: list[Payload]) -> None:
    """Down to the last byte, in the same order."""
    assert feed(city, PERIOD) == payloads
    other = FeedPeriod(now=PERIOD.now, days=5, seed=45)
    assert feed(city, other) != payloads


def test_payloads_come_in_the_order_of_time_and_none_from_the_future(
    payloads: list[Payload],
) -> None:
    """The planner at half past four has seen everything up to then and nothing else."""
    times = [payload.received_at for payload in payloads]
    assert times == sorted(times)
    assert times[-1] <= PERIOD.now


def test_all_four_formats_are_spoken(payloads: list[Payload]) -> None:
    """The Things Stack, ChirpStack, TerraTransfer and the irrigation model."""
    formats = {payload.format for payload in payloads}
    assert formats == {"ttn", "chirpstack", "terratransfer", "watering-need"}


def test_only_the_strangers_cannot_be_decoded(payloads: list[Payload]) -> None:
    """One payload is cut short, one has no time zone; all others decode without an issue."""
    codes: Counter[str] = Counter()
    for payload in payloads:
        try:
            codes.update(issue.code for issue in decode(payload).issues)
        except InvalidInput as error:
            codes.update(issue.code for issue in error.issues)
    assert codes == {"I101": 1, "I103": 1}


def test_the_faults_of_every_day_are_there(payloads: list[Payload]) -> None:
    """Something is sent twice, a probe reads exactly zero, and a sensor lies askew."""
    assert len({payload.id for payload in payloads}) < len(payloads)
    kinds: Counter[tuple[SignalKind, bool]] = Counter()
    for payload in payloads:
        try:
            decoded = decode(payload)
        except InvalidInput:
            continue
        for signal in decoded.signals:
            kinds[signal.kind, signal.value == 0] += 1
            if signal.kind is SignalKind.TILT and signal.value == 1:
                kinds[SignalKind.TILT, True] += 1
    assert kinds[SignalKind.DISSOLVED_OXYGEN, True] > 50
    assert kinds[SignalKind.TILT, True] > 3
    assert kinds[SignalKind.FILL_DISTANCE, False] > 100
    assert kinds[SignalKind.WATERING_NEED, False] > 5
    assert kinds[SignalKind.STATION_VISITS, False] > 5
