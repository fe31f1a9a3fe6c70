"""The same message delivered more than once, in other bytes and with other times."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import TYPE_CHECKING, Any

import pytest

from dispatch.domain.signal import Payload, SignalKind
from dispatch.service.ingest import ingest
from tests.dispatch.service.test_ingest import stored
from tests.helpers.payloads import a_chirpstack_event, a_payload, a_ttn_uplink
from tests.helpers.standards import SAMPLES, a_container, an_event
from tests.helpers.towns import LID_SENSOR

if TYPE_CHECKING:
    from dispatch.store import Store


def uplink(*, at: str = "2026-07-14T05:12:33Z", **message: Any) -> Payload:
    """Return an uplink of the town's lid sensor in a session."""
    body = a_ttn_uplink(session_key_id="AXBSH1Pk", received_at=at, **message)
    return a_payload(body, format_name="ttn")


def event(*, at: str, own: str = "3ac7e3c4", **parts: Any) -> Payload:
    """Return an event of ChirpStack from the town's lid sensor."""
    body = a_chirpstack_event("EM310-UDL", fPort=85, data="AXVcA4JECAQAAQ==", deduplicationId=own)
    body["deviceInfo"]["devEui"] = LID_SENSOR.lower()
    return a_payload(body | {"time": at} | parts, format_name="chirpstack")


def counts(store: Store, *payloads: Payload) -> list[tuple[int, int]]:
    """Return stored and duplicate signals of each payload, one delivery after the other."""
    results = [ingest([payload], store=store) for payload in payloads]
    return [(result.stored, result.duplicates) for result in results]


def test_an_uplink_with_another_time_of_receipt_is_the_same_uplink(town: Store) -> None:
    """A retry hours later, or the copy of a second server, adds nothing."""
    later = uplink(at="2026-07-14T08:00:00Z")
    assert counts(town, uplink(), later, later) == [(3, 0), (0, 3), (0, 3)]
    assert ingest([uplink(), later], store=town).stored == 0
    with town.read() as tx:
        assert tx.count_payloads() == 2


def test_copies_in_one_delivery_are_found_too(town: Store) -> None:
    """Two gateways' servers may post within the same batch."""
    result = ingest([uplink(), uplink(at="2026-07-14T05:12:34Z")], store=town)
    assert (result.payloads, result.stored, result.duplicates) == (2, 3, 3)


@pytest.mark.parametrize(
    "other",
    [
        {"f_cnt": 413},
        {"f_cnt": None},
        {"session_key_id": "BBBB"},
        {"frm_payload": "AXVcA4JFCAQAAQ=="},
    ],
)
def test_another_counter_session_or_content_is_another_uplink(
    town: Store, other: dict[str, Any]
) -> None:
    """A counter of 0 is left out by the server and is a counter all the same."""
    body = a_ttn_uplink(**{"session_key_id": "AXBSH1Pk"} | other)
    body["uplink_message"]["received_at"] = "2026-07-14T08:00:00Z"
    assert counts(town, uplink(), a_payload(body, format_name="ttn")) == [(3, 0), (3, 0)]


def test_a_counter_that_began_anew_is_no_copy(town: Store) -> None:
    """A device activated by personalisation keeps its session; a week later 412 is news."""
    week_later = uplink(at="2026-07-21T05:12:33Z")
    again = uplink(at="2026-07-21T06:00:00Z")
    assert counts(town, uplink(), week_later, again) == [(3, 0), (3, 0), (0, 3)]


def test_the_deduplication_id_of_chirpstack_counts(town: Store) -> None:
    """The same id is the same uplink, whatever its time; another id is another uplink."""
    first, second = "2026-07-14T05:12:33Z", "2026-07-14T05:12:35Z"
    copies = [event(at=first), event(at=second), event(at=second, own="other")]
    assert counts(town, *copies) == [(3, 0), (0, 3), (3, 0)]


def test_a_copy_that_says_more_is_used(town: Store) -> None:
    """A first copy whose codec was missing does not stand in the way of a second one."""
    unread = event(at="2026-07-14T05:12:33Z", data=None, object={"luminosity": 1})
    assert counts(town, unread, event(at="2026-07-14T05:12:33Z")) == [(0, 0), (3, 0)]


def test_an_event_counts_once_by_its_source_and_id(town: Store) -> None:
    """CloudEvents may be delivered again with other data; the first one holds."""
    entity = a_container(refDevice=f"urn:ngsi-ld:Device:{LID_SENSOR}")
    changed = entity | {"fillingLevel": 0.5}
    events = [an_event(entity), an_event(changed), an_event(changed, id="A-2")]
    payloads = [a_payload(one, format_name="cloudevents") for one in events]
    assert counts(town, *payloads) == [(1, 0), (0, 1), (1, 0)]


def test_bytes_received_again_are_as_old_as_at_first(town: Store) -> None:
    """An entity without any time is as of its receipt, and sent again it says nothing new."""
    entity = a_container(fillingLevel=0.5, refDevice=f"urn:ngsi-ld:Device:{LID_SENSOR}")
    first = a_payload(entity, format_name="ngsi-ld")
    second = replace(first, received_at=first.received_at + timedelta(hours=1))
    assert counts(town, first, second) == [(1, 0), (0, 1)]
    (level,) = stored(town, SignalKind.FILL_LEVEL)
    assert level.observed_at == first.received_at


@pytest.mark.parametrize("format_name", SAMPLES)
def test_no_format_counts_anything_twice(town: Store, format_name: str) -> None:
    """Whatever is received again, later, leaves the database as it was."""
    payload = a_payload(SAMPLES[format_name], format_name=format_name)
    first = ingest([payload], store=town)
    later = replace(payload, received_at=payload.received_at + timedelta(days=2))
    again = ingest([later], store=town)
    assert (again.stored, again.notices) == (0, 0)
    assert first.quarantined == again.quarantined
