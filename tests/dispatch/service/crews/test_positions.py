"""Positions are kept only if switched on, on duty, and only the last."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

import pytest

from dispatch.domain.access import Role
from dispatch.domain.errors import NotAllowed
from dispatch.domain.geo import LatLon
from dispatch.domain.ids import CrewId
from dispatch.domain.report import ReportKind
from dispatch.domain.road import CrewPosition
from dispatch.service.crews.positions import PositionRules, keep_positions, shown_positions
from dispatch.service.crews.record import Batch, Sent, record
from tests.helpers.doors import an_actor
from tests.helpers.plans import at
from tests.helpers.reports import a_report

if TYPE_CHECKING:
    from dispatch.domain.report import StopReport
    from dispatch.store import Store

TABLET = an_actor(Role.CREW, crew_id=CrewId("glas"))
ON, OFF = PositionRules(on=True), PositionRules()
NOTHING = timedelta()


def kept(
    store: Store, *minutes: int, rules: PositionRules = ON, behind: timedelta = NOTHING
) -> int:
    """Return how many of the places of these minutes lay on duty."""
    told = [
        CrewPosition(
            crew_id=CrewId("glas"),
            at=at(minute),
            location=LatLon(51.48, 7.2 + minute / 1000),
            received_at=at(600),
        )
        for minute in minutes
    ]
    return keep_positions(told, sender=TABLET, behind=behind, rules=rules, store=store)


def last_minute(store: Store) -> int | None:
    """Return the minute of the place that is kept, if one is."""
    shown = shown_positions(an_actor(Role.DISPATCHER), store=store)
    return int((shown[0].at - at(0)).total_seconds() // 60) if shown else None


def report(store: Store, told: StopReport) -> None:
    """Take a report of the crew."""
    sent = Sent(body=repr(told), report=told)
    batch = Batch(actor=TABLET, sent_at=told.told_at, received_at=told.told_at, reports=(sent,))
    record(batch, store=store)


def test_switched_off_nothing_is_kept(store: Store) -> None:
    """Without a decision of the city no place is kept, not even on duty."""
    with pytest.raises(NotAllowed, match="S731"):
        kept(store, 10, rules=OFF)
    assert last_minute(store) is None


def test_only_the_last_place_is_kept(store: Store) -> None:
    """Where the crew was before concerns nobody; what comes late changes nothing."""
    assert kept(store, 5, 20, 12) == 3
    assert kept(store, 15) == 1
    assert last_minute(store) == 20


def test_only_on_duty(store: Store) -> None:
    """Before and after the shift (planned from 0 to 40) nothing is kept: the crew is private."""
    assert kept(store, -10, 20, 45) == 1
    with pytest.raises(NotAllowed, match="S732"):
        kept(store, 45)
    assert last_minute(store) == 20


def test_duty_is_what_the_crew_says(store: Store) -> None:
    """It begins with the report of the start, and goes on until the end is told."""
    report(store, a_report(1, 15, kind=ReportKind.START, halt="start"))
    with pytest.raises(NotAllowed, match="S732"):
        kept(store, 10)
    assert kept(store, 100) == 1


def test_the_place_is_forgotten_at_the_end_of_the_shift(store: Store) -> None:
    """Who goes home is followed by nobody, nor is what comes in later kept."""
    kept(store, 30)
    report(store, a_report(1, 38, halt="end"))
    assert last_minute(store) is None
    with pytest.raises(NotAllowed, match="S732"):
        kept(store, 39)
    assert kept(store, 37) == 1


def test_a_wrong_clock_is_put_right(store: Store) -> None:
    """A tablet an hour ahead was there an hour earlier than it says."""
    assert kept(store, 80, behind=timedelta(hours=-1)) == 1
    assert last_minute(store) == 20


@pytest.mark.parametrize("behind", [timedelta(days=-730_000), timedelta(days=2_900_000)])
def test_a_clock_beyond_the_calendar(store: Store, behind: timedelta) -> None:
    """A tablet that believes to be in the year 1 or 9999 is not asked where it was."""
    with pytest.raises(NotAllowed, match="S732"):
        kept(store, 60 * 24 * -8, behind=behind)


def test_other_organisations_do_not_see_it(store: Store) -> None:
    """A dispatcher of the parks does not see where USB's crews are."""
    kept(store, 20)
    parks = an_actor(Role.READER, organisation="parks")
    assert shown_positions(parks, store=store) == []


def test_retention_forgets(store: Store) -> None:
    """Old places are deleted, newer ones stay."""
    kept(store, 20)
    with store.begin() as tx:
        assert tx.delete_positions(before=at(20)) == 0
        assert tx.delete_positions(before=at(21)) == 1
    assert last_minute(store) is None
