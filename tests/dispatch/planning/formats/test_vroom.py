"""VROOM's JSON: every field is kept or refused by its name, and answers look like VROOM's."""

from __future__ import annotations

import json
from copy import deepcopy
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dispatch.domain.errors import InvalidInput
from dispatch.planning.check import check
from dispatch.planning.formats import vroom
from dispatch.planning.problem import ANYWHERE, job_visit
from dispatch.planning.reschedule import reschedule
from dispatch.planning.validate import validate
from tests.helpers.builders import solved
from tests.helpers.codes import codes_of

EXAMPLES = Path(__file__).resolve().parents[5] / "shared" / "payloads" / "vroom"
LINE = [[abs(a - b) * 100 for b in range(5)] for a in range(5)]
"""Five places on a line, a hundred seconds apart."""


def document(**parts: Any) -> dict[str, Any]:
    """Return one vehicle at place 0 and two jobs at places 1 and 2, with other top-level parts."""
    whole: dict[str, Any] = {
        "jobs": [{"id": 11, "location_index": 1}, {"id": 22, "location_index": 2}],
        "vehicles": [{"id": 1, "start_index": 0, "end_index": 0}],
        "matrices": {"car": {"durations": LINE}},
    }
    return whole | parts


def with_job(**fields: Any) -> dict[str, Any]:
    """Return the document with more fields on its first job."""
    whole = document()
    whole["jobs"][0] |= fields
    return whole


def with_vehicle(**fields: Any) -> dict[str, Any]:
    """Return the document with more fields on its vehicle."""
    whole = document()
    whole["vehicles"][0] |= fields
    return whole


def read(whole: dict[str, Any]) -> Any:
    """Return the instance of a document; its problem must be sound."""
    instance = vroom.instance_of(json.dumps(whole), "x")
    assert validate(instance.problem) == []
    return instance


def answered(whole: dict[str, Any], *order: int) -> dict[str, Any]:
    """Return VROOM's answer for one vehicle with the jobs in this order, within all rules."""
    instance = read(whole)
    plan = reschedule(instance.problem, [[job_visit(job) for job in order]])
    assert check(instance.problem, plan) == ()
    answer: dict[str, Any] = json.loads(instance.writers[".json"](plan))
    assert answer["summary"]["cost"] == sum(route["cost"] for route in answer["routes"])
    return answer


@pytest.mark.city_data
@pytest.mark.skipif(not EXAMPLES.exists(), reason="no shared payloads beside the checkout")
def test_the_matrix_example_is_answered_as_vroom_does() -> None:
    """VROOM's own second example gives VROOM's own answer, field by field."""
    instance = read(json.loads((EXAMPLES / "example_2.json").read_text(encoding="utf-8")))
    answer = json.loads(instance.writers[".json"](solved(instance.problem)))
    assert answer == json.loads((EXAMPLES / "example_2_sol.json").read_text(encoding="utf-8"))


@pytest.mark.city_data
@pytest.mark.skipif(not EXAMPLES.exists(), reason="no shared payloads beside the checkout")
def test_the_road_example_is_refused_by_name() -> None:
    """VROOM's first example needs a road network, shipments and a fixed break: all are named."""
    text = (EXAMPLES / "example_1.json").read_text(encoding="utf-8")
    with pytest.raises(InvalidInput) as caught:
        vroom.instance_of(text, "x")
    assert {(issue.code, issue.subject) for issue in caught.value.issues} == {
        ("P622", "matrices"),
        ("P622", "shipments"),
        ("P622", "vehicles[1].breaks"),
    }


def test_a_whole_answer() -> None:
    """Setup, service, waiting, loads and metres stand in the steps as VROOM writes them."""
    whole = with_vehicle(capacity=[5], time_window=[1000, 9000], description="Wagen 1")
    whole["matrices"]["car"]["distances"] = [[cell * 10 for cell in row] for row in LINE]
    whole["jobs"][0] |= {"setup": 7, "service": 30, "delivery": [2]}
    whole["jobs"][1] |= {"service": 5, "time_windows": [[2000, 2100]], "delivery": [1]}
    answer = answered(whole, 0, 1)
    assert answer["summary"] == {
        **{"cost": 400, "routes": 1, "unassigned": 0, "delivery": [3], "pickup": [0]},
        **{"setup": 7, "service": 35, "duration": 400, "waiting_time": 763, "priority": 0},
        **{"distance": 4000, "violations": []},
    }
    (route,) = answer["routes"]
    assert route["description"] == "Wagen 1"
    brief = [(s["type"], s["arrival"], s["waiting_time"], s["load"]) for s in route["steps"]]
    assert brief == [
        ("start", 1000, 0, [3]),
        ("job", 1100, 0, [1]),
        ("job", 1237, 763, [0]),
        ("end", 2205, 0, [0]),
    ]
    assert [s["distance"] for s in route["steps"]] == [0, 1000, 2000, 4000]


