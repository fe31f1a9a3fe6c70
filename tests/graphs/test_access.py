"""Who may enter a street."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from graphs.access import Access, may_enter
from graphs.profiles import PROFILES
from graphs.raw_tags import ROUTING_TAGS
from graphs.rules import passage
from graphs.unknown_tags import not_understood

ROAD = {"highway": "residential", "maxspeed": "30"}
OPEN, STOP, CLOSED = Access.OPEN, Access.STOP, Access.CLOSED


@pytest.mark.parametrize(
    ("profile", "extra", "access"),
    [
        ("truck26", {"hgv": "no"}, CLOSED),
        ("van", {"hgv": "no"}, OPEN),
        ("truck26", {"hgv": "delivery", "motor_vehicle": "no"}, STOP),
        ("truck26", {"goods": "no"}, OPEN),
        ("van", {"goods": "no"}, CLOSED),
        ("van", {"access": "private"}, CLOSED),
        ("van", {"access": "no", "motor_vehicle": "yes"}, OPEN),
        ("van", {"access": "no", "vehicle": "unheard_of"}, CLOSED),
        ("van", {"access": "unheard_of"}, OPEN),
        ("van", {"vehicle": "destination"}, STOP),
        ("van", {"vehicle": "agricultural; delivery"}, STOP),
        ("van", {"motor_vehicle": "agricultural;forestry"}, CLOSED),
        ("van", {"access": "customers"}, STOP),
        ("van", {"access": "military"}, CLOSED),
        ("van", {"access": "permissive"}, OPEN),
        ("truck26", {"hgv:conditional": "no @ (weight>7.5)"}, CLOSED),
        ("tanker12", {"hgv:conditional": "no @ (weight>12)"}, OPEN),
        ("truck26", {"hgv:conditional": "delivery @ (weight>7.5)"}, STOP),
        ("truck26", {"hgv": "no", "hgv:conditional": "destination @ (06:00-11:00)"}, STOP),
        ("truck26", {"hgv:conditional": "no @ (19:00-06:00)"}, CLOSED),
        ("truck26", {"hgv:conditional": "no @ (22:00-06:00)"}, OPEN),
        ("truck26", {"hgv:conditional": "no @ (Su,PH 00:00-22:00)"}, OPEN),
        ("truck26", {"hgv": "yes", "access:conditional": "no @ (08:00-10:00)"}, OPEN),
        ("van", {"access:conditional": "no @ (2016 Apr 25 - 2016 Sep 26)"}, OPEN),
        ("van", {"motor_vehicle": "no", "motor_vehicle:conditional": "yes @ destination"}, STOP),
        ("van", {"access:conditional": "no @ delivery"}, OPEN),
        ("truck26", {"maxweight": "7.5"}, CLOSED),
        ("tanker12", {"maxweight": "12"}, OPEN),
        ("van", {"maxweight": "3.5 t"}, OPEN),
        ("truck26", {"maxweight": "7.5", "hgv": "destination"}, STOP),
        ("truck26", {"maxweight": "7.5", "maxweight:conditional": "none @ destination"}, STOP),
        ("truck26", {"maxweight:conditional": "7.5 @ (Mo-Fr 07:00-17:00)"}, CLOSED),
        ("truck26", {"maxweight:conditional": "7.5 @ (22:00-05:00)"}, OPEN),
        ("truck18", {"maxweightrating:hgv": "12"}, CLOSED),
        ("van", {"maxweightrating:hgv": "3"}, OPEN),
        ("truck18", {"hgv:maxweight": "12"}, CLOSED),
        ("truck18", {"maxaxleload": "8"}, CLOSED),
        ("truck26", {"maxheight": "3.6"}, CLOSED),
        ("truck26", {"maxheight": "3.6", "hgv": "destination"}, CLOSED),
        ("truck26", {"maxheight": "default"}, OPEN),
        ("truck26", {"maxheight": "12'6\""}, OPEN),
        ("truck26", {"maxheight": "12'"}, CLOSED),
        ("truck26", {"maxheight:physical": "3.7"}, CLOSED),
        ("truck18", {"maxheight": "3.6"}, OPEN),
        ("truck18", {"maxwidth": "2,3"}, CLOSED),
        ("truck18", {"maxwidth:physical": "230 cm"}, CLOSED),
        ("truck26", {"maxlength": "9"}, CLOSED),
        ("truck26", {"maxweight": "unknown"}, OPEN),
        ("van", {"highway": "pedestrian"}, CLOSED),
        ("van", {"highway": "pedestrian", "access": "yes"}, CLOSED),
        ("van", {"highway": "pedestrian", "vehicle": "delivery"}, STOP),
        (
            "van",
            {"highway": "pedestrian", "vehicle:conditional": "delivery @ (Mo-Sa 06:00-11:00)"},
            STOP,
        ),
        ("van", {"highway": "track"}, CLOSED),
        ("van", {"highway": "track", "motor_vehicle": "yes"}, OPEN),
        ("van", {"highway": "busway"}, CLOSED),
        ("van", {"highway": "construction"}, CLOSED),
        ("van", {"highway": "proposed"}, CLOSED),
        ("van", {"highway": "footway", "bicycle": "yes"}, CLOSED),
        ("van", {"highway": "service", "service": "emergency_access"}, CLOSED),
        ("cargo_bike", {"highway": "path", "bicycle": "designated"}, OPEN),
        ("cargo_bike", {"highway": "path"}, CLOSED),
        ("cargo_bike", {"highway": "motorway"}, CLOSED),
        ("cargo_bike", {"highway": "primary", "motorroad": "yes"}, CLOSED),
        ("cargo_bike", {"bicycle": "use_sidepath"}, CLOSED),
    ],
)
def test_who_may_go_where(profile: str, extra: dict[str, str], access: Access) -> None:
    """The most specific access tag decides, limits close, exceptions for stops allow a stop."""
    assert may_enter({**ROAD, **extra}, PROFILES[profile], "forward") is access


def test_a_low_emission_zone_is_an_option() -> None:
    """Whoever may not enter such a zone is kept out of its streets."""
    clean = PROFILES["truck26"]
    tags = {**ROAD, "low_emission_zone": "yes"}
    assert may_enter(tags, clean, "forward") is OPEN
    assert may_enter(tags, replace(clean, low_emission_zone=False), "forward") is CLOSED


@pytest.mark.parametrize(
    ("tags", "kinds"),
    [
        ({"motor_vehicle": "sometimes"}, {"unknown access value"}),
        ({"maxspeed": "fast"}, {"unreadable maxspeed"}),
        ({"maxspeed": "signals", "maxheight": "below_default", "maxweight": "none"}, set()),
        ({"maxweight": "heavy"}, {"unreadable maxweight"}),
        ({"surface": "lava"}, {"unknown surface"}),
        ({"smoothness": "soft"}, {"unknown smoothness"}),
        ({"access:conditional": "no @ (full moon)"}, {"unreadable condition"}),
        ({"maxspeed:conditional": "30 @ (07:00-17:00)"}, {"condition of time"}),
        ({"hgv:conditional": "no @ (2016 Apr 25-2016 May 1)"}, {"condition of a certain year"}),
    ],
)
def test_what_is_not_understood_is_told(tags: dict[str, str], kinds: set[str]) -> None:
    """A value that says nothing to us is named by kind; words for "not posted" are understood."""
    assert set(not_understood({**ROAD, **tags}, PROFILES["truck26"])) == kinds


@given(
    st.dictionaries(
        st.sampled_from(sorted(ROUTING_TAGS)),
        st.text(max_size=12) | st.sampled_from(["no @ (", "7.5", "DE:", "@", "1;2", ">", "yes"]),
        max_size=5,
    ),
    st.sampled_from(sorted(PROFILES)),
)
def test_no_tag_is_too_odd(tags: dict[str, str], name: str) -> None:
    """Whatever an extract holds, a street is judged: no value raises."""
    for highway in ("residential", "track", tags.get("highway", "service")):
        found = passage({**tags, "highway": highway}, PROFILES[name])
        assert min(found.forward_kmh, found.backward_kmh) >= 0
        assert all(isinstance(kind, str) for kind in not_understood(tags, PROFILES[name]))
