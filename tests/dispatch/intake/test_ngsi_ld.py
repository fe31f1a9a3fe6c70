from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import pytest

from dispatch.domain.errors import InvalidInput
from dispatch.domain.signal import Grade
from dispatch.intake.ngsi_ld import decode
from tests.helpers.payloads import RECEIVED, a_payload, values
from tests.helpers.standards import OBSERVED, a_container, a_notification, a_pond, an_attribute

MOMENT = datetime(2026, 7, 14, 5, 12, 33, tzinfo=UTC)
LD = "https://uri.etsi.org/ngsi-ld/"
WASTE = "https://smartdatamodels.org/dataModel.WasteManagement/"


def decoded(body: object) -> Any:
    return decode(a_payload(body, format_name="ngsi-ld"))


def a_green(**attributes: Any) -> dict[str, Any]:
    return {"id": "baum-1", "type": "GreenspaceRecord", "dateObserved": OBSERVED} | attributes


FORMS: dict[str, Any] = {
    "notification": a_notification(a_container()),
    "entity": a_container(),
    "list": [a_container()],
    "concise": a_container(fillingLevel={"value": 0.83, "observedAt": OBSERVED}),
    "key-values": a_container(fillingLevel=0.83, observedAt=OBSERVED),
    "several instances": a_container(
        fillingLevel=[
            an_attribute(0.1, datasetId="urn:x", observedAt=OBSERVED),
            an_attribute(0.83, observedAt=OBSERVED),
        ]
    ),
    "feature": {
        "id": a_container()["id"],
        "type": "Feature",
        "geometry": {"type": "Point", "coordinates": [7.2162, 51.4818]},
        "properties": {k: v for k, v in a_container().items() if k != "id"},
    },
    "expanded": [
        {
            "@id": a_container()["id"],
            "@type": [f"{WASTE}WasteContainer"],
            f"{WASTE}fillingLevel": [
                {
                    "@type": [f"{LD}Property"],
                    f"{LD}hasValue": [{"@value": 0.83}],
                    f"{LD}observedAt": [{"@type": f"{LD}DateTime", "@value": OBSERVED}],
                }
            ],
        }
    ],
}
FORMS["feature collection"] = a_notification() | {
    "data": {"type": "FeatureCollection", "features": [FORMS["feature"]]}
}


@pytest.mark.parametrize("form", FORMS)
def test_each_form_of_an_entity_gives_the_same_signal(form: str) -> None:
    """A broker may change its representation; the signal's id stays, so none counts twice."""
    (signal,) = decoded(FORMS[form]).signals
    (plain,) = decoded(a_container()).signals
    assert (signal.kind, signal.value, signal.observed_at) == ("fill_level", 83.0, MOMENT)
    assert (signal.id, signal.device_id) == (plain.id, "bochum-glas-0001")


def test_two_subscriptions_tell_of_the_same_observation_once() -> None:
    """The subscription and the time of the notification are no part of the signal's id."""
    other = a_notification(a_container(), subscriptionId="urn:x", notifiedAt="2026-07-14T09:00:00Z")
    assert [s.id for s in decoded(other).signals] == [
        s.id for s in decoded(a_notification(a_container())).signals
    ]


@pytest.mark.parametrize(
    ("level", "unit", "percent"),
    [(0, None, 0), (1, None, 100), (0.07, "C62", 7), (83, "P1", 83), (83, None, 8300)],
)
def test_shares_are_zero_to_one_unless_their_unit_says_percent(
    level: float, unit: str | None, percent: float
) -> None:
    """83 without a unit is not guessed at: it stays out of range and shows up."""
    parts = {"unitCode": unit} if unit else {}
    found = decoded(a_container(fillingLevel=an_attribute(level, observedAt=OBSERVED, **parts)))
    assert values(found.signals) == {"fill_level": percent}


@pytest.mark.parametrize(
    ("word", "code"),
    [("ok", 0), ("lidOpen", 1), ("dropped", 2), ("moved", 3), ("vandalized", 4), ("burning", 5)],
)
def test_a_containers_status_is_a_code(word: str, code: int) -> None:
    """The status without time of its own is as old as the level beside it."""
    found = decoded(a_notification(a_container(status=an_attribute(word)))).signals
    assert values(found) == {"fill_level": 83.0, "container_status": code}
    assert {s.observed_at for s in found} == {MOMENT}


