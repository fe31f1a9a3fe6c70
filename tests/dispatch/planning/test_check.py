"""The checker is only worth something if every one of its rules can fail."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import pytest

from dispatch.domain.plan import StopKind
from dispatch.planning.check import check
from dispatch.planning.problem import (
    Problem,
    Window,
    job_visit,
    matrix_of,
    reload_visit,
)
from dispatch.planning.reschedule import reschedule
from dispatch.planning.solution import (
    CostLine,
    Solution,
    SolutionRoute,
    SolutionStop,
)
from tests.helpers.builders import a_facility, a_job, a_problem, a_shift

Break = Callable[[Problem, Solution], tuple[Problem, Solution]]

HOUR = 3600


def sound() -> tuple[Problem, Solution]:
    """Return a full day: setup, job, break, reload, job; every rule has something to judge."""
    jobs = [
        a_job(1, setup_s=100, service_s=3 * HOUR, loads=(8,), skills=frozenset({1})),
        a_job(3, service_s=3 * HOUR, loads=(8,), skills=frozenset({1})),
        a_job(5, loads=(1,)),
    ]
    shift = a_shift(end_s=8 * HOUR + 1800, capacities=(10,), skills=frozenset({1}), use_ueur=7)
    problem = a_problem(jobs=jobs, shifts=[shift], facilities=[a_facility(2, 0)])
    return problem, reschedule(problem, [[job_visit(0), reload_visit(0), job_visit(1)]])


def stop_at(solution: Solution, kind: StopKind, number: int = 0) -> int:
    """Return the position of the n-th stop of that kind on the first route."""
    found = [i for i, stop in enumerate(solution.routes[0].stops) if stop.kind is kind]
    return found[number]


def edited(solution: Solution, position: int, **parts: object) -> Solution:
    """Return the solution with one stop of the first route changed by hand."""
    stops = list(solution.routes[0].stops)
    stops[position] = replace(stops[position], **parts)  # type: ignore[arg-type]  # test data
    return with_stops(solution, stops)


def with_stops(solution: Solution, stops: list[SolutionStop]) -> Solution:
    """Return the solution with other stops on its first route."""
    return replace(solution, routes=(replace(solution.routes[0], stops=tuple(stops)),))


def with_job(problem: Problem, number: int, **parts: object) -> Problem:
    """Return the problem with one job changed, so that the plan no longer fits it."""
    jobs = list(problem.jobs)
    jobs[number] = replace(jobs[number], **parts)  # type: ignore[arg-type]  # test data
    return replace(problem, jobs=tuple(jobs))


def with_shift(problem: Problem, **parts: object) -> Problem:
    """Return the problem with its shift changed."""
    return replace(problem, shifts=(replace(problem.shifts[0], **parts),))  # type: ignore[arg-type]  # test data


def with_facility(problem: Problem, **parts: object) -> Problem:
    """Return the problem with its facility changed."""
    place = replace(problem.facilities[0], **parts)  # type: ignore[arg-type]  # test data
    return replace(problem, facilities=(place,))


def shifted(solution: Solution, seconds: int) -> Solution:
    """Return the solution with the whole first route moved in time."""
    return with_stops(
        solution,
        [
            replace(
                stop,
                arrival_s=stop.arrival_s + seconds,
                start_s=stop.start_s + seconds,
                departure_s=stop.departure_s + seconds,
            )
            for stop in solution.routes[0].stops
        ],
    )


def without(solution: Solution, kind: StopKind) -> Solution:
    """Return the solution with all stops of a kind cut out."""
    return with_stops(solution, [s for s in solution.routes[0].stops if s.kind is not kind])


def no_road(problem: Problem) -> Problem:
    """Return the problem without the road from the reload to the second job."""
    table = problem.matrices[0].duration_s.copy()
    table[2, 3] = -1
    return replace(problem, matrices=(matrix_of(table.tolist(), table.tolist()),))


def moved_break(solution: Solution, position: int) -> Solution:
    """Return the solution with its break cut out and put in elsewhere, taking no time away."""
    stops = list(solution.routes[0].stops)
    rest = stops.pop(stop_at(solution, StopKind.BREAK))
    at = stops[position].departure_s if position >= 0 else stops[-1].arrival_s
    place = stops[position].location
    here = replace(rest, location=place, arrival_s=at, start_s=at, departure_s=at + 1800)
    stops.insert(position + 1 if position >= 0 else len(stops) - 1, here)
    return with_stops(solution, stops)


JOB, REST, END = StopKind.JOB, StopKind.BREAK, StopKind.END
BROKEN: dict[str, Break] = {
    "V101": lambda p, s: (p, replace(s, unassigned=(2, 99))),
    "V102": lambda p, s: (p, replace(s, unassigned=(0, 2))),
    "V103": lambda p, s: (p, replace(s, unassigned=())),
    "V104": lambda p, s: (p, replace(s, routes=s.routes * 2)),
    "V201": lambda p, s: (with_job(p, 1, windows=(Window(earliest_s=0, latest_s=60),)), s),
    "V202": lambda p, s: (with_job(p, 0, service_s=3 * HOUR + 1), s),
    "V203": lambda p, s: (with_job(p, 0, setup_s=101), s),
    "V204": lambda p, s: (p, edited(s, 1, arrival_s=999)),
    "V205": lambda p, s: (no_road(p), s),
    "V206": lambda p, s: (p, edited(s, 1, start_s=s.routes[0].stops[1].departure_s + 1)),
    "V207": lambda p, s: (p, edited(s, stop_at(s, JOB), location=4)),
    "V208": lambda p, s: (with_job(p, 1, release_s=5 * HOUR), s),
    "V301": lambda p, s: (p, shifted(s, -1)),
    "V302": lambda p, s: (p, shifted(s, 9 * HOUR)),
    "V303": lambda p, s: (p, without(s, END)),
    "V304": lambda p, s: (with_shift(p, max_span_s=HOUR), s),
    "V401": lambda p, s: (with_shift(p, capacities=(7,)), s),
    "V402": lambda p, s: (p, edited(s, stop_at(s, JOB), loads=(0,))),
    "V501": lambda p, s: (with_job(p, 1, skills=frozenset({1, 2})), s),
    "V601": lambda p, s: (with_facility(p, dimensions=frozenset()), s),
    "V602": lambda p, s: (with_facility(p, closes_s=100), s),
    "V701": lambda p, s: (p, without(s, REST)),
    "V702": lambda p, s: (p, moved_break(s, 0)),
    "V703": lambda p, s: (p, moved_break(s, 0)),
    "V704": lambda p, s: (p, edited(s, stop_at(s, REST), start_s=HOUR)),
    "V801": lambda p, s: (
        p,
        replace(s, cost_lines=(CostLine(code="crew_time", amount_ueur=1), *s.cost_lines[1:])),
    ),
}


def test_a_sound_solution_is_silent() -> None:
    """The plan that all the cases below break has no fault itself, and holds every kind of stop."""
    problem, solution = sound()
    assert check(problem, solution) == ()
    assert {stop.kind for stop in solution.routes[0].stops} == set(StopKind)


@pytest.mark.parametrize("code", BROKEN)
def test_each_rule_can_fail(code: str) -> None:
    """A solution broken by hand in one respect is reported under that rule's code."""
    problem, solution = BROKEN[code](*sound())
    found = {violation.code for violation in check(problem, solution)}
    assert code in found
    assert all(violation.amount > 0 for violation in check(problem, solution))


