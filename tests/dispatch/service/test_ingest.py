"""Payloads through the one door: what is stored, what is known already, what waits."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

import pytest

from dispatch.domain.errors import NotFound
from dispatch.domain.signal import Grade, Payload, Signal, SignalKind
from dispatch.service.ingest import ingest, known_format
from tests.helpers.payloads import a_need, a_payload, a_run, a_ttn_uplink
from tests.helpers.towns import (
    LOGGER,
    NIGHT,
    QUARTER,
    a_poll,
    a_sensor,
    a_town,
    an_uplink,
)

if TYPE_CHECKING:
    from collections.abc import Iterator

    from dispatch.store import Store

LONG_AGO = datetime(2000, 1, 1, tzinfo=UTC)
STRANGER = "24E124FFFFFFFFFF"


def stored(store: Store, kind: SignalKind | None = None) -> list[Signal]:
    """Return all stored signals, or those of one kind, in the order of time."""
    with store.read() as tx:
        found = dict(tx.signals_by_site(since=LONG_AGO, until=datetime(2100, 1, 1, tzinfo=UTC)))
    every = [signal for signals in found.values() for signal in signals]
    chosen = (signal for signal in every if kind in (None, signal.kind))
    return sorted(chosen, key=lambda signal: (signal.observed_at, signal.kind))


def in_quarantine(store: Store) -> dict[str, int]:
    """Return how many entries each code has."""
    with store.read() as tx:
        return dict(Counter(entry.issue.code for entry in tx.quarantine()))


def grades(store: Store, kind: SignalKind) -> list[str]:
    """Return the grades of one kind in the order of time."""
    return [signal.grade.value for signal in stored(store, kind)]


def test_the_same_payload_twice_changes_nothing(town: Store) -> None:
    """Nothing is stored twice: later copies count as duplicates, also within one delivery."""
    first = ingest([an_uplink(1000), an_uplink(1000)], store=town)
    before = stored(town)
    again = ingest([an_uplink(1000)], store=town)
    assert (first.payloads, first.stored, first.duplicates, first.quarantined) == (2, 3, 3, 0)
    assert (again.payloads, again.stored, again.duplicates, again.quarantined) == (1, 0, 3, 0)
    assert stored(town) == before
    with town.read() as tx:
        assert tx.count_payloads() == 1


def test_the_same_observation_in_other_bytes_is_known(town: Store) -> None:
    """A poll that overlaps the one before brings only what is new."""
    ingest([a_poll(8.0, 8.1, 8.2)], store=town)
    overlap = ingest([a_poll(8.1, 8.2, 8.3, start=NIGHT + QUARTER)], store=town)
    assert (overlap.stored, overlap.duplicates) == (1, 2)
    assert [s.value for s in stored(town)] == [8.0, 8.1, 8.2, 8.3]


def test_one_broken_payload_never_stops_the_others(town: Store) -> None:
    """Cut JSON waits in quarantine with its code and its bytes; its neighbours are stored."""
    broken = a_payload(an_uplink(1000).body[:80], format_name="ttn")
    result = ingest([an_uplink(1000), broken, a_poll(8.0)], store=town)
    assert (result.payloads, result.stored, result.quarantined) == (3, 4, 1)
    assert in_quarantine(town) == {"I101": 1}
    with town.read() as tx:
        (entry,) = tx.quarantine()
        assert tx.payload(entry.payload_id).body == broken.body


def test_a_bad_row_leaves_the_rest_of_its_payload_in_use(town: Store) -> None:
    """One value that is no number becomes an entry, the rows beside it become signals."""
    poll = a_poll(8.0, 0.0, 8.2)
    spoilt = a_payload(poll.body.replace(b": 0.0", b': "n/a"'), format_name="terratransfer")
    result = ingest([spoilt], store=town)
    assert (result.stored, in_quarantine(town)) == (2, {"I105": 1})


def test_an_unknown_device_waits_until_it_is_registered(town: Store) -> None:
    """Its payload is kept under I201; sent again after registration, its signals are stored."""
    payload = an_uplink(1000, dev_eui=STRANGER)
    first = ingest([payload], store=town)
    assert (first.stored, first.duplicates, first.quarantined) == (0, 0, 1)
    assert in_quarantine(town) == {"I201": 1}
    known = a_town()
    sensor = a_sensor(STRANGER, "glas-1", model="em310-udl", part_id=known.devices[0].part_id)
    with town.begin() as tx:
        tx.save_city(replace(known, devices=(*known.devices, sensor)))
        kept = tx.payload(payload.id)
    replayed = ingest([kept], store=town)
    assert (replayed.stored, replayed.quarantined) == (3, 0)
    assert {signal.device_id for signal in stored(town)} == {STRANGER}


def test_a_device_in_a_shed_sends_from_nowhere(town: Store) -> None:
    """A registered sensor that hung nowhere at that moment is kept out with I202."""
    result = ingest([an_uplink(1000, at=datetime(2026, 2, 1, tzinfo=UTC))], store=town)
    assert (result.stored, in_quarantine(town)) == (0, {"I202": 1})


def test_a_need_for_an_unknown_site_waits_with_its_name(town: Store) -> None:
    """S202 names the site; the needs of the same run for known trees are stored."""
    run = a_run(a_need(), a_need(site_id="baum-9999"))
    result = ingest([a_payload(run, format_name="watering-need")], store=town)
    assert (result.stored, result.quarantined) == (1, 1)
    assert [signal.site_id for signal in stored(town)] == ["baum-0001"]
    with town.read() as tx:
        (entry,) = tx.quarantine()
    assert (entry.issue.code, entry.issue.subject) == ("S202", "site baum-9999")


def test_a_time_without_zone_is_not_guessed(town: Store) -> None:
    """LoRaWAN servers send offsets; a time without one is refused with I103."""
    body = a_ttn_uplink(received_at="2026-07-14T05:12:33")
    result = ingest([a_payload(body, format_name="ttn")], store=town)
    assert (result.stored, in_quarantine(town)) == (0, {"I103": 1})


def test_nonsense_figures_are_stored_with_their_grade(town: Store) -> None:
    """9999 mg/l is what the logger sent: kept, graded, and counted as such."""
    result = ingest([a_poll(8.0, 9999, 8.1)], store=town)
    assert [(s.value, s.grade) for s in stored(town)] == [
        (8.0, Grade.GOOD),
        (9999, Grade.OUT_OF_RANGE),
        (8.1, Grade.GOOD),
    ]
    assert result.grades == {Grade.GOOD: 2, Grade.OUT_OF_RANGE: 1}


def test_a_distance_becomes_the_fill_level_of_its_container(town: Store) -> None:
    """1700 mm are empty and 300 mm full, so 1000 mm are half."""
    ingest([an_uplink(1000)], store=town)
    (level,) = stored(town, SignalKind.FILL_LEVEL)
    assert (level.value, level.site_id, level.part_id) == (50.0, "glas-1", "glas-1-w")
    assert stored(town, SignalKind.FILL_DISTANCE) == []


def test_a_tilted_sensor_measures_the_wall(town: Store) -> None:
    """Its level is kept and never believed; what else it says is."""
    ingest([an_uplink(1000, tilted=True)], store=town)
    found = {signal.kind: signal.grade for signal in stored(town)}
    assert found == {
        SignalKind.FILL_LEVEL: Grade.TILTED,
        SignalKind.TILT: Grade.GOOD,
        SignalKind.BATTERY_LEVEL: Grade.GOOD,
    }


def test_a_run_of_zeros_goes_on_in_the_next_delivery(town: Store) -> None:
    """Exact zeros are a probe that does not answer, in each delivery anew."""
    ingest([a_poll(8.0, 0, 0)], store=town)
    ingest([a_poll(0, 0, 8.0, start=NIGHT + 3 * QUARTER)], store=town)
    expected = ["good", "zero_run", "zero_run", "zero_run", "zero_run", "good"]
    assert grades(town, SignalKind.DISSOLVED_OXYGEN) == expected


def test_a_jump_is_measured_against_the_delivery_before(town: Store) -> None:
    """From 9 to 2 mg/l within a quarter of an hour is a spike, whoever brought the nine."""
    ingest([a_poll(9.0, 9.1, 9.0)], store=town)
    ingest([a_poll(2.0, start=NIGHT + 3 * QUARTER)], store=town)
    assert grades(town, SignalKind.DISSOLVED_OXYGEN)[-1] == "spike"


@pytest.mark.parametrize("piece", [1, 7, 100])
def test_grades_do_not_depend_on_how_the_stream_is_cut(town: Store, piece: int) -> None:
    """Seven and a half flat hours: good for six, then stuck, in one delivery or in many."""
    values = [8.0] * 31
    for start in range(0, len(values), piece):
        ingest([a_poll(*values[start : start + piece], start=NIGHT + start * QUARTER)], store=town)
    assert grades(town, SignalKind.DISSOLVED_OXYGEN) == ["good"] * 24 + ["stuck"] * 7


def test_a_row_that_came_twice_does_not_pass_for_two_that_agree(town: Store) -> None:
    """One wild value in overlapping answers of one delivery is one wild value."""
    ingest([a_poll(9.0, 9.1, 9.0, 2.0), a_poll(2.0, 2.1, start=NIGHT + 3 * QUARTER)], store=town)
    assert grades(town, SignalKind.DISSOLVED_OXYGEN) == ["good"] * 3 + ["spike"] * 2


def test_yesterday_says_nothing_about_today(town: Store) -> None:
    """After a day's gap the first value is neither a spike nor stuck."""
    ingest([a_poll(*[9.0] * 30)], store=town)
    ingest([a_poll(2.0, start=NIGHT + timedelta(days=1))], store=town)
    assert grades(town, SignalKind.DISSOLVED_OXYGEN)[-1] == "good"


