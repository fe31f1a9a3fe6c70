from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

import pytest

from dispatch.demand.settings import DemandSettings
from dispatch.demand.upkeep import draft
from dispatch.domain.job import JobDraft, JobKind, Skill
from dispatch.domain.signal import Grade, Signal, SignalKind, TrapState
from dispatch.domain.site import Pond
from tests.helpers.histories import (
    DAY,
    HOUR,
    NOW,
    a_bank,
    a_device,
    a_history,
    a_station,
    oxygen,
    the_evening,
    until_now,
)

if TYPE_CHECKING:
    from datetime import timedelta

    from dispatch.demand.history import SiteHistory

SETTINGS = DemandSettings()
SENSOR = a_device("em310-udl")


def drafted(history: SiteHistory) -> JobDraft | None:
    found = draft(history, SETTINGS, the_evening())
    return found[0] if found else None


def fill(*values: float, **parts: Any) -> tuple[Signal, ...]:
    return until_now(SignalKind.FILL_LEVEL, values, every=HOUR, **parts)


def test_a_device_that_sends_needs_nobody() -> None:
    """No job while all is well."""
    assert drafted(a_history(a_bank(), fill(40, 41, 42, 43), devices=(SENSOR,))) is None


def test_a_silent_device_is_visited_and_the_price_rises_with_its_silence() -> None:
    """Being blind for a week is worse than for two days."""

    def job(days: int) -> JobDraft:
        old = tuple(replace(s, observed_at=s.observed_at - days * DAY) for s in fill(40, 41))
        found = drafted(a_history(a_bank(), old, devices=(SENSOR,)))
        assert found is not None
        return found

    assert (job(2).kind, job(2).required, job(2).skills) == (
        JobKind.SERVICE,
        False,
        frozenset({Skill.SENSOR_CARE}),
    )
    assert job(2).leave_price_ct < job(7).leave_price_ct
    assert job(7).reason.de == "em310-udl sensor-1: stumm seit 7 Tagen"


def test_a_device_in_a_manhole_may_be_silent_for_two_days() -> None:
    """Radio is bad down there; the crew needs its sewer licence."""
    counter = a_device("Bait station counter")
    visits = until_now(SignalKind.STATION_VISITS, [1], every=HOUR)
    assert drafted(a_history(a_station(), _ago(visits, 30), devices=(counter,))) is None
    job = drafted(a_history(a_station(), _ago(visits, 50), devices=(counter,)))
    assert job is not None
    assert job.skills == {Skill.RODENTICIDE, Skill.SEWER_ENTRY}


def _ago(signals: tuple[Signal, ...], hours: int) -> tuple[Signal, ...]:
    ago = hours * HOUR
    return tuple(
        replace(s, observed_at=s.observed_at - ago, received_at=s.received_at - ago)
        for s in signals
    )


def test_a_device_mounted_an_hour_ago_is_not_silent() -> None:
    """It gets its day to report."""
    fresh = a_device("em310-udl", mounted_from=NOW - HOUR)
    assert drafted(a_history(a_bank(), devices=(fresh,))) is None


def test_a_device_that_never_sent_is_found_and_said_to_be_so() -> None:
    """A sensor that was never switched on is found."""
    job = drafted(a_history(a_bank(), devices=(SENSOR,)))
    assert job is not None
    assert job.reason.en.startswith("em310-udl sensor-1: has never sent (mounted on ")


@pytest.mark.parametrize(
    ("grade", "words"),
    [
        (Grade.TILTED, "Sensor gekippt"),
        (Grade.OUT_OF_RANGE, "außerhalb des Messbereichs"),
        (Grade.STUCK, "stehen still"),
    ],
)
def test_a_day_of_unbelievable_values_is_a_visit(grade: Grade, words: str) -> None:
    """A fault of the sensor becomes a visit to the sensor, not a false emergency."""
    job = drafted(a_history(a_bank(), fill(*[99] * 10, grade=grade), devices=(SENSOR,)))
    assert job is not None
    assert job.reason.de == (
        f"em310-udl sensor-1: 100 % der 10 letzten Werte unbrauchbar ({words})"
    )


def test_a_few_spikes_are_no_visit() -> None:
    """Less than half of a day's values."""
    some = [*fill(*[40] * 8)]
    some[2:5] = [replace(s, grade=Grade.SPIKE) for s in some[2:5]]
    assert drafted(a_history(a_bank(), some, devices=(SENSOR,))) is None


def test_zeros_of_a_pond_are_the_sensors_fault_only_after_somebody_looked() -> None:
    """Before that the pond itself may be without oxygen."""
    zeros = oxygen(*[0.0] * 60, every=HOUR, grade=Grade.ZERO_RUN)
    logger = a_device("TerraTransfer", device_id="900541")
    before = a_history(Pond(), zeros, devices=(logger,))
    after = replace(before, last_done={JobKind.CHECK: NOW - 5 * HOUR})
    assert drafted(before) is None
    job = drafted(after)
    assert job is not None
    assert job.skills == {Skill.POND_CARE}
    assert job.reason.en == ("TerraTransfer 900541: oxygen exactly 0 for 2 days, checked on site")


@pytest.mark.parametrize(
    ("kind", "value", "words"),
    [
        (SignalKind.BATTERY_LEVEL, 9, "Batterie 9 %"),
        (SignalKind.BATTERY_VOLTAGE, 3.05, "Batterie 3,0 V"),
    ],
)
def test_a_battery_that_runs_down_is_changed(kind: SignalKind, value: float, words: str) -> None:
    """Before it falls silent."""
    job = drafted(
        a_history(a_bank(), fill(40, 41), until_now(kind, [value], every=HOUR), devices=(SENSOR,))
    )
    assert job is not None
    assert words in job.reason.de


