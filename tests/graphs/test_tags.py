"""Values of OpenStreetMap tags."""

from __future__ import annotations

import pytest

from graphs.tags import length_m, speed_kmh, weight_t


@pytest.mark.parametrize(
    ("text", "kmh"),
    [
        ("50", 50),
        ("30 mph", 48.28),
        ("walk", 7),
        ("DE:urban", 50),
        ("DE:rural", 100),
        ("DE:motorway", 130),
        ("DE:zone:30", 30),
        ("DE:zone30", 30),
        ("none", 130),
        ("0", None),
        ("signals", None),
        ("", None),
        ("50;30", None),
    ],
)
def test_posted_limits_in_all_spellings(text: str, kmh: float | None) -> None:
    """A posted limit is understood in the spellings that occur, or counts as unknown."""
    assert speed_kmh(text) == (None if kmh is None else pytest.approx(kmh, abs=0.01))


@pytest.mark.parametrize(
    ("text", "tonnes"), [("7.5", 7.5), ("3,5 t", 3.5), ("2800 kg", 2.8), ("12t", 12), ("bus", None)]
)
def test_weights(text: str, tonnes: float | None) -> None:
    """A weight limit is in tonnes whatever the unit written."""
    assert weight_t(text) == (None if tonnes is None else pytest.approx(tonnes))


@pytest.mark.parametrize(
    ("text", "metres"),
    [
        ("3.8", 3.8),
        ("3,8 m", 3.8),
        ("12'6\"", 3.81),
        ("12'", 3.6576),
        ("380 cm", 3.8),
        ("default", None),
    ],
)
def test_heights(text: str, metres: float | None) -> None:
    """A height limit is in metres whatever the unit written."""
    assert length_m(text) == (None if metres is None else pytest.approx(metres))
