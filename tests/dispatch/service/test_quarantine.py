"""What waited for its device or its codec is used after the fix, and stays on record."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import TYPE_CHECKING

import pytest

from dispatch.domain.ids import DeviceId
from dispatch.domain.signal import QuarantineEntry, SignalKind
from dispatch.intake.issues import issue
from dispatch.service.ingest import ingest
from dispatch.service.quarantine import ReplayResult, Wanted, replay, waiting
from dispatch.store import Store, open_store
from tests.dispatch.service.test_ingest import stored
from tests.helpers.databases import fresh_url
from tests.helpers.payloads import a_payload, a_ttn_uplink
from tests.helpers.standards import a_request
from tests.helpers.towns import LID_SENSOR, NOW, QUARTER, a_poll, a_sensor, a_town, an_uplink

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

STRANGER = "24E124FFFFFFFFFF"
OTHER = "24E124EEEEEEEEEE"


@pytest.fixture
def town(tmp_path: Path) -> Iterator[Store]:
    """Return the town's database in a real file, where readers and writers are apart."""
    store = open_store(fresh_url(tmp_path))
    with store.begin() as tx:
        tx.save_city(a_town())
    yield store
    store.close()


def register(store: Store, name: str) -> None:
    """Enter a device that hangs in the town's glass container."""
    known = a_town()
    sensor = a_sensor(name, "glas-1", model="em310-udl", part_id=known.devices[0].part_id)
    with store.begin() as tx:
        tx.save_city(replace(known, devices=(*known.devices, sensor)))


def again(store: Store, code: str = "", device: str = "") -> ReplayResult:
    """Replay what is meant, now."""
    return replay(Wanted(code=code, device=device), store=store, now=NOW)


def codes(store: Store, *, resolved: bool = False, device: str = "") -> list[str]:
    """Return the codes of what waits, or of what a replay made use of."""
    found = waiting(Wanted(device=device), store=store, resolved=resolved)
    return sorted(entry.issue.code for entry in found)


def test_a_device_is_registered_and_its_past_is_used(town: Store) -> None:
    """The signals are stored as of their observation; the entry leaves the list, not the record."""
    late = [an_uplink(1000, dev_eui=STRANGER), an_uplink(720, dev_eui=OTHER)]
    ingest([*late, an_uplink(1000)], store=town)
    assert codes(town) == ["I201", "I201"]
    register(town, STRANGER)
    done = again(town)
    assert (done.taken.payloads, done.taken.stored, done.resolved, done.open) == (2, 3, 1, 1)
    assert {s.device_id for s in stored(town)} == {STRANGER, LID_SENSOR}
    (left,) = waiting(Wanted(), store=town)
    assert (left.issue.code, left.issue.subject) == ("I201", OTHER)
    (audit,) = waiting(Wanted(), store=town, resolved=True)
    assert (audit.issue.subject, audit.resolved_at) == (STRANGER, NOW)
    with town.read() as tx:
        assert tx.payload(audit.payload_id).body == late[0].body


def test_a_replay_may_be_repeated(town: Store) -> None:
    """Nothing is stored twice, and what is resolved is not tried again."""
    ingest([an_uplink(1000, dev_eui=STRANGER)], store=town)
    register(town, STRANGER)
    again(town)
    before = stored(town)
    done = again(town)
    assert (done.taken.payloads, done.taken.stored, done.resolved) == (0, 0, 0)
    assert stored(town) == before


def test_only_what_is_meant_is_replayed(town: Store) -> None:
    """By device, whatever its capitals, and by code."""
    broken = a_payload("{", format_name="ttn")
    ingest([an_uplink(1000, dev_eui=STRANGER), an_uplink(900, dev_eui=OTHER), broken], store=town)
    register(town, STRANGER)
    assert again(town, code="I101").taken.payloads == 1
    assert again(town, device=OTHER).open == 1
    assert codes(town, device=STRANGER.lower()) == ["I201"]
    assert again(town, code="I201", device=STRANGER.lower()).resolved == 1
    assert codes(town) == ["I101", "I201"]


