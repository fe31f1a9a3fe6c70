from __future__ import annotations

from dataclasses import replace
from datetime import datetime
from typing import TYPE_CHECKING

import pytest

from dispatch.demand.settings import DemandSettings
from dispatch.demand.watering import draft
from dispatch.domain.clock import BERLIN
from dispatch.domain.job import Dimension, JobDraft, JobKind, Load, Skill
from dispatch.domain.signal import SignalKind
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

if TYPE_CHECKING:
    from dispatch.demand.history import SiteHistory

SETTINGS = DemandSettings()


def drafted(history: SiteHistory, **occasion: object) -> JobDraft | None:
    found = draft(history, SETTINGS, the_evening(**occasion))
    return found[0] if found else None


def test_a_need_before_its_latest_day_is_a_may_with_the_models_litres() -> None:
    """100 litres until Friday: on Wednesday it may wait, at a price."""
    job = drafted(a_history(a_tree(), [a_need()]))
    assert job is not None
    assert (job.kind, job.required) == (JobKind.WATER, False)
    assert job.loads == (Load(dimension=Dimension.WATER_L, amount=100),)
    assert job.skills == {Skill.WATERING}
    assert job.service_s == 60 + 100
    assert job.reason.de == (
        "100 l bis Fr 17.07., danach Trockenstress 80 % (Modell, zu 75 % sicher)"
    )


def test_on_its_latest_day_a_need_is_a_must() -> None:
    """After that day the tree suffers."""
    job = drafted(a_history(a_tree(), [a_need(latest=TOMORROW)]))
    assert job is not None
    assert job.required
    assert job.reason.en.startswith("100 l by Wed 15 Jul, then drought stress 80 %")


def test_the_price_of_waiting_rises_with_stress_confidence_and_time() -> None:
    """Each of the three makes leaving the tree dearer."""

    def price(**parts: object) -> int:
        job = drafted(a_history(a_tree(), [a_need(**parts)]))
        assert job is not None
        return job.leave_price_ct

    usual = price()
    assert price(stress_at_latest=0.4) < usual
    assert price(confidence=0.3) < usual
    assert price(latest=TOMORROW + 5 * DAY) < usual < price(latest=TOMORROW)


def test_a_new_run_supersedes_the_old_one() -> None:
    """Only the newest litres count, and a site the new run leaves out needs nothing."""
    old = a_need(run_at=NOW - 38 * HOUR, litres=200)
    job = drafted(a_history(a_tree(), [old, a_need(litres=80)]))
    assert job is not None
    assert job.loads[0].amount == 80
    assert drafted(a_history(a_tree(), [old]), watering_run_at=NOW - 14 * HOUR) is None


def test_a_need_that_begins_later_is_not_yet_a_job() -> None:
    """The model knows of rain tomorrow."""
    assert drafted(a_history(a_tree(), [a_need(earliest=TOMORROW + DAY)])) is None


def test_a_need_is_met_by_a_watering_after_its_run() -> None:
    """What the crew gave at noon is not asked for again in the evening."""
    done = {JobKind.WATER: NOW - 6 * HOUR}
    assert drafted(a_history(a_tree(), [a_need()], last_done=done)) is None


def test_soil_below_the_wilting_point_makes_it_a_must() -> None:
    """The sensor in the ground outvotes the model's patience."""
    dry = until_now(SignalKind.SOIL_MOISTURE, [7.4, 7.2, 7.1], every=HOUR)
    job = drafted(a_history(a_tree(), [a_need()], dry))
    assert job is not None
    assert job.required
    assert job.reason.de.endswith("Boden 7,2 % feucht, unter dem Welkepunkt")


def test_moist_soil_is_mentioned_and_changes_nothing() -> None:
    """The reader sees both opinions."""
    moist = until_now(SignalKind.SOIL_MOISTURE, [24.4, 24.2], every=HOUR)
    job = drafted(a_history(a_tree(), [a_need()], moist))
    assert job is not None
    assert not job.required
    assert job.reason.en.endswith("soil moisture 24.3 %")


def test_a_stale_run_gives_way_to_the_fixed_interval_and_says_so() -> None:
    """A model that stopped two days ago must not let the trees dry."""
    stale = a_need(run_at=NOW - 40 * HOUR)
    done = {JobKind.WATER: NOW - 12 * DAY}
    job = drafted(a_history(a_tree(), [stale], last_done=done))
    assert job is not None
    assert job.reason.de == (
        "Bewässerungsmodell schweigt seit Mo 13.07. 02:00 Uhr; fester Abstand 10 Tage, "
        "zuletzt gegossen Do 02.07.: 100 l"
    )
    assert not job.required


def test_without_model_and_long_overdue_it_is_a_must() -> None:
    """Half an interval late is late enough."""
    job = drafted(a_history(a_tree(), last_done={JobKind.WATER: NOW - 20 * DAY}))
    assert job is not None
    assert job.required
    assert job.reason.en.startswith("No irrigation model; fixed interval 10 days")


def test_within_the_interval_there_is_nothing_to_do() -> None:
    """Watered last week."""
    assert drafted(a_history(a_tree(), last_done={JobKind.WATER: NOW - 6 * DAY})) is None


@pytest.mark.parametrize(("month", "jobs"), [(1, 0), (4, 1), (9, 1), (11, 0)])
def test_the_fixed_interval_waters_in_the_season_only(month: int, jobs: int) -> None:
    """In winter only a model may ask for water."""
    now = datetime(2026, month, 14, 18, tzinfo=BERLIN)
    occasion = replace(the_evening(), now=now, day=now.date())
    assert len(draft(a_history(a_tree()), SETTINGS, occasion)) == jobs
