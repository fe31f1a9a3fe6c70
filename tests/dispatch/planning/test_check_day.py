"""A day with every rule of the whole problem: silent when kept, exact when broken by one."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any, Literal

import pytest

from dispatch.domain.plan import StopKind
from dispatch.planning.check import RULES, SHAPE, check
from dispatch.planning.law import ARBZG, EC_561, BreakStep
from dispatch.planning.problem import (
    ANYWHERE,
    Order,
    Period,
    Problem,
    Relation,
    Underway,
    Visit,
    job_visit,
    matrix_of,
    reload_visit,
)
from dispatch.planning.solution import Solution, SolutionRoute
from tests.dispatch.planning.test_check import BROKEN
from tests.helpers.builders import DAY_S, a_facility, a_job, a_problem, a_shift, line
from tests.helpers.hand_clock import Pause, by_hand, with_costs

Change = Callable[[Problem], Problem]

FREE = line(*range(0, 10_000, 1000))
RUSH = matrix_of((2 * FREE.duration_s).tolist(), FREE.distance_m.tolist())
BEHIND = Underway(
    began_s=1000,
    loads=(5,),
    rest_end_s=1000,
    driven_s=3000,
    driven_since_s=3000,
    distance_m=6000,
    charged_m=6000,
    stops=2,
)
LORRY = a_shift(
    end_s=DAY_S,
    capacities=(10,),
    persons=2,
    periods=(Period(from_s=6000, matrix=1),),
    range_m=11_000,
    overtime_from_s=26_000,
    overtime_ueur_per_s=5,
    break_rule=EC_561,
    use_ueur=9,
)
OPEN = a_shift(end_location=ANYWHERE, end_s=DAY_S, capacities=(10,), rest_places=frozenset({1}))
OUT = a_shift(
    start_location=6, start_s=4080, end_s=DAY_S, capacities=(10,), underway=BEHIND, use_ueur=4
)
ORDERS: tuple[tuple[Visit | Pause, ...], ...] = (
    (job_visit(0), reload_visit(0), Pause(length_s=2700, on_arrival=True), job_visit(1)),
    (job_visit(2), Pause(length_s=1800, on_arrival=True), reload_visit(1), job_visit(3)),
    (reload_visit(0), job_visit(4)),
)
"""The lorry is home at 26880 s after 24000 s and 16 km at the wheel, 11 of them since it charged.
The open route rests at 7500 s and ends at 11420 s. The third crew is home at 10200 s."""


def bound(order: Order, shift: int, *visits: Visit, from_start: bool = False) -> Relation:
    """Return a relation."""
    return Relation(order=order, shift=shift, visits=visits, from_start=from_start)


def day() -> Problem:
    """Return the problem in which each of the orders above keeps all rules."""
    return a_problem(
        jobs=[
            a_job(3, loads=(8,), persons=2, due_s=2000, late_ueur_per_s=3),
            a_job(8, loads=(8,), published=1, move_ueur=7),
            a_job(1, loads=(1,), service_s=5500, published=1, move_ueur=50),
            a_job(4, loads=(1,), shifts=frozenset({1, 2})),
            a_job(4, loads=(5,)),
        ],
        shifts=[LORRY, OPEN, OUT],
        facilities=[a_facility(5, 0, charges=True, at_once=2), a_facility(2, at_once=1)],
        matrices=[FREE, RUSH],
        relations=(
            bound(Order.ANY, 1, job_visit(2)),
            bound(Order.SEQUENCE, 0, job_visit(0), job_visit(1)),
            bound(Order.STRICT, 1, job_visit(2), reload_visit(1)),
            bound(Order.STRICT, 2, reload_visit(0), job_visit(4), from_start=True),
        ),
        conflicts=((0, 2), (1, 4)),
        uneven_ueur_per_s=2,
    )


def part(
    kind: Literal["jobs", "shifts", "facilities"], number: int, **values: Any
) -> Callable[[Problem], Problem]:
    """Return the change of one job, shift or facility."""

    def change(problem: Problem) -> Problem:
        parts: list[Any] = list(getattr(problem, kind))
        parts[number] = replace(parts[number], **values)
        changed: dict[str, Any] = {kind: tuple(parts)}
        return replace(problem, **changed)

    return change


def ruled(number: int, **values: Any) -> Change:
    """Return the change of one shift's break rule."""
    rule = (LORRY, OPEN, OUT)[number].break_rule or ARBZG
    return part("shifts", number, break_rule=replace(rule, **values))


