from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from dispatch.demand.notice_settings import NoticeSettings
from dispatch.demand.notices import NoticeDemand, matters, notice_demand
from dispatch.demand.settings import DemandSettings
from dispatch.domain.geo import LatLon
from dispatch.domain.ids import SiteId
from dispatch.domain.job import JobDraft, JobKind, Skill
from dispatch.domain.notice import Notice, NoticeStatus, notice_id
from dispatch.domain.site import Pond, Site
from tests.helpers.histories import DAY, HOUR, NOW, a_bank, the_evening

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import timedelta

MARKET = LatLon(51.4818, 7.2162)
METRE = 1 / 111_200
"""Of latitude, in degrees."""

BANK = Site(id=SiteId("glas-1"), name="Markt", location=MARKET, asset=a_bank())


def a_notice(number: int = 1, *, north_m: float = 0, ago: timedelta = HOUR, **parts: Any) -> Notice:
    place = LatLon(MARKET.lat + north_m * METRE, MARKET.lon)
    defaults: dict[str, Any] = {
        "id": notice_id("open311", str(number)),
        "source": "open311",
        "code": "012",
        "name": "Müll am Container",
        "text": "",
        "location": place,
        "requested_at": NOW - ago,
    }
    return Notice(**defaults | parts)


def demanded(*notices: Notice, sites: Sequence[Site] = (), **parts: Any) -> NoticeDemand:
    return notice_demand(notices, sites, DemandSettings(), the_evening(), **parts)


def the_draft(*notices: Notice, sites: Sequence[Site] = (), **parts: Any) -> JobDraft:
    (found,) = demanded(*notices, sites=sites, **parts).drafts
    return found


def test_a_notice_becomes_a_job_at_a_spot_of_its_own() -> None:
    """Where nothing is registered the spot becomes a site, always under the same id."""
    found = demanded(a_notice())
    (site,) = found.new_sites
    (job,) = found.drafts
    assert (job.site_id, job.kind) == (site.id, JobKind.CLEAN)
    assert (site.name, site.location) == ("Müll am Container", MARKET)
    assert demanded(a_notice()).new_sites == (site,)
    assert demanded(a_notice(2, north_m=9), sites=[site]).new_sites == ()


def test_duplicates_are_one_job_that_says_how_many_reported_it_and_since_when() -> None:
    """Four people see the same heap."""
    people = [a_notice(n, north_m=10 * n, ago=n * DAY) for n in (1, 2, 3, 4)]
    job = the_draft(*people)
    assert job.reason.de == (
        "Müll am Container: 4 Meldungen seit Fr 10.07. 18:00 Uhr, zuletzt Mo 13.07. 18:00 Uhr"
    )
    assert job.reason.en.startswith("Müll am Container: 4 notices since Fri 10 Jul 18:00")
    assert job.required


@pytest.mark.parametrize(
    "other",
    [
        a_notice(2, north_m=60),
        a_notice(2, ago=8 * DAY),
        a_notice(2, code="013"),
        a_notice(2, source="crew"),
    ],
)
def test_another_place_time_or_service_is_another_matter(other: Notice) -> None:
    """Fifty metres, seven days, one service of one sender."""
    assert len(matters([a_notice(), other], NoticeSettings())) == 2


def test_a_notice_between_two_others_joins_them() -> None:
    """Forty metres to either side: one heap along the street, whatever the order."""
    row = [a_notice(n, north_m=40 * n, ago=HOUR * (3 - n % 3)) for n in (0, 1, 2)]
    assert len(matters(row, NoticeSettings())) == 1
    assert matters(row[::-1], NoticeSettings()) == matters(row, NoticeSettings())


def test_a_notice_near_a_registered_site_belongs_to_it() -> None:
    """To the nearest one; farther off it is a spot of its own."""
    pond = Site(
        id=SiteId("teich"),
        name="Teich",
        location=LatLon(MARKET.lat + 40 * METRE, MARKET.lon),
        asset=Pond(),
    )
    assert the_draft(a_notice(north_m=15), sites=[BANK, pond]).site_id == "glas-1"
    assert the_draft(a_notice(north_m=25), sites=[BANK, pond]).site_id == "teich"
    assert the_draft(a_notice(north_m=90), sites=[BANK, pond]).site_id.startswith("ort-")


def test_the_price_grows_with_reporters_and_with_age() -> None:
    """And after two weeks it must be done, though one person only asked."""
    alone = the_draft(a_notice())
    twice = the_draft(a_notice(), a_notice(2))
    older = the_draft(a_notice(ago=6 * DAY))
    assert alone.leave_price_ct < older.leave_price_ct
    assert twice.leave_price_ct == 2 * alone.leave_price_ct
    assert [alone.required, older.required] == [False, False]
    assert the_draft(a_notice(ago=15 * DAY)).required


def test_a_closed_notice_calls_for_nothing() -> None:
    """Of two people one still waits; when both are answered the matter is over."""
    closed = [a_notice(n, status=NoticeStatus.CLOSED) for n in (1, 2)]
    assert demanded(*closed).drafts == ()
    assert demanded(*closed).new_sites == ()
    assert the_draft(closed[0], a_notice(2)).reason.en == (
        "Müll am Container: reported Tue 14 Jul 17:00"
    )


def test_what_was_done_since_is_not_asked_for_again() -> None:
    """Only who tells of it afterwards."""
    done = {BANK.id: {JobKind.CLEAN: NOW - 2 * DAY}}
    old = a_notice(ago=3 * DAY)
    assert demanded(old, sites=[BANK], last_done=done).drafts == ()
    again = the_draft(old, a_notice(2), sites=[BANK], last_done=done)
    assert again.reason.en == "Müll am Container: reported Tue 14 Jul 17:00"


def test_rats_need_certified_people_and_all_else_somebody_who_looks() -> None:
    """By words of the service's name, for each city numbers its services itself."""
    rats = the_draft(a_notice(name="Rattenbefall"))
    assert (rats.kind, rats.skills) == (JobKind.NOTICE, frozenset({Skill.RODENTICIDE}))
    other = the_draft(a_notice(name="Straßenlaterne defekt"))
    assert (other.kind, other.skills) == (JobKind.NOTICE, frozenset())


def test_two_matters_of_one_kind_at_a_site_are_one_job() -> None:
    """One halt; both reasons are told."""
    job = the_draft(a_notice(), a_notice(2, code="013", name="Scherben am Container"), sites=[BANK])
    assert job.reason.de.count("gemeldet") == 2


def test_notices_of_tomorrow_and_of_last_year_are_no_matter() -> None:
    """A past day is judged by what was known then."""
    assert demanded(a_notice(ago=-HOUR), a_notice(2, ago=90 * DAY)).drafts == ()


def test_many_notices_are_sorted_out_quickly() -> None:
    """A few thousand in a year: none is compared with all others."""
    apart = [a_notice(n, north_m=60 * n, ago=n * HOUR) for n in range(2000)]
    along = [a_notice(n, north_m=40 * (n * 7 % 2000), ago=n * HOUR / 20) for n in range(2000)]
    assert len(matters(apart, NoticeSettings())) == 2000
    assert len(matters(along, NoticeSettings())) == 1
