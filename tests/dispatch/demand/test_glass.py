from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime, time, timedelta

import pytest

from dispatch.demand.glass import draft
from dispatch.demand.history import Occasion, SiteHistory
from dispatch.demand.settings import DemandSettings
from dispatch.domain.clock import BERLIN
from dispatch.domain.job import Dimension, JobDraft, JobKind, Skill
from dispatch.domain.signal import Grade, SignalKind
from dispatch.domain.site import GlassColour
from tests.helpers.histories import (
    DAY,
    HOUR,
    NOW,
    TOMORROW,
    a_bank,
    a_history,
    emptied_every,
    later,
    levels,
    the_evening,
)
from tests.helpers.signals import a_signal

SETTINGS = DemandSettings()


def drafted(history: SiteHistory, occasion: Occasion | None = None) -> JobDraft | None:
    found = draft(history, SETTINGS, occasion or the_evening())
    assert len(found) <= 1
    return found[0] if found else None


def test_a_container_that_would_overflow_before_the_next_service_day_is_a_must() -> None:
    """85 % and 8 points a day: by Thursday evening it is over 95 %."""
    job = drafted(a_history(a_bank(), levels(now_pct=85, rate_pct_day=8)))
    assert job is not None
    assert (job.kind, job.required, job.skills) == (
        JobKind.EMPTY,
        True,
        frozenset({Skill.GLASS_CRANE}),
    )
    assert job.due is not None
    assert job.due.date() in (date(2026, 7, 15), date(2026, 7, 16))


def test_a_container_that_can_wait_is_a_may_whose_price_rises_with_its_level() -> None:
    """Leaving a fuller container costs more; one at half is left alone, for nothing is at risk."""
    jobs = [
        drafted(a_history(a_bank(), levels(now_pct=now, rate_pct_day=4))) for now in (55, 82, 86)
    ]
    assert jobs[0] is None
    assert [job.required for job in jobs if job] == [False] * 2
    prices = [job.leave_price_ct for job in jobs if job]
    assert SETTINGS.glass.least_price_ct <= prices[0] < prices[1]


def test_a_half_empty_container_is_left_alone() -> None:
    """Nobody drives for 40 %."""
    assert drafted(a_history(a_bank(), levels(now_pct=40, rate_pct_day=4))) is None


def test_a_must_is_what_risks_an_overflow_before_the_next_chance() -> None:
    """From a set probability on nobody waits; below it the price grows with the risk."""
    jobs = [
        drafted(a_history(a_bank(), levels(now_pct=now, rate_pct_day=8))) for now in range(70, 95)
    ]
    found = [job for job in jobs if job is not None]
    prices = [job.leave_price_ct for job in found]
    limit = SETTINGS.glass.must_chance * SETTINGS.glass.overflow_ct
    assert prices == sorted(prices)
    assert [job.required for job in found] == [price >= limit for price in prices]
    assert {job.required for job in found} == {True, False}


def test_the_probability_from_which_on_nobody_waits_is_a_setting() -> None:
    """A city that hates overflows sends the lorry earlier."""
    careful = replace(SETTINGS, glass=replace(SETTINGS.glass, must_chance=0.1))
    history = a_history(a_bank(), levels(now_pct=85, rate_pct_day=4))
    (usual,) = draft(history, SETTINGS, the_evening())
    (early,) = draft(history, careful, the_evening())
    assert (usual.required, early.required) == (False, True)


def test_on_saturday_the_sunday_counts() -> None:
    """What would overflow by Monday evening must go on Saturday, for nobody comes on Sunday."""
    saturday = Occasion(now=NOW + 3 * DAY, day=date(2026, 7, 18))
    history = a_history(a_bank(), later(3 * DAY, levels(now_pct=82, rate_pct_day=6)))
    job = drafted(history, saturday)
    assert job is not None
    assert job.required
    assert job.reason.de.endswith("; nächste Leerung Mo 20.07.")
    assert job.reason.en.endswith("; next emptying Mon 20 Jul")
    thursday = drafted(
        a_history(a_bank(), later(DAY, levels(now_pct=82, rate_pct_day=6))),
        Occasion(now=NOW + DAY, day=date(2026, 7, 16)),
    )
    assert thursday is None or not thursday.required


