"""Each rule as the routing model keeps it, on the line world, seen in the orders it returns."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from dispatch.planning.law import EC_561
from dispatch.planning.ortools_engine import search
from dispatch.planning.problem import (
    ANYWHERE,
    Order,
    Period,
    Relation,
    Underway,
    Window,
    job_visit,
    reload_visit,
)
from dispatch.planning.solution import Budget
from tests.helpers.builders import a_facility, a_job, a_problem, a_shift, line

if TYPE_CHECKING:
    from dispatch.planning.ortools_engine import Found
    from dispatch.planning.problem import Problem

HOUR = 3600
BUDGET = Budget(time_limit_s=10, solution_limit=60)


def routes(problem: Problem) -> list[list[str]]:
    """Return the visits per shift as `j2` and `f0`."""
    return written(search(problem, budget=BUDGET))


def written(found: Found) -> list[list[str]]:
    """Return found orders as `j2` for a job and `f0` for a facility."""
    return [[f"{visit.kind[0].lower()}{visit.index}" for visit in o] for o in found.orders]


def behind(**parts: object) -> Underway:
    """Return a shift underway that has done nothing yet."""
    defaults: dict[str, object] = {"began_s": 0, "loads": (), "rest_end_s": 0}
    return Underway(**defaults | parts)  # type: ignore[arg-type]


def test_an_open_route_stays_at_its_last_stop() -> None:
    """The way out is paid, no way home: 9 km and 9000 s, and a minute of work."""
    problem = a_problem(jobs=[a_job(9)], shifts=[a_shift(end_location=ANYWHERE, end_s=9060)])
    found = search(problem, budget=BUDGET)
    assert (written(found), found.cost_ueur) == ([["j0"]], 18_060)


def test_a_trip_leaves_when_its_goods_are_there() -> None:
    """Released at 2 h, window until 2 h at a place a quarter away: too late, so it is left."""
    late = a_job(1, release_s=7200, windows=(Window(earliest_s=0, latest_s=7200),))
    fine = a_job(1, release_s=7200, windows=(Window(earliest_s=0, latest_s=8200),))
    assert routes(a_problem(jobs=[late, fine])) == [["j1"]]


def test_goods_may_be_fetched_in_mid_route() -> None:
    """One job is urgent, the other's goods come later: a reload lies between them."""
    early = a_job(1, loads=(1,), windows=(Window(earliest_s=0, latest_s=1000),))
    later = a_job(3, loads=(1,), release_s=9000)
    problem = a_problem(
        jobs=[early, later],
        shifts=[a_shift(capacities=(9,))],
        facilities=[a_facility(2, 0)],
    )
    start = ((job_visit(0), reload_visit(0), job_visit(1)),)
    found = search(problem, budget=BUDGET, start=start)
    assert written(found) == [["j0", "r0", "j1"]]


def test_a_span_begins_with_the_work() -> None:
    """Two hours of span reach a window at four hours, but not two windows three hours apart."""
    one = a_job(1, windows=(Window(earliest_s=14_000, latest_s=14_100),))
    other = a_job(1, windows=(Window(earliest_s=3000, latest_s=3100),), leave_price_ueur=10**6)
    assert routes(a_problem(jobs=[one, other], shifts=[a_shift(max_span_s=7200)])) == [["j0"]]


def test_overtime_is_shared_out() -> None:
    """Two far jobs go to two crews where the second hour costs more than a second way."""
    shift = a_shift(overtime_from_s=3600, overtime_ueur_per_s=100)
    problem = a_problem(jobs=[a_job(1, service_s=1500)] * 2, shifts=[shift, shift])
    assert [len(route) for route in routes(problem)] == [1, 1]


def test_who_pays_for_waiting_is_first() -> None:
    """The dear job is due at once, so it comes before the nearer one."""
    urgent = a_job(2, due_s=0, late_ueur_per_s=10)
    problem = a_problem(jobs=[a_job(1, service_s=900), urgent])
    assert routes(problem) == [["j1", "j0"]]


