"""Random days on which every limit is just kept: one second, metre or person less is a fault."""

from __future__ import annotations

from dataclasses import dataclass, replace
from itertools import pairwise
from random import Random
from typing import TYPE_CHECKING, Any

import pytest

from dispatch.domain.plan import StopKind
from dispatch.planning.check import check
from dispatch.planning.law import BreakRule, BreakStep, DriveRule
from dispatch.planning.problem import (
    ANYWHERE,
    Order,
    Period,
    Problem,
    ProblemShift,
    Relation,
    Underway,
    Window,
    job_visit,
    matrix_of,
    reload_visit,
)
from dispatch.planning.solution import CostLine, Solution, SolutionRoute, SolutionStop
from tests.helpers.builders import DAY_S, a_facility, a_job, a_problem, a_shift, line
from tests.helpers.hand_clock import Pause, by_hand, with_costs

if TYPE_CHECKING:
    from collections.abc import Callable

FREE = line(*range(0, 10_000, 1000))
RUSH = matrix_of((2 * FREE.duration_s).tolist(), FREE.distance_m.tolist())
SEEDS = range(8)
SHIFTS = 3
JOB, REST, RELOAD = StopKind.JOB, StopKind.BREAK, StopKind.RELOAD


@dataclass(frozen=True, slots=True)
class Day:
    """A problem, a plan of it that just keeps every limit, and the dice for the mutation."""

    problem: Problem
    plan: Solution
    dice: Random

    @property
    def shift(self) -> int:
        """A shift by the dice."""
        return self.dice.randrange(SHIFTS)

    @property
    def job(self) -> int:
        """A planned job by the dice."""
        return self.dice.randrange(3 * SHIFTS)

    @property
    def kind(self) -> StopKind:
        """A kind of stop by the dice."""
        kinds = list(StopKind)
        return self.dice.choice(kinds)

    def but(self, **parts: Any) -> Day:
        """Return the day with parts of its problem changed."""
        return replace(self, problem=replace(self.problem, **parts))

    def but_job(self, number: int, **parts: Any) -> Day:
        """Return the day with one job changed."""
        jobs = list(self.problem.jobs)
        jobs[number] = replace(jobs[number], **parts)
        return self.but(jobs=tuple(jobs))

    def less(self, name: str, by: int = 1) -> Day:
        """Return the day with one limit of one shift lowered."""
        number = self.shift
        shift = self.problem.shifts[number]
        return self.but_shift(number, **{name: getattr(shift, name) - by})

    def but_shift(self, number: int, **parts: Any) -> Day:
        """Return the day with one shift changed."""
        shifts = list(self.problem.shifts)
        shifts[number] = replace(shifts[number], **parts)
        return self.but(shifts=tuple(shifts))

    def but_rule(self, change: Callable[[BreakRule], BreakRule]) -> Day:
        """Return the day with the break rule of one shift changed."""
        number = self.shift
        rule = self.problem.shifts[number].break_rule
        assert rule is not None
        return self.but_shift(number, break_rule=change(rule))

    def but_stop(self, kind: StopKind, change: Callable[[SolutionStop], dict[str, Any]]) -> Day:
        """Return the day with one stop of that kind changed."""
        number = self.shift
        stops = list(self.plan.routes[number].stops)
        at = self.dice.choice([i for i, stop in enumerate(stops) if stop.kind is kind])
        stops[at] = replace(stops[at], **change(stops[at]))
        routes = list(self.plan.routes)
        routes[number] = replace(routes[number], stops=tuple(stops))
        return replace(self, plan=replace(self.plan, routes=tuple(routes)))

    def start_of(self, job: int) -> int:
        """Return when the service of a planned job starts."""
        stops = [stop for route in self.plan.routes for stop in route.stops]
        return next(s.start_s for s in stops if s.kind is JOB and s.index == job)


def a_tight_day(seed: int) -> Day:
    """Return a day of three shifts: one comes home, one is open, one is underway."""
    dice = Random(seed)  # noqa: S311  # no secret
    jobs = [
        a_job(
            dice.randrange(1, 9),
            setup_s=dice.randrange(50, 200),
            service_s=dice.randrange(60, 900),
            loads=(dice.randrange(1, 5),),
            persons=number // 3 + 1,
            published=dice.randrange(-1, SHIFTS),
            move_ueur=dice.randrange(9),
            due_s=dice.randrange(9000),
            late_ueur_per_s=dice.randrange(9),
        )
        for number in range(3 * SHIFTS)
    ]
    problem = a_problem(
        jobs=[*jobs, a_job(5, loads=(1,), leave_price_ueur=0)],
        shifts=[_loose(number, dice) for number in range(SHIFTS)],
        facilities=[a_facility(dice.randrange(1, 9), 0, charges=True)],
        matrices=[FREE, RUSH],
        uneven_ueur_per_s=3,
    )
    loose = by_hand(problem, *(_order(number, dice) for number in range(SHIFTS)))
    shifts = tuple(_tight(problem.shifts[route.shift], route) for route in loose.routes)
    tight = replace(problem, shifts=shifts)
    return Day(tight, with_costs(tight, loose.routes), dice)


