from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import pytest

from dispatch.demand.settings import DemandSettings
from dispatch.demand.traps import draft
from dispatch.domain.job import Dimension, JobDraft, JobKind, Load, Skill
from dispatch.domain.signal import Signal, SignalKind, TrapState
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


def state(*values: float, kind: SignalKind = SignalKind.TRAP_STATE) -> tuple[Signal, ...]:
    """Return what the station said, every hour, the last time now."""
    return until_now(kind, values, every=HOUR)


CHECKED_YESTERDAY = a_station(last_checked=TOMORROW - 2 * DAY)
SET, CAUGHT, WOKEN = TrapState.NORMAL, TrapState.TRAPPED, TrapState.WAKE_UP


def test_a_trap_that_caught_something_is_emptied_within_a_day() -> None:
    """Triggered at four in the afternoon: tomorrow's round is the last chance in time."""
    job = drafted(a_history(CHECKED_YESTERDAY, state(SET, CAUGHT, CAUGHT, CAUGHT)))
    assert job is not None
    assert (job.kind, job.required) == (JobKind.CHECK, True)
    assert job.due == NOW + 22 * HOUR
    assert job.reason.de == (
        "Falle ausgelöst seit 2 Stunden (Di 14.07. 16:00 Uhr), zu leeren bis Mi 15.07. 16:00 Uhr"
    )


@pytest.mark.parametrize("states", [(CAUGHT, SET), (SET,), (CAUGHT, SET, WOKEN)])
def test_a_trap_that_was_set_again_needs_nobody(states: tuple[TrapState, ...]) -> None:
    """Somebody has been there, reported or not."""
    assert drafted(a_history(CHECKED_YESTERDAY, state(*states))) is None


def test_a_trap_that_woke_up_is_as_it_was_before() -> None:
    """A restart says nothing about the catch."""
    assert drafted(a_history(CHECKED_YESTERDAY, state(CAUGHT, WOKEN))) is not None


def test_what_was_caught_before_the_last_visit_is_gone() -> None:
    """The crew reports the visit before the trap reports that it is set."""
    history = a_history(CHECKED_YESTERDAY, state(CAUGHT, CAUGHT))
    assert drafted(replace(history, last_done={JobKind.CHECK: NOW})) is None


def test_an_open_lid_is_a_danger_after_an_hour_and_costs_by_the_hour() -> None:
    """A crew at work has it open too."""
    assert drafted(a_history(CHECKED_YESTERDAY, state(1, kind=SignalKind.LID_OPEN))) is None
    job = drafted(a_history(CHECKED_YESTERDAY, state(0, 1, 1, kind=SignalKind.LID_OPEN)))
    assert job is not None
    assert (job.kind, job.required) == (JobKind.CHECK, True)
    assert job.late_ct_per_h > 0
    assert job.reason.en == (
        "Lid open since Tue 14 Jul 17:00: danger of falling, and poison within reach"
    )


def test_spoilt_bait_is_replaced_once_the_water_is_gone() -> None:
    """Nobody climbs down while it stands; a sensor that drowned is believed for two days."""
    flooded = SignalKind.FLOODED
    assert drafted(a_history(CHECKED_YESTERDAY, state(0, 1, 1, kind=flooded))) is None
    job = drafted(a_history(CHECKED_YESTERDAY, state(0, 1, 0, kind=flooded)))
    assert job is not None
    assert (job.kind, job.required) == (JobKind.BAIT, False)
    assert "Köder verdorben" in job.reason.de
    later = the_evening(now=NOW + 3 * DAY, day=TOMORROW + 3 * DAY)
    drowned = a_history(CHECKED_YESTERDAY, state(0, 1, kind=flooded))
    assert [j.kind for j in draft(drowned, SETTINGS, later)] == [JobKind.BAIT]


def test_all_that_is_to_be_done_at_a_station_is_one_job() -> None:
    """Whoever opens the manhole does everything; the most urgent part decides."""
    history = a_history(a_station(), visits(0, 7), state(CAUGHT, CAUGHT))
    job = drafted(history)
    assert job is not None
    assert (job.kind, job.required) == (JobKind.BAIT, True)
    assert job.reason.en.startswith("Trap triggered")
    assert "7 visits since the last refill" in job.reason.en


def test_for_a_day_after_a_refill_no_other_is_asked_for() -> None:
    """The first curious visits are no demand yet; after that they count."""
    counts = visits(9, 1, 7)
    refilled = {JobKind.BAIT: NOW - 20 * HOUR}
    assert drafted(a_history(a_station(), counts, last_done=refilled)) is None
    earlier = {JobKind.BAIT: NOW - 26 * HOUR}
    assert drafted(a_history(a_station(), visits(9, 9, 1, 7), last_done=earlier)) is not None


def test_a_counter_nobody_set_back_counts_from_where_it_stood() -> None:
    """Nine at the refill and eleven now are two visits, not eleven."""
    refilled = {JobKind.BAIT: NOW - 30 * HOUR}
    assert drafted(a_history(a_station(), visits(9, 9, 10, 11), last_done=refilled)) is None
    job = drafted(a_history(a_station(), visits(9, 9, 10, 16), last_done=refilled))
    assert job is not None
    assert job.reason.en.startswith("7 visits")


def test_from_two_weeks_on_an_unheard_station_may_be_checked_on_the_way() -> None:
    """A crew that is near anyway need not come again next week."""
    job = drafted(a_history(a_station(last_checked=TOMORROW - 15 * DAY)))
    assert job is not None
    assert (job.kind, job.required) == (JobKind.CHECK, False)
    assert drafted(a_history(a_station(last_checked=TOMORROW - 13 * DAY))) is None


def test_above_ground_one_person_looks_every_week() -> None:
    """No manhole, no second person, no gas test; poison still needs its licence."""
    box = replace(a_station(last_checked=TOMORROW - 7 * DAY), in_sewer=False)
    job = drafted(a_history(box))
    assert job is not None
    assert (job.required, job.persons, job.setup_s) == (True, 1, 0)
    assert job.skills == {Skill.RODENTICIDE}
