"""What goes wrong in the demo world, as the door sees it."""

from __future__ import annotations

from collections import Counter
from datetime import date, timedelta
from itertools import pairwise
from typing import TYPE_CHECKING

import pytest

from dispatch.domain.clock import at_local
from dispatch.domain.signal import Grade, SignalKind, payload_of
from dispatch.domain.site import SiteKind
from dispatch.service.ingest import ingest
from scenarios.day import PLANNED_AT
from scenarios.feed import feed
from scenarios.feeds.clockwork import FeedPeriod
from scenarios.feeds.faults import is_heard, resend_some, silent_devices, with_probe_faults
from scenarios.feeds.ponds import NEVER_SENDS, WITHOUT_OXYGEN
from scenarios.streets import stand_in
from scenarios.world import WorldSettings, make_city
from tests.helpers.databases import fresh_store
from tests.helpers.towns import a_poll

if TYPE_CHECKING:
    from collections.abc import Iterator

    from dispatch.domain.city import City
    from dispatch.domain.signal import Payload, Signal
    from dispatch.store import Store

DAY = date(2026, 7, 15)
PERIOD = FeedPeriod(now=at_local(DAY, PLANNED_AT), days=3, seed=44)


@pytest.fixture(scope="module")
def ponds_and_glass() -> City:
    """Return a world with all sixteen ponds and a few banks."""
    settings = WorldSettings(
        today=DAY, glass_sites=6, tree_sites=0, soil_sensors=0, rat_stations=0, ponds=16
    )
    return make_city(stand_in(400), settings)


@pytest.fixture(scope="module")
def received(ponds_and_glass: City) -> Iterator[Store]:
    """Return the database after three days of their payloads."""
    store = fresh_store()
    with store.begin() as tx:
        tx.save_city(ponds_and_glass)
    ingest(feed(ponds_and_glass, PERIOD), store=store)
    yield store
    store.close()


def signals(store: Store, kind: SignalKind) -> list[Signal]:
    """Return all signals of a kind."""
    with store.read() as tx:
        found = dict(tx.signals_by_site(since=PERIOD.start, until=PERIOD.now, kinds=[kind]))
    return [signal for series in found.values() for signal in series]


def test_one_probe_has_died_and_reads_zero(received: Store) -> None:
    """For the last twenty hours one logger sends exact zeros; none of them is believed."""
    zeros = [s for s in signals(received, SignalKind.DISSOLVED_OXYGEN) if s.value == 0]
    assert {signal.device_id for signal in zeros} == {"900193"}
    assert {signal.grade for signal in zeros} == {Grade.ZERO_RUN}
    assert PERIOD.now - min(s.observed_at for s in zeros) == timedelta(hours=20)
    assert len(zeros) == 20 * 4 + 1


def test_a_probe_sends_9999_now_and_then(received: Store) -> None:
    """The spike is stored with its grade, the values beside it stay good."""
    oxygen = signals(received, SignalKind.DISSOLVED_OXYGEN)
    nonsense = [signal for signal in oxygen if signal.value == 9999]
    assert {signal.grade for signal in nonsense} == {Grade.OUT_OF_RANGE}
    assert Counter(s.grade for s in oxygen)[Grade.GOOD] > 0.9 * len(oxygen)


def test_one_container_was_knocked_over(received: Store) -> None:
    """Its levels of the last two days are graded tilted, all others are not."""
    levels = signals(received, SignalKind.FILL_LEVEL)
    tilted = [signal for signal in levels if signal.grade is Grade.TILTED]
    assert len({signal.device_id for signal in tilted}) == 1
    assert len(tilted) == 6
    assert min(s.observed_at for s in tilted) >= PERIOD.now - timedelta(days=2)


def test_loggers_without_a_probe_say_nothing_about_oxygen(
    received: Store, ponds_and_glass: City
) -> None:
    """Three real loggers have no probe, one has never sent; the other twelve have both."""
    loggers = {d.id for d in ponds_and_glass.devices if d.model == "aquatos"}
    with_oxygen = {s.device_id for s in signals(received, SignalKind.DISSOLVED_OXYGEN)}
    with_level = {s.device_id for s in signals(received, SignalKind.WATER_LEVEL)}
    assert loggers - with_oxygen == {*WITHOUT_OXYGEN, *NEVER_SENDS}
    assert loggers - with_level == set(NEVER_SENDS)
    assert len(with_oxygen) == 12


def test_oxygen_breathes_with_the_day(received: Store) -> None:
    """A healthy pond is lowest about seven o'clock logger time and differs by hours of the day."""
    healthy = [
        s
        for s in signals(received, SignalKind.DISSOLVED_OXYGEN)
        if s.device_id == "900355" and s.grade is Grade.GOOD
    ]
    by_hour: dict[int, list[float]] = {}
    for signal in healthy:
        by_hour.setdefault((signal.observed_at.hour + 1) % 24, []).append(signal.value)
    means = {hour: sum(values) / len(values) for hour, values in by_hour.items()}
    assert abs(min(means, key=lambda hour: means[hour]) - 7) <= 2
    assert max(means.values()) - min(means.values()) > 1


def test_containers_fill_and_are_emptied_but_never_leak(received: Store) -> None:
    """Between two reports a level rises or stays within noise, or somebody emptied the bank."""
    series: dict[str, list[float]] = {}
    for signal in signals(received, SignalKind.FILL_LEVEL):
        if signal.grade is Grade.GOOD:
            series.setdefault(signal.device_id, []).append(signal.value)
    for levels in series.values():
        for before, after in pairwise(levels):
            assert after > before - 8 or (before > 70 and after < 15)


def test_some_messages_come_twice_and_in_full(ponds_and_glass: City) -> None:
    """About one in a hundred and forty is delivered again; the copy is the same payload."""
    sent = [
        payload_of(str(number).encode(), format_name="ttn", received_at=PERIOD.now)
        for number in range(5_000)
    ]
    arrived = Counter(payload.id for payload in resend_some(sent, PERIOD))
    twice = sum(count == 2 for count in arrived.values())
    assert set(arrived) == {payload.id for payload in sent}
    assert 15 <= twice <= 60
    assert max(arrived.values()) == 2
    assert {site.kind for site in ponds_and_glass.sites} == {SiteKind.GLASS, SiteKind.POND}


def test_a_dead_battery_is_silent_for_four_days(ponds_and_glass: City) -> None:
    """What a silent device sent before still counts; a device that lives is always heard."""
    silent = silent_devices(ponds_and_glass.devices, PERIOD, share=0.5)
    assert 0 < len(silent) < len(ponds_and_glass.devices)
    assert silent == silent_devices(ponds_and_glass.devices, PERIOD, share=0.5)
    dead = next(d for d in ponds_and_glass.devices if d.id in silent)
    alive = next(d for d in ponds_and_glass.devices if d.id not in silent)
    yesterday, last_week = PERIOD.now - timedelta(days=1), PERIOD.now - timedelta(days=7)
    heard = [
        is_heard(moment, device, silent, PERIOD)
        for device in (dead, alive)
        for moment in (last_week, yesterday)
    ]
    assert heard == [True, False, True, True]


def test_a_payload_without_oxygen_passes_untouched() -> None:
    """Faults of a probe need a probe: an empty poll keeps its bytes."""
    empty: Payload = a_poll()
    assert with_probe_faults(empty, stuck_logger="900541", period=PERIOD) is empty
