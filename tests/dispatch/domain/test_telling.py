"""How a job changes by what crews tell of it."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dispatch.domain.ids import CrewId
from dispatch.domain.job import Dimension, Job, JobKind, JobStatus, Load
from dispatch.domain.report import ReportKind, StopReport
from dispatch.domain.telling import as_told
from tests.helpers.plans import DAY, a_stored_job, at
from tests.helpers.reports import LESS, MORE, a_report, an_undo, reports_on_one_job

if TYPE_CHECKING:
    import random
    from datetime import date

PARTLY, NOT_POSSIBLE = ReportKind.PARTLY, ReportKind.NOT_POSSIBLE
NOW = at(600)
GIVEN = (CrewId("glas"), DAY)
ELSEWHERE = (CrewId("rot"), DAY)
"""Which crews plans in force give the job to."""


def a_watering(**parts: Any) -> Job:
    """Return a job that asks for 100 litres."""
    loads = (Load(dimension=Dimension.WATER_L, amount=100),)
    return a_stored_job(kind=JobKind.WATER, loads=loads, **parts)


def told(job: Job, *reports: StopReport) -> Job:
    """Return the job after these reports."""
    return as_told(job, reports, now=NOW)


@given(
    reports_on_one_job(),
    st.randoms(use_true_random=False),
    st.sampled_from(list(JobStatus)),
    st.sampled_from([JobKind.WATER, JobKind.EMPTY]),
    st.sampled_from([[GIVEN], [GIVEN, ELSEWHERE]]),
)
def test_state_is_a_function_of_the_set_of_reports(
    reports: list[StopReport],
    chance: random.Random,
    status: JobStatus,
    kind: JobKind,
    plans: list[tuple[CrewId, date]],
) -> None:
    """In any order, any number of times, in any batches: the job ends in the same state."""
    job = replace(a_watering(status=status), kind=kind)
    given_to = plans if status is JobStatus.PLANNED else []
    shuffled = [*reports, *chance.sample(reports, chance.randint(0, len(reports)))]
    chance.shuffle(shuffled)
    piecemeal, known = job, []
    while shuffled:
        size = chance.randint(1, 4)
        known += shuffled[:size]
        shuffled = shuffled[size:]
        piecemeal = as_told(piecemeal, known, now=NOW, given=given_to)
    at_once = as_told(job, reports, now=NOW, given=given_to)
    assert replace(piecemeal, updated_at=NOW) == replace(at_once, updated_at=NOW)


@pytest.mark.parametrize("status", list(JobStatus))
def test_undone_reports_leave_the_job_as_it_was(status: JobStatus) -> None:
    """An undo makes a job open again, or whatever it was."""
    job = a_watering(status=status)
    done = told(job, a_report(1))
    assert done.status is JobStatus.DONE
    assert told(done, a_report(1), an_undo(1)) == replace(job, updated_at=NOW)


def test_done_when_it_was_done() -> None:
    """A job reported hours later was done when the crew did it, with the litres it told."""
    job = told(a_watering(), a_report(1, 60, loads=(MORE,)))
    assert (job.done_at, job.worked_at, job.updated_at) == (at(60), at(60), NOW)
    assert job.attempts[0].given == (MORE,)


def test_what_is_left_of_a_watering_stays_asked_for() -> None:
    """30 of 100 litres given leaves 70; told again with 80 it leaves 20."""
    job = told(a_watering(), a_report(1, kind=PARTLY, loads=(LESS,)))
    assert (job.status, job.loads[0].amount) == (JobStatus.OPEN, 70)
    both = told(
        job, a_report(1, kind=PARTLY, loads=(LESS,)), a_report(2, 70, kind=PARTLY, loads=(MORE,))
    )
    assert both.loads[0].amount == 20


def test_an_emptied_container_holds_nothing_more() -> None:
    """Of a glass site of which the green was taken, white is left, however much green it was."""
    green, white = Dimension.GREEN_GLASS_L, Dimension.WHITE_GLASS_L
    job = a_stored_job(
        loads=(Load(dimension=white, amount=500), Load(dimension=green, amount=1500))
    )
    taken = (Load(dimension=green, amount=900),)
    assert told(job, a_report(1, kind=PARTLY, loads=taken)).loads == job.loads[:1]


def test_a_job_that_was_not_possible_waits_as_its_reason_says() -> None:
    """A parked car may be gone at noon; what is broken is broken until tomorrow at least."""
    car = a_report(1, kind=NOT_POSSIBLE, reason="blocked_by_car")
    broken = a_report(2, 90, kind=NOT_POSSIBLE, reason="broken", note="Deckel fehlt")
    planned = a_watering(status=JobStatus.PLANNED)
    assert (told(planned, car).status, told(planned, car).waits_until) == (JobStatus.OPEN, None)
    job = told(planned, car, broken)
    assert job.waits_until == DAY + timedelta(days=1)
    assert (job.attempts[0].reason, job.attempts[0].note) == ("broken", "Deckel fehlt")
    assert told(job, car, broken, a_report(3, 120)).waits_until is None


def test_a_report_on_a_cancelled_job_counts() -> None:
    """Done is done; that it could not be done does not bring a cancelled job back."""
    cancelled = a_watering(status=JobStatus.CANCELLED)
    assert told(cancelled, a_report(1)).status is JobStatus.DONE
    failed = told(cancelled, a_report(1, kind=NOT_POSSIBLE, reason="broken"))
    assert (failed.status, failed.waits_until) == (JobStatus.CANCELLED, None)
    assert len(failed.attempts) == 1


def test_a_job_cancelled_after_an_attempt_stays_cancelled() -> None:
    """What somebody decides after the crew's report is not overturned by the next report."""
    tried = a_report(1, kind=NOT_POSSIBLE, reason="broken")
    job = replace(told(a_watering(), tried), status=JobStatus.CANCELLED)
    later = told(job, tried, a_report(2, 90, kind=NOT_POSSIBLE, reason="danger"))
    assert later.status is JobStatus.CANCELLED


def test_a_job_on_another_plan_stays_planned() -> None:
    """Not possible for the one crew, it was given to another since: that one will come."""
    failed = a_report(1, kind=NOT_POSSIBLE, reason="blocked_by_car")
    planned = a_watering(status=JobStatus.PLANNED)
    assert as_told(planned, [failed], now=NOW, given=[GIVEN]).status is JobStatus.OPEN
    both = as_told(planned, [failed], now=NOW, given=[GIVEN, ELSEWHERE])
    assert both.status is JobStatus.PLANNED


def test_nothing_new_changes_nothing() -> None:
    """A note, or the same report again, leaves the job as it is, its time of change too."""
    job = told(a_watering(), a_report(1))
    again = as_told(job, [a_report(1), a_report(2, kind=ReportKind.NOTE)], now=at(700))
    assert again is job
