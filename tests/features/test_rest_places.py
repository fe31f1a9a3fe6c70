"""Breaks at a place: some crews rest only where there is a room for it."""

from __future__ import annotations

from tests.helpers.builders import a_facility, a_job, a_problem, a_shift, solved, written

HOUR = 3600
JOBS = (a_job(1, service_s=3 * HOUR), a_job(3, service_s=3 * HOUR))


def test_the_break_is_taken_at_the_depot_on_the_way() -> None:
    """The crew room lies between the jobs: the break there, then a minute to sign in."""
    shift = a_shift(end_location=4, end_s=8 * HOUR, rest_places=frozenset({0}))
    plan = solved(a_problem(jobs=JOBS, shifts=[shift], facilities=[a_facility(2)]))
    assert written(plan.routes[0]) == [
        "start @0 0-0-0",
        "job 0 @1 1000-1000-11800",
        "break @2 12800-12800-14600",
        "reload 0 @2 14600-14600-14660",
        "job 1 @3 15660-15660-26460",
        "end @4 27460-27460-27460",
    ]


def test_a_detour_is_driven_to_rest() -> None:
    """The only room lies behind both jobs' way: two kilometres more, but lawful."""
    shift = a_shift(end_location=4, end_s=9 * HOUR, rest_places=frozenset({0}))
    plan = solved(a_problem(jobs=JOBS, shifts=[shift], facilities=[a_facility(5)]))
    assert written(plan.routes[0]) == [
        "start @0 0-0-0",
        "job 0 @1 1000-1000-11800",
        "break @5 15800-15800-17600",
        "reload 0 @5 17600-17600-17660",
        "job 1 @3 19660-19660-30460",
        "end @4 31460-31460-31460",
    ]


def test_without_a_room_a_job_is_left() -> None:
    """Nowhere to rest: no more work than needs no break."""
    shift = a_shift(end_location=4, end_s=8 * HOUR, rest_places=frozenset())
    plan = solved(a_problem(jobs=JOBS, shifts=[shift]))
    assert len(plan.unassigned) == 1