def _loose(number: int, dice: Random) -> ProblemShift:
    start_s = dice.randrange(1000, 3000)
    parts: dict[str, Any] = {"end_location": ANYWHERE} if number == 1 else {}
    if number == 2:
        parts = {"start_location": 9, "underway": _behind(start_s, dice)}
    return a_shift(
        start_s=start_s,
        end_s=DAY_S,
        capacities=(99,),
        persons=number + 1,
        periods=(Period(from_s=dice.randrange(2000, 9000), matrix=1),),
        overtime_from_s=dice.randrange(20_000),
        overtime_ueur_per_s=dice.randrange(9),
        **parts,
    )


def _behind(start_s: int, dice: Random) -> Underway:
    return Underway(
        began_s=start_s - 900,
        loads=(dice.randrange(5),),
        rest_end_s=start_s - 800,
        driven_s=700,
        driven_since_s=600,
        distance_m=dice.randrange(900),
        charged_m=dice.randrange(900),
        stops=2,
    )


def _order(number: int, dice: Random) -> list[Any]:
    """Return three jobs in random order with a reload and then a pause among them."""
    visits: list[Any] = [job_visit(3 * number + n) for n in dice.sample(range(3), 3)]
    visits.insert(dice.randrange(1, 3), reload_visit(0))
    on_arrival = dice.random() < 0.5
    visits.insert(3, Pause(length_s=dice.randrange(900, 3000), on_arrival=on_arrival))
    return visits


def _tight(shift: ProblemShift, route: SolutionRoute) -> ProblemShift:
    """Return the shift with every limit at what the route needs, measured stop by stop."""
    stops, behind = route.stops, shift.underway
    began_s = behind.began_s if behind else stops[0].start_s
    metres = driven_s = since_s = since_m = most_m = 0
    if behind:
        metres, driven_s = behind.distance_m, behind.driven_s
        since_s, since_m = behind.driven_since_s, behind.charged_m
    stretches = []
    rest = next(stop for stop in stops if stop.kind is REST)
    for before, stop in pairwise(stops):
        leg_m = 1000 * abs(before.location - stop.location)
        leg_s = leg_m * (2 if before.departure_s >= shift.periods[0].from_s else 1)
        metres, driven_s = metres + leg_m, driven_s + leg_s
        since_m, since_s = since_m + leg_m, since_s + leg_s
        most_m = max(most_m, since_m)
        since_m = 0 if stop.kind is RELOAD else since_m
        if stop is rest:
            stretches.append(since_s)
            since_s = 0
    length_s = rest.departure_s - rest.start_s
    end_s = stops[-1].departure_s
    rested_from_s = behind.rest_end_s if behind else began_s
    drive = DriveRule(
        max_stretch_s=max(*stretches, since_s),
        break_s=length_s,
        split_s=(length_s, length_s),
        max_drive_s=driven_s,
    )
    rule = BreakRule(
        steps=(BreakStep(over_s=end_s - began_s - length_s - 1, break_s=length_s),),
        max_stretch_s=max(rest.start_s - rested_from_s, end_s - rest.departure_s),
        max_work_s=DAY_S,
        not_before_s=rest.start_s - began_s,
        drive=drive,
    )
    return replace(
        shift,
        end_s=end_s,
        capacities=(max(stop.loads[0] for stop in stops),),
        break_rule=rule,
        max_span_s=end_s - began_s,
        max_stops=3 + (behind.stops if behind else 0),
        max_drive_s=driven_s,
        max_distance_m=metres,
        range_m=most_m,
    )


def _drive(rule: BreakRule, name: str) -> BreakRule:
    assert rule.drive is not None
    parts: dict[str, Any] = {name: getattr(rule.drive, name) - 1}
    return replace(rule, drive=replace(rule.drive, **parts))


def _too_late(day: Day) -> Day:
    job = day.job
    return day.but_job(job, windows=(Window(earliest_s=0, latest_s=day.start_of(job) - 1),))


