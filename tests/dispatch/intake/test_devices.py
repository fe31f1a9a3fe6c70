from __future__ import annotations

from datetime import timedelta

from dispatch.domain.ids import DeviceId, PartId, SiteId
from dispatch.domain.signal import SignalKind
from dispatch.domain.site import Device
from dispatch.intake.devices import resolve
from tests.helpers.signals import START, a_series, a_signal

DAY = timedelta(days=1)


def a_device(site: str, *, since: int = -10, until: int | None = None) -> Device:
    return Device(
        id=DeviceId("24E124713D210001"),
        model="em310-udl",
        site_id=SiteId(site),
        part_id=PartId("weiss"),
        mounted_from=START + since * DAY,
        mounted_until=None if until is None else START + until * DAY,
    )


def test_a_signal_finds_its_site_whatever_the_letters_case() -> None:
    """One server writes a DevEUI in capitals, the other in small letters."""
    signal = a_signal(SignalKind.FILL_LEVEL, 50, device_id="24e124713d210001")
    (found,) = resolve([signal], [a_device("glas-1")]).signals
    assert (found.site_id, found.part_id) == ("glas-1", "weiss")
    assert found.device_id == "24e124713d210001"


def test_a_signal_belongs_to_where_its_device_hung_then() -> None:
    """A sensor that moved leaves its past behind."""
    devices = [a_device("glas-1", until=1), a_device("glas-2", since=1)]
    signals = a_series(SignalKind.FILL_LEVEL, [50, 51], every=DAY, device_id="24E124713D210001")
    assert [s.site_id for s in resolve(signals, devices).signals] == ["glas-1", "glas-2"]


def test_an_unknown_device_is_one_issue_however_much_it_sends() -> None:
    """Its payloads wait in quarantine until somebody registers it."""
    found = resolve(a_series(SignalKind.FILL_LEVEL, [1, 2, 3]), [a_device("glas-1")])
    assert found.signals == ()
    assert [(i.code, i.subject) for i in found.issues] == [("I201", "sensor-1")]


def test_a_device_that_hung_nowhere_then_is_an_issue_too() -> None:
    """Values from the workshop's shelf are not the container's."""
    signal = a_signal(SignalKind.FILL_LEVEL, 50, device_id="24E124713D210001")
    found = resolve([signal], [a_device("glas-1", since=1)])
    assert (found.signals, [i.code for i in found.issues]) == ((), ["I202"])


def test_a_signal_that_names_its_site_needs_no_device() -> None:
    """The irrigation model speaks of sites."""
    signal = a_signal(SignalKind.WATERING_NEED, 100, site_id=SiteId("baum-1"))
    assert resolve([signal], []).signals == (signal,)
