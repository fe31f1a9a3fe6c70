"""Value types refuse what one object alone can know to be wrong."""

from __future__ import annotations

import math
from datetime import UTC, date, datetime, time
from typing import Any

import pytest

from dispatch.domain.errors import InvalidInput, Issue
from dispatch.domain.fleet import (
    Crew,
    Depot,
    Facility,
    Fleet,
    ShiftPattern,
    Vehicle,
)
from dispatch.domain.geo import LatLon, distance_m, from_geojson, to_geojson
from dispatch.domain.ids import (
    CrewId,
    DepotId,
    DeviceId,
    FacilityId,
    PartId,
    SiteId,
    VehicleId,
    digest,
)
from dispatch.domain.job import Dimension, JobDraft, JobKind, Load, Organisation, Skill, TimeWindow
from dispatch.domain.signal import SignalKind, payload_of, signal_id
from dispatch.domain.site import Container, Device, GlassColour
from dispatch.domain.text import Text

NOON = datetime(2026, 7, 14, 12, tzinfo=UTC)


@pytest.mark.parametrize(("lat", "lon"), [(91, 7), (51, 181), (math.nan, 7), (51, math.inf)])
def test_a_place_off_the_earth_is_refused(lat: float, lon: float) -> None:
    """Swapped or broken coordinates show at once, not as a crew at the pole."""
    with pytest.raises(ValueError, match="not a latitude"):
        LatLon(lat, lon)


def test_geojson_has_longitude_first() -> None:
    """Inside lat, lon; outside [lon, lat]; one function each way."""
    town_hall = LatLon(51.4818, 7.2162)
    assert to_geojson(town_hall) == [7.2162, 51.4818]
    assert from_geojson([7.2162, 51.4818]) == town_hall


def test_a_degree_of_latitude_is_111_kilometres() -> None:
    """Great-circle distances are in metres."""
    assert distance_m(LatLon(51, 7), LatLon(52, 7)) == pytest.approx(111_195, abs=5)


def test_the_same_observation_has_the_same_identity_whatever_zone_it_is_written_in() -> None:
    """A signal sent twice is one signal."""
    berlin = NOON.astimezone(datetime.fromisoformat("2026-07-14T14:00:00+02:00").tzinfo)
    first = signal_id("ttn:glas", "A1", SignalKind.FILL_LEVEL, NOON)
    assert first == signal_id("ttn:glas", "A1", SignalKind.FILL_LEVEL, berlin)
    assert first != signal_id("ttn:glas", "A1", SignalKind.TILT, NOON)


def test_a_digest_tells_its_parts_apart() -> None:
    """('ab', 'c') and ('a', 'bc') are different things."""
    assert digest("ab", "c") != digest("a", "bc")


def test_payloads_are_identified_by_format_and_content() -> None:
    """The same bytes received twice are one payload."""
    first = payload_of(b"{}", format_name="ttn", received_at=NOON)
    later = payload_of(b"{}", format_name="ttn", received_at=NOON.replace(hour=13))
    other = payload_of(b"{}", format_name="chirpstack", received_at=NOON)
    assert first.id == later.id != other.id


def test_windows_loads_and_containers_check_themselves() -> None:
    """Each value refuses a state that cannot be."""
    with pytest.raises(ValueError, match="ends"):
        TimeWindow(earliest=NOON, latest=NOON.replace(hour=11))
    with pytest.raises(ValueError, match="negative"):
        Load(dimension=Dimension.WATER_L, amount=-5)
    with pytest.raises(ValueError, match="volume_l"):
        Container(id=PartId("c"), colour=GlassColour.WHITE, volume_l=0)


def test_a_device_counts_only_while_it_is_mounted() -> None:
    """From inclusive, until exclusive."""
    device = Device(
        id=DeviceId("A1"),
        model="em310-udl",
        site_id=SiteId("glas-001"),
        mounted_from=NOON,
        mounted_until=NOON.replace(hour=13),
    )
    assert device.mounted_at(NOON)
    assert not device.mounted_at(NOON.replace(hour=13))
    assert not device.mounted_at(NOON.replace(hour=11))


def test_an_error_names_code_subject_cause_and_cure() -> None:
    """One line per issue, all of them."""
    issue = Issue(code="X1", subject="file", cause="it is empty", action="Send another")
    assert (
        str(InvalidInput(issue, issue)).splitlines()
        == [
            "X1 file: it is empty. Send another.",
        ]
        * 2
    )