@pytest.mark.parametrize("part", [{"persons": 2}, {"shifts": frozenset({1})}])
def test_a_job_goes_to_the_crew_that_may(part: dict[str, object]) -> None:
    """Two persons, or the shift that is named."""
    problem = a_problem(jobs=[a_job(1, **part)], shifts=[a_shift(), a_shift(persons=2)])
    assert routes(problem) == [[], ["j0"]]


@pytest.mark.parametrize(
    "limit", [{"max_stops": 1}, {"max_drive_s": 3000}, {"max_distance_m": 3000}]
)
def test_a_shift_stops_at_its_limit(limit: dict[str, int]) -> None:
    """Of a job at 1 km and one at 2 km only the nearer fits, and it is worth more."""
    jobs = [a_job(1, leave_price_ueur=2 * 10**8), a_job(2)]
    assert routes(a_problem(jobs=jobs, shifts=[a_shift(**limit)])) == [["j0"]]


def test_a_shift_underway_has_used_a_part_of_its_limits() -> None:
    """Three of four jobs are done, so one is left to do."""
    shift = a_shift(max_stops=4, underway=behind(stops=3))
    assert [len(route) for route in routes(a_problem(jobs=[a_job(1)] * 3, shifts=[shift]))] == [1]


def test_a_shift_underway_carries_what_it_carries() -> None:
    """Seven of ten are aboard: five more need unloading first."""
    problem = a_problem(
        jobs=[a_job(1, loads=(5,))],
        shifts=[a_shift(capacities=(10,), underway=behind(loads=(7,)))],
        facilities=[a_facility(2, 0)],
    )
    assert routes(problem) == [["r0", "j0"]]


def test_a_battery_is_charged_on_the_way() -> None:
    """Eight km there and back on ten km of range: charged in the middle."""
    problem = a_problem(
        jobs=[a_job(8)],
        shifts=[a_shift(range_m=13_000)],
        facilities=[a_facility(6, charges=True)],
    )
    (route,) = routes(problem)
    assert sorted(route) == ["j0", "r0"]


def test_without_a_charger_the_far_job_is_left() -> None:
    """Sixteen km are too many for thirteen."""
    assert routes(a_problem(jobs=[a_job(8)], shifts=[a_shift(range_m=13_000)])) == [[]]


def test_the_slowest_hour_counts() -> None:
    """In the rush hour the way takes thrice as long, so the model does not promise it."""
    slow = line(*range(0, 30_000, 3000))
    shift = a_shift(end_s=5000, periods=(Period(from_s=2000, matrix=1),))
    problem = a_problem(
        jobs=[a_job(1)], shifts=[shift], matrices=[line(*range(0, 10_000, 1000)), slow]
    )
    assert routes(problem) == [[]]


def test_jobs_in_conflict_go_apart() -> None:
    """Two crews take one each; a third in conflict with both is left."""
    problem = a_problem(
        jobs=[a_job(1), a_job(1), a_job(1, leave_price_ueur=10**7)],
        shifts=[a_shift(), a_shift()],
        conflicts=((0, 1), (1, 2), (0, 2)),
    )
    assert sorted(routes(problem)) == [["j0"], ["j1"]]


def bound(order: Order, *jobs: int, **parts: bool) -> Relation:
    """Return a relation of jobs on shift 0."""
    return Relation(order=order, shift=0, visits=tuple(map(job_visit, jobs)), **parts)


def test_a_relation_in_any_order_binds_the_shift() -> None:
    """The nearer crew may not take them."""
    problem = a_problem(
        jobs=[a_job(5), a_job(5)],
        shifts=[a_shift(), a_shift(start_location=5, end_location=5)],
        relations=(bound(Order.ANY, 0, 1),),
    )
    assert [len(route) for route in routes(problem)] == [2, 0]


def test_a_sequence_is_kept_with_others_between() -> None:
    """Far before near, whatever the way costs."""
    problem = a_problem(
        jobs=[a_job(1), a_job(8), a_job(4)], relations=(bound(Order.SEQUENCE, 1, 0),)
    )
    (route,) = routes(problem)
    assert route.index("j1") < route.index("j0")
    assert "j2" in route


def test_a_strict_relation_has_nothing_between() -> None:
    """The job half way waits until both are done, or comes before."""
    problem = a_problem(jobs=[a_job(1), a_job(8), a_job(4)], relations=(bound(Order.STRICT, 1, 0),))
    (route,) = routes(problem)
    assert route[route.index("j1") + 1] == "j0"
    assert "j2" in route


