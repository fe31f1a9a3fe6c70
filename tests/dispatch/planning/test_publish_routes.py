"""What a plan says of routes with several breaks, other ends and rush hours."""

from __future__ import annotations

from dataclasses import replace
from datetime import time
from typing import TYPE_CHECKING

from dispatch.domain.clock import at_local
from dispatch.domain.fleet import Depot
from dispatch.domain.ids import DepotId
from dispatch.domain.plan import StopKind
from dispatch.planning.build import BuiltProblem, build_problem, places_of
from dispatch.planning.costs import COST_TABLE, REQUIRED
from dispatch.planning.problem import NOTHING
from dispatch.planning.publish import bill_of, make_plan
from dispatch.planning.solution import CostLine, Solution, SolutionRoute, SolutionStop
from dispatch.planning.travel_tables import HourlyMatrix
from tests.helpers.city_builders import (
    DAY,
    a_city_facility,
    a_city_job,
    a_city_shift,
    a_header,
    built,
    km,
    line_matrix,
)

if TYPE_CHECKING:
    from dispatch.domain.plan import Route


SIX = 6 * 3600
NORTH = Depot(id=DepotId("north"), name="North yard", location=km(4))
Written = tuple[StopKind, int, int, int, int]
"""Kind, location, and arrival, start and departure in seconds after six o'clock."""


def route_of(made: BuiltProblem, *stops: Written) -> Route:
    """Return the published route of the first shift with these stops; jobs count from 0."""
    jobs = iter(range(9))
    timed = tuple(
        SolutionStop(
            kind=kind,
            index=next(jobs) if kind is StopKind.JOB else NOTHING,
            location=location,
            arrival_s=SIX + arrival_s,
            start_s=SIX + start_s,
            departure_s=SIX + departure_s,
            loads=(0,) * made.problem.dimensions,
        )
        for kind, location, arrival_s, start_s, departure_s in stops
    )
    solution = Solution(routes=(SolutionRoute(shift=0, stops=timed),), unassigned=(), cost_lines=())
    (route,) = make_plan(made, solution, header=a_header(), violations=(), unassigned=()).routes
    return route


def test_every_break_is_a_stop_and_one_at_a_facility_says_where() -> None:
    """A quarter of an hour at the first site, half an hour at the glass works."""
    made = built([a_city_job("a"), a_city_job("b", east=3)], facilities=[a_city_facility(east=2)])
    depot, works, first, second = range(4)
    route = route_of(
        made,
        (StopKind.START, depot, 0, 0, 0),
        (StopKind.JOB, first, 1000, 1060, 1360),
        (StopKind.BREAK, first, 1360, 1360, 2260),
        (StopKind.BREAK, works, 3260, 3260, 5060),
        (StopKind.JOB, second, 6060, 6120, 6420),
        (StopKind.END, depot, 9420, 9420, 9420),
    )
    rests = [stop for stop in route.stops if stop.kind is StopKind.BREAK]
    assert [(s.name, s.location) for s in rests] == [
        ("Pause", km(1)),
        ("Pause, Glass works", km(2)),
    ]
    assert [(s.departs_at - s.starts_at).seconds for s in rests] == [900, 1800]
    assert (route.travel_s, route.service_s, route.wait_s) == (6000, 720, 0)


def test_an_open_route_ends_at_its_last_stop() -> None:
    """No drive home, and the crew reads that it is done."""
    made = built([a_city_job()], [a_city_shift(open_end=True)])
    route = route_of(
        made,
        (StopKind.START, 0, 0, 0, 0),
        (StopKind.JOB, 1, 1000, 1060, 1360),
        (StopKind.END, 1, 1360, 1360, 1360),
    )
    end = route.stops[-1]
    assert (end.name, end.location) == ("Feierabend", km(1))
    assert (route.travel_s, route.distance_m) == (1000, 1000)


def test_a_route_may_end_at_another_yard() -> None:
    """Start and end have their own names."""
    made = built([a_city_job()], [a_city_shift(end_depot=NORTH)])
    route = route_of(
        made,
        (StopKind.START, 0, 0, 0, 0),
        (StopKind.JOB, 2, 1000, 1060, 1360),
        (StopKind.END, 1, 4360, 4360, 4360),
    )
    assert [(s.name, s.location) for s in route.stops[::2]] == [
        ("Depot", km(0)),
        ("North yard", km(4)),
    ]
    assert route.distance_m == 4000


def test_a_leg_takes_as_long_as_at_its_hour_of_departure() -> None:
    """Twice as long at half past six in the rush hour, as usual on the way home after seven."""
    jobs, shifts = [a_city_job()], [a_city_shift()]
    usual = line_matrix(places_of(jobs, shifts, []))
    rush = replace(usual, duration_s=usual.duration_s * 2)
    hourly = HourlyMatrix(usual=usual, rush=rush, rush_hours=((time(6), time(7)),))
    made = build_problem(jobs, shifts, [], matrices={"truck": hourly}, day=DAY)
    route = route_of(
        made,
        (StopKind.START, 0, 0, 0, 1800),
        (StopKind.JOB, 1, 3800, 3860, 4160),
        (StopKind.END, 0, 5160, 5160, 5160),
    )
    assert [stop.leg.duration_s for stop in route.stops if stop.leg] == [2000, 1000]
    assert route.stops[-1].arrives_at == at_local(DAY, time(7, 26))


def test_every_cost_that_is_money_has_a_line_on_the_bill() -> None:
    """Overtime, lateness, moves and unevenness are billed by their labels, in the table's order."""
    lines = tuple(
        CostLine(code=kind.code, amount_ueur=10_000 * number)
        for number, kind in enumerate(COST_TABLE, start=1)
    )
    bill = bill_of(Solution(routes=(), unassigned=(), cost_lines=lines))
    assert [line.code for line in bill] == [k.code for k in COST_TABLE if k.code != REQUIRED]
    assert {"overtime", "lateness", "moved", "unevenness"} <= {line.code for line in bill}
    assert [line.amount_ct for line in bill] == list(range(1, len(bill) + 1))