def driving(**values: Any) -> Change:
    """Return the change of the lorry's rule of driving."""
    drive = EC_561.drive
    assert drive is not None
    return ruled(0, drive=replace(drive, **values))


def behind(**values: Any) -> Change:
    """Return the change of what the third crew has behind it."""
    return part("shifts", 2, underway=replace(BEHIND, **values))


def related(relation: Relation) -> Change:
    """Return the change to that relation alone."""
    return lambda problem: replace(problem, relations=(relation,))


WORK_NEEDS_REST = (BreakStep(over_s=9199, break_s=1800),)
SEQUENCE, STRICT = Order.SEQUENCE, Order.STRICT
CASES: list[tuple[str, str, int, Change]] = [
    ("V301", "shift 2", 1, part("shifts", 2, start_s=4079)),
    ("V304", "shift 2", 1, part("shifts", 2, max_span_s=9199)),
    ("V305", "shift 0", 1, part("shifts", 0, max_stops=1)),
    ("V305", "shift 2", 1, part("shifts", 2, max_stops=2)),
    ("V306", "shift 0", 1, part("shifts", 0, max_drive_s=23_999)),
    ("V306", "shift 2", 1, part("shifts", 2, max_drive_s=8999)),
    ("V307", "shift 0", 1, part("shifts", 0, max_distance_m=15_999)),
    ("V307", "shift 2", 1, part("shifts", 2, max_distance_m=11_999)),
    ("V401", "job 4", 1, part("shifts", 2, capacities=(4,))),
    ("V402", "shift 2", 1, behind(loads=(6,))),
    ("V403", "shift 0", 1, part("shifts", 0, range_m=10_999)),
    ("V403", "facility 0", 1, part("shifts", 2, range_m=6999)),
    ("V502", "job 0", 1, part("jobs", 0, persons=3)),
    ("V503", "job 0", 1, part("jobs", 0, shifts=frozenset({1, 2}))),
    ("V503", "job 4", 1, part("jobs", 4, shifts=frozenset())),
    ("V504", "job 1", 1, lambda p: replace(p, conflicts=((0, 2), (0, 1)))),
    ("V505", "job 2", 1, related(bound(Order.ANY, 0, job_visit(0), job_visit(2)))),
    ("V505", "shift 0", 1, related(bound(SEQUENCE, 0, job_visit(1), job_visit(0)))),
    ("V505", "shift 0", 2, related(bound(SEQUENCE, 0, job_visit(0), job_visit(2), job_visit(3)))),
    ("V505", "shift 0", 1, related(bound(STRICT, 0, job_visit(0), job_visit(1)))),
    ("V505", "shift 0", 1, related(bound(STRICT, 0, reload_visit(0), job_visit(0)))),
    ("V505", "shift 1", 1, related(bound(STRICT, 1, reload_visit(1), from_start=True))),
    ("V602", "facility 1", 1, part("facilities", 1, closes_s=9359)),
    ("V603", "facility 0", 1, part("facilities", 0, at_once=1)),
    ("V701", "shift 2", 1800, ruled(2, steps=WORK_NEEDS_REST)),
    ("V702", "shift 2", 1, ruled(2, max_stretch_s=9199)),
    ("V704", "shift 1", 1, ruled(1, not_before_s=7501)),
    ("V705", "shift 0", 1, driving(max_stretch_s=15_999)),
    ("V706", "shift 0", 1, driving(max_drive_s=23_999)),
    ("V707", "shift 0", 1, part("shifts", 0, rest_places=frozenset({0}))),
]
KEPT: list[Change] = [
    part("shifts", 2, max_span_s=9200),
    part("shifts", 0, max_stops=2, max_drive_s=24_000, max_distance_m=16_000),
    part("shifts", 2, max_stops=3, max_drive_s=9000, max_distance_m=12_000, range_m=7000),
    related(bound(STRICT, 0, reload_visit(0), job_visit(1))),
    related(bound(Order.ANY, 0)),
    part("facilities", 1, closes_s=9360),
    ruled(2, max_stretch_s=9200),
    lambda p: ruled(2, max_stretch_s=9199)(behind(rest_end_s=1001)(p)),
    ruled(1, not_before_s=7500),
    driving(max_stretch_s=16_000, max_drive_s=24_000),
    ruled(2, steps=(BreakStep(over_s=9200, break_s=1800),)),
]


