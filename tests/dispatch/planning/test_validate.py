"""Every fault of a problem has a code, and all faults come at once."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np
import pytest

from dispatch.planning.law import ARBZG, EC_561
from dispatch.planning.problem import (
    ANYWHERE,
    Matrix,
    Order,
    Period,
    Problem,
    Relation,
    Underway,
    Visit,
    Window,
    job_visit,
    reload_visit,
)
from dispatch.planning.validate import validate
from tests.helpers.builders import a_facility, a_job, a_problem, a_shift, line

if TYPE_CHECKING:
    from collections.abc import Callable

HOUR = 3600


def sound() -> Problem:
    """Return a sound problem with one of everything."""
    return a_problem(
        jobs=[a_job(1, loads=(1,))],
        shifts=[a_shift(capacities=(10,))],
        facilities=[a_facility(2, 0)],
        required_extra_ueur=10**12,
    )


def job(problem: Problem, **parts: object) -> Problem:
    """Return the problem with its job changed."""
    return replace(problem, jobs=(replace(problem.jobs[0], **parts),))  # type: ignore[arg-type]  # test data


def shift(problem: Problem, **parts: object) -> Problem:
    """Return the problem with its shift changed."""
    return replace(problem, shifts=(replace(problem.shifts[0], **parts),))  # type: ignore[arg-type]  # test data


def facility(problem: Problem, **parts: object) -> Problem:
    """Return the problem with its facility changed."""
    place = replace(problem.facilities[0], **parts)  # type: ignore[arg-type]  # test data
    return replace(problem, facilities=(place,))


def matrix(problem: Problem, row: int, column: int, duration_s: int, distance_m: int) -> Problem:
    """Return the problem with one cell of its matrix changed."""
    seconds = problem.matrices[0].duration_s.copy()
    metres = problem.matrices[0].distance_m.copy()
    seconds[row, column], metres[row, column] = duration_s, distance_m
    return replace(problem, matrices=(Matrix(duration_s=seconds, distance_m=metres),))


def real_numbers(problem: Problem) -> Problem:
    """Return the problem with a matrix of floats."""
    table = problem.matrices[0].duration_s.astype(np.float64)
    return replace(problem, matrices=(Matrix(duration_s=table, distance_m=table),))  # type: ignore[arg-type]  # the fault


def out(problem: Problem, **parts: object) -> Problem:
    """Return the problem with its shift on the road since an hour, as it goes on at 3600 s."""
    behind = Underway(began_s=0, loads=(5,), rest_end_s=0, driven_s=600, driven_since_s=600)
    return shift(problem, start_s=HOUR, underway=replace(behind, **parts))  # type: ignore[arg-type]  # test data


def bound(problem: Problem, order: Order, *visits: Visit, **parts: object) -> Problem:
    """Return the problem with one more relation of its shift."""
    relation = Relation(order=order, shift=0, visits=visits)
    more = replace(relation, **parts)  # type: ignore[arg-type]  # test data
    return replace(problem, relations=(*problem.relations, more))


def two_jobs(problem: Problem, **parts: object) -> Problem:
    """Return the problem with a second job, two kilometres out, changed like this."""
    second = replace(a_job(2, loads=(6,)), **parts)  # type: ignore[arg-type]  # test data
    return replace(problem, jobs=(*problem.jobs, second))


EARLY = (Window(earliest_s=0, latest_s=1999),)
ANY, SEQUENCE, STRICT = Order.ANY, Order.SEQUENCE, Order.STRICT
BOTH = (job_visit(0), job_visit(1))
RELOAD = reload_visit(0)
UNKNOWN = job_visit(9)
ONCE = (job_visit(0),)
TWICE = (job_visit(0), job_visit(0))

FAULTS: list[tuple[str, Callable[[Problem], Problem]]] = [
    ("P101", lambda p: job(p, windows=())),
    ("P101", lambda p: job(p, windows=(Window(earliest_s=9, latest_s=8),))),
    ("P101", lambda p: job(p, windows=(Window(earliest_s=0, latest_s=p.horizon_s + 1),))),
    ("P102", lambda p: job(p, service_s=-1)),
    ("P102", lambda p: job(p, loads=(1, 2))),
    ("P102", lambda p: job(p, release_s=-1)),
    ("P102", lambda p: job(p, late_ueur_per_s=-1)),
    ("P102", lambda p: job(p, move_ueur=-1)),
    ("P102", lambda p: job(p, persons=0)),
    ("P104", lambda p: job(p, shifts=frozenset())),
    ("P104", lambda p: job(p, shifts=frozenset({0, 1}))),
    ("P104", lambda p: job(p, shifts=frozenset({-1}))),
    ("P104", lambda p: job(p, published=1)),
    ("P105", lambda p: replace(p, conflicts=((0, 1),))),
    ("P105", lambda p: replace(p, conflicts=((0, 0),))),
    ("P106", lambda p: job(p, due_s=p.horizon_s + 1)),
    ("P106", lambda p: job(p, due_s=-1)),
    ("P201", lambda p: shift(p, end_s=0)),
    ("P201", lambda p: shift(p, max_span_s=0)),
    ("P201", lambda p: shift(p, start_s=p.horizon_s - 9, end_s=p.horizon_s + 1)),
    ("P202", lambda p: shift(p, ueur_per_m=-1)),
    ("P202", lambda p: shift(p, capacities=())),
    ("P201", lambda p: shift(p, overtime_from_s=p.horizon_s + 1)),
    ("P201", lambda p: shift(p, periods=(Period(from_s=9, matrix=0), Period(from_s=9, matrix=0)))),
    ("P202", lambda p: shift(p, overtime_ueur_per_s=-1)),
    ("P202", lambda p: shift(p, max_stops=-1)),
    ("P202", lambda p: shift(p, max_drive_s=-1)),
    ("P202", lambda p: shift(p, max_distance_m=-1)),
    ("P202", lambda p: shift(p, persons=0)),
    ("P202", lambda p: shift(p, range_m=0)),
    ("P202", lambda p: replace(p, uneven_ueur_per_s=-1)),
    ("P203", lambda p: shift(p, end_s=10 * HOUR + 45 * 60 + 1)),
    ("P203", lambda p: out(shift(p, end_s=9 * HOUR), began_s=-2 * HOUR, rest_end_s=0)),
    ("P205", lambda p: out(p, loads=())),
    ("P205", lambda p: out(p, loads=(11,))),
    ("P205", lambda p: out(p, loads=(-1,))),
    ("P205", lambda p: out(p, began_s=HOUR + 1, rest_end_s=HOUR + 1)),
    ("P205", lambda p: out(p, rest_end_s=HOUR + 1)),
    ("P205", lambda p: out(p, rested_s=HOUR + 1)),
    ("P205", lambda p: out(p, driven_since_s=601)),
    ("P205", lambda p: out(p, charged_m=-1)),
    ("P205", lambda p: out(p, stops=-1)),
    ("P301", lambda p: facility(p, at_once=0)),
    ("P301", lambda p: shift(p, rest_places=frozenset({1}))),
    ("P301", lambda p: facility(p, closes_s=59)),
    ("P301", lambda p: facility(p, dimensions=frozenset({1}))),
    ("P401", lambda p: job(p, location=10)),
    ("P401", lambda p: shift(p, matrix=1)),
    ("P401", lambda p: shift(p, end_location=-2)),
    ("P401", lambda p: shift(p, start_location=ANYWHERE)),
    ("P401", lambda p: shift(p, periods=(Period(from_s=9, matrix=1),))),
    ("P402", lambda p: matrix(p, 1, 1, 5, 0)),
    ("P402", lambda p: matrix(p, 0, 1, -2, -2)),
    ("P402", lambda p: matrix(p, 0, 1, -1, 5)),
    ("P402", lambda p: matrix(p, 0, 1, 0, 5)),
    ("P402", real_numbers),
    ("P503", lambda p: replace(p, required_extra_ueur=1000)),
    ("P504", lambda p: replace(p, required_extra_ueur=2**61)),
    ("P503", lambda p: replace(p, uneven_ueur_per_s=10**9)),
    ("P503", lambda p: job(p, due_s=0, late_ueur_per_s=10**9)),
    ("P503", lambda p: job(p, published=0, move_ueur=10**13)),
    ("P503", lambda p: shift(p, overtime_from_s=0, overtime_ueur_per_s=10**9)),
    ("P701", lambda p: bound(p, ANY)),
    ("P701", lambda p: bound(p, ANY, *ONCE, shift=1)),
    ("P701", lambda p: bound(p, STRICT, UNKNOWN)),
    ("P701", lambda p: bound(p, STRICT, reload_visit(1))),
    ("P701", lambda p: bound(p, SEQUENCE, *ONCE, RELOAD)),
    ("P701", lambda p: bound(p, SEQUENCE, *ONCE, from_start=True)),
    ("P702", lambda p: bound(p, ANY, *TWICE)),
    ("P702", lambda p: bound(bound(p, ANY, *ONCE), SEQUENCE, *ONCE)),
    (
        "P702",
        lambda p: bound(bound(p, STRICT, *ONCE, from_start=True), STRICT, RELOAD, from_start=True),
    ),
    ("P703", lambda p: bound(two_jobs(p, windows=EARLY), SEQUENCE, *BOTH)),
    ("P703", lambda p: bound(two_jobs(p, loads=(10,)), STRICT, *BOTH)),
    ("P703", lambda p: bound(two_jobs(p, loads=(11,)), SEQUENCE, *BOTH)),
    ("P703", lambda p: bound(job(p, skills=frozenset({7})), STRICT, *ONCE)),
    ("P703", lambda p: bound(job(p, persons=2), STRICT, *ONCE)),
    ("P703", lambda p: bound(shift(p, max_stops=0), STRICT, *ONCE)),
    ("P703", lambda p: bound(shift(p, capacities=(0,)), STRICT, RELOAD)),
    ("P703", lambda p: bound(out(p, loads=(10,)), STRICT, *ONCE, from_start=True)),
    ("P704", lambda p: replace(bound(two_jobs(p), ANY, *BOTH), conflicts=((0, 1),))),
    (
        "P704",
        lambda p: replace(
            bound(bound(two_jobs(p), STRICT, *ONCE), SEQUENCE, job_visit(1)), conflicts=((1, 0),)
        ),
    ),
]


def test_a_sound_problem_has_no_faults() -> None:
    """What the builders make is accepted."""
    assert validate(sound()) == []


@pytest.mark.parametrize(("code", "fault"), FAULTS)
def test_each_fault_has_its_code(code: str, fault: Callable[[Problem], Problem]) -> None:
    """A problem with one fault is refused under the code of that fault, with a cure."""
    issues = validate(fault(sound()))
    assert {issue.code for issue in issues} == {code}
    assert all(issue.action for issue in issues)


def test_all_faults_come_at_once() -> None:
    """Whoever mends a problem sees the whole list, not the first line of it."""
    broken = job(shift(facility(sound(), closes_s=0), end_s=0), windows=())
    assert {issue.code for issue in validate(broken)} >= {"P101", "P201", "P301"}


def test_matrices_of_two_sizes_are_judged_by_the_smaller() -> None:
    """A location must lie in every matrix, since any shift may be asked about it."""
    problem = replace(sound(), matrices=(line(0, 1, 2), line(0)))
    assert {issue.code for issue in validate(problem)} == {"P401"}


SOUND: list[Callable[[Problem], Problem]] = [
    lambda p: shift(p, end_location=ANYWHERE),
    lambda p: shift(p, periods=(Period(from_s=0, matrix=0), Period(from_s=9, matrix=0))),
    lambda p: shift(p, break_rule=EC_561, range_m=9000, rest_places=frozenset({0}), max_stops=1),
    lambda p: shift(p, end_s=20 * HOUR, max_span_s=10 * HOUR, break_rule=ARBZG),
    out,
    lambda p: job(p, shifts=frozenset({0}), published=0, persons=1, due_s=0),
    lambda p: bound(p, STRICT, *ONCE, RELOAD, from_start=True),
    lambda p: bound(two_jobs(p, loads=(10,)), SEQUENCE, *BOTH),
    lambda p: bound(two_jobs(p, loads=(10,)), STRICT, job_visit(0), RELOAD, job_visit(1)),
    lambda p: bound(out(p, loads=(10,)), STRICT, *ONCE),
    lambda p: bound(two_jobs(p, windows=EARLY), ANY, *BOTH),
    lambda p: replace(bound(two_jobs(p), ANY, *ONCE), conflicts=((0, 1),)),
]


@pytest.mark.parametrize("change", SOUND)
def test_what_can_be_planned_is_no_fault(change: Callable[[Problem], Problem]) -> None:
    """Open routes, shifts underway and bonds that can be kept are sound."""
    assert validate(change(sound())) == []


def test_a_broken_bond_says_which_rule_it_breaks() -> None:
    """Whoever bound the visits learns what to take out."""
    late = bound(two_jobs(sound(), windows=EARLY), SEQUENCE, *BOTH)
    (issue,) = validate(late)
    assert (issue.code, issue.subject) == ("P703", "relation 0")
    assert issue.cause == "shift 0 cannot keep it even alone: V201 job 1"
    elsewhere = replace(sound(), shifts=(a_shift(capacities=(10,)),) * 2)
    barred = bound(job(elsewhere, shifts=frozenset({1})), STRICT, *ONCE)
    assert [issue.cause for issue in validate(barred)] == [
        "shift 0 cannot keep it even alone: V503 job 0"
    ]
