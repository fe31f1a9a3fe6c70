from __future__ import annotations

from datetime import date
from pathlib import Path

import dispatch.demand
from dispatch.demand.history import Occasion
from dispatch.demand.settings import DemandSettings
from dispatch.demand.table import DEMAND, draft_jobs, paused_kinds
from dispatch.domain.job import JobKind, Organisation
from dispatch.domain.site import Pond, SiteKind
from tests.helpers.histories import (
    DAY,
    NOW,
    a_bank,
    a_device,
    a_history,
    a_need,
    a_station,
    a_tree,
    levels,
    oxygen,
    the_evening,
)

SETTINGS = DemandSettings()


def test_every_kind_of_site_has_rules() -> None:
    """A new kind of site cannot be forgotten."""
    assert set(DEMAND) == set(SiteKind)


def test_each_site_asks_for_its_own_work_and_for_its_sensors_upkeep() -> None:
    """One site of each kind, each with a second sensor that never sent."""
    mute = (a_device("em310-udl", device_id="mute"),)
    histories = (
        a_history(a_bank(), levels(now_pct=99, rate_pct_day=8), devices=mute),
        a_history(a_tree(), [a_need()], devices=mute),
        a_history(a_station(last_checked=NOW.date() - 30 * DAY), devices=mute),
        a_history(Pond(), oxygen(2.1, 2, 1.9, 2), devices=mute),
    )
    kinds = [
        [job.kind for job in draft_jobs(history, SETTINGS, the_evening())] for history in histories
    ]
    own = (JobKind.EMPTY, JobKind.WATER, JobKind.CHECK, JobKind.AERATE)
    assert kinds == [[kind, JobKind.SERVICE] for kind in own]


def test_work_belongs_to_an_organisation_or_to_anyone_with_the_skills() -> None:
    """Glass is the USB's and water the parks'; whoever has the skill mends a sensor."""
    mute = (a_device("em310-udl", device_id="mute"),)
    histories = (
        a_history(a_bank(), levels(now_pct=99, rate_pct_day=8), devices=mute),
        a_history(a_tree(), [a_need()]),
    )
    drafts = [d for h in histories for d in draft_jobs(h, SETTINGS, the_evening())]
    assert {draft.kind: draft.organisation for draft in drafts} == {
        JobKind.EMPTY: Organisation.USB,
        JobKind.SERVICE: None,
        JobKind.WATER: Organisation.PARKS,
    }


def test_on_a_sunday_the_missing_glass_jobs_mean_nothing() -> None:
    """So that Saturday's open jobs are not closed on Sunday."""
    assert paused_kinds(the_evening()) == frozenset()
    assert paused_kinds(Occasion(now=NOW, day=date(2026, 7, 19))) == {JobKind.EMPTY}


def test_the_readme_lists_the_codes() -> None:
    """A code an operator sees can be looked up."""
    readme = (Path(dispatch.demand.__path__[0]) / "README.md").read_text(encoding="utf-8")
    assert "| D101 |" in readme
    assert "| D102 |" in readme