def test_two_sensors_of_a_site_are_one_visit() -> None:
    """One halt, twice the work."""
    devices = (SENSOR, a_device("em310-udl", device_id="sensor-2"))
    job = drafted(a_history(a_bank(), devices=devices))
    assert job is not None
    assert job.service_s == 2 * SETTINGS.upkeep.service_s
    assert job.reason.de.count("noch nie gesendet") == 2


def test_ids_are_compared_without_regard_to_case() -> None:
    """The register writes capitals, the signals small letters."""
    device = a_device("em310-udl", device_id="SENSOR-1")
    assert drafted(a_history(a_bank(), fill(40, 41), devices=(device,))) is None


def test_silence_is_measured_by_how_often_the_device_used_to_send() -> None:
    """Once a day and two days silent is nothing; every quarter of an hour and a day is."""
    quarter = HOUR / 4

    def job(every: timedelta, silent_h: int) -> JobDraft | None:
        sent = _ago(until_now(SignalKind.FILL_LEVEL, [40] * 25, every=every), silent_h)
        return drafted(a_history(a_bank(), sent, devices=(SENSOR,)))

    assert job(24 * HOUR, 48) is None
    assert job(24 * HOUR, 100) is not None
    assert job(quarter, 10) is None
    assert job(quarter, 14) is not None


def test_who_was_looked_after_gets_its_time_to_report() -> None:
    """What it sent before, or did not send, is no reason to come again."""
    old = _ago(fill(*[99] * 10, grade=Grade.STUCK), 30)
    done = {JobKind.SERVICE: NOW - 2 * HOUR}
    assert drafted(a_history(a_bank(), old, devices=(SENSOR,), last_done=done)) is None
    long_ago = {JobKind.SERVICE: NOW - 28 * HOUR}
    assert drafted(a_history(a_bank(), old, devices=(SENSOR,), last_done=long_ago)) is not None


def test_three_values_a_day_are_judged_over_more_than_a_day() -> None:
    """A tilted lid sensor that measures every eight hours is found too."""
    tilted = until_now(SignalKind.FILL_LEVEL, [50] * 5, every=8 * HOUR, grade=Grade.TILTED)
    assert drafted(a_history(a_bank(), tilted, devices=(SENSOR,))) is not None


def test_a_sensor_that_is_wrong_now_and_then_for_a_week_is_visited() -> None:
    """A quarter of all values jump: never half of a day's, and no use all the same."""
    good = until_now(SignalKind.DISSOLVED_OXYGEN, [6.0] * 120, every=HOUR)
    some = [replace(s, grade=Grade.JUMP) if at % 4 == 0 else s for at, s in enumerate(good)]
    job = drafted(a_history(Pond(), some, devices=(SENSOR,)))
    assert job is not None
    assert job.reason.de.endswith("25 % der 120 letzten Werte unbrauchbar (unmögliche Sprünge)")


@pytest.mark.parametrize(
    ("late", "words"),
    [(3 * HOUR, "Uhr geht 3 Stunden nach"), (-HOUR / 2, "Uhr geht 30 Minuten vor")],
)
def test_a_clock_that_is_always_wrong_by_the_same_time_is_set(late: timedelta, words: str) -> None:
    """Seen over days, also where a device sends too seldom for intake to tell."""
    sent = until_now(SignalKind.FILL_LEVEL, [40] * 10, every=8 * HOUR)
    wrong = [replace(s, received_at=s.observed_at + late) for s in sent]
    job = drafted(a_history(a_bank(), wrong, devices=(SENSOR,)))
    assert job is not None
    assert job.reason.de == f"em310-udl sensor-1: {words}"


def test_a_file_taken_in_long_after_is_no_wrong_clock() -> None:
    """One arrival tells nothing about a clock."""
    sent = [replace(s, received_at=NOW + 90 * DAY) for s in fill(*[40] * 30)]
    assert drafted(a_history(a_bank(), sent, devices=(SENSOR,))) is None


def test_a_device_that_was_carried_off_is_put_back() -> None:
    """A crane lifts a container for a moment; a trap lies where it says."""
    moved = [*fill(40, 41), *until_now(SignalKind.MOVED, [1], every=HOUR)]
    still = [*fill(40, 41), *until_now(SignalKind.MOVED, [1, 1], every=HOUR)]
    back = [*fill(40, 41), *until_now(SignalKind.MOVED, [1, 0], every=HOUR)]
    assert drafted(a_history(a_bank(), moved, devices=(SENSOR,))) is None
    assert drafted(a_history(a_bank(), back, devices=(SENSOR,))) is None
    job = drafted(a_history(a_bank(), still, devices=(SENSOR,)))
    assert job is not None
    assert job.reason.en.endswith("has said for 1 hour that it was moved")


@pytest.mark.parametrize(
    ("state", "words"),
    [
        (TrapState.MOVED, "bewegt"),
        (TrapState.ERROR, "Falle meldet einen Fehler"),
        (TrapState.ABNORMAL, "Falle in unklarem Zustand"),
        (TrapState.FAILED, "Falle hat nicht ausgelöst"),
        (TrapState.NORMAL, None),
        (TrapState.TRAPPED, None),
    ],
)
def test_a_trap_that_says_it_is_broken_or_moved_is_mended(
    state: TrapState, words: str | None
) -> None:
    """What it caught is no fault, and is the other rule's."""
    said = until_now(SignalKind.TRAP_STATE, [TrapState.NORMAL, state], every=HOUR)
    job = drafted(a_history(a_station(), said, devices=(SENSOR,)))
    assert (job is not None) == (words is not None)
    if job is not None and words is not None:
        assert words in job.reason.de
        assert job.persons == 2
