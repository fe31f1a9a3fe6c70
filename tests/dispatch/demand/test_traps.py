from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from dispatch.demand.settings import DemandSettings
from dispatch.demand.traps import draft
from dispatch.domain.job import Dimension, JobDraft, JobKind, Load, Skill
from dispatch.domain.signal import Signal, SignalKind
from tests.helpers.histories import (
    DAY,
    HOUR,
    NOW,
    TOMORROW,
    a_history,
    a_station,
    the_evening,
    until_now,
)

if TYPE_CHECKING:
    from dispatch.demand.history import SiteHistory

SETTINGS = DemandSettings()


def drafted(history: SiteHistory) -> JobDraft | None:
    found = draft(history, SETTINGS, the_evening())
    return found[0] if found else None


def visits(*counts: float) -> tuple[Signal, ...]:
    return until_now(SignalKind.STATION_VISITS, counts, every=12 * HOUR)


@pytest.mark.parametrize(
    ("count", "required"), [(5, None), (6, False), (8, False), (9, True), (20, True)]
)
def test_bait_is_refilled_after_six_visits_and_must_be_after_nine(
    count: int, required: bool | None
) -> None:
    """From the count on it may be done, from one and a half times the count it must."""
    job = drafted(a_history(a_station(), visits(0, 2, count)))
    assert (job.required if job else None) is required


def test_a_refill_carries_bait_and_needs_certified_people_for_the_sewer() -> None:
    """Poison and manhole each need their own licence, and nobody opens a manhole alone."""
    job = drafted(a_history(a_station(), visits(9)))
    assert job is not None
    assert job.kind is JobKind.BAIT
    assert job.loads == (Load(dimension=Dimension.BAIT_ITEMS, amount=4),)
    assert job.skills == {Skill.RODENTICIDE, Skill.SEWER_ENTRY}
    assert job.persons == 2
    assert job.reason.de == (
        "9 Besuche seit dem Nachfüllen, der Köder reicht für 6, Köder vermutlich leer"
    )


def test_a_connected_station_needs_no_check_however_long_ago_the_last_was() -> None:
    """The counter replaces the round."""
    station = a_station(last_checked=TOMORROW - 90 * DAY)
    assert drafted(a_history(station, visits(0, 0))) is None


def test_a_silent_station_is_checked_after_three_weeks() -> None:
    """Without the counter the old rule holds, and a check is a must."""
    station = a_station(last_checked=TOMORROW - 21 * DAY)
    job = drafted(a_history(station))
    assert job is not None
    assert (job.kind, job.required) == (JobKind.CHECK, True)
    assert job.reason.en == (
        "Bait station not connected; last checked Wed 24 Jun, 21 days ago (limit 21 days)"
    )


def test_a_station_that_stopped_sending_counts_as_not_connected() -> None:
    """Three days of silence end the exemption, and the reason names the day."""
    station = a_station(last_checked=TOMORROW - 30 * DAY)
    stopped = until_now(SignalKind.STATION_VISITS, [1, 1, 1, 1], every=DAY)[:1]
    job = drafted(a_history(station, stopped))
    assert job is not None
    assert job.reason.de.startswith("Köderstation stumm seit Sa 11.07.; zuletzt geprüft")


def test_a_reported_check_or_refill_starts_the_three_weeks_anew() -> None:
    """What crews report counts as much as the register."""
    station = a_station(last_checked=TOMORROW - 90 * DAY)
    assert drafted(a_history(station, last_done={JobKind.CHECK: NOW - 3 * DAY})) is None
    assert drafted(a_history(station, last_done={JobKind.BAIT: NOW - 3 * DAY})) is None


def test_a_count_from_before_the_refill_does_not_ask_for_another() -> None:
    """The counter reports its reset with its next uplink only."""
    done = {JobKind.BAIT: NOW + HOUR}
    assert drafted(a_history(a_station(), visits(9), last_done=done)) is None