def test_a_codec_is_added(town: Store) -> None:
    """Bytes that an earlier release could not read are read; their device is in the payload."""
    uplink = an_uplink(1000)
    refused = QuarantineEntry(
        id="q-1",
        payload_id=uplink.id,
        received_at=uplink.received_at,
        issue=issue("I108", "uplink", "bytes without decoded fields, and no codec"),
    )
    with town.begin() as tx:
        tx.add_payloads([uplink])
        tx.add_quarantine([refused])
    assert (codes(town, device=LID_SENSOR), codes(town, device=STRANGER)) == (["I108"], [])
    done = again(town, code="I108", device=LID_SENSOR)
    assert (done.taken.stored, done.resolved, codes(town)) == (3, 1, [])


def test_one_row_of_a_file_stays_with_its_reason(town: Store) -> None:
    """The rows of the known logger are stored already; the bad one is still bad."""
    poll = a_poll(8.0, 0.0, 8.2)
    spoilt = a_payload(poll.body.replace(b": 0.0", b': "n/a"'), format_name="terratransfer")
    ingest([spoilt], store=town)
    done = again(town)
    assert (done.taken.stored, done.taken.duplicates, done.resolved, done.open) == (0, 2, 0, 1)
    assert codes(town) == ["I105"]


def test_a_reason_may_change(town: Store) -> None:
    """A device that is registered, but was not mounted then, waits for another cure."""
    uplink = an_uplink(1000, at=NOW - timedelta(days=300), dev_eui=STRANGER)
    ingest([uplink], store=town)
    register(town, STRANGER)
    done = again(town)
    assert (done.resolved, done.open) == (1, 1)
    assert (codes(town), codes(town, resolved=True)) == (["I202"], ["I201"])


def test_a_reason_that_comes_back_opens_its_entry_again(town: Store) -> None:
    """Resolved is not forgotten: what fails once more is on the list once more."""
    known, uplink = a_town(), an_uplink(1000, dev_eui=STRANGER)
    ingest([uplink], store=town)
    with town.begin() as tx:
        tx.resolve_quarantine([entry.id for entry in tx.quarantine()], at=NOW)
    assert codes(town) == []
    assert known.devices[0].id != DeviceId(STRANGER)
    ingest([uplink], store=town)
    assert (codes(town), codes(town, resolved=True)) == (["I201"], [])


def test_the_copy_of_an_uplink_that_was_used_is_resolved(town: Store) -> None:
    """Its signals are there by the other copy: nothing is left to do, nothing counts twice."""
    unread = a_ttn_uplink(session_key_id="A", version_ids={"model_id": "unheard-of"})
    readable = a_ttn_uplink(session_key_id="A", received_at="2026-07-14T05:12:40Z")
    ingest([a_payload(unread, format_name="ttn")], store=town)
    ingest([a_payload(readable, format_name="ttn")], store=town)
    assert codes(town) == ["I108"]
    assert len(stored(town, SignalKind.FILL_LEVEL)) == 1
    assert again(town).open == 1
    unread["uplink_message"]["version_ids"]["model_id"] = "em310-udl"
    copy = a_payload(unread, format_name="ttn")
    assert ingest([copy], store=town).duplicates == 3


def test_a_replayed_series_is_graded_by_its_own_past(town: Store) -> None:
    """Payloads are tried in the order they came in, so a series is judged by its past."""
    polls = [a_poll(*[8.0] * 16, start=NOW + n * 16 * QUARTER) for n in range(2)]
    bodies = [p.body.replace(b"900541", b"900999") for p in polls]
    ingest(
        [
            replace(
                a_payload(body, format_name="terratransfer"),
                received_at=NOW + (n + 1) * 16 * QUARTER,
            )
            for n, body in enumerate(bodies)
        ],
        store=town,
    )
    with town.begin() as tx:
        known = a_town()
        logger = a_sensor("900999", "teich-1", model="aquatos")
        tx.save_city(replace(known, devices=(*known.devices, logger)))
    assert again(town, device="900999").taken.stored == 32
    grades = [s.grade.value for s in stored(town, SignalKind.DISSOLVED_OXYGEN)]
    assert grades == ["good"] * 24 + ["stuck"] * 8


def test_a_notice_without_a_place_waits(town: Store) -> None:
    """The other notices of the answer are stored; a later answer with its place is too."""
    answer = [a_request(lat=None), a_request(service_request_id="2")]
    first = ingest([a_payload(answer, format_name="open311")], store=town)
    assert (first.notices, first.quarantined, codes(town)) == (1, 1, ["I121"])
    done = again(town)
    assert (done.taken.notices, done.open) == (0, 1)