def test_nobody_leaves_before_the_first_window_asks_for_it() -> None:
    """Waiting before the first job is spent at home, as VROOM does; timestamps stay timestamps."""
    now = 1_600_000_000
    whole = with_job(time_windows=[[now + 500, now + 600]])
    whole["vehicles"][0]["time_window"] = [now, now + 9000]
    steps = answered(whole, 0, 1)["routes"][0]["steps"]
    assert [step["arrival"] - now for step in steps] == [400, 500, 600, 800]


def test_open_routes() -> None:
    """Without an end place the way home costs nothing and has no step."""
    whole = document()
    del whole["vehicles"][0]["end_index"]
    instance = read(whole)
    assert instance.problem.shifts[0].end_location == ANYWHERE
    (route,) = reschedule(instance.problem, [[job_visit(0), job_visit(1)]]).routes
    assert (route.stops[-1].arrival_s, route.stops[-1].location) == (200, 2)
    assert solved(instance.problem).cost_ueur == 200 * instance.unit.ueur
    answer = answered(whole, 0, 1)
    assert answer["summary"]["cost"] == 200
    assert [step["type"] for step in answer["routes"][0]["steps"]] == ["start", "job", "job"]


@pytest.mark.parametrize(
    ("costs", "expected"),
    [
        ({}, 400),
        ({"fixed": 50}, 450),
        ({"per_hour": 1800}, 200),
        ({"per_hour": 0, "per_km": 7}, 28),
        ({"per_hour": 3600, "per_task_hour": 1800}, 415),
    ],
)
def test_costs(costs: dict[str, int], expected: int) -> None:
    """Fixed costs and rates per hour, kilometre and hour of work come to VROOM's figure."""
    whole = with_vehicle(costs=costs)
    whole["jobs"][0]["service"] = 30
    whole["matrices"]["car"]["distances"] = [[cell * 10 for cell in row] for row in LINE]
    assert answered(whole, 0, 1)["summary"]["cost"] == expected


def test_a_cost_table_and_a_speed() -> None:
    """Given costs count instead of time; a slower vehicle takes longer."""
    whole = with_vehicle(speed_factor=0.5)
    whole["matrices"]["car"]["costs"] = [[3 * (a != b) for b in range(5)] for a in range(5)]
    answer = answered(whole, 0, 1)
    assert (answer["summary"]["cost"], answer["summary"]["duration"]) == (9, 800)


def test_priority_comes_before_number_and_number_before_cost() -> None:
    """One job of priority 2 is kept before two of priority 0; of equal ones as many as fit."""
    whole = document()
    whole["jobs"] = [{"id": n, "location_index": n + 1, "service": 100} for n in range(3)]
    whole["jobs"][2]["priority"] = 2
    whole["vehicles"][0] |= {"time_window": [0, 750]}
    assert solved(read(whole).problem).unassigned == (0, 1)
    whole["vehicles"][0] |= {"time_window": [0, 850]}
    assert len(solved(read(whole).problem).unassigned) == 1


def test_max_tasks_and_skills() -> None:
    """No vehicle does more jobs than its limit, nor one for which it lacks the skill."""
    limited = solved(read(with_vehicle(max_tasks=1)).problem)
    assert len(limited.unassigned) == 1
    assert solved(read(with_job(skills=[4])).problem).unassigned == (0,)


