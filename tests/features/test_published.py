"""A published plan is not changed for pennies: moving a job to another shift has a price."""

from __future__ import annotations

import pytest

from tests.helpers.builders import a_job, a_problem, a_shift, solved, written

STAYS = [
    ["start @0 0-0-0", "job 0 @3 3000-3000-3060", "end @0 6060-6060-6060"],
    [],
]
MOVES = [
    [],
    ["start @4 0-0-0", "job 0 @3 1000-1000-1060", "end @4 2060-2060-2060"],
]


@pytest.mark.parametrize(("move_ueur", "routes"), [(7999, MOVES), (8001, STAYS)])
def test_a_job_moves_only_for_more_than_its_price(move_ueur: int, routes: list[list[str]]) -> None:
    """The other vehicle is 4000 s and 4 km cheaper: 8000 ueur, against the price of moving."""
    job = a_job(3, published=0, move_ueur=move_ueur)
    shifts = [a_shift(), a_shift(start_location=4, end_location=4)]
    plan = solved(a_problem(jobs=[job], shifts=shifts))
    assert [written(route) for route in plan.routes] == routes
    moved = {line.code: line.amount_ueur for line in plan.cost_lines}["moved"]
    assert moved == (move_ueur if routes is MOVES else 0)
