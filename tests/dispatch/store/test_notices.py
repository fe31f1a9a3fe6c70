"""What people told, kept once and as last heard."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import TYPE_CHECKING

from dispatch.domain.geo import LatLon
from dispatch.domain.notice import Notice, NoticeStatus, notice_id
from tests.helpers.plans import a_payload, at

if TYPE_CHECKING:
    from dispatch.store import Store

FULL = Notice(
    id=notice_id("open311", "638344"),
    source="open311",
    code="006",
    name="Glascontainer voll",
    text="läuft über",
    location=LatLon(lat=51.4818, lon=7.2162),
    requested_at=at(-60),
    media_url="https://example.org/638344.jpg",
)


def saved(store: Store, *notices: Notice) -> int:
    """Return how many of the notices were news."""
    with store.begin() as tx:
        return len(tx.save_notices([(notice, a_payload().id) for notice in notices]))


def kept(store: Store, status: NoticeStatus | None = None) -> list[Notice]:
    with store.read() as tx:
        return tx.notices(since=at(-1000), until=at(0), status=status)


def test_a_notice_comes_back_as_it_was(city_store: Store) -> None:
    """Words, place, times and photo; told twice it is kept once."""
    assert (saved(city_store, FULL, FULL), saved(city_store, FULL)) == (1, 0)
    assert kept(city_store) == [FULL]


def test_a_later_state_replaces_an_earlier_one_only(city_store: Store) -> None:
    """Answers come in any order: closed stays closed when an older answer arrives."""
    changed = replace(FULL, text="geleert", updated_at=at(-30))
    closed = replace(changed, status=NoticeStatus.CLOSED)
    assert [saved(city_store, state) for state in (FULL, changed, closed, changed, FULL)] == [
        *(1, 1, 1, 0, 0),
    ]
    assert kept(city_store) == [closed]
    assert kept(city_store, NoticeStatus.OPEN) == []


def test_notices_of_a_period_in_the_order_of_time(city_store: Store) -> None:
    """Both ends belong to the period."""
    early, late = (
        replace(FULL, id=notice_id("open311", name), requested_at=moment)
        for name, moment in (("1", at(-1000)), ("2", at(0)))
    )
    after = replace(FULL, id=notice_id("open311", "3"), requested_at=at(0) + timedelta(seconds=1))
    saved(city_store, after, late, FULL, early)
    assert kept(city_store) == [early, FULL, late]
    assert kept(city_store, NoticeStatus.OPEN) == [early, FULL, late]
