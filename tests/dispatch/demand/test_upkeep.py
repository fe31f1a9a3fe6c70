from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

import pytest

from dispatch.demand.settings import DemandSettings
from dispatch.demand.upkeep import draft
from dispatch.domain.job import JobDraft, JobKind, Skill
from dispatch.domain.signal import Grade, Signal, SignalKind
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
    return tuple(replace(s, observed_at=s.observed_at - hours * HOUR) for s in signals)


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
