from __future__ import annotations

import base64
from typing import Any

import pytest

from dispatch.domain.errors import InvalidInput
from dispatch.intake.chirpstack import decode
from dispatch.intake.codecs.milesight import encode_em500_smtc
from tests.helpers.payloads import a_chirpstack_event, a_payload, values


def decoded(body: object) -> Any:
    return decode(a_payload(body, format_name="chirpstack"))


def test_bytes_are_read_by_the_codec_of_the_device_profile() -> None:
    """A soil probe without a codec in ChirpStack still gives its signals."""
    raw = encode_em500_smtc(battery_pct=88, temperature_c=-3.5, moisture_pct=21.5, ec_us_cm=310)
    data = base64.b64encode(raw).decode()
    found = decoded(a_chirpstack_event("Milesight EM500-SMTC", fPort=85, data=data))
    assert values(found.signals) == {
        "battery_level": 88,
        "soil_temperature": -3.5,
        "soil_moisture": 21.5,
        "soil_conductivity": 310,
    }


def test_a_bait_station_counts_visits_and_gives_its_battery_in_volts() -> None:
    """The same word battery means percent on one model and volts on another."""
    event = a_chirpstack_event("Bait station counter", object={"visits": 7, "battery": 3.4})
    assert values(decoded(event).signals) == {"station_visits": 7, "battery_voltage": 3.4}


def test_zero_visits_are_a_signal() -> None:
    """Nothing happened is news: the station is alive."""
    event = a_chirpstack_event("Bait station counter", object={"visits": 0})
    assert values(decoded(event).signals) == {"station_visits": 0}


def test_the_source_is_the_applications_id() -> None:
    """An application that is renamed keeps its signals' ids."""
    event = a_chirpstack_event("Bait station counter", object={"visits": 0})
    assert decoded(event).signals[0].source == "chirpstack:17c82e96-be03-4f38-aef3-f83d48582d97"


def test_a_status_gives_the_battery() -> None:
    """In percent whatever the model, also where the model's own battery is in volts."""
    event = a_chirpstack_event("Bait station counter", margin=10, batteryLevel=88.3)
    assert values(decoded(event).signals) == {"battery_level": 88.3}


@pytest.mark.parametrize(
    "members",
    [
        {},
        {"margin": 10},
        {"margin": 10, "batteryLevel": 0},
        {"margin": 10, "batteryLevel": 99, "externalPowerSource": True},
        {"margin": 10, "batteryLevel": 99, "batteryLevelUnavailable": True},
        {"acknowledged": 1},
    ],
)
def test_join_status_without_battery_and_ack_say_nothing(members: dict[str, object]) -> None:
    """Events without a measurement are accepted, not quarantined."""
    assert decoded(a_chirpstack_event("Any", **members)).issues == ()


@pytest.mark.parametrize(
    ("members", "code"),
    [
        ({"deviceInfo": None}, "I102"),
        ({"deviceInfo": {"deviceProfileName": "EM310-UDL"}}, "I102"),
        ({"time": None}, "I102"),
        ({"time": "2026-07-14T05:12:33"}, "I103"),
        ({"data": "qg=="}, "I108"),
    ],
)
def test_what_is_unusable_is_refused_with_a_code(members: dict[str, object], code: str) -> None:
    """A codec nobody has, a time without zone and a nameless device have their own codes."""
    event = a_chirpstack_event("Test profile", data="AXVcA4JE") | members
    with pytest.raises(InvalidInput) as caught:
        decoded(event)
    assert caught.value.issues[0].code == code