@pytest.mark.parametrize(
    "occasion",
    [
        Occasion(now=NOW, day=date(2026, 7, 19)),
        Occasion(now=NOW, day=TOMORROW, holidays=frozenset({TOMORROW})),
    ],
)
def test_nobody_empties_glass_on_a_sunday_or_holiday(occasion: Occasion) -> None:
    """The noise ordinance allows it on working days only."""
    assert drafted(a_history(a_bank(), levels(now_pct=99, rate_pct_day=8)), occasion) is None


def test_work_lies_between_seven_and_twenty_hours() -> None:
    """The last start leaves time to finish by 20:00."""
    job = drafted(a_history(a_bank(), levels(now_pct=99, rate_pct_day=8)))
    assert job is not None
    (window,) = job.windows
    assert window.earliest == datetime(2026, 7, 15, 7, tzinfo=BERLIN)
    assert window.latest == datetime(2026, 7, 15, 19, 54, tzinfo=BERLIN)


def test_one_halt_empties_every_container_worth_it_and_adds_litres_per_colour() -> None:
    """Once the crane stands there, the 40 % of green glass go too; the 10 % of brown stay."""
    bank = a_bank(GlassColour.WHITE, GlassColour.GREEN, GlassColour.BROWN)
    job = drafted(
        a_history(
            bank,
            levels(now_pct=90, rate_pct_day=6, colour="white"),
            levels(now_pct=40, rate_pct_day=1, colour="green"),
            levels(now_pct=10, rate_pct_day=1, colour="brown"),
        )
    )
    assert job is not None
    loads = {load.dimension: load.amount for load in job.loads}
    assert set(loads) == {Dimension.WHITE_GLASS_L, Dimension.GREEN_GLASS_L}
    assert 2700 < loads[Dimension.WHITE_GLASS_L] <= 3000
    assert (job.setup_s, job.service_s) == (120, 480)
    assert "; dazu 1 weiterer ab 30 %;" in job.reason.de


def test_the_reason_has_the_figures_in_both_languages() -> None:
    """A dispatcher sees level, litres, rate, when it is full, the risk and the next chance."""
    job = drafted(a_history(a_bank(), levels(now_pct=92, rate_pct_day=8, days=20)))
    assert job is not None
    assert job.reason.de == (
        "Weißglas 92 % (2.760 l), +8 %/Tag: voll etwa Mi 15.07. (Di 14.07. bis Do 16.07.), "
        "läuft bis Do 15:00 Uhr mit 99 % Wahrscheinlichkeit über; nächste Leerung Do 16.07."
    )
    assert job.reason.en == (
        "White glass 92 % (2,760 l), +8 %/day: full about Wed 15 Jul (Tue 14 Jul to Thu 16 Jul), "
        "overflows by Thu 15:00 with 99 %; next emptying Thu 16 Jul"
    )


def test_a_full_container_is_called_full() -> None:
    """Nobody reads when it will be full if it is."""
    job = drafted(a_history(a_bank(), levels(now_pct=99, rate_pct_day=5)))
    assert job is not None
    assert "ist voll" in job.reason.de
    assert "is full" in job.reason.en


def test_bad_levels_create_nothing() -> None:
    """A tilted sensor may say 100 %; only believable levels count."""
    bad = tuple(replace(s, grade=Grade.TILTED) for s in levels(now_pct=99, rate_pct_day=5))
    assert drafted(a_history(a_bank(), bad)) is None


def test_one_wild_value_changes_little() -> None:
    """A single echo of 98 % does not send a lorry."""
    calm = levels(now_pct=40, rate_pct_day=3)
    echo = replace(calm[-1], value=98.0)
    assert drafted(a_history(a_bank(), (*calm[:-1], echo))) is None