def test_what_is_unknown_says_nothing() -> None:
    """A battery of -1 and a status unknown are no observations and no faults."""
    found = decoded(a_container(batteryLevel=-1, status="unknown"))
    assert (values(found.signals), found.issues) == ({"fill_level": 83.0}, ())


def test_a_green_space_in_its_units() -> None:
    """Fraction to percent, S/m to µS/cm; suction is positive however it is written."""
    found = decoded(
        a_green(
            soilMoistureVwc=0.12,
            soilMoisturePressure=-85,
            soilMoistureEc=0.05,
            soilTemperature=an_attribute(292.55, unitCode="KEL"),
        )
    )
    assert values(found.signals) == {
        "soil_moisture": 12.0,
        "soil_tension": 85.0,
        "soil_conductivity": 500.0,
        "soil_temperature": 19.4,
    }


def test_a_pond_in_its_units() -> None:
    """The date in the entity's id is no device; S/m become µS/cm."""
    found = decoded(a_pond()).signals
    assert {s.device_id for s in found} == {"900541"}
    assert values(found) == {
        "dissolved_oxygen": 0.4,
        "water_temperature": 21.9,
        "water_conductivity": 2500.0,
        "ph": 7.4,
    }


def test_oxygen_in_percent_is_saturation() -> None:
    """The unit decides what a shared name means."""
    found = decoded(a_pond(O2=an_attribute(4.5, unitCode="P1")))
    assert values(found.signals)["oxygen_saturation"] == 4.5


def test_a_devices_packed_value() -> None:
    """Level and temperature are percent-encoded in one text; the entity is the device itself."""
    body = {
        "id": "urn:ngsi-ld:Device:device-9845A",
        "type": "Device",
        "batteryLevel": 0.75,
        "value": "l%3D0.22%3Bt%3D21.2%3Bx%3D9",
        "refDevice": "urn:ngsi-ld:Device:other",
    }
    found = decoded(body).signals
    assert values(found) == {
        "battery_level": 75.0,
        "fill_level": 22.0,
        "device_temperature": 21.2,
    }
    assert {(s.device_id, s.observed_at) for s in found} == {("device-9845A", RECEIVED)}


def test_a_measurement_its_sender_doubts_is_graded_so() -> None:
    """`outlier` is the sender's own plausibility check."""
    body = {
        "id": "m-1",
        "type": "DeviceMeasurement",
        "controlledProperty": ["fillingLevel"],
        "numValue": 0.5,
        "refDevice": "urn:ngsi-ld:Device:d-1",
        "dateObserved": f"2026-07-14T05:00:00Z/{OBSERVED}",
        "outlier": True,
    }
    (signal,) = decoded(body).signals
    assert (signal.device_id, signal.value, signal.grade) == ("d-1", 50.0, Grade.SPIKE)
    assert signal.observed_at == MOMENT


@pytest.mark.parametrize(
    ("entity", "code"),
    [
        (a_container(fillingLevel=an_attribute("voll")), "I105"),
        (a_container(fillingLevel=an_attribute(1e308, observedAt=OBSERVED)), "I105"),
        (a_container(fillingLevel=an_attribute(0.5, observedAt="2026-07-14T05:12:33")), "I103"),
        (a_container(fillingLevel=an_attribute(0.5, observedAt="gestern")), "I104"),
        (a_container(fillingLevel=an_attribute(0.5, unitCode="UDT0000016")), "I118"),
        ({"id": "b-1", "type": "FlowerBed", "category": ["urbanTreeSpot"]}, "I116"),
        ({"type": "WasteContainer", "fillingLevel": 0.5}, "I102"),
        (7, "I102"),
    ],
)
def test_one_bad_entity_never_stops_the_others(entity: object, code: str) -> None:
    """Its reason has a code, its neighbour in the notification is used."""
    found = decoded(a_notification(entity, a_pond()))
    assert [i.code for i in found.issues] == [code]
    assert len(found.signals) == 4


@pytest.mark.parametrize(
    ("body", "code"),
    [
        ("{", "I101"),
        ('"text"', "I101"),
        ({"type": "FeatureCollection", "features": 1}, "I102"),
        (a_notification() | {"data": 1}, "I102"),
        (a_notification(notifiedAt="heute"), "I104"),
    ],
)
def test_what_is_no_entity_is_refused(body: object, code: str) -> None:
    """Each way of being unusable as a whole has its code."""
    with pytest.raises(InvalidInput) as caught:
        decoded(body)
    assert caught.value.issues[0].code == code
