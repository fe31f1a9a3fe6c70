"""A shift that is on the road: it goes on from where it is, with what lies behind it."""

from __future__ import annotations

from typing import Any

from dispatch.planning.law import EC_561
from dispatch.planning.problem import ProblemShift, Underway
from tests.helpers.builders import a_facility, a_job, a_problem, a_shift, solved, written

HOUR = 3600


def _on_the_road(behind: dict[str, Any], **parts: Any) -> ProblemShift:
    """Return a shift that stands at kilometre 5 after four hours of work without rest."""
    past: dict[str, Any] = {"began_s": 0, "loads": (), "rest_end_s": 0}
    defaults: dict[str, Any] = {
        "start_location": 5,
        "start_s": 4 * HOUR,
        "end_s": 9 * HOUR,
        "underway": Underway(**past | behind),
    }
    return a_shift(**defaults | parts)


def test_with_nothing_left_to_do_it_drives_home() -> None:
    """No visit, but the vehicle is out: home, without paying its use again."""
    plan = solved(a_problem(shifts=[_on_the_road({}, use_ueur=1000)]))
    assert written(plan.routes[0]) == ["start @5 14400-14400-14400", "end @0 19400-19400-19400"]
    assert plan.cost_ueur == 5000 + 5000


def test_what_is_on_board_takes_room() -> None:
    """7 of 10 are full: the job of 3 fits on the way home, that of 4 does not."""
    shift = _on_the_road({"loads": (7,)}, capacities=(10,))
    plan = solved(a_problem(jobs=[a_job(4, loads=(3,)), a_job(2, loads=(4,))], shifts=[shift]))
    assert plan.unassigned == (1,)
    assert written(plan.routes[0]) == [
        "start @5 14400-14400-14400",
        "job 0 @4 15400-15400-15460",
        "end @0 19460-19460-19460",
    ]
    assert [stop.loads for stop in plan.routes[0].stops] == [(7,), (10,), (10,)]


def test_what_is_on_board_is_unloaded_first() -> None:
    """A tip on the way makes room for the job of 4."""
    shift = _on_the_road({"loads": (7,)}, capacities=(10,))
    jobs, tip = [a_job(2, loads=(4,))], a_facility(3, 0)
    plan = solved(a_problem(jobs=jobs, shifts=[shift], facilities=[tip]))
    assert written(plan.routes[0]) == [
        "start @5 14400-14400-14400",
        "reload 0 @3 16400-16400-16460",
        "job 0 @2 17460-17460-17520",
        "end @0 19520-19520-19520",
    ]


def test_work_behind_it_counts_for_the_break() -> None:
    """4 h behind it and 2 h 24 min to come need half an hour, here at once or after the job."""
    plan = solved(a_problem(jobs=[a_job(4, service_s=3600)], shifts=[_on_the_road({})]))
    stops = plan.routes[0].stops
    assert sorted(stop.kind.value for stop in stops) == ["break", "end", "job", "start"]
    assert stops[-1].arrival_s == 14_400 + 5000 + 3600 + 1800


def test_a_break_behind_it_is_not_taken_again() -> None:
    """Half an hour from 3 h on was rest enough for the whole day."""
    rested = {"rested_s": 1800, "rest_end_s": 3 * HOUR + 1800}
    plan = solved(a_problem(jobs=[a_job(4, service_s=3600)], shifts=[_on_the_road(rested)]))
    assert written(plan.routes[0]) == [
        "start @5 14400-14400-14400",
        "job 0 @4 15400-15400-19000",
        "end @0 23000-23000-23000",
    ]


def test_driving_behind_it_counts_for_the_driving_rule() -> None:
    """3.5 h at the wheel since the break of yesterday's kind leave one hour, home is 5000 s."""
    driven = {"driven_s": 12_600, "driven_since_s": 12_600}
    shift = _on_the_road(driven, break_rule=EC_561)
    plan = solved(a_problem(jobs=[a_job(4)], shifts=[shift]))
    stops = plan.routes[0].stops
    assert sorted(stop.kind.value for stop in stops) == ["break", "end", "job", "start"]
    assert stops[-1].arrival_s == 14_400 + 5000 + 60 + 2700


def test_the_first_part_of_a_split_break_is_behind_it() -> None:
    """A quarter was taken before, so half an hour completes the break."""
    behind = {
        "driven_s": 12_600,
        "driven_since_s": 12_600,
        "half_rest": True,
        "rested_s": 900,
        "rest_end_s": 7200,
    }
    shift = _on_the_road(behind, break_rule=EC_561)
    plan = solved(a_problem(jobs=[a_job(4)], shifts=[shift]))
    assert plan.routes[0].stops[-1].arrival_s == 14_400 + 5000 + 60 + 1800


def test_stops_and_metres_behind_it_count() -> None:
    """Two of three stops are made: one more, whatever lies on the way."""
    shift = _on_the_road({"stops": 2, "distance_m": 6000}, max_stops=3, max_distance_m=11_000)
    plan = solved(a_problem(jobs=[a_job(4), a_job(3), a_job(6)], shifts=[shift]))
    assert len(plan.unassigned) == 2
    assert 2 in plan.unassigned
    assert plan.routes[0].stops[-1].arrival_s == 14_400 + 5000 + 60