def test_the_day_is_sound() -> None:
    """No rule is broken, and the cost sheet of both sums is the one worked out by hand."""
    problem = day()
    plan = by_hand(problem, *ORDERS)
    assert check(problem, plan) == ()
    assert [route.stops[-1].departure_s for route in plan.routes] == [26_880, 11_420, 10_200]
    work_s = (24_000 + 60 + 60 + 60, 4000 + 5500 + 60 + 60, 6000 + 60 + 60)
    assert {line.code: line.amount_ueur for line in plan.cost_lines} == {
        "crew_time": sum(work_s),
        "distance": 16_000 + 4000 + 6000,
        "vehicle_use": 9,
        "overtime": 880 * 5,
        "lateness": 1000 * 3,
        "moved": 7,
        "unevenness": (work_s[0] - work_s[2]) * 2,
        "jobs_left": 0,
        "required_left": 0,
    }


@pytest.mark.parametrize(("code", "subject", "amount", "change"), CASES)
def test_each_rule_is_exact(code: str, subject: str, amount: int, change: Change) -> None:
    """One rule made stricter by one is one violation: who, which and by how much."""
    plan = by_hand(day(), *ORDERS)
    found = check(change(day()), plan)
    assert [(v.code, v.subject, v.amount) for v in found] == [(code, subject, amount)]


@pytest.mark.parametrize("change", KEPT)
def test_limits_are_inclusive(change: Change) -> None:
    """What is just kept is kept."""
    assert check(change(day()), by_hand(day(), *ORDERS)) == ()


def test_every_rule_has_a_broken_example() -> None:
    """No rule without proof that it works: the tables here and in test_check name each of them."""
    tried = set(BROKEN) | {code for code, *_ in CASES}
    assert {rule.__name__[:4].upper() for rule in (*SHAPE, *RULES)} == tried


def test_a_facility_must_be_of_use() -> None:
    """Charging needs a battery, and resting a crew that rests there: else the halt is idle."""
    problem = day()
    idle = part("shifts", 1, rest_places=frozenset({0}))(problem)
    assert {v.code for v in check(idle, by_hand(problem, *ORDERS))} == {"V601", "V707"}
    station = part("facilities", 0, dimensions=frozenset())(problem)
    orders = ((reload_visit(0),), (), ())
    plan = by_hand(station, *orders)
    relations_aside = replace(station, relations=())
    assert {v.code for v in check(relations_aside, plan)} == set()
    petrol = part("shifts", 0, range_m=None)(relations_aside)
    assert [v.code for v in check(petrol, plan)] == ["V601"]


def test_who_leaves_a_facility_makes_room() -> None:
    """Service may begin at the second at which another ends, and takes a place only if it lasts."""
    place = a_facility(1, 0, at_once=1, service_s=60)
    early = a_shift(capacities=(1,))
    late = replace(early, start_s=60)
    problem = a_problem(shifts=[early, late], facilities=[place])
    assert check(problem, by_hand(problem, (reload_visit(0),), (reload_visit(0),))) == ()
    sooner = replace(problem, shifts=(early, replace(early, start_s=59)))
    found = check(sooner, by_hand(sooner, (reload_visit(0),), (reload_visit(0),)))
    assert [(v.code, v.subject, v.amount) for v in found] == [("V603", "facility 0", 1)]
    quick = replace(sooner, facilities=(replace(place, service_s=0),), shifts=(early, early))
    assert check(quick, by_hand(quick, (reload_visit(0),), (reload_visit(0),))) == ()


def test_rest_taken_before_counts() -> None:
    """Half an hour of rest before the remaining route is half an hour of rest."""
    needy = ruled(2, steps=WORK_NEEDS_REST)(day())
    shift = needy.shifts[2]
    rested = replace(BEHIND, began_s=-800, rested_s=1800)
    shifts = (*needy.shifts[:2], replace(shift, underway=rested))
    assert check(replace(needy, shifts=shifts), by_hand(day(), *ORDERS)) == ()
    short = replace(rested, rested_s=1799)
    shifts = (*needy.shifts[:2], replace(shift, underway=short))
    found = check(replace(needy, shifts=shifts), by_hand(day(), *ORDERS))
    assert [(v.code, v.amount) for v in found] == [("V701", 1)]


def test_the_rush_hour_takes_longer() -> None:
    """A leg is judged, and paid, by the matrix of the second at which it begins."""
    rush = part("shifts", 0, periods=(Period(from_s=5120, matrix=1),))(day())
    found = check(rush, by_hand(day(), *ORDERS))
    assert ("V204", "shift 0", 3000) in [(v.code, v.subject, v.amount) for v in found]
    assert {v.code for v in found} == {"V204", "V801"}
    later = part("shifts", 0, periods=(Period(from_s=5121, matrix=1),))(day())
    assert check(later, by_hand(day(), *ORDERS)) == ()


