"""The own irrigation model as the watering rule uses it."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from typing import TYPE_CHECKING

from dispatch.demand.irrigation.et0 import BOCHUM
from dispatch.demand.irrigation.inputs import IrrigationInputs, make_inputs
from dispatch.demand.settings import DemandSettings
from dispatch.demand.watering import draft
from dispatch.domain.job import JobDraft, JobKind
from dispatch.domain.signal import Grade, SignalKind
from dispatch.domain.weather import WateringGiven, WeatherOrigin
from tests.helpers.histories import (
    DAY,
    HOUR,
    NOW,
    TOMORROW,
    a_history,
    a_need,
    a_tree,
    the_evening,
    until_now,
)
from tests.helpers.soils import a_level, weather_days

if TYPE_CHECKING:
    from dispatch.demand.history import SiteHistory

SETTINGS = DemandSettings()
APRIL, TODAY = date(2026, 4, 1), date(2026, 7, 14)


def a_summer(*, dry_days: int = 20, depth_m: float | None = None) -> IrrigationInputs:
    """Return the weather up to yesterday, with a dry spell at its end; beyond, the climate."""
    measured = [
        replace(d, rain_mm=0.0 if (TODAY - d.day).days <= dry_days else 6.0)
        for d in weather_days((TODAY - APRIL).days)
    ]
    return make_inputs(
        measured,
        first=APRIL,
        last=TODAY + timedelta(days=18),
        place=BOCHUM,
        settings=SETTINGS.irrigation,
        groundwater=[] if depth_m is None else [a_level(depth_m)],
    )


def drafted(history: SiteHistory, **occasion: object) -> JobDraft | None:
    parts: dict[str, object] = {"irrigation": a_summer()}
    found = draft(history, SETTINGS, the_evening(**parts | occasion))
    return found[0] if found else None


def test_a_dry_spell_makes_a_job_with_its_figures() -> None:
    """Without an external model the own one says how much, until when and why."""
    job = drafted(a_history(a_tree()), irrigation=a_summer(depth_m=5.0))
    assert job is not None
    assert job.required
    assert 75 <= job.loads[0].amount <= 200
    assert job.leave_price_ct > 0
    assert job.reason.de.startswith(f"{job.loads[0].amount} l spätestens ")
    assert "eigenes Modell, zu" in job.reason.de
    assert "mm leicht verfügbarem Wasser, Regen in 7 Tagen 0 mm" in job.reason.de
    assert "Grundwasser 5,0 m tief (kein Aufstieg)" in job.reason.de
    assert "own model" in job.reason.en
    assert "groundwater 5.0 m deep (no capillary rise)" in job.reason.en


def test_the_reason_says_what_of_the_weather_is_guessed() -> None:
    """Three of the last fourteen days were not measured, and there is no forecast."""
    inputs = a_summer()
    gap = {TODAY - timedelta(days=n) for n in (2, 3, 4)}
    guessed = {
        day: replace(driver, origin=WeatherOrigin.CLIMATE) if day in gap else driver
        for day, driver in inputs.drivers.items()
    }
    job = drafted(a_history(a_tree()), irrigation=replace(inputs, drivers=guessed))
    assert job is not None
    assert job.reason.de.endswith("Wetter an 3 von 14 Tagen geschätzt, ohne Wettervorhersage")


def test_before_its_latest_day_it_is_a_may_whose_price_rises_towards_it() -> None:
    """After a shorter spell it may wait, and waiting gets dearer day by day."""
    prices = []
    for dry_days in range(7, 12):
        job = drafted(a_history(a_tree()), irrigation=a_summer(dry_days=dry_days))
        if job is not None and not job.required:
            prices.append(job.leave_price_ct)
    assert len(prices) >= 2
    assert prices == sorted(prices)


def test_after_rain_nothing_is_needed() -> None:
    """The soil is full."""
    assert drafted(a_history(a_tree()), irrigation=a_summer(dry_days=1)) is None


def test_what_crews_gave_yesterday_is_in_the_soil() -> None:
    """With litres as reported, or without them as usual."""
    given = WateringGiven(
        site_id=a_history(a_tree()).site.id, given_at=NOW - 30 * HOUR, litres=200.0
    )
    assert drafted(a_history(a_tree(), waterings=(given,))) is None
    done = {JobKind.WATER: NOW - 30 * HOUR}
    usual = drafted(a_history(a_tree(), last_done=done))
    dry = drafted(a_history(a_tree()))
    assert dry is not None
    assert usual is None or usual.loads[0].amount < dry.loads[0].amount


def test_a_tree_that_is_not_planted_yet_needs_no_water() -> None:
    """Registers are ahead of the spade."""
    assert drafted(a_history(replace(a_tree(), planted=TOMORROW + 30 * DAY))) is None


def test_a_watering_of_the_future_is_not_in_the_soil() -> None:
    """A clock that is wrong, or a past day replayed."""
    later = WateringGiven(site_id=a_history(a_tree()).site.id, given_at=NOW + DAY, litres=200.0)
    assert drafted(a_history(a_tree(), waterings=(later,))) == drafted(a_history(a_tree()))


def test_a_fresh_external_run_is_asked_first() -> None:
    """Its litres count; what it leaves out needs nothing, whatever the own model thinks."""
    job = drafted(a_history(a_tree(), [a_need(litres=88)]))
    assert job is not None
    assert job.loads[0].amount == 88
    assert drafted(a_history(a_tree()), watering_run_at=NOW - 14 * HOUR) is None


def test_a_stale_external_run_gives_way_to_the_own_model_and_says_so() -> None:
    """Older than 36 hours."""
    job = drafted(a_history(a_tree(), [a_need(run_at=NOW - 40 * HOUR)]))
    assert job is not None
    assert "eigenes Modell" in job.reason.de
    assert "Bewässerungsmodell schweigt seit Mo 13.07. 02:00 Uhr" in job.reason.de


def test_without_measured_weather_the_interval_remains() -> None:
    """The climate alone is no reason to send a lorry."""
    usual = make_inputs(
        (),
        first=APRIL,
        last=TODAY + timedelta(days=18),
        place=BOCHUM,
        settings=SETTINGS.irrigation,
    )
    job = drafted(a_history(a_tree()), irrigation=usual)
    assert job is not None
    assert job.reason.en.startswith("No irrigation model; fixed interval 10 days")


def test_the_own_model_asks_in_the_season_only() -> None:
    """In October leaves fall; nobody drives out with water."""
    now = NOW.replace(month=10)
    inputs = make_inputs(
        weather_days(200, rain_mm=0.0),
        first=APRIL,
        last=date(2026, 11, 10),
        place=BOCHUM,
        settings=SETTINGS.irrigation,
    )
    assert drafted(a_history(a_tree()), now=now, day=date(2026, 10, 15), irrigation=inputs) is None


def test_dry_soil_at_the_sensor_makes_the_need_greater() -> None:
    """Balance and sensor are weighed; the reason says that there is one."""
    dry = until_now(SignalKind.SOIL_MOISTURE, [15.0] * 10, every=DAY)
    inputs = a_summer(dry_days=9)
    without = drafted(a_history(a_tree()), irrigation=inputs)
    job = drafted(a_history(a_tree(), dry), irrigation=inputs)
    assert job is not None
    assert without is None or without.loads[0].amount < job.loads[0].amount
    assert "mit Bodensensor abgeglichen" in job.reason.de


def test_a_sensor_that_is_not_believed_says_nothing() -> None:
    """Graded bad at intake: the need is that of the balance alone; the reason names no sensor."""
    stuck = until_now(SignalKind.SOIL_MOISTURE, [15.0] * 10, every=DAY, grade=Grade.STUCK)
    inputs = a_summer(dry_days=12)
    assert drafted(a_history(a_tree(), stuck), irrigation=inputs) == drafted(
        a_history(a_tree()), irrigation=inputs
    )


def test_the_job_is_due_in_the_morning_after_the_latest_day() -> None:
    """From then on the tree suffers."""
    job = drafted(a_history(a_tree()))
    assert job is not None
    assert job.due is not None
    assert job.due.date() <= TOMORROW + DAY