def test_the_amount_says_by_how_much() -> None:
    """A violation carries its size in the unit of its code: here seconds and litres."""
    problem, solution = sound()
    late = with_job(problem, 0, windows=(Window(earliest_s=0, latest_s=1000),))
    assert [(v.code, v.subject, v.amount) for v in check(late, solution)] == [
        ("V201", "job 0", 100)
    ]
    small = with_shift(problem, capacities=(5,))
    assert [(v.code, v.subject, v.amount) for v in check(small, solution)] == [
        ("V401", "job 0", 3),
        ("V401", "job 1", 3),
    ]


def test_many_faults_are_all_reported() -> None:
    """The checker never stops at the first fault."""
    problem, solution = sound()
    broken = shifted(replace(solution, unassigned=()), 9 * HOUR)
    codes = {violation.code for violation in check(problem, broken)}
    assert {"V103", "V302"} <= codes


def test_an_unknown_shift_is_a_fault_and_no_crash() -> None:
    """A route of a shift that does not exist is reported before anything is computed from it."""
    problem, solution = sound()
    strange = replace(solution, routes=(*solution.routes, SolutionRoute(shift=9)))
    assert [v.code for v in check(problem, strange)] == ["V104"]


def test_the_first_index_beyond_is_unknown() -> None:
    """Jobs, facilities, places and shifts are counted from zero."""
    problem, solution = sound()
    beyond = (
        edited(solution, stop_at(solution, JOB), index=3),
        edited(solution, stop_at(solution, StopKind.RELOAD), index=1),
        edited(solution, stop_at(solution, JOB), location=10),
        replace(solution, unassigned=(2, 3)),
    )
    for strange in beyond:
        assert [v.code for v in check(problem, strange)] == ["V101"]
    next_shift = replace(solution, routes=(*solution.routes, SolutionRoute(shift=1)))
    assert [v.code for v in check(problem, next_shift)] == ["V104"]


def test_a_facility_is_closed_before_it_opens() -> None:
    """Too early and too late are seconds of one sum."""
    problem, solution = sound()
    stop = solution.routes[0].stops[stop_at(solution, StopKind.RELOAD)]
    shut = with_facility(problem, opens_s=stop.start_s + 5, closes_s=stop.departure_s - 7)
    assert [(v.code, v.amount) for v in check(shut, solution)] == [("V602", 12)]