def test_a_facility_serves_somebody() -> None:
    """No vehicle at once would be a facility that is closed for ever."""
    with pytest.raises(ValueError, match="cannot serve 0 vehicles"):
        Facility(
            id=FacilityId("f"),
            name="Umschlag",
            location=LatLon(51.5, 7.2),
            dimensions=frozenset({Dimension.WATER_L}),
            service_s=60,
            at_once=0,
        )


def a_draft(**parts: Any) -> JobDraft:
    """Return a job that may be done by anyone."""
    defaults: dict[str, Any] = {
        "site_id": SiteId("teich-1"),
        "kind": JobKind.AERATE,
        "loads": (),
        "service_s": 60,
        "setup_s": 0,
        "windows": (),
        "skills": frozenset(),
        "required": True,
        "leave_price_ct": 100,
        "reason": Text(de="wenig Sauerstoff", en="little oxygen"),
    }
    return JobDraft(**defaults | parts)


@pytest.mark.parametrize(
    ("parts", "said"),
    [
        ({"service_s": -1}, "cannot be negative"),
        ({"due": NOON, "late_ct_per_h": -1}, "cannot be negative"),
        ({"persons": 0}, "nobody"),
        ({"late_ct_per_h": 100}, "needs `due`"),
    ],
)
def test_a_job_that_cannot_be_is_refused(parts: dict[str, Any], said: str) -> None:
    """Negative figures, a job for nobody, and lateness after no moment."""
    with pytest.raises(ValueError, match=said):
        a_draft(**parts)
    assert a_draft(due=NOON, late_ct_per_h=100, persons=2).organisation is None


def a_week(**parts: Any) -> Fleet:
    """Return one glass crew that works from Monday to Friday from one of two yards."""
    pattern: dict[str, Any] = {
        "crew_id": CrewId("glas-1"),
        "vehicle_id": VehicleId("w"),
        "depot_id": DepotId("hof"),
        "starts": time(6, 30),
        "ends": time(15),
        "weekdays": frozenset(range(5)),
    }
    return Fleet(
        crews=(
            Crew(
                id=CrewId("glas-1"),
                name="Glas 1",
                organisation=Organisation.USB,
                size=1,
                skills=frozenset({Skill.GLASS_CRANE}),
                hour_ct=3_400,
            ),
        ),
        vehicles=(
            Vehicle(
                id=VehicleId("w"),
                name="Wagen",
                profile="truck26",
                capacity=(),
                skills=frozenset({Skill.SENSOR_CARE}),
                km_ct=125,
                day_ct=0,
            ),
        ),
        depots=(
            Depot(id=DepotId("hof"), name="Hof", location=LatLon(51.47, 7.24)),
            Depot(id=DepotId("nord"), name="Hof Nord", location=LatLon(51.51, 7.24)),
        ),
        facilities=(),
        patterns=(ShiftPattern(**pattern | parts),),
    )


def test_shifts_follow_the_regular_week() -> None:
    """A crew works on its weekdays, at wall-clock times, and not on its days off."""
    fleet = a_week()
    (shift,) = fleet.shifts_on(date(2026, 7, 15))
    assert shift.id == "glas-1@2026-07-15"
    assert shift.starts_at.isoformat() == "2026-07-15T06:30:00+02:00"
    assert shift.skills == {Skill.GLASS_CRANE, Skill.SENSOR_CARE}
    assert (shift.end, shift.overtime_from) == (shift.depot, None)
    assert fleet.shifts_on(date(2026, 7, 19)) == ()


def test_overtime_begins_at_a_wall_clock_time() -> None:
    """The crew may stay until `ends`; what it is paid from three o'clock on is overtime."""
    fleet = a_week(ends=time(16), overtime_from=time(15))
    (shift,) = fleet.shifts_on(date(2026, 10, 23))
    assert shift.overtime_from is not None
    assert shift.overtime_from.isoformat() == "2026-10-23T15:00:00+02:00"
    assert shift.ends_at.hour == 16


@pytest.mark.parametrize(
    ("parts", "end"), [({"end_depot_id": DepotId("nord")}, "Hof Nord"), ({"open_end": True}, None)]
)
def test_a_shift_may_end_elsewhere(parts: dict[str, Any], end: str | None) -> None:
    """At another yard, or wherever the last stop is."""
    (shift,) = a_week(**parts).shifts_on(date(2026, 7, 15))
    assert shift.depot.name == "Hof"
    assert (shift.end.name if shift.end else None) == end
