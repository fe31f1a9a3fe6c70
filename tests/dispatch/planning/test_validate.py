"""Every fault of a problem has a code, and all faults come at once."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np
import pytest

from dispatch.planning.problem import Matrix, Problem, Window
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


FAULTS: list[tuple[str, Callable[[Problem], Problem]]] = [
    ("P101", lambda p: job(p, windows=())),
    ("P101", lambda p: job(p, windows=(Window(earliest_s=9, latest_s=8),))),
    ("P101", lambda p: job(p, windows=(Window(earliest_s=0, latest_s=p.horizon_s + 1),))),
    ("P102", lambda p: job(p, service_s=-1)),
    ("P102", lambda p: job(p, loads=(1, 2))),
    ("P102", lambda p: job(p, release_s=-1)),
    ("P201", lambda p: shift(p, end_s=0)),
    ("P201", lambda p: shift(p, max_span_s=0)),
    ("P201", lambda p: shift(p, start_s=p.horizon_s - 9, end_s=p.horizon_s + 1)),
    ("P202", lambda p: shift(p, ueur_per_m=-1)),
    ("P202", lambda p: shift(p, capacities=())),
    ("P203", lambda p: shift(p, end_s=10 * HOUR + 45 * 60 + 1)),
    ("P301", lambda p: facility(p, closes_s=59)),
    ("P301", lambda p: facility(p, dimensions=frozenset({1}))),
    ("P401", lambda p: job(p, location=10)),
    ("P401", lambda p: shift(p, matrix=1)),
    ("P402", lambda p: matrix(p, 1, 1, 5, 0)),
    ("P402", lambda p: matrix(p, 0, 1, -2, -2)),
    ("P402", lambda p: matrix(p, 0, 1, -1, 5)),
    ("P402", lambda p: matrix(p, 0, 1, 0, 5)),
    ("P402", real_numbers),
    ("P503", lambda p: replace(p, required_extra_ueur=1000)),
    ("P504", lambda p: replace(p, required_extra_ueur=2**61)),
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
