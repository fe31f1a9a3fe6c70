"""Payloads, signals and quarantine."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import pytest

from dispatch.domain.errors import Conflict, NotFound
from dispatch.domain.ids import DeviceId, PayloadId, SiteId
from dispatch.domain.signal import Grade, SignalKind
from tests.helpers.plans import a_need, a_payload, a_quarantine_entry, a_signal, at

if TYPE_CHECKING:
    from dispatch.store import Store

GLASS = SiteId("glass-1")


def test_signal_comes_back_the_same(city_store: Store) -> None:
    """Every field of a signal survives, those that are empty too."""
    bare = a_signal(-470, device="fremd-ä", site_id=None, part_id=None, grade=Grade.SPIKE)
    need = a_signal(-460, kind=SignalKind.WATERING_NEED, need=a_need(), value=80.0)
    signals = [a_signal(), bare, need]
    with city_store.begin() as tx:
        tx.add_signals(signals)
    with city_store.read() as tx:
        found = tx.signals_of_devices(
            {signal.device_id for signal in signals}, since=at(-500), until=at(0)
        )
    assert found == signals


def test_sent_twice_is_stored_once(city_store: Store) -> None:
    """A signal sent twice, in one call or in two, is stored once and reported as new once."""
    signal = a_signal()
    with city_store.begin() as tx:
        assert tx.add_signals([signal, signal]) == {signal.id}
        assert tx.add_signals([signal]) == frozenset()
    with city_store.begin() as tx:
        assert tx.add_signals([signal, a_signal(-470)]) == {a_signal(-470).id}
        assert tx.count_signals() == {(DeviceId("dev-1"), Grade.GOOD): 2}


def test_first_version_of_a_signal_stays(city_store: Store) -> None:
    """A resent signal does not overwrite what was stored first."""
    with city_store.begin() as tx:
        tx.add_signals([a_signal()])
        tx.add_signals([replace(a_signal(), value=1.0)])
    with city_store.read() as tx:
        (stored,) = tx.signals_of_site(GLASS, since=at(-500), until=at(0))
    assert stored.value == 92.0


def test_no_signals_are_fine(city_store: Store) -> None:
    """Nothing to store is no fault."""
    with city_store.begin() as tx:
        assert tx.add_signals([]) == frozenset()
        tx.add_payloads([])
        tx.add_quarantine([])


def test_more_signals_than_one_statement_takes(city_store: Store) -> None:
    """A batch larger than one statement's limit is stored whole, and known again whole."""
    signals = [a_signal(minute) for minute in range(-6000, 0)]
    with city_store.begin() as tx:
        assert len(tx.add_signals(signals)) == 6000
        assert tx.add_signals(signals) == frozenset()


def test_signal_needs_its_payload(city_store: Store) -> None:
    """A signal whose bytes were not kept is refused: it could not be audited."""
    with pytest.raises(Conflict, match="DB103"), city_store.begin() as tx:
        tx.add_signals([a_signal(payload_id=PayloadId("nope"))])


def test_quarantine_needs_its_payload(city_store: Store) -> None:
    """So is a quarantine entry."""
    with pytest.raises(Conflict, match="DB103"), city_store.begin() as tx:
        tx.add_quarantine([a_quarantine_entry(payload=PayloadId("nope"))])


def test_period_of_devices_is_half_open(city_store: Store) -> None:
    """Signals of devices are those from `since` up to, but not at, `until`."""
    with city_store.begin() as tx:
        tx.add_signals([a_signal(0), a_signal(10), a_signal(20), a_signal(0, device="dev-2")])
        found = tx.signals_of_devices({DeviceId("dev-1")}, since=at(0), until=at(20))
    assert [signal.observed_at for signal in found] == [at(0), at(10)]


