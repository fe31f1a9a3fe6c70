"""VROOM's limits of a vehicle and its given routes: kept as ours, or refused by name."""

from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dispatch.domain.errors import InvalidInput
from dispatch.planning.check import check
from dispatch.planning.formats import vroom
from dispatch.planning.problem import job_visit
from dispatch.planning.reschedule import reschedule
from tests.dispatch.planning.formats.test_vroom import LINE, document, read, with_vehicle
from tests.helpers.codes import codes_of

ALIKE = {"per_hour": 3600, "per_task_hour": 3600, "per_km": 7}
ANSWER = {
    "routes": [
        {
            "vehicle": 1,
            "steps": [
                {"type": "start"},
                {"type": "job", "id": 22},
                {"type": "job", "job": 11},
                {"type": "end"},
            ],
        }
    ]
}


def broken(whole: dict[str, Any], *order: int) -> set[str]:
    """Return the rules that a route with the jobs in this order breaks."""
    problem = read(whole).problem
    return {
        found.code for found in check(problem, reschedule(problem, [list(map(job_visit, order))]))
    }


def metred(**fields: Any) -> dict[str, Any]:
    """Return the document with ten metres a second and more fields on its vehicle."""
    whole = with_vehicle(**fields)
    whole["matrices"]["car"]["distances"] = [[cell * 10 for cell in row] for row in LINE]
    return whole


def test_the_longest_travel_time_is_the_longest_driving() -> None:
    """400 s of driving are allowed by a limit of 400 and not by one of 399."""
    assert broken(with_vehicle(max_travel_time=400), 0, 1) == set()
    assert broken(with_vehicle(max_travel_time=399), 0, 1) == {"V306"}


def test_the_greatest_distance_is_in_metres() -> None:
    """4000 m are allowed by a limit of 4000 and not by one of 3999, at the same cost."""
    assert broken(metred(max_distance=4000, costs=ALIKE), 0, 1) == set()
    assert broken(metred(max_distance=3999, costs=ALIKE), 0, 1) == {"V307"}
    for limit in ({}, {"max_distance": 4000}):
        whole = metred(costs=ALIKE, **limit)
        whole["jobs"][0]["service"] = 30
        instance = read(whole)
        plan = reschedule(instance.problem, [[job_visit(0), job_visit(1)]])
        assert instance.objective(plan) == 400 + 30 + 28


@pytest.mark.parametrize(
    "whole",
    [
        metred(max_distance=9),
        metred(max_distance=9, costs={"per_hour": 0, "per_km": 1, "per_task_hour": 1}),
        with_vehicle(max_distance=9, costs={"per_hour": 1, "per_task_hour": 1}),
    ],
)
def test_a_distance_that_our_metres_cannot_tell_is_refused(whole: dict[str, Any]) -> None:
    """Where metres must carry the cost of time, or none are given, the limit is refused."""
    with pytest.raises(InvalidInput) as caught:
        read(whole)
    assert ("P622", "vehicles[0].max_distance") in {
        (issue.code, issue.subject) for issue in caught.value.issues
    }


def test_steps_are_a_route_to_start_from() -> None:
    """The order of the steps is the order of the start; without steps there is none."""
    steps = [{"type": "start"}, {"type": "job", "id": 22}, {"type": "job", "id": 11}]
    assert read(with_vehicle(steps=steps)).start == ((job_visit(1), job_visit(0)),)
    assert read(document()).start is None


def test_an_answer_is_read_as_orders() -> None:
    """An answer of VROOM, or our own in its format, gives its orders back."""
    instance = read(document())
    assert instance.orders is not None
    assert instance.orders(json.dumps(ANSWER)) == ((job_visit(1), job_visit(0)),)
    plan = reschedule(instance.problem, [[job_visit(0)]])
    assert instance.orders(instance.writers[".json"](plan)) == plan.orders


@pytest.mark.parametrize(
    ("steps", "place"),
    [
        ([{"type": "job", "id": 12}], "routes[0]"),
        ([{"type": "job", "id": 11}] * 2, "routes[0]"),
        ([{"type": "job", "id": "11"}], "routes[0].steps[0].id"),
        ([{"type": "break", "id": 1}], "routes[0].steps[0].type"),
        ([7], "routes[0].steps[0].type"),
        (7, "routes[0].steps"),
    ],
)
def test_an_answer_to_another_problem_is_refused(steps: object, place: str) -> None:
    """Jobs that are not there, done twice or of another kind are named with their place."""
    instance = read(document())
    assert instance.orders is not None
    with pytest.raises(InvalidInput) as caught:
        instance.orders(json.dumps({"routes": [{"vehicle": 1, "steps": steps}]}))
    assert [(issue.code, issue.subject) for issue in caught.value.issues] == [("P623", place)]


@given(
    st.recursive(
        st.none() | st.integers() | st.text(max_size=3), lambda x: st.lists(x), max_leaves=4
    )
)
def test_no_steps_crash_the_reader(steps: object) -> None:
    """Whatever stands for the steps, the answer is an instance or coded faults."""
    text = json.dumps(with_vehicle(steps=steps))
    assert codes_of(lambda whole: vroom.instance_of(whole, "x"), text) <= {"P622", "P623"}
