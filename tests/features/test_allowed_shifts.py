"""Jobs that only certain shifts may do: own vehicles, own contracts, two organisations."""

from __future__ import annotations

from tests.helpers.builders import a_job, a_problem, a_shift, solved, written


def test_only_an_allowed_shift_does_the_job() -> None:
    """Of three shifts the nearest is not allowed; of the other two the nearer one drives."""
    shifts = [a_shift(start_location=place, end_location=place) for place in (5, 3, 0)]
    plan = solved(a_problem(jobs=[a_job(5, shifts=frozenset({1, 2}))], shifts=shifts))
    assert [written(route) for route in plan.routes] == [
        [],
        ["start @3 0-0-0", "job 0 @5 2000-2000-2060", "end @3 4060-4060-4060"],
        [],
    ]


def test_a_shift_that_is_full_sends_no_other() -> None:
    """Where the only allowed shift has no time left, the job is left, though another is idle."""
    short = a_shift(start_location=5, end_location=5, end_s=2000)
    jobs = [a_job(5, service_s=1900, required=True), a_job(5, shifts=frozenset({0}), service_s=200)]
    plan = solved(a_problem(jobs=jobs, shifts=[short, a_shift(start_location=5, end_s=1000)]))
    assert plan.unassigned == (1,)
    assert [written(route) for route in plan.routes] == [
        ["start @5 0-0-0", "job 0 @5 0-0-1900", "end @5 1900-1900-1900"],
        [],
    ]


def test_two_organisations_share_a_street_but_no_work() -> None:
    """One lorry could do both jobs of the street in one go; each organisation sends its own."""
    city, utility = frozenset({0}), frozenset({1})
    jobs = [a_job(2, shifts=city), a_job(2, shifts=utility), a_job(3, shifts=utility)]
    shifts = [a_shift(), a_shift(start_location=0, end_location=4)]
    plan = solved(a_problem(jobs=jobs, shifts=shifts))
    assert [written(route) for route in plan.routes] == [
        ["start @0 0-0-0", "job 0 @2 2000-2000-2060", "end @0 4060-4060-4060"],
        [
            "start @0 0-0-0",
            "job 1 @2 2000-2000-2060",
            "job 2 @3 3060-3060-3120",
            "end @4 4120-4120-4120",
        ],
    ]