def test_by_site_in_order(city_store: Store) -> None:
    """Each site comes once with its signals in the order of time, both ends included."""
    tree = SiteId("tree-1")
    signals = [
        a_signal(20),
        a_signal(0),
        a_signal(10, device="dev-2", site_id=tree, kind=SignalKind.SOIL_MOISTURE),
        a_signal(5, device="fremd", site_id=None),
        a_signal(21),
    ]
    with city_store.begin() as tx:
        tx.add_signals(signals)
        found = dict(tx.signals_by_site(since=at(0), until=at(20)))
        moist = dict(
            tx.signals_by_site(since=at(0), until=at(20), kinds={SignalKind.SOIL_MOISTURE})
        )
    assert {site: [s.observed_at for s in group] for site, group in found.items()} == {
        GLASS: [at(0), at(20)],
        tree: [at(10)],
    }
    assert list(moist) == [tree]


def test_newest_signals_of_a_site(city_store: Store) -> None:
    """A limit keeps the newest signals of a site, told oldest first."""
    with city_store.begin() as tx:
        tx.add_signals([a_signal(minute) for minute in (30, 10, 20)])
        found = tx.signals_of_site(GLASS, since=at(0), until=at(60), limit=2)
    assert [signal.observed_at for signal in found] == [at(20), at(30)]


def test_quarantine_newest_first(city_store: Store) -> None:
    """Entries come newest first, once each, with their words as they were."""
    old, new = a_quarantine_entry(), replace(a_quarantine_entry("q-2"), received_at=at(-1))
    with city_store.begin() as tx:
        tx.add_quarantine([old, new, old])
        tx.add_quarantine([old])
    with city_store.read() as tx:
        assert tx.quarantine() == [new, old]
        assert tx.quarantine(limit=1) == [new]


def test_unknown_payload(city_store: Store) -> None:
    """A payload nobody sent is a coded error."""
    with city_store.read() as tx, pytest.raises(NotFound, match="DB201"):
        tx.payload(PayloadId("nope"))


def test_count_by_device_and_grade(city_store: Store) -> None:
    """Signals are counted per device and grade."""
    with city_store.begin() as tx:
        tx.add_payloads([a_payload(b"again")])
        tx.add_signals([a_signal(0), a_signal(1), a_signal(2, grade=Grade.STUCK)])
        assert tx.count_payloads() == 2
        assert tx.count_signals() == {
            (DeviceId("dev-1"), Grade.GOOD): 2,
            (DeviceId("dev-1"), Grade.STUCK): 1,
        }


def test_signals_of_some_sites_kinds_and_since(city_store: Store) -> None:
    """One site's signals without reading the city's."""
    with city_store.begin() as tx:
        tx.add_signals([a_signal(0), a_signal(10), a_signal(20, site_id=SiteId("pond-1"))])
    with city_store.read() as tx:
        glass = {SiteId("glass-1")}
        found = dict(tx.signals_by_site(since=at(0), until=at(30), sites=glass))
        assert [signal.observed_at for signal in found.pop(SiteId("glass-1"))] == [at(0), at(10)]
        assert found == {}
        asked = {"since": at(0), "until": at(30)}
        assert tx.signals_of_devices({DeviceId("dev-1")}, kinds=[], **asked) == []
        assert tx.last_heard(until=at(15), devices={DeviceId("dev-1")}) == {"dev-1": at(10)}
        assert tx.last_heard(until=at(15), devices={DeviceId("other")}) == {}


def test_whether_a_site_has_news_is_told_by_a_number(city_store: Store) -> None:
    """It grows with each signal stored there, and not with one stored before."""
    glass, pond = SiteId("glass-1"), SiteId("pond-1")
    with city_store.begin() as tx:
        assert tx.stored_at(glass) == 0
        tx.add_signals([a_signal(0), a_signal(0), a_signal(10), a_signal(20, site_id=pond)])
        tx.add_signals([a_signal(10)])
        assert (tx.stored_at(glass), tx.stored_at(pond)) == (2, 1)
    with city_store.begin() as tx:
        tx.add_signals([a_signal(5), a_signal(10)])
        assert (tx.stored_at(glass), tx.stored_at(pond)) == (3, 1)


def test_whether_a_site_has_signals_of_the_future(city_store: Store) -> None:
    """Those observed at the moment itself are none."""
    glass = SiteId("glass-1")
    with city_store.begin() as tx:
        tx.add_signals([a_signal(10), a_signal(20, site_id=SiteId("pond-1"))])
        assert tx.has_signals_after(glass, at(9))
        assert not tx.has_signals_after(glass, at(10))