def test_capitals_of_a_device_id_do_not_matter(town: Store) -> None:
    """ChirpStack writes a DevEUI in small letters; the level is calibrated all the same."""
    ingest([an_uplink(1000, dev_eui="24e124713d210001")], store=town)
    assert [s.value for s in stored(town, SignalKind.FILL_LEVEL)] == [50.0]


def test_an_unknown_format_is_refused_at_the_door(town: Store) -> None:
    """Whoever asks first learns which formats there are; a payload that slips in is kept."""
    with pytest.raises(NotFound, match=r"S201 format mqtt: .*terratransfer-csv"):
        known_format("mqtt")
    assert known_format("ttn") == "ttn"
    result = ingest([a_payload(b"{}", format_name="mqtt")], store=town)
    assert (result.quarantined, in_quarantine(town)) == (1, {"I117": 1})


def test_a_delivery_that_breaks_off_keeps_its_whole_batches(town: Store) -> None:
    """Batches are stored whole or not at all, and progress counts those that are stored."""

    def large(number: int) -> Payload:
        return a_payload(f"{number}{' ' * 4_500_000}", format_name="ttn")

    def interrupted() -> Iterator[Payload]:
        yield from (large(1), large(2), an_uplink(1000))
        message = "the line went dead"
        raise ConnectionError(message)

    done: list[int] = []
    with pytest.raises(ConnectionError):
        ingest(interrupted(), store=town, on_progress=done.append)
    with town.read() as tx:
        assert (tx.count_payloads(), done) == (2, [2])
    assert stored(town) == []


def test_nothing_received_is_nothing_done(town: Store) -> None:
    """No payload, no transaction, no count."""
    result = ingest([], store=town)
    assert (result.payloads, result.stored, result.grades) == (0, 0, Counter())


def test_the_logger_is_registered_as_the_tests_say(town: Store) -> None:
    """The town's pond sends under the number that the payloads carry."""
    ingest([a_poll(8.0)], store=town)
    assert [(s.device_id, s.site_id) for s in stored(town)] == [(LOGGER, "teich-1")]
