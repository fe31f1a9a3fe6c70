"""What tags mean for a vehicle class: direction and speed."""

from __future__ import annotations

import pytest

from graphs.profiles import PROFILES
from graphs.rules import passage

ROAD = {"highway": "residential", "maxspeed": "30"}


@pytest.mark.parametrize(
    ("profile", "extra", "open_along", "open_against"),
    [
        ("van", {}, True, True),
        ("van", {"oneway": "yes"}, True, False),
        ("van", {"oneway": "1"}, True, False),
        ("van", {"oneway": "-1"}, False, True),
        ("van", {"oneway": "reverse"}, False, True),
        ("van", {"oneway": "no", "junction": "roundabout"}, True, True),
        ("van", {"junction": "roundabout"}, True, False),
        ("van", {"junction": "circular"}, True, False),
        ("van", {"highway": "motorway"}, True, False),
        ("van", {"highway": "motorway_link"}, True, False),
        ("van", {"oneway": "reversible"}, False, False),
        ("van", {"oneway": "alternating"}, True, True),
        ("van", {"oneway": "perhaps"}, True, True),
        ("truck26", {"oneway:hgv": "yes"}, True, False),
        ("van", {"oneway:hgv": "yes"}, True, True),
        ("van", {"oneway": "yes", "oneway:motor_vehicle": "no"}, True, True),
        ("van", {"oneway:conditional": "yes @ (07:00-09:00)"}, True, False),
        ("van", {"oneway:conditional": "yes @ (22:00-05:00)"}, True, True),
        ("van", {"oneway": "yes", "oneway:conditional": "no @ (20:00-06:00)"}, True, False),
        ("van", {"oneway": "yes", "oneway:conditional": "no @ (09:00-12:00)"}, True, False),
        ("truck18", {"oneway:conditional": "yes @ (weight>7.5)"}, True, False),
        ("cargo_bike", {"oneway": "yes", "oneway:bicycle": "no"}, True, True),
        ("cargo_bike", {"oneway": "yes", "cycleway": "opposite_lane"}, True, True),
        ("van", {"oneway": "yes", "cycleway": "opposite_lane"}, True, False),
        ("van", {"oneway": "yes", "oneway:bicycle": "no"}, True, False),
        ("truck26", {"hgv:backward": "no"}, True, False),
        ("van", {"motor_vehicle:forward": "no"}, False, True),
        ("van", {"access": "no", "vehicle:backward": "yes"}, False, True),
    ],
)
def test_directions(
    profile: str, extra: dict[str, str], open_along: bool, open_against: bool
) -> None:
    """The most specific one-way tag decides; one-way at some hours of the day is one-way."""
    found = passage({**ROAD, **extra}, PROFILES[profile])
    assert (found.forward_kmh > 0, found.backward_kmh > 0) == (open_along, open_against)


def test_only_a_direction_may_be_for_stops() -> None:
    """An access tag of one direction leaves the other one open to all."""
    found = passage({**ROAD, "motor_vehicle:backward": "destination"}, PROFILES["van"])
    assert (found.forward_through, found.backward_through) == (True, False)
    assert found.backward_kmh > 0


@pytest.mark.parametrize(
    ("profile", "tags", "kmh"),
    [
        ("van", {"highway": "residential", "maxspeed": "30"}, 24),
        ("van", {"highway": "residential"}, 25),
        ("truck26", {"highway": "residential"}, 22.5),
        ("truck26", {"highway": "primary", "maxspeed": "100"}, 60),
        ("truck26", {"highway": "primary", "maxspeed": "100", "motorroad": "yes"}, 80),
        ("truck26", {"highway": "motorway", "maxspeed": "130"}, 80),
        ("truck26", {"highway": "motorway_link", "maxspeed": "none"}, 80),
        ("truck26", {"highway": "secondary", "maxspeed": "50", "maxspeed:hgv": "30"}, 24),
        ("van", {"highway": "secondary", "maxspeed": "50", "maxspeed:hgv": "30"}, 40),
        ("van", {"highway": "primary", "maxspeed": "100"}, 80),
        ("van", {"highway": "primary", "maxspeed": "signals"}, 65),
        ("van", {"highway": "primary", "maxspeed": "??", "source:maxspeed": "DE:urban"}, 40),
        ("van", {"highway": "primary", "zone:traffic": "DE:rural"}, 80),
        ("van", {"highway": "residential", "zone:maxspeed": "DE:30"}, 24),
        ("van", {"highway": "primary", "maxspeed:type": "sign"}, 65),
        ("van", {"highway": "primary", "maxspeed": "50", "surface": "cobblestone"}, 30),
        ("van", {"highway": "primary", "maxspeed": "50", "surface": "sand;gravel"}, 20),
        ("van", {"highway": "primary", "maxspeed": "50", "smoothness": "horrible"}, 10),
        ("van", {"highway": "primary", "maxspeed": "50", "width": "2.4"}, 10),
        ("truck26", {"highway": "primary", "maxspeed": "50", "width": "4"}, 40),
        ("van", {"highway": "service", "maxspeed": "50"}, 15),
        ("van", {"highway": "service", "service": "driveway"}, 8),
        ("van", {"highway": "service", "service": "alley"}, 10),
        ("van", {"highway": "living_street", "maxspeed": "walk"}, 5.6),
        ("van", {"highway": "living_street", "maxspeed": "50"}, 10),
        ("van", {"highway": "track", "motor_vehicle": "yes", "tracktype": "grade5"}, 10),
        ("cargo_bike", {"highway": "primary", "maxspeed": "100"}, 17),
        ("cargo_bike", {"highway": "footway", "bicycle": "yes"}, 6),
    ],
)
def test_speeds(profile: str, tags: dict[str, str], kmh: float) -> None:
    """A posted limit counts for four fifths, capped by the vehicle, the class and the surface."""
    assert passage(tags, PROFILES[profile]).forward_kmh == pytest.approx(kmh)


@pytest.mark.parametrize(
    ("condition", "kmh"),
    [
        ("30 @ (Mo-Fr 07:00-17:00)", 24),
        ("30 @ (22:00-06:00)", 40),
        ("30 @ (weight>7.5)", 40),
        ("80 @ (Mo-Fr 07:00-17:00)", 40),
        ("30 @ wet", 40),
    ],
)
def test_limits_at_some_hours(condition: str, kmh: float) -> None:
    """A lower limit at hours of the working day counts, one at night or for others does not."""
    tags = {"highway": "primary", "maxspeed": "50", "maxspeed:conditional": condition}
    assert passage(tags, PROFILES["van"]).forward_kmh == pytest.approx(kmh)


def test_limits_may_differ_by_direction() -> None:
    """maxspeed:forward and :backward hold for one direction each."""
    tags = {"highway": "primary", "maxspeed:forward": "50", "maxspeed:backward": "30"}
    assert passage(tags, PROFILES["van"])[:2] == pytest.approx((40, 24))