@pytest.mark.parametrize(
    ("lengths_s", "over_s"),
    [
        ((900, 1800), 0),
        ((1800, 900), 3000),
        ((2700,), 0),
        ((1800,), 3000),
        ((900, 1799), 3000),
        ((899, 1800), 3000),
    ],
)
def test_a_break_of_driving_may_be_split(lengths_s: tuple[int, ...], over_s: int) -> None:
    """Fifteen minutes and then thirty, in this order, interrupt driving; nothing less does."""
    drive = EC_561.drive
    assert drive is not None
    rule = replace(EC_561, not_before_s=0, drive=replace(drive, max_stretch_s=9000))
    places = (3, 6, 9)
    problem = a_problem(
        jobs=[a_job(place) for place in places],
        shifts=[a_shift(break_rule=rule, end_location=ANYWHERE, end_s=DAY_S, start_location=0)],
    )
    longer = replace(problem, jobs=(*problem.jobs, a_job(6)))
    pauses = [Pause(length_s=length) for length in lengths_s]
    items: list[Visit | Pause] = [job_visit(0), *pauses[:1], job_visit(1), *pauses[1:]]
    plan = by_hand(longer, [*items, job_visit(2), job_visit(3)])
    found = check(longer, plan)
    assert sum(v.amount for v in found if v.code == "V705") == over_s
    assert {v.code for v in found} <= {"V705"}


def test_driving_before_counts() -> None:
    """A crew underway goes on with the driving, and the half break, that it has behind it."""
    drive = EC_561.drive
    assert drive is not None
    past = replace(BEHIND, driven_since_s=11_000, half_rest=True)
    rule = replace(EC_561, drive=drive, not_before_s=0)
    shift = replace(OUT, underway=past, break_rule=rule, end_s=DAY_S)
    problem = a_problem(jobs=[a_job(9, loads=(0,))], shifts=[shift])
    rests = by_hand(problem, (job_visit(0), Pause(length_s=1800)))
    goes_on = by_hand(problem, (job_visit(0),))
    # 11000 s behind it, 3000 s to the job, 9000 s home: 23000 s without the other half.
    assert [(v.code, v.amount) for v in check(problem, goes_on)] == [("V705", 6800)]
    assert check(problem, rests) == ()
    fresh = replace(problem, shifts=(replace(shift, underway=replace(past, half_rest=False)),))
    assert [(v.code, v.amount) for v in check(fresh, rests)] == [("V705", 6800)]


def test_who_is_underway_comes_home() -> None:
    """Even without visits; and nobody else drives out for nothing."""
    problem = replace(day(), relations=())
    home = by_hand(problem, (), (), ())
    assert [stop.kind for stop in home.routes[2].stops] == [StopKind.START, StopKind.END]
    assert check(problem, home) == ()
    stranded = with_costs(problem, (*home.routes[:2], SolutionRoute(shift=2)))
    assert [(v.code, v.subject) for v in check(problem, stranded)] == [("V303", "shift 2")]
    not_out = part("shifts", 2, underway=None)(problem)
    assert [(v.code, v.subject) for v in check(not_out, home)] == [("V303", "shift 2")]


def test_an_open_route_ends_at_its_last_stop() -> None:
    """It may not end, or rest, somewhere else."""
    problem = day()
    plan = by_hand(problem, *ORDERS)
    astray = _stop_moved(plan, 1, -1, 3)
    assert [(v.code, v.subject) for v in check(problem, astray)] == [("V303", "shift 1")]
    free = part("shifts", 1, rest_places=None, break_rule=None)(replace(problem, relations=()))
    rests = by_hand(free, (), (job_visit(3), Pause(length_s=900)), ())
    assert check(free, rests) == ()
    elsewhere = _stop_moved(_stop_moved(rests, 1, -2, 5), 1, -1, 5)
    assert "V207" in {v.code for v in check(free, elsewhere)}


def _stop_moved(plan: Solution, shift: int, position: int, location: int) -> Solution:
    stops = list(plan.routes[shift].stops)
    stops[position] = replace(stops[position], location=location)
    routes = list(plan.routes)
    routes[shift] = replace(routes[shift], stops=tuple(stops))
    return replace(plan, routes=tuple(routes))
