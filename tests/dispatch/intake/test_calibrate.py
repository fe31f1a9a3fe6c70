from __future__ import annotations

from datetime import timedelta

import pytest

from dispatch.domain.geo import LatLon
from dispatch.domain.ids import DeviceId, PartId, SiteId
from dispatch.domain.signal import ContainerStatus, Grade, SignalKind
from dispatch.domain.site import Container, Device, GlassBank, GlassColour, Pond, Site
from dispatch.intake.calibrate import calibrate, mark_tilted
from tests.helpers.signals import START, a_signal

WHITE = Container(
    id=PartId("weiss"), colour=GlassColour.WHITE, volume_l=3000, empty_mm=1700, full_mm=300
)
SITE = Site(
    id=SiteId("glas-1"),
    name="Königsallee",
    location=LatLon(51.47, 7.22),
    asset=GlassBank(containers=(WHITE,)),
)
DEVICE = Device(
    id=DeviceId("sensor-1"),
    model="em310-udl",
    site_id=SITE.id,
    part_id=WHITE.id,
    mounted_from=START,
)


@pytest.mark.parametrize(
    ("distance_mm", "level_pct", "grade"),
    [
        (1700, 0, Grade.GOOD),
        (1000, 50, Grade.GOOD),
        (300, 100, Grade.GOOD),
        (250, 100, Grade.GOOD),
        (1765, 0, Grade.GOOD),
        (2116, -29.71, Grade.OUT_OF_RANGE),
        (9999, -592.79, Grade.OUT_OF_RANGE),
        (30, 119.29, Grade.OUT_OF_RANGE),
    ],
)
def test_a_distance_becomes_a_level(distance_mm: float, level_pct: float, grade: Grade) -> None:
    """A little beyond empty or full is empty or full; far beyond keeps its figure and is graded."""
    signal = a_signal(SignalKind.FILL_DISTANCE, distance_mm)
    found = calibrate(signal, site=SITE, device=DEVICE)
    assert (found.kind, found.value, found.grade) == (SignalKind.FILL_LEVEL, level_pct, grade)
    assert (found.site_id, found.part_id, found.id) == ("glas-1", "weiss", signal.id)


def test_other_kinds_only_get_their_place() -> None:
    """A battery has nothing to calibrate."""
    found = calibrate(a_signal(SignalKind.BATTERY_LEVEL, 90), site=SITE, device=DEVICE)
    assert (found.kind, found.value, found.site_id) == (SignalKind.BATTERY_LEVEL, 90, "glas-1")


def test_a_distance_at_a_site_without_containers_stays_a_distance() -> None:
    """Nobody knows what empty means there."""
    pond = Site(id=SiteId("teich"), name="Teich", location=LatLon(51.4, 7.2), asset=Pond())
    found = calibrate(a_signal(SignalKind.FILL_DISTANCE, 900), site=pond, device=DEVICE)
    assert (found.kind, found.value) == (SignalKind.FILL_DISTANCE, 900)


def test_a_tilted_sensors_level_is_not_believed() -> None:
    """It measures the wall; other sensors and other moments are not touched."""
    later = START + timedelta(hours=1)
    found = mark_tilted(
        [
            a_signal(SignalKind.FILL_LEVEL, 80),
            a_signal(SignalKind.TILT, 1),
            a_signal(SignalKind.BATTERY_LEVEL, 90),
            a_signal(SignalKind.FILL_LEVEL, 81, observed_at=later),
            a_signal(SignalKind.TILT, 0, observed_at=later),
            a_signal(SignalKind.FILL_LEVEL, 40, device_id="sensor-2"),
        ]
    )
    good = Grade.GOOD
    assert [s.grade for s in found] == [Grade.TILTED, good, good, good, good, good]


@pytest.mark.parametrize(
    ("kind", "value", "grade"),
    [
        (SignalKind.MOVED, 1, Grade.TILTED),
        (SignalKind.MOVED, 0, Grade.GOOD),
        (SignalKind.CONTAINER_STATUS, ContainerStatus.DROPPED, Grade.TILTED),
        (SignalKind.CONTAINER_STATUS, ContainerStatus.MOVED, Grade.TILTED),
        (SignalKind.CONTAINER_STATUS, ContainerStatus.LID_OPEN, Grade.GOOD),
    ],
)
def test_a_moved_containers_level_is_not_believed(
    kind: SignalKind, value: float, grade: Grade
) -> None:
    """Whichever way the device says that it was moved."""
    level, _ = mark_tilted([a_signal(SignalKind.FILL_LEVEL, 80), a_signal(kind, float(value))])
    assert level.grade is grade
