from __future__ import annotations

import base64
import json
from typing import Any

import pytest

from dispatch.domain.errors import InvalidInput
from dispatch.intake.cloudevents import wrap_binary
from dispatch.intake.decoders import decode
from tests.helpers.payloads import a_need, a_payload, a_run, a_ttn_uplink, values
from tests.helpers.standards import WIDE, a_container, a_csv, a_request, an_event


def decoded(body: object) -> Any:
    return decode(a_payload(body, format_name="cloudevents"))


def binary(body: bytes, **headers: str) -> bytes:
    attributes = {
        "CE-SpecVersion": "1.0",
        "ce-type": "org.example.signal",
        "ce-source": "/broker/bochum",
        "ce-id": "A-1",
        "ce-payloadformat": "ngsi-ld",
        "Content-Type": "application/json",
    }
    return wrap_binary(attributes | headers, body)


def test_an_event_is_what_is_in_it() -> None:
    """Structured or binary, JSON or base64: the same signals, of the outer payload."""
    entity = json.dumps(a_container()).encode()
    encoded = an_event(None, data_base64=base64.b64encode(entity).decode())
    bodies: list[object] = [an_event(a_container()), encoded, binary(entity)]
    for body in bodies:
        payload = a_payload(body, format_name="cloudevents")
        (signal,) = decode(payload).signals
        assert (signal.kind, signal.value) == ("fill_level", 83.0)
        assert (signal.source, signal.payload_id) == ("ngsi-ld", payload.id)


@pytest.mark.parametrize(
    ("name", "data", "kinds"),
    [
        ("ttn", a_ttn_uplink(), {"fill_distance", "battery_level", "tilt"}),
        ("csv", a_csv(WIDE, "Zeit;Gerät;Sauerstoff;Füllstand", "1.7.26 7:00;x;8,4;63"), None),
    ],
)
def test_any_of_our_formats_may_be_inside(name: str, data: object, kinds: set[str] | None) -> None:
    """JSON as it is, files as a text."""
    found = decoded(an_event(data, payload_format=name))
    assert set(values(found.signals)) == (kinds or {"dissolved_oxygen", "fill_level"})


def test_our_own_type_names_the_format() -> None:
    """Without the attribute, `de.bochum.dispatch.payload.FORMAT.v1` will do; notices too."""
    event = an_event([a_request()], type="de.bochum.dispatch.payload.open311.v1")
    del event["payloadformat"]
    assert [n.code for n in decoded(event).notices] == ["006"]


def test_source_and_id_are_the_key_of_an_event() -> None:
    """They identify it whatever else differs; another id is another event."""
    first, again, other = (
        decoded(event).delivery
        for event in (
            an_event(a_container()),
            an_event(a_container(fillingLevel=0.5), time="2026-07-14T09:00:00Z"),
            an_event(a_container(), id="A-2"),
        )
    )
    assert first.key == again.key != other.key
    assert again.repeats(first.at)


@pytest.mark.parametrize(
    ("event", "code"),
    [
        ("[]", "I101"),
        (an_event({}, specversion="0.3"), "I102"),
        (an_event({}, id=None), "I102"),
        (an_event(None), "I102"),
        (an_event({}, time="2026-07-14T05:12:33"), "I103"),
        (an_event(None, data_base64="%%"), "I107"),
        (an_event({}, payload_format="nonsense"), "I117"),
        (an_event(an_event({}), payload_format="cloudevents"), "I117"),
        (an_event(a_run(a_need()), payload_format="watering-need"), "I117"),
        (an_event({}, payload_format=""), "I123"),
        (an_event({}, payload_format="", type="de.bochum.dispatch.job.completed.v1"), "I124"),
        ({"headers": {"ce-id": "1"}, "body_base64": ""}, "I102"),
        ({"headers": 1}, "I102"),
    ],
)
def test_what_cannot_be_unwrapped_is_refused(event: object, code: str) -> None:
    """Each way has its code; our own reports are not taken in again."""
    with pytest.raises(InvalidInput) as caught:
        decoded(event)
    assert caught.value.issues[0].code == code
