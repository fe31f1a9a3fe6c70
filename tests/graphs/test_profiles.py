"""The table of vehicle classes."""

from __future__ import annotations

import pytest

from graphs.errors import PointsInvalid
from graphs.profiles import PROFILES, profile_named, top_kmh


def test_the_table_has_the_vehicles_of_the_city() -> None:
    """Vans, lorries, a tanker and a cargo bike, each under its own name."""
    assert set(PROFILES) == {"van", "truck18", "truck26", "tanker12", "cargo_bike"}
    assert all(profile.name == name for name, profile in PROFILES.items())


def test_an_unknown_profile_is_refused() -> None:
    """A name that is not in the table is an error with a code that lists the names."""
    with pytest.raises(PointsInvalid, match=r"G301.*truck26"):
        profile_named("tractor")
    assert profile_named("van").name == "van"


def test_lorries_are_heavy() -> None:
    """Signs for lorries mean goods vehicles above 3.5 t."""
    assert {name for name, profile in PROFILES.items() if profile.heavy} == {
        "truck18", "truck26", "tanker12",
    }  # fmt: skip


def test_right_hand_traffic_makes_left_turns_dearer() -> None:
    """Whoever turns left waits for those who come."""
    for profile in PROFILES.values():
        assert profile.turns.left_s > profile.turns.right_s > profile.turns.straight_s


def test_legal_speeds_of_lorries() -> None:
    """Above 7.5 t 60 km/h on country roads, 80 km/h on motorways and motor roads (StVO § 3, 18)."""
    lorry = PROFILES["truck18"]
    assert top_kmh(lorry, "primary") == 60
    assert top_kmh(lorry, "primary", motorroad=True) == 80
    assert top_kmh(lorry, "motorway_link") == 80


def test_a_profile_reads_the_same_in_every_process() -> None:
    """Its text is a key of stored streets, so it holds no unordered sets."""
    assert all("frozenset" not in repr(profile) for profile in PROFILES.values())
