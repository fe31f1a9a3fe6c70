"""Payloads in the forms of open standards; a test states only what it is about."""

from __future__ import annotations

import json
from typing import Any
from urllib.parse import urlencode

OBSERVED = "2026-07-14T05:12:33Z"


def an_attribute(value: object, **parts: Any) -> dict[str, Any]:
    """Return a normalized property."""
    return {"type": "Property", "value": value} | parts


def a_container(**attributes: Any) -> dict[str, Any]:
    """Return a WasteContainer, normalized, that is 83 % full."""
    return {
        "id": "urn:ngsi-ld:WasteContainer:bochum-glas-0001",
        "type": "WasteContainer",
        "fillingLevel": an_attribute(0.83, unitCode="C62", observedAt=OBSERVED),
    } | attributes


def a_pond(**attributes: Any) -> dict[str, Any]:
    """Return a WaterQualityObserved in key-values form."""
    return {
        "id": "urn:ngsi-ld:WaterQualityObserved:900541:20260714",
        "type": "WaterQualityObserved",
        "dateObserved": OBSERVED,
        "O2": 0.4,
        "temperature": 21.9,
        "conductivity": 0.25,
        "pH": 7.4,
    } | attributes


def a_notification(*entities: object, **members: Any) -> dict[str, Any]:
    """Return what a broker posts to its subscriber."""
    return {
        "id": "urn:ngsi-ld:Notification:0001",
        "type": "Notification",
        "subscriptionId": "urn:ngsi-ld:Subscription:glas",
        "notifiedAt": "2026-07-14T05:12:34Z",
        "data": list(entities),
    } | members


def an_observation(result: object = 0.4, **members: Any) -> dict[str, Any]:
    """Return an observation as FROST publishes it by MQTT."""
    return {
        "@iot.id": 4711,
        "@iot.selfLink": "https://frost.example/v1.1/Observations(4711)",
        "phenomenonTime": OBSERVED,
        "resultTime": None,
        "result": result,
        "Datastream@iot.navigationLink": "https://frost.example/v1.1/Observations(4711)/Datastream",
    } | members


def a_stream(*observations: object, **members: Any) -> dict[str, Any]:
    """Return a datastream of oxygen with its unit and observations."""
    return {
        "@iot.id": 19,
        "name": "O2",
        "unitOfMeasurement": {"name": "Milligramm pro Liter", "symbol": "mg/l"},
        "ObservedProperty": {"@iot.id": 5, "name": "Sauerstoff"},
        "Observations": list(observations),
    } | members


def a_thing(*streams: object, **members: Any) -> dict[str, Any]:
    """Return a page with one thing, its place and its datastreams."""
    thing = {
        "@iot.id": 17,
        "name": "Ümminger See",
        "properties": {"device_id": "900541"},
        "Locations": [{"location": {"type": "Point", "coordinates": [7.29004, 51.46932]}}],
        "Datastreams": list(streams),
    }
    return {"@iot.count": 1, "value": [thing | members]}


MAPPED = {"19": {"device_id": "900541", "kind": "dissolved_oxygen", "unit": "mg/l"}}
"""The mapping of the datastream above."""


def a_request(**members: Any) -> dict[str, Any]:
    """Return one service request as a GeoReport answer lists it."""
    return {
        "service_request_id": "638344",
        "status": "open",
        "service_name": "Glascontainer voll",
        "service_code": "006",
        "description": "Container am Markt läuft über",
        "requested_datetime": "2026-07-14T06:37:38+02:00",
        "updated_datetime": None,
        "lat": 51.4818,
        "long": 7.2162,
        "media_url": None,
    } | members


def a_form(**members: str) -> str:
    """Return a service request as a citizen's app posts it."""
    return urlencode(
        {
            "jurisdiction_id": "bochum.de",
            "service_code": "006",
            "lat": "51.4818",
            "long": "7.2162",
            "description": "Container voll, Straße vermüllt",
        }
        | members
    )


def an_event(data: object, *, payload_format: str = "ngsi-ld", **members: Any) -> dict[str, Any]:
    """Return a structured CloudEvent around a payload of that format."""
    return {
        "specversion": "1.0",
        "type": "org.example.signal",
        "source": "/broker/bochum",
        "id": "A-1",
        "time": OBSERVED,
        "payloadformat": payload_format,
        "data": data,
    } | members


def some_readings(*readings: object) -> dict[str, Any]:
    """Return what a vendor's cloud answers."""
    return {"source": "zolitron", "readings": list(readings)}


def a_reading(**members: Any) -> dict[str, Any]:
    """Return one reading of a vibration sensor."""
    return {"device_id": "Z-0815", "time": OBSERVED, "fill_level": 63} | members


WIDE = {
    "source": "labor",
    "time": "Zeit",
    "zone": "=Europe/Berlin",
    "device": "Gerät",
    "values": {
        "Sauerstoff": {"kind": "Sauerstoff", "unit": "mg/l"},
        "Füllstand": {"kind": "fill_level", "unit": "%"},
    },
}
"""A mapping with one column per kind."""

LONG = {
    "time": "time",
    "zone": "zone",
    "device": "=900541",
    "kind": "property",
    "value": "value",
    "unit": "unit",
}
"""A mapping with one row per value."""


def a_csv(mapping: object, *lines: str) -> str:
    """Return a file with its mapping in the first line."""
    return "\n".join([f"# {json.dumps(mapping, ensure_ascii=False)}", *lines, ""])


SAMPLES: dict[str, Any] = {
    "ngsi-ld": a_notification(a_container(status=an_attribute("lidOpen")), a_pond()),
    "sensorthings": a_thing(a_stream(an_observation())),
    "open311": [a_request()],
    "cloudevents": an_event(a_container()),
    "readings": some_readings(a_reading(battery=3)),
    "csv": a_csv(WIDE, "Zeit;Gerät;Sauerstoff;Füllstand", "14.07.2026 7:12;900541;8,4;", ""),
}
"""One sound payload per format, for whoever mutates them."""
