"""Overtime: every second after the regular end costs more, so others may be cheaper."""

from __future__ import annotations

import pytest

from tests.helpers.builders import a_job, a_problem, a_shift, solved, written

LONG_DAY = [
    ["start @0 0-0-0", "job 0 @3 3000-3000-6000", "end @0 9000-9000-9000"],
    [],
]
OTHER_CREW = [
    [],
    ["start @9 0-0-0", "job 0 @3 6000-6000-9000", "end @9 15000-15000-15000"],
]


@pytest.mark.parametrize(("rate", "routes"), [(3, LONG_DAY), (5, OTHER_CREW)])
def test_overtime_is_worked_if_it_is_cheaper(rate: int, routes: list[list[str]]) -> None:
    """3000 s of overtime against 6000 s and 6 km more, 12 000 ueur, for the other crew."""
    near = a_shift(overtime_from_s=6000, overtime_ueur_per_s=rate)
    far = a_shift(start_location=9, end_location=9)
    plan = solved(a_problem(jobs=[a_job(3, service_s=3000)], shifts=[near, far]))
    assert [written(route) for route in plan.routes] == routes
    overtime = {line.code: line.amount_ueur for line in plan.cost_lines}["overtime"]
    assert overtime == (3000 * rate if routes is LONG_DAY else 0)


def test_home_by_the_regular_end_is_no_overtime() -> None:
    """The end of the route counts, to the second."""
    shift = a_shift(overtime_from_s=2060, overtime_ueur_per_s=1000)
    plan = solved(a_problem(jobs=[a_job(1)], shifts=[shift]))
    assert written(plan.routes[0])[-1] == "end @0 2060-2060-2060"
    assert {line.code: line.amount_ueur for line in plan.cost_lines}["overtime"] == 0