def test_a_locked_prefix_comes_first_with_its_facility() -> None:
    """The route begins with the far job and its unloading."""
    prefix = Relation(
        order=Order.STRICT, shift=0, visits=(job_visit(1), reload_visit(0)), from_start=True
    )
    problem = a_problem(
        jobs=[a_job(1, loads=(1,)), a_job(4, loads=(1,))],
        shifts=[a_shift(capacities=(9,))],
        facilities=[a_facility(2, 0)],
        relations=(prefix,),
    )
    assert routes(problem) == [["j1", "r0", "j0"]]


def test_a_published_job_moves_for_good_reason_only() -> None:
    """The other crew is 16000 ueur cheaper: a price of 20000 keeps it, one of 10 does not."""
    for move_ueur, expected in ((20_000, [["j0"], []]), (10, [[], ["j0"]])):
        problem = a_problem(
            jobs=[a_job(5, published=0, move_ueur=move_ueur)],
            shifts=[a_shift(), a_shift(start_location=4, end_location=4)],
        )
        assert routes(problem) == expected


def test_unevenness_shares_the_work() -> None:
    """Two hours for one crew or one for each: at a price for the longest day, each."""
    jobs = [a_job(1, service_s=3600)] * 2
    problem = a_problem(jobs=jobs, shifts=[a_shift(), a_shift()], uneven_ueur_per_s=10)
    assert [len(route) for route in routes(problem)] == [1, 1]


def test_one_bay_serves_one_vehicle_at_a_time() -> None:
    """Two loads of an hour's unloading each in a bay that closes after two and a half hours."""
    place = a_facility(1, 0, service_s=3600, closes_s=6000, at_once=1)
    jobs = [a_job(1, loads=(5,), windows=(Window(earliest_s=0, latest_s=9999),))] * 4
    shift = a_shift(capacities=(5,), end_s=12_000)
    found = routes(a_problem(jobs=jobs, shifts=[shift, shift], facilities=[place]))
    assert sum(visit == "r0" for route in found for visit in route) == 1


def test_a_crew_rests_where_it_may() -> None:
    """More than six hours of work need the canteen, with no more than six on either side."""
    problem = a_problem(
        jobs=[a_job(1, service_s=HOUR)] * 6,
        shifts=[a_shift(end_s=8 * HOUR + 1800, rest_places=frozenset({0}))],
        facilities=[a_facility(2, service_s=0)],
    )
    (route,) = routes(problem)
    assert route.count("r0") == 1
    assert 1 <= route.index("r0") <= 5
    assert len(route) == 7


def test_more_than_a_stretch_at_the_wheel_has_a_full_break() -> None:
    """Five hours of driving in 24200 s, the full break included: a shift of 24000 is too short."""
    there_and_back = [a_job(5, service_s=900), a_job(1, service_s=900)] * 2
    for end_s, expected in ((24_400, 4), (24_000, 0)):
        problem = a_problem(
            jobs=there_and_back,
            shifts=[a_shift(end_s=end_s, break_rule=EC_561)],
            matrices=[line(*range(0, 6000, 1000))],
            relations=(bound(Order.SEQUENCE, 0, 1, 2, 3),),
        )
        (route,) = routes(problem)
        assert len(route) == expected


def test_a_long_shift_drives_no_more_than_one_stretch() -> None:
    """Eleven hours are too long for one break amid the time: 16000 s at the wheel, not 18000."""
    shift = a_shift(end_s=11 * HOUR, break_rule=EC_561)
    assert routes(a_problem(jobs=[a_job(9), a_job(8)], shifts=[shift])) == [["j1"]]


def test_many_releases_never_leave_the_day_empty() -> None:
    """Goods that come in at different hours are no reason to find no plan at all."""
    hours = (0, 7200, 3600, 5400, 0, 5000)
    jobs = [a_job(1 + n, release_s=release_s) for n, release_s in enumerate(hours)]
    problem = a_problem(jobs=jobs, shifts=[a_shift(), a_shift(), a_shift(max_span_s=9000)])
    assert sum(map(len, routes(problem))) == len(jobs)
