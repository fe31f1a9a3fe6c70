"""Which reports count, and what came of a job according to them."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dispatch.domain.ids import CrewId
from dispatch.domain.job import Dimension, Load, Outcome
from dispatch.domain.report import (
    ReportKind,
    StopReport,
    attempts_of,
    contradictions,
    in_order,
)
from tests.helpers.plans import DAY, at
from tests.helpers.reports import LESS, MORE, a_report, an_undo, reports_on_one_job, uuid

if TYPE_CHECKING:
    import random

ASKED = (Load(dimension=Dimension.WATER_L, amount=100),)
PARTLY, NOT_POSSIBLE = ReportKind.PARTLY, ReportKind.NOT_POSSIBLE


@given(reports_on_one_job(), st.randoms(use_true_random=False))
def test_any_order_and_doubling_tells_the_same(
    reports: list[StopReport], chance: random.Random
) -> None:
    """Reports shuffled and sent twice are the same reports."""
    again = [*reports, *chance.sample(reports, chance.randint(0, len(reports)))]
    chance.shuffle(again)
    assert in_order(again) == in_order(reports)
    assert attempts_of(again, ASKED) == attempts_of(reports, ASKED)
    assert contradictions(again) == contradictions(reports)


@given(reports_on_one_job())
def test_an_undo_takes_back_its_target_and_nothing_else(reports: list[StopReport]) -> None:
    """Without both, the rest counts as it did."""
    undo = an_undo(1, crew_id=reports[0].crew_id, day=reports[0].day)
    rest = [r for r in reports[1:] if r.undoes != reports[0].id]
    if reports[0].kind is not ReportKind.UNDO:
        assert in_order([undo, reports[0], *rest]) == in_order(rest)


def test_two_tablets_of_a_crew_report_one_attempt() -> None:
    """Who empties with two tablets has emptied once, at the first moment."""
    attempts = attempts_of([a_report(1, 60), a_report(2, 62)], ASKED)
    assert [(a.outcome, a.at, a.given) for a in attempts] == [(Outcome.DONE, at(60), ASKED)]


def test_figures_are_sums_and_the_last_count() -> None:
    """30 litres and then 80 are 80: a crew tells what it has given there in all."""
    told = [a_report(1, 60, kind=PARTLY, loads=(LESS,)), a_report(2, 70, loads=(MORE,))]
    (attempt,) = attempts_of(told, ASKED)
    assert (attempt.outcome, attempt.at, attempt.given) == (Outcome.DONE, at(70), (MORE,))


@pytest.mark.parametrize("later", [PARTLY, NOT_POSSIBLE])
def test_done_is_only_taken_back_by_an_undo(later: ReportKind) -> None:
    """Less told after more changes nothing, and the dispatcher is told."""
    done, less = a_report(1, 60), a_report(2, 70, kind=later, reason="broken")
    (attempt,) = attempts_of([less, done], ASKED)
    assert attempt.outcome is Outcome.DONE
    assert contradictions([less, done]) == [less]
    (attempt,) = attempts_of([less, done, an_undo(1)], ASKED)
    assert attempt.outcome is Outcome(later)
    assert contradictions([less, done, an_undo(1)]) == []


def test_coming_back_is_no_contradiction() -> None:
    """Not possible in the morning and done in the afternoon is good work."""
    told = [a_report(1, 60, kind=NOT_POSSIBLE, reason="blocked_by_car"), a_report(2, 300)]
    assert contradictions(told) == []
    (attempt,) = attempts_of(told, ASKED)
    assert (attempt.outcome, attempt.at, attempt.reason) == (Outcome.DONE, at(300), "")


def test_two_crews_that_did_the_same_job_are_told_of() -> None:
    """Both attempts stay, the second is a contradiction."""
    told = [a_report(1, 60), a_report(2, 90, crew_id=CrewId("grün"))]
    assert [a.crew_id for a in attempts_of(told, ASKED)] == ["glas", "grün"]
    assert contradictions(told) == [told[1]]


def test_other_figures_for_done_work_are_told_of() -> None:
    """80 litres after 30 for work that was done already: the last figure counts, someone asks."""
    told = [a_report(1, 60, loads=(LESS,)), a_report(2, 61, loads=(MORE,))]
    assert contradictions(told) == [told[1]]
    assert attempts_of(told, ASKED)[0].given == (MORE,)


def test_done_already_is_done_with_nothing_given() -> None:
    """Where somebody else has watered, the tree is watered, but not by us."""
    told = [a_report(kind=NOT_POSSIBLE, reason="already_done")]
    (attempt,) = attempts_of(told, ASKED)
    assert attempt.outcome is Outcome.DONE
    assert attempt.given == (Load(dimension=Dimension.WATER_L, amount=0),)


def test_nobody_undoes_what_another_crew_reported() -> None:
    """An undo of another crew's or day's report has no effect, and an undo is never undone."""
    report = a_report(1)
    assert in_order([report, an_undo(1, crew_id=CrewId("grün"))]) == [report]
    assert in_order([report, an_undo(1, day=DAY + timedelta(days=1))]) == [report]
    assert in_order([report, an_undo(1, 900), an_undo(900, 901)]) == []


def test_each_day_is_an_attempt_of_its_own() -> None:
    """Tried on Saturday, done on Monday: two attempts in that order."""
    monday = DAY + timedelta(days=2)
    told = [a_report(2, 3000, day=monday), a_report(1, 60, kind=NOT_POSSIBLE, reason="weather")]
    assert [a.day for a in attempts_of(told, ASKED)] == [DAY, monday]


def test_a_report_is_about_one_thing() -> None:
    """A report about nothing, or an undo of nothing, cannot be made."""
    with pytest.raises(ValueError, match="about a job or about a halt"):
        a_report(halt="start", job_id=a_report().job_id)
    with pytest.raises(ValueError, match="names what it undoes"):
        a_report(undoes=uuid(2))
