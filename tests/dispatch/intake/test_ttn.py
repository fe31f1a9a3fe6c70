from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import pytest

from dispatch.domain.errors import InvalidInput
from dispatch.intake.ttn import decode
from tests.helpers.payloads import a_payload, a_ttn_uplink, values


def decoded(body: object) -> Any:
    return decode(a_payload(body, format_name="ttn"))


def code_of(body: object) -> str:
    with pytest.raises(InvalidInput) as caught:
        decoded(body)
    return caught.value.issues[0].code


def test_bytes_without_a_decoded_object_are_read_by_the_models_codec() -> None:
    """A device without a formatter in the network server still gives its signals."""
    signals = decoded(a_ttn_uplink()).signals
    assert values(signals) == {"battery_level": 92, "fill_distance": 2116, "tilt": 1}
    assert {s.device_id for s in signals} == {"24E124713D210001"}
    assert {s.source for s in signals} == {"ttn:usb-glas"}


def test_the_servers_decoded_object_wins_over_the_bytes() -> None:
    """Whoever set up a formatter meant it."""
    signals = decoded(a_ttn_uplink(decoded_payload={"distance": 1500})).signals
    assert values(signals) == {"fill_distance": 1500}


def test_the_time_is_the_network_servers_to_the_microsecond() -> None:
    """A signal is as old as its uplink, not as its delivery."""
    signal = decoded(a_ttn_uplink(received_at="2026-07-14T05:12:33.481284891Z")).signals[0]
    assert signal.observed_at == datetime(2026, 7, 14, 5, 12, 33, 481284, tzinfo=UTC)


def test_an_uplink_sent_twice_has_the_same_signal_ids() -> None:
    """Delivery at least once must not count anything twice."""
    again = a_ttn_uplink()
    again["received_at"] = "2026-07-14T09:00:00Z"
    first, second = decoded(a_ttn_uplink()).signals, decoded(again).signals
    assert [s.id for s in first] == [s.id for s in second]


def test_numbers_sent_as_texts_are_numbers() -> None:
    """Dragino's codec sends figures as strings."""
    fields = {"water_SOIL": "19.57", "temp_SOIL": "24.59", "conduct_SOIL": 28200, "Bat": 3.625}
    assert values(decoded(a_ttn_uplink(decoded_payload=fields)).signals) == {
        "soil_moisture": 19.57,
        "soil_temperature": 24.59,
        "soil_conductivity": 28200,
        "battery_voltage": 3.625,
    }


def test_values_that_carry_their_unit_are_values() -> None:
    """Decentlab's codec wraps each figure with its name and unit."""
    fields = {
        "oxygen_concentration": {"displayName": "Oxygen", "value": 8.69, "unit": "mg⋅L⁻¹"},
        "battery_voltage": {"displayName": "Battery voltage", "value": "3.168", "unit": "V"},
        "protocol_version": 2,
    }
    body = a_ttn_uplink(decoded_payload=fields, version_ids={"model_id": "dl-optod"})
    assert values(decoded(body).signals) == {"dissolved_oxygen": 8.69, "battery_voltage": 3.168}


@pytest.mark.parametrize(
    ("word", "code"), [("trapped", 2), ("Moved", 4), ("wakeup", 8), (1, 1), ("gone", None)]
)
def test_a_traps_state_is_a_code(word: object, code: int | None) -> None:
    """Words as TTN's codec writes them, and numbers; another word is a fault."""
    found = decoded(a_ttn_uplink(decoded_payload={"trapState": word, "battVoltage": 2.9}))
    assert values(found.signals).get("trap_state") == code
    assert [i.code for i in found.issues] == ([] if code is not None else ["I106"])


def test_a_sensor_that_reports_a_fault_loses_that_field_only() -> None:
    """The text "No Sensor" in place of a distance does not cost the battery's level."""
    found = decoded(a_ttn_uplink(decoded_payload={"distance": "No Sensor", "Bat": 3.6}))
    assert values(found.signals) == {"battery_voltage": 3.6}
    assert [(i.code, i.subject) for i in found.issues] == [("I106", "distance")]


@pytest.mark.parametrize("bad", ["nan", "-Infinity", None, [], {}, True, "1_000", "", 10**400])
def test_what_is_no_finite_number_is_an_issue_not_a_signal(bad: object) -> None:
    """Nothing that cannot be compared gets into the store."""
    found = decoded(a_ttn_uplink(decoded_payload={"distance": bad, "battery": 90}))
    assert values(found.signals) == {"battery_level": 90}
    assert [i.code for i in found.issues] == ["I105"]


def test_9999_is_kept_as_a_signal() -> None:
    """An impossible figure is graded later, never dropped."""
    fields = {"distance": 9999}
    assert values(decoded(a_ttn_uplink(decoded_payload=fields)).signals) == {"fill_distance": 9999}


def test_a_join_is_accepted_and_says_nothing() -> None:
    """Joins hit the same address; refusing them would fill the quarantine."""
    body = {"end_device_ids": {"device_id": "dev1"}, "join_accept": {}}
    assert decoded(body).signals == decoded(body).issues == ()


def test_an_uplink_without_content_says_nothing() -> None:
    """proto3 leaves out port 0 and empty bytes: a MAC-only uplink is no fault."""
    assert decoded(a_ttn_uplink(frm_payload=None, f_port=None, f_cnt=None)).issues == ()


def test_a_simulated_uplink_is_not_used() -> None:
    """A click in the console must not send a lorry."""
    found = decoded(a_ttn_uplink() | {"simulated": True})
    assert found.signals == ()
    assert [i.code for i in found.issues] == ["I115"]


def test_fields_nobody_knows_are_an_issue_when_there_is_nothing_else() -> None:
    """A new kind of device shows up in quarantine instead of vanishing."""
    found = decoded(a_ttn_uplink(decoded_payload={"luminosity": 0.64}))
    assert (found.signals, [i.code for i in found.issues]) == ((), ["I116"])


@pytest.mark.parametrize(
    ("body", "code"),
    [
        ("{broken", "I101"),
        (b"\xff\xfe\x00", "I101"),
        ('{"end_device_ids": {}}'.encode("utf-16"), "I101"),
        ("[]", "I101"),
        ("[" * 100_000, "I101"),
        ('{"end_device_ids": {"dev_eui": "\\ud800"}}', "I101"),
        ({}, "I102"),
        ({"end_device_ids": {}, "uplink_message": {}}, "I102"),
        ({"end_device_ids": {"dev_eui": "A"}, "uplink_message": 1}, "I102"),
        (a_ttn_uplink(received_at="2026-07-14T05:12:33"), "I103"),
        (a_ttn_uplink(received_at="yesterday"), "I104"),
        (a_ttn_uplink(received_at="1970-01-01T00:00:00Z"), "I104"),
        (a_ttn_uplink(frm_payload="%%%"), "I107"),
        (a_ttn_uplink(frm_payload="ü"), "I107"),
        (a_ttn_uplink(version_ids={"model_id": "unheard-of"}), "I108"),
        (a_ttn_uplink(frm_payload="AXVcA4JE"), "I109"),
    ],
)
def test_what_is_unusable_as_a_whole_is_refused_with_a_code(body: object, code: str) -> None:
    """Each way of being unusable has its own code and cure."""
    assert code_of(body) == code
