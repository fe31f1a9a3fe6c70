"""Values of OpenStreetMap tags."""

from __future__ import annotations

import pytest

from graphs.tags import first_value, length_m, speed_kmh, weight_t


@pytest.mark.parametrize(
    ("text", "kmh"),
    [
        ("50", 50),
        (" 50 ", 50),
        ("50 km/h", 50),
        ("30 mph", 48.28),
        ("30mph", 48.28),
        ("5 knots", 9.26),
        ("walk", 7),
        ("DE:walk", 7),
        ("DE:urban", 50),
        ("DE:rural", 100),
        ("DE:motorway", 130),
        ("DE:zone:30", 30),
        ("DE:zone30", 30),
        ("DE:zone", 30),
        ("DE:20", 20),
        ("DE:bicycle_road", 30),
        ("none", 130),
        ("AT:urban", 50),
        ("FR:rural", 80),
        ("FR:zone30", 30),
        ("CH:motorway", 120),
        ("RU:urban", 60),
        ("GB:nsl_single", 96.56),
        ("uk:nsl_dual", 112.65),
        ("50;30", 30),
        ("50|30|30", 30),
        ("0", None),
        ("-1", None),
        ("signals", None),
        ("variable", None),
        ("", None),
        ("fast", None),
        ("5e3", None),
        ("0.9", None),
        ("0.0000001", None),
        ("²", None),
        ("DE:zone²", None),
    ],
)
def test_posted_limits_in_all_spellings(text: str, kmh: float | None) -> None:
    """A limit is understood in the spellings that occur, the lowest of several, or is unknown."""
    assert speed_kmh(text) == (None if kmh is None else pytest.approx(kmh, abs=0.01))


@pytest.mark.parametrize(
    ("text", "tonnes"),
    [
        ("7.5", 7.5),
        ("3,5 t", 3.5),
        ("2800 kg", 2.8),
        ("12t", 12),
        ("12 to.", 12),
        ("3 st", 2.7216),
        ("10000 lbs", 4.5359),
        ("7.5;3.5", 3.5),
        ("bus", None),
        ("default", None),
        ("unsigned", None),
        ("none", None),
        ("0", None),
    ],
)
def test_weights(text: str, tonnes: float | None) -> None:
    """A weight limit is in tonnes whatever the unit written."""
    assert weight_t(text) == (None if tonnes is None else pytest.approx(tonnes, abs=0.001))


@pytest.mark.parametrize(
    ("text", "metres"),
    [
        ("3.8", 3.8),
        ("3,8 m", 3.8),
        ("12'6\"", 3.81),
        ("12' 6''", 3.81),
        ("12 ft 6 in", 3.81),
        ("12'", 3.6576),
        ("12ft", 3.6576),
        ("150 in", 3.81),
        ("380 cm", 3.8),
        ("3800 mm", 3.8),
        ("default", None),
        ("below_default", None),
        ("no_sign", None),
        ("~3.5", None),
    ],
)
def test_heights(text: str, metres: float | None) -> None:
    """A height limit is in metres whatever the unit written."""
    assert length_m(text) == (None if metres is None else pytest.approx(metres))


def test_the_first_of_several_words() -> None:
    """Of several surfaces the first one counts."""
    assert first_value("gravel; ground") == "gravel"
    assert first_value("") == ""
