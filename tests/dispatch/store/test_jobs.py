"""Jobs."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import pytest

from dispatch.domain.errors import Conflict, NotFound
from dispatch.domain.ids import JobId, SignalId
from dispatch.domain.job import JobKind, JobStatus
from tests.helpers.plans import a_stored_job, at

if TYPE_CHECKING:
    from dispatch.domain.job import Job
    from dispatch.store import Store

BARE = a_stored_job(
    "bare", site="tree-1", due=None, loads=(), windows=(), skills=frozenset(), evidence=()
)
FULL = a_stored_job("full", evidence=(SignalId("s1"), SignalId("s2")), required=True)


@pytest.mark.parametrize("job", [BARE, FULL])
def test_job_comes_back_the_same(city_store: Store, job: Job) -> None:
    """Every field of a job survives, those that are empty too."""
    with city_store.begin() as tx:
        tx.save_jobs([job])
    with city_store.read() as tx:
        assert tx.job(job.id) == job


@pytest.mark.parametrize("status", [JobStatus.OPEN, JobStatus.PLANNED])
def test_one_unfinished_job_per_site_and_kind(city_store: Store, status: JobStatus) -> None:
    """A site cannot have two unfinished jobs of a kind; the second is refused."""
    with city_store.begin() as tx:
        tx.save_jobs([a_stored_job(status=status)])
    with pytest.raises(Conflict, match="DB103"), city_store.begin() as tx:
        tx.save_jobs([a_stored_job("job-2")])


def test_another_kind_or_site_is_free(city_store: Store) -> None:
    """Another kind at the site, or the same kind elsewhere, is another piece of work."""
    jobs = [
        a_stored_job("a"),
        a_stored_job("b", kind=JobKind.SERVICE),
        a_stored_job("c", site="tree-1"),
    ]
    with city_store.begin() as tx:
        tx.save_jobs(jobs)
        assert tx.open_jobs() == jobs


def test_finished_job_makes_room(city_store: Store) -> None:
    """Once done, a job makes room for the next one, also when both are saved in one call."""
    done = a_stored_job("old", status=JobStatus.DONE)
    with city_store.begin() as tx:
        tx.save_jobs([a_stored_job("old")])
    with city_store.begin() as tx:
        tx.save_jobs([a_stored_job("new"), done])
    with city_store.read() as tx:
        assert [job.id for job in tx.open_jobs()] == ["new"]
        assert tx.job(JobId("old")) == done


def test_saving_again_replaces(city_store: Store) -> None:
    """A job saved again is the same job with its new state."""
    later = replace(a_stored_job(), status=JobStatus.CANCELLED, updated_at=at(5))
    with city_store.begin() as tx:
        tx.save_jobs([a_stored_job()])
        tx.save_jobs([later])
    with city_store.read() as tx:
        assert tx.jobs() == [later]
        assert tx.open_jobs() == []


def test_changed_last_comes_first(city_store: Store) -> None:
    """Lists begin with the job changed last, and take status, kind and a limit."""
    jobs = [
        a_stored_job("a", updated_at=at(1)),
        a_stored_job("b", site="tree-1", updated_at=at(2), kind=JobKind.WATER),
        a_stored_job("c", site="rat-1", updated_at=at(3), status=JobStatus.DONE),
    ]
    with city_store.begin() as tx:
        tx.save_jobs(jobs)
    with city_store.read() as tx:
        assert tx.jobs() == jobs[::-1]
        assert tx.jobs(limit=1) == jobs[2:]
        assert tx.jobs(status=JobStatus.OPEN) == [jobs[1], jobs[0]]
        assert tx.jobs(kind=JobKind.WATER, status=JobStatus.OPEN) == [jobs[1]]


def test_by_id_leaves_unknown_ones_out(city_store: Store) -> None:
    """Jobs are found by their ids; an id nobody knows is left out."""
    with city_store.begin() as tx:
        tx.save_jobs([a_stored_job()])
        found = tx.jobs_by_id([JobId("job-1"), JobId("nope")])
    assert found == {"job-1": a_stored_job()}


def test_job_needs_its_site(city_store: Store) -> None:
    """There is no work where nothing is."""
    with pytest.raises(Conflict, match="DB103"), city_store.begin() as tx:
        tx.save_jobs([a_stored_job(site="nowhere")])


def test_unknown_job(city_store: Store) -> None:
    """A job nobody knows is a coded error that names it."""
    with city_store.read() as tx, pytest.raises(NotFound, match="DB203 job nope"):
        tx.job(JobId("nope"))


def test_work_done_is_found_by_when_it_was_done(city_store: Store) -> None:
    """Work of that moment counts; open and cancelled jobs are no work done."""
    jobs = [
        a_stored_job("late", updated_at=at(30), status=JobStatus.DONE),
        a_stored_job("soon", updated_at=at(10), status=JobStatus.DONE),
        a_stored_job("before", updated_at=at(9), status=JobStatus.DONE),
        a_stored_job("off", updated_at=at(20), status=JobStatus.CANCELLED),
        a_stored_job("open", updated_at=at(20)),
    ]
    with city_store.begin() as tx:
        tx.save_jobs(jobs)
        assert [job.id for job in tx.worked_jobs(since=at(10))] == ["soon", "late"]