def test_after_an_emptying_only_the_new_filling_counts() -> None:
    """A container emptied this morning asks for nothing, however full it was."""
    before = levels(now_pct=97, rate_pct_day=9)
    after = [
        a_signal(SignalKind.FILL_LEVEL, 3 + at, observed_at=NOW + at * HOUR, part_id="white")
        for at in range(1, 4)
    ]
    evening = Occasion(now=NOW + 4 * HOUR, day=TOMORROW)
    assert drafted(a_history(a_bank(), before, after), evening) is None


def test_a_sensor_that_fell_silent_is_carried_on_and_said_to_be_old() -> None:
    """No news for four days: the container went on filling, and the reason says so."""
    old = tuple(
        replace(s, observed_at=s.observed_at - 4 * DAY)
        for s in levels(now_pct=60, rate_pct_day=8, days=20)
    )
    job = drafted(a_history(a_bank(), old))
    assert job is not None
    assert "gemessen vor 4 Tagen" in job.reason.de
    assert "measured 4 days ago" in job.reason.en
    assert job.required


def test_signals_from_the_future_do_not_count() -> None:
    """A device with a wrong clock cannot fill a container."""
    ahead = tuple(
        replace(s, observed_at=s.observed_at + 20 * DAY) for s in levels(now_pct=99, rate_pct_day=5)
    )
    assert drafted(a_history(a_bank(), ahead)) is None


def test_the_opening_hours_are_a_setting() -> None:
    """Authorities allow 6 o'clock on hot days."""
    glass = replace(SETTINGS.glass, opens=time(6))
    (job,) = draft(
        a_history(a_bank(), levels(now_pct=99, rate_pct_day=8)),
        replace(SETTINGS, glass=glass),
        the_evening(),
    )
    assert job.windows[0].earliest.hour == 6


@pytest.mark.parametrize(("hottest", "hour"), [(28.0, 6), (27.9, 7), (None, 7)])
def test_on_hot_days_the_crews_may_start_earlier_if_the_authority_allows_it(
    hottest: float | None, hour: int
) -> None:
    """From 28 degrees on at six; without a forecast, or without the exception, at seven."""
    temperatures = {} if hottest is None else {TOMORROW: hottest}
    occasion = the_evening(max_temp_c=temperatures)
    history = a_history(a_bank(), levels(now_pct=99, rate_pct_day=8))
    allowed = replace(SETTINGS, glass=replace(SETTINGS.glass, hot_opens=time(6)))
    (job,) = draft(history, allowed, occasion)
    assert job.windows[0].earliest.hour == hour
    (strict,) = draft(history, SETTINGS, occasion)
    assert strict.windows[0].earliest.hour == 7


def test_a_container_without_sensor_is_emptied_by_its_history() -> None:
    """Crews found it at 80 % every fortnight; thirteen days later it is time again."""
    reports = emptied_every(14, times=6, last_days_ago=15, found_pct=80)
    job = drafted(a_history(a_bank(), reports))
    assert job is not None
    assert job.required
    assert "geschätzt, geleert vor 15 Tagen" in job.reason.de
    assert "reckoned, emptied 15 days ago" in job.reason.en
    assert job.evidence
    early = drafted(a_history(a_bank(), emptied_every(14, times=6, last_days_ago=3, found_pct=80)))
    assert early is None


def test_a_day_of_clock_change_keeps_its_hours() -> None:
    """On 26 October 2026, after the clocks went back, the window is 7 to 20 h by the wall."""
    day = date(2026, 10, 26)
    now = datetime(2026, 10, 25, 18, tzinfo=BERLIN)
    moved = later(now - NOW, levels(now_pct=99, rate_pct_day=8))
    job = drafted(a_history(a_bank(), moved), Occasion(now=now, day=day))
    assert job is not None
    assert (job.windows[0].earliest.hour, job.windows[0].latest.hour) == (7, 19)
    assert timedelta(0) <= job.windows[0].latest - job.windows[0].earliest < 13 * HOUR