def _bound(day: Day, order: Order) -> Day:
    """Return the day with a relation of the jobs of a route, as the other way round."""
    route = day.plan.routes[day.shift]
    visits = tuple(v for v in reversed(route.visits) if v.kind is JOB)
    return day.but(relations=(Relation(order=order, shift=route.shift, visits=visits),))


def _astray(day: Day) -> Day:
    job = day.job
    other = (job // 3 + 1) % SHIFTS
    bond = Relation(order=Order.ANY, shift=other, visits=(job_visit(job),))
    return day.but(relations=(bond,))


def _longer_rest(rule: BreakRule) -> BreakRule:
    step = rule.steps[0]
    return replace(rule, steps=(replace(step, break_s=step.break_s + 1),))


def _dearer(day: Day) -> Day:
    lines = list(day.plan.cost_lines)
    at = day.dice.randrange(len(lines))
    lines[at] = CostLine(code=lines[at].code, amount_ueur=lines[at].amount_ueur + 1)
    return replace(day, plan=replace(day.plan, cost_lines=tuple(lines)))


def _smaller(day: Day) -> Day:
    number = day.shift
    return day.but_shift(number, capacities=(day.problem.shifts[number].capacities[0] - 1,))


def _not_theirs(day: Day) -> Day:
    job = day.job
    return day.but_job(job, shifts=frozenset(range(SHIFTS)) - {job // 3})


def _at_odds(day: Day) -> Day:
    job = day.job
    return day.but(conflicts=((job, job // 3 * 3 + (job + 1) % 3),))


MUTATIONS: dict[str, list[Callable[[Day], Day]]] = {
    "V102": [lambda d: replace(d, plan=replace(d.plan, unassigned=(9, 9)))],
    "V103": [lambda d: d.but(jobs=(*d.problem.jobs, a_job(loads=(0,))))],
    "V201": [_too_late],
    "V202": [lambda d: d.but_stop(JOB, lambda s: {"departure_s": s.departure_s - 1})],
    "V204": [lambda d: d.but_stop(JOB, lambda s: {"arrival_s": s.arrival_s - 1})],
    "V301": [lambda d: d.less("start_s", by=-1)],
    "V302": [lambda d: d.less("end_s")],
    "V304": [lambda d: d.less("max_span_s")],
    "V305": [lambda d: d.less("max_stops")],
    "V306": [lambda d: d.less("max_drive_s")],
    "V307": [lambda d: d.less("max_distance_m")],
    "V401": [_smaller],
    "V402": [lambda d: d.but_stop(d.kind, lambda s: {"loads": (s.loads[0] + 1,)})],
    "V403": [lambda d: d.less("range_m")],
    "V501": [lambda d: d.but_job(d.job, skills=frozenset({4}))],
    "V502": [lambda d: d.but_job(j := d.job, persons=d.problem.jobs[j].persons + 1)],
    "V503": [_not_theirs],
    "V504": [_at_odds],
    "V505": [lambda d: _bound(d, Order.SEQUENCE), lambda d: _bound(d, Order.STRICT), _astray],
    "V701": [lambda d: d.but_rule(_longer_rest)],
    "V702": [lambda d: d.but_rule(lambda r: replace(r, max_stretch_s=r.max_stretch_s - 1))],
    "V704": [lambda d: d.but_rule(lambda r: replace(r, not_before_s=r.not_before_s + 1))],
    "V705": [lambda d: d.but_rule(lambda r: _drive(r, "max_stretch_s"))],
    "V706": [lambda d: d.but_rule(lambda r: _drive(r, "max_drive_s"))],
    "V707": [lambda d: d.but_shift(d.shift, rest_places=frozenset())],
    "V801": [_dearer],
}
CASES = [(code, change) for code, changes in MUTATIONS.items() for change in changes]


@pytest.mark.parametrize("seed", SEEDS)
def test_a_limit_just_kept_is_kept(seed: int) -> None:
    """All limits at what the plan needs: the checker, which measured none of them, is silent."""
    day = a_tight_day(seed)
    assert check(day.problem, day.plan) == ()


@pytest.mark.parametrize(("code", "change"), CASES)
def test_one_change_is_one_fault(code: str, change: Callable[[Day], Day]) -> None:
    """Each change of one thing breaks exactly the rule that is about it, by one unit of it."""
    for seed in SEEDS:
        worse = change(a_tight_day(seed))
        found = check(worse.problem, worse.plan)
        assert {violation.code for violation in found} == {code}, seed
        expected = 2 if code == "V102" else 1
        assert {violation.amount for violation in found} == {expected}, seed