REFUSED: dict[str, tuple[str, dict[str, Any]]] = {
    "shipments": ("P622", document(shipments=[{}])),
    "matrix": ("P622", document(matrix=[[0]])),
    "options": ("P622", document(options={"g": True})),
    "matrices": ("P622", document(matrices={})),
    "jobs[0].amount": ("P622", with_job(amount=[1])),
    "jobs[0].setup_per_type": ("P622", with_job(setup_per_type={"a": 1})),
    "jobs[0].service_per_type": ("P622", with_job(service_per_type={"a": 1})),
    "vehicles[0].breaks": ("P622", with_vehicle(breaks=[{"id": 1}])),
    "vehicles[0].max_travel_time": ("P623", with_vehicle(max_travel_time=-9)),
    "vehicles[0].max_distance": ("P622", with_vehicle(max_distance=9)),
    "vehicles[0].steps[1].type": (
        "P622",
        with_vehicle(steps=[{"type": "start"}, {"type": "break"}]),
    ),
    "vehicles[0].steps[0].service_at": (
        "P622",
        with_vehicle(steps=[{"type": "job", "id": 11, "service_at": 7}]),
    ),
    "vehicles[0].steps[0].type": ("P623", with_vehicle(steps=[{"type": "end"}, {"type": "end"}])),
    "vehicles[0].steps": ("P623", with_vehicle(steps=[{"type": "job", "id": 12}])),
    "costs.per_task_hour": (
        "P622",
        with_vehicle(costs={"per_hour": 1, "per_task_hour": 3600}),
    ),
    "matrices.car.distances": ("P622", with_vehicle(costs={"per_km": 1})),
    "jobs[0].setup": (
        "P622",
        with_job(setup=5, location_index=2, time_windows=[[0, 99]]),
    ),
    "jobs": (
        "P622",
        document(
            jobs=[{"id": n, "location_index": 1, "priority": n % 101} for n in range(4000)],
            vehicles=[{"id": 1, "start_index": 0, "costs": {"per_hour": 3601}}],
        ),
    ),
    "colour": ("P621", document(colour="red")),
    "jobs[0].colour": ("P621", with_job(colour="red")),
    "vehicles[0].colour": ("P621", with_vehicle(colour="red")),
    "vehicles[0].costs.per_mile": ("P621", with_vehicle(costs={"per_mile": 1})),
    "matrices.car.fuel": ("P621", document(matrices={"car": {"durations": LINE, "fuel": LINE}})),
    "jobs[0].service": ("P623", with_job(service=-1)),
    "jobs[0].id": ("P623", with_job(id="a")),
    "jobs[0].priority": ("P623", with_job(priority=101)),
    "jobs[0].time_windows[0]": ("P623", with_job(time_windows=[[5, 4]])),
    "jobs[0]": ("P623", with_job(location_index=9)),
    "jobs[0].delivery": ("P623", with_job(delivery=[1])),
    "vehicles": ("P623", document(vehicles=[document()["vehicles"][0]] * 2)),
    "vehicles[0].speed_factor": ("P623", with_vehicle(speed_factor=0)),
    "vehicles[0].profile": ("P623", with_vehicle(profile="bike")),
    "vehicles[0].time_window": ("P623", with_vehicle(time_window=[5, 5])),
    "matrices.car.durations": ("P623", document(matrices={"car": {"durations": [[1]]}})),
}


@pytest.mark.parametrize("place", REFUSED)
def test_what_cannot_be_kept_is_an_error_with_its_place(place: str) -> None:
    """No field is dropped: each is named with its place, and nothing else is blamed."""
    code, whole = REFUSED[place]
    with pytest.raises(InvalidInput) as caught:
        read(whole)
    assert [(issue.code, issue.subject) for issue in caught.value.issues] == [(code, place)]


def test_bringing_and_fetching_in_one_dimension_is_refused() -> None:
    """What is brought and what is fetched share the room: our rules have one direction each."""
    whole = with_vehicle(capacity=[3])
    whole["jobs"][0]["delivery"] = [1]
    whole["jobs"][1]["pickup"] = [1]
    assert codes_of(lambda text: vroom.instance_of(text, "x"), json.dumps(whole)) == {"P622"}


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=5),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner),
    max_leaves=5,
)
FULL = with_vehicle(
    capacity=[5], time_window=[0, 9000], costs={"per_km": 3}, max_tasks=9, speed_factor=1.5
)
FULL["matrices"]["car"] |= {"distances": LINE}
FULL["jobs"][0] |= {"setup": 1, "delivery": [1], "time_windows": [[0, 900]], "priority": 3}


@given(st.data())
def test_a_damaged_document_never_crashes(data: st.DataObject) -> None:
    """Whatever stands in the place of one value, the answer is an instance or coded faults."""
    whole: Any = deepcopy(FULL)
    place = whole
    while isinstance(place, dict | list) and place:
        keys = list(place) if isinstance(place, dict) else list(range(len(place)))
        key = data.draw(st.sampled_from(keys))
        if not isinstance(place[key], dict | list) or data.draw(st.integers(0, 3)) == 0:
            place[key] = data.draw(JSON)
            break
        place = place[key]
    codes = codes_of(lambda text: vroom.instance_of(text, "x"), json.dumps(whole))
    assert codes <= {"P621", "P622", "P623"}
