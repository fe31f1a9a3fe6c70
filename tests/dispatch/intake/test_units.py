from __future__ import annotations

import pytest

from dispatch.domain.signal import UNITS, SignalKind
from dispatch.intake.properties import kind_of
from dispatch.intake.units import DIMENSIONS, fits, in_unit_of


@pytest.mark.parametrize(
    ("kind", "value", "unit", "converted"),
    [
        ("fill_level", 0.83, "C62", 83.0),
        ("soil_conductivity", 0.05, "S/m", 500.0),
        ("soil_conductivity", 0.5, "mS/cm", 500.0),
        ("water_conductivity", 0.5, "dS/m", 500.0),
        ("water_temperature", 293.15, "K", 20.0),
        ("water_temperature", 68, "°F", 20.0),
        ("dissolved_oxygen", 8.4, "ucum:mg/L", 8.4),
        ("water_level", 144, "cm", 1.44),
        ("water_level", 1.44, "m", 1.44),
        ("fill_distance", 1.7, "m", 1700.0),
        ("soil_tension", 850, "hPa", 85.0),
        ("battery_voltage", 3612, "mV", 3.612),
        ("water_conductivity", 240, "\u03bcS/cm", 240.0),
        ("station_visits", 7, "1", 7.0),
    ],
)
def test_values_are_in_the_unit_of_their_kind(
    kind: str, value: float, unit: str, converted: float
) -> None:
    """Symbols, UCUM and UN/CEFACT codes; both signs for micro; no dust after the point."""
    assert fits(SignalKind(kind), unit)
    assert in_unit_of(SignalKind(kind), value, unit) == converted


@pytest.mark.parametrize("kind", DIMENSIONS)
def test_a_kinds_own_unit_changes_nothing(kind: SignalKind) -> None:
    """The table of units and the domain agree, whatever the kind."""
    own = UNITS[kind].replace(" VWC", "")
    assert fits(kind, own)
    assert in_unit_of(kind, 12.5, own) == 12.5


@pytest.mark.parametrize(("kind", "unit"), [("fill_level", "mg/l"), ("ph", "UDT0000016")])
def test_a_unit_that_cannot_be_is_found(kind: str, unit: str) -> None:
    """Nothing is converted that does not fit."""
    assert not fits(SignalKind(kind), unit)


@pytest.mark.parametrize(
    ("name", "unit", "kind"),
    [
        ("Sauerstoff", "mg/l", "dissolved_oxygen"),
        ("Sauerstoff", "%", "oxygen_saturation"),
        ("SAUERSTOFFSÄTTIGUNG", "", "oxygen_saturation"),
        ("Sauerstoff", "", None),
        ("Bodenfeuchte", "kPa", "soil_tension"),
        ("Füllstand", "%", "fill_level"),
        ("fill_level", "", "fill_level"),
        ("battery", "V", "battery_voltage"),
        ("Temperatur", "°C", None),
        ("Wassertemperatur", "mg/l", None),
    ],
)
def test_names_mean_what_their_unit_allows(name: str, unit: str, kind: str | None) -> None:
    """A name that may mean two things needs its unit; a bare temperature means too much."""
    assert kind_of(name, unit) == kind
