"""EC 561/2006: 45 minutes after four and a half hours at the wheel, at most nine hours a day."""

from __future__ import annotations

from dispatch.planning.law import ARBZG, EC_561, BreakRule
from dispatch.planning.problem import Problem, Window
from tests.helpers.builders import a_job, a_problem, a_shift, line, solved, written

HOUR = 3600


def _at(second: int) -> tuple[Window, ...]:
    return (Window(earliest_s=second, latest_s=second),)


def _long_road(rule: BreakRule) -> Problem:
    """Return two jobs on a road of 20 km, 20 000 s of driving and less than 6 h of work."""
    return a_problem(
        jobs=[a_job(1), a_job(2)],
        shifts=[a_shift(end_location=2, end_s=10 * HOUR, break_rule=rule)],
        matrices=[line(0, 10_000, 20_000)],
    )


def test_long_driving_is_interrupted_by_three_quarters() -> None:
    """20 000 s at the wheel exceed 4.5 h: the break comes before the leg that would."""
    assert written(solved(_long_road(EC_561)).routes[0]) == [
        "start @0 0-0-0",
        "job 0 @1 10000-10000-10060",
        "break @1 10060-10060-12760",
        "job 1 @2 22760-22760-22820",
        "end @2 22820-22820-22820",
    ]


def test_a_vehicle_that_the_regulation_does_not_bind_drives_on() -> None:
    """The same day by ArbZG alone is home within six hours, so it needs no break."""
    assert written(solved(_long_road(ARBZG)).routes[0]) == [
        "start @0 0-0-0",
        "job 0 @1 10000-10000-10060",
        "job 1 @2 20060-20060-20120",
        "end @2 20120-20120-20120",
    ]


def _two_waits(first_s: int, second_s: int) -> Problem:
    """Return three legs of 6000 s with waits of these lengths at the two jobs between."""
    arrives_s = 6000 + first_s + 60 + 6000
    return a_problem(
        jobs=[a_job(1, windows=_at(6000 + first_s)), a_job(2, windows=_at(arrives_s + second_s))],
        shifts=[a_shift(end_location=3, end_s=8 * HOUR, break_rule=EC_561)],
        matrices=[line(0, 6000, 12_000, 18_000)],
    )


def test_a_quarter_and_then_a_half_hour_are_enough() -> None:
    """15 and 30 minutes in this order fill the two waits."""
    assert written(solved(_two_waits(900, 1800)).routes[0]) == [
        "start @0 0-0-0",
        "break @1 6000-6000-6900",
        "job 0 @1 6900-6900-6960",
        "break @2 12960-12960-14760",
        "job 1 @2 14760-14760-14820",
        "end @3 20820-20820-20820",
    ]


def test_a_half_hour_and_then_a_quarter_are_not() -> None:
    """The wait of a quarter is rest too, but half an hour more is due before the last leg."""
    assert written(solved(_two_waits(1800, 900)).routes[0]) == [
        "start @0 0-0-0",
        "break @1 6000-6000-7800",
        "job 0 @1 7800-7800-7860",
        "break @2 13860-13860-14760",
        "job 1 @2 14760-14760-14820",
        "break @2 14820-14820-16620",
        "end @3 22620-22620-22620",
    ]


def _far_end(rule: BreakRule) -> Problem:
    """Return jobs at 10 km and at 16.3 km: to the far one and back are 32 600 s, more than 9 h."""
    return a_problem(
        jobs=[a_job(1), a_job(2)],
        shifts=[a_shift(end_s=10 * HOUR + 45 * 60, break_rule=rule)],
        matrices=[line(0, 10_000, 16_300)],
    )


def test_nobody_drives_more_than_nine_hours_a_day() -> None:
    """The far job would take 200 s too much at the wheel, breaks or not."""
    plan = solved(_far_end(EC_561))
    assert plan.unassigned == (1,)
    assert written(plan.routes[0]) == [
        "start @0 0-0-0",
        "job 0 @1 10000-10000-10060",
        "break @1 10060-10060-12760",
        "end @0 22760-22760-22760",
    ]


def test_without_the_regulation_the_far_job_is_done() -> None:
    """By ArbZG the same work takes 9 h and 320 s and one break of 45 minutes."""
    plan = solved(_far_end(ARBZG))
    assert plan.unassigned == ()
    assert plan.routes[0].stops[-1].arrival_s == 32_600 + 120 + 45 * 60
