"""What tags mean for a vehicle class."""

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
        ("van", {"oneway": "-1"}, False, True),
        ("van", {"oneway": "no", "junction": "roundabout"}, True, True),
        ("van", {"junction": "roundabout"}, True, False),
        ("van", {"highway": "motorway"}, True, False),
        ("van", {"oneway": "reversible"}, False, False),
        ("truck26", {"oneway:hgv": "yes"}, True, False),
        ("van", {"oneway:hgv": "yes"}, True, True),
        ("cargo_bike", {"oneway": "yes", "oneway:bicycle": "no"}, True, True),
        ("van", {"oneway": "yes", "oneway:bicycle": "no"}, True, False),
        ("truck26", {"hgv": "no"}, False, False),
        ("van", {"hgv": "no"}, True, True),
        ("truck26", {"hgv": "delivery", "motor_vehicle": "no"}, True, True),
        ("van", {"access": "private"}, False, False),
        ("van", {"access": "no", "motor_vehicle": "yes"}, True, True),
        ("van", {"vehicle": "destination"}, True, True),
        ("truck26", {"maxweight": "7.5"}, False, False),
        ("tanker12", {"maxweight": "12"}, True, True),
        ("van", {"maxweight": "3.5 t"}, True, True),
        ("truck26", {"maxheight": "3.6"}, False, False),
        ("truck18", {"maxheight": "3.6"}, True, True),
        ("truck18", {"maxwidth": "2,3"}, False, False),
        ("truck26", {"maxlength": "9"}, False, False),
        ("truck26", {"maxweight": "unknown"}, True, True),
        ("van", {"highway": "pedestrian"}, False, False),
        ("van", {"highway": "pedestrian", "access": "yes"}, False, False),
        ("van", {"highway": "pedestrian", "vehicle": "delivery"}, True, True),
        ("van", {"highway": "footway", "bicycle": "yes"}, False, False),
        ("cargo_bike", {"highway": "path", "bicycle": "designated"}, True, True),
        ("cargo_bike", {"highway": "motorway"}, False, False),
    ],
)
def test_who_may_go_where(
    profile: str, extra: dict[str, str], open_along: bool, open_against: bool
) -> None:
    """The most specific access or one-way tag of the vehicle decides, and limits close a street."""
    found = passage({**ROAD, **extra}, PROFILES[profile])
    assert (found.forward_kmh > 0, found.backward_kmh > 0) == (open_along, open_against)


@pytest.mark.parametrize(
    ("profile", "tags", "kmh"),
    [
        ("van", {"highway": "residential", "maxspeed": "30"}, 24),
        ("van", {"highway": "residential"}, 25),
        ("truck26", {"highway": "residential"}, 22.5),
        ("truck26", {"highway": "primary", "maxspeed": "100"}, 60),
        ("truck26", {"highway": "motorway", "maxspeed": "130"}, 80),
        ("van", {"highway": "primary", "maxspeed": "100"}, 80),
        ("van", {"highway": "primary", "maxspeed": "50", "surface": "cobblestone"}, 30),
        ("van", {"highway": "service", "maxspeed": "50"}, 15),
        ("van", {"highway": "living_street", "maxspeed": "walk"}, 5.6),
        ("cargo_bike", {"highway": "primary", "maxspeed": "100"}, 17),
    ],
)
def test_speeds(profile: str, tags: dict[str, str], kmh: float) -> None:
    """A posted limit counts for four fifths, capped by the vehicle, the class and the surface."""
    assert passage(tags, PROFILES[profile]).forward_kmh == pytest.approx(kmh)


def test_limits_may_differ_by_direction() -> None:
    """maxspeed:forward and :backward hold for one direction each."""
    tags = {"highway": "primary", "maxspeed:forward": "50", "maxspeed:backward": "30"}
    assert passage(tags, PROFILES["van"])[:2] == pytest.approx((40, 24))
